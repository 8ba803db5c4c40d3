using MlCluster.Inference.Archive.TorchScript.Code;

namespace MlCluster.Inference.Rehearsing.Effects;

/// <summary>Adds what one statement does to its method.</summary>
internal sealed class StatementReader
{
    private readonly List<CodeToken> _line;
    private readonly ScriptMethod _method;
    private readonly ExpressionReader _reader;

    private StatementReader(List<CodeToken> line, ScriptMethod method)
    {
        _line = line;
        _method = method;
        _reader = new ExpressionReader(line, position: 0);
    }

    /// <summary>Reads a statement; one that begins a block may have more behind its colon.</summary>
    /// <exception cref="UnreadableCodeException">No compiler writes it so.</exception>
    public static void Read(List<CodeToken> line, ScriptMethod method) => new StatementReader(line, method).Read();

    private void Read()
    {
        switch (_reader.Next)
        {
            case "return":
                _reader.Skip();
                _method.Returns.Add(Compute(_reader.ReadList()));
                break;
            case "for":
                ReadFor();
                break;
            case "with":
                ReadWith();
                break;
            case "del":
                _reader.Skip();
                _reader.ReadList().ForEach(target => Assign(target, new LiteralExpression(string.Empty)));
                break;
            case "if" or "elif" or "else" or "while" or "assert" or "raise" or "pass" or "break" or "continue":
                _reader.Skip();
                _ = Compute(_reader.ReadList());
                ReadBlock();
                break;
            default:
                ReadAssignment();
                break;
        }
    }

    private void ReadFor()
    {
        var names = _line.Skip(1).TakeWhile(token => token.Text != "in").ToList();
        var reader = new ExpressionReader(_line, names.Count + 2);
        var items = new ElementExpression(Compute(reader.ReadList()), []);
        foreach (var name in names.Where(token => token.Kind == CodeTokenKind.Identifier))
        {
            _method.Assignments.Add(new ScriptAssignment(name.Text, items));
        }

        UnreadableCodeException.ThrowIf(reader.Next != ":" || _line[^1].Text != ":");
    }

    private void ReadWith()
    {
        _reader.Skip();
        var context = Compute(_reader.ReadList());
        if (_reader.Next == "as")
        {
            _reader.Skip();
            Assign(_reader.Read(), context);
        }

        ReadBlock();
    }

    // "if a: return b" on one line.
    private void ReadBlock()
    {
        if (_reader.Next != ":")
        {
            return;
        }

        _reader.Skip();
        if (!_reader.AtEnd)
        {
            Read();
        }
    }

    private void ReadAssignment()
    {
        var targets = new List<List<CodeExpression>> { _reader.ReadList() };
        var isUpdate = false;
        while (!_reader.AtEnd)
        {
            UnreadableCodeException.ThrowIf(_reader.Next is not ("=" or ":"));
            isUpdate |= _reader.Next == "=" && _reader.Before is "+" or "-" or "*" or "/" or "%" or "&" or "|" or "^"
                or "@" or "<" or ">";
            var isType = _reader.Next == ":";
            _reader.Skip();
            if (isType)
            {
                _ = _reader.ReadList();
            }
            else
            {
                targets.Add(_reader.ReadList());
            }
        }

        var value = Compute(targets[^1]);
        if (isUpdate)
        {
            _method.Stores.Add(new ScriptStore(Together(targets[0]), value, IsUpdate: true));
            return;
        }

        targets.SkipLast(1).ToList().ForEach(target => Assign(target, value));
    }

    private void Assign(List<CodeExpression> targets, CodeExpression value)
    {
        if (targets.Count == 1)
        {
            Assign(targets[0], value);
            return;
        }

        var parts = value is CollectionExpression { Items: var items } && items.Count == targets.Count ? items : null;
        foreach (var (place, target) in targets.Index())
        {
            Assign(target, parts?[place] ?? new ElementExpression(value, []));
        }
    }

    private void Assign(CodeExpression target, CodeExpression value)
    {
        switch (target)
        {
            case NameExpression name:
                _method.Assignments.Add(new ScriptAssignment(name.Name, value));
                break;
            case MemberExpression member:
                _method.Stores.Add(new ScriptStore(member.Owner, value));
                break;
            case ElementExpression element:
                _method.Stores.Add(new ScriptStore(element.Owner, value));
                _ = Compute([.. element.Places]);
                break;
            case CollectionExpression collection:
                Assign([.. collection.Items], value);
                break;
            default:
                throw new UnreadableCodeException();
        }
    }

    private CodeExpression Compute(List<CodeExpression> values)
    {
        var value = Together(values);
        _method.Expressions.Add(value);
        return value;
    }

    private static CodeExpression Together(List<CodeExpression> values) =>
        values.Count == 1 ? values[0] : new CollectionExpression(values);
}
