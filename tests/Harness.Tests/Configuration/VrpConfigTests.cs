using Vrp.Harness.Claims;
using Vrp.Harness.Configuration;
using Vrp.Harness.Datasets;
using Vrp.Models;

namespace Vrp.Harness.Tests.Configuration;

public sealed class VrpConfigTests : IDisposable
{
    const string Subject = """{ "name": "a", "checkpoint": "c" }""";
    const string Data = """{ "d": { "files": ["q.jsonl"] } }""";

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    VrpConfig Load(params string[] lines) => VrpConfig.Load(folder.Write("vrp.json", lines));

    /// <summary>One line, that of the file, and what it says.</summary>
    void Refused(string[] lines, int line, params string[] words)
    {
        var path = folder.Write("vrp.json", lines);
        var message = ((Action)(() => VrpConfig.Load(path))).Should().Throw<VrpException>().Which.Message;
        message.Should().StartWith($"{path}:{line}: ").And.NotContain("\n").And.NotContain("Vrp.").And.NotContain("System.");
        foreach (var word in words) message.Should().Contain(word);
    }

    [Theory]
    [InlineData("vrp.json", 3)]
    [InlineData("vrp.study.json", 3)]
    [InlineData("vrp.pope.json", 3)]
    public void Load_FilesOfTheRepository_Load(string name, int subjects)
    {
        var config = VrpConfig.Load(Path.Combine(Fixtures.At(".."), name));
        config.Subjects.Should().HaveCount(subjects);
        File.Exists(config.At(config.Ledger)).Should().BeTrue();
        config.InterventionBudget()!.Name.Should().Be("full");
    }

    [Fact]
    public void Load_LeastFile_HasTheDocumentedDefaults()
    {
        var config = Load("{", $"\"subjects\": [{Subject}],", $"\"data\": {Data}", "}");
        config.Subjects[0].Should().Be(new SubjectConfig { Name = "a", Checkpoint = "c" });
        (config.Trace.Samples, config.Trace.Temperature, config.Trace.TopP, config.Budget,
            config.Ledger).Should().Be((10, 0.7, 0.9, "full", "specs/ledger.json"));
        config.DataOf(config.Subjects[0]).Should().Be("d");
        config.At("x/y").Should().Be(folder.At("x/y"));
    }

    public static TheoryData<string> NumbersOfTheProtocol => [.. typeof(StudyOptions).GetProperties()
        .Where(setting => setting.PropertyType == typeof(int) || setting.PropertyType == typeof(double))
        .Select(setting => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(setting.Name))];

    /// <summary>No number of the protocol is without bounds: a margin of 7 or an infinite one would judge everything alike.</summary>
    [Theory, MemberData(nameof(NumbersOfTheProtocol))]
    public void Load_NumberThatNoProtocolHas_IsRefused(string setting)
    {
        var whole = Bounds.Of(setting)!.Whole;
        foreach (var value in whole ? (string[])["-1", "2147483647"] : ["-0.5", "7", "1e999", "-1e999"])
            Refused(["{", $"\"subjects\": [{Subject}],", $"\"data\": {Data},", $"\"protocol\": {{ \"{setting}\": {value} }}", "}"], 4, setting, "expected a");
    }

    [Theory]
    [InlineData("1e999")]
    [InlineData("1.5")]
    [InlineData("-0.1")]
    public void Load_MarginThatIsNoShare_IsRefused(string margin) =>
        Refused(["{", $"\"subjects\": [{Subject}],", $"\"data\": {Data},", $"\"margins\": {{ \"accuracy\": {margin} }}", "}"], 4, "margin", "expected 0 to 1");

    [Fact]
    public void Load_CommentsAndTrailingCommas_AreAllowed() =>
        Load("// about", "{", $"\"subjects\": [{Subject},], /* two */", $"\"data\": {Data},", "}").Subjects.Should().ContainSingle();

    [Fact]
    public void Load_EverySettingSet_IsRead()
    {
        var config = Load("{", """ "subjects": [{ "name": "a", "checkpoint": "c", "device": "cuda:1", "dtype": "bf16", "data": "d", "block": 4, """,
            """ "rows": 8, "required": false }],""",
            """ "data": { "d": { "files": ["q"], "images": "i", "limit": 3, "exif": "transpose", "corrected_labels": "l", "unlisted": "keep", """,
            """ "judgements": "j", "judgement_threshold": 7.5 } },""",
            """ "trace": { "k": 2, "temperature": 1, "top_p": 1, "seed": 18446744073709551615, "max_new_tokens": 1, """,
            """ "answer_attention": true, "grey_lens": true },""",
            """ "budget": "none", "protocol": { "draws": 500, "sampling": { "answers": 2, "temperature": 1, "top_p": 1 } }, """,
            """ "margins": { "accuracy": 0.5 }, "ledger": "l.json", "fetch": true }""");
        config.Subjects[0].Should().Be(new SubjectConfig { Name = "a", Checkpoint = "c", Device = "cuda:1", Dtype = "bf16", Data = "d", Block = 4, Rows = 8,
            Required = false });
        config.Data["d"].Unlisted.Should().Be(UnlistedLabel.Keep);
        config.Data["d"].Exif.Should().Be(Vrp.Models.Images.ExifRule.Transpose);
        config.Trace.Seed.Should().Be(ulong.MaxValue);
        config.InterventionBudget().Should().BeNull();
        config.Fetch.Should().BeTrue();
        (config.Protocol.Draws, config.Protocol.Sampling.Answers, config.Protocol.Permutations).Should().Be((500, 2, 200));
    }

    [Fact]
    public void Load_UnknownSetting_NamesTheNearestAndTheLine()
    {
        Refused(["{", $"\"subjects\": [{Subject}],", $"\"data\": {Data},", "\"bugdet\": \"full\"", "}"], 4, "\"bugdet\"", "did you mean \"budget\"?");
        Refused(["{", "\"subjects\": [{ \"name\": \"a\",", "  \"chekpoint\": \"c\" }],", $"\"data\": {Data}", "}"], 3, "did you mean \"checkpoint\"?");
        Refused(["{", $"\"subjects\": [{Subject}],", $"\"data\": {Data},", "\"trace\": { \"zzzzzz\": 1 } }"], 4, "unknown setting", "known here",
            "max_new_tokens");
        Refused(["{", $"\"subjects\": [{Subject}],", $"\"data\": {Data},", "\"source\": \"x\" }"], 4, "unknown setting \"source\"");
    }

    [Theory]
    [InlineData("\"trace\": { \"k\": \"ten\" }", "trace.k", "a whole number")]
    [InlineData("\"trace\": { \"k\": 1.5 }", "trace.k", "a whole number")]
    [InlineData("\"trace\": { \"seed\": -1 }", "trace.seed", "0 or more")]
    [InlineData("\"trace\": { \"temperature\": \"hot\" }", "trace.temperature", "a number")]
    [InlineData("\"trace\": { \"grey_lens\": 1 }", "trace.grey_lens", "true or false")]
    [InlineData("\"trace\": []", "trace", "an object")]
    [InlineData("\"ledger\": 5", "ledger", "a text")]
    [InlineData("\"ledger\": null", "ledger", "null")]
    [InlineData("\"trace\": null", "trace", "null")]
    [InlineData("\"budget\": \"all\"", "full, quick or none")]
    [InlineData("\"budget\": \"none\", \"budget\": \"full\"", "set twice")]
    [InlineData("\"margins\": { \"accuracy\": -0.1 }", "0 to 1")]
    [InlineData("\"margins\": { \"accuracy\": 1e999 }", "0 to 1")]
    [InlineData("\"margins\": { \"acuracy\": 0.1 }", "Did you mean 'accuracy'?")]
    [InlineData("\"trace\": { \"top_p\": 0 }", "top_p")]
    [InlineData("\"trace\": { \"temperature\": 0 }", "temperature")]
    [InlineData("\"trace\": { \"max_new_tokens\": 0 }", "max_new_tokens")]
    [InlineData("\"protocol\": { \"draws\": 5 }", "at least 100")]
    [InlineData("\"protocol\": { \"level\": 95 }", "above 0 and below 1")]
    [InlineData("\"protocol\": { \"draws\": 2147483647 }", "draws 2147483647", "at most 1,000,000")]
    [InlineData("\"trace\": { \"max_new_tokens\": 2147483647 }", "at most 16,384")]
    [InlineData("\"trace\": { \"k\": 2147483647 }", "at most 1,000")]
    [InlineData("\"protocol\": { \"sampling\": {} }", "must be set")]
    public void Load_WrongValue_IsRefusedWithItsLine(string setting, params string[] words) =>
        Refused(["{", $"\"subjects\": [{Subject}],", $"\"data\": {Data},", "", setting, "}"], 5, words);

    [Theory]
    [InlineData("[]", "no subject")]
    [InlineData("[null]", "null")]
    [InlineData("null", "null")]
    [InlineData("{}", "a list")]
    [InlineData("[{ \"name\": \"a\" }]", "\"checkpoint\" must be set")]
    [InlineData("[{}]", "\"name\", \"checkpoint\" must be set")]
    [InlineData("[{ \"name\": null, \"checkpoint\": \"c\" }]", "null")]
    [InlineData("[{ \"name\": \"\", \"checkpoint\": \"c\" }]", "no name")]
    [InlineData("[{ \"name\": \"all\", \"checkpoint\": \"c\" }]", "all of them")]
    [InlineData("[{ \"name\": \"..\", \"checkpoint\": \"c\" }]", "no name")]
    [InlineData("[{ \"name\": \"a/b\", \"checkpoint\": \"c\" }]", "no name")]
    [InlineData("[{ \"name\": \"a\", \"checkpoint\": \"c\" }, { \"name\": \"a\", \"checkpoint\": \"e\" }]", "a second subject \"a\"")]
    [InlineData("[{ \"name\": \"a\", \"checkpoint\": \"c\", \"data\": \"e\" }]", "no question set \"e\"; there are d")]
    [InlineData("[{ \"name\": \"a\", \"checkpoint\": \"c\", \"block\": 0 }]", "at least 1")]
    [InlineData("[{ \"name\": \"a\", \"checkpoint\": \"c\", \"block\": 2147483647 }]", "at most 4,096")]
    [InlineData("[{ \"name\": \"a\", \"checkpoint\": \"c\", \"rows\": 2147483647 }]", "rows 2147483647")]
    [InlineData("[{ \"name\": \"a\\n::error::b\", \"checkpoint\": \"c\" }]", "no name")]
    [InlineData("[{ \"name\": \"a\", \"checkpoint\": \"c\", \"device\": \"gpu\" }]", "cpu, cuda or cuda:N")]
    [InlineData("[{ \"name\": \"a\", \"checkpoint\": \"c\", \"device\": \"cuda:-1\" }]", "cpu, cuda or cuda:N")]
    [InlineData("[{ \"name\": \"a\", \"checkpoint\": \"c\", \"dtype\": \"int4\" }]", "float32, bfloat16 or float16")]
    public void Load_WrongSubjects_AreRefusedWithTheirLine(string subjects, string what) =>
        Refused(["{", $"\"data\": {Data},", $"\"subjects\": {subjects}", "}"], 3, what);

    [Theory]
    [InlineData("{}", "no question set")]
    [InlineData("{ \"d\": null }", "d")]
    [InlineData("{ \"d\": { \"files\": [] } }", "names no file")]
    [InlineData("{ \"d\": { \"files\": [null] } }", "names no file")]
    [InlineData("{ \"d\": { \"files\": [\"q\"], \"limit\": 0 } }", "at least 1")]
    [InlineData("{ \"../d\": { \"files\": [\"q\"] } }", "no name")]
    [InlineData("{ \"d\": { \"files\": [\"q\"], \"unlisted\": \"drpo\" } }", "one of drop, keep")]
    [InlineData("{ \"d\": { \"files\": [\"q\"], \"unlisted\": 0 } }", "one of drop, keep")]
    public void Load_WrongData_IsRefusedWithItsLine(string data, string what) =>
        Refused(["{", $"\"subjects\": [{Subject}],", $"\"data\": {data}", "}"], 3, what);

    [Fact]
    public void Load_TwoSetsAndASubjectWithoutOne_IsRefused() =>
        Refused(["{", "\"data\": { \"d\": { \"files\": [\"q\"] }, \"e\": { \"files\": [\"q\"] } },", $"\"subjects\": [", Subject, "]}"], 4, "2 sets: d, e");

    [Fact]
    public void Load_NothingOrNoJson_IsOneLine()
    {
        ((Action)(() => VrpConfig.Load(folder.At("none.json")))).Should().Throw<VrpException>().WithMessage("*none.json is missing*");
        foreach (var text in new[] { "", "null", "7", "[]", "{", "\u0000", "{\"subjects\":", "{} {}", new string('[', 5000), "{\"a\" 1}", "\"\\ud800\"" })
        {
            File.WriteAllText(folder.At("vrp.json"), text);
            ((Action)(() => VrpConfig.Load(folder.At("vrp.json")))).Should().Throw<VrpException>(text[..Math.Min(9, text.Length)]).Which.Message
                .Should().NotContain("\n").And.Contain("vrp.json:");
        }
    }

    [Fact]
    public void Load_TheRepositorysFileCutAnywhere_IsRefusedAndNeverAnythingElse()
    {
        var whole = File.ReadAllText(Path.Combine(Fixtures.At(".."), "vrp.json"));
        var end = whole.LastIndexOf('}');
        for (var length = 0; length <= end; length += 7)
        {
            File.WriteAllText(folder.At("vrp.json"), whole[..length]);
            ((Action)(() => VrpConfig.Load(folder.At("vrp.json")))).Should().Throw<VrpException>("cut at {0}", length);
        }
    }

    [Fact]
    public void Find_FromAFolderBelow_IsTheNearest()
    {
        folder.Write("vrp.json", "{}");
        Directory.CreateDirectory(folder.At("a/b"));
        VrpConfig.Find(folder.At("a/b")).Should().Be(folder.At("vrp.json"));
    }

    [Fact]
    public void Load_UnknownExifRule_NamesTheTwo() =>
        Refused(["{", $"\"subjects\": [{Subject}],", """ "data": { "d": { "files": ["q"], "exif": "turn" } }""", "}"], 3, "exif", "ignore", "transpose");
}
