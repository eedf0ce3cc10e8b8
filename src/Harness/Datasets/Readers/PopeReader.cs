namespace Vrp.Harness.Datasets.Readers;

/// <summary>POPE (Li et al. 2023, github.com/RUCAIBox/POPE): <c>question_id, image, text, label</c> with label yes or no.</summary>
sealed class PopeReader : RowReader
{
    public override string Name => "POPE's fields";

    protected override Question Read(string name, JsonRow row, ImageFolder images)
    {
        string image = row.Text("image"), label = row.Text("label").Trim().ToLowerInvariant();
        if (label is not ("yes" or "no")) throw row.Wrong("label", "\"yes\" or \"no\"");
        return new Question($"{name}-{row.Key("question_id")}", image, images.Locate(image, row.Number), row.Text("text"), QuestionKind.YesNo, [label],
            image) { Row = row.Number };
    }
}
