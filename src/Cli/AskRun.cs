using System.Text.Encodings.Web;
using System.Text.Json;
using Vrp.Harness.Storage;
using Vrp.Models;
using Vrp.Models.Generation;
using Vrp.Models.Images;
using Vrp.Models.Tokenizing;
using static TorchSharp.torch;

namespace Vrp.Cli;

/// <summary>Answers requests in batches, in their order; each batch is written as soon as it is done.</summary>
sealed class AskRun(VisionLanguageModel model, GenerationOptions options, ExifRule exif, bool json, TextWriter output, TextWriter error)
{
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    sealed record Line(string[] images, string question, int sample, IReadOnlyList<int> generated_ids, string text, IReadOnlyList<float> logprobs);

    public void Run(IReadOnlyList<Request> requests, int batch)
    {
        // One answer on its own is streamed; of several the tokens would mix.
        var stream = requests.Count == 1 && options.Samples == 1 && !json;
        using var progress = new Progress(error, "answered", requests.Count);
        using var off = inference_mode();
        for (var first = 0; first < requests.Count; first += batch)
        {
            using var scope = NewDisposeScope();
            Request[] asked = [.. requests.Skip(first).Take(batch)];
            var images = asked.SelectMany(request => request.Images.Select(path => Read(path, request)));
            var inputs = model.Processor.Process([.. asked.Select(Text)], images);
            // A request's draws hang on its place in the file, not on the batch it falls into.
            var settings = options with { SampleIds = [.. Enumerable.Range(first, asked.Length).Select(i => (long)i)] };
            if (stream) Stream(inputs, settings);
            else Write(asked, model.Generate(inputs, settings));
            progress.Report(first + asked.Length);
        }
    }

    /// <summary>The prompt. A question that spells the image token itself would take another question's image.</summary>
    string Text(Request request)
    {
        var processor = model.Processor;
        if (request.Question.Contains(processor.ImageToken, StringComparison.Ordinal))
            throw new VrpException($"{(request.Source is { } source ? $"{source}: " : "")}the question holds {processor.ImageToken}, which stands for a "
                + "image. "
                + "Leave it out; images are named beside the question.");
        return processor.Format(request.Question, request.Images.Length);
    }

    RgbImage Read(string path, Request request)
    {
        try
        {
            return ImageFile.Read(path, exif);
        }
        catch (VrpException e) when (request.Source is not null)
        {
            throw new VrpException($"{request.Source}: {e.Message}", e);
        }
    }

    void Stream(ModelInputs inputs, GenerationOptions settings)
    {
        var decoder = new StreamingDecoder(model.Processor.Tokenizer, skipSpecialTokens: true);
        model.Generate(inputs, settings with
        {
            OnToken = token =>
            {
                output.Write(decoder.Add(token.Id));
                output.Flush();
            },
        });
        output.WriteLine(decoder.Finish());
    }

    void Write(Request[] asked, GenerationResult result)
    {
        foreach (var answer in result.Sequences)
        {
            var request = asked[answer.Prompt];
            var text = model.Processor.Tokenizer.Decode([.. answer.Ids], skipSpecialTokens: true);
            output.WriteLine(json
                ? JsonLine.Safe(JsonSerializer.Serialize(new Line(request.Images, request.Question, answer.Sample, answer.Ids, text, answer.LogProbabilities),
                    Json))
                : asked.Length == 1 && options.Samples > 1 ? text : $"{request.Question}\t{text}");
        }
        output.Flush();
    }
}
