using System.CommandLine;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Evaluating;
using Vrp.Harness.Running;
using Vrp.Harness.Storage;
using Vrp.Models;

namespace Vrp.Cli;

/// <summary><c>vrp evaluate</c>: a question set's greedy answers and their figures.</summary>
static class EvaluateCommand
{
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    sealed record Line(string id, string image, string question, string kind, IReadOnlyList<string> gold, string answer, string? parsed, string status,
        double mean_logprob);

    public static Command Build()
    {
        var model = new ModelOptions();
        var data = new DataOptions();
        var batch = new Option<int>("--batch") { Description = "Questions per batch.", DefaultValueFactory = _ => 32 };
        var maxNewTokens = new Option<int>("--max-new-tokens") { Description = "Longest answer in tokens.", DefaultValueFactory = _ => 32 };
        var rule = new Option<string>("--yes-no") { Description = "How yes and no are read: strict (else unparsed) or pope (the published script's rule).",
            DefaultValueFactory = _ => "strict" };
        var plain = TraceArguments.PlainOption();
        var output = new Option<string?>("--out") { Description = "JSON lines: id, image, question, kind, gold, answer, parsed, status, mean_logprob; - for "
            + "standard output." };
        var command = new VrpCommand("evaluate", "Answer a question set greedily and print accuracy per kind of question; for yes-no questions POPE's five "
            + "figures. Intervals: 95 %, bootstrap of whole images.",
            "vrp evaluate fixtures/checkpoints/llava --data fixtures/world/pope_adversarial.jsonl",
            "vrp evaluate llava-hf/llava-1.5-7b-hf --device cuda --data fixtures/pope/coco_pope_random.json --images val2014/ --limit 50 --out answers.jsonl");
        model.AddTo(command);
        data.AddTo(command);
        command.AddAll(batch, maxNewTokens, rule, plain, output);
        command.SetAction(r =>
        {
            var yesNo = r.GetValue(rule) switch { "strict" => YesNoRule.Strict, "pope" => YesNoRule.Pope,
                var other => throw new VrpException($"--yes-no {other}: expected strict or pope.") };
            var dataset = data.Open(r);
            using var loaded = model.Load(r);
            var evaluation = new Evaluation(loaded, AnswerScorer.For(dataset, yesNo), r.GetValue(batch), r.GetValue(maxNewTokens), !r.GetValue(plain));
            Run(evaluation, dataset, r.GetValue(output), r.InvocationConfiguration);
            return ExitCode.Success;
        });
        return command;
    }

    static void Run(Evaluation evaluation, Dataset dataset, string? path, InvocationConfiguration console)
    {
        var answers = new List<EvaluatedAnswer>();
        var clock = Stopwatch.StartNew();
        using var output = path is null ? null : OutputFile.Open(path, console.Output);
        using (var progress = new Progress(console.Error, "answered", dataset.Questions.Count))
            foreach (var answer in evaluation.Run(dataset))
            {
                answers.Add(answer);
                output?.WriteLine(JsonLine.Safe(JsonSerializer.Serialize(new Line(answer.Question.Id, answer.Question.Image, answer.Question.Text,
                answer.Question.Kind.Name(), answer.Question.Answers, answer.Answer,
                    answer.Score.Parsed, answer.Score.Status.ToString().ToLowerInvariant(), answer.LogProbability), Json)));
                progress.Report(answers.Count);
            }
        var seconds = clock.Elapsed.TotalSeconds;
        output?.Commit();

        // With the answers on standard output the table goes to the other stream, so that a pipe gets JSON alone.
        var table = path == "-" ? console.Error : console.Output;
        table.WriteLine($"{dataset.Name}: {NumberText.Count(dataset.Questions.Count, "question")} about {NumberText.Count(dataset.Groups, "image")}");
        foreach (var figures in KindFigures.Of(answers))
        {
            table.WriteLine($"  {figures.Kind.Name()}");
            foreach (var (name, e) in figures.Figures)
            {
                var interval = e.HasInterval ? FormattableString.Invariant($"[{e.Low:0.000}, {e.High:0.000}]") : "(no interval from one image)";
                table.WriteLine(FormattableString.Invariant($"    {name,-10} {e.Value:0.000}  {interval}  n={e.N}, images={e.Groups}"));
            }
            foreach (var (name, reason) in figures.Undefined) table.WriteLine($"    {name,-10} undefined: {reason}");
            table.WriteLine($"    {"unparsed",-10} {figures.Unparsed}{(figures.Unjudged > 0 ? $", unjudged {figures.Unjudged} (in no figure)" : "")}");
        }
        console.Error.WriteLine(FormattableString.Invariant($"{answers.Count / seconds:0} questions a second"));
    }
}
