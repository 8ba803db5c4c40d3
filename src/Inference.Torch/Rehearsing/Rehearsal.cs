using MlCluster.Inference.Batching;
using MlCluster.Inference.Functions;

namespace MlCluster.Inference.Rehearsing;

/// <summary>Runs an unknown model over probe documents and finds out how its documents may share forwards.</summary>
/// <remarks>
/// The answer that counts is the one a document gets alone. From that, strictest rule first:
/// <list type="bullet">
/// <item>The same document again, in another order of calls or beside other threads, has another answer, or the code
/// writes to the module's attributes: <see cref="BatchingMode.Exclusive"/>. State makes every sharing wrong.</item>
/// <item>Documents of equal length together have other answers, fail, or come back with another number of rows: the
/// model looks at the other rows, or takes or gives one row only: <see cref="BatchingMode.OneByOne"/>.</item>
/// <item>Padded together they have other answers: the model does not honour the mask:
/// <see cref="BatchingMode.EqualLength"/>.</item>
/// <item>Otherwise <see cref="BatchingMode.Padded"/>.</item>
/// </list>
/// Both hold for small batches and for such as serving fills to its budget (<see cref="LargeProbes"/>).
/// </remarks>
internal sealed class Rehearsal
{
    private const int Threads = 4;
    private const int RoundsAThread = 6;

    private readonly IForwardModel _model;
    private readonly TimeProvider _time;
    private readonly ProbeText _text;
    private readonly RehearsalProbes _probes;
    private readonly int _padId;
    private readonly Dictionary<TokenRow, DocumentOutput> _alone = new(ReferenceEqualityComparer.Instance);
    private bool[] _perToken = [];
    private TimeSpan _longestAlone;

    private Rehearsal(IForwardModel model, ModelFunction function, TimeProvider time)
    {
        _model = model;
        _time = time;
        _text = ProbeText.For(function);
        _probes = RehearsalProbes.For(_text);
        _padId = function.Encoder.PadId;
    }

    /// <summary>Rehearses a loaded module.</summary>
    /// <param name="model">The module; stays the caller's.</param>
    /// <param name="function">What it is for; has its tokenizer.</param>
    /// <param name="writesState">What its code says, <see cref="StateWrites"/>.</param>
    /// <param name="time">Tells slow models, whose largest batches are smaller.</param>
    /// <exception cref="InferenceException">It fails on ordinary text alone.</exception>
    public static RehearsalReport Run(
        IForwardModel model, ModelFunction function, bool writesState, TimeProvider time)
    {
        var rehearsal = new Rehearsal(model, function, time);
        rehearsal.RunAlone();
        var outputs = rehearsal.DescribeOutputs();
        rehearsal._perToken = [.. outputs.Select(output => output.PerToken)];
        var large = LargeProbes.For(rehearsal._text, rehearsal._longestAlone);
        return new RehearsalReport(rehearsal.Decide(writesState, large), outputs) { TriedTokens = large.Tokens };
    }

    private BatchingMode Decide(bool writesState, LargeProbes large)
    {
        if (writesState || !SameAgain() || !SameBesideOthers())
        {
            return BatchingMode.Exclusive;
        }

        if (!_probes.EqualLengths.All(SameTogether) || !large.EqualLengths.All(SameInOrder))
        {
            return BatchingMode.OneByOne;
        }

        return _probes.UnlikeLengths.All(SameTogether) && SameInOrder(large.Padded)
            ? BatchingMode.Padded
            : BatchingMode.EqualLength;
    }

    private void RunAlone()
    {
        var last = 0;
        foreach (var document in _probes.Alone)
        {
            var started = _time.GetTimestamp();
            try
            {
                _alone[document] = Alone(document);
                _longestAlone = _time.GetElapsedTime(started);
            }
            catch (InferenceException cause) when (last > 0)
            {
                throw new InferenceException(
                    $"the model fails on a text of {document.Length} tokens (it took {last}), and its tokenizer lets "
                    + $"through up to {_probes.Alone[^1].Length}; set model_max_length (huggingface_transformers) or "
                    + $"the truncation in tokenizer.json to what the model takes: {cause.Message}",
                    cause);
            }

            last = document.Length;
        }
    }

    /// <summary>All in the opposite order, then each twice in a row; the longest, which may take long, once.</summary>
    private bool SameAgain() => _probes.Alone.Reverse()
        .Concat(_probes.Alone.SkipLast(1).SelectMany(document => new[] { document, document }))
        .All(document => AnswerComparison.Same(_alone[document], Alone(document)));

    /// <summary>Forwards on several threads at once: catches what the code hides of its state.</summary>
    private bool SameBesideOthers()
    {
        var same = true;
        var documents = _probes.Alone.Take(Threads).ToArray();
        var threads = documents.Select(document => new Thread(() =>
        {
            for (var round = 0; round < RoundsAThread && Volatile.Read(ref same); round++)
            {
                if (!SameAsAlone([document]))
                {
                    Volatile.Write(ref same, false);
                }
            }
        })).ToArray();

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return same;
    }

    private bool SameTogether(TokenRow[] documents) =>
        SameInOrder(documents) && SameAsAlone([.. documents.Reverse()]);

    private bool SameInOrder(TokenRow[] documents)
    {
        foreach (var document in documents)
        {
            if (!_alone.ContainsKey(document))
            {
                _alone[document] = Alone(document);
            }
        }

        return SameAsAlone(documents);
    }

    private bool SameAsAlone(TokenRow[] documents)
    {
        try
        {
            var batch = BatchLayout.Pack(documents, _padId);
            var outputs = Forward(batch);
            return documents.Index().All(row => AnswerComparison.Same(
                _alone[row.Item], OutputSlicer.Slice(outputs, batch, row.Index, _perToken, OutputFilter.All)));
        }
        catch (Exception)
        {
            // It runs alone and not like this: whatever it is, a finding and not an error.
            return false;
        }
    }

    private DocumentOutput Alone(TokenRow document)
    {
        var batch = BatchLayout.Pack([document], _padId);
        return OutputSlicer.Slice(Forward(batch), batch, 0, _perToken, OutputFilter.All);
    }

    private IReadOnlyList<BatchOutput> Forward(TokenBatch batch) => _model.Forward(batch, (_, _) => true);

    private List<OutputInfo> DescribeOutputs()
    {
        var answers = _probes.Alone.Select(document => _alone[document].Tensors).ToList();
        var kinds = answers.Select(tensors => string.Join(", ", tensors.Select(Kind))).Distinct().ToList();
        if (kinds is not [{ Length: > 0 }])
        {
            throw new InferenceException(kinds.Count > 1
                ? $"the model gives other outputs for other texts: {string.Join("; ", kinds)}"
                : "the model gives no tensor");
        }

        return [.. answers[^1].Select((_, position) => Describe(position))];
    }

    private OutputInfo Describe(int position)
    {
        var perToken = _probes.Alone.All(document =>
            _alone[document].Tensors[position].Shape is [var first, ..] && first == document.Length);
        var longest = _probes.Alone[^1];
        var tensor = _alone[longest].Tensors[position];
        var units = perToken ? longest.Length : 1;
        return new OutputInfo(tensor.Name, tensor.DataType, perToken, tensor.Data.Length / units);
    }

    private static string Kind(OutputTensor tensor) => $"{tensor.Name ?? "(nameless)"} {tensor.DataType}";
}
