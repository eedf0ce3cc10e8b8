using System.Globalization;
using System.Runtime.InteropServices;
using Vrp.Models;

namespace Vrp.Harness.Running;

/// <summary>SIGTERM, SIGINT (Ctrl-C) and SIGHUP, for the whole process. The blocks in flight are finished where the grace allows and dropped where it does not;
/// a second signal drops them at once. Whatever happens, the status files say "interrupted" and the process ends with <see cref="Code"/>: schedulers read from
/// it that the same command goes on.</summary>
sealed partial class Interruption : IDisposable
{
    /// <summary>Exit code of an interrupted process: try again (EX_TEMPFAIL of sysexits.h).</summary>
    public const int Code = 75;

    /// <summary>Seconds between the first signal and the end, at most. Kubernetes kills after 30 s and Slurm's KillWait is 30 s, so that the default leaves
    /// room to end.</summary>
    public const string Variable = "VRP_GRACE";

    const double DefaultSeconds = 20, MostSeconds = 86_400;

    static readonly Interruption none = new();
    static Interruption current = none;

    readonly Lock running = new();
    readonly List<Action> stages = [];
    readonly List<PosixSignalRegistration> registrations = [];
    readonly Action<string> ended = _ => { };
    readonly Action<string> noticed = _ => { };
    readonly Action<int> exit = _ => { };
    readonly TimeSpan grace;
    Timer? patience;
    string? signal;

    Interruption()
    {
    }

    /// <param name="grace">Time for the blocks in flight.</param>
    /// <param name="ended">Receives the sentence that says that the process ends.</param>
    /// <param name="noticed">Receives a line when a signal comes: what the process waits for.</param>
    /// <param name="exit">Ends the process; a test puts something else in its place.</param>
    internal Interruption(TimeSpan grace, Action<string> ended, Action<string> noticed, Action<int> exit) =>
        (this.grace, this.ended, this.noticed, this.exit) = (grace, ended, noticed, exit);

    /// <summary>The process's.</summary>
    public static Interruption Current => Volatile.Read(ref current);

    /// <summary>What the last line of an interrupted command says.</summary>
    public static string Sentence(string? by) =>
        $"vrp: interrupted{(by is null ? "" : $" by {by}")}; the same command goes on, and nothing that was finished is done again.";

    /// <summary>The first signal's name; null before it.</summary>
    public string? By => Volatile.Read(ref signal);

    /// <summary>Seconds of <c>VRP_GRACE</c>, or 20.</summary>
    /// <exception cref="VrpException">It is no number of seconds.</exception>
    public static TimeSpan Grace(string? text) => string.IsNullOrEmpty(text) ? TimeSpan.FromSeconds(DefaultSeconds)
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= MostSeconds ? TimeSpan.FromSeconds(seconds)
        : throw new VrpException($"{Variable}={text}: expected seconds from 0 to {MostSeconds:0}, the time that the block in flight gets after SIGTERM or "
            + "Ctrl-C.");

    /// <summary>Takes the signals of this process until it is disposed of.</summary>
    /// <exception cref="VrpException"><c>VRP_GRACE</c> means nothing.</exception>
    public static Interruption Listen(TextWriter error)
    {
        // A person at a terminal wants to know why nothing happens yet; a log gets the one sentence alone.
        void Notice(string text)
        {
            if (!Console.IsErrorRedirected) error.WriteLine($"\n{text}");
        }

        var interruption = new Interruption(Grace(Environment.GetEnvironmentVariable(Variable)), error.WriteLine, Notice, End);
        foreach (var one in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP })
            if (!IsIgnored(one)) interruption.registrations.Add(PosixSignalRegistration.Create(one, context =>
            {
                context.Cancel = true;
                interruption.Signal(context.Signal.ToString());
            }));
        Volatile.Write(ref current, interruption);
        return interruption;
    }

    /// <summary>Says that a stage runs: until the result is disposed of, a signal waits for it.</summary>
    /// <param name="dropped">Called where it is waited for no longer: writes down that it was interrupted. The process ends right after.</param>
    public IDisposable During(Action dropped)
    {
        lock (running) stages.Add(dropped);
        return new Leaving(() =>
        {
            lock (running) stages.Remove(dropped);
        });
    }

    /// <summary>Where a stage may stop: between two blocks.</summary>
    /// <exception cref="OperationCanceledException">A signal came.</exception>
    public void ThrowIfRequested()
    {
        if (By is { } name) throw new OperationCanceledException($"interrupted by {name}");
    }

    internal void Signal(string name)
    {
        bool first, waits;
        lock (running)
        {
            first = signal is null;
            if (first) Volatile.Write(ref signal, name);
            waits = first && stages.Count > 0 && grace > TimeSpan.Zero;
            if (waits) patience = new Timer(_ => Drop(), null, grace, Timeout.InfiniteTimeSpan);
        }
        if (waits) noticed(string.Create(CultureInfo.InvariantCulture,
            $"vrp: {name}: the block in flight is finished first, in at most {grace.TotalSeconds:0} s; once more ends at once."));
        else Drop();
    }

    void Drop()
    {
        Action[] left;
        lock (running) left = [.. stages];
        foreach (var stage in left) stage();
        ended(Sentence(By));
        exit(Code);
    }

    /// <summary>Without the runtime's own way out: that runs libtorch's destructors while its threads still compute, and crashes now and then.</summary>
    static void End(int code)
    {
        if (OperatingSystem.IsWindows()) Environment.Exit(code);
        else ExitNow(code);
    }

    /// <summary>Whether who started us wants the signal ignored, as nohup does with SIGHUP and a shell with SIGINT of its background jobs.</summary>
    static bool IsIgnored(PosixSignal one)
    {
        const string Mask = "SigIgn:", File = "/proc/self/status";
        if (!System.IO.File.Exists(File)) return false;
        var number = one switch { PosixSignal.SIGHUP => 1, PosixSignal.SIGINT => 2, _ => 15 };
        return System.IO.File.ReadLines(File).FirstOrDefault(line => line.StartsWith(Mask, StringComparison.Ordinal)) is { } line
            && (Convert.ToUInt64(line[Mask.Length..].Trim(), 16) >> (number - 1) & 1) != 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        patience?.Dispose();
        Interlocked.CompareExchange(ref current, none, this);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int code);

    sealed class Leaving(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
