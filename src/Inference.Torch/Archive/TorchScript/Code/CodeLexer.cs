using System.Text;

namespace MlCluster.Inference.Archive.TorchScript.Code;

/// <summary>Splits TorchScript source the way libtorch does, as far as names, strings and comments go.</summary>
/// <remarks>
/// What libtorch takes for code must never look like a string or a comment here. So the rules for both follow its
/// lexer to the byte, and what it would read differently in another locale is refused.
/// </remarks>
internal sealed class CodeLexer
{
    private const string TypeComment = "# type:";
    private readonly string _source;
    private readonly string _what;
    private int _position;
    private int _line = 1;
    private bool _startsLine = true;

    public CodeLexer(byte[] source, string what)
    {
        _source = Encoding.Latin1.GetString(source);
        _what = what;
    }

    /// <summary>Gives the next token; <see cref="CodeTokenKind.End"/> at the end and ever after.</summary>
    /// <exception cref="ModelFormatException">
    /// A string has no end, or there is a character that no archive's code has.
    /// </exception>
    public CodeToken Next()
    {
        SkipBlanks();
        if (_position == _source.Length)
        {
            return new CodeToken(CodeTokenKind.End, string.Empty, _startsLine, _line, IsIndented: false);
        }

        var (startsLine, line, start) = (_startsLine, _line, _position);
        _startsLine = false;
        var (kind, text) = Read(start, _source[start]);
        return new CodeToken(kind, text, startsLine, line, start > 0 && _source[start - 1] != '\n');
    }

    private (CodeTokenKind Kind, string Text) Read(int start, char first)
    {
        if (IsNameStart(first))
        {
            SkipWhile(static c => IsNameStart(c) || char.IsAsciiDigit(c));
            return (CodeTokenKind.Identifier, _source[start.._position]);
        }

        if (char.IsAsciiDigit(first))
        {
            // A number may end with a dot, which would make a member of the name on the next line.
            SkipWhile(static c => IsNameStart(c) || char.IsAsciiDigit(c) || c == '.');
            return (CodeTokenKind.Other, "0");
        }

        if (first is '"' or '\'')
        {
            SkipString(first);
            return (CodeTokenKind.String, _source[start.._position]);
        }

        _position += string.CompareOrdinal(_source, start, "...", 0, 3) == 0 ? 3 : 1;
        return (first == '.' && _position == start + 1 ? CodeTokenKind.Dot : CodeTokenKind.Other, first.ToString());
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private void SkipBlanks()
    {
        for (; _position < _source.Length; _position++)
        {
            var c = _source[_position];
            if (c == '#')
            {
                SkipComment();
            }
            else if (c == '\n')
            {
                NewLine();
            }
            else if (c is (< ' ' and not '\t') or > '~')
            {
                throw new ModelFormatException(
                    $"{_what}, line {_line}: the code has a character that is not ASCII text");
            }
            else if (c is not (' ' or '\t' or '\\'))
            {
                return;
            }
        }
    }

    /// <summary>Stops before the end of the line; a type comment is code.</summary>
    private void SkipComment()
    {
        if (string.CompareOrdinal(_source, _position, TypeComment, 0, TypeComment.Length) == 0)
        {
            _position += TypeComment.Length - 1;
            return;
        }

        SkipWhile(static c => c != '\n');
        _position--;
    }

    private void SkipString(char quote)
    {
        var length = IsRepeated(quote, 3) ? 3 : 1;
        for (_position += length; !IsRepeated(quote, length); _position++)
        {
            if (_position >= _source.Length || (_source[_position] == '\n' && length == 1))
            {
                throw new ModelFormatException($"{_what}, line {_line}: a string has no end");
            }

            _position += _source[_position] == '\\' ? 1 : 0;
            _line += _position < _source.Length && _source[_position] == '\n' ? 1 : 0;
        }

        _position += length;
    }

    private bool IsRepeated(char quote, int count) =>
        _position + count <= _source.Length && _source.AsSpan(_position, count).IndexOfAnyExcept(quote) < 0;

    private void SkipWhile(Func<char, bool> isPart)
    {
        while (_position < _source.Length && isPart(_source[_position]))
        {
            _position++;
        }
    }

    private void NewLine()
    {
        _line++;
        _startsLine = true;
    }
}
