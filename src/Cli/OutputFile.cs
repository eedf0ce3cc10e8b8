using Vrp.Models.Storage;

namespace Vrp.Cli;

/// <summary>Text output to a file or to standard output (<c>-</c>). A file appears under its name only when <see cref="Commit"/> is called: an error half-way
/// leaves no half file behind, nor does it take an older one away.</summary>
sealed class OutputFile : IDisposable
{
    readonly AtomicFile? file;
    readonly TextWriter writer;

    OutputFile(AtomicFile? file, TextWriter writer) => (this.file, this.writer) = (file, writer);

    public static OutputFile Open(string path, TextWriter console)
    {
        if (path == "-") return new OutputFile(null, console);
        var file = AtomicFile.Open(path);
        return new OutputFile(file, new StreamWriter(file.Stream, leaveOpen: true));
    }

    public void WriteLine(string line) => writer.WriteLine(line);

    public void Commit()
    {
        writer.Flush();
        file?.Commit();
    }

    public void Dispose() => file?.Dispose();
}
