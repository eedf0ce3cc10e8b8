using System.Text.Json;
using Vrp.Harness.Claims;
using Vrp.Harness.Claims.Output;
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
          "metrics": {
            "auroc [yes-no, layer 03, l2]": {"groups":250,"high":0.96,"level":0.95,"low":0.91,"method":"obuchowski-logit","n":1500,"tolerance":{"cpu-float32":0.002},"value":0.943217},
            "best_layer [yes-no]": {"groups":250,"method":"grouped inner folds","n":1500,"seed":1,"tolerance":{},"value":3}
          },
          "published": "fails",
          "schema": 1,
          "subject": "llava-fixture",
          "verdict": "Supported"
        }

        """);

    [Fact]
    public void Text_EveryClaimOfAnAnalysedStudy_HasSortedKeysAndComesBack()
    {
        foreach (var verdict in MadeUpStudy.Analysed.Verdicts)
        {
            var snapshot = Snapshot.Of(MadeUpStudy.Analysed, verdict.Claim, SnapshotTolerances.None);
            using var json = JsonDocument.Parse(snapshot.Text);
            SortedKeys(json.RootElement);
            var names = json.RootElement.GetProperty("metrics").EnumerateObject().Select(metric => metric.Name).ToArray();
            verdict.Deciding.Select(SnapshotMetric.Name).Except(names).Should().BeEmpty("a verdict's own rows are held");
            names.Except(MadeUpStudy.Analysed.Estimates.Concat(verdict.Deciding).Select(SnapshotMetric.Name)).Should().BeEmpty("nothing else is");
            Snapshot.Parse(snapshot.Text).Text.Should().Be(snapshot.Text);
            snapshot.Differences(snapshot.Text, MadeUpStudy.Profile).Should().BeEmpty();
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
        var text = Snapshot.Of("m", "d", new StoredVerdict("fusion", Verdict.NotRun, "missing", null, new PublishedOutcome("", null, ""), [], []), [], SnapshotTolerances.None).Text;
        text.Should().Contain("\"metrics\": {}").And.Contain("\"verdict\": \"NotRun\"").And.Contain("\"published\": \"not asserted\"");
        Snapshot.Parse(text).Metrics.Should().BeEmpty();
    }

    [Theory]
    [InlineData(double.NaN, 0.9, 0.96, "*auroc [[]yes-no, layer 03, l2[]] is NaN*")]
    [InlineData(0.94, double.NegativeInfinity, 0.96, "*lower end is -Infinity*")]
    [InlineData(0.94, 0.9, double.PositiveInfinity, "*upper end is Infinity*")]
    public void Of_NotFinite_IsRefusedByName(double value, double low, double high, string message) =>
        ((Action)(() => MadeUpStudy.Snapshot(new Estimate(value, low, high, 0.95, 10, 5, "m")))).Should().Throw<SnapshotException>().WithMessage(message.Replace("[[]", "[").Replace("[]]", "]"));

    [Fact]
    public void Of_UnknownClaim_NamesThoseThatThereAre() =>
        ((Action)(() => Snapshot.Of(MadeUpStudy.Of(), "fussion", SnapshotTolerances.None))).Should().Throw<SnapshotException>().WithMessage("*no verdict on fussion*hidden-state-probe, fusion*");

    [Theory]
    [InlineData(0.0019, true)]
    [InlineData(-0.0019, true)]
    [InlineData(0.0021, false)]
    [InlineData(-0.0021, false)]
    public void Differences_ValueMoves_OnlyWithinTheStatedTolerance(double by, bool equal)
    {
        var verified = MadeUpStudy.Snapshot().Text;
        var found = MadeUpStudy.Snapshot(MadeUpStudy.Auroc with { Value = MadeUpStudy.Auroc.Value + by }).Differences(verified, MadeUpStudy.Profile);
        (found.Count == 0).Should().Be(equal);
        if (!equal) string.Join("\n", found).Should().Contain("auroc [yes-no, layer 03, l2]  value").And.Contain("0.943217").And.Contain("0.002");
    }

    [Fact]
    public void Differences_OneEndOfTheIntervalMoves_IsSeen() =>
        MadeUpStudy.Snapshot(MadeUpStudy.Auroc with { Low = 0.9 }).Differences(MadeUpStudy.Snapshot().Text, MadeUpStudy.Profile).Should().Contain(line => line.Contains(" low ") && line.Contains("-0.01"));

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
        MadeUpStudy.Snapshot(other).Differences(MadeUpStudy.Snapshot().Text, MadeUpStudy.Profile).Should().Contain(line => line.Contains($" {field} ") && line.EndsWith("same"));
    }

    [Fact]
    public void Differences_VerdictMoves_IsNeverEqual() =>
        MadeUpStudy.Snapshot(verdict: Verdict.Inconclusive).Differences(MadeUpStudy.Snapshot().Text, MadeUpStudy.Profile).Should().Equal("verdict: was Supported, is Inconclusive");

    [Fact]
    public void Differences_IntervalLost_IsSeen() =>
        MadeUpStudy.Snapshot(Estimate.Point(MadeUpStudy.Auroc.Value, 1500, 250, "obuchowski-logit")).Differences(MadeUpStudy.Snapshot().Text, MadeUpStudy.Profile)
            .Should().Contain(line => line.Contains(" low ") && line.Contains("none"));

    [Fact]
    public void Differences_ProfileWithoutTolerance_IsHeldToTheSixDigits()
    {
        var moved = MadeUpStudy.Snapshot(MadeUpStudy.Auroc with { Value = MadeUpStudy.Auroc.Value + 1e-4 });
        moved.Differences(MadeUpStudy.Snapshot().Text, MadeUpStudy.Profile).Should().BeEmpty();
        moved.Differences(MadeUpStudy.Snapshot().Text, "cuda-bfloat16").Should().Contain(line => line.Contains("no tolerance for the profile cuda-bfloat16"));
    }

    [Fact]
    public void Differences_OnlyRoundingMoves_IsEqual()
    {
        // 0.9432174999 and 0.9432175001 are written 0.943217 and 0.943218: one unit of the last digit is no change, two are.
        Snapshot At(double value) => Snapshot.Of(MadeUpStudy.Of(MadeUpStudy.Auroc with { Value = value }), MadeUpStudy.Claim, SnapshotTolerances.None);
        At(0.9432175001).Differences(At(0.9432174999).Text, MadeUpStudy.Profile).Should().BeEmpty();
        At(0.943219).Differences(At(0.943217).Text, MadeUpStudy.Profile).Should().NotBeEmpty();
    }

    [Fact]
    public void Differences_ToleranceChanged_HasToBeAccepted()
    {
        var loose = SnapshotTolerances.None.With(MadeUpStudy.Profile, new Dictionary<string, double> { ["hidden-state-probe/auroc"] = 0.5 });
        var now = Snapshot.Of(MadeUpStudy.Of(MadeUpStudy.Auroc with { Value = 0.6 }), MadeUpStudy.Claim, loose);
        // The verified line's tolerance counts: a looser one does not excuse the move that it comes with.
        now.Differences(MadeUpStudy.Snapshot().Text, MadeUpStudy.Profile).Should().Contain(line => line.Contains(" tolerance ") && line.Contains("cpu-float32:0.5"))
            .And.Contain(line => line.Contains(" value ") && line.EndsWith("0.002"));
    }

    [Fact]
    public void Differences_LinesAppearAndGo_AreNamed()
    {
        var study = MadeUpStudy.Of();
        var fewer = Snapshot.Of(study with { Estimates = [study.Estimates[0]] }, MadeUpStudy.Claim, MadeUpStudy.Tolerances);
        fewer.Differences(MadeUpStudy.Snapshot().Text, MadeUpStudy.Profile).Should().Contain(line => line.StartsWith("best_layer") && line.Contains("absent"));
        MadeUpStudy.Snapshot().Differences(fewer.Text, MadeUpStudy.Profile).Should().Contain(line => line.StartsWith("best_layer") && line.Contains("absent"));
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
