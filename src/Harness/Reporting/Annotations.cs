using Vrp.Harness.Gating;
using Vrp.Harness.Ledgers;

namespace Vrp.Harness.Reporting;

/// <summary>GitHub annotations (workflow commands on standard output): what failed, the deciding ones first.</summary>
public static class Annotations
{
    /// <summary>GitHub shows ten of a kind per step; the rest would vanish without a word.</summary>
    public const int Most = 10;

    const int Longest = 1000;

    /// <summary>At most <see cref="Most"/> lines; the last one says how many more there are. None where nothing failed.</summary>
    public static IReadOnlyList<string> Lines(Report report)
    {
        (string Title, string Text)[] all = [.. Failures(report)];
        var shown = all.Length <= Most ? all : [.. all.Take(Most - 1), ("vrp: more", $"{all.Length - Most + 1} more failures; the report has all of them.")];
        return [.. shown.Select(each => $"::error title={Property(each.Title)}::{Data(each.Text)}")];
    }

    static IEnumerable<(string Title, string Text)> Failures(Report report)
    {
        if (report.Gate is { Outcome: not GateOutcome.Pass } gate)
        {
            yield return ($"vrp gate: {Headline.Outcome(gate.Outcome)}",
                string.Join("\n", gate.Reasons.DefaultIfEmpty($"{gate.Candidate} against {gate.Baseline}")));
            foreach (var metric in gate.Metrics.Where(metric => metric.Outcome == MetricOutcome.Regressed)) yield return ($"vrp gate: {metric.Name} regressed",
                metric.Reason);
        }

        foreach (var check in report.Checks.Where(check => check.Outcome != LedgerOutcome.AsExpected))
            yield return ($"{check.Claim}, {check.Subject}: {check.Found}, {(check.Entry is { } entry ? $"expected {entry.Expected}" : "not in the ledger")}",
                check.WouldSettle is null ? check.Reason : $"{check.Reason}\nWould settle it: {check.WouldSettle}");
    }

    static string Data(string text)
    {
        var valid = SafeJson.Valid(text).Replace('\0', '\uFFFD');
        if (valid.Length > Longest) valid = SafeJson.Valid(valid[..Longest]) + "…";
        return valid.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);
    }

    static string Property(string text) => Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
