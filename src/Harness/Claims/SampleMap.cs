namespace Vrp.Harness.Claims;

/// <summary>One sample's attention map for the report.</summary>
/// <param name="Id">The sample.</param>
/// <param name="Height">Grid rows.</param>
/// <param name="Width">Grid columns.</param>
/// <param name="Mass">Row-major, sum 1.</param>
public sealed record SampleMap(string Id, int Height, int Width, double[] Mass);
