using Vrp.Models.Storage;

namespace Vrp.Cli;

/// <summary>Lines of a file or of standard input (<c>-</c>), numbered from 1, blank ones left out.</summary>
static class InputLines
{
    public static IEnumerable<(int Number, string Line)> Read(string path)
    {
        // A file that is no UTF-8 is refused: with other characters in its place a question would be another.
        using var reader = path == "-" ? Console.In : new StringReader(FileDoor.ReadAllText(path));
        for (var number = 1; reader.ReadLine() is { } line; number++)
            if (!string.IsNullOrWhiteSpace(line)) yield return (number, line);
    }
}
