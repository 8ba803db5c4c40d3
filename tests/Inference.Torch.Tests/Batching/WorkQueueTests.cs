using CsCheck;
using MlCluster.Inference.Batching;
using MlCluster.Inference.Functions;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Tests.Batching;

/// <summary>What workers take and in which order; the test plays the workers.</summary>
public sealed class WorkQueueTests
{
    private const int Small = 3;

    private static readonly ServingOptions Options = new(
        Workers: 2, MaxTokensPerForward: 1024, MaxQueuedTokens: 10_000_000, TimeSpan.FromSeconds(30));

    private static readonly TextEmbeddingFunction Function = new(new FakeEncoder(maxLength: 512));

    [Fact]
    public void Next_SmallCallBehindABigOneThatIsTokenised_IsInOneOfTheNextTwoForwards() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 60], Gen.Bool.Array[200]).Sample((workers, before, ends) =>
        {
            var crew = new Crew(workers);
            AddBig(crew.Queue, LongTexts(400));
            crew.Steps(before, ends);

            crew.Queue.Add(Tokenised("abc"));
            var taken = crew.StepsUntil(IsSmall, ends);

            Assert.InRange(taken.Count(work => work is ForwardWork), 1, 2);
            Assert.InRange(taken.Count(work => work is EncodeWork), 0, 2);
        });

    [Fact]
    public void Next_SmallCallsWithoutEnd_ABigOneIsTokenisedBesideThem()
    {
        var crew = new Crew(workers: 1);
        AddBig(crew.Queue, LongTexts(10));
        var texts = 0;

        for (var step = 0; step < 30; step++)
        {
            crew.Queue.Add(Tokenised("abc"));
            texts += crew.Step(end: true) is EncodeWork ? 1 : 0;
        }

        Assert.Equal(10, texts);
    }

    [Fact]
    public void Next_BigCallAlone_IsTokenisedAheadOfItsForwards()
    {
        var crew = new Crew(workers: 1);
        AddBig(crew.Queue, LongTexts(400));

        var taken = crew.StepsUntil(work => work is ForwardWork, [true]);

        // 16 texts of 512 tokens are eight forwards.
        Assert.Equal(16, taken.Count(work => work is EncodeWork));
    }

    [Fact]
    public void Next_SmallCallsBesideABigOne_ItsGroupsAreOfLikeLengthStill()
    {
        var (alone, _) = ForwardsOfMixedTexts(smallCalls: 0);

        var (beside, smallAnswered) = ForwardsOfMixedTexts(smallCalls: 200);

        Assert.Equal(200, smallAnswered);
        Assert.InRange(beside, 1, alone * 11 / 10);
    }

    /// <summary>Runs a big call of short and long texts, and a small call after each of the first steps.</summary>
    /// <returns>Forwards that the big call had its turn in, and small calls that were run.</returns>
    private static (int Forwards, int Small) ForwardsOfMixedTexts(int smallCalls)
    {
        var random = new Random(Seed: 7);
        var crew = new Crew(workers: 1);
        AddBig(crew.Queue, [.. Enumerable.Range(0, 2_000).Select(_ => new string('x', random.Next(5, 120)))]);
        var (forwards, small) = (0, 0);
        for (var step = 0; !crew.Queue.IsIdle; step++)
        {
            if (step < smallCalls)
            {
                crew.Queue.Add(Tokenised("abc"));
            }

            if (crew.Step(end: true) is ForwardWork work)
            {
                small += work.Documents.Count(document => document.Length == Small);
                forwards += work.Documents[0].Length > Small ? 1 : 0;
            }
        }

        return (forwards, small);
    }

    private static bool IsSmall(WorkItem work) =>
        work is ForwardWork forward && forward.Documents.Any(document => document.Length == Small);

    private static string[] LongTexts(int count) =>
        [.. Enumerable.Repeat(new string('x', EncodePlanner.WorkerCharacters), count)];

    private static void AddBig(WorkQueue queue, string[] texts) => queue.Add(EncodePlanner.Split(Request(texts)));

    private static PredictionRequest Tokenised(string text)
    {
        var request = Request(text);
        request.Tokenize(0, TextDeadline.None);
        return request;
    }

    private static PredictionRequest Request(params string[] texts) =>
        new(Function, new PredictionInput(texts), OutputFilter.All, TimeProvider.System);

    /// <summary>Workers that take something, and end it when the test says so.</summary>
    private sealed class Crew(int workers)
    {
        private readonly Queue<WorkItem> _busy = new();

        public WorkQueue Queue { get; } = new(BatchingMode.Padded, Options with { Workers = workers }, workers);

        /// <summary>One worker takes the next thing.</summary>
        /// <param name="end">True: all that was taken has ended then; else what leaves no worker free.</param>
        public WorkItem Step(bool end)
        {
            var work = Queue.Next()!;
            _busy.Enqueue(work);
            while (_busy.Count == workers || (end && _busy.Count > 0))
            {
                End(_busy.Dequeue());
            }

            return work;
        }

        public void Steps(int count, bool[] ends)
        {
            for (var step = 0; step < count; step++)
            {
                Step(ends[step % ends.Length]);
            }
        }

        /// <summary>Steps up to the one that takes what is looked for.</summary>
        public List<WorkItem> StepsUntil(Func<WorkItem, bool> isIt, bool[] ends)
        {
            var taken = new List<WorkItem>();
            do
            {
                taken.Add(Step(ends[taken.Count % ends.Length]));
            }
            while (!isIt(taken[^1]));
            return taken;
        }

        private void End(WorkItem work)
        {
            if (work is EncodeWork texts)
            {
                for (var i = texts.Start; i < texts.Start + texts.Count; i++)
                {
                    texts.Request.Tokenize(i, TextDeadline.None);
                }

                Queue.Encoded(texts);
            }
            else if (work is ForwardWork forward)
            {
                Queue.Finished(forward);
            }
        }
    }
}
