namespace Vrp.Models.Hooks;

/// <summary>A capture or an intervention at a point that the model does not have.</summary>
public sealed class UnknownHookPointException(string pattern, IReadOnlyList<string> known)
    : VrpException($"No hook point matches '{pattern}'. {Suggest(pattern, known)} docs/hooks.md lists them all; '*' stands for any run of characters.")
{
    /// <summary>What was asked for.</summary>
    public string Pattern { get; } = pattern;

    static string Suggest(string pattern, IReadOnlyList<string> known) =>
        $"Near names: {string.Join(", ", known.OrderBy(name => Distance(pattern, name)).ThenBy(name => name, StringComparer.Ordinal).Take(5))}.";

    /// <summary>Levenshtein distance.</summary>
    static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
