using Vrp.Harness.Datasets;
using Vrp.Harness.Running;
using Vrp.Harness.Storage;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using Vrp.Models.Storage;

namespace Vrp.Harness.Tracing;

/// <summary>Everything that a trace depends on.</summary>
static class TraceKey
{
    public static RunKey Of(VisionLanguageModel model, Checkpoint checkpoint, Dataset dataset, SortedDictionary<string, string> images, TruthTokens truths,
        TraceOptions options, FileHashes hashes) =>
        new("trace",
    [
        .. SubjectFacts.Of(model, checkpoint, dataset, images, hashes),
        .. options.Facts(),
        new("trace.order", WorkOrder.Name),
        new("trace.prefixes", SharedImages.PrefixesOf(model, options.PrefixSharing)),
        new("data.truths", Sha256Hex.Of(string.Join('\n', dataset.Questions.Select(truths.About)))),
    ]);
}
