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
        if (report.Preview) return [];
        (string Title, string Text)[] all = [.. Failures(report)];
        var shown = all.Length <= Most ? all : [.. all.Take(Most - 1), ("vrp: more", $"{all.Length - Most + 1} more failures; the report has all of them.")];
        return [.. shown.Select(each => $"::error title={Property(each.Title)}::{Data(each.Text)}")];
    }

    static IEnumerable<(string Title, string Text)> Failures(Report report)
    {
        var headline = Headline.Of(report);
        if (headline.Good == false && report.Gate is { } gate) yield return ($"vrp gate: {headline.Word}",
            $"{headline.Text} ({gate.Candidate} against {gate.Baseline})");
        foreach (var each in headline.Differences)
            yield return (each.Title, string.Join('\n', new[] { each.Reason, each.Settle is null ? "" : $"To decide it: {each.Settle}" }
                .Where(line => line.Length > 0).DefaultIfEmpty(each.What)));
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
