using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Intervening;
using Vrp.Harness.Running;
using Vrp.Harness.Statistics;
using Vrp.Harness.Storage;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Generation;

namespace Vrp.Harness.Studies;

/// <summary>A whole study: trace → plan → intervene → judge, into one folder. Killed and started again, it goes on at the block in flight; what is in the store
/// under the same key is never computed again. The judging is, unless everything that it depends on is what it was, the program included: an edited threshold
/// or statistic always shows.</summary>
public static class StudyPipeline
{
    /// <param name="request">What to do.</param>
    /// <param name="subject">The model under test.</param>
    /// <param name="progress">Called after every block and before every claim.</param>
    /// <param name="say">Receives messages for the user: what a run will cost, what was damaged and is done again.</param>
    /// <exception cref="StoreException">The folder cannot be written; what is finished stays.</exception>
    public static FinishedStudy Run(StudyRequest request, Subject subject, Action<StudyProgress>? progress = null, Action<string>? say = null) =>
        Judge(Prepare(request, subject, progress, say), progress);

    /// <summary>The stages that need the model; the parameters are <see cref="Run"/>'s.</summary>
    /// <exception cref="StoreException">The folder cannot be written; what is finished stays.</exception>
    public static PreparedStudy Prepare(StudyRequest request, Subject subject, Action<StudyProgress>? progress = null, Action<string>? say = null)
    {
        var (dataset, folder, checkpoint, name) = (request.Dataset, request.Folder, subject.Checkpoint, request.Subject ?? subject.Checkpoint.Name);
        var origin = RunOrigin.Now();
        void Report(StudyStage stage, int done, int total, string? what = null) => progress?.Invoke(new StudyProgress(name, stage, done, total, what));

        say?.Invoke(StudyCost.Of(subject.Model, name, request).ToString());
        foreach (var gap in ForeseenGap.Of(request)) say?.Invoke($"{name}: {gap}");
        var traced = MemoryGuard.Run("--block", request.Trace.BlockSize, () => TraceStage.Run(subject.Models, checkpoint, dataset, folder, request.Trace,
            at => Report(StudyStage.Trace, at.Done, at.Total), say));
        if (request.Trace.Samples > 0 && PublishedSampling.Of(checkpoint) is { } published)
        {
            RunFile.Update(folder, "sampling", new { request.Trace.Temperature, request.Trace.TopP, GenerationConfig = published });
            say?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{name}: sampled answers with temperature {request.Trace.Temperature}, top_p ")
                + string.Create(CultureInfo.InvariantCulture, $"{request.Trace.TopP}; its generation_config.json, which is not followed: {published}"));
        }

        var trace = TraceReader.Open(traced.Folder, dataset, name);
        if (UnparsedAnswers.Warning(trace) is { } warning) say?.Invoke(warning);

        var (plan, without) = Plan(trace, request);
        StageResult? intervened = null;
        InterventionSet? interventions = null;
        if (plan is not null)
        {
            Report(StudyStage.Plan, 1, 1);
            intervened = MemoryGuard.Run("--rows", request.Interventions.RowsPerBatch,
                () => InterventionStage.Run(subject.Models, checkpoint, dataset, trace, plan, folder, request.Interventions,
                at => Report(StudyStage.Intervene, at.Done, at.Total), say));
            interventions = InterventionReader.Open(intervened.Folder, dataset);
        }
        else if (request.Budget is not null) say?.Invoke($"{name}: no intervention stage: {without}");

        return new PreparedStudy(request, trace, interventions, traced, intervened, without, origin);
    }

    /// <summary>The rest of a study: arithmetic over arrays, while another subject's stages may run.</summary>
    /// <param name="prepared">The stages' results.</param>
    /// <param name="progress">Called before every claim.</param>
    /// <param name="judged">Called with each claim's result as soon as it is known; not called for the results of an earlier analysis.</param>
    public static FinishedStudy Judge(PreparedStudy prepared, Action<StudyProgress>? progress = null, Action<ClaimResult>? judged = null)
    {
        var folder = prepared.Request.Folder;
        var (result, seconds) = Judge(prepared.Trace, prepared.Interventions, prepared.Request, folder, prepared.Origin,
            (stage, done, total, what) => progress?.Invoke(new StudyProgress(prepared.Trace.Facts.Subject, stage, done, total, what)), judged);
        return new FinishedStudy(folder, result, prepared.Traced, prepared.Intervened, prepared.WithoutInterventions, seconds);
    }

    /// <summary>The judging alone, on a folder that holds a trace and, where they were run, interventions. Needs no model and no torch.</summary>
    /// <param name="request">Folder, data set, protocol, and the budget of the plan that is made where there are no interventions yet.</param>
    /// <param name="progress">Called before every claim.</param>
    /// <returns>What was found, and the plan for the intervention stage: written to plan.json too. Null where nothing can be planned, with the
    /// reason.</returns>
    public static (StudyResult Result, InterventionPlan? Plan, string? WithoutPlan) Analyze(StudyRequest request, Action<StudyProgress>? progress = null)
    {
        var origin = RunOrigin.Now();
        var trace = TraceReader.Open(request.Folder, request.Dataset, request.Subject);
        var interventions = BlockStore.FindAll(request.Folder).Any(store => store.Manifest.Stage == "intervene")
            ? InterventionReader.Open(request.Folder, request.Dataset) : null;
        var (plan, without) = interventions is null ? Plan(trace, request) : (null, null);
        if (plan is not null) PlanFile.Write(Path.Combine(request.Folder, PlanFile.Name), plan);
        var (result, _) = Judge(trace, interventions, request, request.Folder, origin,
            (stage, done, total, what) => progress?.Invoke(new StudyProgress(trace.Facts.Subject, stage, done, total, what)));
        return (result, plan, without);
    }

    /// <summary>What cannot be planned (no answer that parses, one class) is no error: the claims that need interventions are NotRun, with this reason
    /// beside.</summary>
    static (InterventionPlan? Plan, string? Without) Plan(TraceSet trace, StudyRequest request)
    {
        if (request.Budget is not { } budget) return (null, "left out as asked");
        try
        {
            return (InterventionPlanner.Plan(trace, budget, request.Protocol), null);
        }
        catch (VrpException error) when (error is NotRunException or StatisticsException and not (DuplicateRowException or GroupLeakException))
        {
            return (null, error.Message);
        }
    }

    static (StudyResult Result, double Seconds) Judge(TraceSet trace, InterventionSet? interventions, StudyRequest request, string folder, RunOrigin origin,
        Action<StudyStage, int, int, string?> report, Action<ClaimResult>? known = null)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var (judged, protocol) = (0, request.Protocol);
        var inputs = AnalysisInputs.Of(trace, interventions, request.Dataset, protocol);
        var kept = inputs is null ? null : RunFolder.TryRead(folder, inputs);
        var result = kept ?? Study.Analyze(trace, interventions, protocol, claim => report(StudyStage.Judge, judged++, ClaimRegistry.All.Count, claim.Id),
            keep: new StoredSimulations(folder).Get, judged: known);
        report(StudyStage.Judge, ClaimRegistry.All.Count, ClaimRegistry.All.Count, null);
        var seconds = Math.Round(clock.Elapsed.TotalSeconds, 3);
        if (kept is null) RunFolder.Write(folder, result, inputs);
        result = result with { Folder = folder };
        RunFile.Update(folder, "judge", new
        {
            Subject = trace.Facts.Subject,
            Data = trace.Facts.Data,
            Harness = typeof(StudyPipeline).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
            Runtime = RuntimeInformation.FrameworkDescription,
            System = RuntimeInformation.OSDescription,
            TraceKey = trace.Facts.Key,
            InterventionBudget = interventions?.Plan.Budget,
            Protocol = protocol,
            Kept = kept is not null,
            Seconds = seconds,
        });
        // Of what was kept too: it is what this commit has.
        origin.Write(folder);
        return (result, seconds);
    }
}

/// <summary>A study whose stages have run: the model is no longer needed.</summary>
/// <param name="Request">Subject, questions and settings.</param>
/// <param name="Trace">What the model showed.</param>
/// <param name="Interventions">What it answered when changed; null where that stage did not run.</param>
/// <param name="Traced">The trace stage.</param>
/// <param name="Intervened">The intervention stage; null where it did not run.</param>
/// <param name="WithoutInterventions">Why not.</param>
/// <param name="Origin">When the stages began, and from which commit.</param>
public sealed record PreparedStudy(StudyRequest Request, TraceSet Trace, InterventionSet? Interventions, StageResult Traced, StageResult? Intervened,
    string? WithoutInterventions, RunOrigin Origin);

/// <summary>A finished study.</summary>
/// <param name="Folder">The run's folder, which holds metrics.json, verdicts.json, samples.jsonl, attention.safetensors and run.json.</param>
/// <param name="Result">What was found.</param>
/// <param name="Trace">The trace stage.</param>
/// <param name="Interventions">The intervention stage; null where it did not run.</param>
/// <param name="WithoutInterventions">Why it did not run; null where it did.</param>
/// <param name="JudgingSeconds">Time of the analysis.</param>
public sealed record FinishedStudy(string Folder, StudyResult Result, StageResult Trace, StageResult? Interventions, string? WithoutInterventions,
    double JudgingSeconds);

/// <summary>Answers that do not parse count as wrong. Where they are many the prompt or the question file is more likely at fault than the model, and whoever
/// waits for verdicts should hear of it first.</summary>
static class UnparsedAnswers
{
    /// <summary>Share from which it is said.</summary>
    const double Many = 0.2;

    /// <summary>The warning; null where most answers parse.</summary>
    public static string? Warning(TraceSet trace)
    {
        TraceRecord[] unparsed = [.. trace.Records.Where(record => trace.Scorer.Score(record.Question, record.Answer).Status == AnswerStatus.Unparsed)];
        if (trace.Count == 0 || unparsed.Length < Many * trace.Count) return null;
        var example = unparsed[0];
        return $"{trace.Facts.Subject}: {NumberText.Count(unparsed.Length)} of {NumberText.Count(trace.Count)} answers do not parse and count as wrong, "
            + $"for example \"{TerminalText.Line(TerminalText.Line(example.Answer).Trim(), 61)}\" to \"{TerminalText.Line(example.Question.Text)}\". "
            + "Is the checkpoint tuned for questions, and its chat template the right one?";
    }
}

/// <summary>One study to make: a subject on a question set.</summary>
/// <param name="Subject">Its name in every result; null: the checkpoint's.</param>
/// <param name="Dataset">The questions.</param>
/// <param name="Folder">The run's folder: traces, interventions, and what the analysis writes.</param>
public sealed record StudyRequest(string? Subject, Dataset Dataset, string Folder)
{
    /// <summary>What the trace stage records.</summary>
    public TraceOptions Trace { get; init; } = new();

    /// <summary>How much the intervention stage does; null: it is left out, and what needs it is NotRun.</summary>
    public InterventionBudget? Budget { get; init; } = InterventionBudget.Full;

    /// <summary>How it does it.</summary>
    public InterventionOptions Interventions { get; init; } = new();

    /// <summary>The protocol of the analysis.</summary>
    public StudyOptions Protocol { get; init; } = new();
}

/// <summary>How far a study is.</summary>
/// <param name="Subject">Whose.</param>
/// <param name="Stage">Which part.</param>
/// <param name="Done">Questions or claims finished; those of earlier runs included.</param>
/// <param name="Total">Of how many.</param>
/// <param name="What">For <see cref="StudyStage.Judge"/> the claim being judged.</param>
public readonly record struct StudyProgress(string Subject, StudyStage Stage, int Done, int Total, string? What = null)
{
    /// <summary>"traced", "intervened" …: what is counted.</summary>
    public string Verb => Stage switch
    {
        StudyStage.Trace => "traced",
        StudyStage.Plan => "planned",
        StudyStage.Intervene => "intervened",
        _ => "judged",
    };
}

/// <summary>The parts of a study, in their order.</summary>
public enum StudyStage
{
    /// <summary>What the model shows.</summary>
    Trace,

    /// <summary>Choosing layers, units and masks from the trace.</summary>
    Plan,

    /// <summary>What it answers when changed.</summary>
    Intervene,

    /// <summary>Fourteen claims judged.</summary>
    Judge,
}
