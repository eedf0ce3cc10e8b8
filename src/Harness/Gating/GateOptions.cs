using System.Globalization;
using Vrp.Harness.Claims;
using Vrp.Models;

namespace Vrp.Harness.Gating;

/// <summary>What the gate may be set to. The defaults are the documented rule.</summary>
public sealed record GateOptions
{
    /// <summary>Margins that differ from <see cref="GateMetrics.All"/>'s, by metric, ≥ 0.</summary>
    public IReadOnlyDictionary<string, double> Margins { get; init; } = new Dictionary<string, double>();

    /// <summary>Roles that differ from <see cref="GateMetrics.All"/>'s, by metric.</summary>
    public IReadOnlyDictionary<string, GateRole> Roles { get; init; } = new Dictionary<string, GateRole>();

    /// <summary>Verdicts that the ledger expects of the candidate, by claim: one that turned to what is expected is no broken claim.</summary>
    public IReadOnlyDictionary<string, Verdict> Expected { get; init; } = new Dictionary<string, Verdict>();

    /// <summary>Coverage of the intervals.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Family-wise error of the tests for a loss, one-sided, after Holm.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Bootstrap draws and sign flips.</summary>
    public int Draws { get; init; } = 10_000;

    /// <summary>Of the draws.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Fewest rows of a metric.</summary>
    public int MinimumRows { get; init; } = 30;

    /// <summary>Fewest right and fewest wrong answers, of either model, for an AUROC.</summary>
    public int MinimumClass { get; init; } = 10;

    /// <summary>Judge by the questions that both runs hold, where one holds more; without it that is "could not judge". The result says how many were left
    /// out.</summary>
    public bool CommonOnly { get; init; }

    /// <summary>A metric's margin.</summary>
    public double MarginOf(GateMetric metric) => Margins.TryGetValue(metric.Name, out var margin) ? margin : metric.Margin;

    /// <summary>A metric's role.</summary>
    public GateRole RoleOf(GateMetric metric) => Roles.TryGetValue(metric.Name, out var role) ? role : metric.Role;

    /// <exception cref="VrpException">An unknown metric or claim, or a number out of range.</exception>
    internal void Validate()
    {
        foreach (var (name, margin) in Margins)
        {
            GateMetrics.Get(name, "margins");
            if (!(margin >= 0) || !double.IsFinite(margin)) throw new VrpException($"margins: '{name}' is {margin.ToString(CultureInfo.InvariantCulture)}; "
                + "expected 0 or more, in the metric's unit.");
        }

        foreach (var name in Roles.Keys) GateMetrics.Get(name, "roles");
        foreach (var claim in Expected.Keys) ClaimRegistry.Get(claim);
        if (!(Level is > 0 and < 1)) throw new VrpException($"level {Level.ToString(CultureInfo.InvariantCulture)}: expected between 0 and 1.");
        if (!(Alpha is > 0 and < 1)) throw new VrpException($"alpha {Alpha.ToString(CultureInfo.InvariantCulture)}: expected between 0 and 1.");
        if (Draws < 100) throw new VrpException($"draws {Draws}: expected at least 100.");
        if (MinimumRows < 2 || MinimumClass < 2) throw new VrpException($"minimum rows {MinimumRows} and of a class {MinimumClass}: expected at least 2.");
    }
}
