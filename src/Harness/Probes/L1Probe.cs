using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>The sparse probe of claim sparse-probe: L1 logistic regression, same held-out protocol as <see cref="L2Probe"/>.</summary>
public static class L1Probe
{
    /// <summary>Chooses among the given layers (as a rule the L2 probe's and its neighbours) and penalties by inner folds, fits, and scores once.</summary>
    /// <param name="data">States, labels, groups.</param>
    /// <param name="split">Fitting and scored rows.</param>
    /// <param name="layers">Layers to choose from.</param>
    /// <param name="options">Penalties and folds.</param>
    /// <returns>The result (InnerAurocs by the given layers) and the path of the chosen layer, fitted on all fitting rows.</returns>
    /// <exception cref="OneClassException">A half or an inner fold of one class. NaN states: <see cref="NotFiniteException"/>.</exception>
    public static (ProbeResult Result, L1PathPoint[] Path) Run(ProbeData data, Split split, IReadOnlyList<int> layers, L1Options? options = null)
    {
        const string name = "L1 probe";
        options ??= L1Options.Default;
        data.Validate(name);
        Check.AtLeast(name, "layers", 1, layers.Count);
        Check.AtLeast(name, "penalties", 1, options.Multiples.Length);
        foreach (var (below, above) in options.Multiples.Zip(options.Multiples.Skip(1)))
            Check.Domain(name, "multiples", "ascending", above, above > below);
        var fitting = split.Fitting.ToArray();
        var labels = Split.Take<bool>(data.Labels, fitting);
        var folds = Folds.Assign(labels, data.Groups.Select(fitting), options.InnerFolds, options.Seed);
        for (var fold = 0; fold < options.InnerFolds; fold++) Check.BothClasses($"{name}, inner fold {fold}",
            [.. labels.Where((_, row) => folds[row] == fold)]);

        var columns = layers.Select(layer => Columns(data, layer, fitting)).ToArray();
        var smallest = columns.Select(layer => new L1Solver(layer, labels).SmallestC()).ToArray();
        var decisions = new double[layers.Count][][];   // [layer][penalty][fitting row], out of fold
        for (var l = 0; l < layers.Count; l++) decisions[l] = [.. options.Multiples.Select(_ => new double[fitting.Length])];
        InParallel.For(layers.Count * options.InnerFolds, task =>
        {
            var (layer, fold) = (task / options.InnerFolds, task % options.InnerFolds);
            int[] kept = [.. Enumerable.Range(0, fitting.Length).Where(row => folds[row] != fold)],
                held = [.. Enumerable.Range(0, fitting.Length).Where(row => folds[row] == fold)];
            var solver = new L1Solver(Rows(columns[layer], fitting.Length, kept), Split.Take<bool>(labels, kept));
            var heldColumns = Rows(columns[layer], fitting.Length, held);
            for (var k = 0; k < options.Multiples.Length; k++)
            {
                var (fit, _) = solver.Solve(options.Multiples[k] * smallest[layer], options.Tolerance, options.Models);
                var scores = Decisions(heldColumns, held.Length, fit);
                for (var i = 0; i < held.Length; i++) decisions[layer][k][held[i]] = scores[i];
            }
        });

        double[][] inner = [.. decisions.Select(byPenalty => byPenalty.Select(scores => Enumerable.Range(0, options.InnerFolds).Average(fold =>
        {
            int[] held = [.. Enumerable.Range(0, fitting.Length).Where(row => folds[row] == fold)];
            return Auroc.Value(Split.Take<bool>(labels, held), Split.Take<double>(scores, held));
        })).ToArray())];
        var (best, penalty) = (0, 0);
        for (var l = 0; l < inner.Length; l++)
            for (var k = 0; k < inner[l].Length; k++)
                if (inner[l][k] > inner[best][penalty]) (best, penalty) = (l, k);

        var final = new L1Solver(columns[best], labels);
        var path = new L1PathPoint[options.Multiples.Length];
        LogisticFit? chosen = null;
        for (var k = 0; k < path.Length; k++)
        {
            var (fit, violation) = final.Solve(options.Multiples[k] * smallest[best], options.Tolerance, options.Models);
            path[k] = new L1PathPoint(options.Multiples[k] * smallest[best], fit.Weights.Count(weight => weight != 0) / (double)fit.Weights.Length,
                inner[best][k], violation);
            if (k == penalty) chosen = fit;
        }

        var standardiser = Standardiser.Fit(data.Layer(layers[best]), data.States.Units, fitting);
        var probe = new LinearProbe(FormattableString.Invariant($"l1 C={path[penalty].C:G4}"), layers[best], path[penalty].C, chosen!.Weights, chosen.Intercept,
            standardiser, data.Groups, fitting);
        var heldOut = probe.Score(data, split.Scored);
        var crossFitted = new double[data.Labels.Length];
        for (var i = 0; i < fitting.Length; i++) crossFitted[fitting[i]] = decisions[best][penalty][i];
        for (var i = 0; i < heldOut.Rows.Length; i++) crossFitted[heldOut.Rows[i]] = heldOut.Scores[i];
        return (new ProbeResult(probe, heldOut, inner, options.Multiples, crossFitted), path);
    }

    /// <summary>The standardised fitting rows of a layer, column-major.</summary>
    static double[] Columns(ProbeData data, int layer, int[] fitting)
    {
        var x = data.Layer(layer);
        var units = data.States.Units;
        var z = Standardiser.Fit(x, units, fitting).Apply(x, fitting);
        var columns = new double[z.Length];
        for (var row = 0; row < fitting.Length; row++)
            for (var u = 0; u < units; u++) columns[u * fitting.Length + row] = z[row * units + u];
        return columns;
    }

    static double[] Rows(double[] columns, int rows, int[] kept)
    {
        var units = columns.Length / rows;
        var some = new double[units * kept.Length];
        for (var u = 0; u < units; u++)
            for (var i = 0; i < kept.Length; i++) some[u * kept.Length + i] = columns[u * rows + kept[i]];
        return some;
    }

    static double[] Decisions(double[] columns, int rows, LogisticFit fit)
    {
        var scores = new double[rows];
        Array.Fill(scores, fit.Intercept);
        for (var u = 0; u < fit.Weights.Length; u++)
            if (fit.Weights[u] != 0)
                for (var i = 0; i < rows; i++) scores[i] += fit.Weights[u] * columns[u * rows + i];
        return scores;
    }
}

/// <summary>How an L1 probe chooses.</summary>
/// <param name="Multiples">C as multiples of the smallest C at which any unit gets a weight, ascending.</param>
/// <param name="InnerFolds">Grouped, label-stratified folds of the fitting rows.</param>
/// <param name="Seed">Of the inner folds.</param>
/// <param name="Tolerance">Of the optimality conditions, in units of the penalty's slope, which is 1: 1e-2 settles which units are in but for those at the very
/// edge.</param>
/// <param name="Models">Quadratic models per fit at most. Strongly correlated units converge slowly; a fit that stops here is a classifier like any other, and
/// its path point says how far it came.</param>
public sealed record L1Options(double[] Multiples, int InnerFolds = 5, ulong Seed = 0, double Tolerance = 1e-2, int Models = 40)
{
    /// <summary>From a handful of units to a few hundred; beyond, a thousand rows are separated and the path only costs time.</summary>
    public static L1Options Default { get; } = new([1.2, 1.5, 2, 3, 4, 6, 9, 14, 20]);
}

/// <summary>One point of an L1 path.</summary>
/// <param name="C">Weight of the loss.</param>
/// <param name="NonZeroShare">Units with a weight, as a share of **all** units of the layer.</param>
/// <param name="InnerAuroc">Mean AUROC of the inner folds.</param>
/// <param name="Violation">Largest violation of the optimality conditions that is left, in units of the penalty's slope (1).</param>
public sealed record L1PathPoint(double C, double NonZeroShare, double InnerAuroc, double Violation);
