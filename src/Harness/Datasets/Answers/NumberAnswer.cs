using System.Globalization;
using System.Text.RegularExpressions;

namespace Vrp.Harness.Datasets.Answers;

/// <summary>A whole number in digits ("12", "1,000") or English words ("twelve", "twenty-one"); "no" and "none" are zero where no other number is
/// said.</summary>
public static partial class NumberAnswer
{
    static readonly string[] small =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
        "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    static readonly string[] tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    /// <summary>The number said, or null: none, two different ones, a fraction, a negative one.</summary>
    public static long? Parse(string answer)
    {
        var found = new HashSet<long>();
        foreach (Match match in Digits().Matches(answer))
        {
            var digits = Thousands().IsMatch(match.Value) ? match.Value.Replace(",", "", StringComparison.Ordinal) : match.Value;
            if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
            found.Add(number);
        }
        var words = AnswerText.Words(answer).SelectMany(w => w.Split('-')).ToList();
        for (var i = 0; i < words.Count;)
            if (ReadWords(words, ref i) is { } number) found.Add(number);
            else i++;
        if (words.Contains("minus") || words.Contains("half")) return null;
        if (found.Count == 0 && words.Any(w => w is "no" or "none" or "nothing")) return 0;
        return found.Count == 1 ? found.Single() : null;
    }

    /// <summary>Reads "two hundred and five" from <paramref name="i"/> on and moves past it; null where no number begins.</summary>
    static long? ReadWords(List<string> words, ref int i)
    {
        long total = 0;
        var start = i;
        var open = true;   // whether a number below the last one may follow, as "five" after "twenty"
        while (i < words.Count)
        {
            int digit = Array.IndexOf(small, words[i]), ten = Array.IndexOf(tens, words[i]);
            if (digit >= 0 && open) (total, open) = (total + digit, false);
            else if (ten >= 0 && total % 100 == 0 && open) total += 20 + 10 * ten;
            else if (words[i] == "hundred" && total is > 0 and < 100) (total, open) = (total * 100, true);
            else if (!(words[i] == "and" && i > start && words[i - 1] == "hundred" && i + 1 < words.Count
                && (small.Contains(words[i + 1]) || tens.Contains(words[i + 1])))) break;
            i++;
        }
        return i == start ? null : total;
    }

    [GeneratedRegex(@"(?<![\w.,])-?[0-9][0-9.,]*(?<![.,])(?:\s*/\s*[0-9]+)?(?!\w)")]
    private static partial Regex Digits();

    [GeneratedRegex("^[0-9]{1,3}(,[0-9]{3})+$")]
    private static partial Regex Thousands();
}
