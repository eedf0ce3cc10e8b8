namespace Vrp.Harness.Reporting;

/// <summary>The page's own files, embedded in this assembly (Assets/README.md).</summary>
static class PageAssets
{
    /// <summary>In the order in which they are joined: later ones use what earlier ones define.</summary>
    static readonly string[] scripts = ["dom.js", "data.js", "address.js", "theme.js", "charts.js", "forest.js", "pictures.js", "verdicts.js",
        "claim-charts.js",
        "claims.js", "question.js", "questions.js", "attention.js", "gate.js", "ledger.js", "history.js", "facts.js", "main.js"];

    public static string Template => Read("report.html");

    public static string Style => Read("report.css");

    /// <summary>Without the line that points to a source map: the page must not look for files.</summary>
    public static string ChartLibrary =>
        string.Join('\n', Read("chart.umd.min.js").Split('\n').Where(line => !line.StartsWith("//# sourceMappingURL", StringComparison.Ordinal)));

    public static string Script => $"'use strict';\n{string.Join('\n', scripts.Select(Read))}";

    static string Read(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"Reporting.Assets.{name}")
            ?? throw new InvalidOperationException($"Reporting/Assets/{name} is not embedded in {typeof(PageAssets).Assembly.GetName().Name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();   // '\n' as in the repository: a hash in the page's policy is over these very characters
    }
}
