using Vrp.Models.Storage;

namespace Vrp.Cli;

/// <summary>Lines of a file or of standard input (<c>-</c>), numbered from 1, blank ones left out.</summary>
static class InputLines
{
    public static IEnumerable<(int Number, string Line)> Read(string path)
    {
        using var reader = path == "-" ? Console.In : new StreamReader(FileDoor.OpenRead(path));
        for (var number = 1; reader.ReadLine() is { } line; number++)
            if (!string.IsNullOrWhiteSpace(line)) yield return (number, line);
    }
}
