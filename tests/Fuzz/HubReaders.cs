using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Vrp.Models.Checkpoints.Hub;

namespace Vrp.Fuzz;

/// <summary>A hub that answers whatever a file says: addresses with their status, headers and body. What is no JSON any more is sent as it is, in place of
/// every answer.</summary>
static class HubReaders
{
    const string Commit = "8c1a5bd02f4b7b0c2f1f4f9f1a2b3c4d5e6f7081", Model = "acme/tiny", Answers = "answers.json", List = "tree.json", Index = "index.json",
        Tree = $"/api/models/{Model}/tree/{Commit}";

    static readonly Dictionary<string, string> files = new()
    {
        ["config.json"] = "{}", ["tokenizer.json"] = "{}", ["a.safetensors"] = "weights",
        ["model.safetensors.index.json"] = """{"weight_map":{"x":"a.safetensors"}}""",
    };

    public static IReadOnlyList<Reader> All { get; } =
    [
        new("hub, with a list", folder => Reader.Text(folder, Answers, WithList().ToJsonString()), Answers, Fetch),
        new("hub, the list", folder =>
        {
            Reader.Text(folder, Answers, WithList().ToJsonString());
            Reader.Text(folder, List, WithList()[Tree]!["body"]!.ToString());
        }, List, Fetch),
        new("hub, the index", folder =>
        {
            Reader.Text(folder, Answers, WithList().ToJsonString());
            Reader.Text(folder, Index, files["model.safetensors.index.json"]);
        }, Index, Fetch),
        new("hub, without a list", folder => Reader.Text(folder, Answers, WithoutList().ToJsonString()), Answers, Fetch),
        new("cache of the hub: a branch", MakeCache, "main.txt", folder =>
        {
            File.Copy(Path.Combine(folder, "main.txt"), Path.Combine(folder, "models--acme--tiny", "refs", "main"));
            new HubCache(folder).Snapshot(Model);
        }),
    ];

    static JsonObject WithList() => new(Contents().Append(KeyValuePair.Create($"/api/models/{Model}/revision/main",
        (JsonNode?)Answer(200, new JsonObject { ["sha"] = Commit }.ToJsonString()))).Append(KeyValuePair.Create(Tree,
        (JsonNode?)Answer(200, new JsonArray([.. files.Select(file => (JsonNode)Entry(file.Key, file.Value))]).ToJsonString(), ("Link", "")))));

    static JsonObject WithoutList() => new(Contents());

    static IEnumerable<KeyValuePair<string, JsonNode?>> Contents() => files.Select(file => KeyValuePair.Create($"/{Model}/resolve/{Commit}/{file.Key}",
        (JsonNode?)Answer(200, file.Value, ("ETag", $"\"{Sha1(file.Value)}\""), ("X-Repo-Commit", Commit))))
        .Append(KeyValuePair.Create($"/{Model}/resolve/main/config.json",
            (JsonNode?)Answer(307, "", ("Location", $"/{Model}/resolve/{Commit}/config.json"), ("X-Repo-Commit", Commit), ("RateLimit", "\"x\";r=0;t=1"))));

    static JsonObject Entry(string path, string content) => path.EndsWith(".safetensors", StringComparison.Ordinal)
        ? new() { ["type"] = "file", ["path"] = path, ["size"] = content.Length, ["oid"] = Sha1(content),
            ["lfs"] = new JsonObject { ["oid"] = Reader.Hash(Encoding.UTF8.GetBytes(content)), ["size"] = content.Length } }
        : new() { ["type"] = "file", ["path"] = path, ["size"] = content.Length, ["oid"] = Sha1(content) };

    static JsonObject Answer(int status, string body, params (string Name, string Value)[] headers) =>
        new() { ["status"] = status, ["headers"] = new JsonObject(headers.Select(header => KeyValuePair.Create(header.Name, (JsonNode?)header.Value))),
            ["body"] = body };

    static string Sha1(string content) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes($"blob {content.Length}\0{content}")));

    static void MakeCache(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "models--acme--tiny", "snapshots", Commit));
        Directory.CreateDirectory(Path.Combine(folder, "models--acme--tiny", "refs"));
        Reader.Text(folder, "main.txt", Commit);
    }

    static void Fetch(string folder)
    {
        var script = File.ReadAllBytes(Path.Combine(folder, Answers));
        var bodies = new Dictionary<string, byte[]>();
        foreach (var (file, address) in new[] { (List, Tree), (Index, $"/{Model}/resolve/{Commit}/model.safetensors.index.json") })
            if (Path.Combine(folder, file) is var path && File.Exists(path)) bodies[address] = File.ReadAllBytes(path);
        using var server = new Server(script, bodies);
        var settings = new HubSettings { Endpoint = server.Endpoint, Cache = Path.Combine(folder, "cache"), DownloadTimeout = TimeSpan.FromMilliseconds(300),
            EtagTimeout = TimeSpan.FromMilliseconds(300) };
        var impatient = new Machine { Delay = (time, cancel) => time < TimeSpan.Zero ? Task.Delay(time, cancel) : Task.CompletedTask };
        Task.Run(async () =>
        {
            using var fetch = new HubFetch(settings, _ => { }, impatient);
            var plan = await fetch.Plan(new HubRepository(Model));
            _ = (plan.Bytes, plan.Missing);
            await fetch.Run(plan);
        }).GetAwaiter().GetResult();
        if (Directory.Exists(Path.Combine(folder, "outside"))) throw new InvalidOperationException("a file came to lie outside of the cache");
    }

    /// <summary>One answer a connection, over a plain socket: a server of a framework would not send what is wrong.</summary>
    sealed class Server : IDisposable
    {
        readonly TcpListener listener = new(IPAddress.Loopback, 0);
        readonly byte[] script;
        readonly Dictionary<string, byte[]> bodies;
        readonly JsonObject? answers;

        public Server(byte[] script, Dictionary<string, byte[]> bodies)
        {
            (this.script, this.bodies) = (script, bodies);
            try
            {
                answers = JsonNode.Parse(script) as JsonObject;
            }
            catch (Exception e) when (e is System.Text.Json.JsonException or ArgumentException)
            {
                answers = null;
            }

            listener.Start();
            _ = Serve();
        }

        public string Endpoint => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

        public void Dispose() => listener.Dispose();

        async Task Serve()
        {
            try
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync();
                    await using var stream = client.GetStream();
                    var buffer = new byte[8192];
                    var read = 0;
                    while (read < buffer.Length && !buffer.AsSpan(0, read).EndsWith("\r\n\r\n"u8))
                        if (await stream.ReadAsync(buffer.AsMemory(read)) is > 0 and var more) read += more;
                        else break;
                    var request = Encoding.ASCII.GetString(buffer, 0, read).Split(' ');
                    await stream.WriteAsync(AnswerTo(request[0], request.Length > 1 ? request[1] : ""));
                }
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
            {
                // The client hung up, or the test is over.
                System.Diagnostics.Debug.WriteLine(e.Message);
            }
        }

        byte[] AnswerTo(string method, string target)
        {
            if (answers is null) return script;
            try
            {
                target = target.Split('?')[0];
                if (answers[target] is not JsonObject found)
                    return Encoding.ASCII.GetBytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n"
                        + (target.StartsWith("/api/", StringComparison.Ordinal) ? "" : $"X-Error-Code: EntryNotFound\r\nX-Repo-Commit: {Commit}\r\n") + "\r\n");
                var body = bodies.GetValueOrDefault(target) ?? Encoding.UTF8.GetBytes(found["body"]?.ToString() ?? "");
                var text = new StringBuilder($"HTTP/1.1 {found["status"]} x\r\nConnection: close\r\n");
                if (found["headers"] is JsonObject headers)
                    foreach (var (name, value) in headers)
                        if (value?.ToString() is { Length: > 0 } said) text.Append($"{name}: {said}\r\n");
                if (!text.ToString().Contains("Content-Length", StringComparison.Ordinal)) text.Append($"Content-Length: {body.Length}\r\n");
                return [.. Encoding.UTF8.GetBytes($"{text}\r\n"), .. method == "HEAD" ? [] : body];
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentException)
            {
                return Encoding.UTF8.GetBytes(e.Message);                    // half a surrogate pair in a key or value
            }
        }
    }
}
