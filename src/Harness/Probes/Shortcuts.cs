using System.Text.RegularExpressions;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>Shortcut baselines: what the labels can be predicted from without looking into the model. A probe that is no better has found the question, not
/// reliability. Each is an L2 logistic regression by the same held-out protocol.</summary>
public static partial class Shortcuts
{
    /// <summary>One column per distinct value (question kind, object asked for, predicted answer), in ordinal order.</summary>
    /// <exception cref="EmptyInputException">No rows.</exception>
    public static ArrayStates OneHot(IReadOnlyList<string> values)
    {
        Check.NotEmpty("one-hot baseline", values.Count);
        var column = values.Distinct().Order(StringComparer.Ordinal).Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        return ArrayStates.OfFeatures([.. values.Select(value => Row(column.Count, [column[value]]))]);
    }

    /// <summary>Bag of words of the question text alone: one column per lower-case word (letters and digits) or number, 1 where the text holds it. A word that
    /// the fitting rows lack gets no weight.</summary>
    /// <exception cref="EmptyInputException">No rows, or no words.</exception>
    public static ArrayStates BagOfWords(IReadOnlyList<string> texts)
    {
        Check.NotEmpty("bag-of-words baseline", texts.Count);
        string[][] words = [.. texts.Select(text => Words().Matches(text.ToLowerInvariant()).Select(match => match.Value).Distinct().ToArray())];
        var column = words.SelectMany(row => row).Distinct().Order(StringComparer.Ordinal).Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        Check.NotEmpty("words of the bag-of-words baseline", column.Count);
        return ArrayStates.OfFeatures([.. words.Select(row => Row(column.Count, row.Select(word => column[word])))]);
    }

    /// <summary>A baseline's held-out result.</summary>
    /// <exception cref="OneClassException">A half or an inner fold of one class.</exception>
    public static ProbeResult Run(ArrayStates features, bool[] labels, Groups groups, Split split, ulong seed = 0) =>
        L2Probe.Run(new ProbeData(features, labels, groups), split, L2Options.Default with { Seed = seed });

    static double[] Row(int length, IEnumerable<int> ones)
    {
        var row = new double[length];
        foreach (var one in ones) row[one] = 1;
        return row;
    }

    [GeneratedRegex(@"[\p{L}\p{Nd}]+")]
    private static partial Regex Words();
}
