using System.Security;

namespace Vrp.Specs.Tests.Packaging;

/// <summary>A folder with the packages made from this build, and what a project needs to take them from there: a nuget.config, and a package folder of its own,
/// so that neither an older package of the same name is used nor one of these is left in the user's cache. What this repository's build has fetched is linked
/// into it.</summary>
public sealed class PackageFeed : IDisposable
{
    static readonly string[] Projects = ["src/Models/Models.csproj", "src/Harness/Harness.csproj", "src/Specs/Specs.csproj", "src/Cli/Cli.csproj"];

    public PackageFeed()
    {
        // What is built is packed: a second compilation would take minutes and prove nothing more.
        foreach (var project in Projects) Pack(project, "--no-build");
        Pack("templates/Vrp.Templates.csproj");
        var cache = Directory.CreateDirectory(Path.Combine(Folder, "cache")).FullName;
        foreach (var package in new DirectoryInfo(Fetched).EnumerateDirectories().Where(package => !package.Name.StartsWith("vrp.", StringComparison.Ordinal)))
            Directory.CreateSymbolicLink(Path.Combine(cache, package.Name), package.FullName);
        Environment = new Dictionary<string, string?> { ["NUGET_PACKAGES"] = cache };
        File.WriteAllText(Path.Combine(Folder, "nuget.config"), Config());
    }

    /// <summary>Everything lies below it; a project below it finds its nuget.config.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("vrp-packages-").FullName;

    /// <summary>Of the packages: no release has it.</summary>
    public string Version { get; } = "0.1.0-test." + Guid.NewGuid().ToString("N")[..12];

    /// <summary>Variables for `dotnet` below the folder.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; }

    static string Fetched => System.Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named ? named
        : Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The feed.</summary>
    public string Packages => Path.Combine(Folder, "feed");

    public string PathOf(string package) => Path.Combine(Packages, $"{package}.{Version}.nupkg");

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    void Pack(string project, params string[] more) =>
        CommandResult.Of("dotnet", ["pack", project, "-c", Repository.Configuration, $"-p:PackageVersion={Version}", "-o", Packages, "-v", "quiet", .. more],
            Repository.Root).ShouldSucceed();

    /// <summary>Our packages from the feed alone; all others from the machine's own sources, where the version is not linked.</summary>
    string Config()
    {
        var sources = CommandResult.Of("dotnet", ["nuget", "list", "source"], Folder).ShouldSucceed().Output.Split('\n')
            .Where(line => line.Contains("[Enabled]", StringComparison.Ordinal)).Select(line => line[(line.IndexOf('.') + 1)..line.IndexOf('[')].Trim());
        var others = string.Concat(sources.Select(name => $"""<packageSource key="{SecurityElement.Escape(name)}"><package pattern="*" /></packageSource>"""));
        return $"""
            <configuration>
              <packageSources><add key="vrp-test" value="{Packages}" /></packageSources>
              <packageSourceMapping><packageSource key="vrp-test"><package pattern="Vrp.*" /></packageSource>{others}</packageSourceMapping>
            </configuration>
            """;
    }
}
