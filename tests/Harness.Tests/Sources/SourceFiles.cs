namespace Vrp.Harness.Tests.Sources;

/// <summary>The repository's C# sources, for tests that read them.</summary>
static class SourceFiles
{
    /// <summary>Paths from the repository's root with forward slashes, and the text; generated files left out.</summary>
    public static IEnumerable<(string Path, string Text)> Below(params string[] folders)
    {
        var root = Path.GetFullPath(Fixtures.At(".."));
        return from folder in folders
               from file in Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
               let path = Path.GetRelativePath(root, file).Replace('\\', '/')
               where !path.Contains("/obj/") && !path.Contains("/bin/")
               select (path, File.ReadAllText(file));
    }
}
