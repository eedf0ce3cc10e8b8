namespace Vrp.Models.Checkpoints;

/// <summary>Finds what a misspelt name may have meant.</summary>
public static class NearNames
{
    /// <summary>The candidate with the smallest edit distance (Levenshtein: insertions, deletions, substitutions) when that is at most a third of
    /// the name's length; the first of equals; null when none is near.</summary>
    public static string? Closest(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        int bound = name.Length / 3 + 1;
        foreach (string candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) >= bound) continue;
            int distance = Distance(name, candidate);
            if (distance < bound) (best, bound) = (candidate, distance);
        }

        return best;
    }

    static int Distance(string a, string b)
    {
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) previous[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(previous[j], current[j - 1]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
