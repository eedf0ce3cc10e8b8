using System.Text.Json;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Cli;

/// <summary>One question about some images.</summary>
/// <param name="Images">Paths of the images.</param>
/// <param name="Question">Plain text, without chat format.</param>
/// <param name="Source">Where it was read (file:line), for messages; null for the command line.</param>
sealed record Request(string[] Images, string Question, string? Source)
{
    /// <summary>Lines <c>{"images": ["a.jpg"], "question": "…"}</c>; a folder, when given, is put before every path.</summary>
    public static List<Request> ReadAll(string file, string? folder)
    {
        var requests = new List<Request>();
        foreach (var (number, line) in InputLines.Read(file))
        {
            var question = JsonLine.Text(file, number, line, "question");
            if (string.IsNullOrWhiteSpace(question)) throw new VrpException($"{file}:{number}: the question is empty.");
            var images = JsonLine.Parse(file, number, line).TryGetProperty("images", out var list) ? Paths(list) : [];
            if (images is null) throw new VrpException($"{file}:{number}: \"images\" must be a list of file names, got: {JsonLine.Short(list.GetRawText())}");
            // A folder was named, and what lies in it: names that lead out of it are none of a request's business. Without one the paths are the caller's own.
            if (images.FirstOrDefault(name => folder is null ? !FileDoor.IsPath(name) : !FileDoor.IsInside(name)) is { } outside)
                throw new VrpException($"{file}:{number}: \"{outside}\" is no name of an "
                    + $"image{(folder is null ? ": it is blank or holds control characters" : $" in {folder}: it leads out of it")}.");
            var paths = images.Select(name => folder is null ? name : Path.Combine(folder, name)).ToArray();
            if (paths.FirstOrDefault(path => !File.Exists(path)) is { } missing) throw new VrpException($"{file}:{number}: no such image: "
                + $"{missing}{(folder is null ? " (--images DIR puts a folder before the names)" : "")}");
            requests.Add(new Request(paths, question, $"{file}:{number}"));
        }
        return requests.Count > 0 ? requests
            : throw new VrpException($"{file} holds no request; expected lines like {{\"images\": [\"a.jpg\"], \"question\": \"…\"}}.");
    }

    static string[]? Paths(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(e => e.GetString()!)] : null;
}

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
