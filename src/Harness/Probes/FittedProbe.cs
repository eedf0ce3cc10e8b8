using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>A fitted probe. The one thing it can do with data is to score rows of groups that it was not fitted on: an in-sample score is a <see cref="GroupLeakException"/>, not a number.</summary>
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
        if (!ReferenceEquals(data.Groups, groups)) throw new LengthMismatchException("scoring a probe", "groups (must be the very object of the fit, so that leaks show)", groups.Length, data.Groups.Length);
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
