namespace Vrp.Models.Checkpoints;

/// <summary>One canonical naming for both generations of checkpoints: the names of the published files on the hub.
/// transformers ≥ 4.52 keeps the parts of a vision-language model under one <c>model.</c> with the head beside it, and a checkpoint that is saved
/// without the conversion back has those names (transformers: <c>_checkpoint_conversion_mapping</c> of each model's file, which states the same correspondence
/// in the other direction).</summary>
/// <param name="Newer">Beginnings of newer names, with the hub's.</param>
/// <param name="Head">The output head.</param>
/// <param name="Embedding">The input embedding, which the head equals where <c>tie_word_embeddings</c> holds.</param>
public sealed record TensorNames(IReadOnlyList<(string Newer, string Hub)> Newer, string Head, string Embedding)
{
    /// <summary>A language model with its head inside <c>language_model</c>, the other parts beside it.</summary>
    public static TensorNames Nested { get; } = new(
        [("model.language_model.", "language_model.model."), ("model.vision_tower.", "vision_tower."),
            ("model.multi_modal_projector.", "multi_modal_projector."), ("lm_head.", "language_model.lm_head.")],
        "language_model.lm_head.weight", "language_model.model.embed_tokens.weight");

    /// <summary>A language model as <c>model</c> with its head beside it, the vision tower as <c>visual</c>.</summary>
    public static TensorNames Flat { get; } = new([("model.language_model.", "model."), ("model.visual.", "visual.")], "lm_head.weight",
        "model.embed_tokens.weight");

    /// <summary>Constants that old versions of transformers stored beside the weights; the engine computes them.</summary>
    static readonly string[] Buffers = [".rotary_emb.inv_freq", ".rotary_pos_emb.inv_freq", ".position_ids"];

    /// <summary>The hub's name of a stored tensor; a name that is canonical already, or unknown, stays.</summary>
    public string Canonical(string stored)
    {
        foreach (var (newer, hub) in Newer)
            if (stored.StartsWith(newer, StringComparison.Ordinal)) return hub + stored[newer.Length..];
        return stored;
    }

    /// <summary>Whether a stored tensor is such a constant and not a weight.</summary>
    public static bool IsBuffer(string name) => Buffers.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal));
}
