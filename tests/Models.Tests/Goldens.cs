namespace Vrp.Models.Tests;

/// <summary>The reference tensors and texts (fixtures/goldens, README there). <c>VRP_GOLDENS</c> names another folder of the same layout, with other seeds,
/// sizes and names: tests list folders and never name one.</summary>
public static class Goldens
{
    /// <summary>The folder of the goldens, as an absolute path.</summary>
    public static string Root { get; } = Find();

    /// <summary>The path of a file or folder of the goldens.</summary>
    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The sub-folders of a folder of the goldens, by name; it is an error when there are none, so that no theory runs empty.</summary>
    public static IEnumerable<string> Folders(params string[] parts)
    {
        var names = Directory.GetDirectories(At(parts)).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal).ToArray();
        return names.Length > 0 ? names : throw new InvalidOperationException($"{At(parts)} holds no folder; VRP_GOLDENS must name a full set of goldens.");
    }

    /// <summary>The same as the rows of a theory: <c>[MemberData(nameof(Goldens.Models), MemberType = typeof(Goldens))]</c>.</summary>
    public static IEnumerable<object[]> Models() => Rows("models");

    /// <inheritdoc cref="Models"/>
    public static IEnumerable<object[]> Architectures() => Rows("architectures");

    /// <inheritdoc cref="Models"/>
    public static IEnumerable<object[]> Tokenizers() => Rows("tokenizers");

    static IEnumerable<object[]> Rows(string folder) => Folders(folder).Select(name => new object[] { name });

    static string Find()
    {
        if (Environment.GetEnvironmentVariable("VRP_GOLDENS") is { Length: > 0 } named)
            return Directory.Exists(Path.Combine(named, "models")) ? Path.GetFullPath(named)
                : throw new DirectoryNotFoundException($"VRP_GOLDENS is '{named}', where there is no folder 'models'.");

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var goldens = Path.Combine(folder.FullName, "fixtures", "goldens");
            if (Directory.Exists(Path.Combine(goldens, "models"))) return goldens;
        }

        throw new DirectoryNotFoundException($"No fixtures/goldens above {AppContext.BaseDirectory}; set VRP_GOLDENS to the folder of the goldens.");
    }
}
