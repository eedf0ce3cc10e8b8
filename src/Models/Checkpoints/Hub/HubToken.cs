using Vrp.Models.Storage;

namespace Vrp.Models.Checkpoints.Hub;

/// <summary>An access token of the hub. Only <see cref="Secret"/> gives it away, and only the transport asks for that: printed, it is the place it came
/// from.</summary>
public sealed class HubToken
{
    HubToken(string secret, string source) => (Secret, Source) = (secret, source);

    internal string Secret { get; }

    /// <summary>HF_TOKEN, another variable, or the path of the token file.</summary>
    public string Source { get; }

    /// <summary>huggingface_hub's order: <c>HF_TOKEN</c>, <c>HUGGING_FACE_HUB_TOKEN</c>, the file of <c>HF_TOKEN_PATH</c>, the file <c>token</c> in
    /// <c>HF_HOME</c>. None where <c>HF_HUB_DISABLE_IMPLICIT_TOKEN</c> is set.</summary>
    /// <exception cref="HubException">It holds characters that no token has: a header made of them would be another header.</exception>
    internal static HubToken? Find(Func<string, string?> variable)
    {
        if (HubSettings.IsOn(variable("HF_HUB_DISABLE_IMPLICIT_TOKEN"))) return null;
        foreach (var name in new[] { "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN" })
            if (Clean(variable(name), name) is { } token) return token;
        var file = variable("HF_TOKEN_PATH") is { Length: > 0 } path ? HubCache.Expanded(path, variable)
            : Path.Combine(HubCache.HomeOf(variable), "token");
        try
        {
            return File.Exists(file) ? Clean(FileDoor.ReadAllText(file), file) : null;
        }
        catch (FileException e)
        {
            throw new HubException(HubProblem.WrongToken, $"the token file {file} cannot be read: {e.Message} Check its permissions, or set HF_TOKEN.", e);
        }
    }

    static HubToken? Clean(string? text, string source)
    {
        var token = text?.Trim() ?? "";
        if (token.Length == 0) return null;
        return token.All(c => c is > ' ' and < '\x7f') ? new HubToken(token, source)
            : throw new HubException(HubProblem.WrongToken, $"the token of {source} holds blanks, control or non-ASCII characters; expected one word like "
                + "hf_… Copy it again.");
    }

    /// <summary>Where it came from, never what it is.</summary>
    public override string ToString() => $"the token of {Source}";
}
