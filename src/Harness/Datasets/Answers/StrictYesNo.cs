namespace Vrp.Harness.Datasets.Answers;

/// <summary>
/// The first word decides, if it is yes or no. "Yes and no", "yes or no" and "yes/no" take no side (within the first sentence); an answer that begins otherwise ("There is no dog") is not
/// guessed at.
/// </summary>
public static class StrictYesNo
{
    /// <summary>"yes", "no", or null when unparsed.</summary>
    public static string? Parse(string answer)
    {
        var words = AnswerText.Words(AnswerText.FirstSentence(answer));
        if (words.Count == 0 || words[0] is not ("yes" or "no")) return null;
        string other = words[0] == "yes" ? "no" : "yes";
        bool bothSides = words.Count > 1 && (words[1] == other || (words.Count > 2 && words[1] is "and" or "or" && words[2] == other));
        return bothSides ? null : words[0];
    }
}
