using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Vrp.Models.Tests.Checkpoints.Hub;

/// <summary>A hub on loopback that answers as the real one does: plain files by a redirect on its own host, large ones by a signed address on another (here:
/// another port).</summary>
sealed class FakeHub : IAsyncDisposable
{
    public const string Commit = "8c1a5bd02f4b7b0c2f1f4f9f1a2b3c4d5e6f7081";

    readonly WebApplication app;
    readonly string prefix;
    readonly List<(string Method, string Part, Func<HttpContext, Task> Act)> once = [];
    readonly Lock gate = new();

    FakeHub(WebApplication app, string prefix) => (this.app, this.prefix) = (app, prefix);

    public sealed record Request(string Method, string Target, int Port, string? Authorization, string? Range);

    sealed record Content(byte[] Bytes, bool Large)
    {
        public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Bytes));
        public string GitSha1 { get; } = Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {Bytes.Length}\0"), .. Bytes]));
        public string Etag => Large ? Sha256 : GitSha1;
    }

    readonly ConcurrentDictionary<string, SortedDictionary<string, Content>> repositories = new();

    public ConcurrentQueue<Request> Requests { get; } = new();

    public string Endpoint => $"http://127.0.0.1:{Port}{prefix}";

    public int Port { get; private set; }

    public int StoragePort { get; private set; }

    /// <summary>Files of a plain web server at the same address, by path.</summary>
    public ConcurrentDictionary<string, byte[]> Plain { get; } = new();

    /// <summary>Revisions besides main that mean the commit.</summary>
    public HashSet<string> Revisions { get; } = ["main", Commit];

    /// <summary>Needed for every address; null: none.</summary>
    public string? Token { get; set; }

    /// <summary>Whether there is an API, or files alone.</summary>
    public bool HasApi { get; set; } = true;

    /// <summary>Whether files have sizes in their headers.</summary>
    public bool SaysSizes { get; set; } = true;

    public int PageSize { get; set; } = 1000;

    /// <summary>Bytes after which every answer of the storage breaks off; 0: none does.</summary>
    public int BreakAfter { get; set; }

    /// <summary>Pause between 64 kB of an answer.</summary>
    public TimeSpan Slow { get; set; }

    public static async Task<FakeHub> Start(string prefix = "")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        var hub = new FakeHub(app, prefix);
        app.Run(hub.Answer);
        await app.StartAsync();
        int[] ports = [.. app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address).Port)];
        (hub.Port, hub.StoragePort) = (ports[0], ports[1]);
        return hub;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    public FakeHub Add(string repository, string path, byte[] bytes, bool large = false)
    {
        repositories.GetOrAdd(repository, _ => new(StringComparer.Ordinal))[path] = new Content(bytes, large);
        return this;
    }

    public FakeHub Add(string repository, string path, string text) => Add(repository, path, Encoding.UTF8.GetBytes(text));

    /// <summary>A checkpoint of one weight file, as small as it opens.</summary>
    public FakeHub AddCheckpoint(string repository, byte[]? weights = null) => Add(repository, "config.json", SmallCheckpoint.Config)
        .Add(repository, "tokenizer.json", "{}")
        .Add(repository, "model.safetensors", weights ?? SafetensorsBytes.Of(SmallCheckpoint.Tensors), large: true);

    public string EtagOf(string repository, string path) => repositories[repository][path].Etag;

    /// <summary>Answers the next request whose address holds a text in another way.</summary>
    public void Once(string method, string part, Func<HttpContext, Task> act)
    {
        lock (gate) once.Add((method, part, act));
    }

    public void Once(string method, string part, int status, params (string Name, string Value)[] headers) => Once(method, part, context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        return Task.CompletedTask;
    });

    public static Task Bytes(HttpContext context, int status, byte[] bytes, string? contentRange = null)
    {
        context.Response.StatusCode = status;
        if (contentRange is not null) context.Response.Headers.ContentRange = contentRange;
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes).AsTask();
    }

    public static byte[] Random(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest)) gzip.Write(bytes);
        return memory.ToArray();
    }

    async Task Answer(HttpContext context)
    {
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget, method = context.Request.Method;
        var port = context.Connection.LocalPort;
        Requests.Enqueue(new Request(method, target, port, context.Request.Headers.Authorization.FirstOrDefault(),
            context.Request.Headers.Range.FirstOrDefault()));
        Func<HttpContext, Task>? act = null;
        lock (gate)
        {
            var at = once.FindIndex(entry => entry.Method == method && target.Contains(entry.Part, StringComparison.Ordinal));
            if (at >= 0)
            {
                act = once[at].Act;
                once.RemoveAt(at);
            }
        }

        if (act is not null) await act(context);
        else if (Plain.TryGetValue(target, out var plain)) await Bytes(context, 200, plain);
        else if (port == StoragePort) await Storage(context, target);
        else if (Token is not null && context.Request.Headers.Authorization != $"Bearer {Token}") Refuse(context, 401, "", "Invalid username or password.");
        else await Hub(context, target.Split('?')[0][prefix.Length..].Trim('/').Split('/'));
    }

    async Task Hub(HttpContext context, string[] parts)
    {
        // A data set's addresses differ in this alone.
        parts = [.. parts.Select((part, i) => part == "datasets" && i == 1 ? "models" : part).Where((part, i) => part != "datasets" || i > 0)];
        switch (parts)
        {
            case ["api", "models", var org, var name, "revision", var revision] when HasApi && Known(context, $"{org}/{name}", revision):
                await context.Response.WriteAsync(JsonSerializer.Serialize(new { id = $"{org}/{name}", sha = Commit }));
                break;
            case ["api", "models", var org, var name, "tree", Commit] when HasApi && Known(context, $"{org}/{name}", "main"):
                await Tree(context, repositories[$"{org}/{name}"]);
                break;
            case ["api", "resolve-cache", "models", var org, var name, Commit, .. var path]:
                await File(context, repositories[$"{org}/{name}"][Unescaped(path)], "W/");
                break;
            case [var org, var name, "resolve", var revision, .. var path] when parts[0] != "api" && Known(context, $"{org}/{name}", revision):
                await Resolve(context, $"{org}/{name}", Unescaped(path));
                break;
            default:
                if (context.Response.StatusCode == 200) context.Response.StatusCode = 404;
                break;
        }
    }

    bool Known(HttpContext context, string repository, string revision)
    {
        if (!repositories.ContainsKey(repository)) Refuse(context, 404, "RepoNotFound", "Repository not found");
        else if (!Revisions.Contains(Uri.UnescapeDataString(revision))) Refuse(context, 404, "RevisionNotFound", "Invalid rev id");
        else return true;
        return false;
    }

    async Task Tree(HttpContext context, SortedDictionary<string, Content> files)
    {
        var skip = int.TryParse(context.Request.Query["cursor"], out var cursor) ? cursor : 0;
        if (skip + PageSize < files.Count)
            context.Response.Headers.Link =
                $"<{Endpoint}{context.Request.Path.Value![prefix.Length..]}?recursive=true&expand=false&cursor={skip + PageSize}>; rel=\"next\"";
        var entries = files.Skip(skip).Take(PageSize).Select(file => file.Value.Large
            ? (object)new { type = "file", path = file.Key, size = file.Value.Bytes.Length, oid = file.Value.GitSha1,
                lfs = new { oid = file.Value.Sha256, size = file.Value.Bytes.Length, pointerSize = 130 }, xetHash = new string('e', 64) }
            : new { type = "file", path = file.Key, size = file.Value.Bytes.Length, oid = file.Value.GitSha1 });
        await context.Response.WriteAsync(JsonSerializer.Serialize(new object[] { new { type = "directory", path = "folder", size = 0,
            oid = "" } }.Concat(entries)));
    }

    async Task Resolve(HttpContext context, string repository, string path)
    {
        context.Response.Headers["X-Repo-Commit"] = Commit;
        if (!repositories[repository].TryGetValue(path, out var file))
        {
            Refuse(context, 404, "EntryNotFound", "Entry not found");
            return;
        }

        if (!file.Large)
        {
            context.Response.StatusCode = 307;
            var quoted = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
            context.Response.Headers.Location = $"{prefix}/api/resolve-cache/models/{repository}/{Commit}/{quoted}?download=true";
            return;
        }

        context.Response.StatusCode = 302;
        context.Response.Headers["X-Linked-Etag"] = $"\"{file.Sha256}\"";
        if (SaysSizes) context.Response.Headers["X-Linked-Size"] = file.Bytes.Length.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.ETag = "\"0123456789abcdef\"";
        context.Response.Headers["X-Xet-Hash"] = new string('e', 64);
        var signed = $"X-Amz-Signature=s%2Fecret&path={Uri.EscapeDataString($"{repository}/{path}")}";
        context.Response.Headers.Location = $"http://127.0.0.1:{StoragePort}/xet/{file.Sha256}?{signed}";
    }

    Task Storage(HttpContext context, string target)
    {
        string path = Uri.UnescapeDataString(target[(target.IndexOf("path=", StringComparison.Ordinal) + 5)..]),
            repository = string.Join('/', path.Split('/').Take(2));
        return File(context, repositories[repository][path[(repository.Length + 1)..]], "", BreakAfter);
    }

    async Task File(HttpContext context, Content file, string weak, int breakAfter = 0)
    {
        var response = context.Response;
        response.Headers["X-Repo-Commit"] = Commit;
        response.Headers.ETag = $"{weak}\"{(weak.Length > 0 ? file.Etag : new string('f', 64))}\"";
        var (from, to) = (0, file.Bytes.Length - 1);
        if (context.Request.Headers.Range.FirstOrDefault() is { } range)
        {
            var ends = range["bytes=".Length..].Split('-');
            from = int.Parse(ends[0], CultureInfo.InvariantCulture);
            if (ends[1].Length > 0) to = Math.Min(to, int.Parse(ends[1], CultureInfo.InvariantCulture));
            response.StatusCode = from < file.Bytes.Length ? 206 : 416;
            response.Headers.ContentRange = from < file.Bytes.Length ? $"bytes {from}-{to}/{file.Bytes.Length}" : $"bytes */{file.Bytes.Length}";
            if (response.StatusCode == 416) return;
        }

        if (SaysSizes) response.ContentLength = to - from + 1;
        if (context.Request.Method == "HEAD") return;
        const int piece = 1 << 16;
        for (int at = from, sent = 0; at <= to; at += piece, sent += piece)
        {
            var count = Math.Min(piece, to - at + 1);
            if (breakAfter > 0 && sent + count > breakAfter)
            {
                await response.Body.WriteAsync(file.Bytes.AsMemory(at, Math.Max(0, breakAfter - sent)));
                await response.Body.FlushAsync();
                context.Abort();
                return;
            }
            await response.Body.WriteAsync(file.Bytes.AsMemory(at, count));
            if (Slow <= TimeSpan.Zero) continue;
            await response.Body.FlushAsync();
            await Task.Delay(Slow, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static void Refuse(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        if (code.Length > 0) context.Response.Headers["X-Error-Code"] = code;
        context.Response.Headers["X-Error-Message"] = message;
    }

    static string Unescaped(string[] parts) => string.Join('/', parts.Select(Uri.UnescapeDataString));
}
