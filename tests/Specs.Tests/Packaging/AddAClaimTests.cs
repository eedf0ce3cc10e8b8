using System.Text.RegularExpressions;

namespace Vrp.Specs.Tests.Packaging;

/// <summary>Follows CONTRIBUTING's recipe for a claim, step by step, in a copy of the sources.</summary>
public sealed partial class AddAClaimTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("vrp-add-a-claim").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Recipe_OfContributing_GivesAClaimWithFourVerdictsAndASpec()
    {
        foreach (var file in Directory.GetFiles(Repository.Root).Where(file => Path.GetFileName(file) != ".git"))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        foreach (var part in new[] { "src", "specs", Path.Combine("fixtures", "pope") }) CopySources(part);
        var recipe = Section().Match(File.ReadAllText(Path.Combine(Repository.Root, "CONTRIBUTING.md"))).Value;
        string[] code = [.. Fence().Matches(recipe).Select(fence => fence.Groups[1].Value)];
        code.Should().HaveCount(3, "the claim's file, its line of the registry, its spec");
        var registry = Path.Combine(folder, "src", "Harness", "Claims", "ClaimRegistry.cs");

        File.WriteAllText(Path.Combine(folder, "src", "Harness", "Claims", "AboveChance.cs"), code[0]);
        File.WriteAllText(registry, File.ReadAllText(registry).Replace("new ArchitectureSplit(),", $"new ArchitectureSplit(), {code[1].Trim()}",
            StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(folder, "specs", "AboveChanceSpecs.cs"), code[2]);
        CommandResult.Of("dotnet", ["build", Path.Combine("specs", "Specs.csproj"), "-c", "Release", "-v", "quiet", "-clp:NoSummary"], folder).ShouldSucceed();

        CommandResult.Of("dotnet", ["build", Path.Combine("src", "Cli", "Cli.csproj"), "-c", "Release", "-v", "quiet", "-clp:NoSummary"], folder)
            .ShouldSucceed();
        var program = Path.Combine(folder, "src", "Cli", "bin", "Release", "net10.0", "Vrp.Cli.dll");
        var selftest = CommandResult.Of("dotnet", [program, "selftest", "--claim", "above-chance"], folder).ShouldSucceed();
        selftest.Output.Should().Contain("4 of 4 scenarios got the verdict that their truth demands");
        CommandResult.Of("dotnet", [program, "selftest", "--claims-page", "claims.md"], folder).ShouldSucceed();
        File.ReadAllText(Path.Combine(folder, "claims.md")).Should().Contain("## `above-chance`");
    }

    void CopySources(string part)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, part), "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(Repository.Root, file);
            if (relative.Split(Path.DirectorySeparatorChar).Any(name => name is "bin" or "obj")) continue;
            var copy = Path.Combine(folder, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    [GeneratedRegex(@"^## Adding a claim$.*?(?=^## )", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^ *```csharp\n(.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
