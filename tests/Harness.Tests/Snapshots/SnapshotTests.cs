using System.Text.Json;
using Vrp.Harness.Claims;
using Vrp.Harness.Snapshots;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Tests.Snapshots;

public class SnapshotTests
{
    [Fact]
    public void Text_KnownStudy_IsThisByteForByte() => MadeUpStudy.Snapshot().Text.Should().Be("""
        {
          "claim": "hidden-state-probe",
          "data": "study",
          "kernels": "AVX512, libtorch 2.10.0.0",
          "metrics": {
            "auroc [yes-no, layer 03, l2]": {"groups":250,"high":0.96,"level":0.95,"low":0.91,"method":"obuchowski-logit","n":1500,"value":0.943217},
            "best_layer [yes-no]": {"groups":250,"method":"grouped inner folds","n":1500,"seed":1,"value":3}
          },
          "published": "fails",
          "schema": 2,
          "subject": "llava-fixture",
          "verdict": "Supported"
        }

        """);

    [Fact]
    public void Text_EveryClaimOfAnAnalysedStudy_HasSortedKeysAndComesBack()
    {
        foreach (var verdict in MadeUpStudy.Analysed.Verdicts)
        {
            var snapshot = Snapshot.Of(MadeUpStudy.Analysed, verdict.Claim, MadeUpStudy.Kernels);
            using var json = JsonDocument.Parse(snapshot.Text);
            SortedKeys(json.RootElement);
            var names = json.RootElement.GetProperty("metrics").EnumerateObject().Select(metric => metric.Name).ToArray();
            verdict.Deciding.Select(SnapshotMetric.Name).Except(names).Should().BeEmpty("a verdict's own rows are held");
            names.Except(MadeUpStudy.Analysed.Estimates.Concat(verdict.Deciding).Select(SnapshotMetric.Name)).Should().BeEmpty("nothing else is");
            Snapshot.Parse(snapshot.Text).Text.Should().Be(snapshot.Text);
            snapshot.Differences(snapshot.Text, MadeUpStudy.Rules).Lines.Should().BeEmpty();
        }

        static void SortedKeys(JsonElement element)
        {
            if (element.ValueKind != JsonValueKind.Object) return;
            element.EnumerateObject().Select(field => field.Name).Should().BeInAscendingOrder(StringComparer.Ordinal);
            foreach (var field in element.EnumerateObject()) SortedKeys(field.Value);
        }
    }

    [Fact]
    public void Text_NotRunWithoutRows_HoldsTheVerdict()
    {
        var text = Snapshot.Of("m", "d", new ClaimResult("fusion", Verdict.NotRun, "missing", null, new PublishedOutcome("", null, ""), "", [], []), [],
            MadeUpStudy.Kernels).Text;
        text.Should().Contain("\"metrics\": {}").And.Contain("\"verdict\": \"NotRun\"").And.Contain("\"published\": \"not asserted\"");
        Snapshot.Parse(text).Metrics.Should().BeEmpty();
    }

    [Theory]
    [InlineData(double.NaN, 0.9, 0.96, "*auroc [[]yes-no, layer 03, l2[]] is NaN*")]
    [InlineData(0.94, double.NegativeInfinity, 0.96, "*lower end is -Infinity*")]
    [InlineData(0.94, 0.9, double.PositiveInfinity, "*upper end is Infinity*")]
    public void Of_NotFinite_IsRefusedByName(double value, double low, double high, string message) =>
        ((Action)(() => MadeUpStudy.Snapshot(new Estimate(value, low, high, 0.95, 10, 5, "m"))))
            .Should().Throw<SnapshotException>().WithMessage(message.Replace("[[]", "[").Replace("[]]", "]"));

    [Fact]
    public void Of_UnknownClaim_NamesThoseThatThereAre() =>
        ((Action)(() => Snapshot.Of(MadeUpStudy.Of(), "fussion", MadeUpStudy.Kernels))).Should().Throw<SnapshotException>().WithMessage("*no verdict on "
            + "fussion*hidden-state-probe, fusion*");

    [Theory]
    [InlineData(0.0019, true)]
    [InlineData(-0.0019, true)]
    [InlineData(0.0021, false)]
    [InlineData(-0.0021, false)]
    public void Differences_ValueMoves_OnlyWithinTheStatedTolerance(double by, bool equal)
    {
        var verified = MadeUpStudy.Snapshot().Text;
        var found = MadeUpStudy.Snapshot(MadeUpStudy.Auroc with { Value = MadeUpStudy.Auroc.Value + by }).Differences(verified, MadeUpStudy.Rules).Lines;
        (found.Count == 0).Should().Be(equal);
        if (!equal) string.Join("\n", found).Should().Contain("auroc [yes-no, layer 03, l2]  value").And.Contain("0.943217").And.Contain("0.002");
    }

    [Fact]
    public void Differences_OneEndOfTheIntervalMoves_IsSeen() =>
        MadeUpStudy.Snapshot(MadeUpStudy.Auroc with { Low = 0.9 }).Differences(MadeUpStudy.Snapshot().Text,
            MadeUpStudy.Rules).Lines.Should().Contain(line => line.Contains(" low ") && line.Contains("-0.01"));

    [Theory]
    [InlineData("n")]
    [InlineData("groups")]
    [InlineData("method")]
    [InlineData("level")]
    [InlineData("seed")]
    public void Differences_AnythingButANumberMoves_IsNeverEqual(string field)
    {
        var estimate = MadeUpStudy.Auroc;
        var other = field switch
        {
            "n" => estimate with { N = 1499 },
            "groups" => estimate with { Groups = 249 },
            "method" => estimate with { Method = "delong" },
            "level" => estimate with { Level = 0.9 },
            _ => estimate with { Seed = 7 },
        };
        MadeUpStudy.Snapshot(other).Differences(MadeUpStudy.Snapshot().Text,
            MadeUpStudy.Rules).Lines.Should().Contain(line => line.Contains($" {field} ") && line.EndsWith("same"));
    }

    [Fact]
    public void Differences_VerdictMoves_IsNeverEqual() =>
        MadeUpStudy.Snapshot(verdict: Verdict.Inconclusive).Differences(MadeUpStudy.Snapshot().Text,
            MadeUpStudy.Rules).Lines.Should().Equal("verdict: was Supported, is Inconclusive", $"kernels: {MadeUpStudy.Kernels}, as when it was verified");

    [Fact]
    public void Differences_IntervalLost_IsSeen() =>
        MadeUpStudy.Snapshot(Estimate.Point(MadeUpStudy.Auroc.Value, 1500, 250, "obuchowski-logit")).Differences(MadeUpStudy.Snapshot().Text,
            MadeUpStudy.Rules).Lines
            .Should().Contain(line => line.Contains(" low ") && line.Contains("none"));

    [Theory]
    [InlineData(0.0024, true)]
    [InlineData(0.0026, false)]
    public void Differences_WithoutAFile_AllowATenthOfTheVerifiedHalfWidth(double by, bool equal)
    {
        // 0.91 … 0.96 is verified; an interval as wide as one likes in this run excuses nothing.
        var now = MadeUpStudy.Snapshot(MadeUpStudy.Auroc with { Value = MadeUpStudy.Auroc.Value + by });
        var lines = now.Differences(MadeUpStudy.Snapshot().Text, MadeUpStudy.DefaultRules).Lines;
        (lines.Count == 0).Should().Be(equal);
        if (!equal) lines.Should().Contain(line => line.EndsWith("0.0025   10% of its half-width 0.025"));
        MadeUpStudy.Snapshot(MadeUpStudy.Auroc with { High = 1 }).Differences(MadeUpStudy.Snapshot().Text,
            MadeUpStudy.DefaultRules).Lines.Should().Contain(line => line.Contains(" high "));
    }

    [Fact]
    public void Differences_FloorAboveTheShare_IsWhatIsAllowed()
    {
        var rules = new SnapshotRules(MadeUpStudy.Profile, SnapshotTolerances.Default.With(MadeUpStudy.Profile, new Dictionary<string,
            double?> { ["hidden-state-probe/auroc"] = 0.01 }));
        MadeUpStudy.Snapshot(MadeUpStudy.Auroc with { Low = 0.902 }).Differences(MadeUpStudy.Snapshot().Text, rules).Lines.Should().BeEmpty();
        MadeUpStudy.Snapshot(MadeUpStudy.Auroc with { Low = 0.89 }).Differences(MadeUpStudy.Snapshot().Text,
            rules).Lines.Should().Contain(line => line.EndsWith("0.01     noise floor of hidden-state-probe/auroc, cpu-float32"));
    }

    [Fact]
    public void Differences_OtherKernels_AreNamedAndNotCompared()
    {
        Snapshot Under(string kernels, double by) =>
            Snapshot.Of(MadeUpStudy.Of(MadeUpStudy.Auroc with { Value = MadeUpStudy.Auroc.Value + by }), MadeUpStudy.Claim, kernels);
        Under("DEFAULT", 0).Differences(MadeUpStudy.Snapshot().Text, MadeUpStudy.Rules).Lines.Should().BeEmpty();
        Under("DEFAULT", 0.01).Differences(MadeUpStudy.Snapshot().Text,
            MadeUpStudy.Rules).Lines[^1].Should().Be($"kernels: verified under {MadeUpStudy.Kernels}; this run under DEFAULT");
    }

    static Snapshot WithBestLayer(int layer)
    {
        var study = MadeUpStudy.Of();
        var best = study.Estimates[1].Estimate with { Value = layer, Low = layer, High = layer };
        return Snapshot.Of(study with { Estimates = [study.Estimates[0] with { Layer = layer }, study.Estimates[1] with { Estimate = best }] },
            MadeUpStudy.Claim, MadeUpStudy.Kernels);
    }

    [Fact]
    public void Differences_StableChoice_IsCompared()
    {
        var lines = WithBestLayer(4).Differences(MadeUpStudy.Snapshot().Text, MadeUpStudy.Rules).Lines;
        lines.Should().Contain(line => line.StartsWith("best_layer") && line.Contains("+1")).And.Contain(line => line.StartsWith("auroc [yes-no, layer 03")
            && line.Contains("absent"));
    }

    [Fact]
    public void Differences_ChoiceNotKnownToBeStable_IsANote()
    {
        var (lines, notes) = WithBestLayer(4).Differences(MadeUpStudy.Snapshot().Text, MadeUpStudy.DefaultRules);
        lines.Should().BeEmpty();
        notes.Should().HaveCount(2).And.Contain(note => note.StartsWith("auroc [yes-no, layer 03, l2] is now auroc [yes-no, layer 04, l2]"))
            .And.Contain(note => note.StartsWith("best_layer [yes-no]: was 3, is 4"));
    }

    [Fact]
    public void Differences_OnlyRoundingMoves_IsEqual()
    {
        // 0.9432174999 and 0.9432175001 are written 0.943217 and 0.943218: one unit of the last digit is no change, two are.
        var rules = new SnapshotRules("another-profile", MadeUpStudy.Tolerances);
        Snapshot At(double value) => MadeUpStudy.Snapshot(MadeUpStudy.Auroc with { Value = value });
        At(0.9432175001).Differences(At(0.9432174999).Text, rules).Lines.Should().BeEmpty();
        At(0.943219).Differences(At(0.943217).Text, rules).Lines.Should().Contain(line => line.EndsWith("the sixth digit"));
    }

    [Fact]
    public void Differences_LinesAppearAndGo_AreNamed()
    {
        var study = MadeUpStudy.Of();
        var fewer = Snapshot.Of(study with { Estimates = [study.Estimates[0]] }, MadeUpStudy.Claim, MadeUpStudy.Kernels);
        fewer.Differences(MadeUpStudy.Snapshot().Text, MadeUpStudy.Rules).Lines.Should().Contain(line => line.StartsWith("best_layer")
            && line.Contains("absent"));
        MadeUpStudy.Snapshot().Differences(fewer.Text, MadeUpStudy.Rules).Lines.Should().Contain(line => line.StartsWith("best_layer")
            && line.Contains("absent"));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1.23456789e-12, "1.23457E-12")]
    [InlineData(123456.7, "123457")]
    public void Text_Numbers_HaveSixDigits(double value, string text) =>
        MadeUpStudy.Snapshot(Estimate.Point(value, 1, 1, "m")).Text.Should().Contain($"\"value\":{text}}}");

    [Fact]
    public void Text_NegativeZero_IsZero() => MadeUpStudy.Snapshot(Estimate.Point(-0.0, 1, 1, "m")).Text.Should().Contain("\"value\":0}");
}
