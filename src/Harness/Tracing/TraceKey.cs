using System.Security.Cryptography;
using System.Text;
using Vrp.Harness.Datasets;
using Vrp.Harness.Running;
using Vrp.Harness.Storage;
using Vrp.Models;
using Vrp.Models.Checkpoints;

namespace Vrp.Harness.Tracing;

/// <summary>Everything that a trace depends on.</summary>
static class TraceKey
{
    public static RunKey Of(VisionLanguageModel model, Checkpoint checkpoint, Dataset dataset, TruthTokens truths, TraceOptions options, FileHashes hashes) =>
        new("trace",
    [
        .. SubjectFacts.Of(model, checkpoint, dataset, hashes),
        .. options.Facts(),
        new("trace.order", WorkOrder.Name),
        new("trace.prefixes", SharedImages.PrefixesOf(model, options.PrefixSharing)),
        new("data.truths", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', dataset.Questions.Select(truths.About)))))),
    ]);
}
