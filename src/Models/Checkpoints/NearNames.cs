namespace Vrp.Models.Checkpoints;

/// <summary>Finds what a misspelt name may have meant.</summary>
public static class NearNames
{
    /// <summary>The candidate with the smallest edit distance (Levenshtein: insertions, deletions, substitutions) when that is at most a third of the name's
    /// length; the first of equals; null when none is near.</summary>
    public static string? Closest(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        var bound = name.Length / 3 + 1;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) >= bound) continue;
            var distance = Distance(name, candidate);
            if (distance < bound) (best, bound) = (candidate, distance);
        }

        return best;
    }

    static int Distance(string a, string b)
    {
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(previous[j], current[j - 1]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
