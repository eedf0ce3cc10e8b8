namespace Vrp.Specs.Tests.Packaging;

/// <summary>This repository, as it was built for these tests.</summary>
static class Repository
{
    /// <summary>Folder of Harness.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>Debug or Release: of the folder that this test runs in (bin/CONFIGURATION/net10.0).</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Harness.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No Harness.sln above {AppContext.BaseDirectory}.");
    }
}
