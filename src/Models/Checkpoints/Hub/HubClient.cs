using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Vrp.Models.Storage;

namespace Vrp.Models.Checkpoints.Hub;

/// <summary>The hub's questions and answers (huggingface_hub: HfApi.model_info, list_repo_tree, get_hf_file_metadata).</summary>
sealed partial class HubClient(HubSettings settings, HubTransport transport, Retry retry)
{
    const int MostPages = 1000, MostFiles = 100_000, LargestJson = 64 << 20, LargestIndex = 256 << 20;

    public HubErrors Errors => transport.Errors;

    /// <summary>The commit that a revision means now.</summary>
    public async Task<string> Commit(HubRepository repository, CancellationToken cancel)
    {
        if (repository.IsPinned) return repository.Revision;
        using var response = await Get(transport.Address(repository.InfoPath), cancel);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            using var json = await Json(response, cancel);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("sha", out var sha)
                && sha.ValueKind == JsonValueKind.String
                && HubRepository.IsCommit(sha.GetString()) ? sha.GetString()! : throw Errors.NotAHub(response, "a commit in 'sha'");
        }

        // Some mirrors have files and no API.
        if (!IsWithoutApi(response)) throw Errors.Of(response, repository);
        using var head = await Head(repository, repository.Revision, Checkpoint.ConfigFile, cancel);
        return HubErrors.Header(head, "X-Repo-Commit") is { Length: > 0 } commit ? CheckedCommit(commit, head)
            : head.IsSuccessStatusCode ? throw Errors.NotAHub(head, "X-Repo-Commit") : throw Errors.Of(head, repository, Checkpoint.ConfigFile);
    }

    /// <summary>All files of a commit, in one request a page; null where a mirror has no such list.</summary>
    public async Task<IReadOnlyList<HubFile>?> Tree(HubRepository repository, string commit, CancellationToken cancel)
    {
        var files = new List<HubFile>();
        var page = transport.Address(repository.TreePath(commit));
        var where = $"the list of {repository.Id}";
        for (var pages = 0; pages < MostPages; pages++)
        {
            using var response = await Get(page, cancel);
            if (pages == 0 && IsWithoutApi(response)) return null;
            if (response.StatusCode != HttpStatusCode.OK) throw Errors.Of(response, repository);
            using var json = await Json(response, cancel);
            if (json.RootElement.ValueKind != JsonValueKind.Array) throw Errors.NotAHub(response, "a list of files");
            foreach (var entry in json.RootElement.EnumerateArray())
                try
                {
                    if (entry.GetProperty("type").GetString() == "file") files.Add(File(entry, where));
                }
                catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
                {
                    throw new HubException(HubProblem.NotAHub, $"{where} holds an entry without type, path, size or oid: {Display.Name(entry.GetRawText())}. "
                        + "Check HF_ENDPOINT and any proxy.", e);
                }

            if (files.Count > MostFiles) throw new HubException(HubProblem.NotAHub, $"{where} has more than {MostFiles} files. Check HF_ENDPOINT.");
            if (NextPage(response) is not { } next) return Unique(files, where);
            page = Uri.TryCreate(page, next, out var address) && address.Scheme is "http" or "https" ? address
                : throw Errors.NotAHub(response, $"an address in Link ('{Display.Name(next)}' is none)");
            if (!transport.IsHub(page)) throw Errors.Elsewhere(response, page);
        }

        throw new HubException(HubProblem.NotAHub, $"{where} has more than {MostPages} pages. Check HF_ENDPOINT.");
    }

    static HubFile File(JsonElement entry, string where)
    {
        var content = entry.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object ? lfs : entry;
        return HubFile.Checked(Text(entry, "path"), content.GetProperty("size").GetInt64(), Text(content, "oid"), where);

        static string Text(JsonElement of, string name) => of.GetProperty(name).GetString() ?? throw new InvalidOperationException($"its {name} is null.");
    }

    static List<HubFile> Unique(List<HubFile> files, string where)
    {
        var twice = files.GroupBy(file => file.Path, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1)?.Key;
        return twice is null ? files : throw new HubException(HubProblem.NotAHub,
            $"{where} names {Display.Name(twice)} more than once. Check HF_ENDPOINT and any proxy.");
    }

    /// <summary>One file, from the headers of its address; null where the commit has none of that name.</summary>
    public async Task<HubFile?> Metadata(HubRepository repository, string commit, string path, CancellationToken cancel)
    {
        using var response = await Head(repository, commit, path, cancel);
        if (HubErrors.IsMissingFile(response)) return null;
        var target = HubTransport.Target(response);
        if (!response.IsSuccessStatusCode && target is null) throw Errors.Of(response, repository, path);
        if (HubErrors.Header(response, "X-Repo-Commit").Length == 0) throw target is null ? Errors.NotAHub(response, "X-Repo-Commit")
            : Errors.Elsewhere(response, target);
        var etag = HubErrors.Header(response, "X-Linked-Etag") is { Length: > 0 } linked ? linked : HubErrors.Header(response, "ETag");
        var size = HubErrors.Header(response, "X-Linked-Size");
        // A redirect's Content-Length is that of its own text; a compressed body's is not the file's.
        var length = long.TryParse(size, out var stated) ? stated : target is null && !HubTransport.IsCompressed(response)
            ? response.Content.Headers.ContentLength : null;
        return HubFile.Checked(path, length, Unquoted(etag), $"{settings.Endpoint}");
    }

    /// <summary>A file's bytes from a position on, wherever they lie.</summary>
    public Task<HttpResponseMessage> Open(HubRepository repository, string commit, string path, long from, long? to, CancellationToken cancel) =>
        transport.Send(HttpMethod.Get, transport.Address(repository.FilePath(commit, path)), settings.DownloadTimeout, leave: true,
            from == 0 && to is null ? null : new RangeHeaderValue(from, to), cancel);

    /// <summary>A small file, into memory; its hash is the announced one.</summary>
    public Task<byte[]> Text(HubRepository repository, string commit, HubFile file, CancellationToken cancel) => retry.Run(async () =>
    {
        using var response = await Open(repository, commit, file.Path, 0, null, cancel);
        if (response.StatusCode != HttpStatusCode.OK) throw Errors.Of(response, repository, file.Path);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(settings.LongestText);
        byte[] bytes;
        try
        {
            bytes = await HubTransport.Whole(response, LargestIndex, limit.Token);
        }
        catch (InvalidDataException e)
        {
            throw new HubException(HubProblem.NotAHub, $"{file.Path} of {repository.Name} cannot be unpacked: {e.Message} Check HF_ENDPOINT and any proxy.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new TransientException(Errors.Unreachable(response.RequestMessage!.RequestUri!, e));
        }

        using var hash = file.StartHash(bytes.Length);
        hash.AppendData(bytes);
        return Convert.ToHexStringLower(hash.GetCurrentHash()) is var found && found == file.Etag ? bytes : throw HubErrors.Damaged(repository, file, found);
    }, null, cancel);

    public bool CameFromElsewhere(HttpResponseMessage response) => transport.CameFromElsewhere(response);

    Task<HttpResponseMessage> Head(HubRepository repository, string revision, string path, CancellationToken cancel) => retry.Run(() =>
        transport.Send(HttpMethod.Head, transport.Address(repository.FilePath(revision, path)), settings.EtagTimeout, leave: false, null, cancel), null,
            cancel);

    async Task<HttpResponseMessage> Get(Uri address, CancellationToken cancel)
    {
        var response = await retry.Run(async () =>
        {
            var answer = await transport.Send(HttpMethod.Get, address, settings.EtagTimeout, leave: false, null, cancel);
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                limit.CancelAfter(settings.LongestText);
                await answer.Content.LoadIntoBufferAsync(LargestJson, limit.Token);
                return answer;
            }
            // broken off, too slow, or too long to be a list
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancel.IsCancellationRequested)
            {
                using (answer) throw new TransientException(Errors.Unreachable(address, e));
            }
        }, null, cancel);
        if (HubTransport.Target(response) is not { } target) return response;
        using (response) throw Errors.Elsewhere(response, target);
    }

    async Task<JsonDocument> Json(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            return JsonDocument.Parse(JsonText.Text(await HubTransport.Whole(response, LargestJson, cancel), "the answer"));
        }
        catch (Exception e) when (e is JsonException or JsonTextException or InvalidDataException)
        {
            throw new HubException(HubProblem.NotAHub, $"{Errors.NotAHub(response, "JSON that can be read").Message} ({e.Message})", e);
        }
    }

    string CheckedCommit(string commit, HttpResponseMessage response) => HubRepository.IsCommit(commit) ? commit
        : throw Errors.NotAHub(response, "a commit in X-Repo-Commit");

    /// <summary>An address that the server does not know, and not a word about the repository.</summary>
    static bool IsWithoutApi(HttpResponseMessage response) => response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.NotImplemented
        && !HubErrors.HasCode(response);

    static string? NextPage(HttpResponseMessage response) => response.Headers.TryGetValues("Link", out var links)
        ? links.Select(link => Next().Match(link)).FirstOrDefault(match => match.Success)?.Groups[1].Value : null;

    /// <summary>A weak etag's mark and the quotes around it.</summary>
    static string Unquoted(string etag)
    {
        var text = etag.StartsWith("W/", StringComparison.Ordinal) ? etag[2..] : etag;
        return text is ['"', .., '"'] ? text[1..^1] : text;
    }

    [GeneratedRegex("""<([^>]+)>\s*;[^,]*\brel="?next"?""", RegexOptions.CultureInvariant)]
    private static partial Regex Next();
}
