using Vrp.Harness.Intervening;
using Vrp.Models;

namespace Vrp.Harness.Claims.Planning;

/// <summary>A named amount of work for the intervention stage. Printed, and recorded in the plan.</summary>
/// <param name="Name">full or quick.</param>
/// <param name="Questions">Most questions, whole images in the data set's order; null = all of the scored half.</param>
/// <param name="Modes">Ablation modes at the last position.</param>
/// <param name="Counts">Numbers of units at the last position.</param>
/// <param name="Shares">Shares of the layer's units at the last position, beside the counts.</param>
/// <param name="LastDraws">Random draws at the last position.</param>
/// <param name="AllDraws">Random draws at all positions; 0 = no ablation there.</param>
/// <param name="MaskDraws">Random masks.</param>
public sealed record InterventionBudget(string Name, int? Questions, IReadOnlyList<AblationMode> Modes, IReadOnlyList<int> Counts, IReadOnlyList<double> Shares,
    int LastDraws, int AllDraws, int MaskDraws)
{
    /// <summary>What verdicts need: the whole grid at the last position with 20 draws, zero ablation of 5 units and of half of the layer at all positions with
    /// 5, 5 random masks.</summary>
    public static InterventionBudget Full { get; } = new("full", null, [AblationMode.Zero, AblationMode.Mean, AblationMode.Resample], [1, 5, 10, 50],
        [0.05, 0.25, 0.5], 20, 5, 5);

    /// <summary>A look in minutes: too small for a verdict, and never given one.</summary>
    public static InterventionBudget Quick { get; } = new("quick", 120, [AblationMode.Zero], [5], [0.5], 3, 1, 1);

    /// <summary>By its name.</summary>
    /// <exception cref="VrpException">Another name.</exception>
    public static InterventionBudget Parse(string name) => name switch
    {
        "full" => Full,
        "quick" => Quick,
        _ => throw new VrpException($"--budget {name}: expected full (what verdicts need) or quick (a look, no verdicts)."),
    };
}
