namespace Vrp.Harness.Tests;

/// <summary>A folder of one test, removed with it.</summary>
sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("vrp-test-").FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file of lines and returns its path.</summary>
    public string Write(string name, params string[] lines)
    {
        File.WriteAllText(At(name), string.Concat(lines.Select(l => l + "\n")));
        return At(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
