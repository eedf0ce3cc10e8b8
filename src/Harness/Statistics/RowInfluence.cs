namespace Vrp.Harness.Statistics;

/// <summary>A statistic together with what each row adds to its error (empirical influence divided by n; Hampel 1974; Davison and Hinkley 1997 §2.7.2): summed
/// by image it gives the variance of the statistic, and the difference of two such sums the variance of a difference of two statistics of the same images, also
/// where the two do not share their labels.</summary>
/// <remarks>AUROCs of two models' signals are such a pair: "the answer was right" is another label for each model, so DeLong's and Obuchowski's paired tests
/// (one label, two scores) do not apply. With common labels <see cref="Difference"/> gives Obuchowski's figure (tested). var = G/(G−1) Σ_g (Σ_{i∈g} u_i)², t
/// with the fewer of the two statistics' <see cref="Units"/> − 1 degrees.</remarks>
/// <param name="Value">The statistic.</param>
/// <param name="OfRow">u_i by row; they sum to 0.</param>
/// <param name="Units">Images that the variance rests on: all of them for a mean, of an AUROC those with positives or those with negatives, whichever are
/// fewer.</param>
public sealed record RowInfluence(double Value, double[] OfRow, int Units)
{
    const string Name = "influence";

    /// <summary>Mean over rows: u_i = (x_i − x̄)/n.</summary>
    /// <exception cref="EmptyInputException">No rows. NaN: <see cref="NotFiniteException"/>.</exception>
    public static RowInfluence Mean(ReadOnlySpan<double> values, Groups groups) => Ratio(values, Enumerable.Repeat(1.0, values.Length).ToArray(), groups);

    /// <summary>R = Σ numerator / Σ denominator: u_i = (a_i − R b_i)/Σb. For a precision: a = right and chosen, b = chosen.</summary>
    /// <exception cref="EmptyInputException">No rows. Denominators that sum to 0: <see cref="OutOfDomainException"/>; NaN:
    /// <see cref="NotFiniteException"/>.</exception>
    public static RowInfluence Ratio(ReadOnlySpan<double> numerator, ReadOnlySpan<double> denominator, Groups groups)
    {
        Check.NotEmpty(Name, numerator.Length);
        Check.SameLength(Name, "denominator", numerator.Length, denominator.Length);
        Check.SameLength(Name, "groups", numerator.Length, groups.Length);
        Check.Finite(Name, "numerator", numerator);
        Check.Finite(Name, "denominator", denominator);
        double above = 0, below = 0;
        var counted = new bool[groups.Count];
        for (var i = 0; i < numerator.Length; i++)
        {
            above += numerator[i];
            below += denominator[i];
            counted[groups.Of[i]] |= denominator[i] != 0;
        }

        Check.Domain(Name, "sum of the denominator", "other than 0", below, below != 0);
        var (value, rows) = (above / below, new double[numerator.Length]);
        for (var i = 0; i < rows.Length; i++) rows[i] = (numerator[i] - value * denominator[i]) / below;
        return new RowInfluence(value, rows, counted.Count(any => any));
    }

    /// <summary>AUROC: u_i = (V_i − A)/n of the row's class, V the structural components of DeLong, DeLong and Clarke-Pearson 1988.</summary>
    /// <exception cref="OneClassException">Only one class. NaN: <see cref="NotFiniteException"/>.</exception>
    public static RowInfluence Auroc(ReadOnlySpan<bool> labels, ReadOnlySpan<double> scores, Groups groups)
    {
        var (positives, negatives) = Check.Binary(Name, labels, scores);
        Check.SameLength(Name, "groups", labels.Length, groups.Length);
        var placements = Placements.Compute(labels, scores, positives, negatives);
        var rows = new double[labels.Length];
        var (withPositives, withNegatives) = (new bool[groups.Count], new bool[groups.Count]);
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = (placements.Of[i] - placements.Auroc) / (labels[i] ? positives : negatives);
            (labels[i] ? withPositives : withNegatives)[groups.Of[i]] = true;
        }

        return new RowInfluence(placements.Auroc, rows, Math.Min(withPositives.Count(any => any), withNegatives.Count(any => any)));
    }

    /// <summary>Weighted mean of statistics of parts of the rows (strata); the weights are taken as fixed.</summary>
    /// <param name="rows">Rows of the whole.</param>
    /// <param name="parts">Weight, the part's rows in the whole, and its statistic.</param>
    /// <exception cref="OutOfDomainException">Weights that do not sum to more than 0.</exception>
    public static RowInfluence Pooled(int rows, IReadOnlyList<(double Weight, int[] Rows, RowInfluence Part)> parts)
    {
        var total = parts.Sum(part => part.Weight);
        Check.Domain(Name, "sum of the weights", "above 0", total, total > 0);
        var of = new double[rows];
        foreach (var (weight, places, part) in parts)
            for (var i = 0; i < places.Length; i++) of[places[i]] += weight / total * part.OfRow[i];
        return new RowInfluence(parts.Sum(part => part.Weight * part.Part.Value) / total, of, parts.Max(part => part.Part.Units));
    }

    /// <summary>Wald interval, by t, kept within the statistic's own range.</summary>
    /// <exception cref="TooFewException">Fewer than two images to rest on.</exception>
    public Estimate Interval(Groups groups, string method, double level = 0.95, double lowest = 0, double highest = 1)
    {
        var half = Half(OfRow, groups, Units, level, out _);
        return new Estimate(Value, Math.Max(lowest, Value - half), Math.Min(highest, Value + half), level, OfRow.Length, groups.Count, method);
    }

    /// <summary>first − second on the same rows: Wald interval by t, and the one-sided p of H₀: difference ≥ 0 (small where the first is lower). Two statistics
    /// whose every row agrees differ by exactly 0: the interval is [0, 0] and p = 1.</summary>
    /// <exception cref="LengthMismatchException">Not of the same rows. Fewer than two images to rest on: <see cref="TooFewException"/>.</exception>
    public static (Estimate Difference, double PLower) Difference(RowInfluence first, RowInfluence second, Groups groups, string method, double level = 0.95)
    {
        Check.SameLength(Name, "second", first.OfRow.Length, second.OfRow.Length);
        double[] rows = [.. first.OfRow.Zip(second.OfRow, (a, b) => a - b)];
        var units = Math.Min(first.Units, second.Units);
        var (value, half) = (first.Value - second.Value, Half(rows, groups, units, level, out var error));
        return (new Estimate(value, value - half, value + half, level, rows.Length, groups.Count, method), LowerP(value, error, units - 1));
    }

    /// <summary>One-sided p of H₀: effect ≥ 0 by a t statistic; without any variation 0 where the effect is below 0, else 1.</summary>
    internal static double LowerP(double value, double error, double degrees)
    {
        if (error == 0) return value < 0 ? 0 : 1;
        var twoSided = Distribution.StudentTwoSided(value / error, degrees);
        return value < 0 ? twoSided / 2 : 1 - twoSided / 2;
    }

    static double Half(double[] rows, Groups groups, int units, double level, out double error)
    {
        Check.Level(Name, level);
        Check.SameLength(Name, "groups", rows.Length, groups.Length);
        Check.AtLeast(Name, "images that the statistic rests on", 2, Math.Min(units, groups.Count));
        var squares = 0.0;
        for (var g = 0; g < groups.Count; g++)
        {
            var sum = 0.0;
            foreach (var row in groups.Rows(g)) sum += rows[row];
            squares += sum * sum;
        }

        error = Math.Sqrt(groups.Count / (groups.Count - 1.0) * squares);
        return Distribution.StudentCritical(level, units - 1) * error;
    }
}
