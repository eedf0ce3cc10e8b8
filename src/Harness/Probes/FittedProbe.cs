using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>A fitted probe. The one thing it can do with data is to score rows of groups that it was not fitted on: an in-sample score is a
/// <see cref="GroupLeakException"/>, not a number.</summary>
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

/// <summary>f = w·z + b.</summary>
public sealed class LinearProbe : FittedProbe
{
    internal LinearProbe(string kind, int layer, double c, double[] weights, double intercept, Standardiser standardiser, Groups groups,
        ReadOnlySpan<int> fittingRows)
        : base(kind, layer, standardiser, groups, fittingRows) => (C, Weights, Intercept) = (c, weights, intercept);

    /// <summary>Penalty: weight of the loss, as in scikit-learn.</summary>
    public double C { get; }

    /// <summary>Per standardised unit. |Weights[u]| is |weight × standard deviation| in raw units: the ranking of the ablation's units.</summary>
    public double[] Weights { get; }

    /// <summary>b.</summary>
    public double Intercept { get; }

    /// <summary>Share of all units with a weight other than 0 (|w| &gt; 1e-8).</summary>
    public double NonZeroShare => Weights.Count(weight => Math.Abs(weight) > 1e-8) / (double)Weights.Length;

    /// <summary>Units by |weight| in standardised units, largest first, ties to the lower index.</summary>
    public int[] RankedUnits() => Ranks.OrderDescending([.. Weights.Select(Math.Abs)]);

    private protected override void Decide(float[] z, double[] scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            var sum = Intercept;
            var row = z.AsSpan(i * Weights.Length, Weights.Length);
            for (var u = 0; u < Weights.Length; u++) sum += Weights[u] * row[u];
            scores[i] = sum;
        }
    }
}

/// <summary>States, labels and groups of the same rows: all that a probe sees.</summary>
/// <param name="States">Layers.</param>
/// <param name="Labels">True = the answer was correct.</param>
/// <param name="Groups">The image of each row.</param>
public sealed record ProbeData(ILayerStates States, bool[] Labels, Groups Groups)
{
    /// <summary>Throws where lengths differ, a class is missing or the states are empty.</summary>
    internal void Validate(string operation)
    {
        Check.NotEmpty(operation, Labels.Length);
        Check.SameLength(operation, "states", Labels.Length, States.Rows);
        Check.SameLength(operation, "groups", Labels.Length, Groups.Length);
        Check.AtLeast(operation, "units", 1, States.Units);
        Check.BothClasses(operation, Labels);
    }

    /// <summary>One layer, checked for NaN.</summary>
    internal float[] Layer(int layer)
    {
        var values = new float[checked(States.Rows * States.Units)];
        States.Read(layer, values);
        Check.Finite($"states of layer {layer}", "state", values);
        return values;
    }
}

/// <summary>Scores of rows whose images the probe never saw. Only <see cref="FittedProbe.Score"/> makes them; every reported figure of a probe comes from
/// here.</summary>
public sealed class HeldOutScores
{
    internal HeldOutScores(string probe, int[] rows, double[] scores, bool[] labels, Groups groups) =>
        (Probe, Rows, Scores, Labels, Groups) = (probe, rows, scores, labels, groups);

    /// <summary>The probe's kind.</summary>
    public string Probe { get; }

    /// <summary>Row numbers in the data.</summary>
    public int[] Rows { get; }

    /// <summary>Log-odds of "correct".</summary>
    public double[] Scores { get; }

    /// <summary>Labels of the rows.</summary>
    public bool[] Labels { get; }

    /// <summary>Groups of the rows.</summary>
    public Groups Groups { get; }

    /// <summary>AUROC with Obuchowski's clustered interval: the judging figure.</summary>
    /// <exception cref="OneClassException">One class only. Fewer than two groups with a class: <see cref="TooFewException"/>.</exception>
    public Estimate Auroc(double level = 0.95) => ClusteredAuroc.Interval(Labels, Scores, Groups, level);

    /// <summary>AUROC with the image-clustered percentile bootstrap, for comparison.</summary>
    /// <exception cref="OneClassException">One class only.</exception>
    public Estimate AurocBootstrap(int draws = 10_000, ulong seed = 0, double level = 0.95) =>
        new ClusteredBootstrap(Groups, draws, seed).Percentile(GroupStatistics.Auroc(Labels, Scores, Groups), level);

    /// <summary>Share of rows whose sign of score is their label (p ≥ ½ = "correct"), with the clustered t interval.</summary>
    /// <exception cref="TooFewException">Fewer than two groups.</exception>
    public Estimate Accuracy(double level = 0.95) =>
        ClusteredMean.Interval([.. Scores.Zip(Labels, (score, label) => score >= 0 == label ? 1.0 : 0.0)], Groups, level);

    /// <summary>Accuracy of always saying the commoner label of these rows: what an accuracy must be held against.</summary>
    public double MajorityAccuracy => Math.Max(Labels.Count(label => label), Labels.Count(label => !label)) / (double)Labels.Length;

    /// <summary>The rows for which <paramref name="keep"/> (indexed by the data's row numbers) holds, for example predicted "yes".</summary>
    /// <exception cref="EmptyInputException">No row is left.</exception>
    public HeldOutScores Where(Func<int, bool> keep)
    {
        int[] kept = [.. Enumerable.Range(0, Rows.Length).Where(i => keep(Rows[i]))];
        Check.NotEmpty("held-out rows of a kind", kept.Length);
        return new HeldOutScores(Probe, Split.Take<int>(Rows, kept), Split.Take<double>(Scores, kept), Split.Take<bool>(Labels, kept), Groups.Select(kept));
    }

    /// <summary>AUROC of these scores minus that of another score of the same rows (first-token confidence), paired, after Obuchowski.</summary>
    /// <param name="other">By the data's row numbers.</param>
    /// <param name="level">Level.</param>
    /// <exception cref="NotFiniteException">The other score is missing for a row.</exception>
    public (Estimate Difference, double P) GainOver(IReadOnlyList<double> other, double level = 0.95) =>
        ClusteredAuroc.Paired(Labels, Scores, [.. Rows.Select(row => other[row])], Groups, level);
}

/// <summary>z = (x − mean)/scale per unit, by the fitting rows alone (scikit-learn: StandardScaler; standard deviation with divisor n, 1 for a unit that does
/// not vary).</summary>
/// <param name="Mean">Per unit.</param>
/// <param name="Scale">Per unit, &gt; 0.</param>
public sealed record Standardiser(double[] Mean, double[] Scale)
{
    /// <summary>Leaves values as they are.</summary>
    internal static Standardiser None(int units)
    {
        var scale = new double[units];
        Array.Fill(scale, 1);
        return new Standardiser(new double[units], scale);
    }

    /// <summary>From some of the rows of a row-major matrix.</summary>
    internal static Standardiser Fit(ReadOnlySpan<float> x, int units, ReadOnlySpan<int> rows)
    {
        var (mean, scale) = (new double[units], new double[units]);
        foreach (var row in rows)
        {
            var values = x.Slice(row * units, units);
            for (var u = 0; u < units; u++) mean[u] += values[u];
        }

        for (var u = 0; u < units; u++) mean[u] /= rows.Length;
        foreach (var row in rows)
        {
            var values = x.Slice(row * units, units);
            for (var u = 0; u < units; u++)
            {
                var d = values[u] - mean[u];
                scale[u] += d * d;
            }
        }

        for (var u = 0; u < units; u++)
        {
            scale[u] = Math.Sqrt(scale[u] / rows.Length);
            // Rounding of the mean leaves a constant unit a deviation of a few 1e-16 of its size: that is 0.
            if (scale[u] <= 1e-12 * Math.Abs(mean[u]) || scale[u] == 0) scale[u] = 1;
        }

        return new Standardiser(mean, scale);
    }

    /// <summary>Some of the rows, standardised, [rows.Length × units].</summary>
    internal float[] Apply(ReadOnlySpan<float> x, ReadOnlySpan<int> rows)
    {
        var units = Mean.Length;
        var z = new float[checked(rows.Length * units)];
        for (var i = 0; i < rows.Length; i++)
        {
            var values = x.Slice(rows[i] * units, units);
            for (var u = 0; u < units; u++) z[i * units + u] = (float)((values[u] - Mean[u]) / Scale[u]);
        }

        return z;
    }
}
