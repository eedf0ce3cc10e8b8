namespace Vrp.Harness.Tests;

/// <summary>Files of the repository's <c>fixtures</c> folder.</summary>
static class Fixtures
{
    static readonly string root = Find();

    /// <summary>Absolute path of a file or folder below <c>fixtures</c>.</summary>
    public static string At(params string[] parts) => Path.Combine([root, .. parts]);

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Harness.sln"))) return Path.Combine(folder.FullName, "fixtures");
        throw new DirectoryNotFoundException($"No Harness.sln above {AppContext.BaseDirectory}.");
    }
}
