namespace Vrp.Models.Checkpoints;

/// <summary>A checkpoint whose config ties the output head to the input embedding, but which stores a head of its own that differs.</summary>
public sealed class TiedHeadException(string path, string head, string embedding, string difference) : CheckpointException(path,
    $"{path}: config.json ties the head to the embedding (tie_word_embeddings), but '{head}' is stored and differs from '{embedding}': {difference}. "
    + "Set tie_word_embeddings to false in config.json if the model was trained with a head of its own; otherwise remove the stored head.")
{
    public string Head { get; } = head;

    public string Embedding { get; } = embedding;
}
