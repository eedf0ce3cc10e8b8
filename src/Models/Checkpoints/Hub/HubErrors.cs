using System.Net;

namespace Vrp.Models.Checkpoints.Hub;

/// <summary>The hub's refusals as sentences. A status alone says little: 401 is a missing token, a wrong one, a gated or a mistyped name; the code and the
/// message tell them apart.</summary>
sealed class HubErrors(HubSettings settings)
{
    const string DisabledMessage = "Access to this resource is disabled", WrongTokenMessage = "Invalid credentials";

    /// <summary>Any answer that is none of those asked for.</summary>
    /// <param name="response">Its body may be read.</param>
    /// <param name="repository">What was asked about.</param>
    /// <param name="path">The file, where one was asked for.</param>
    public HubException Of(HttpResponseMessage response, HubRepository repository, string? path = null)
    {
        string code = Header(response, "X-Error-Code"), message = Header(response, "X-Error-Message"), page = settings.Endpoint + repository.Page;
        var status = (int)response.StatusCode;
        var token = settings.Token;
        var setToken = token is null ? $"set HF_TOKEN to a token of that account ({settings.Endpoint}/settings/tokens)"
            : $"give HF_TOKEN a token of that account; {token} is another's, or may not read it";

        return (code, status) switch
        {
            _ when message.Contains(WrongTokenMessage, StringComparison.OrdinalIgnoreCase) => new(HubProblem.WrongToken,
                $"the hub says that {token?.ToString() ?? "the token"} is wrong or expired. Make a new one at {settings.Endpoint}/settings/tokens and set "
                    + "HF_TOKEN, or unset it: public models need none."),
            ("GatedRepo", 403) => new(HubProblem.Gated,
                $"{repository.Id} is gated, and the account of {token?.ToString() ?? "this request"} is not on its list. Ask for access at {page}, then run "
                    + "the same command again."),
            ("GatedRepo", _) => new(HubProblem.Gated, $"{repository.Id} is gated. Accept its terms at {page}, {setToken}, and run the same command again."),
            _ when message.Contains(DisabledMessage, StringComparison.OrdinalIgnoreCase) => new(HubProblem.Disabled,
                $"the hub has disabled {repository.Id}; no token opens it. {page} may say why."),
            ("RevisionNotFound", _) => new(HubProblem.RevisionNotFound,
                $"{repository.Id} has no revision '{Display.Name(repository.Revision)}'. Its branches and tags are listed at {page}/tree/main."),
            ("EntryNotFound", _) => new(HubProblem.FileNotFound,
                $"{repository.Name} has no file {Display.Name(path ?? "of that name")}. Its files are listed at {page}/tree/main."),
            ("RepoNotFound", _) or ("", 401 or 404) => new(HubProblem.RepositoryNotFound,
                $"{repository.Id} was not found at {settings.Endpoint}, or you have no access to it: check the name; if it is private, {setToken}."),
            (_, 429) => new(HubProblem.RateLimited, "the hub's limit of requests is reached. "
                + (token is null ? "A token (HF_TOKEN) raises it; a free account is enough." : "Wait some minutes, and run the same command again.")),
            (_, >= 500 or 408) => new(HubProblem.Unreachable, $"{settings.Endpoint} answers {status} {response.ReasonPhrase}. It may be over soon: run the "
                + "same command again, what was received is kept."),
            _ => new(HubProblem.NotAHub, $"{Place(response)} answers {status} "
                + $"{response.ReasonPhrase}{(message.Length > 0 ? $": {Display.Name(message)}" : "")}{(code.Length > 0 ? $" ({Display.Name(code)})" : "")}. "
                + "Check HF_ENDPOINT and any proxy; what was received is kept."),
        };
    }

    /// <summary>A server that could not be reached, or went silent.</summary>
    public HubException Unreachable(Uri uri, Exception inner) => new(HubProblem.Unreachable,
        $"{uri.GetLeftPart(UriPartial.Authority)} cannot be reached: {Innermost(inner)} Check the network, the proxy (HTTPS_PROXY) and HF_ENDPOINT, and run "
            + "the same command again: what was received is kept.", inner);

    public HubException NotAHub(HttpResponseMessage response, string lacks) => new(HubProblem.NotAHub,
        $"{Place(response)} answers {(int)response.StatusCode} without {lacks}; a hub sends it. HF_ENDPOINT ({settings.Endpoint}) may name something else, or "
            + "a proxy stands between.");

    public HubException Elsewhere(HttpResponseMessage response, Uri target) => new(HubProblem.NotAHub,
        $"{Place(response)} sends to another host, {target.GetLeftPart(UriPartial.Authority)}, for what a hub answers itself. If you trust that one, set "
            + $"HF_ENDPOINT={target.GetLeftPart(UriPartial.Authority)}.");

    /// <summary>Bytes that are not those that were announced.</summary>
    public static HubException Damaged(HubRepository repository, HubFile file, string found) => new(HubProblem.Damaged,
        $"{file.Path} of {repository.Name} arrived with another {file.HashName} than the hub announced: expected {file.Etag}, found {found}. "
        + "It was thrown away. A proxy or mirror may change files: fetch over another network or endpoint (HF_ENDPOINT).");

    /// <summary>Whether the answer is a hub's word about a repository, and not that of a server that knows nothing of the address.</summary>
    public static bool HasCode(HttpResponseMessage response) => Header(response, "X-Error-Code").Length > 0 || Header(response, "X-Error-Message").Length > 0;

    public static bool IsMissingFile(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.NotFound && Header(response, "X-Error-Code") is "EntryNotFound" && Header(response, "X-Repo-Commit").Length > 0;

    public static string Header(HttpResponseMessage response, string name) =>
        (response.Headers.TryGetValues(name, out var values) ? values.First() : "").Trim();

    /// <summary>Without the query: a signed one opens the file to whoever reads the log.</summary>
    static string Place(HttpResponseMessage response) => response.RequestMessage!.RequestUri!.GetLeftPart(UriPartial.Path);

    static string Innermost(Exception e)
    {
        var cause = e.InnerException is HttpRequestException or IOException or System.Net.Sockets.SocketException ? e.InnerException : e;
        return cause.Message.Split('\n')[0].TrimEnd('.') + ".";
    }
}
