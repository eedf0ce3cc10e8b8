namespace Vrp.Harness.Statistics;

/// <summary>Adjusted p-values of a family of tests (statsmodels: multipletests).</summary>
public static class MultipleTesting
{
    /// <summary>Holm 1979: p̃_(i) = max_{j≤i} min(1, (m − j + 1) p_(j)); holds the family-wise error under any dependence. In the order given.</summary>
    /// <exception cref="EmptyInputException">No tests. A p outside 0 … 1 or NaN: <see cref="OutOfDomainException"/>.</exception>
    public static double[] Holm(ReadOnlySpan<double> p)
    {
        var order = Validate("Holm adjustment", p);
        var adjusted = new double[p.Length];
        var running = 0.0;
        for (var i = 0; i < order.Length; i++)
        {
            running = Math.Max(running, Math.Min(1, (order.Length - i) * p[order[i]]));
            adjusted[order[i]] = running;
        }

        return adjusted;
    }

    static int[] Validate(string operation, ReadOnlySpan<double> p)
    {
        Check.NotEmpty(operation, p.Length);
        foreach (var value in p) Check.Domain(operation, "p", "between 0 and 1", value, value is >= 0 and <= 1);
        return Ranks.Order(p);
    }
}
