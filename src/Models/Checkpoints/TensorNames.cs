namespace Vrp.Models.Checkpoints;

/// <summary>One canonical naming for both generations of checkpoints: the names of the published files on the hub.
/// transformers ≥ 4.52 keeps the parts of a vision-language model under one <c>model.</c> with the head beside it, and a checkpoint that is saved
/// without the conversion back has those names (transformers: <c>_checkpoint_conversion_mapping</c> of modeling_llava.py, modeling_paligemma.py
/// and modeling_qwen2_vl.py, which states the same correspondence in the other direction).</summary>
public static class TensorNames
{
    static readonly Dictionary<string, Family> Families = new()
    {
        ["llava"] = new(
            Newer: [("model.language_model.", "language_model.model."), ("model.vision_tower.", "vision_tower."),
                    ("model.multi_modal_projector.", "multi_modal_projector."), ("lm_head.", "language_model.lm_head.")],
            Head: "language_model.lm_head.weight", Embedding: "language_model.model.embed_tokens.weight"),
        ["paligemma"] = new(
            Newer: [("model.language_model.", "language_model.model."), ("model.vision_tower.", "vision_tower."),
                    ("model.multi_modal_projector.", "multi_modal_projector."), ("lm_head.", "language_model.lm_head.")],
            Head: "language_model.lm_head.weight", Embedding: "language_model.model.embed_tokens.weight"),
        ["qwen2_vl"] = new(
            Newer: [("model.language_model.", "model."), ("model.visual.", "visual.")],
            Head: "lm_head.weight", Embedding: "model.embed_tokens.weight"),
    };

    /// <summary>Constants that old versions of transformers stored beside the weights; the engine computes them.</summary>
    static readonly string[] Buffers = [".rotary_emb.inv_freq", ".rotary_pos_emb.inv_freq", ".position_ids"];

    /// <summary>The <c>model_type</c>s that are supported.</summary>
    public static IReadOnlyList<string> ModelTypes { get; } = [.. Families.Keys];

    /// <summary>The hub's name of a stored tensor; a name that is canonical already, or unknown, stays.</summary>
    public static string Canonical(string modelType, string stored)
    {
        foreach (var (newer, hub) in Families[modelType].Newer)
            if (stored.StartsWith(newer, StringComparison.Ordinal)) return hub + stored[newer.Length..];
        return stored;
    }

    /// <summary>The output head and the input embedding that it equals where <c>tie_word_embeddings</c> holds.</summary>
    public static (string Head, string Embedding) Tied(string modelType) => (Families[modelType].Head, Families[modelType].Embedding);

    /// <summary>Whether a stored tensor is such a constant and not a weight.</summary>
    public static bool IsBuffer(string name) => Buffers.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal));

    sealed record Family((string Newer, string Hub)[] Newer, string Head, string Embedding);
}
