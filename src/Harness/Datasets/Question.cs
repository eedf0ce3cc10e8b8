namespace Vrp.Harness.Datasets;

/// <summary>One question about one image: the unit that everything in the harness counts.</summary>
/// <param name="Id">Unique in its data set and stable over runs.</param>
/// <param name="Image">The image's name as the file gives it.</param>
/// <param name="ImagePath">Where the image lies.</param>
/// <param name="Text">The user's text, without any chat format.</param>
/// <param name="Kind">What is asked for.</param>
/// <param name="Answers">
/// Gold answers. Yes-no: "yes" or "no". Count: a number in digits or words. Spatial: one word. Identify: accepted names, the usual one first. Open: the objects
/// to be named; empty where only judgements made elsewhere can tell. Choice: the letter of the right option.
/// </param>
/// <param name="Group">What questions share that makes them dependent: the image. Splits and resampling keep groups whole.</param>
public sealed record Question(string Id, string Image, string ImagePath, string Text, QuestionKind Kind, IReadOnlyList<string> Answers, string Group)
{
    /// <summary>Objects that an answer to an open question must not name.</summary>
    public IReadOnlyList<string> Absent { get; init; } = [];

    /// <summary>Of a question of choice: the options' texts, A first. They are part of <see cref="Question"/> too, as the model is shown them.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>The file's own split ("fit", "score", …), where it has one.</summary>
    public string? Split { get; init; }

    /// <summary>Line of the file, from 1; for messages.</summary>
    public int Row { get; init; }
}
