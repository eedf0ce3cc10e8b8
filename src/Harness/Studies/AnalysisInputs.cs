using System.Runtime.InteropServices;
using System.Text.Json;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets;
using Vrp.Harness.Intervening;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Harness.Studies;

/// <summary>Everything that an analysis depends on, as one hash: the program, the stores' content, the labels, the protocol. Where it is what it was, the
/// analysis would give the same bytes again, and the run folder's are taken.</summary>
static class AnalysisInputs
{
    /// <summary>Of the compiled code: deterministic builds give the same ids for the same sources, and others for any change of a statistic, a threshold or a
    /// word.</summary>
    internal static readonly string Program = string.Join(' ', new[] { typeof(Study), typeof(VrpException) }.Select(type => type.Module.ModuleVersionId.ToString("N")));

    /// <summary>64 hexadecimal digits; null for a trace or interventions made up in memory, which nothing is known by.</summary>
    /// <param name="trace">What the model showed.</param>
    /// <param name="interventions">What it answered when changed; null where there are none.</param>
    /// <param name="dataset">For its labels, aliases and judgements.</param>
    /// <param name="protocol">Draws, seeds, margins, thresholds.</param>
    /// <param name="program">For tests; null: this one.</param>
    public static string? Of(TraceSet trace, InterventionSet? interventions, Dataset dataset, StudyOptions protocol, string? program = null)
    {
        if (trace.Facts.Content.Length == 0 || interventions?.Content.Length == 0) return null;
        return Sha256Hex.Of(JsonSerializer.SerializeToUtf8Bytes(new
        {
            Program = program ?? Program,
            Runtime = RuntimeInformation.FrameworkDescription,
            trace.Facts,
            Interventions = interventions?.Content,
            Labels = dataset.LabelFingerprint(),
            Questions = dataset.Questions.Select(question => question.Text),
            Protocol = protocol,
        }));
    }
}
