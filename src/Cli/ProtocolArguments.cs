using System.CommandLine;
using Vrp.Harness.Claims;

namespace Vrp.Cli;

/// <summary>The options of the analysis and of what the intervention stage may cost.</summary>
sealed class ProtocolArguments
{
    static readonly StudyOptions Defaults = new();

    readonly Option<string> budget = new("--budget") { Description = "How much the intervention stage does: full (what verdicts need), quick (a preview, no "
        + "verdicts of its own) or none.", DefaultValueFactory = _ => "full" };
    readonly Option<int> draws = new("--draws") { Description = "Bootstrap draws.", DefaultValueFactory = _ => Defaults.Draws };
    readonly Option<int> permutations = new("--permutations") { Description = "Permutations of labels through the probe's pipeline.",
        DefaultValueFactory = _ => Defaults.Permutations };
    readonly Option<long> seed = new("--analysis-seed") { Description = "Of splits, folds, draws and permutations.",
        DefaultValueFactory = _ => (long)Defaults.Seed };

    public IReadOnlyList<Symbol> All => [budget, draws, permutations, seed];

    public InterventionBudget? Budget(ParseResult result) => BudgetOf(result.GetValue(budget)!);

    public static InterventionBudget? BudgetOf(string name) => name == "none" ? null : InterventionBudget.Parse(name);

    public StudyOptions Protocol(ParseResult result) => Defaults with
    {
        Draws = result.GetValue(draws),
        Permutations = result.GetValue(permutations),
        Seed = unchecked((ulong)result.GetValue(seed)),
    };
}
