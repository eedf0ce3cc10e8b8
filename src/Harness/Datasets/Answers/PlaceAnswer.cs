namespace Vrp.Harness.Datasets.Answers;

/// <summary>One of left and right, or one of top and bottom, whichever the question is about.</summary>
public static class PlaceAnswer
{
    static readonly Dictionary<string, string> words = new()
    {
        ["left"] = "left", ["leftmost"] = "left", ["left-hand"] = "left", ["lefthand"] = "left",
        ["right"] = "right", ["rightmost"] = "right", ["right-hand"] = "right", ["righthand"] = "right",
        ["top"] = "top", ["upper"] = "top", ["above"] = "top",
        ["bottom"] = "bottom", ["lower"] = "bottom", ["below"] = "bottom",
    };

    /// <summary>Whether the word is a place as gold answers write it.</summary>
    public static bool IsPlace(string word) => word is "left" or "right" or "top" or "bottom";

    /// <summary>The half named along the axis of <paramref name="gold"/>; null when none is named, both are, or one is denied ("not left").</summary>
    public static string? Parse(string answer, string gold)
    {
        var horizontal = gold is "left" or "right";
        var said = AnswerText.Words(answer);
        var named = said.Select(w => words.GetValueOrDefault(w)).Where(p => p is not null && (p is "left" or "right") == horizontal).Distinct().ToList();
        var denied = said.Any(w => w is "not" or "no" or "neither" || w.EndsWith("n't", StringComparison.Ordinal));
        return named.Count == 1 && !denied ? named[0] : null;
    }
}
