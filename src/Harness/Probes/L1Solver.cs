using System.Runtime.Intrinsics;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

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
