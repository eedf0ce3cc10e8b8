using System.Text.Json;
using System.Text.RegularExpressions;

namespace Vrp.Harness.Tests.Statistics;

/// <summary>The reference figures of fixtures/goldens/statistics (scipy, scikit-learn, statsmodels; generators/stats_gen.py), or of the folder that
/// <c>VRP_GOLDENS</c> names. Tests walk whatever cases the files hold. Python writes NaN where a statistic does not exist: it is read as null, and our answer
/// must then be a named error.</summary>
static partial class Reference
{
    /// <summary>Where scipy and scikit-learn agree with a direct computation in float64: the figure that the goldens promise.</summary>
    public const double Tolerance = 1e-9;

    public static JsonElement Cases(string file)
    {
        var text = File.ReadAllText(Path.Combine(Folder(), file + ".json"));
        using var document = JsonDocument.Parse(NotJson().Replace(text, "null"));
        return document.RootElement.GetProperty("cases").Clone();
    }

    /// <summary>The cases of a list, by index; an empty or missing list is an error, so that no test passes on nothing.</summary>
    public static IEnumerable<JsonElement> Cases(string file, string list)
    {
        var cases = Cases(file).GetProperty(list).EnumerateArray().ToArray();
        return cases.Length > 0 ? cases : throw new InvalidDataException($"{file}.json has no case in '{list}'.");
    }

    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    public static bool IsNull(this JsonElement element, string name) => element.GetProperty(name).ValueKind == JsonValueKind.Null;

    public static double[] Numbers(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    public static int[] Integers(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];

    public static bool[] Flags(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetInt32() == 1)];

    public static double[][] Matrix(this JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray())];

    static string Folder()
    {
        if (Environment.GetEnvironmentVariable("VRP_GOLDENS") is { Length: > 0 } named) return Path.Combine(named, "statistics");
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, "fixtures", "goldens", "statistics"))) return Path.Combine(folder.FullName, "fixtures",
                "goldens", "statistics");
        throw new DirectoryNotFoundException($"No fixtures/goldens/statistics above {AppContext.BaseDirectory}; set VRP_GOLDENS to the folder of the goldens.");
    }

    // Bare words only: the files hold no strings with these spellings in them.
    [GeneratedRegex(@"(?<=[\[\s:,])-?(NaN|Infinity)(?=[\],}\s])")]
    private static partial Regex NotJson();
}
