namespace Vrp.Harness.Datasets.Answers;

/// <summary>How yes and no are read from an answer.</summary>
public enum YesNoRule
{
    /// <summary>The answer begins with yes or no; anything else is unparsed (<see cref="StrictYesNo"/>).</summary>
    Strict,

    /// <summary>POPE's published script: no when it says so, else yes (<see cref="PopeYesNo"/>). For comparison with published figures.</summary>
    Pope,
}

/// <summary>The first word decides, if it is yes or no. "Yes and no", "yes or no" and "yes/no" take no side (within the first sentence); an answer that begins
/// otherwise ("There is no dog") is not guessed at.</summary>
public static class StrictYesNo
{
    /// <summary>"yes", "no", or null when unparsed.</summary>
    public static string? Parse(string answer)
    {
        var words = AnswerText.Words(AnswerText.FirstSentence(answer));
        if (words.Count == 0 || words[0] is not ("yes" or "no")) return null;
        var other = words[0] == "yes" ? "no" : "yes";
        var bothSides = words.Count > 1 && (words[1] == other || (words.Count > 2 && words[1] is "and" or "or" && words[2] == other));
        return bothSides ? null : words[0];
    }
}

/// <summary>The rule of POPE's evaluation script: of the text before the first full stop, commas removed and split at spaces, "no" if a word is No, no or not;
/// else "yes".</summary>
/// <remarks>It never fails to parse: an empty answer, and "I cannot tell", are "yes".</remarks>
public static class PopeYesNo
{
    public static string Parse(string answer)
    {
        var sentence = answer.Split('.')[0].Replace(",", "", StringComparison.Ordinal);
        return sentence.Split(' ').Any(word => word is "No" or "not" or "no") ? "no" : "yes";
    }
}
