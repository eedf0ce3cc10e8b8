using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims;

/// <summary>Collects the rows, notes and published outcome of one claim while it is judged, and keeps them where judging stops with an error.</summary>
sealed class ClaimRun(Claim claim, StudyContext study)
{
    readonly List<StudyEstimate> rows = [], deciding = [];

    public Claim Claim => claim;

    public StudyContext Study => study;

    public StudyOptions Options => study.Options;

    public IReadOnlyList<StudyEstimate> Rows => rows;

    public IReadOnlyList<StudyEstimate> Deciding => deciding;

    public List<string> Notes { get; } = [];

    public PublishedOutcome? Outcome { get; private set; }

    /// <summary>Adds a row and gives its estimate back.</summary>
    /// <exception cref="NotRunException">The value or an end is not finite: it never becomes a row.</exception>
    public Estimate Add(string measure, Estimate estimate, string kind = "all", int? layer = null, string? arm = null)
    {
        if (!double.IsFinite(estimate.Value) || !double.IsFinite(estimate.Low) || !double.IsFinite(estimate.High))
            throw new NotRunException($"{claim.Id}: {measure} ({kind}{(layer is { } l ? $", layer {l}" : "")}{(arm is null ? "" : $", {arm}")}) is not a "
                + $"number: {estimate}.");
        rows.Add(new StudyEstimate(claim.Id, measure, kind, layer, arm, estimate));
        return estimate;
    }

    /// <summary>Adds a row that decides the verdict.</summary>
    public Estimate Decisive(string measure, Estimate estimate, string kind = "all", int? layer = null, string? arm = null)
    {
        Add(measure, estimate, kind, layer, arm);
        deciding.Add(rows[^1]);
        return estimate;
    }

    /// <summary>A figure without an interval.</summary>
    public void Point(string measure, double value, int n, int groups, string method, string kind = "all", int? layer = null, string? arm = null,
        ulong? seed = null) =>
        Add(measure, Estimate.Point(value, n, groups, method, seed), kind, layer, arm);

    /// <summary>Records the published form's outcome.</summary>
    public void Published(bool? holds, string found) => Outcome = new PublishedOutcome(claim.PublishedForm, holds, found);

    /// <summary>Measures every stratum. Kinds with too few rows, or with one class in a part, are left out and named in the notes.</summary>
    /// <exception cref="NotRunException">No kind is left.</exception>
    public List<(Stratum Stratum, T Value)> PerKind<T>(Func<Stratum, T> body)
    {
        var results = new List<(Stratum, T)>();
        var left = new List<string>(study.LeftOut);
        foreach (var stratum in study.Strata)
        {
            try
            {
                results.Add((stratum, body(stratum)));
            }
            catch (StatisticsException error) when (error is OneClassException or TooFewException or ConstantInputException)
            {
                left.Add($"{stratum.Name}: {error.Message}");
            }
        }

        Notes.AddRange(left.Select(reason => $"left out: {reason}"));
        return results.Count > 0 ? results : throw new NotRunException("no question kind can be measured: "
            + $"{string.Join("; ", left.DefaultIfEmpty("there are no rows"))}");
    }
}
