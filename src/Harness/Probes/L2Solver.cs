using System.Buffers;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>Many L2 logistic regressions over one Gram matrix at once: folds × penalties × label permutations advance together, so that K is read once per step
/// for all of them.</summary>
/// <remarks>Truncated Newton (Lin, Weng and Keerthi 2008) on the primal objective, with w = Zᵀα never formed: a vector v in weight space is held as
/// coefficients a with v = Zᵀa together with s = Ka, so inner products are a·s and each conjugate-gradient step costs one product with K. The intercept is
/// eliminated from the Newton system: H = I + C Zᵀ(D − dd'/Σd)Z. Armijo line search. A problem leaves when its gradient is below the tolerance of its start, or
/// when the decrease left is below float64's reach.</remarks>
static class L2Solver
{
    const int NewtonSteps = 200;

    /// <summary>Solves all problems.</summary>
    /// <param name="gram">K.</param>
    /// <param name="problems">In any order; each is solved as if alone, whatever the others are.</param>
    /// <param name="tolerance">Gradient norm relative to the start's. 1e-3 fixes an AUROC to its fourth digit, 1e-8 the objective to float64.</param>
    /// <exception cref="OneClassException">A problem's fitted rows have one class.</exception>
    /// <exception cref="NotConvergedException">The tolerance was not reached.</exception>
    public static L2Solution[] Solve(GramOperator gram, IReadOnlyList<L2Problem> problems, double tolerance = 1e-8)
    {
        var states = problems.Select(problem => new State(problem, gram.Rows)).ToArray();
        var active = states.ToList();
        var vectors = new double[(long)active.Count * gram.Rows];
        var products = new double[vectors.Length];
        for (var step = 0; active.Count > 0; step++)
        {
            if (step == NewtonSteps) throw new NotConvergedException("L2 logistic regression", NewtonSteps, tolerance,
                active.Max(state => state.RelativeGradient));
            Product(active, state => state.Residual, state => state.ResidualImage);
            foreach (var state in active) state.BeginNewton();
            active.RemoveAll(state => state.IsConverged(tolerance));

            for (var inner = active.ToList(); inner.Count > 0; inner.RemoveAll(state => state.InnerDone))
            {
                foreach (var state in inner) state.Curve();
                Product(inner, state => state.Curved, state => state.CurvedImage);
                foreach (var state in inner) state.StepInner();
            }

            foreach (var state in active) state.Move();
            active.RemoveAll(state => state.IsStationary);
        }

        return [.. states.Select(state => state.Solution())];

        void Product(List<State> of, Func<State, double[]> from, Func<State, double[]> to)
        {
            var rows = gram.Rows;
            for (var i = 0; i < of.Count; i++) from(of[i]).CopyTo(vectors, (long)i * rows);
            gram.Apply(vectors.AsSpan(0, of.Count * rows), of.Count, products);
            for (var i = 0; i < of.Count; i++) products.AsSpan(i * rows, rows).CopyTo(to(of[i]));
        }
    }

    sealed class State
    {
        /// <summary>Conjugate-gradient steps per Newton step at most; the line search makes use of whatever was reached.</summary>
        const int InnerSteps = 250;

        /// <summary>Newton steps in a row without a decrease after which the objective is at its float64 minimum.</summary>
        const int Stalls = 3;

        readonly L2Problem problem;
        readonly int[] fitted;
        readonly double[] alpha, image, loss1, loss2, delta, deltaImage, direction, directionImage;
        double intercept, objective, slopeSum, curveSum, start = -1, gradient, innerStart, inner, forcing;
        int innerSteps, stalled;

        public State(L2Problem problem, int rows)
        {
            this.problem = problem;
            fitted = [.. Enumerable.Range(0, rows).Where(row => problem.Fitted[row])];
            var positives = fitted.Count(row => problem.Labels[row]);
            if (positives == 0 || positives == fitted.Length) throw new OneClassException("L2 logistic regression", positives, fitted.Length - positives);
            (alpha, image, loss1, loss2) = (new double[rows], new double[rows], new double[rows], new double[rows]);
            (delta, deltaImage, direction, directionImage) = (new double[rows], new double[rows], new double[rows], new double[rows]);
            (Residual, ResidualImage, Curved, CurvedImage) = (new double[rows], new double[rows], new double[rows], new double[rows]);
            intercept = Math.Log(positives / (double)(fitted.Length - positives));
            Linearise();
        }

        /// <summary>a of the residual −∇ (intercept eliminated), and Ka.</summary>
        public double[] Residual { get; }

        public double[] ResidualImage { get; }

        /// <summary>t = (D − dd'/Σd)·K·direction, and Kt.</summary>
        public double[] Curved { get; }

        public double[] CurvedImage { get; }

        public double RelativeGradient => gradient / start;

        public bool InnerDone { get; private set; }

        public bool IsStationary { get; private set; }

        public bool IsConverged(double tolerance) => gradient <= tolerance * start;

        public void BeginNewton()
        {
            inner = innerStart = Math.Max(0, Dot(Residual, ResidualImage));
            gradient = Math.Sqrt(inner + Math.Pow(problem.C * slopeSum, 2));
            if (start < 0) start = Math.Max(gradient, double.Epsilon);
            forcing = Math.Min(0.1, Math.Sqrt(gradient / start));
            Array.Clear(delta);
            Array.Clear(deltaImage);
            Residual.CopyTo(direction, 0);
            ResidualImage.CopyTo(directionImage, 0);
            innerSteps = 0;
            InnerDone = false;
        }

        public void Curve()
        {
            var projected = 0.0;
            foreach (var row in fitted) projected += loss2[row] * directionImage[row];
            projected /= curveSum;
            foreach (var row in fitted) Curved[row] = loss2[row] * (directionImage[row] - projected);
        }

        public void StepInner()
        {
            var c = problem.C;
            var curvature = Dot(direction, directionImage) + c * Dot(directionImage, Curved);
            if (!(curvature > 0))
            {
                InnerDone = true;
                return;
            }

            var step = inner / curvature;
            for (var i = 0; i < delta.Length; i++)
            {
                delta[i] += step * direction[i];
                deltaImage[i] += step * directionImage[i];
                Residual[i] -= step * (direction[i] + c * Curved[i]);
                ResidualImage[i] -= step * (directionImage[i] + c * CurvedImage[i]);
            }

            var next = Dot(Residual, ResidualImage);
            InnerDone = !(next > forcing * forcing * innerStart) || ++innerSteps == InnerSteps;
            var turn = next / inner;
            inner = next;
            for (var i = 0; i < direction.Length; i++)
            {
                direction[i] = Residual[i] + turn * direction[i];
                directionImage[i] = ResidualImage[i] + turn * directionImage[i];
            }
        }

        public void Move()
        {
            double change = slopeSum, descent = 0;
            foreach (var row in fitted)
            {
                change += loss2[row] * deltaImage[row];
                descent += (alpha[row] + problem.C * loss1[row]) * deltaImage[row];
            }

            change = -change / curveSum;
            descent += problem.C * slopeSum * change;
            var before = objective;
            // What is left to gain is below the rounding of the objective: further steps change nothing.
            if (!(descent < -1e-15 * Math.Abs(before)))
            {
                IsStationary = true;
                return;
            }

            var step = 1.0;
            for (; step > 1e-10; step /= 2)
                if (Value(step, change) <= before + 1e-4 * step * descent) break;
            if (step <= 1e-10)
            {
                IsStationary = true;
                return;
            }

            for (var i = 0; i < alpha.Length; i++)
            {
                alpha[i] += step * delta[i];
                image[i] += step * deltaImage[i];
            }

            intercept += step * change;
            Linearise();
            // Steps that promise a decrease and, time after time, bring none that the rounding of a sum of losses would show: features of a few distinct values
            // end so.
            stalled = before - objective <= 1e-14 * Math.Abs(before) ? stalled + 1 : 0;
            IsStationary = stalled == Stalls;
        }

        public L2Solution Solution() => new(alpha, intercept, [.. image.Select(value => value + intercept)], objective);

        double Value(double step, double change)
        {
            double loss = 0, norm = 0;
            foreach (var row in fitted)
            {
                loss += LogLoss(problem.Labels[row], image[row] + step * deltaImage[row] + intercept + step * change);
                norm += (alpha[row] + step * delta[row]) * (image[row] + step * deltaImage[row]);
            }

            return problem.C * loss + norm / 2;
        }

        /// <summary>Loss, its first and second derivative at f, and the reduced residual −(α + C r) + C d Σr/Σd.</summary>
        void Linearise()
        {
            (slopeSum, curveSum) = (0, 0);
            foreach (var row in fitted)
            {
                var p = 1 / (1 + Math.Exp(-(image[row] + intercept)));
                loss1[row] = p - (problem.Labels[row] ? 1 : 0);
                loss2[row] = p * (1 - p);
                slopeSum += loss1[row];
                curveSum += loss2[row];
            }

            curveSum = Math.Max(curveSum, 1e-12);   // all rows saturated: the intercept no longer moves the loss
            objective = Value(0, 0);
            foreach (var row in fitted) Residual[row] = -(alpha[row] + problem.C * loss1[row]) + problem.C * loss2[row] * slopeSum / curveSum;
        }

        double Dot(double[] a, double[] b)
        {
            var sum = 0.0;
            foreach (var row in fitted) sum += a[row] * b[row];
            return sum;
        }

        /// <summary>log(1 + exp(−y f)) without overflow.</summary>
        static double LogLoss(bool label, double f)
        {
            var margin = label ? f : -f;
            return margin > 0 ? Math.Log(1 + Math.Exp(-margin)) : -margin + Math.Log(1 + Math.Exp(margin));
        }
    }
}

/// <summary>One L2 logistic regression over rows of a shared <see cref="GramOperator"/>.</summary>
/// <param name="Labels">Per row.</param>
/// <param name="Fitted">Per row: whether it is fitted on. The others cost nothing and get their decision values with the solution, which is how inner folds
/// share one K.</param>
/// <param name="C">Weight of the loss (scikit-learn's C): minimises C·Σ log(1 + exp(−y f)) + ½|w|², intercept not penalised.</param>
sealed record L2Problem(bool[] Labels, bool[] Fitted, double C);

/// <summary>Its optimum.</summary>
/// <param name="Alpha">Dual coefficients: w = Zᵀ·Alpha; 0 on rows that are not fitted.</param>
/// <param name="Intercept">b.</param>
/// <param name="Decision">f = Z w + b of every row.</param>
/// <param name="Objective">The value minimised.</param>
sealed record L2Solution(double[] Alpha, double Intercept, double[] Decision, double Objective);

/// <summary>K = Z Zᵀ of standardised rows Z [rows × units], as something that multiplies: all that an L2 probe needs to know of its data.</summary>
abstract class GramOperator
{
    /// <summary>Rows, the size of K.</summary>
    public abstract int Rows { get; }

    /// <summary>result[p] = K·vectors[p] for each of the <paramref name="count"/> vectors, [count × Rows] row-major.</summary>
    public abstract void Apply(ReadOnlySpan<double> vectors, int count, Span<double> result);

    /// <summary>The cheaper form: K itself where there are more units than rows (then it is also the smaller), else the factor Z.</summary>
    public static GramOperator Of(ReadOnlySpan<float> z, int rows, int units) =>
        units >= rows ? new Dense(DotProducts.Gram(z, rows, units), rows) : new Factor(z, rows, units);

    /// <summary>The factor form, of float64 rows.</summary>
    public static GramOperator Of(ReadOnlySpan<double> z, int rows, int units) => new Factor(z, rows, units);

    sealed class Dense(double[] gram, int rows) : GramOperator
    {
        public override int Rows => rows;

        public override void Apply(ReadOnlySpan<double> vectors, int count, Span<double> result) =>
            DotProducts.Multiply(vectors, count, gram, rows, rows, result[..(count * rows)]);
    }

    sealed class Factor : GramOperator
    {
        readonly double[] z;
        readonly double[] transposed;
        readonly int rows;
        readonly int units;

        public Factor(ReadOnlySpan<float> z, int rows, int units) : this(Widen(z), rows, units)
        {
        }

        public Factor(ReadOnlySpan<double> z, int rows, int units)
        {
            (this.z, this.rows, this.units) = (z.ToArray(), rows, units);
            transposed = new double[z.Length];
            for (var i = 0; i < rows; i++)
                for (var u = 0; u < units; u++) transposed[(long)u * rows + i] = z[i * units + u];
        }

        public override int Rows => rows;

        public override void Apply(ReadOnlySpan<double> vectors, int count, Span<double> result)
        {
            // Rented: some hundred kilobytes a step would each time be a large object, and those are collected with everything else.
            var rented = ArrayPool<double>.Shared.Rent(count * units);
            var inUnits = rented.AsSpan(0, count * units);
            DotProducts.Multiply(vectors, count, transposed, units, rows, inUnits);
            DotProducts.Multiply(inUnits, count, z, rows, units, result[..(count * rows)]);
            ArrayPool<double>.Shared.Return(rented);
        }

        static double[] Widen(ReadOnlySpan<float> z)
        {
            var wide = new double[z.Length];
            for (var i = 0; i < wide.Length; i++) wide[i] = z[i];
            return wide;
        }
    }
}

/// <summary>L2-penalised logistic regression on a plain matrix (scikit-learn: LogisticRegression). It gives coefficients and no scores: what is reported is
/// scored through <see cref="FittedProbe"/>.</summary>
public static class LogisticRegression
{
    /// <summary>L2: truncated Newton, gradient to 1e-10 of its start.</summary>
    /// <exception cref="OneClassException">One class. NaN: <see cref="NotFiniteException"/>; C ≤ 0: <see cref="OutOfDomainException"/>.</exception>
    public static LogisticFit L2(IReadOnlyList<double[]> rows, bool[] labels, double c)
    {
        var flat = Flatten("L2 logistic regression", rows, labels, c);
        var units = rows[0].Length;
        var solution = L2Solver.Solve(GramOperator.Of(flat, rows.Count, units), [new L2Problem(labels, [.. labels.Select(_ => true)], c)], 1e-10)[0];
        var weights = new double[units];
        for (var row = 0; row < rows.Count; row++)
            for (var u = 0; u < units; u++) weights[u] += solution.Alpha[row] * flat[row * units + u];
        return new LogisticFit(weights, solution.Intercept, solution.Objective);
    }

    static double[] Flatten(string operation, IReadOnlyList<double[]> rows, bool[] labels, double c)
    {
        Check.NotEmpty(operation, rows.Count);
        Check.SameLength(operation, "labels", rows.Count, labels.Length);
        Check.BothClasses(operation, labels);
        Check.Domain(operation, "C", "above 0", c, c > 0 && double.IsFinite(c));
        foreach (var row in rows)
        {
            Check.SameLength(operation, "units of a row", rows[0].Length, row.Length);
            Check.Finite(operation, "row", row);
        }

        return [.. rows.SelectMany(row => row)];
    }
}

/// <summary>Coefficients of a logistic regression, on the inputs as they were given (standardise first: a penalty means nothing without a scale).</summary>
/// <param name="Weights">w.</param>
/// <param name="Intercept">b, not penalised.</param>
/// <param name="Objective">C·Σ log(1 + exp(−y f)) + ½|w|² (L2) or |w|₁ (L1) at the optimum.</param>
public sealed record LogisticFit(double[] Weights, double Intercept, double Objective);
