namespace Vrp.Harness.Datasets.Readers;

/// <summary>LLaVA-Bench (Liu et al. 2023): <c>question_id, image, text, category</c>; right and wrong come from <see cref="Judgements"/>.</summary>
sealed class LlavaBenchReader : RowReader
{
    public override string Name => "LLaVA-Bench's fields";

    protected override Question Read(string name, JsonRow row, ImageFolder images)
    {
        var image = row.Text("image");
        return new Question(row.Key("question_id"), image, images.Locate(image, row.Number), row.Text("text"), QuestionKind.Open, [],
            image) { Row = row.Number };
    }
}
