namespace Vrp.Models.Hooks;

/// <summary>A capture or an intervention that is malformed or does not fit the tensor it is for.</summary>
public sealed class HookException(string message, Exception? inner = null) : VrpException(message, inner);

/// <summary>A capture or an intervention at a point that exists but did not run in this forward (a vision block without an image, a block below the restart).
/// Its result would be an unchanged model or an empty trace, which a study must never take for a finding.</summary>
public sealed class HookNotReachedException(string request, IEnumerable<string> points)
    : VrpException($"'{request}' did nothing: the forward did not pass {string.Join(", ", points.Take(4))}. "
        + "Give an input that reaches it (vision.* and image_features need an image; a restart passes only its own blocks), or drop the request.");

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
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
