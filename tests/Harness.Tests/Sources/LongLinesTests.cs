namespace Vrp.Harness.Tests.Sources;

public sealed class LongLinesTests
{
    const int Columns = 160;

    public static TheoryData<string> Folders() => ["src/Models", "src/Harness", "src/Cli", "src/Specs", "specs", "fixtures/Builder", "tests/Models.Tests",
        "tests/Harness.Tests", "tests/Cli.Tests", "tests/Builder.Tests", "tests/Specs.Tests", "benchmarks", "tests/Fuzz", "examples"];

    /// <summary>Lines of a text that a source quotes ("""…""") are as long as that text's.</summary>
    [Theory, MemberData(nameof(Folders))]
    public void Lines_OfAFolder_AreAtMost160Columns(string folder)
    {
        var tooLong = SourceFiles.Below(folder).SelectMany(file => Long(file.Path, file.Text)).ToArray();

        tooLong.Should().BeEmpty("lines of {0} have at most {1} columns", folder, Columns);
    }

    [Fact]
    public void Long_QuotedTextAndLongLine_TellsThemApart()
    {
        string wide = new('x', Columns + 1);
        Long("a.cs", $"string a = \"\"\"\n{wide}\n\"\"\";\n{wide}\n{wide[1..]}").Should().Equal("a.cs:4");
    }

    static IEnumerable<string> Long(string path, string text)
    {
        var quoted = false;
        foreach (var (line, i) in text.Split('\n').Select((line, i) => (line, i)))
        {
            var opensOrCloses = line.Split("\"\"\"").Length % 2 == 0;
            if (line.Length > Columns && !quoted) yield return $"{path}:{i + 1}";
            quoted ^= opensOrCloses;
        }
    }
}
