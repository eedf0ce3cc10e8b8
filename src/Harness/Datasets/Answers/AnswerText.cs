using System.Text;

namespace Vrp.Harness.Datasets.Answers;

/// <summary>Answers as words: lower case, without punctuation.</summary>
static class AnswerText
{
    static readonly HashSet<string> articles = ["a", "an", "the", "some"];

    /// <summary>Words of letters, digits and inner apostrophes or hyphens, in lower case.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var c in text.Replace('\u2019', '\'').ToLowerInvariant() + " ")
        {
            if (char.IsLetterOrDigit(c) || c is '\'' or '-') word.Append(c);
            else if (word.Length > 0)
            {
                var whole = word.ToString().Trim('\'', '-');
                if (whole.Length > 0) words.Add(whole);
                word.Clear();
            }
        }
        return words;
    }

    /// <summary>The words without articles, joined by one space.</summary>
    public static string Plain(string text) => string.Join(' ', Words(text).Where(w => !articles.Contains(w)));

    /// <summary>Up to the first full stop, question or exclamation mark or line break that ends a sentence.</summary>
    public static string FirstSentence(string text)
    {
        text = text.Trim();
        var end = text.IndexOfAny(['.', '!', '?', '\n']);
        return end > 0 ? text[..end] : text;
    }

    /// <summary>Whether two words or phrases are the same but for a regular plural ending of the last word.</summary>
    public static bool SameButPlural(string a, string b) => a == b || IsPlural(a, b) || IsPlural(b, a);

    static bool IsPlural(string plural, string singular) =>
        plural == singular + "s" || plural == singular + "es" || (singular.EndsWith('y') && plural == singular[..^1] + "ies");
}
