using Vrp.Harness.Datasets;
using Vrp.Harness.Running;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using Vrp.Models.Tests;

namespace Vrp.Harness.Tests.Tracing;

/// <summary>A golden checkpoint (random weights) and the first questions of the fixture world.</summary>
sealed class TinyStudy : IDisposable
{
    public TinyStudy(string model, int questions = 10, int blockSize = 4)
    {
        Checkpoint = Checkpoint.Open(Goldens.At("models", model));
        Model = VisionLanguageModel.Load(Checkpoint);
        var whole = DatasetReader.Open(Fixtures.At("world", "study.jsonl"), new DatasetOptions { CheckImages = false });
        // Every kind of question, and images with several questions each.
        Dataset = whole with { Questions = [.. whole.Questions.GroupBy(s => s.Kind).SelectMany(kind => kind.Take(questions / 4 + 1)).Take(questions)] };
        Options = new TraceOptions { Samples = 3, MaxNewTokens = 3, BlockSize = blockSize, Seed = 7 };
    }

    public Checkpoint Checkpoint { get; }
    public VisionLanguageModel Model { get; }
    public Dataset Dataset { get; private set; }
    public TraceOptions Options { get; }

    public StageResult Run(string folder, TraceOptions? options = null, Func<string, Stream>? create = null) =>
        TraceStage.Run([Model], Checkpoint, Dataset, folder, options ?? Options, null, null, create);

    public TraceSet Trace(string folder, TraceOptions? options = null) => TraceReader.Open(Run(folder, options).Folder, Dataset);

    /// <summary>Puts the questions in another order, so that those of one image lie apart.</summary>
    public void Shuffle(int seed)
    {
        var questions = Dataset.Questions.ToArray();
        new Random(seed).Shuffle(questions);
        Dataset = Dataset with { Questions = questions };
    }

    /// <summary>One checkpoint of each family.</summary>
    public static IEnumerable<object[]> Families() =>
        Goldens.Folders("models").GroupBy(name => Checkpoint.Open(Goldens.At("models", name)).ModelType).Select(family => new object[] { family.First() });

    public void Dispose() => Model.Dispose();
}
