namespace Vrp.Harness.Statistics;

/// <summary>Orders and midranks.</summary>
static class Ranks
{
    /// <summary>Indices that sort <paramref name="values"/> ascending; ties keep the lower index first, so that the order is the same everywhere.</summary>
    public static int[] Order(ReadOnlySpan<double> values)
    {
        var keys = values.ToArray();
        var order = new int[keys.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(keys, order);
        for (int start = 0, end; start < keys.Length; start = end)
        {
            end = start + 1;
            while (end < keys.Length && keys[end] == keys[start]) end++;
            if (end - start > 1) Array.Sort(order, start, end - start);
        }

        return order;
    }

    /// <summary>Indices that sort descending; ties keep the lower index first (numpy: lexsort((arange, -values))).</summary>
    public static int[] OrderDescending(ReadOnlySpan<double> values)
    {
        var negated = values.ToArray();
        for (var i = 0; i < negated.Length; i++) negated[i] = -negated[i];
        return Order(negated);
    }

    /// <summary>Ranks from 1, tied values sharing the mean of their ranks (scipy: rankdata).</summary>
    public static double[] Mid(ReadOnlySpan<double> values)
    {
        var order = Order(values);
        var ranks = new double[values.Length];
        for (int start = 0, end; start < order.Length; start = end)
        {
            end = start + 1;
            while (end < order.Length && values[order[end]] == values[order[start]]) end++;
            for (var i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2.0;
        }

        return ranks;
    }
}
