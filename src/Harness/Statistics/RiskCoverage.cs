namespace Vrp.Harness.Statistics;

/// <summary>Error rate among the answers kept when only the most confident ones are (Geifman and El-Yaniv 2017).</summary>
/// <param name="Risk">Risk[k−1] = share wrong among the k most confident rows; coverage is k/n. Rows of equal score enter at their common share, so the order
/// of ties does not matter.</param>
/// <param name="Area">AURC, the mean of <paramref name="Risk"/> over coverages 1/n … 1 (Geifman, Uziel and El-Yaniv 2019). 0 best.</param>
public sealed record RiskCoverage(double[] Risk, double Area)
{
    /// <summary>From right/wrong and confidence.</summary>
    /// <exception cref="EmptyInputException">No rows. NaN: <see cref="NotFiniteException"/>.</exception>
    public static RiskCoverage Compute(ReadOnlySpan<bool> correct, ReadOnlySpan<double> scores)
    {
        const string name = "risk-coverage curve";
        Check.NotEmpty(name, correct.Length);
        Check.SameLength(name, "scores", correct.Length, scores.Length);
        Check.Finite(name, "scores", scores);
        var order = Ranks.OrderDescending(scores);
        var risk = new double[correct.Length];
        var wrong = 0;
        for (int start = 0, end; start < order.Length; start = end)
        {
            var inTie = 0;
            for (end = start; end < order.Length && scores[order[end]] == scores[order[start]]; end++)
                if (!correct[order[end]]) inTie++;
            for (var k = start; k < end; k++) risk[k] = (wrong + inTie * (k + 1.0 - start) / (end - start)) / (k + 1);
            wrong += inTie;
        }

        return new RiskCoverage(risk, risk.Average());
    }

    /// <summary>Share wrong when the given share of rows (0 &lt; coverage ≤ 1, rounded up to whole rows) is answered.</summary>
    /// <exception cref="OutOfDomainException">A coverage outside (0, 1].</exception>
    public double At(double coverage)
    {
        Check.Domain("risk at coverage", "coverage", "above 0 and at most 1", coverage, coverage is > 0 and <= 1);
        return Risk[Math.Clamp((int)Math.Ceiling(coverage * Risk.Length - 1e-9), 1, Risk.Length) - 1];
    }
}
