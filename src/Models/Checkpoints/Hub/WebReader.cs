namespace Vrp.Models.Checkpoints.Hub;

/// <summary>Small files of plain web servers, with the retries of the hub's. No token goes along.</summary>
public sealed class WebReader(Action<string> say) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly HttpClient http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };
    readonly Retry retry = new(Machine.Real, say);

    public void Dispose() => http.Dispose();

    /// <exception cref="HubException">It cannot be had, or has more bytes than <paramref name="largest"/>.</exception>
    public Task<byte[]> Read(Uri address, int largest, CancellationToken cancel) => retry.Run(async () =>
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var refused = new HubException((int)response.StatusCode is 404 or 410 ? HubProblem.FileNotFound : HubProblem.Unreachable,
                $"{address.GetLeftPart(UriPartial.Path)} answers {(int)response.StatusCode} {response.ReasonPhrase}. Run the same command again later, or "
                    + "fetch from elsewhere.");
            if (Retry.IsTransient(response.StatusCode)) throw new TransientException(refused, Retry.AskedWait(response, DateTimeOffset.UtcNow));
            if (!response.IsSuccessStatusCode) throw refused;
            await response.Content.LoadIntoBufferAsync(largest, limit.Token);
            return await response.Content.ReadAsByteArrayAsync(limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            var what = e is OperationCanceledException ? FormattableString.Invariant($"no whole answer in {Patience.TotalSeconds:0} s")
                : (e.InnerException ?? e).Message.Split('\n')[0].TrimEnd('.');
            throw new TransientException(new HubException(HubProblem.Unreachable,
                $"{address.GetLeftPart(UriPartial.Authority)} cannot be reached: {what}. Check the network and the proxy (HTTPS_PROXY, HTTP_PROXY), and run "
                + "the same command again.", e));
        }
    }, null, cancel);
}
