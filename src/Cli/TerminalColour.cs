using System.Text.RegularExpressions;

namespace Vrp.Cli;

/// <summary>Colour for the word that a gate ends with. None in a pipe or a file, none where NO_COLOR (https://no-color.org) is set or the terminal is
/// "dumb".</summary>
static partial class TerminalColour
{
    const string Green = "\u001b[1;32m", Red = "\u001b[1;31m", Yellow = "\u001b[1;33m", Plain = "\u001b[0m";

    /// <summary>Writes a text whose lines may begin with a gate's word.</summary>
    public static void Write(string text, TextWriter console)
    {
        if (!IsWanted(console is ConsoleWriter { IsTerminal: true }, Environment.GetEnvironmentVariable))
        {
            console.Write(text);
            return;
        }

        var at = 0;
        foreach (Match word in Words().Matches(text))
        {
            console.Write(text[at..word.Index]);
            console.WriteTrusted(Colour(word.Value) + word.Value + Plain);
            at = word.Index + word.Length;
        }

        console.Write(text[at..]);
    }

    internal static bool IsWanted(bool terminal, Func<string, string?> variable) =>
        terminal && string.IsNullOrEmpty(variable("NO_COLOR")) && variable("TERM") != "dumb";

    internal static string Coloured(string text) => Words().Replace(text, word => Colour(word.Value) + word.Value + Plain);

    static string Colour(string word) => word switch
    {
        "PASS" => Green,
        "COULD NOT JUDGE" or "PREVIEW" => Yellow,
        _ => Red,
    };

    [GeneratedRegex("^(PASS|REGRESSION|CLAIM BROKEN|COULD NOT JUDGE|PREVIEW)(?=[:.])", RegexOptions.Multiline)]
    private static partial Regex Words();
}
