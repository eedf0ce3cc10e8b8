using System.Text.Json;
using Vrp.Harness.Claims;
using Vrp.Harness.Configuration;
using Vrp.Harness.Datasets;
using Vrp.Models.Images;

namespace Vrp.Fuzz;

/// <summary>A vrp.json that says everything which one can say; its test holds it so, since a setting that is left out is never damaged.</summary>
public sealed class EverySetting
{
    static readonly VrpConfig all = new()
    {
        Schema = "docs/vrp.schema.json",
        Subjects = [new SubjectConfig { Name = "one", Checkpoint = "fixtures/checkpoints/llava", Dtype = "float32", Data = "study", Block = 48, Rows = 256 }],
        Data = new Dictionary<string, QuestionSet>
        {
            ["study"] = new()
            {
                Files = ["a.jsonl", "b.jsonl"], Images = "images", Limit = 10, CorrectedLabels = "c.jsonl", Judgements = "j.jsonl", JudgementThreshold = 5,
                Exif = ExifRule.Transpose, Unlisted = UnlistedLabel.Keep,
            },
        },
        Budget = "quick",
        Protocol = new StudyOptions(),
        Margins = new Dictionary<string, double> { ["accuracy"] = 0.02 },
        Fetch = true,
    };

    public static string Json { get; } = JsonSerializer.Serialize(all, new JsonSerializerOptions(VrpConfig.Json) { WriteIndented = true });

    [Fact]
    public void Json_OfEverySetting_NamesAllThatTheRecordsHave()
    {
        foreach (var record in VrpConfig.Records)
            foreach (var setting in JsonProblems.Settings(record)) Json.Should().Contain($"\"{setting}\": ", $"{record.Name} has it");
    }
}
