using System.Text;

namespace Vrp.Models.Tokenizing.Unicode;

/// <summary>NFC (UAX #15) by the tables of Unicode 9.0, the ones that tokenizers 0.22 uses. <see cref="string.Normalize()"/> is not it: its tables depend on
/// the machine's ICU, and without ICU (InvariantGlobalization) it returns the text unchanged.</summary>
static class NormalizationFormC
{
    /// <summary>The composed form of well-formed text.</summary>
    public static string Of(string text)
    {
        // Below U+0300 every character is a starter that composes with nothing before it.
        if (text.AsSpan().IndexOfAnyExceptInRange('\0', '\u02FF') < 0) return text;

        var data = CanonicalData.Unicode9;
        var points = new List<int>(text.Length);
        for (int i = 0, length; i < text.Length; i += length) data.Decompose(WellFormed.CodePointAt(text, i, out length), points);
        Reorder(points, data);
        return Compose(points, data);
    }

    /// <summary>The canonical ordering: each run of non-starters sorted by class, stable.</summary>
    static void Reorder(List<int> points, CanonicalData data)
    {
        for (var i = 0; i < points.Count; i++)
        {
            if (data.ClassOf(points[i]) == 0) continue;
            var start = i;
            while (i < points.Count && data.ClassOf(points[i]) != 0) i++;
            if (i - start == 1) continue;
            var sorted = points.GetRange(start, i - start).OrderBy(data.ClassOf).ToArray();   // OrderBy is stable
            for (var k = 0; k < sorted.Length; k++) points[start + k] = sorted[k];
        }
    }

    static string Compose(List<int> points, CanonicalData data)
    {
        int kept = 0, starter = -1, lastClass = -1;   // lastClass: of the last character kept since the starter, -1 when none
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            int k = data.ClassOf(point);
            if (starter >= 0 && lastClass < k && data.Compose(points[starter], point) is >= 0 and var composite)
            {
                points[starter] = composite;
                continue;
            }

            (starter, lastClass) = k == 0 ? (kept, -1) : (starter, k);
            points[kept++] = point;
        }

        var composed = new StringBuilder(kept);
        for (var i = 0; i < kept; i++)
            if (points[i] <= char.MaxValue) composed.Append((char)points[i]);
            else composed.Append(char.ConvertFromUtf32(points[i]));
        return composed.ToString();
    }
}
