using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;

namespace Vrp.Models.Checkpoints.Hub;

/// <summary>Requests to the hub. Redirects are followed by hand, because the token must not go along to another host and because the headers that say what a
/// file is stand on the very redirect that leads away.</summary>
sealed class HubTransport : IDisposable
{
    const int MostRedirects = 8;

    readonly HubSettings settings;
    readonly HttpClient http;
    readonly Action<string> say;
    readonly HashSet<string> warned = [];

    public HubTransport(HubSettings settings, Action<string> say)
    {
        (this.settings, this.say, Errors) = (settings, say, new HubErrors(settings));
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ConnectTimeout = settings.EtagTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        }) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("vrp", typeof(HubTransport).Assembly.GetName().Version!.ToString(3)));
        // Compressed on the way, neither sizes nor ranges are the file's.
        http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
    }

    public HubErrors Errors { get; }

    public void Dispose() => http.Dispose();

    public Uri Address(string path) => new(settings.Endpoint + path);

    /// <summary>Sends, and follows redirects on the hub's own host.</summary>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="address">On the hub.</param>
    /// <param name="timeout">Until the headers are there.</param>
    /// <param name="leave">Whether to follow to another host; if not, the redirect itself is the answer.</param>
    /// <param name="range">First and last byte asked for.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>Any answer that is not worth a retry.</returns>
    /// <exception cref="TransientException">No answer, or one that may be another in a moment.</exception>
    public async Task<HttpResponseMessage> Send(HttpMethod method, Uri address, TimeSpan timeout, bool leave, RangeHeaderValue? range, CancellationToken cancel)
    {
        var left = false;
        for (var hop = 0; ; hop++)
        {
            using var request = new HttpRequestMessage(method, address);
            request.Headers.Range = range;
            left |= !IsHub(address);
            if (!left && settings.Token is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Secret);
            var response = await Answer(request, timeout, cancel);
            Warn(response);
            if (Target(response) is { } target && (leave || IsHub(target)))
            {
                response.Dispose();
                if (target.Scheme is not ("http" or "https")) throw new HubException(HubProblem.NotAHub,
                    $"{address.GetLeftPart(UriPartial.Path)} redirects to an address of {Display.Name(target.Scheme)}:, which is none of the web. Check "
                    + "HF_ENDPOINT and any proxy.");
                if (hop == MostRedirects) throw new HubException(HubProblem.NotAHub,
                    $"{address.GetLeftPart(UriPartial.Path)} redirects in a circle. Check HF_ENDPOINT and any proxy.");
                address = target;
                continue;
            }

            if (!Retry.IsTransient(response.StatusCode)) return response;
            using (response) throw new TransientException(Errors.Of(response, new HubRepository(settings.Endpoint)),
                Retry.AskedWait(response, DateTimeOffset.UtcNow));
        }
    }

    /// <summary>Whether an answer came from another host than the hub.</summary>
    public bool CameFromElsewhere(HttpResponseMessage response) => !IsHub(response.RequestMessage!.RequestUri!);

    /// <summary>Where a redirect leads; null of other answers.</summary>
    public static Uri? Target(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location
            && Uri.TryCreate(response.RequestMessage!.RequestUri!, location, out var target) ? target : null;

    /// <summary>The body as the file has it: some mirrors compress whatever they were asked for.</summary>
    public static async Task<Stream> Body(HttpResponseMessage response, CancellationToken cancel)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancel);
        return IsCompressed(response) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }

    /// <summary>The body of a small answer, unpacked.</summary>
    /// <param name="response">Its body is in memory, or still on its way.</param>
    /// <param name="largest">In bytes, unpacked.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="InvalidDataException">It cannot be unpacked, or has more bytes than that.</exception>
    public static async Task<byte[]> Whole(HttpResponseMessage response, int largest, CancellationToken cancel)
    {
        await using var body = await Body(response, cancel);
        using var whole = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (await body.ReadAsync(buffer, cancel) is > 0 and var count)
            if (whole.Length + count > largest) throw new InvalidDataException($"it has more than {largest} bytes.");
            else whole.Write(buffer, 0, count);
        return whole.ToArray();
    }

    public static bool IsCompressed(HttpResponseMessage response) => response.Content.Headers.ContentEncoding.Contains("gzip");

    async Task<HttpResponseMessage> Answer(HttpRequestMessage request, TimeSpan timeout, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(timeout);
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new TransientException(Errors.Unreachable(request.RequestUri!,
                new TimeoutException(FormattableString.Invariant($"no answer in {timeout.TotalSeconds:0.#} s"), e)));
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw Errors.Unreachable(request.RequestUri!, e);
        }
        catch (HttpRequestException e)
        {
            throw new TransientException(Errors.Unreachable(request.RequestUri!, e));
        }
    }

    /// <summary>By host, port and scheme: another port is another server.</summary>
    public bool IsHub(Uri uri) => Uri.Compare(uri, new Uri(settings.Endpoint), UriComponents.SchemeAndServer, UriFormat.UriEscaped,
        StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary><c>X-HF-Warning: topic; message</c>, each once.</summary>
    void Warn(HttpResponseMessage response)
    {
        var warning = HubErrors.Header(response, "X-HF-Warning");
        if (warning.Length == 0) return;
        lock (warned)
            if (!warned.Add(warning)) return;
        say($"the hub says: {Display.Name(warning[(warning.IndexOf(';') + 1)..].Trim())}");
    }
}
