using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Readers;

namespace Vrp.Harness.Tests.Datasets;

public class RowFileTests
{
    const string First = """{"id": "1", "image": "a.png", "question": "How many cars?", "kind": "count", "answers": ["2"]}""",
        Second = """{"id": "2", "image": "b.png", "question": "What is \"it\", then?", "kind": "identify", "answers": ["boat", "ship"]}""";

    static readonly DatasetOptions noImages = new() { CheckImages = false };

    [Fact]
    public void Open_JsonLinesArrayCsvAndTabs_AreTheSameQuestions()
    {
        using var folder = new TemporaryFolder();
        string[] files =
        [
            folder.Write("a.jsonl", First, "", Second),
            folder.Write("b.json", "[", First + ",", Second, "]"),
            folder.Write("c.csv", "id,image,question,kind,answers,group", "1,a.png,How many cars?,count,2,",
                "2,b.png,\"What is \"\"it\"\", then?\",identify,boat | ship,"),
            folder.Write("d.tsv", "\uFEFFid\timage\tquestion\tkind\tanswers\r", "1\ta.png\tHow many cars?\tcount\t2\r",
                "2\tb.png\t\"What is \"\"it\"\", then?\"\tidentify\t[\"boat\", \"ship\"]\r"),
        ];
        var sets = files.Select(file => DatasetReader.Open(file, noImages)).ToArray();
        sets.Select(set => set.Form).Should()
            .Equal(new[] { "JSON lines", "JSON array", "CSV", "tab-separated table" }.Select(form => $"the project's own fields, {form}"));
        foreach (var set in sets)
        {
            set.Questions.Select(question => (question.Id, question.Image, question.Text, question.Kind)).Should()
                .Equal(("1", "a.png", "How many cars?", QuestionKind.Count),
                ("2", "b.png", "What is \"it\", then?", QuestionKind.Identify));
            set.Questions[1].Answers.Should().Equal("boat", "ship");
        }
    }

    [Fact]
    public void Read_TableWithOptionsInColumns_IsAChoice()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("q.csv", "id,image,question,kind,A,B,C,answers", "1,a.png,What is it?,choice,cat,dog,,B");
        var sample = DatasetReader.Open(file, noImages).Questions.Single();
        sample.Options.Should().Equal("cat", "dog");
        sample.Answers.Should().Equal("B");
    }

    [Fact]
    public void Read_CellWithLineBreak_NumbersTheRowByItsFirstLine()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("q.csv", "a,b", "1,\"two", "lines\"", "", "3,x");
        var (rows, _) = RowFile.Read(file);
        rows.Select(row => (row.Number, row.Text("b"))).Should().Equal((2, "two\nlines"), (5, "x"));
    }

    [Theory]
    [InlineData("[1, {}]", "*expected an object for each*row 1: Number*")]
    [InlineData("[{}", "*begins as a JSON array and is none*")]
    [InlineData("id,image\n1\n", "*2 columns (id, image)*row 2: 1 cells*")]
    [InlineData("id,id\n1,2\n", "*neither JSON lines nor a JSON array, nor a table*row 1: id,id*")]
    [InlineData("only one word\n", "*neither JSON lines nor a JSON array, nor a table*")]
    [InlineData("id,image\n1,\"a\n", "*ends inside a cell in quotes*")]
    [InlineData("id,image\n", "*holds no rows*")]
    public void Read_FileOfNoForm_SaysWhatItIsNot(string text, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("q"), text);
        FluentActions.Invoking(() => RowFile.Read(folder.At("q"))).Should().Throw<DatasetException>().WithMessage(message);
    }
}
