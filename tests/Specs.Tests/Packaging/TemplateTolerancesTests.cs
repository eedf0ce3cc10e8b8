using System.Text.Json;
using Vrp.Harness.Snapshots;

namespace Vrp.Specs.Tests.Packaging;

/// <summary>The tolerances that a project of the template starts with.</summary>
public sealed class TemplateTolerancesTests
{
    const string Profile = "cpu-float32";

    static string Own => Path.Combine(Repository.Root, "specs", "tolerances.json");

    static string Templates => Path.Combine(Repository.Root, "templates", "content", "vrp-specs", "tolerances.json");

    static Dictionary<string, double?> Floors(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        return json.RootElement.GetProperty("floors").EnumerateObject().ToDictionary(floor => floor.Name,
            floor => floor.Value.ValueKind == JsonValueKind.Null ? (double?)null : floor.Value.GetDouble());
    }

    [Fact]
    public void Template_FloorsOfIntervals_AreTheFixtures()
    {
        var own = Floors(Own);
        Floors(Templates).Should().NotBeEmpty().And.OnlyContain(floor => own[floor.Key] == floor.Value,
            "`vrp noise` measured them on the fixtures; copy specs/tolerances.json without its choices");
        SnapshotTolerances.Read(Templates).Share.Should().Be(SnapshotTolerances.Read(Own).Share).And.Be(SnapshotTolerances.DefaultShare);
    }

    [Theory]
    [InlineData(SnapshotTolerances.Labels)]
    [InlineData(SnapshotTolerances.Lines)]
    [InlineData("hidden-state-probe/best_layer")]
    [InlineData("sparse-probe/nonzero_share")]
    [InlineData("logit-lens/peak_layer")]
    [InlineData("attention-evolution/resharpening_layers")]
    public void Template_CountsAndChoices_AreNotKnownToBeStableForAnotherModel(string family)
    {
        SnapshotTolerances.Read(Own).Floor(Profile, family).Should().NotBeNull("the fixtures were measured");
        SnapshotTolerances.Read(Templates).Floor(Profile, family).Should().BeNull();
    }

    [Fact]
    public void Own_Floors_AreOfEveryFamilyThatSnapshotsHold()
    {
        var families = Directory.GetFiles(Path.Combine(Repository.Root, "specs"), "*.verified.json").SelectMany(path =>
        {
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            if (!json.RootElement.TryGetProperty("metrics", out var metrics)) return [];
            var claim = json.RootElement.GetProperty("claim").GetString();
            return metrics.EnumerateObject()
                .Select(metric => $"{Profile} {claim}/{metric.Name[..metric.Name.IndexOf(" [", StringComparison.Ordinal)]}").ToArray();
        });
        families.Distinct().Should().NotBeEmpty().And.BeSubsetOf(Floors(Own).Keys);
    }
}
