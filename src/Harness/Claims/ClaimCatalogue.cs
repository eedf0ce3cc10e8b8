using Vrp.Models;

namespace Vrp.Harness.Claims;

/// <summary>The study's fourteen claims (arXiv 2605.08200 and 2606.17389). docs/claims.md is written from this file (<see cref="ClaimsPage"/>), and a test holds the two together.</summary>
public static partial class ClaimCatalogue
{
    static IReadOnlyList<Claim>? all;

    /// <summary>In the order of the study: attention, representation, behaviour, causes.</summary>
    // Not an initialiser: those of partial classes run in no stated order over files.
    public static IReadOnlyList<Claim> All => all ??=
    [
        AttentionSharpness, AttentionHeads, AttentionClassifier, AttentionMasking, AttentionEvolution,
        HiddenStateProbe, SparseProbe, SelfConsistency, ConfidenceBaselines,
        NeuronAblation, LayerDestruction, LogitLens, Fusion, ArchitectureSplit,
    ];

    /// <summary>A claim by its id.</summary>
    /// <exception cref="VrpException">No such claim; the message lists them.</exception>
    public static Claim Get(string id) => All.FirstOrDefault(claim => claim.Id == id)
        ?? throw new VrpException($"no claim \"{id}\"; there are {string.Join(", ", All.Select(claim => claim.Id))}.");
}
