using System.Text.RegularExpressions;

namespace Vrp.Harness.Tests.Docs;

/// <summary>The pages for people.</summary>
static partial class Pages
{
    public static string Root { get; } = Path.GetFullPath(Fixtures.At(".."));

    /// <summary>By their path in the repository.</summary>
    public static IEnumerable<string> All => new[] { "README.md", "CONTRIBUTING.md", "specs/README.md", "deploy/README.md" }
        .Concat(Directory.GetFiles(Path.Combine(Root, "docs"), "*.md").Select(path => Path.GetRelativePath(Root, path)).Order(StringComparer.Ordinal));

    public static TheoryData<string> Names()
    {
        var data = new TheoryData<string>();
        foreach (var page in All) data.Add(page);
        return data;
    }

    public static string Read(string page) => File.ReadAllText(Path.Combine(Root, page));

    /// <summary>Fenced blocks: the language and the lines.</summary>
    public static IEnumerable<(string Language, string Text)> Fences(string page) =>
        Fence().Matches(Read(page)).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

    /// <summary>Lines of fenced and indented blocks, without their indent.</summary>
    public static IEnumerable<string> CodeLines(string page)
    {
        var fenced = false;
        foreach (var line in Read(page).Split('\n'))
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal)) fenced = !fenced;
            else if (fenced || line.StartsWith("    ", StringComparison.Ordinal)) yield return line.Trim();
    }

    /// <summary>The page without code, where brackets are no links.</summary>
    public static string Prose(string page) => InlineCode().Replace(Fence().Replace(Read(page), ""), "");

    /// <summary>GitHub's anchor of every heading.</summary>
    public static IEnumerable<string> Anchors(string page) => Heading().Matches(Fence().Replace(Read(page), "")).Select(match =>
        NoAnchor().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"^```(\w*)[^\n]*\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NoAnchor();
}
