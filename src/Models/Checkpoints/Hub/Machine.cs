namespace Vrp.Models.Checkpoints.Hub;

/// <summary>What of this machine a test replaces: its clock, its disk, its links.</summary>
sealed record Machine
{
    public static Machine Real { get; } = new();

    public Func<TimeSpan, CancellationToken, Task> Delay { get; init; } = Task.Delay;

    /// <summary>Opens a file that is being received; it may be there in part.</summary>
    public Func<string, Stream> OpenPartial { get; init; } = path =>
        new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

    public Action<string, string> CreateLink { get; init; } = (path, target) => File.CreateSymbolicLink(path, target);

    /// <summary>Free bytes of the disk that holds a folder.</summary>
    public Func<string, long> FreeSpace { get; init; } = folder => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>Most bytes asked for at once: the hub refuses one answer of more than 50 GB.</summary>
    public long LargestRange { get; init; } = 16L << 30;

    /// <summary>Other than Ctrl-C nothing tells a dead owner on another machine from a slow one: its record, touched every <see cref="Heartbeat"/>, stands
    /// still this long.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);
}
