namespace Vrp.Harness.Gating;

/// <summary>A metric that the gate knows.</summary>
/// <param name="Name">Its name in the margins and roles.</param>
/// <param name="What">In words, with unit and direction.</param>
/// <param name="Margin">Default: the largest loss that counts as none, in the metric's unit.</param>
/// <param name="Role">Default.</param>
/// <param name="Why">Why this margin and this role.</param>
public sealed record GateMetric(string Name, string What, double Margin, GateRole Role, string Why);
