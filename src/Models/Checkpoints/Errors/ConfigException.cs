namespace Vrp.Models.Checkpoints;

/// <summary>A JSON settings file (config.json, preprocessor_config.json…) that is missing or not JSON, or a key in it of the wrong kind.
/// <see cref="Key"/> is the dotted path of that key (<c>text_config.hidden_size</c>), null when the whole file is at fault.</summary>
public sealed class ConfigException(string path, string? key, string message, Exception? inner = null) : CheckpointException(path, message, inner)
{
    public string? Key { get; } = key;
}
