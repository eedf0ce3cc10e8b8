using System.Text.RegularExpressions;

namespace Vrp.Cli;

/// <summary>Colour for the word that a gate ends with. None in a pipe or a file, none where NO_COLOR (https://no-color.org) is set or the terminal is "dumb".</summary>
static partial class TerminalColour
{
    const string Green = "\u001b[1;32m", Red = "\u001b[1;31m", Yellow = "\u001b[1;33m", Plain = "\u001b[0m";

    /// <summary>The text as <paramref name="console"/> should get it.</summary>
    public static string Outcome(string text, TextWriter console) => IsWanted(ReferenceEquals(console, Console.Out) && !Console.IsOutputRedirected, Environment.GetEnvironmentVariable)
        ? Coloured(text) : text;

    internal static bool IsWanted(bool terminal, Func<string, string?> variable) => terminal && string.IsNullOrEmpty(variable("NO_COLOR")) && variable("TERM") != "dumb";

    internal static string Coloured(string text) => Words().Replace(text, word => (word.Value switch
    {
        "PASS" => Green,
        "COULD NOT JUDGE" => Yellow,
        _ => Red,
    }) + word.Value + Plain);

    [GeneratedRegex("^(PASS|REGRESSION|CLAIM BROKEN|COULD NOT JUDGE)(?=[:.])", RegexOptions.Multiline)]
    private static partial Regex Words();
}
