using Vrp.Harness.Claims;
using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Snapshots;
using Vrp.Harness.Statistics;
using Vrp.Harness.Tests.Claims;

namespace Vrp.Harness.Tests.Snapshots;

/// <summary>Studies for snapshot tests: one of two rows and four samples whose every number is in the test, and one that a real analysis made.</summary>
static class MadeUpStudy
{
    public const string Claim = "hidden-state-probe", Profile = "cpu-float32", Kernels = "AVX512, libtorch 2.10.0.0";

    static readonly Lazy<StudyResult> analysed = new(() => Study.Analyze(TestTraces.Small.Build(), null, TestTraces.Options));

    /// <summary>A whole study of a synthetic trace.</summary>
    public static StudyResult Analysed => analysed.Value;

    /// <summary>No share, so that floors show: 0.002 for AUROCs, none for labels, the best layer stable and lines fixed.</summary>
    public static SnapshotTolerances Tolerances { get; } = SnapshotTolerances.Default.WithShare(0)
        .With(Profile, new Dictionary<string, double?> { [$"{Claim}/auroc"] = 0.002, [$"{Claim}/best_layer"] = 0, [SnapshotTolerances.Labels] = 0,
            [SnapshotTolerances.Lines] = 0 });

    public static SnapshotRules Rules { get; } = new(Profile, Tolerances);

    /// <summary>As without a tolerances file.</summary>
    public static SnapshotRules DefaultRules { get; } = new(Profile, SnapshotTolerances.Default);

    public static SnapshotOptions Options { get; } = new() { Rules = Rules, ContinuousIntegration = false };

    public static Estimate Auroc { get; } = new(0.94321749, 0.91, 0.96, 0.95, 1500, 250, "obuchowski-logit");

    public static StudyResult Of(Estimate? auroc = null, Verdict verdict = Verdict.Supported, params string[] labels)
    {
        if (labels.Length == 0) labels = ["correct", "wrong", "correct", "unparsed"];
        StudyEstimate[] rows =
        [
            new(Claim, "auroc", "yes-no", 3, "l2", auroc ?? Auroc),
            new(Claim, "best_layer", "yes-no", null, null, Estimate.Point(3, 1500, 250, "grouped inner folds", 1)),
            new("fusion", "auroc", "yes-no", null, null, Auroc),
        ];
        ClaimResult Judged(string claim, Verdict found) => new(claim, found, "because", null, new PublishedOutcome("above 0.95", false, "0.94"), "", [], []);
        return new StudyResult("llava-fixture", "llava", 4, "study", rows, [Judged(Claim, verdict), Judged("fusion", Verdict.Refuted)],
            [.. labels.Select((label, i) => Sample($"q-{i}", $"world_{i / 2:000}.png", label))]);
    }

    public static QuestionResult Sample(string id, string group, string label) => new()
    {
        Id = id, Image = group, Group = group, Kind = "yes-no", Question = $"Is there a {id}?", Gold = ["yes"], Answer = "yes",
            Label = Enum.Parse<AnswerStatus>(label, ignoreCase: true), SampledAnswers = [], Scores = new Dictionary<string, double>(), Grid = (6, 6),
    };

    public static Snapshot Snapshot(Estimate? auroc = null, Verdict verdict = Verdict.Supported) =>
        Harness.Snapshots.Snapshot.Of(Of(auroc, verdict), Claim, Kernels);
}
