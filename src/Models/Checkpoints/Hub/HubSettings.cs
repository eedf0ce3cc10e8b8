using System.Globalization;

namespace Vrp.Models.Checkpoints.Hub;

/// <summary>How the hub is reached and where its files are kept, as huggingface_hub reads it from the environment.</summary>
public sealed record HubSettings
{
    /// <summary>The hub's address without a slash at its end (<c>HF_ENDPOINT</c>); a mirror's may have a path.</summary>
    public string Endpoint { get; init; } = "https://huggingface.co";

    /// <summary>Folder of the cache (<see cref="HubCache"/>).</summary>
    public required string Cache { get; init; }

    /// <summary>Sent to <see cref="Endpoint"/> alone.</summary>
    public HubToken? Token { get; init; }

    /// <summary><c>HF_HUB_OFFLINE</c> or <c>TRANSFORMERS_OFFLINE</c>: the cache is all there is.</summary>
    public bool Offline { get; init; }

    /// <summary>Whether snapshots are links into blobs; not with <c>HF_HUB_DISABLE_SYMLINKS</c>.</summary>
    public bool Links { get; init; } = true;

    /// <summary>Longest silence of a download (<c>HF_HUB_DOWNLOAD_TIMEOUT</c>).</summary>
    public TimeSpan DownloadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for what a file is (<c>HF_HUB_ETAG_TIMEOUT</c>).</summary>
    public TimeSpan EtagTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time for a list or an index as a whole.</summary>
    internal TimeSpan LongestText { get; init; } = TimeSpan.FromMinutes(1);

    /// <exception cref="HubException">A variable says what cannot be.</exception>
    public static HubSettings FromEnvironment() => FromVariables(Environment.GetEnvironmentVariable);

    internal static HubSettings FromVariables(Func<string, string?> variable)
    {
        var defaults = new HubSettings { Cache = HubCache.FromVariables(variable).Root };
        return defaults with
        {
            Endpoint = variable("HF_ENDPOINT") is { Length: > 0 } endpoint ? CheckedEndpoint(endpoint.Trim().TrimEnd('/')) : defaults.Endpoint,
            Token = HubToken.Find(variable),
            Offline = IsOn(variable("HF_HUB_OFFLINE")) || IsOn(variable("TRANSFORMERS_OFFLINE")),
            Links = !IsOn(variable("HF_HUB_DISABLE_SYMLINKS")),
            DownloadTimeout = Seconds("HF_HUB_DOWNLOAD_TIMEOUT") ?? defaults.DownloadTimeout,
            EtagTimeout = Seconds("HF_HUB_ETAG_TIMEOUT") ?? defaults.EtagTimeout,
        };

        TimeSpan? Seconds(string name) => variable(name) is not { Length: > 0 } text ? null
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e6
                ? TimeSpan.FromSeconds(seconds)
            : throw new HubException(HubProblem.NotAHub, $"{name}={Display.Name(text)}: expected a number of seconds above 0.");
    }

    /// <summary>How huggingface_hub reads a switch.</summary>
    internal static bool IsOn(string? value) => value?.Trim().ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    static string CheckedEndpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https") && uri.Query.Length + uri.Fragment.Length
            + uri.UserInfo.Length == 0 ? text
            : throw new HubException(HubProblem.NotAHub, $"HF_ENDPOINT={Display.Name(WithoutSecrets(text))}: expected an address like https://huggingface.co, "
                + "without user or query.");

    /// <summary>What may be shown of an address: a password stands before its <c>@</c>, a key behind its <c>?</c>.</summary>
    static string WithoutSecrets(string address)
    {
        var host = address[(address.LastIndexOf('@') + 1)..].Split('?', '#')[0];
        return host.Length == address.Length ? address : $"…{host}…";
    }
}
