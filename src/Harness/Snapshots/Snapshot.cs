using System.Text.Json.Nodes;
using Vrp.Harness.Claims;

namespace Vrp.Harness.Snapshots;

/// <summary>Content that is held against a verified file.</summary>
public interface ISnapshot
{
    /// <summary>The received file, byte for byte.</summary>
    string Text { get; }

    /// <summary>What a reviewer has to see.</summary>
    /// <param name="verified">The verified file's text.</param>
    /// <param name="rules">Profile of this run, share and floors.</param>
    SnapshotDifferences Differences(string verified, SnapshotRules rules);
}

/// <summary>One claim's outcome for one subject: the verdict, the published form's outcome, and every metric of the claim, one a line.
/// Reasons are left out: they are sentences about these numbers, and would differ with the last digit.</summary>
/// <param name="Claim">Id of the claim.</param>
/// <param name="Subject">The model, or "all".</param>
/// <param name="Data">The question set.</param>
/// <param name="Verdict">By the judged form.</param>
/// <param name="Published">holds, fails or not asserted.</param>
/// <param name="Kernels">What the arithmetic of the run was done with (<see cref="SnapshotProfile.Kernels"/>): for the reader of a difference, never
/// compared.</param>
/// <param name="Metrics">By name.</param>
/// <remarks>The verified files follow Verify's conventions (github.com/VerifyTests/Verify: names, received and verified, New/NotEqual/Delete/Equal) in code of
/// our own, because Verify compares texts: it has no numeric tolerance, and figures of a model differ between processors in their last digits.</remarks>
public sealed record Snapshot(string Claim, string Subject, string Data, Verdict Verdict, string Published, string Kernels,
    IReadOnlyDictionary<string, SnapshotMetric> Metrics) : ISnapshot
{
    /// <summary>Of a claim of a stored study.</summary>
    /// <exception cref="SnapshotException">The study did not judge the claim, or a number in it is not finite.</exception>
    public static Snapshot Of(StudyResult study, string claim, string kernels)
    {
        var verdict = study.Verdicts.FirstOrDefault(v => v.Claim == claim)
            ?? throw new SnapshotException($"{study.Subject} has no verdict on {claim}: expected one of "
                + $"{string.Join(", ", study.Verdicts.Select(v => v.Claim))}.");
        return Of(study.Subject, study.Data, verdict, Rows(study, verdict), kernels);
    }

    /// <summary>Of a verdict and its rows, for example those of a comparison of all subjects.</summary>
    /// <exception cref="SnapshotException">A number is not finite, or two rows have one name.</exception>
    public static Snapshot Of(string subject, string data, ClaimResult verdict, IEnumerable<StudyEstimate> rows, string kernels)
    {
        var metrics = new SortedDictionary<string, SnapshotMetric>(StringComparer.Ordinal);
        foreach (var row in rows)
            if (!metrics.TryAdd(SnapshotMetric.Name(row), SnapshotMetric.Of(row)))
                throw new SnapshotException($"{verdict.Claim} of {subject} has two rows named {SnapshotMetric.Name(row)}.");
        return new(verdict.Claim, subject, data, verdict.Verdict, verdict.Published.Word, kernels, metrics);
    }

    /// <summary>The rows that decide a claim's verdict, and those shown next to a figure that the study prints. The other rows (inner folds, p-values, chosen
    /// heads, needed n) jump where a rounding decides; metrics.json has them all.</summary>
    internal static IEnumerable<StudyEstimate> Rows(StudyResult study, ClaimResult verdict)
    {
        var claim = ClaimRegistry.Get(verdict.Claim);
        var printed = claim.Figures.Select(figure => figure.Ours(claim, study.Estimates, study.ModelFamily, study.Layers)).OfType<StudyEstimate>();
        return verdict.Deciding.Concat(printed).DistinctBy(SnapshotMetric.Name);
    }

    /// <inheritdoc/>
    public string Text => SnapshotText.Of(new Dictionary<string, JsonNode?>
    {
        ["claim"] = Claim, ["subject"] = Subject, ["data"] = Data, ["verdict"] = Verdict.ToString(), ["published"] = Published, ["kernels"] = Kernels,
    }, "metrics", Metrics.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value.ToJson())));

    /// <summary>Reads one back.</summary>
    /// <exception cref="SnapshotException">Not a snapshot of this schema; the message does not name the file.</exception>
    public static Snapshot Parse(string text) => SnapshotText.Read(text, root =>
        new Snapshot(Field(root, "claim"), Field(root, "subject"), Field(root, "data"),
        Enum.TryParse<Verdict>(Field(root, "verdict"), out var verdict)
            && Enum.IsDefined(verdict) ? verdict : throw new FormatException($"no verdict \"{Field(root, "verdict")}\""),
        Field(root, "published"), Field(root, "kernels"),
        new SortedDictionary<string, SnapshotMetric>(
            root["metrics"]!.AsObject().ToDictionary(pair => pair.Key, pair => SnapshotMetric.Read(pair.Value!)), StringComparer.Ordinal)));

    static string Field(JsonNode root, string name) => SnapshotText.Word(root[name], name);

    /// <inheritdoc/>
    public SnapshotDifferences Differences(string verified, SnapshotRules rules)
    {
        var was = Parse(verified);
        var (lines, notes, changes, moved) = (new List<string>(), new List<string>(), new List<MetricChange>(), new List<double>());
        foreach (var (field, before, after) in new[]
        {
            ("claim", was.Claim, Claim), ("subject", was.Subject, Subject), ("data", was.Data, Data),
                ("verdict", was.Verdict.ToString(), Verdict.ToString()), ("published form", was.Published, Published),
        })
            if (before != after) lines.Add($"{field}: was {before}, is {after}");

        var others = OtherLayers(was, rules);
        notes.AddRange(others.Select(pair => $"{pair.Key} is now {pair.Value}: a choice that no noise run has shown to be stable, so neither is judged"));
        foreach (var name in was.Metrics.Keys.Union(Metrics.Keys).Except(others.Keys).Except(others.Values).Order(StringComparer.Ordinal))
        {
            var (before, after) = (was.Metrics.GetValueOrDefault(name), Metrics.GetValueOrDefault(name));
            if (before is null) changes.Add(new(name, "line", "absent", SnapshotNumber.Text(after!.Value), "", "same", ""));
            else if (after is null) changes.Add(new(name, "line", SnapshotNumber.Text(before.Value), "absent", "", "same", ""));
            else if (rules.Tolerances.For(rules.Profile, SnapshotMetric.Family(Claim, name), before) is { } allowance)
            {
                var own = MetricChange.Between(name, before, after, allowance).ToArray();
                changes.AddRange(own);
                if (own.Length == 0 && MetricChange.Share(before, after, allowance) is > 0 and var share) moved.Add(share);
            }
            else if (before != after)
                notes.Add($"{name}: was {SnapshotNumber.Text(before.Value)}, is {SnapshotNumber.Text(after.Value)}: "
                    + "a count or choice that no noise run has shown to be stable, so it is not judged");
        }

        lines.AddRange(Table(changes));
        if (lines.Count == 0) return new(lines, notes);
        if (moved.Count > 0)
            lines.Add(FormattableString.Invariant($"{moved.Count} other metrics moved within what is allowed, by up to {moved.Max():0%} of it"));
        lines.Add(was.Kernels == Kernels ? $"kernels: {Kernels}, as when it was verified" : $"kernels: verified under {was.Kernels}; this run under {Kernels}");
        return new(lines, notes);
    }

    /// <summary>Verified lines that are gone, each with a new one of the same name but for the layer, where which layers are chosen is not known to be
    /// stable.</summary>
    Dictionary<string, string> OtherLayers(Snapshot was, SnapshotRules rules)
    {
        if (rules.Tolerances.Floor(rules.Profile, SnapshotTolerances.Lines) is not null) return [];
        var appeared = Metrics.Keys.Except(was.Metrics.Keys).ToLookup(SnapshotMetric.WithoutLayer);
        return was.Metrics.Keys.Except(Metrics.Keys).GroupBy(SnapshotMetric.WithoutLayer)
            .SelectMany(gone => gone.Zip(appeared[gone.Key])).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    static IEnumerable<string> Table(IReadOnlyList<MetricChange> changes)
    {
        if (changes.Count == 0) return [];
        string[][] rows = [["metric", "field", "was", "is", "difference", "allowed", "by"],
            .. changes.Select(c => new[] { c.Metric, c.Field, c.Was, c.Is, c.Difference, c.Allowed, c.Rule })];
        // Methods are sentences: they do not widen the columns.
        var widths = Enumerable.Range(0, 7).Select(column => rows.Where(row => row[1] is not "method").Max(row => row[column].Length)).ToArray();
        return rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
