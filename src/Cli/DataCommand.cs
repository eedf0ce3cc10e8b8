using System.CommandLine;
using Vrp.Harness.Datasets;
using Vrp.Harness.Evaluating;

namespace Vrp.Cli;

/// <summary><c>vrp data</c>: question sets, looked at before a model is.</summary>
static class DataCommand
{
    const int Shown = 5;

    public static Command Build() => new VrpCommand("data", "Look at question sets.", "vrp data check mine/questions.jsonl") { Check() };

    static Command Check()
    {
        var file = new Argument<string>("FILE") { Description = "A question set: JSON lines, a JSON array or a table (docs/datasets.md)." };
        var images = new Option<string?>("--images") { Description = "Folder of its images. Default: images beside the file, else the file's folder." };
        var labels = new Option<string?>("--corrected-labels") { Description = "A file of corrected labels, or repope." };
        var judgements = new Option<string?>("--judgements") { Description = "A file of judgements on free answers." };
        var threshold = new Option<double?>("--judgement-threshold") { Description = "Least score that counts as right, where judgements are scores." };
        var command = new VrpCommand("check",
            "Say what was understood of a question set: its form, and per kind how many questions, which gold answers, how "
                + "answers are judged, and three examples. Then every image is read. "
            + "Exit code 0: usable; 64: not, with the rows.",
            "vrp data check mine/questions.jsonl",
            "vrp data check fixtures/pope/coco_pope_random.json --images val2014/ --corrected-labels repope");
        command.AddAll(file, images, labels, judgements, threshold);
        command.SetAction(r =>
        {
            var options = new DatasetOptions
            {
                Images = r.GetValue(images), CorrectedLabels = r.GetValue(labels), Judgements = r.GetValue(judgements),
                    JudgementThreshold = r.GetValue(threshold), CheckImages = false,
            };
            var (console, path) = (r.InvocationConfiguration.Output, r.GetValue(file)!);
            var dataset = DatasetReader.Open(path, options);
            console.Write(DatasetSummary.Render(dataset));
            if (DatasetSummary.Unanswerable(dataset) is { Count: > 0 } unanswerable)
                throw new DatasetException(path,
                    $"{unanswerable.Count} questions have gold answers that are wrong or unparsed by the rule of their own kind: no answer can be right.",
                    [.. unanswerable.Take(Shown)
                        .Select(question => (question.Row, $"{question.Id}, {question.Kind.Name()}: {string.Join(" | ", question.Answers)}"))]);
            // Last, as it takes longest and fails most: what was understood is on the screen by then.
            var counts = DatasetReader.Open(path, options with { CheckImages = true }).Images!;
            console.WriteLine($"\n  images: all {counts.Images} are there and can be read{(counts.Warning is { } warning ? $"; {warning}" : "")}");
            return ExitCode.Success;
        });
        return command;
    }
}
