namespace Vrp.Harness.Statistics;

/// <summary>The checks that open every public function of Statistics, Measures and Probes; each throws its own <see cref="StatisticsException"/>.</summary>
static class Check
{
    public static void NotEmpty(string operation, int rows)
    {
        if (rows == 0) throw new EmptyInputException(operation);
    }

    public static void AtLeast(string operation, string what, int needed, int got)
    {
        if (got < needed) throw new TooFewException(operation, what, needed, got);
    }

    public static void SameLength(string operation, string name, int expected, int got)
    {
        if (expected != got) throw new LengthMismatchException(operation, name, expected, got);
    }

    public static void Finite(string operation, string name, ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
            if (!double.IsFinite(values[i])) throw new NotFiniteException(operation, name, i, values[i]);
    }

    public static void Finite(string operation, string name, ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i])) throw new NotFiniteException(operation, name, i, values[i]);
    }

    /// <summary>Rows &gt; 0, equal lengths, finite scores and both classes; gives the class counts.</summary>
    public static (int Positives, int Negatives) Binary(string operation, ReadOnlySpan<bool> labels, ReadOnlySpan<double> scores)
    {
        NotEmpty(operation, labels.Length);
        SameLength(operation, "scores", labels.Length, scores.Length);
        Finite(operation, "scores", scores);
        return BothClasses(operation, labels);
    }

    public static (int Positives, int Negatives) BothClasses(string operation, ReadOnlySpan<bool> labels)
    {
        var positives = labels.Count(true);
        return positives > 0 && positives < labels.Length ? (positives, labels.Length - positives)
            : throw new OneClassException(operation, positives, labels.Length - positives);
    }

    /// <summary>A level strictly between 0 and 1.</summary>
    public static void Level(string operation, double level) => Domain(operation, "level", "between 0 and 1", level, level is > 0 and < 1);

    public static void Domain(string operation, string name, string expected, double got, bool holds)
    {
        if (!holds) throw new OutOfDomainException(operation, name, expected, got);
    }
}
