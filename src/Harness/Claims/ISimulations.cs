namespace Vrp.Harness.Claims;

/// <summary>Null distributions by simulation, which cost more than all other judging and depend on nothing that a threshold changes: where a study may keep them.</summary>
public interface ISimulations
{
    /// <summary>Computes, or gives what was computed before from the same.</summary>
    /// <param name="name">What is simulated.</param>
    /// <param name="about">Everything that the result depends on but the program; null: it cannot be known, compute.</param>
    /// <param name="compute">The simulation.</param>
    double[] Get(string name, string? about, Func<double[]> compute);
}
