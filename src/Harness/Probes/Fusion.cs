using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>All signals together (claim fusion): z-scored signals, L2 logistic regression, same held-out protocol.</summary>
public static class Fusion
{
    /// <summary>Fits the weights on the fitting rows and scores the scored rows. A probe enters by its <see cref="ProbeResult.CrossFitted"/> scores, which are
    /// out of fold on the fitting rows: with in-sample scores there the fusion would trust the probe too much.</summary>
    /// <param name="signals">Name and one finite value per row each.</param>
    /// <param name="labels">Labels.</param>
    /// <param name="groups">Images.</param>
    /// <param name="split">The split that the probes among the signals used: another one would let scored images into the fit.</param>
    /// <param name="seed">Of the inner folds.</param>
    /// <returns>The result; Linear.Weights are in the order of the signals, per standard deviation.</returns>
    /// <exception cref="EmptyInputException">No signals. Unequal lengths: <see cref="LengthMismatchException"/>; NaN: <see
    /// cref="NotFiniteException"/>.</exception>
    public static ProbeResult Run(IReadOnlyList<(string Name, double[] Values)> signals, bool[] labels, Groups groups, Split split, ulong seed = 0)
    {
        Check.NotEmpty("fusion", signals.Count);
        foreach (var (name, values) in signals)
        {
            Check.SameLength("fusion", name, labels.Length, values.Length);
            Check.Finite("fusion", name, values);
        }

        var rows = Enumerable.Range(0, labels.Length).Select(row => signals.Select(signal => signal.Values[row]).ToArray()).ToArray();
        return L2Probe.Run(new ProbeData(ArrayStates.OfFeatures(rows), labels, groups), split, L2Options.Default with { Seed = seed });
    }
}
