using System.Runtime.Intrinsics;
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

/// <summary>L1 logistic regression, min C·Σ log(1 + exp(−y f)) + |w|₁ with a free intercept: a quadratic model of the loss, minimised by coordinate descent
/// over the units that can move, and a line search (proximal Newton; Yuan, Ho and Lin 2012, "newGLMNET"). Keeps its solution, so that a path of growing C
/// starts each time from the last.</summary>
sealed class L1Solver
{
    const int Passes = 1000;

    readonly double[] columns;
    readonly bool[] labels;
    readonly int rows, units;
    readonly double[] weights, decision, slope, curve, gradient;
    double intercept;

    /// <param name="columns">Standardised units, column-major: unit u occupies [u·rows, (u+1)·rows).</param>
    /// <param name="labels">Per row, both classes.</param>
    public L1Solver(double[] columns, bool[] labels)
    {
        var (positives, negatives) = Check.BothClasses("L1 logistic regression", labels);
        (this.columns, this.labels, rows, units) = (columns, labels, labels.Length, columns.Length / labels.Length);
        (weights, gradient) = (new double[units], new double[units]);
        (decision, slope, curve) = (new double[rows], new double[rows], new double[rows]);
        intercept = Math.Log(positives / (double)negatives);
        Array.Fill(decision, intercept);
    }

    /// <summary>The smallest C at which a unit gets a weight: 1 / max_u |Σ_i x_iu (ȳ − y_i)|.</summary>
    /// <exception cref="ConstantInputException">No unit varies with the labels.</exception>
    public double SmallestC()
    {
        var share = labels.Count(label => label) / (double)rows;
        var residual = labels.Select(label => share - (label ? 1 : 0)).ToArray();
        var largest = 0.0;
        for (var u = 0; u < units; u++) largest = Math.Max(largest, Math.Abs(Dot(Column(u), residual)));
        return largest > 0 ? 1 / largest : throw new ConstantInputException("L1 path", "every unit");
    }

    /// <summary>Solves at C from where the last call ended, with at most so many quadratic models. The caller decides what an unmet tolerance means: a path
    /// goes on and states what it reached.</summary>
    /// <returns>The fit and the largest violation of its optimality conditions.</returns>
    public (LogisticFit Fit, double Violation) Solve(double c, double tolerance, int models)
    {
        var objective = Objective(c, decision, weights);
        var (step, change) = (new double[units], new double[rows]);
        for (var model = 0; ; model++)
        {
            var violation = Linearise(c, out var interceptGradient);
            if (violation <= tolerance || model == models) return (new LogisticFit([.. weights], intercept, objective), violation);

            Array.Clear(step);
            Array.Clear(change);
            // Units at rest whose gradient is well inside the penalty's slope cannot move to first order; one that is needed after all shows up as a violation
            // next time.
            int[] candidates = [.. Enumerable.Range(0, units).Where(u => weights[u] != 0 || Math.Abs(gradient[u]) > 0.95)];
            var interceptStep = Descend(c, candidates, step, change, interceptGradient, 0.03 * violation);

            var decrease = interceptGradient * interceptStep;
            foreach (var u in candidates) decrease += gradient[u] * step[u] + Math.Abs(weights[u] + step[u]) - Math.Abs(weights[u]);
            var scale = 1.0;
            var (trialDecision, trialWeights) = (new double[rows], new double[units]);
            while (true)
            {
                for (var i = 0; i < rows; i++) trialDecision[i] = decision[i] + scale * change[i];
                for (var u = 0; u < units; u++) trialWeights[u] = weights[u] + scale * step[u];
                var trial = Objective(c, trialDecision, trialWeights);
                // The rounding of the objective: closer than that, a full step of the model is better than any comparison.
                if (trial <= objective + 0.01 * scale * decrease + 1e-15 * objective || scale < 1e-12)
                {
                    (objective, intercept) = (trial, intercept + scale * interceptStep);
                    trialDecision.CopyTo(decision, 0);
                    trialWeights.CopyTo(weights, 0);
                    break;
                }

                scale /= 2;
            }
        }
    }

    /// <summary>Loss derivatives at f, the gradient of every unit, and the largest violation of the optimality conditions.</summary>
    double Linearise(double c, out double interceptGradient)
    {
        interceptGradient = 0;
        for (var i = 0; i < rows; i++)
        {
            var p = 1 / (1 + Math.Exp(-decision[i]));
            slope[i] = c * (p - (labels[i] ? 1 : 0));
            curve[i] = c * p * (1 - p);
            interceptGradient += slope[i];
        }

        var violation = Math.Abs(interceptGradient);
        for (var u = 0; u < units; u++)
        {
            gradient[u] = Dot(Column(u), slope);
            violation = Math.Max(violation, weights[u] switch
            {
                > 0 => Math.Abs(gradient[u] + 1),
                < 0 => Math.Abs(gradient[u] - 1),
                _ => Math.Abs(gradient[u]) - 1,
            });
        }

        return violation;
    }

    /// <summary>Coordinate descent on the quadratic model until no coordinate's gradient moves by more than the tolerance; returns the intercept's step. The
    /// intercept is minimised out of every step (columns act as if centred by the curvature), because as a coordinate of its own it is coupled to all others
    /// and slows them down.</summary>
    double Descend(double c, int[] candidates, double[] step, double[] change, double interceptGradient, double tolerance)
    {
        var total = curve.Sum() + 1e-12 * c;
        var centre = candidates.Select(u => Dot(Column(u), curve) / total).ToArray();
        var curvature = candidates.Select((u, k) => Math.Max(0, Weighted(Column(u), Column(u)) - total * centre[k] * centre[k]) + 1e-12 * c).ToArray();
        var interceptStep = -interceptGradient / total;
        Array.Fill(change, interceptStep);
        // After a pass over all candidates only those with a weight are gone over until they rest, then all once more: most candidates stay at 0.
        var everyone = true;
        for (var pass = 0; pass < Passes; pass++)
        {
            var moved = 0.0;
            for (var k = 0; k < candidates.Length; k++)
            {
                var u = candidates[k];
                var at = weights[u] + step[u];
                if (at == 0 && !everyone) continue;
                double shrink = 1 / curvature[k], target = at - (gradient[u] + Weighted(Column(u), change)) * shrink;
                var next = target > shrink ? target - shrink : target < -shrink ? target + shrink : 0;
                var move = next - at;
                if (move == 0) continue;
                step[u] += move;
                interceptStep -= move * centre[k];
                AddScaled(change, Column(u), move, -move * centre[k]);
                moved = Math.Max(moved, Math.Abs(move) * curvature[k]);
            }

            if (moved <= tolerance && everyone) break;
            everyone = moved <= tolerance;
        }

        return interceptStep;
    }

    double Objective(double c, double[] f, double[] w)
    {
        double loss = 0, norm = 0;
        for (var i = 0; i < rows; i++)
        {
            var margin = labels[i] ? f[i] : -f[i];
            loss += margin > 0 ? Math.Log(1 + Math.Exp(-margin)) : -margin + Math.Log(1 + Math.Exp(margin));
        }

        foreach (var weight in w) norm += Math.Abs(weight);
        return c * loss + norm;
    }

    ReadOnlySpan<double> Column(int unit) => columns.AsSpan(unit * rows, rows);

    // Sums run in eight fixed lanes (two registers of four), not in as many as the processor has: the same figures everywhere.
    double Weighted(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Vector256<double> low = default, high = default;
        var i = 0;
        for (; i <= a.Length - 8; i += 8)
        {
            low += Vector256.Create(a.Slice(i, 4)) * Vector256.Create(b.Slice(i, 4)) * Vector256.Create(curve, i);
            high += Vector256.Create(a.Slice(i + 4, 4)) * Vector256.Create(b.Slice(i + 4, 4)) * Vector256.Create(curve, i + 4);
        }

        var sum = Total(low + high);
        for (; i < a.Length; i++) sum += a[i] * b[i] * curve[i];
        return sum;
    }

    static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Vector256<double> low = default, high = default;
        var i = 0;
        for (; i <= a.Length - 8; i += 8)
        {
            low += Vector256.Create(a.Slice(i, 4)) * Vector256.Create(b.Slice(i, 4));
            high += Vector256.Create(a.Slice(i + 4, 4)) * Vector256.Create(b.Slice(i + 4, 4));
        }

        var sum = Total(low + high);
        for (; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    static double Total(Vector256<double> lanes) => lanes.GetElement(0) + lanes.GetElement(1) + (lanes.GetElement(2) + lanes.GetElement(3));

    static void AddScaled(Span<double> to, ReadOnlySpan<double> from, double factor, double offset)
    {
        var i = 0;
        for (; i <= to.Length - 4; i += 4)
            (Vector256.Create<double>(to.Slice(i, 4)) + (factor * Vector256.Create(from.Slice(i, 4)) + Vector256.Create(offset))).CopyTo(to[i..]);
        for (; i < to.Length; i++) to[i] += factor * from[i] + offset;
    }
}
