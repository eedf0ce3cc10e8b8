using System.Text.RegularExpressions;

namespace Vrp.Harness.Tests.Workflows;

/// <summary>The `./vrp …` of a script, as argument lists: what bash would pass, with every variable and pattern as one word.</summary>
static partial class CommandLines
{
    public static IEnumerable<string[]> Of(string script) =>
        Call().Matches(script.Replace("\\\n", " ", StringComparison.Ordinal)).Select(call => Split(call.Groups[1].Value));

    static string[] Split(string arguments) => [.. Word().Matches(arguments)
        .Select(word => word.Value.Replace("\"", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal))
        .Select(word => Variable().Replace(word, "x"))];

    /// <summary>Up to the end of the command: a line's end, a list operator, a redirection.</summary>
    [GeneratedRegex(@"(?<!\S)\./vrp +([^\n;|&>]*)")]
    private static partial Regex Call();

    [GeneratedRegex("""(?:"[^"]*"|'[^']*'|[^\s"'])+""")]
    private static partial Regex Word();

    [GeneratedRegex(@"\$\{\{.*?\}\}|\$\{[^}]*\}|\$\w+")]
    private static partial Regex Variable();
}
