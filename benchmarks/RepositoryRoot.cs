namespace Vrp.Benchmarks;

/// <summary>The folder that holds Harness.sln, above the built program.</summary>
static class RepositoryRoot
{
    public static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Harness.sln"))) return at.FullName;
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Harness.sln; run the benchmarks from the repository: ./vrp "
            + "bench …");
    }
}
