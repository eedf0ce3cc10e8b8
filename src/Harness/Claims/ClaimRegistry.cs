using Vrp.Models;

namespace Vrp.Harness.Claims;

/// <summary>The study's fourteen claims (arXiv 2605.08200 and 2606.17389), by type and by id. A file of its own, as adding a claim is a line here.</summary>
public static class ClaimRegistry
{
    /// <summary>In the order of the study: attention, representation, behaviour, causes.</summary>
    public static IReadOnlyList<Claim> All { get; } =
    [
        new AttentionSharpness(), new AttentionHeads(), new AttentionClassifier(), new AttentionMasking(), new AttentionEvolution(),
        new HiddenStateProbe(), new SparseProbe(), new SelfConsistency(), new ConfidenceBaselines(),
        new NeuronAblation(), new LayerDestruction(), new LogitLens(), new Fusion(), new ArchitectureSplit(),
    ];

    /// <summary>A claim by its type.</summary>
    public static T Get<T>() where T : Claim => All.OfType<T>().Single();

    /// <summary>A claim by its id, as files and command lines name it.</summary>
    /// <exception cref="VrpException">No such claim; the message lists them.</exception>
    public static Claim Get(string id) => All.FirstOrDefault(claim => claim.Id == id)
        ?? throw new VrpException($"no claim \"{id}\"; there are {string.Join(", ", All.Select(claim => claim.Id))}.");
}
