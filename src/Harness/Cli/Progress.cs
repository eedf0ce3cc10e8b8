using System.Diagnostics;

namespace Vrp.Harness.Cli;

/// <summary>One line on stderr that says how far, how fast and how long still; redrawn on a terminal, a line every ten seconds elsewhere, nothing for what is over in a moment.</summary>
sealed class Progress(TextWriter error, string what, int total) : IDisposable
{
    static readonly bool Terminal = !Console.IsErrorRedirected;
    readonly Stopwatch clock = Stopwatch.StartNew();
    TimeSpan last;
    bool drawn;

    public void Report(int done)
    {
        var now = clock.Elapsed;
        if (done >= total || now - last < (Terminal ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(10))) return;
        last = now;
        var rate = done / now.TotalSeconds;
        var remaining = rate > 0 ? TimeSpan.FromSeconds((total - done) / rate) : TimeSpan.Zero;
        var text = FormattableString.Invariant($"{what} {done}/{total}, {rate:0.0}/s, {remaining:hh\\:mm\\:ss} left");
        if (Terminal) error.Write($"\r{text,-70}");
        else error.WriteLine(text);
        drawn = true;
    }

    public void Dispose()
    {
        if (drawn && Terminal) error.Write($"\r{"",-70}\r");
    }
}
