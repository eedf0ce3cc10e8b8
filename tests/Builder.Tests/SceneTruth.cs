using System.Text.RegularExpressions;
using Vrp.Builder.World;

namespace Vrp.Builder.Tests;

/// <summary>Answers a question from the objects of a scene by reading its text: written apart from the builder, to check it.</summary>
static partial class SceneTruth
{
    const int Middle = 56;

    static readonly string[] numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven"];

    internal sealed record Object(string Category, string Colour, int X, int Y)
    {
        public static Object Of(SceneObject o) => new(o.Category.Word(), o.Colour.Word(), o.X, o.Y);
    }

    public static string Answers(string question, IReadOnlyList<Object> objects)
    {
        if (Is().Match(question) is { Success: true } presence)
            return objects.Any(o => o.Category == presence.Groups[1].Value) ? "Yes" : "No";
        if (HowMany().Match(question) is { Success: true } count)
            return numbers[objects.Count(o => count.Groups[1].Value == o.Category + "s" || count.Groups[1].Value == o.Category + "es")];
        if (Where().Match(question) is { Success: true } where)
        {
            var only = objects.Single(o => o.Category == where.Groups[1].Value);
            return where.Groups[2].Value is "left" or "right" ? (only.X < Middle ? "left" : "right") : (only.Y < Middle ? "top" : "bottom");
        }
        if (What().Match(question) is { Success: true } what) return objects.Single(o => o.Colour == what.Groups[1].Value).Category;
        if (At().Match(question) is { Success: true } at)
            return objects.Single(o => (o.Y < Middle) == (at.Groups[1].Value == "top") && (o.X < Middle) == (at.Groups[2].Value == "left")).Category;
        if (question == "List the objects in the image.")
            return string.Join(", ", Vocabulary.Categories.Select(c => c.Word()).Where(w => objects.Any(o => o.Category == w)));
        throw new ArgumentException($"A question of no known form: {question}", nameof(question));
    }

    /// <summary>Words, and the marks that stand for themselves.</summary>
    public static IEnumerable<string> Words(string text) => Token().Matches(text).Select(m => m.Value);

    [GeneratedRegex("^Is there an? (\\w+) in the image\\?$")]
    private static partial Regex Is();

    [GeneratedRegex("^How many (\\w+) are there in the image\\?$")]
    private static partial Regex HowMany();

    [GeneratedRegex("^Is the (\\w+) (?:on|at) the (left|right|top|bottom) or (?:on|at) the (?:left|right|top|bottom) of the image\\?$")]
    private static partial Regex Where();

    [GeneratedRegex("^What is the (\\w+) object in the image\\?$")]
    private static partial Regex What();

    [GeneratedRegex("^What object is at the (top|bottom) (left|right) of the image\\?$")]
    private static partial Regex At();

    [GeneratedRegex("\\w+|[^\\w\\s]")]
    private static partial Regex Token();
}
