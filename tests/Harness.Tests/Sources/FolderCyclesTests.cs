using System.Text.RegularExpressions;

namespace Vrp.Harness.Tests.Sources;

/// <summary>Arrows between the folders of a project lead one way: what uses what can be read off, and a folder can be understood without those above it. An
/// arrow is a <c>using</c> of a sibling's namespace, or its full name. Files at a project's root are seen from everywhere and are not counted.</summary>
public sealed class FolderCyclesTests
{
    [Theory]
    [InlineData("Models")]
    [InlineData("Harness")]
    [InlineData("Cli")]
    [InlineData("Specs")]
    public void Folders_OfAProject_UseEachOtherOneWay(string project)
    {
        var arrows = Arrows(project, SourceFiles.Below($"src/{project}"));

        var back = arrows.Where(arrow => Reach(arrows, arrow.To).Contains(arrow.From)).Select(arrow => $"{project}: {arrow.From} → {arrow.To}");

        back.Should().BeEmpty("no folder is above and below another");
    }

    [Fact]
    public void Arrows_OfALoop_AreFound()
    {
        var arrows = Arrows("X", [("a.cs", "using Vrp.X.B;\nnamespace Vrp.X.A;"), ("b.cs", "using static Vrp.X.C.Kind;\nnamespace Vrp.X.B.Deep;"),
            ("c.cs", "namespace Vrp.X.C;\nclass T { Vrp.X.A.U u; }"), ("root.cs", "using Vrp.X.A;\nnamespace Vrp.X;")]);

        arrows.Should().BeEquivalentTo([("A", "B"), ("B", "C"), ("C", "A")]);
        Reach(arrows, "B").Should().Contain("A");
    }

    static (string From, string To)[] Arrows(string project, IEnumerable<(string Path, string Text)> files) =>
        [.. files.SelectMany(file => Regex.Match(file.Text, $@"^namespace Vrp\.{project}\.(\w+)", RegexOptions.Multiline) is { Success: true } own
            ? Regex.Matches(file.Text, $@"(?<!^namespace )\bVrp\.{project}\.(\w+)(?=[.;])", RegexOptions.Multiline)
                .Select(other => (own.Groups[1].Value, other.Groups[1].Value))
            : []).Where(arrow => arrow.Item1 != arrow.Item2).Distinct()];

    static HashSet<string> Reach((string From, string To)[] arrows, string start)
    {
        var seen = new HashSet<string>();
        var next = new Stack<string>([start]);
        while (next.TryPop(out var folder))
            foreach (var arrow in arrows)
                if (arrow.From == folder && seen.Add(arrow.To)) next.Push(arrow.To);
        return seen;
    }
}
