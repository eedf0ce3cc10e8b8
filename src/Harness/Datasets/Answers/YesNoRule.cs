namespace Vrp.Harness.Datasets.Answers;

/// <summary>How yes and no are read from an answer.</summary>
public enum YesNoRule
{
    /// <summary>The answer begins with yes or no; anything else is unparsed (<see cref="StrictYesNo"/>).</summary>
    Strict,

    /// <summary>POPE's published script: no when it says so, else yes (<see cref="PopeYesNo"/>). For comparison with published figures.</summary>
    Pope,
}
