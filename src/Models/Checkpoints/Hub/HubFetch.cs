using System.Globalization;

namespace Vrp.Models.Checkpoints.Hub;

/// <summary>What is to be fetched for a checkpoint.</summary>
/// <param name="Repository">Of which repository.</param>
/// <param name="Commit">The commit that its revision means.</param>
/// <param name="Folder">The snapshot in the cache.</param>
/// <param name="Files">All files that the checkpoint needs.</param>
/// <param name="Missing">Those of them that are not in the cache.</param>
/// <param name="Present">Bytes in the cache, those of begun files too.</param>
public sealed record FetchPlan(HubRepository Repository, string Commit, string Folder, IReadOnlyList<HubFile> Files, IReadOnlyList<HubFile> Missing,
    long Present)
{
    /// <summary>Bytes of all files; those whose size a mirror hides count as none.</summary>
    public long Bytes => Files.Sum(file => file.Size ?? 0);

    /// <summary>Names that the hub was asked for and does not have at this commit.</summary>
    internal IReadOnlyList<string> Absent { get; init; } = [];
}

/// <summary>Brings checkpoints from the hub into its cache.</summary>
public sealed class HubFetch : IDisposable
{
    readonly HubSettings settings;
    readonly Machine machine;
    readonly HubTransport transport;
    readonly HubClient client;
    readonly Retry retry;
    readonly Action<string> say;

    /// <param name="settings">Which hub and which cache.</param>
    /// <param name="say">Told what a person should know: waits, the hub's warnings.</param>
    public HubFetch(HubSettings settings, Action<string> say) : this(settings, say, Machine.Real) { }

    internal HubFetch(HubSettings settings, Action<string> say, Machine machine)
    {
        (this.settings, this.say, this.machine) = (settings, say, machine);
        (transport, retry) = (new HubTransport(settings, say), new Retry(machine, say));
        client = new HubClient(settings, transport, retry);
    }

    public void Dispose() => transport.Dispose();

    /// <summary>Whether a checkpoint can be opened from the cache alone.</summary>
    public static bool IsInCache(HubSettings settings, HubRepository repository) => MissingInCache(settings, repository) is [];

    /// <summary>Which files are needed, and which of them are missing. Nothing is written.</summary>
    /// <exception cref="HubException">It cannot be known; the message says why.</exception>
    public async Task<FetchPlan> Plan(HubRepository repository, CancellationToken cancel = default)
    {
        if (settings.Offline) return OfflinePlan(repository);
        var commit = await client.Commit(repository, cancel);
        var snapshot = new SnapshotFolder(settings, repository, commit, machine);
        var absent = new List<string>();
        var listed = await client.Tree(repository, commit, cancel) ?? await Probe(repository, commit, snapshot, absent, cancel);
        var files = await CheckpointFiles.Choose(repository, listed, index => Shards(repository, commit, snapshot, index, cancel));
        return new FetchPlan(repository, commit, snapshot.Folder, files, [.. files.Where(file => !snapshot.Holds(file))],
            files.Sum(snapshot.Received)) { Absent = absent };
    }

    /// <summary>The same of a repository that is no checkpoint, a data set for one: the files that are wanted.</summary>
    /// <exception cref="HubException">It cannot be known, or none is wanted.</exception>
    public async Task<FetchPlan> Plan(HubRepository repository, Func<HubFile, bool> wanted, CancellationToken cancel = default)
    {
        if (settings.Offline) throw new HubException(HubProblem.Offline,
            $"{repository.Name} cannot be asked for: HF_HUB_OFFLINE is set. Unset it and run the same command again.");
        var commit = await client.Commit(repository, cancel);
        var snapshot = new SnapshotFolder(settings, repository, commit, machine);
        HubFile[] files = [.. (await client.Tree(repository, commit, cancel) ?? []).Where(wanted)];
        return files.Length == 0 ? throw new HubException(HubProblem.FileNotFound,
            $"{settings.Endpoint} lists none of the files of {repository.Name} that are needed. Another endpoint (HF_ENDPOINT) may.")
            : new FetchPlan(repository, commit, snapshot.Folder, files, [.. files.Where(file => !snapshot.Holds(file))], files.Sum(snapshot.Received));
    }

    /// <summary>Fetches what is missing.</summary>
    /// <param name="plan">What.</param>
    /// <param name="parallel">Files at once.</param>
    /// <param name="progress">Told the bytes that are there of <see cref="FetchPlan.Bytes"/>; from several threads.</param>
    /// <param name="cancel">Ends it; what was received stays.</param>
    /// <returns>The snapshot's folder, complete.</returns>
    /// <exception cref="HubException">A file could not be fetched; the others that were whole are kept, and of this one what was received.</exception>
    public async Task<string> Run(FetchPlan plan, int parallel = 8, Action<long>? progress = null, CancellationToken cancel = default)
    {
        if (settings.Offline) return plan.Folder;
        var snapshot = new SnapshotFolder(settings, plan.Repository, plan.Commit, machine);
        // A cache that is complete may be one that others keep and this user cannot write.
        if (plan.Missing.Count == 0 && snapshot.HasRef && plan.Files.All(snapshot.IsLinked)) return plan.Folder;
        try
        {
            snapshot.Prepare();
            CheckSpace(plan);
            var done = plan.Present;
            // The first failure stops the others where they are, and is the one that is thrown.
            await Parallel.ForEachAsync(plan.Files, new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancel }, async (file, stop) =>
            {
                using var download = new BlobDownload(client, snapshot, file, plan.Repository, plan.Commit, settings, machine, more =>
                    progress?.Invoke(Interlocked.Add(ref done, more)));
                await download.Run(retry, say, stop);
            });
            foreach (var name in plan.Absent) snapshot.WriteAbsent(name);
            snapshot.WriteRef();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(settings.Cache, e);
        }

        return plan.Folder;
    }

    internal static HubException Unwritable(string path, Exception e) => new(HubProblem.CacheUnwritable,
        $"{path} cannot be written: {e.Message.TrimEnd('.')}. Set HF_HUB_CACHE to a folder that can, or mend its permissions; what was received is kept.", e);

    static IReadOnlyList<string>? MissingInCache(HubSettings settings, HubRepository repository)
    {
        try
        {
            return CheckpointFiles.MissingIn(new HubCache(settings.Cache).Snapshot(repository.Id, repository.Revision));
        }
        catch (CheckpointNotFoundException)
        {
            return null;
        }
    }

    FetchPlan OfflinePlan(HubRepository repository) => MissingInCache(settings, repository) switch
    {
        [] when new HubCache(settings.Cache).Snapshot(repository.Id, repository.Revision) is var folder =>
            new FetchPlan(repository, Path.GetFileName(folder), folder, [], [], 0),
        { } missing => throw new HubException(HubProblem.Offline,
            $"{repository.Name} is incomplete in {settings.Cache}: it lacks {string.Join(", ", Display.Cut([.. missing], 8))}; HF_HUB_OFFLINE is set. Unset "
                + "it and run the same command again."),
        null => throw new HubException(HubProblem.Offline,
            $"{repository.Name} is not in {settings.Cache}, and HF_HUB_OFFLINE is set. Unset it, or set HF_HUB_CACHE to the cache that holds it."),
    };

    void CheckSpace(FetchPlan plan)
    {
        long needed = plan.Bytes - plan.Present, free = machine.FreeSpace(settings.Cache);
        if (needed > free)
            throw new HubException(HubProblem.DiskFull, string.Create(CultureInfo.InvariantCulture,
                $"{plan.Repository.Name} needs {needed / 1e9:0.00} GB more, and the disk of {settings.Cache} has {free / 1e9:0.00} GB. ")
                + "Free some, or set HF_HUB_CACHE to a folder on another disk. Nothing was changed.");
    }

    /// <summary>Without a list of files: one question for each that may be there.</summary>
    async Task<IReadOnlyList<HubFile>> Probe(HubRepository repository, string commit, SnapshotFolder snapshot, List<string> absent, CancellationToken cancel)
    {
        var found = new List<HubFile>();
        async Task<HubFile?> Ask(string name)
        {
            var file = await client.Metadata(repository, commit, name, cancel);
            if (file is not null) found.Add(file);
            else absent.Add(name);
            return file;
        }

        foreach (var name in CheckpointFiles.Needed.Concat(CheckpointFiles.Wanted)) await Ask(name);
        if (await Ask(WeightFiles.SingleFile) is null && await Ask(ShardIndex.FileName) is { } index)
            foreach (var shard in await Shards(repository, commit, snapshot, index, cancel)) await Ask(shard);
        return found;
    }

    async Task<IReadOnlyList<string>> Shards(HubRepository repository, string commit, SnapshotFolder snapshot, HubFile index, CancellationToken cancel)
    {
        var where = $"{index.Path} of {repository.Name}";
        var bytes = snapshot.Holds(index) ? await File.ReadAllBytesAsync(snapshot.Content(index), cancel)
            : await client.Text(repository, commit, index, cancel);
        return CheckpointFiles.Shards(bytes, where);
    }
}
