using System.CommandLine;
using Vrp.Models;
using Vrp.Models.Generation;

namespace Vrp.Cli;

/// <summary><c>vrp ask</c>: one question with its answer streamed, or a file of requests in batches.</summary>
static class AskCommand
{
    /// <summary>Name of the argument, as the help shows it.</summary>
    public const string Question = "QUESTION";

    public static Command Build()
    {
        var model = new ModelOptions();
        var question = new Argument<string?>(Question) { Description = "The question; left out with --requests.", Arity = ArgumentArity.ZeroOrOne };
        var images = new Option<string[]>("--image") { Description = "An image file (PNG, JPEG, WebP, GIF, BMP); may be repeated." };
        var requests = new Option<string?>("--requests") { Description = "JSON lines {\"images\": […], \"question\": …}; - for standard input. Paths are "
            + "relative to the working directory." };
        var folder = new Option<string?>("--images") { Description = "Folder that is put before the images of --requests." };
        var batch = new Option<int>("--batch") { Description = "Requests per batch.", DefaultValueFactory = _ => 8 };
        var maxNewTokens = new Option<int>("--max-new-tokens") { Description = "Longest answer in tokens.", DefaultValueFactory = _ => 64 };
        var ignoreEos = new Option<bool>("--ignore-eos") { Description = "Go on past end tokens, up to --max-new-tokens." };
        var temperature = new Option<double?>("--temperature") { Description = "Sample with this temperature (> 0). Default: greedy." };
        var topP = new Option<double?>("--top-p") { Description = "Sample from the smallest set of tokens with this much probability." };
        var topK = new Option<int?>("--top-k") { Description = "Sample from the K most likely tokens." };
        var samples = new Option<int>("--samples") { Description = "Answers per question, all from one reading of the prompt.", DefaultValueFactory = _ => 1 };
        var seed = new Option<long>("--seed") { Description = "Of the sampling: the same seed gives the same answers whatever the batch.",
            DefaultValueFactory = _ => 0 };
        var exif = new ExifOption();
        var json = new Option<bool>("--json") { Description = "A JSON line per answer, with generated_ids, text and logprobs." };
        var command = new VrpCommand("ask", "Ask a model about images.",
                "vrp ask checkpoint/ --image photo.jpg \"Is there a dog in the image?\"",
                "vrp ask llava-hf/llava-1.5-7b-hf --device cuda --image photo.jpg \"What is this?\" --temperature 0.7 --top-p 0.9 --samples 10",
                "vrp ask checkpoint/ --requests questions.jsonl --images photos/ --batch 16 --json > answers.jsonl");
        model.AddTo(command);
        command.AddAll(question, images, requests, folder, batch, maxNewTokens, ignoreEos, temperature, topP, topK, samples, seed, exif.Option, json);
        command.SetAction(r =>
        {
            if ((r.GetValue(question) is null) == (r.GetValue(requests) is null)) throw new VrpException("give either a question or --requests.");
            if (r.GetValue(requests) is not null && r.GetValue(images) is { Length: > 0 }) throw new VrpException("--image goes with a question; the lines of "
                + "--requests name their own images.");
            if (r.GetValue(question) is { } typed)
            {
                if (string.IsNullOrWhiteSpace(typed)) throw new VrpException("the question is empty. In a shell it stands in quotes: \"Is there a dog in the "
                    + "image?\"");
                if (r.GetValue(images) is null or []) r.InvocationConfiguration.Error.Say("no --image: the model answers without an image.");
            }

            var orientation = exif.Read(r);
            var options = new GenerationOptions
            {
                MaxNewTokens = r.GetValue(maxNewTokens),
                Samples = r.GetValue(samples),
                IgnoreEndTokens = r.GetValue(ignoreEos),
                Sampling = SamplingOf(r.GetValue(temperature), r.GetValue(topP), r.GetValue(topK), r.GetValue(seed), r.GetValue(samples)),
            };
            // Requests are read in full before the model: a wrong last line should not cost an hour of answers.
            var asked = r.GetValue(requests) is { } file ? Request.ReadAll(file, r.GetValue(folder))
                : [new Request(r.GetValue(images) ?? [], r.GetValue(question)!, null)];
            using var loaded = model.Load(r);
            var output = r.InvocationConfiguration.Output;
            new AskRun(loaded, options, orientation, r.GetValue(json), output, r.InvocationConfiguration.Error).Run(asked, r.GetValue(batch));
            return ExitCode.Success;
        });
        return command;
    }

    static Sampling? SamplingOf(double? temperature, double? topP, int? topK, long seed, int samples)
    {
        if (temperature is null && topP is null && topK is null)
            return samples == 1 ? null : throw new VrpException($"--samples {samples} without sampling: greedy answers would all be the same. Give "
                + "--temperature.");
        return new Sampling(temperature ?? 1, topK ?? 0, topP ?? 1, unchecked((ulong)seed));
    }
}
