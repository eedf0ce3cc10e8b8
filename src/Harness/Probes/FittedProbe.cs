using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>A fitted probe. The one thing it can do with data is to score rows of groups that it was not fitted on: an in-sample score is a <see
/// cref="GroupLeakException"/>, not a number.</summary>
public abstract class FittedProbe
{
    readonly Groups groups;
    readonly bool[] usedGroups;

    private protected FittedProbe(string kind, int layer, Standardiser standardiser, Groups groups, ReadOnlySpan<int> fittingRows)
    {
        (Kind, Layer, Standardiser, this.groups) = (kind, layer, standardiser, groups);
        usedGroups = new bool[groups.Count];
        foreach (var row in fittingRows) usedGroups[groups.Of[row]] = true;
    }

    /// <summary>Kind and hyperparameters, for example "l2 C=0.01".</summary>
    public string Kind { get; }

    /// <summary>The layer it reads.</summary>
    public int Layer { get; }

    /// <summary>Mean and scale of the fitting rows.</summary>
    public Standardiser Standardiser { get; }

    /// <summary>Decision values (log-odds of "correct") of the rows.</summary>
    /// <exception cref="GroupLeakException">A row's group was fitted on.</exception>
    /// <exception cref="LengthMismatchException">Data whose groups are not those of the fit: a leak could not be seen.</exception>
    public HeldOutScores Score(ProbeData data, ReadOnlySpan<int> rows)
    {
        data.Validate("scoring a probe");
        if (!ReferenceEquals(data.Groups, groups)) throw new LengthMismatchException("scoring a probe",
            "groups (must be the very object of the fit, so that leaks show)", groups.Length, data.Groups.Length);
        Check.NotEmpty("scoring a probe", rows.Length);
        Check.SameLength("scoring a probe", "units", Standardiser.Mean.Length, data.States.Units);
        foreach (var row in rows)
            if (usedGroups[groups.Of[row]]) throw new GroupLeakException("scoring a probe", groups.Of[row]);
        var scores = new double[rows.Length];
        Decide(Standardiser.Apply(data.Layer(Layer), rows), scores);
        return new HeldOutScores(Kind, rows.ToArray(), scores, Split.Take<bool>(data.Labels, rows), data.Groups.Select(rows));
    }

    /// <summary>Decision values of standardised rows.</summary>
    private protected abstract void Decide(float[] z, double[] scores);
}

/// <summary>A probe, its one held-out scoring and how it was chosen.</summary>
/// <param name="Probe">The fitted probe.</param>
/// <param name="HeldOut">Scores of the scored half: intervals come from here.</param>
/// <param name="InnerAurocs">[layer][candidate]: mean AUROC of the inner folds of the fitting rows. For curves by layer; the largest is optimistic by having
/// been chosen.</param>
/// <param name="Candidates">The hyperparameter of each candidate (L2: C × units; L1: C as a multiple of the smallest that lets a unit in; trees: number of
/// trees).</param>
/// <param name="CrossFitted">By the data's rows: out-of-fold scores of the fitting rows, held-out scores of the others; none is in-sample, but the fitting rows
/// chose the candidate, so they serve to fit a fusion and not to be reported. Empty for permuted labels.</param>
public sealed record ProbeResult(FittedProbe Probe, HeldOutScores HeldOut, double[][] InnerAurocs, double[] Candidates, double[] CrossFitted)
{
    /// <summary>Largest inner AUROC of each layer.</summary>
    public double[] InnerByLayer => [.. InnerAurocs.Select(candidates => candidates.Max())];

    /// <summary>The linear probe, for probes that are one.</summary>
    public LinearProbe Linear => Probe as LinearProbe ?? throw new InvalidOperationException($"'{Probe.Kind}' is not a linear probe.");
}
