using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Vrp.Models.Checkpoints.Hub;

/// <summary>Receives one file: from where an earlier attempt or process stopped, hashed as it arrives, under its own name only when the hash is the announced
/// one.</summary>
/// <param name="client">The hub.</param>
/// <param name="snapshot">Where it goes.</param>
/// <param name="file">Which.</param>
/// <param name="repository">Of which repository.</param>
/// <param name="commit">At which commit.</param>
/// <param name="settings">Time-outs.</param>
/// <param name="machine">Disk.</param>
/// <param name="advanced">Told of bytes; of fewer, when some turn out to be worthless.</param>
sealed class BlobDownload(HubClient client, SnapshotFolder snapshot, HubFile file, HubRepository repository, string commit, HubSettings settings,
    Machine machine, Action<long> advanced) : IDisposable
{
    const int BufferSize = 1 << 20, DiskFull = 28, QuotaFull = 122, WindowsDiskFull = 112;

    readonly byte[] buffer = new byte[BufferSize];

    /// <summary>Of the first <see cref="hashed"/> bytes. None where a mirror hides the size: git's hash begins with it.</summary>
    IncrementalHash? hash = file.Size is { } size ? file.StartHash(size) : null;

    long hashed, counted = snapshot.Received(file);

    /// <summary>The most bytes that were here at once. A server that breaks off at the same place and always begins anew makes no progress, however much it
    /// sends.</summary>
    long farthest;

    bool resumed;

    public void Dispose() => hash?.Dispose();

    /// <param name="retry">How often again.</param>
    /// <param name="say">Told when another process is at the same file.</param>
    /// <param name="cancel">Ends it; what was received stays.</param>
    public async Task Run(Retry retry, Action<string> say, CancellationToken cancel)
    {
        if (!snapshot.Holds(file))
        {
            using var claim = await BlobClaim.Take(snapshot.Blob(file), snapshot.Lock(file), () => snapshot.Holds(file), machine,
                () => say($"{file.Path}: another process is fetching it; waiting."), cancel);
            if (claim is not null)
            {
                await retry.Run(() => Attempt(claim.Partial, cancel), () => farthest, cancel);
                snapshot.Place(file, claim.Partial);
            }
        }

        snapshot.Link(file);
        Count(file.Size ?? counted);
    }

    async Task<bool> Attempt(string path, CancellationToken cancel)
    {
        await using (var partial = OnDisk(path, () => machine.OpenPartial(path)))
        {
            var length = OnDisk(path, () => partial.Length);
            if (length > file.Size) length = Restart(partial, path);
            if (hashed != length) Rehash(partial, length);
            resumed |= length > 0;
            Count(length);
            while (length < (file.Size ?? long.MaxValue) && await Receive(partial, path, length, cancel) is var now && now > length) length = now;
            if (file.Size is null) Rehash(partial, partial.Length);
        }

        var found = Convert.ToHexStringLower(hash!.GetCurrentHash());
        if (found == file.Etag) return true;
        File.Delete(path);
        var again = resumed;
        (resumed, hashed) = (false, -1);
        var damaged = HubErrors.Damaged(repository, file, found);
        // What an earlier process left may be the culprit; a file received in one go is not better the second time.
        throw again ? new TransientException(damaged, TimeSpan.Zero) : damaged;
    }

    /// <summary>One answer's bytes, appended; the length then.</summary>
    async Task<long> Receive(Stream partial, string path, long length, CancellationToken cancel)
    {
        long? end = file.Size - length > machine.LargestRange ? length + machine.LargestRange - 1 : null;
        using var response = await client.Open(repository, commit, file.Path, length, end, cancel);
        switch (response.StatusCode)
        {
            case HttpStatusCode.PartialContent when !HubTransport.IsCompressed(response):
                var range = response.Content.Headers.ContentRange;
                if (range?.From != length || (range.Length is { } total && file.Size is { } size && total != size))
                    throw new HubException(HubProblem.Damaged, $"{file.Path} of {repository.Name}: asked for the bytes from {length} on of {file.Size}, the "
                        + $"server sends '{range}'. "
                        + "A proxy or mirror serves another file: fetch over another network or endpoint (HF_ENDPOINT).");
                break;
            case HttpStatusCode.OK or HttpStatusCode.PartialContent:
                if (length > 0) length = Restart(partial, path);          // the range was ignored
                break;
            case HttpStatusCode.RequestedRangeNotSatisfiable when file.Size is null && response.Content.Headers.ContentRange?.Length is { } whole
                && whole == length:
                return length;
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                Restart(partial, path);
                throw new TransientException(client.Errors.Of(response, repository, file.Path), TimeSpan.Zero);
            case HttpStatusCode.Forbidden when client.CameFromElsewhere(response):
                // A signed address that ran out; the next attempt asks the hub for a new one.
                throw new TransientException(client.Errors.Of(response, repository, file.Path), TimeSpan.Zero);
            default:
                throw client.Errors.Of(response, repository, file.Path);
        }

        partial.Position = length;
        await using var body = await HubTransport.Body(response, cancel);
        while (await Read(body, response, cancel) is var count and > 0)
        {
            if (length + count > file.Size) throw new HubException(HubProblem.Damaged,
                $"{file.Path} of {repository.Name} is longer than the {file.Size} bytes that the hub announced. A proxy or mirror serves another file: fetch "
                + "from another endpoint (HF_ENDPOINT).");
            OnDisk(path, () => { partial.Write(buffer, 0, count); return 0; });
            hash?.AppendData(buffer, 0, count);
            (length, hashed) = (length + count, length + count);
            farthest = Math.Max(farthest, length);
            Count(length);
        }

        var expected = end + 1 ?? file.Size ?? length;
        return length == expected ? length : throw Broken(response, new IOException($"the connection ended after {length} of {expected} bytes"));
    }

    async Task<int> Read(Stream body, HttpResponseMessage response, CancellationToken cancel)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        silence.CancelAfter(settings.DownloadTimeout);
        try
        {
            return await body.ReadAsync(buffer, silence.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw Broken(response, new TimeoutException(FormattableString.Invariant($"no byte in {settings.DownloadTimeout.TotalSeconds:0.#} s"), e));
        }
        catch (Exception e) when (e is IOException or HttpRequestException or InvalidDataException)
        {
            throw Broken(response, e);
        }
    }

    TransientException Broken(HttpResponseMessage response, Exception e) => new(client.Errors.Unreachable(response.RequestMessage!.RequestUri!, e));

    long Restart(Stream partial, string path)
    {
        OnDisk(path, () => { partial.SetLength(0); return 0; });
        Rehash(partial, 0);
        resumed = false;
        Count(0);
        return 0;
    }

    void Rehash(Stream partial, long length)
    {
        hash?.Dispose();
        hash = file.StartHash(file.Size ?? length);
        partial.Position = 0;
        for (hashed = 0; hashed < length;)
        {
            var count = partial.Read(buffer, 0, (int)Math.Min(BufferSize, length - hashed));
            if (count == 0) throw new HubException(HubProblem.Damaged,
                $"{file.Path}: the part that is here became shorter while it was read. Run the same command again.");
            hash.AppendData(buffer, 0, count);
            hashed += count;
        }
    }

    void Count(long length)
    {
        if (length != counted) advanced(length - counted);
        counted = length;
    }

    /// <summary>The disk's errors, told apart from the network's, which are of the same types.</summary>
    T OnDisk<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (IOException e) when (e.HResult is DiskFull or QuotaFull || (e.HResult & 0xFFFF) == WindowsDiskFull)
        {
            throw new HubException(HubProblem.DiskFull, $"the disk of {settings.Cache} is full: {file.Path} needs {(file.Size ?? hashed) - hashed} bytes more. "
                + "Free some, or set HF_HUB_CACHE to a folder on another disk; the same command goes on where it stopped.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw HubFetch.Unwritable(path, e);
        }
    }
}
