using Vrp.Harness.Claims;
using Vrp.Harness.Gating;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Running;
using Vrp.Harness.Storage;
using Vrp.Models.Images;

namespace Vrp.Harness.Reporting;

/// <summary>What a report is written from. Everything but title and subjects is optional: what is missing is said in the report, never made up.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Subjects">The models under test, in the order in which they are shown.</param>
/// <param name="Comparison">Of several subjects; without it <c>architecture-split</c> has no verdict.</param>
/// <param name="Ledger">Verdicts held against the ledger; null or empty where none was given.</param>
/// <param name="Gate">A candidate held against a baseline.</param>
public sealed record Report(string Title, IReadOnlyList<ReportSubject> Subjects, Comparison? Comparison = null, IReadOnlyList<LedgerCheck>? Ledger = null,
    GateResult? Gate = null)
{
    /// <summary>A candidate held against a baseline. Two runs of one subject are told apart by their part in it, in the gate's tables too.</summary>
    public static Report OfUpgrade(GateResult gate, ReportSubject baseline, ReportSubject candidate)
    {
        if (gate.Baseline == gate.Candidate)
        {
            gate = gate with { Baseline = $"{gate.Baseline} (baseline)", Candidate = $"{gate.Candidate} (candidate)" };
            (baseline, candidate) = (Named(baseline, gate.Baseline), Named(candidate, gate.Candidate));
        }

        return new Report($"{gate.Candidate} against {gate.Baseline}", [baseline, candidate], Gate: gate);
    }

    static ReportSubject Named(ReportSubject subject, string name) => subject with { Study = subject.Study with { Subject = name } };

    /// <summary>Subjects that had to run and did not, and why.</summary>
    public IReadOnlyList<(string Subject, string Why)> NotRun { get; init; } = [];

    /// <summary>Whether less was asked than the ledger was made on: then nothing passes or fails.</summary>
    public bool Preview { get; init; }

    /// <summary>Earlier runs of the subjects, where several were given.</summary>
    public IReadOnlyList<RunHistory> Histories { get; init; } = [];

    /// <summary>Where the report comes from.</summary>
    public ReportOrigin Origin { get; init; } = new();

    /// <summary>The ledger's checks, empty where there is none.</summary>
    internal IReadOnlyList<LedgerCheck> Checks => Ledger ?? [];
}

/// <summary>A model in a report.</summary>
/// <param name="Study">Its study.</param>
/// <param name="ImagePath">File of an image by the name that questions give it, or null where there is none; null altogether = a report without
/// images.</param>
/// <param name="RunFolder">Where attention.safetensors and run.json lie; null = the study's own folder, where it has one.</param>
public sealed record ReportSubject(StudyResult Study, Func<string, string?>? ImagePath = null, string? RunFolder = null)
{
    /// <summary>The folder, or null.</summary>
    internal string? Folder => RunFolder ?? (Study.Folder.Length > 0 ? Study.Folder : null);

    /// <summary>How the study read its images, as its run.json says.</summary>
    internal ExifRule Exif => exif ??= Folder is { } folder ? RunFile.ExifOf(folder) : ExifRule.Ignore;

    ExifRule? exif;

    /// <summary>Date and commit of the run; null where its folder does not say them.</summary>
    internal RunOrigin? Made => Folder is { } folder ? RunOrigin.Of(folder) : null;
}
