using System.Xml.Linq;

namespace Vrp.Harness.Tests.Docs;

/// <summary>The page of dependencies names what is used, at the version that is used.</summary>
public sealed class DependenciesTests
{
    static readonly IReadOnlyDictionary<string, string> Central = XDocument.Load(Path.Combine(Pages.Root, "Directory.Packages.props"))
        .Descendants("PackageVersion")
        .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);

    /// <summary>Package and version of every row of "What is used": a row may name several packages of one version.</summary>
    static IEnumerable<(string Package, string Version)> Rows() =>
        from line in Pages.Read("docs/dependencies.md").Split('\n').TakeWhile(line => !line.StartsWith("## What was looked at", StringComparison.Ordinal))
        where line.StartsWith("| `", StringComparison.Ordinal)
        let cells = line.Split('|', StringSplitOptions.TrimEntries)
        from package in cells[1].Split(", ")
        select (package.Trim('`'), cells[2]);

    [Fact]
    public void Rows_OfThePage_AreThePackagesAtTheirVersions() => Rows().Should().BeEquivalentTo(Central.Select(package => (package.Key, package.Value)));

    [Fact]
    public void Packages_OfTheRepository_AreAllReferenced()
    {
        string[] projects = [.. new[] { "*.csproj", "Directory.Build.*" }
            .SelectMany(name => Directory.GetFiles(Pages.Root, name, SearchOption.AllDirectories))];
        var referenced = projects.SelectMany(path => XDocument.Load(path).Descendants("PackageReference"))
            .Select(reference => reference.Attribute("Include")!.Value).ToHashSet();
        referenced.Should().NotBeEmpty();
        Central.Keys.Where(name => !referenced.Contains(name)).Should().BeEmpty("a version that no project asks for is a leftover");
    }
}
