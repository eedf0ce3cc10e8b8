namespace Vrp.Harness.Datasets.Answers;

/// <summary>The rule of POPE's evaluation script: of the text before the first full stop, commas removed and split at spaces, "no" if a word is No, no or not; else "yes".</summary>
/// <remarks>It never fails to parse: an empty answer, and "I cannot tell", are "yes".</remarks>
public static class PopeYesNo
{
    public static string Parse(string answer)
    {
        string sentence = answer.Split('.')[0].Replace(",", "", StringComparison.Ordinal);
        return sentence.Split(' ').Any(word => word is "No" or "not" or "no") ? "no" : "yes";
    }
}
