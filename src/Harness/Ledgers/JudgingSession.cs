using Vrp.Harness.Claims;
using Vrp.Harness.Configuration;
using Vrp.Harness.Datasets;
using Vrp.Harness.Running;
using Vrp.Harness.Studies;
using Vrp.Models;

namespace Vrp.Harness.Ledgers;

/// <summary>The studies of a configuration, each made once however many specs ask for it, from the store when nothing changed.</summary>
/// <param name="config">Which subjects, which questions, what is expected.</param>
/// <param name="load">Loads a subject's model.</param>
/// <param name="progress">Called with each study's progress.</param>
/// <param name="say">Receives messages for the user.</param>
public sealed class JudgingSession(VrpConfig config, Func<SubjectConfig, Subject> load, Action<StudyProgress>? progress = null, Action<string>? say = null)
{
    // By the whole subject: two checkpoints of one name are two subjects.
    readonly Dictionary<SubjectConfig, JudgedSubject> judged = [];
    readonly Dictionary<string, Dataset> datasets = [];
    readonly Lock one = new();
    Comparison? comparison;

    /// <summary>The configuration.</summary>
    public VrpConfig Config => config;

    /// <summary>The expected verdicts.</summary>
    public Ledger Ledger { get; } = Ledger.Load(config.At(config.Ledger));

    /// <summary>A subject's study. An error becomes the subject's failure, and the other subjects are still judged.</summary>
    public JudgedSubject Judge(SubjectConfig subject) => Judge([subject])[0];

    /// <summary>All subjects, in the configuration's order.</summary>
    public IReadOnlyList<JudgedSubject> JudgeAll() => Judge(config.Subjects);

    /// <summary>Opens the question sets of all required subjects: a file or image that is not there is a matter of typing or fetching, said once and before a
    /// model is loaded.</summary>
    /// <exception cref="VrpException">Something is missing; all files are named.</exception>
    public void RequireData()
    {
        ConfiguredStudy.RequireCheckpoints(config);
        string[] sets = [.. config.Subjects.Where(subject => subject.Required).Select(config.DataOf).Distinct()];
        ConfiguredStudy.RequireFiles(config, sets);
        lock (one)
            foreach (var set in sets) Open(set);
    }

    IReadOnlyList<JudgedSubject> Judge(IReadOnlyList<SubjectConfig> subjects)
    {
        // Under one lock: studies share the machine's cores, and OpenBLAS's number of threads is the process's.
        lock (one)
        {
            // A subject is judged while the next one's stages run, or are read from the store: those have stretches for one core.
            Task<JudgedSubject>? judging = null;
            void Collect()
            {
                if (judging?.GetAwaiter().GetResult() is { } result) judged[result.Subject] = result;
            }

            foreach (var subject in subjects.Where(subject => !judged.ContainsKey(subject)).Distinct())
            {
                var (prepared, dataset, failure) = Prepare(subject);
                Collect();
                judging = Task.Run(() => Finish(subject, prepared, dataset, failure));
            }

            Collect();
            return [.. subjects.Select(subject => judged[subject])];
        }
    }

    (PreparedStudy? Prepared, Dataset? Dataset, string? Failure) Prepare(SubjectConfig subject)
    {
        Dataset? dataset = null;
        try
        {
            dataset = Open(config.DataOf(subject));
            using var model = load(subject);
            return (StudyPipeline.Prepare(ConfiguredStudy.Request(config, subject, dataset), model, progress, say), dataset, null);
        }
        catch (Exception error) when (CanBeLeftOut(error))
        {
            return (null, dataset, error.Message);
        }
    }

    JudgedSubject Finish(SubjectConfig subject, PreparedStudy? prepared, Dataset? dataset, string? failure)
    {
        try
        {
            if (prepared is not null)
            {
                var finished = StudyPipeline.Judge(prepared, progress, result => Announce(subject, result));
                return new JudgedSubject(subject, finished.Result, finished, dataset, null);
            }
        }
        catch (Exception error) when (CanBeLeftOut(error))
        {
            failure = error.Message;
        }

        // Of a required one the result says why; said twice, it would look like two failures.
        say?.Invoke(subject.Required ? $"{subject.Name}: not run; the result says why." : $"{subject.Name}: left out: {failure}");
        return new JudgedSubject(subject, null, null, dataset, failure);
    }

    /// <summary>A verdict as soon as it is known: a cold run of minutes shows its first long before its table.</summary>
    void Announce(SubjectConfig subject, ClaimResult result)
    {
        if (ClaimRegistry.Get(result.Claim).IsOverSubjects) return;
        var against = Ledger.Find(result.Claim, subject.Name) is not { } entry ? ""
            : entry.Expected == result.Verdict ? ", as expected" : $"; {entry.Expected} was expected";
        say?.Invoke($"{subject.Name}: {result.Claim}: {result.Verdict}{against}");
    }

    static bool CanBeLeftOut(Exception error) => error is VrpException or IOException or UnauthorizedAccessException;

    /// <summary>Takes finished runs for the subjects' studies, as other machines have made them: nothing is run, and a subject that has none did not
    /// run.</summary>
    /// <param name="folders">Run folders, at most one per subject.</param>
    /// <exception cref="VrpException">A folder of no subject of the configuration, two of one, or another question set's.</exception>
    public void UseStored(IReadOnlyList<string> folders)
    {
        lock (one)
        {
            foreach (var study in folders.Select(RunFolder.Read))
            {
                var subject = config.Subjects.FirstOrDefault(subject => subject.Name == study.Subject)
                    ?? throw new VrpException($"{study.Folder} is a run of \"{study.Subject}\"; {config.Source} has "
                        + $"{string.Join(", ", config.Subjects.Select(subject => subject.Name))}.");
                if (study.Data != config.DataOf(subject)) throw new VrpException($"{study.Folder} is a run on \"{study.Data}\"; {config.Source} asks "
                    + $"\"{config.DataOf(subject)}\" of {subject.Name}.");
                if (!judged.TryAdd(subject, new JudgedSubject(subject, study, null, ForImages(subject), null)))
                    throw new VrpException($"{judged[subject].Study!.Folder} and {study.Folder} are both runs of {subject.Name}. Give each subject once.");
            }

            foreach (var subject in config.Subjects.Where(subject => !judged.ContainsKey(subject)))
                judged[subject] = new JudgedSubject(subject, null, null, null, "no run of it was given");
        }
    }

    /// <summary>What only several subjects together can show; null with fewer than two studies.</summary>
    public Comparison? Compare()
    {
        StudyResult[] studies = [.. JudgeAll().Select(subject => subject.Study).OfType<StudyResult>()];
        return comparison ??= studies.Length < 2 ? null : Comparison.Of(studies, config.Protocol);
    }

    /// <summary>Every verdict against the ledger.</summary>
    public IReadOnlyList<LedgerCheck> Check() =>
    [
        .. JudgeAll().Where(subject => subject.Study is not null).SelectMany(subject => Ledger.Check(subject.Study!)),
        .. Compare() is { } all ? [Ledger.Check(all.Split)] : (IReadOnlyList<LedgerCheck>)[],
    ];

    /// <summary>The questions, for the report's images alone: a machine that only judges may lack them.</summary>
    Dataset? ForImages(SubjectConfig subject)
    {
        try
        {
            return Open(config.DataOf(subject));
        }
        catch (Exception error) when (CanBeLeftOut(error))
        {
            say?.Invoke($"{subject.Name}: the report has no images: {error.Message}");
            return null;
        }
    }

    internal Dataset Open(string name)
    {
        if (datasets.TryGetValue(name, out var open)) return open;
        var dataset = datasets[name] = ConfiguredStudy.Open(config, name);
        if (dataset.Images?.Warning is { } warning) say?.Invoke($"{name}: {warning}");
        return dataset;
    }
}

/// <summary>A subject of the configuration after its study.</summary>
/// <param name="Subject">As vrp.json names it.</param>
/// <param name="Study">What was found; null where it failed.</param>
/// <param name="Finished">Stages, costs; null where it failed.</param>
/// <param name="Dataset">Its questions; null where they could not be opened.</param>
/// <param name="Failure">Why there is nothing; null where there is.</param>
public sealed record JudgedSubject(SubjectConfig Subject, StudyResult? Study, FinishedStudy? Finished, Dataset? Dataset, string? Failure)
{
    /// <summary>A question's image, by its name; null where the data set does not hold it.</summary>
    public string? ImagePath(string image) =>
        (imagePaths ??= Dataset?.Questions.GroupBy(question => question.Image).ToDictionary(same => same.Key, same => same.First().ImagePath) ?? [])
        .GetValueOrDefault(image);

    Dictionary<string, string>? imagePaths;
}
