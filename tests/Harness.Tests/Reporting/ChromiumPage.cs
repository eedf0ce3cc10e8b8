using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vrp.Harness.Tests.Reporting;

/// <summary>A page in headless Chromium, driven over the DevTools protocol; what the console and the Content-Security-Policy complain about is kept.</summary>
sealed class ChromiumPage : IDisposable
{
    readonly Process browser;
    readonly string profile;
    readonly ClientWebSocket socket = new();
    Task drains = Task.CompletedTask;
    int last;

    ChromiumPage(Process browser, string profile) => (this.browser, this.profile) = (browser, profile);

    /// <summary>Messages of level error, exceptions, and policy violations since the page was opened.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Path of the program, or null.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    public static async Task<ChromiumPage> Start(int width = 1280, int height = 900)
    {
        var profile = Directory.CreateTempSubdirectory("vrp-chromium-").FullName;
        var start = new ProcessStartInfo(Program!) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-extensions", "--disable-background-networking",
            "--remote-debugging-port=0", $"--user-data-dir={profile}", $"--window-size={width},{height}", "about:blank" }) start.ArgumentList.Add(argument);
        var chromium = new ChromiumPage(Process.Start(start)!, profile);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        string? line, address = null;
        while (address is null && (line = await chromium.browser.StandardError.ReadLineAsync(patience.Token)) is not null)
            if (line.StartsWith("DevTools listening on ", StringComparison.Ordinal)) address = line["DevTools listening on ".Length..];
        // Both pipes are drained: a browser that cannot write stops.
        chromium.drains = Task.WhenAll(chromium.browser.StandardError.ReadToEndAsync(CancellationToken.None),
            chromium.browser.StandardOutput.ReadToEndAsync(CancellationToken.None));
        var port = new Uri(address ?? throw new InvalidOperationException("Chromium did not say where it listens.")).Port;
        using var client = new HttpClient();
        var targets = JsonNode.Parse(await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/json/list"), patience.Token))!.AsArray();
        await chromium.socket.ConnectAsync(new Uri((string)targets.First(target => (string)target!["type"]! == "page")!["webSocketDebuggerUrl"]!),
            patience.Token);
        foreach (var domain in new[] { "Page", "Runtime", "Log" }) await chromium.Send($"{domain}.enable");
        await chromium.Size(width, height);
        return chromium;
    }

    public Task Size(int width, int height) =>
        Send("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });

    public Task Scheme(string dark) =>
        Send("Emulation.setEmulatedMedia",
        new JsonObject { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark }) });

    /// <summary>Opens a file and waits until the report says that it is ready.</summary>
    public async Task<TimeSpan> Open(string path, string hash = "")
    {
        var clock = Stopwatch.StartNew();
        await Send("Page.navigate", new JsonObject { ["url"] = "about:blank" });
        clock.Restart();
        await Send("Page.navigate", new JsonObject { ["url"] = new Uri(path).AbsoluteUri + hash });
        await Until("document.documentElement?.dataset.ready === 'true'");
        return clock.Elapsed;
    }

    /// <summary>Waits for a condition.</summary>
    public async Task Until(string condition)
    {
        var clock = Stopwatch.StartNew();
        while (!await Evaluate<bool>($"Boolean({condition})"))
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(20)) throw new TimeoutException($"{condition} did not come true in 20 s. {string.Join("; ", Complaints)}");
            await Task.Delay(20);
        }
    }

    /// <summary>Value of a JavaScript expression.</summary>
    public async Task<T> Evaluate<T>(string expression)
    {
        var answer = await Send("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true });
        if (answer["exceptionDetails"] is { } error) throw new InvalidOperationException($"{expression}: {error.ToJsonString()}");
        return answer["result"]!["value"] is { } value ? value.Deserialize<T>()! : default!;
    }

    public Task Run(string statement) => Evaluate<JsonElement>($"(() => {{ {statement} }})()");

    /// <summary>Presses a key.</summary>
    public async Task Press(string key)
    {
        var code = key switch { "Tab" => 9, "Enter" => 13, "Escape" => 27, _ => 0 };
        foreach (var type in new[] { "rawKeyDown", "char", "keyUp" })
            if (type != "char" || key == "Enter")
            {
                var parameters = new JsonObject { ["type"] = type, ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code };
                if (type == "char") parameters["text"] = "\r";
                await Send("Input.dispatchKeyEvent", parameters);
            }
    }

    public async Task<byte[]> Screenshot(bool whole = false) =>
        Convert.FromBase64String((string)(await Send("Page.captureScreenshot",
            new JsonObject { ["format"] = "png", ["captureBeyondViewport"] = whole }))["data"]!);

    public async Task<byte[]> Pdf() =>
        Convert.FromBase64String((string)(await Send("Page.printToPDF", new JsonObject { ["printBackground"] = true, ["preferCSSPageSize"] = true }))["data"]!);

    public async Task<JsonNode> Send(string method, JsonObject? parameters = null)
    {
        var id = ++last;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var text = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] }.ToJsonString();
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, patience.Token);
        while (true)
        {
            var message = await Receive(patience.Token);
            if ((int?)message["id"] != id) Note(message);
            else return message["error"] is { } error ? throw new InvalidOperationException($"{method}: {error.ToJsonString()}") : message["result"]!;
        }
    }

    void Note(JsonNode message)
    {
        var (method, parameters) = ((string?)message["method"], message["params"]);
        if (method == "Runtime.exceptionThrown") Complaints.Add(parameters!["exceptionDetails"]!.ToJsonString());
        if (method == "Runtime.consoleAPICalled"
            && (string?)parameters!["type"] is "error" or "warning" or "assert") Complaints.Add(parameters!["args"]!.ToJsonString());
        if (method == "Log.entryAdded"
            && (string?)parameters!["entry"]!["level"] is "error" or "warning") Complaints.Add((string)parameters!["entry"]!["text"]!);
    }

    async Task<JsonNode> Receive(CancellationToken patience)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[1 << 16];
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer, patience);
            whole.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(whole.ToArray())!;
    }

    public void Dispose()
    {
        socket.Dispose();
        if (!browser.HasExited) browser.Kill(entireProcessTree: true);
        browser.WaitForExit();
        drains.Wait(TimeSpan.FromSeconds(10));
        browser.Dispose();
        // Children of the browser may still be writing there for a moment.
        for (var attempt = 0; Directory.Exists(profile); attempt++)
        {
            try
            {
                Directory.Delete(profile, recursive: true);
            }
            catch (IOException) when (attempt < 50)
            {
                Thread.Sleep(100);
            }
        }
    }
}
