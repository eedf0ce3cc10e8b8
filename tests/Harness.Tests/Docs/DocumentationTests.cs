using System.Text.RegularExpressions;
using Vrp.Cli;
using Vrp.Harness.Configuration;

namespace Vrp.Harness.Tests.Docs;

/// <summary>What the pages say can be done can be done: links lead somewhere, commands parse, examples load, quoted code is code of the repository.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> All => Pages.Names();

    [Theory]
    [MemberData(nameof(All))]
    public void Links_OfAPage_LeadToFilesAndHeadings(string page)
    {
        foreach (Match match in Link().Matches(Pages.Prose(page)))
        {
            var target = match.Groups[1].Value;
            if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal)) continue;
            var (file, anchor) = target.Split('#') is [var a, var b] ? (a, b) : (target, null);
            var path = file.Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, file);
            Path.Exists(Path.Combine(Pages.Root, path)).Should().BeTrue("{0} links to {1}", page, target);
            if (anchor is not null && path.EndsWith(".md", StringComparison.Ordinal)) Pages.Anchors(path).Should().Contain(anchor, "{0} links to {1}", page,
                target);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Commands_OfAPage_Parse(string page)
    {
        foreach (var line in Pages.CodeLines(page).Where(line => Command().IsMatch(line)))
        {
            string[] arguments = [.. Words(line).Skip(1)];
            // What the script itself does, and the builder's and the benchmarks' programs.
            if (arguments is [] or ["test" or "world" or "bench" or "pack", ..]) continue;
            var parsed = CommandLine.Build().Parse(arguments);
            parsed.Errors.Select(error => error.Message).Should().BeEmpty("{0} says: {1}", page, line);
            parsed.CommandResult.Children.OfType<System.CommandLine.Parsing.ArgumentResult>().SelectMany(argument => argument.Tokens)
                .Select(token => token.Value)
                .Should().NotContain(value => value.StartsWith('-') && value.Length > 1, "{0} says: {1}", page, line);
        }
    }

    [Fact]
    public void Commands_OfThePages_AreFoundAtAll() =>
        Pages.All.SelectMany(Pages.CodeLines).Count(line => Command().IsMatch(line)).Should().BeGreaterThan(30);

    [Fact]
    public void Configuration_ItsExample_Loads()
    {
        using var folder = new TemporaryFolder();
        var example = Pages.Fences("docs/configuration.md").Single(fence => fence.Language == "json").Text;
        var config = VrpConfig.Load(folder.Write("vrp.json", example));
        config.Subjects.Select(subject => subject.Name).Should().Equal("llava-v1", "llava-v2");
        config.Margins.Should().ContainKey("brier");
    }

    [Fact]
    public void Configuration_Page_NamesEverySettingAndVariable()
    {
        var page = Pages.Read("docs/configuration.md");
        foreach (var setting in VrpConfig.Records.SelectMany(JsonProblems.Settings).Where(setting => setting != "$schema" && setting != "answers"))
            page.Should().Contain($"`{setting}`");
        var read = Directory.GetFiles(Path.Combine(Pages.Root, "src"), "*.cs",
            SearchOption.AllDirectories).SelectMany(path => Variable().Matches(File.ReadAllText(path)))
            .Select(match => match.Groups[1].Value).Distinct().ToArray();
        read.Should().HaveCountGreaterThan(6);
        foreach (var variable in read) page.Should().Contain($"`{variable}`");
    }

    [Fact]
    public void Configuration_Defaults_AreThoseOfTheCode()
    {
        var page = Pages.Read("docs/configuration.md");
        page.Should().Contain($"| `block` | {new Vrp.Harness.Tracing.TraceOptions().BlockSize} |")
            .And.Contain($"| `rows` | {new Vrp.Harness.Intervening.InterventionOptions().RowsPerBatch} |");
        page.Should().Contain($"`draws` {new Vrp.Harness.Claims.StudyOptions().Draws}").And.Contain("`max_new_tokens` "
            + $"{new Vrp.Harness.Tracing.TraceOptions().MaxNewTokens}");
    }

    [Theory]
    [InlineData("docs/writing-a-spec.md", "specs")]
    public void Code_OfAPage_StandsInTheRepository(string page, string folder)
    {
        var sources = Directory.GetFiles(Path.Combine(Pages.Root, folder), "*.cs").Select(path => Unindented(File.ReadAllText(path))).ToArray();
        var quoted = Pages.Fences(page).Where(fence => fence.Language == "csharp").ToArray();
        quoted.Should().NotBeEmpty();
        foreach (var (_, text) in quoted) sources.Should().Contain(source => source.Contains(Unindented(text)), "{0} quotes {1}", page, text);
    }

    [Fact]
    public void Architecture_TypesAndFolders_AreThere()
    {
        var named = Name().Matches(Pages.Read("docs/architecture.md")).Select(match => match.Groups[1].Value).Distinct().ToArray();
        var types = new[] { typeof(Vrp.Harness.Claims.Study), typeof(Vrp.Models.VisionLanguageModel) }
            .SelectMany(type => type.Assembly.GetTypes()).Select(type => type.Name).ToHashSet();
        var folders = named.Where(name => name.StartsWith("src", StringComparison.Ordinal)).ToArray();

        folders.Should().HaveCountGreaterThan(10).And.OnlyContain(folder => Directory.Exists(Path.Combine(Pages.Root, folder)));
        named.Where(name => char.IsUpper(name[0])).Should().HaveCountGreaterThan(25).And.OnlyContain(name => types.Contains(name));
    }

    [Fact]
    public void Index_OfTheDocs_NamesEveryPage()
    {
        var index = Pages.Read("docs/README.md");
        foreach (var page in Directory.GetFiles(Path.Combine(Pages.Root, "docs"),
            "*.md").Select(path => Path.GetFileName(path)!).Where(name => name != "README.md"))
            index.Should().Contain($"({page})");
    }

    /// <summary>Lines without what stands before and after them.</summary>
    static string Unindented(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim())).Trim();

    /// <summary>As a shell splits: quotes hold together, a comment ends the line.</summary>
    static IEnumerable<string> Words(string line) =>
        Word().Matches(line).Select(match => match.Value).TakeWhile(word => word is not ("#" or "|" or ">" or "&&"))
        .Select(word => word.Replace("\"", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`([\w/.]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(\./)?vrp [a-z]")]
    private static partial Regex Command();

    [GeneratedRegex(@"(""[^""]*""|'[^']*'|[^\s""'])+")]
    private static partial Regex Word();

    [GeneratedRegex(@"""(VRP_[A-Z]+)""")]
    private static partial Regex Variable();
}
