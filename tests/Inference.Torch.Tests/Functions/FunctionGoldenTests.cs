using System.Runtime.InteropServices;
using System.Text.Json;
using MlCluster.Inference.Archive;
using MlCluster.Inference.Tests.Batching;
using UnpackedFiles = MlCluster.Inference.Archive.UnpackedArchive;

namespace MlCluster.Inference.Tests.Functions;

/// <summary>Real archives of every function: rehearsed, loaded, asked for answers that the references gave.</summary>
public sealed class FunctionGoldenTests : IDisposable
{
    private const float Tolerance = 1e-4f;

    private static readonly ServingOptions Options = new(
        Workers: 2, MaxTokensPerForward: 1024, MaxQueuedTokens: 1_000_000, TimeSpan.FromSeconds(60));

    private readonly TorchModelRuntime _runtime = new(TorchRuntime.Start(), TimeProvider.System);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlcluster-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public async Task TextSimilarity_MeetsEveryGoldenScoreAloneAndTogether()
    {
        await using var model = Load(FunctionKind.TextSimilarity, "models", "tiny-cross-encoder_torchscript.zip");
        Assert.Equal(BatchingMode.Padded, model.Batching);
        foreach (var line in Lines("TEXT_SIMILARITY"))
        {
            var (query, texts) = (Text(line, "query_text"), Texts(line, "text_docs"));
            var golden = line.GetProperty("similarity").EnumerateArray().Select(v => v.GetSingle()).ToList();

            var together = await Predict(model, new PredictionInput(texts) { Query = query });

            foreach (var (text, score, document) in texts.Zip(golden, together.Documents))
            {
                AssertScore(score, document, text);
                var alone = await Predict(model, new PredictionInput([text]) { Query = query });
                AssertScore(score, alone.Documents[0], text);
            }
        }
    }

    [SkippableFact]
    public async Task SparseEncoding_MeetsEveryGoldenWeight()
    {
        await using var model = Load(FunctionKind.SparseEncoding, "models", "tiny-sparse-encoder_torchscript.zip");
        var lines = Lines("SPARSE_ENCODING").ToList();
        var result = await Predict(model, new PredictionInput([.. lines.Select(line => Text(line, "text"))]));

        foreach (var (line, document) in lines.Zip(result.Documents))
        {
            AssertWeights(
                line.GetProperty("weights").EnumerateObject().ToDictionary(e => e.Name, e => e.Value.GetSingle()),
                document,
                "output");
        }
    }

    [SkippableFact]
    public async Task SparseEncoding_Demo_GivesTheKnownWeightsByWordAndById()
    {
        await using var model = Load(
            FunctionKind.SparseEncoding, "fixtures", "ml-commons", "sparse_demo.zip");

        var words = await Predict(model, new PredictionInput(["today is sunny"]));
        var ids = await Predict(
            model, new PredictionInput(["today is sunny"]) { Format = SparseFormat.TokenId });

        AssertWeights(
            new() { ["today"] = 0.08685538f, ["is"] = 0.0656248f, ["sunny"] = 0.37871045f },
            words.Documents[0],
            "output");
        Assert.Equal(["101", "102", "2003", "2651", "11559"], Weights(ids.Documents[0]).Tokens);
    }

    [SkippableFact]
    public async Task SparseTokenize_WithAndWithoutIdf_WeighsItsOwnTokens()
    {
        await using var plain = Load(
            FunctionKind.SparseTokenize, "fixtures", "ml-commons", "tokenize-demo.zip");
        await using var weighed = Load(
            FunctionKind.SparseTokenize, "fixtures", "ml-commons", "bert-uncased.zip");
        var idf = Idf();

        var ones = await Predict(plain, new PredictionInput(["today is sunny today"]));
        var weights = await Predict(weighed, new PredictionInput(["today is sunny today"]));

        string[] tokens = ["today", "is", "sunny"];
        AssertWeights(tokens.ToDictionary(t => t, _ => 1f), ones.Documents[0], name: null);
        AssertWeights(tokens.ToDictionary(t => t, t => idf[t]), weights.Documents[0], name: null);
        Assert.NotEqual(1f, idf["sunny"]);
    }

    [SkippableFact]
    public async Task QuestionAnswering_MeetsEveryGoldenAnswerAloneAndMixed()
    {
        await using var model = Load(
            FunctionKind.QuestionAnswering, "models", "tiny-question-answering_torchscript.zip");

        var answers = await Task.WhenAll(Lines("QUESTION_ANSWERING").Select(async line => (
            Expected: Text(line, "answer"),
            Result: await Predict(
                model, new PredictionInput([Text(line, "context")]) { Query = Text(line, "question") }))));

        Assert.Equal(20, answers.Length);
        Assert.All(answers, answer => Assert.Equal(
            new AnswerText(answer.Expected), Assert.Single(answer.Result.Documents[0].Tensors).Content));
    }

    [SkippableFact]
    public async Task SentenceHighlighting_Fixture_NamesTheFirstTwoSentencesOfEachWindow()
    {
        const string First = "The quick 🦊 jumps.";
        const string Second = "Dr. Smith watches it!";
        const string Third = "Nothing else happens.";
        await using var model = Load(
            FunctionKind.SentenceHighlighting, "fixtures", "ml-commons", "sentence_highlighting_qa_model_pt.zip");

        var result = await Predict(
            model, new PredictionInput([$"{First} {Second} {Third}"]) { Query = "what happens" });

        var start = First.Length + 1;
        Assert.Equal(
            [
                new HighlightedSentence(First, 0, 0, First.Length),
                new HighlightedSentence(Second, 1, start, start + Second.Length),
            ],
            Highlights(result));
    }

    [SkippableFact]
    public async Task SentenceHighlighting_LongContext_IsLookedAtInWindows()
    {
        var windows = new WindowConfig(MaxTokens: 32, Stride: 8);
        string[] sentences = [.. Enumerable.Range(0, 30).Select(i => $"Sentence number {i} is about a green apple.")];
        var input = new PredictionInput([string.Join(' ', sentences)]) { Query = "what is it about" };
        await using var whole = Load(
            FunctionKind.SentenceHighlighting, windows,
            "fixtures", "ml-commons", "sentence_highlighting_qa_model_pt.zip");
        await using var first = Load(
            FunctionKind.SentenceHighlighting, windows with { All = false },
            "fixtures", "ml-commons", "sentence_highlighting_qa_model_pt.zip");

        var all = Highlights(await Predict(whole, input));
        var firstAlone = Highlights(await Predict(first, input));

        Assert.Equal([0, 1], firstAlone.Select(h => h.Position));
        Assert.True(all.Count > 20, $"{all.Count} of 30 sentences");
        Assert.Equal(all.Select(h => h.Position).Distinct().Order(), all.Select(h => h.Position));
        Assert.All(all, h => Assert.Equal(sentences[h.Position], h.Text));
    }

    [SkippableFact]
    public async Task SentenceHighlighting_QuestionAsLongAsAWindow_IsTheCallersMistake()
    {
        await using var model = Load(
            FunctionKind.SentenceHighlighting, new WindowConfig(32, 8),
            "fixtures", "ml-commons", "sentence_highlighting_qa_model_pt.zip");

        var error = await Assert.ThrowsAsync<RequestRefusedException>(() => Predict(
            model, new PredictionInput(["One."]) { Query = string.Join(' ', Enumerable.Repeat("why", 40)) }));

        Assert.Contains("40 tokens", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task ModelMaxLength_CutsTextsOfHuggingfaceTypes()
    {
        var text = string.Join(' ', Enumerable.Repeat("sunny", 100));
        var files = Unpack("models", "tiny-embedding_torchscript_huggingface.zip");
        var config = new FunctionConfig(FrameworkType.HuggingfaceTransformers);

        await using var usual = Load(files, config);
        await using var brief = Load(files, config with { ModelMaxLength = 16 });

        Assert.Equal(102, (await Predict(usual, new PredictionInput([text]))).Tokens);
        Assert.Equal(16, (await Predict(brief, new PredictionInput([text]))).Tokens);
    }

    [SkippableFact]
    public async Task Prefixes_GoBeforeTheTextsOfTheirRole()
    {
        var files = Unpack("models", "tiny-embedding_torchscript_huggingface.zip");
        var plain = new FunctionConfig(FrameworkType.HuggingfaceTransformers);
        await using var symmetric = Load(files, plain);
        await using var asymmetric = Load(files, plain with { QueryPrefix = "query: ", PassagePrefix = "passage: " });

        (TextRole, string)[] roles = [(TextRole.Query, "query: "), (TextRole.Passage, "passage: ")];
        foreach (var (role, prefix) in roles)
        {
            var expected = await Predict(symmetric, new PredictionInput([prefix + "it rains"]));
            var actual = await Predict(asymmetric, new PredictionInput(["it rains"]) { Role = role });

            Assert.Equal(Floats(expected.Documents[0]), Floats(actual.Documents[0]));
        }

        var missing = await Assert.ThrowsAsync<RequestRefusedException>(
            () => Predict(asymmetric, new PredictionInput(["it rains"])));
        var needless = await Assert.ThrowsAsync<RequestRefusedException>(
            () => Predict(symmetric, new PredictionInput(["it rains"]) { Role = TextRole.Query }));
        Assert.StartsWith("The embedding model chosen is asymmetric.", missing.Message, StringComparison.Ordinal);
        Assert.StartsWith("When passing AsymmetricTextEmbeddingParameters", needless.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Rehearse_ModelThatTakesOtherTensors_SaysWhatTheFunctionNeeds()
    {
        var files = Unpack("models", "tiny-question-answering_torchscript.zip");

        var error = Assert.Throws<ModelFormatException>(() => _runtime.Rehearse(
            new ModelPackage(files.ModelFile, files.TokenizerFile, Config(FunctionKind.TextSimilarity))));

        Assert.Contains("input_ids, attention_mask and token_type_ids", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Rehearse_NoModelWhereOneIsNeeded_SaysSo()
    {
        var files = Unpack("fixtures", "ml-commons", "tokenize-demo.zip");

        var error = Assert.Throws<ModelFormatException>(() => _runtime.Rehearse(
            new ModelPackage(files.ModelFile, files.TokenizerFile, Config(FunctionKind.SparseEncoding))));

        Assert.StartsWith("Can't find model file", error.Message, StringComparison.Ordinal);
    }

    private static void AssertScore(float expected, DocumentOutput document, string text)
    {
        var tensor = Assert.Single(document.Tensors);
        Assert.Equal(("similarity", TensorType.Float32), (tensor.Name, tensor.DataType));
        Assert.Equal([1], tensor.Shape);
        Assert.True(Math.Abs(expected - Floats(document)[0]) <= Tolerance, $"{Floats(document)[0]} for '{text}'");
    }

    private static void AssertWeights(Dictionary<string, float> expected, DocumentOutput document, string? name)
    {
        Assert.Equal(name, Assert.Single(document.Tensors).Name);
        var weights = Weights(document);
        var actual = weights.Tokens.Zip(weights.Weights).ToDictionary(w => w.First, w => w.Second);

        // A weight next to nothing is nothing on another processor, and its token is not told.
        Assert.All(
            expected.Keys.Union(actual.Keys),
            token => Assert.Equal(expected.GetValueOrDefault(token), actual.GetValueOrDefault(token), Tolerance));
    }

    private static TokenWeights Weights(DocumentOutput document) =>
        Assert.IsType<TokenWeights>(Assert.Single(document.Tensors).Content);

    private static IReadOnlyList<HighlightedSentence> Highlights(PredictionResult result) =>
        Assert.IsType<HighlightedSentences>(Assert.Single(Assert.Single(result.Documents).Tensors).Content).Sentences;

    private static float[] Floats(DocumentOutput document) =>
        MemoryMarshal.Cast<byte, float>(Assert.Single(document.Tensors).Data.Span).ToArray();

    private static Task<PredictionResult> Predict(IServedModel model, PredictionInput input) =>
        model.PredictAsync(input, OutputFilter.All, CancellationToken.None).Within("answering");

    private static FunctionConfig Config(FunctionKind function) =>
        new(FrameworkType.HuggingfaceTransformers) { Function = function };

    private static Dictionary<string, float> Idf()
    {
        using var zip = System.IO.Compression.ZipFile.OpenRead(
            TestData.Shared("fixtures", "ml-commons", "bert-uncased.zip"));
        using var file = zip.GetEntry("idf.json")!.Open();
        return JsonSerializer.Deserialize<Dictionary<string, float>>(file)!;
    }

    private static IEnumerable<JsonElement> Lines(string function) =>
        File.ReadLines(TestData.Shared("models", "golden-functions.jsonl"))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .Where(line => line.GetProperty("function").ValueEquals(function));

    private static string Text(JsonElement line, string name) => line.GetProperty(name).GetString()!;

    private static string[] Texts(JsonElement line, string name) =>
        [.. line.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

    private UnpackedFiles Unpack(params string[] archive) => ModelArchive.Unpack(
        TestData.Shared(archive),
        Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N")),
        ArchiveLimits.Default,
        CancellationToken.None,
        ArchiveNeeds.Anything);

    private IServedModel Load(FunctionKind function, params string[] archive) =>
        Load(Unpack(archive), Config(function));

    private IServedModel Load(FunctionKind function, WindowConfig windows, params string[] archive) =>
        Load(Unpack(archive), Config(function) with { Windows = windows });

    private IServedModel Load(UnpackedFiles files, FunctionConfig config)
    {
        var package = new ModelPackage(files.ModelFile, files.TokenizerFile, config);
        return _runtime.Load(package, _runtime.Rehearse(package), _runtime.Devices[^1], Options);
    }
}
