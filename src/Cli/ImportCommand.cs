using System.CommandLine;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Importing;
using Vrp.Harness.Running;
using Vrp.Harness.Studies;

namespace Vrp.Cli;

/// <summary><c>vrp import</c>: what other programs logged of a model's answers, as a run.</summary>
static class ImportCommand
{
    public static Command Build()
    {
        var command = new VrpCommand("import",
            "Make a run from the log of another program, also of a model behind an API: answers are judged, and what answers alone can decide "
                + "(accuracy per kind, flips, self-consistency, calibration) is; the rest is NotRun. "
                + "`vrp gate --baseline RUN --candidate RUN` takes it (docs/importing.md).",
            "vrp import lmms-eval logs/llava-v1.5-7b/20260801_120000_samples_pope.jsonl --out runs/llava",
            "vrp import vlmevalkit outputs/GPT4o/GPT4o_MMBench.xlsx --out runs/gpt-4o",
            "vrp import inspect logs/2026-08-01_pope.eval --subject gpt-4o --out runs/gpt-4o");
        command.Add(Of(LogFormat.LmmsEval, "lmms-eval's samples (--log_samples): DATE_samples_TASK.jsonl."));
        command.Add(Of(LogFormat.VlmEvalKit, "VLMEvalKit's predictions: MODEL_DATASET.xlsx, .tsv, .csv or .json."));
        command.Add(Of(LogFormat.Inspect, "Inspect's log: .eval or .json. Epochs become sampled answers, logprobs confidences."));
        return command;
    }

    static Command Of(LogFormat format, string what)
    {
        var log = new Argument<string>("LOG") { Description = what };
        var output = new Option<string>("--out") { Description = "The run's folder.", Required = true };
        var samples = new Option<string[]>("--samples") { Description = "Logs of the same questions answered again by sampling, one sampled answer each.",
            AllowMultipleArgumentsPerToken = true };
        var subject = new Option<string?>("--subject") { Description = "The model's name. Default: the log's." };
        var data = new Option<string?>("--data") { Description = "The question set's name, by which runs are compared. Default: the log's." };
        var family = new Option<string>("--family") { Description = "llava, paligemma or qwen2_vl: the study's figures stand beside. Else other.",
            DefaultValueFactory = _ => "other" };
        var temperature = new Option<double?>("--temperature") { Description = "Of the sampled answers, where the log does not say." };
        var topP = new Option<double?>("--top-p") { Description = "Likewise." };
        var command = new VrpCommand(format.Name(), $"Import {what}");
        command.AddAll(log, output, samples, subject, data, family, temperature, topP);
        command.SetAction(r =>
        {
            var (path, others) = (r.GetValue(log)!, r.GetValue(samples) ?? []);
            var read = LogReader.WithSamples(LogReader.Read(format, path), [.. others.Select(other => (other, LogReader.Read(format, other)))]);
            read = read with { Temperature = r.GetValue(temperature) ?? read.Temperature, TopP = r.GetValue(topP) ?? read.TopP };
            var study = new ImportedStudy(read, format) { Subject = r.GetValue(subject) ?? read.Model, Data = r.GetValue(data) ?? read.Data,
                Family = r.GetValue(family)! };
            foreach (var note in study.Notes) r.InvocationConfiguration.Error.Say(note);
            var result = study.Write(r.GetValue(output)!, [path, .. others]);
            Print(result, r.InvocationConfiguration.Output);
            return ExitCode.Success;
        });
        return command;
    }

    static void Print(StudyResult result, TextWriter console)
    {
        var images = result.Questions.Select(question => question.Group).Distinct().Count();
        console.WriteLine($"{result.Subject} on {result.Data}: "
            + $"{NumberText.Count(result.Questions.Count, "question")} about {NumberText.Count(images, "image")}");
        foreach (var kind in result.Questions.GroupBy(question => question.Kind))
        {
            QuestionResult[] judged = [.. kind.Where(question => question.IsJudged)];
            int right = judged.Count(question => question.IsCorrect), unparsed = judged.Count(question => question.Label == AnswerStatus.Unparsed),
                unjudged = kind.Count() - judged.Length;
            console.WriteLine($"  {kind.Key}: {right} of {judged.Length} right, {unparsed} unparsed{(unjudged > 0 ? $", {unjudged} unjudged" : "")}");
        }
        console.WriteLine();
        console.Write(StudyTables.Verdicts(result with { Verdicts = [.. result.Verdicts.Where(verdict =>
            verdict.Claim is "self-consistency" or "confidence-baselines")] }));
        console.WriteLine($"The other {result.Verdicts.Count - 2} claims are NotRun: a log has no hidden states, attention or interventions.");
        console.WriteLine(Path.GetFullPath(result.Folder));
    }
}
