using Vrp.Models;

namespace Vrp.Harness.Statistics;

// One file for the family: each type is one line, and a reader wants to see at once what can go wrong.

/// <summary>Input from which a statistic cannot be computed. There are no default values: a statistic that does not exist is this error, never a NaN, a 0 or a
/// 0.5. A caller that judges claims turns it into the verdict NotRun with <see cref="Exception.Message"/> as the reason.</summary>
public abstract class StatisticsException(string message) : VrpException(message);

/// <summary>No rows at all.</summary>
public sealed class EmptyInputException(string operation)
    : StatisticsException($"{operation}: expected at least one row, got none. Check the filter that selected the rows.");

/// <summary>Two inputs that must run in parallel have different lengths.</summary>
public sealed class LengthMismatchException(string operation, string name, int expected, int got)
    : StatisticsException($"{operation}: '{name}' must have {expected} rows like the others, got {got}. Join the inputs by question id first.");

/// <summary>A NaN or an infinity.</summary>
public sealed class NotFiniteException(string operation, string name, int row, double got)
    : StatisticsException($"{operation}: '{name}' must be finite, row {row} is {got}. A missing measure is NotRun, not a number: find out why that row has "
        + "none.");

/// <summary>Labels of one class only, where two are needed.</summary>
public sealed class OneClassException(string operation, int positives, int negatives)
    : StatisticsException($"{operation}: needs both classes, got {positives} positive and {negatives} negative rows. Use more questions, or another question "
        + "kind.");

/// <summary>Fewer rows, groups or draws than the statistic needs.</summary>
public sealed class TooFewException(string operation, string what, int needed, int got)
    : StatisticsException($"{operation}: needs at least {needed} {what}, got {got}. Use more questions.");

/// <summary>An input without any variation, for which the statistic is not defined.</summary>
public sealed class ConstantInputException(string operation, string name)
    : StatisticsException($"{operation}: '{name}' is constant, so the statistic is not defined. Report the constant itself.");

/// <summary>A value outside its domain (a probability above 1, a correlation of 1 where its logarithm is needed, more successes than trials).</summary>
public sealed class OutOfDomainException(string operation, string name, string expected, double got)
    : StatisticsException($"{operation}: '{name}' must be {expected}, got {got.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}.");

/// <summary>The same question more than once: n would be overstated and a row could be on both sides of a split.</summary>
public sealed class DuplicateRowException(string operation, string question, int first, int second)
    : StatisticsException($"{operation}: question '{question}' occurs in rows {first} and {second}. Deduplicate by (image, question) before any statistic.");

/// <summary>A group (image) on both sides of a split: a probe would be scored on what it was fitted on.</summary>
public sealed class GroupLeakException(string operation, int group)
    : StatisticsException($"{operation}: group {group} (an image) was used for fitting and is to be scored. In-sample scores cannot be reported; split by "
        + "group.");

/// <summary>An iterative fit that did not reach its tolerance.</summary>
public sealed class NotConvergedException(string operation, int iterations, double tolerance, double got)
    : StatisticsException($"{operation}: after {iterations} iterations the gradient is {got:G3} of its start, expected {tolerance:G3} or less. Standardise "
        + "the inputs or choose a smaller C.");

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
