using System.Text;

namespace Vrp.Models;

/// <summary>The lines in which two texts differ, by their longest common subsequence.</summary>
static class LineDiff
{
    /// <summary>Lines only in <paramref name="ours"/> with -, only in <paramref name="theirs"/> with +, and one common line around each change.</summary>
    public static string Of(IReadOnlyList<string> ours, IReadOnlyList<string> theirs)
    {
        var common = new int[ours.Count + 1, theirs.Count + 1];   // length of the longest common subsequence of the two rests
        for (var i = ours.Count - 1; i >= 0; i--)
            for (var j = theirs.Count - 1; j >= 0; j--)
                common[i, j] = ours[i] == theirs[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);

        List<(char Sign, string Line)> lines = [];
        for (int i = 0, j = 0; i < ours.Count || j < theirs.Count;)
        {
            if (i < ours.Count && j < theirs.Count && ours[i] == theirs[j])
            {
                lines.Add((' ', ours[i++]));
                j++;
            }
            else if (j == theirs.Count || i < ours.Count && common[i + 1, j] >= common[i, j + 1]) lines.Add(('-', ours[i++]));
            else lines.Add(('+', theirs[j++]));
        }

        var text = new StringBuilder();
        for (var k = 0; k < lines.Count; k++)
            if (lines[k].Sign != ' ' || k > 0 && lines[k - 1].Sign != ' ' || k + 1 < lines.Count && lines[k + 1].Sign != ' ')
                text.AppendLine($"{lines[k].Sign} {lines[k].Line}");
        return text.ToString().TrimEnd();
    }
}
