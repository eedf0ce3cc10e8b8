using System.Globalization;
using Vrp.Harness.Datasets;
using Vrp.Harness.Running;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Configuration;
using static TorchSharp.torch;

namespace Vrp.Harness.Studies;

/// <summary>What a study will cost, said before it begins. Counts are exact; bytes are of the arrays, which are nearly all of it.</summary>
/// <param name="Subject">Whose.</param>
/// <param name="Questions">Questions.</param>
/// <param name="Images">Images, each encoded once per block that it occurs in.</param>
/// <param name="Blocks">Of the trace.</param>
/// <param name="Answers">Sampled answers per question.</param>
/// <param name="TraceBytesPerSample">On disk.</param>
/// <param name="Weights">Bytes of weights in memory.</param>
/// <param name="Cache">Bytes of a block's key-value cache with its sampled answers.</param>
/// <param name="CacheUnshared">The same where every question reads its prompt in full.</param>
/// <param name="Prefixes">Whether an image's questions share what their prompts begin with, or why not.</param>
/// <param name="Budget">Of the intervention stage; null: none.</param>
/// <param name="Positions">Of a question's prompt.</param>
public sealed record StudyCost(string Subject, int Questions, int Images, int Blocks, int Answers, long TraceBytesPerSample, long Weights, long Cache,
    long CacheUnshared, string Prefixes, string? Budget, long Positions)
{
    /// <summary>Of a model that is loaded.</summary>
    public static StudyCost Of(VisionLanguageModel model, string subject, StudyRequest request) =>
        Of(model.Config, model.Processor, model.Weights.All.Values.Sum(tensor => tensor.numel()), model.Dtype, subject, request);

    /// <summary>Of a model whose weights are on disk.</summary>
    public static StudyCost Of(OpenedModel model, ScalarType dtype, string subject, StudyRequest request) =>
        Of(model.Config, model.Processor, model.Parameters, dtype, subject, request);

    static StudyCost Of(VisionLanguageConfig config, Processor processor, long parameters, ScalarType dtype, string subject, StudyRequest request)
    {
        var dataset = request.Dataset;
        // Estimated from the first question: its prompt's length and its image's grid.
        var block = PreparedBlock.Make(config, processor, [dataset.Questions[0]], dataset.Exif);
        var (rows, columns) = (block.Grids[block.ImageOf[0]].Rows, block.Grids[block.ImageOf[0]].Columns);
        var text = config.Text;
        long layers = text.NumHiddenLayers, stateBytes = request.Trace.WideStates ? 4 : 2;
        var arrays = layers * text.HiddenSize * 2 * stateBytes + layers * text.NumAttentionHeads * rows * columns * 2 * (request.Trace.AnswerAttention ? 2 : 1)
            + layers * 4 * (request.Trace.GreyLens ? 4 : 3);
        long number = dtype == ScalarType.Float32 ? 4 : 2;
        var weights = parameters * number;
        using var inputs = processor.ProcessShared(block.Texts, block.Images, block.ImageOf);
        // One cache of the prompt serves all answers of a question; only what follows it is held per answer.
        var work = WorkOrder.Of(dataset.Questions, request.Trace.BlockSize, processor.ImageProcessor);
        var largest = work.Blocks.MaxBy(questions => questions.Count)!;
        long perPosition = layers * 2 * text.NumKeyValueHeads * text.HeadDim * number, answers = (1 + request.Trace.Samples) * (long)request.Trace.MaxNewTokens;
        var unshared = perPosition * largest.Count * (inputs.Length + answers);
        var shares = config.ReadsCausally && request.Trace.PrefixSharing;
        int head = inputs.PositionsOf(0, config.ImageTokenId)[^1] + 1, images = largest.Select(question => question.ImagePath).Distinct().Count();
        return new StudyCost(subject, dataset.Questions.Count, dataset.Groups, work.Starts.Count, request.Trace.Samples, arrays, weights,
            shares ? unshared - perPosition * head * (largest.Count - images) : unshared, unshared,
            !config.ReadsCausally ? "each question one prefill, nothing of it shared, as this family's images are read together with the question"
            : shares ? "each image read once for all of its questions" : "each question one prefill, nothing of it shared, as configured",
            request.Budget?.Name, inputs.Length);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Subject}: {NumberText.Count(Questions, "question")} about {NumberText.Count(Images, "image")} in {NumberText.Count(Blocks, "block")}; {Prefixes}; ")
        + string.Create(CultureInfo.InvariantCulture, $"each question a prompt of about {Positions:N0} positions, ")
        + string.Create(CultureInfo.InvariantCulture, $"one greedy and {Answers} sampled answers; about ")
        + $"{Size(TraceBytesPerSample * Questions)} on disk, {Size(Weights)} of weights and at most {Size(Cache)} of cache "
        + $"in memory{(Cache < CacheUnshared ? $" ({Size(CacheUnshared)} without sharing)" : "")}; interventions: {Budget ?? "none"}";

    static string Size(long bytes) => bytes >= 1L << 30 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, bytes >> 20)} MiB");
}

/// <summary>Turns "out of memory" into the setting to change. Micro-batches are not halved on the run: another batch shape changes the last bits of a batch's
/// rows, and with them a trace that has to be the same however often it is resumed.</summary>
static class MemoryGuard
{
    public static T Run<T>(string option, int value, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (IsOutOfMemory(error))
        {
            if (value <= 1) throw new VrpException($"out of memory with {option} 1, the least there is: this machine is too small for the model. "
                + $"({error.Message.Split('\n')[0]})", error);
            throw new VrpException($"out of memory with {option} {value} (vrp.json: {option.TrimStart('-')}). Run the same command with {option} {value / 2}: "
                + $"finished blocks under another {option} stay in the store and are "
                + $"used again with it. ({error.Message.Split('\n')[0]})", error);
        }
    }

    /// <summary>Whether .NET, libtorch or a GPU's driver says that memory ran out.</summary>
    public static bool IsOutOfMemory(Exception error) =>
        error is AggregateException { InnerException: { } inner } ? IsOutOfMemory(inner) : error is OutOfMemoryException
            || error.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("not enough memory", StringComparison.OrdinalIgnoreCase)
            || error.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase);
}
