using System.Text.Json;
using Vrp.Harness.Gating;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Statistics;
using Vrp.Harness.Storage;
using Vrp.Models.Storage;

namespace Vrp.Harness.Exporting;

/// <summary>What a gate said, for programs: docs/gate.schema.json, one schema for both of its questions. Every field is always there; what does not belong to
/// the question is null or empty.</summary>
public static class GateFile
{
    const int Schema = 1;

    internal sealed record Document(int Schema, string Question, string Outcome, int ExitCode, IReadOnlyList<string> Reasons, string? Baseline,
        string? Candidate, string? Data, int? Questions, int? Images,
        IReadOnlyList<MetricRow> Metrics, IReadOnlyList<ChangeRow> VerdictChanges, IReadOnlyList<FlipRow> Flips, IReadOnlyList<CheckRow> Ledger,
            IReadOnlyList<FailureRow> NotRun);

    internal sealed record EstimateRow(double Value, double? Low, double? High, double? Level, int N, int Images, string Method, ulong? Seed);

    internal sealed record MetricRow(string Name, string What, string Role, string Outcome, double Margin, EstimateRow? Baseline, EstimateRow? Candidate,
        EstimateRow? Difference, double? P, double? AdjustedP, string Reason);

    internal sealed record ChangeRow(string Claim, string Before, string After, bool Expected, bool Breaks, string Reason);

    internal sealed record FlipRow(string Id, string Image, string Kind, string Question, IReadOnlyList<string> Gold, bool Lost, string BaselineAnswer,
        string CandidateAnswer);

    internal sealed record CheckRow(string Claim, string Subject, string? Expected, string Found, string Outcome, string Reason, string? WouldSettle);

    internal sealed record FailureRow(string Subject, string Why);

    static readonly JsonSerializerOptions options = new(Json.Document) { WriteIndented = true, NewLine = "\n" };

    /// <summary>A candidate against a baseline.</summary>
    public static void Write(string path, GateResult result) =>
        Put(path, new Document(Schema, "upgrade", Name(result.Outcome), (int)result.Outcome, result.Reasons, result.Baseline, result.Candidate, result.Data,
        result.Questions, result.Images, [.. result.Metrics.Select(Of)],
        [.. result.VerdictChanges.Select(change =>
            new ChangeRow(change.Claim, change.Before.ToString(), change.After.ToString(), change.Expected, change.Breaks, change.Reason))],
        [.. result.Flips.Select(flip =>
            new FlipRow(flip.Baseline.Id, flip.Baseline.Image, flip.Baseline.Kind, flip.Baseline.Question, flip.Baseline.Gold, flip.Lost,
                flip.Baseline.Answer, flip.Candidate.Answer))], [], []));

    /// <summary>Verdicts against the ledger.</summary>
    /// <param name="path">The file.</param>
    /// <param name="outcome">What the gate said.</param>
    /// <param name="reasons">Why.</param>
    /// <param name="checks">Every verdict with what was expected.</param>
    /// <param name="notRun">Subjects that had to run and did not.</param>
    public static void Write(string path, GateOutcome outcome, IReadOnlyList<string> reasons, IReadOnlyList<LedgerCheck> checks,
        IReadOnlyList<(string Subject, string Why)> notRun) =>
        Put(path, new Document(Schema, "ledger", Name(outcome), (int)outcome, reasons, null, null, null, null, null, [], [], [],
            [.. checks.Select(check =>
                new CheckRow(check.Claim, check.Subject, check.Entry?.Expected.ToString(), check.Found.ToString(), Name(check.Outcome), check.Reason,
                    check.WouldSettle))],
            [.. notRun.Select(failure => new FailureRow(failure.Subject, failure.Why))]));

    static void Put(string path, Document document)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, document, options));
    }

    static MetricRow Of(MetricResult metric) =>
        new(metric.Name, metric.What, Name(metric.Role), Name(metric.Outcome), metric.Margin, Of(metric.Baseline), Of(metric.Candidate),
            Of(metric.Difference), metric.P, metric.AdjustedP,
        metric.Reason);

    static EstimateRow? Of(Estimate? estimate) => estimate is not { } e ? null
        : new(e.Value, e.HasInterval ? e.Low : null, e.HasInterval ? e.High : null, e.HasInterval ? e.Level : null, e.N, e.Groups, e.Method, e.Seed);

    static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
