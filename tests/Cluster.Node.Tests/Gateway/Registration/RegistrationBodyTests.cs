using System.Text;
using MlCluster.Inference;
using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Registration;
using MlCluster.Node.Ml;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Gateway.Registration;

public sealed class RegistrationBodyTests
{
    private const string Config =
        """{"model_type":"bert","embedding_dimension":384,"framework_type":"sentence_transformers"}""";
    private static readonly string Hash = new('A', 64);

    [Fact]
    public void Parse_SeedPagesBody_IsReadWithItsTrailingComma()
    {
        var spec = Parse(Support.Samples.SeedUpload).CheckForUrl(static _ => null).ToSpec(Support.Samples.Membership);

        Assert.Equal(Support.Samples.Spec with { ModelGroupId = Support.Samples.Group.Value }, spec);
    }

    [Fact]
    public void Parse_DeploySettingAndInterface_AreOfTheModel()
    {
        var body = Support.Samples.SeedUpload.TrimEnd().TrimEnd('}') + """
            ,"deploy_setting":{"model_ttl_minutes":30},"interface":{"input":"{ }","output":{"a":[1, ]}}}
            """;

        var spec = Parse(body).CheckForUrl(static _ => null).ToSpec(Support.Samples.Membership);

        Assert.Equal(new DeploySetting(null, 30), spec.DeploySetting);
        Assert.Equal(new ModelInterface("{ }", """{"a":[1]}"""), spec.Interface);
        Assert.Null(Parse("""{"interface":{"other":1}}""").Interface);
    }

    [Fact]
    public void Parse_ConfigBeforeFunctionName_IsReadAllTheSame()
    {
        var spec = Parse(
            $$"""
            {"model_config":{{Config}},"name":"a","version":1,"model_format":"torch_script","url":"u",
             "function_name":"text_embedding","model_group_id":""}
            """)
            .CheckForUrl(static _ => null).ToSpec(Support.Samples.Membership);

        Assert.Equal(
            ("1", "TEXT_EMBEDDING", "TORCH_SCRIPT", Support.Samples.Group.Value),
            (spec.Version, spec.FunctionName, spec.ModelFormat, spec.ModelGroupId));
    }

    [Theory]
    [InlineData(
        "name",
        "action_request_validation_exception",
        "Validation Failed: 1: Model name is required and cannot be null or blank;")]
    [InlineData("model_format", "illegal_argument_exception", "model format is null")]
    [InlineData("model_config", "illegal_argument_exception", "model config is null")]
    [InlineData("url", "illegal_argument_exception", "model version is null")]
    public void CheckForUrl_FieldMissing_IsNamed(string field, string type, string reason)
    {
        var e = Assert.Throws<ApiException>(() => Parse(Without(field)).CheckForUrl(static _ => null));

        Assert.Equal(type, e.Error.Type);
        Assert.StartsWith(reason, e.Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckForUrl_NameVersionAndFormatAlone_AreEnoughForAPretrainedModel()
    {
        var body = Parse("""{"name":"a/b","version":"1.0.1","model_format":"onnx","model_group_id":"g"}""");

        var spec = body.CheckForUrl(static _ => "no URL may be fetched").ToSpec(Support.Samples.Membership);

        Assert.Null(body.Url);
        Assert.Equal(("a/b", "1.0.1", "ONNX"), (spec.Name, spec.Version, spec.ModelFormat));
        Assert.Equal("g", body.ModelGroupId);
    }

    [Theory]
    [InlineData("name", "model name is null")]
    [InlineData("model_format", "model format is null")]
    [InlineData("model_config", "model config is null")]
    [InlineData("model_content_hash_value", "model content hash value is null")]
    [InlineData("total_chunks", "total chunks field is null")]
    public void CheckForChunks_FieldMissing_IsNamed(string field, string reason)
    {
        var e = Assert.Throws<ApiException>(() => Parse(Without(field)).CheckForChunks());

        Assert.Equal(("illegal_argument_exception", reason), (e.Error.Type, e.Error.Reason));
    }

    [Theory]
    [InlineData("\"function_name\":\"nope\"", "Wrong function name")]
    [InlineData(
        "\"function_name\":\"kmeans\"",
        "function name KMEANS is not served: this version serves TEXT_EMBEDDING, TEXT_SIMILARITY, SPARSE_ENCODING, "
        + "SPARSE_TOKENIZE, QUESTION_ANSWERING only")]
    [InlineData("\"model_format\":\"zip\"", "Wrong model format")]
    [InlineData("\"model_content_hash_value\":\"abc\"", "model_content_hash_value must be the SHA-256")]
    [InlineData("\"model_state\":\"odd\"", "Wrong model state")]
    [InlineData("\"total_chunks\":\"x\"", "For input string: \"x\"")]
    [InlineData("\"name\":null", "Can't get text on a VALUE_NULL")]
    [InlineData(
        "\"model_config\":\"x\"",
        "Failed to parse object: expecting token of type [START_OBJECT] but found [VALUE_STRING]")]
    [InlineData("\"model_config\":{}", "model type is null")]
    [InlineData("\"model_config\":{\"model_type\":\"bert\"}", "embedding dimension is null")]
    [InlineData("\"model_config\":{\"model_type\":\"bert\",\"embedding_dimension\":3}", "framework type is null")]
    [InlineData(
        "\"model_config\":{\"model_type\":\"bert\",\"embedding_dimension\":3,\"framework_type\":\"x\"}",
        "Wrong framework type")]
    [InlineData(
        "\"model_config\":{\"model_type\":\"bert\",\"embedding_dimension\":-3,\"framework_type\":\"x\"}",
        "embedding_dimension must be at least 1, not -3")]
    [InlineData("\"model_config\":{\"pooling_mode\":\"x\"}", "Wrong pooling method")]
    [InlineData("\"model_config\":{},\"function_name\":\"TEXT_SIMILARITY\"", "model type is null")]
    [InlineData("\"model_config\":{},\"function_name\":\"QUESTION_ANSWERING\"", "model type is null")]
    public void Parse_WrongValue_IsRefused(string field, string reason)
    {
        var e = Assert.Throws<ApiException>(() => Parse($"{{{field}}}"));

        Assert.Equal(400, e.Error.Status);
        Assert.StartsWith(reason, e.Error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name", 1_000)]
    [InlineData("version", 1_000)]
    [InlineData("description", 10_000)]
    [InlineData("model_group_id", 1_000)]
    [InlineData("url", 8_000)]
    public void CheckForUrl_TextTooLong_IsRefusedWithTheLimit(string field, int most)
    {
        Parse(With(field, new string('a', most))).CheckForUrl(static _ => null);

        var e = Assert.Throws<ApiException>(
            () => Parse(With(field, new string('a', most + 1))).CheckForUrl(static _ => null));

        Assert.Equal(
            (400, $"{field} is too long: {most + 1} characters, at most {most} are allowed"),
            (e.Error.Status, e.Error.Reason));
    }

    [Fact]
    public void CheckForChunks_NegativeSize_IsRefused()
    {
        var body = Parse(Without("")) with { SizeBytes = -1 };

        var e = Assert.Throws<ApiException>(() => body.CheckForChunks());

        Assert.Equal(
            (400, "model_content_size_in_bytes must not be negative: -1"), (e.Error.Status, e.Error.Reason));
    }

    [Theory]
    [InlineData(
        "a;b",
        "Validation Failed: 1: Model name can only contain letters, numbers, spaces, and basic punctuation "
        + "(.,!?():@-_'/\\\");")]
    [InlineData(" ", "Validation Failed: 1: Model name is required and cannot be null or blank;")]
    public void CheckForUrl_BadName_IsRefused(string name, string reason)
    {
        var e = Assert.Throws<ApiException>(() => Parse($$"""{"name":"{{name}}"}""").CheckForUrl(static _ => null));

        Assert.Equal(reason.Replace("\\\"", "\"", StringComparison.Ordinal), e.Error.Reason);
    }

    [Fact]
    public void CheckForUrl_UrlRefused_SaysWhy()
    {
        var e = Assert.Throws<ApiException>(() => Parse(Without("")).CheckForUrl(static u => $"not {u}"));

        Assert.Equal("not https://x", e.Error.Reason);
    }

    [Theory]
    [InlineData("none", "sentence_transformers", PoolingMode.None)]
    [InlineData("None", "huggingface_transformers", PoolingMode.None)]
    [InlineData("mean_sqrt_len", "huggingface_transformers", PoolingMode.MeanSqrtLen)]
    [InlineData("LAST_TOKEN", "huggingface_transformers", PoolingMode.LastToken)]
    public void Parse_PoolingMode_IsWhatTheEngineTakes(string word, string framework, PoolingMode expected)
    {
        var config = Parse($$"""
            {"model_config":{"model_type":"bert","embedding_dimension":3,"framework_type":"{{framework}}",
             "pooling_mode":"{{word}}"} }
            """).Config!;

        Assert.Equal(expected, ModelSpecReader.Read(TestModels.Spec with { Config = config }).Pooling);
    }

    [Theory]
    [InlineData("huggingface_transformers_neuron", "bert", "TORCH_SCRIPT", true)]
    [InlineData("HUGGINGFACE_TRANSFORMERS_NEURON", "Albert", "TORCH_SCRIPT", true)]
    [InlineData("huggingface_transformers_neuron", "mpnet", "TORCH_SCRIPT", false)]
    [InlineData("huggingface_transformers_neuron", "bert", "ONNX", false)]
    [InlineData("huggingface_transformers", "bert", "TORCH_SCRIPT", false)]
    public void Parse_Neuron_TakesTypesWhereItsModelsDo(string framework, string type, string format, bool takesTypes)
    {
        var config = Parse($$"""
            {"model_config":{"model_type":"{{type}}","embedding_dimension":3,"framework_type":"{{framework}}"} }
            """).Config!;

        var read = ModelSpecReader.Read(TestModels.Spec with { Config = config, ModelFormat = format });

        Assert.Equal((FrameworkType.HuggingfaceTransformers, takesTypes), (read.Framework, read.TakesTypes));
    }

    [Fact]
    public void Parse_SameKeyInBothConfigs_IsRefused()
    {
        var e = Assert.Throws<ApiException>(() => Parse(
            Support.Samples.OneLine("""
                {"model_config":{"model_type":"bert","embedding_dimension":3,
                "framework_type":"sentence_transformers","all_config":"{\"a\":1}","additional_config":{"a":2}}}
                """)));

        Assert.Equal("Duplicate keys found in both all_config and additional_config: a", e.Error.Reason);
    }

    [Theory]
    [InlineData("TEXT_SIMILARITY", FunctionKind.TextSimilarity)]
    [InlineData("question_answering", FunctionKind.QuestionAnswering)]
    [InlineData("sparse_encoding", FunctionKind.SparseEncoding)]
    public void CheckForUrl_FunctionWithoutEmbedding_NeedsNeitherDimensionNorFramework(
        string function, FunctionKind expected)
    {
        var spec = Parse(
            $$"""
            {"model_config":{"model_type":"bert"},"name":"a","model_format":"torch_script","url":"u",
             "function_name":"{{function}}"}
            """)
            .CheckForUrl(static _ => null).ToSpec(Support.Samples.Membership);

        Assert.Equal(expected, ModelSpecReader.Read(spec).Function);
    }

    [Theory]
    [InlineData("SPARSE_ENCODING", FunctionKind.SparseEncoding)]
    [InlineData("SPARSE_TOKENIZE", FunctionKind.SparseTokenize)]
    public void Check_SparseFunction_NeedsNoConfigAtAll(string function, FunctionKind expected)
    {
        var body = Parse(Without("model_config")[..^1] + $$""","function_name":"{{function}}"}""");

        var group = Support.Samples.Membership;
        Assert.Equal(expected, ModelSpecReader.Read(body.CheckForUrl(static _ => null).ToSpec(group)).Function);
        Assert.Equal(expected, ModelSpecReader.Read(body.CheckForChunks().ToSpec(group)).Function);
    }

    [Fact]
    public void Parse_Prefixes_ReachTheEngine()
    {
        var config = Parse("""
            {"model_config":{"model_type":"bert","embedding_dimension":3,"framework_type":"sentence_transformers",
             "query_prefix":"query: ","passage_prefix":"passage: "}}
            """).Config!;

        var read = ModelSpecReader.Read(TestModels.Spec with { Config = config });

        Assert.Equal(("query: ", "passage: ", true), (read.QueryPrefix, read.PassagePrefix, read.IsAsymmetric));
    }

    [Theory]
    [InlineData("""{"model_type":"sentence_highlighting"}""", 512, 128, true)]
    [InlineData(
        """
        {"model_type":"Sentence_Highlighting",
         "all_config":"{\"token_max_length\":50,\"token_overlap_stride\":10}"}
        """,
        50, 10, true)]
    [InlineData(
        """{"model_type":"sentence_highlighting","additional_config":{"with_overflowing_tokens":false}}""",
        512, 128, false)]
    public void Parse_HighlightingConfig_MakesItsWindows(string config, int tokens, int stride, bool all)
    {
        var body = Parse($$"""{"function_name":"QUESTION_ANSWERING","model_config":{{config}}}""");

        var read = ModelSpecReader.Read(
            TestModels.Spec with { FunctionName = "QUESTION_ANSWERING", Config = body.Config! });

        Assert.Equal(FunctionKind.SentenceHighlighting, read.Function);
        Assert.Equal(new WindowConfig(tokens, stride, all), read.Windows);
    }

    [Theory]
    [InlineData("""{"token_max_length":10,"token_overlap_stride":10}""", "make no windows")]
    [InlineData("""{"token_max_length":"many"}""", "must be whole numbers")]
    public void Read_WindowsThatAreNone_AreRefusedAtTheLoad(string config, string reason)
    {
        var spec = TestModels.Spec with
        {
            FunctionName = "QUESTION_ANSWERING",
            Config = TestModels.Spec.Config with { ModelType = "sentence_highlighting", AllConfig = config },
        };

        var refused = Assert.Throws<LoadRefusedException>(() => ModelSpecReader.Read(spec));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_Hash_IsLowered() => Assert.Equal(new string('a', 64), Parse(Without("")).Sha256);

    [Theory]
    [InlineData("_a", "model id must not start with '_'")]
    [InlineData("a b", "model id must contain only letters")]
    [InlineData("", "model id is invalid")]
    public void CheckForUrl_BadOwnId_IsRefused(string id, string reason)
    {
        var body = Parse(Without("")) with { ModelId = id };

        var e = Assert.Throws<ApiException>(() => body.CheckForUrl(static _ => null));

        Assert.StartsWith(reason, e.Error.Reason, StringComparison.Ordinal);
    }

    private static string Without(string field)
    {
        var fields = new Dictionary<string, string>
        {
            ["name"] = "\"a\"",
            ["model_format"] = "\"TORCH_SCRIPT\"",
            ["model_config"] = Config,
            ["url"] = "\"https://x\"",
            ["model_content_hash_value"] = $"\"{Hash}\"",
            ["total_chunks"] = "3",
        };
        fields.Remove(field);
        return "{" + string.Join(',', fields.Select(f => $"\"{f.Key}\":{f.Value}")) + "}";
    }

    private static string With(string field, string value) =>
        Without(field)[..^1] + $",\"{field}\":\"{value}\"}}";

    private static RegistrationBody Parse(string body) => RegistrationBody.Parse(Encoding.UTF8.GetBytes(body));
}
