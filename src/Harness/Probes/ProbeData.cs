using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>States, labels and groups of the same rows: all that a probe sees.</summary>
/// <param name="States">Layers.</param>
/// <param name="Labels">True = the answer was correct.</param>
/// <param name="Groups">The image of each row.</param>
public sealed record ProbeData(ILayerStates States, bool[] Labels, Groups Groups)
{
    /// <summary>Throws where lengths differ, a class is missing or the states are empty.</summary>
    internal void Validate(string operation)
    {
        Check.NotEmpty(operation, Labels.Length);
        Check.SameLength(operation, "states", Labels.Length, States.Rows);
        Check.SameLength(operation, "groups", Labels.Length, Groups.Length);
        Check.AtLeast(operation, "units", 1, States.Units);
        Check.BothClasses(operation, Labels);
    }

    /// <summary>One layer, checked for NaN.</summary>
    internal float[] Layer(int layer)
    {
        var values = new float[checked(States.Rows * States.Units)];
        States.Read(layer, values);
        Check.Finite($"states of layer {layer}", "state", values);
        return values;
    }
}
