using System.Diagnostics;
using System.Globalization;

namespace Vrp.Cli;

/// <summary>One line on stderr that says how far, how fast and how long still; redrawn on a terminal, a line every ten seconds elsewhere, nothing for what is
/// over in a moment.</summary>
/// <param name="error">Where to.</param>
/// <param name="what">What was done to those counted, for example "answered".</param>
/// <param name="total">How many there are.</param>
/// <param name="start">How many were there already: they are no part of the rate.</param>
/// <param name="after">What is said after the rest of the line, for example of the whole run; nothing where not said.</param>
/// <param name="show">How a number of them is written; plainly where not said.</param>
sealed class Progress(TextWriter error, string what, long total, long start = 0, Func<double, string>? show = null, Func<string>? after = null) : IDisposable
{
    static readonly bool Terminal = !Console.IsErrorRedirected;
    readonly Stopwatch clock = Stopwatch.StartNew();
    TimeSpan last;
    bool drawn;

    public void Report(long done)
    {
        var now = clock.Elapsed;
        var pause = !Terminal ? TimeSpan.FromSeconds(10) : drawn ? TimeSpan.FromMilliseconds(200) : TimeSpan.Zero;
        if (done >= total || now - last < pause) return;
        last = now;
        var rate = (done - start) / now.TotalSeconds;
        // A large model's first block takes minutes, and nothing is known of the rate before its end.
        string Speed() => show?.Invoke(rate) ?? rate.ToString("0.0", CultureInfo.InvariantCulture);
        var text = rate > 0
            ? FormattableString.Invariant($"{what} {Count(done)}/{Count(total)}, {Speed()}/s, {TimeSpan.FromSeconds((total - done) / rate):hh\\:mm\\:ss} left")
            : FormattableString.Invariant($"{what} {Count(done)}/{Count(total)}, time left not known yet");
        text += after?.Invoke();
        if (Terminal) Redraw(text);
        else error.WriteLine(text);
        drawn = true;
    }

    string Count(long number) => show?.Invoke(number) ?? number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Makes room for another line.</summary>
    public void Clear()
    {
        if (!drawn || !Terminal) return;
        Redraw("");
        error.WriteTrusted("\r");
    }

    void Redraw(string text)
    {
        error.WriteTrusted("\r");
        error.Write($"{(text.Length > 79 ? text[..79] : text),-79}");
    }

    public void Dispose() => Clear();
}
