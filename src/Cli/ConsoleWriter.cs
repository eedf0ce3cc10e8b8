using System.Text;

namespace Vrp.Cli;

/// <summary>The one way to standard output and standard error. What a model answered or a file holds may be anything: control characters and escape sequences
/// become spaces, and on GitHub Actions a line cannot begin with <c>::</c> nor hold <c>##[</c>, which the runner would take for commands. Holds across writes,
/// so that a streamed answer is no way around it.</summary>
/// <param name="inner">Where to.</param>
/// <param name="onActions">Whether a GitHub runner reads along.</param>
/// <param name="terminal">Whether a person does, on a terminal.</param>
sealed class ConsoleWriter(TextWriter inner, bool onActions, bool terminal) : TextWriter
{
    /// <summary>Longest message of an error, in characters.</summary>
    public const int Longest = 500;

    readonly Lock writing = new();
    readonly StringBuilder line = new();
    bool begins = true;
    char before, beforeThat;

    /// <summary>Wraps a stream of this process.</summary>
    public static ConsoleWriter Of(TextWriter inner) =>
        inner as ConsoleWriter ?? new ConsoleWriter(inner, Environment.GetEnvironmentVariable("GITHUB_ACTIONS") is { Length: > 0 },
        (ReferenceEquals(inner, Console.Out) && !Console.IsOutputRedirected) || (ReferenceEquals(inner, Console.Error) && !Console.IsErrorRedirected));

    /// <summary>Whether a terminal shows it.</summary>
    public bool IsTerminal => terminal;

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Write([value]);

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        lock (writing)
        {
            line.Clear();
            foreach (var character in buffer) Add(character);
            inner.Write(line);
        }
    }

    /// <inheritdoc/>
    public override void WriteLine() => Write('\n');

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write($"{value}\n");

    /// <summary>What the program itself says to a terminal or a runner: colours, a carriage return, an annotation. Never a text from elsewhere.</summary>
    public void WriteTrusted(string text)
    {
        lock (writing)
        {
            inner.Write(text);
            begins = text.Length == 0 ? begins : text[^1] is '\n' or '\r';
            (before, beforeThat) = ('\0', '\0');
        }
    }

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    void Add(char character)
    {
        if (character == '\n')
        {
            line.Append(inner.NewLine);
            (begins, before, beforeThat) = (true, '\0', '\0');
            return;
        }

        if (char.IsControl(character) && character != '\t' || character is '\u2028' or '\u2029') character = ' ';
        // A space is put between: the text stays readable, and the runner reads nothing.
        if (onActions && (begins && character == ':' && before == ':' || character == '[' && before == '#' && beforeThat == '#')) line.Append(' ');
        line.Append(character);
        begins = begins && (char.IsWhiteSpace(character) || character == ':' && before != ':');
        (beforeThat, before) = (before, character);
    }
}

/// <summary>What commands say on standard error.</summary>
static class ConsoleMessages
{
    /// <summary>One line after <c>vrp:</c>, of at most <see cref="ConsoleWriter.Longest"/> characters.</summary>
    public static void Say(this TextWriter error, string text) => error.WriteLine($"vrp: {OneLine(text)}");

    /// <summary>Lines joined, and what is too long cut with an ellipsis.</summary>
    public static string OneLine(string text)
    {
        var joined = string.Join(' ', text.Split(['\n', '\r'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        if (joined.Length <= ConsoleWriter.Longest) return joined;
        var end = ConsoleWriter.Longest - 1;
        return joined[..(char.IsHighSurrogate(joined[end - 1]) ? end - 1 : end)] + "…";
    }

    /// <summary>Writes what the program itself made; see <see cref="ConsoleWriter.WriteTrusted"/>.</summary>
    public static void WriteTrusted(this TextWriter console, string text)
    {
        if (console is ConsoleWriter writer) writer.WriteTrusted(text);
        else console.Write(text);
    }
}
