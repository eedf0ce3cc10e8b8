namespace Vrp.Cli;

/// <summary>
/// Text output to a file or to standard output (<c>-</c>). A file appears under its name only when <see cref="Commit"/> is called:
/// an error half-way leaves no half file behind, nor does it take an older one away.
/// </summary>
sealed class OutputFile : IDisposable
{
    readonly string? path, temporary;
    readonly TextWriter writer;
    bool committed;

    OutputFile(string? path, TextWriter writer, string? temporary) => (this.path, this.writer, this.temporary) = (path, writer, temporary);

    public static OutputFile Open(string path, TextWriter console)
    {
        if (path == "-") return new OutputFile(null, console, null);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        return new OutputFile(path, new StreamWriter(temporary), temporary);
    }

    public void WriteLine(string line) => writer.WriteLine(line);

    public void Commit()
    {
        writer.Flush();
        committed = true;
        if (path is null) return;
        writer.Dispose();
        File.Move(temporary!, path, overwrite: true);
    }

    public void Dispose()
    {
        if (committed || path is null) return;
        writer.Dispose();
        File.Delete(temporary!);
    }
}
