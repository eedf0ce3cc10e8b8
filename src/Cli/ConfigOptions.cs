using System.CommandLine;
using Vrp.Harness.Configuration;
using Vrp.Harness.Running;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Studies;

namespace Vrp.Cli;

/// <summary>The options of the commands that run what vrp.json says. A variable VRP_* sets the same; an option wins.</summary>
sealed class ConfigOptions
{
    readonly Option<string?> config = new("--config") { Description = "The configuration. Default: VRP_CONFIG, else the nearest vrp.json." };
    readonly Option<string[]> subjects = new("--subject") { Description = "Only this subject; may be repeated. It is required then." };
    readonly Option<int?> limit = new("--limit") { Description = "Only the first N images, with all of their questions." };
    readonly Option<string?> budget = new("--budget") { Description = "full, quick or none." };
    readonly Option<string?> device = new("--device") { Description = "cpu or cuda[:N], for all subjects." };
    readonly Option<string?> dtype = new("--dtype") { Description = "float32, bfloat16 or float16, for all subjects." };
    readonly Option<string?> images = new("--images") { Description = "Folder of the images, for all question sets." };
    readonly Option<int?> threads = new("--threads") { Description = "CPU threads. Default: all cores." };

    readonly Option<bool> fetch = FetchOption.New();

    public IReadOnlyList<Symbol> All => [config, subjects, limit, budget, device, dtype, images, threads, fetch];

    public VrpConfig Read(ParseResult r) => Overrides(r).ApplyTo(File(r));

    /// <summary>The same; where no configuration is named and none is found, an empty one.</summary>
    public VrpConfig ReadIfAny(ParseResult r) =>
        r.GetValue(config) is null && VrpConfig.TryFind(Directory.GetCurrentDirectory()) is null ? VrpConfig.Empty : Read(r);

    /// <summary>Whether options or variables ask less than the file does: fewer images, or fewer interventions.</summary>
    public bool IsPreview(ParseResult r)
    {
        var (file, set) = (File(r), Overrides(r));
        static int Rank(string budget) => budget switch { "full" => 2, "quick" => 1, _ => 0 };
        return (set.Limit is { } limit && file.Data.Values.Any(data => data.Limit is null || data.Limit > limit))
            || (set.Budget is { } budget && Rank(budget) < Rank(file.Budget));
    }

    VrpConfig File(ParseResult r) => VrpConfig.Load(r.GetValue(config) ?? VrpConfig.Find(Directory.GetCurrentDirectory()));

    /// <summary>What options and variables set beside the file.</summary>
    public ConfigOverrides Overrides(ParseResult r)
    {
        var fromEnvironment = ConfigOverrides.FromEnvironment();
        return fromEnvironment with
        {
            Subjects = r.GetValue(subjects) is { Length: > 0 } named ? named : fromEnvironment.Subjects,
            Limit = r.GetValue(limit) ?? fromEnvironment.Limit,
            Budget = r.GetValue(budget) ?? fromEnvironment.Budget,
            Device = r.GetValue(device) ?? fromEnvironment.Device,
            Dtype = r.GetValue(dtype) ?? fromEnvironment.Dtype,
            Images = r.GetValue(images) ?? fromEnvironment.Images,
        };
    }

    /// <summary>A session over that configuration, with progress as lines.</summary>
    public JudgingSession Session(ParseResult r, VrpConfig read, StageLines lines) => new(read, Loader(r, read), lines.Report, lines.Say);

    /// <summary>CPU threads in all.</summary>
    public int Threads(ParseResult r) => Harness.Running.Threads.Count(r.GetValue(threads));

    /// <summary>Says what a subject's study would need, without its weights.</summary>
    public Func<SubjectConfig, StudyRequest, StudyCost> Planner(ParseResult r, VrpConfig read)
    {
        var (error, asked) = (r.InvocationConfiguration.Error, r.GetValue(fetch));
        return (subject, request) => new ConfiguredStage(read, subject, request).Plan(asked, error);
    }

    /// <summary>Loads a subject's model.</summary>
    public Func<SubjectConfig, Subject> Loader(ParseResult r, VrpConfig read)
    {
        // Counted now: an impossible number is a typing error, not a subject that did not run.
        var (count, error) = (Threads(r), r.InvocationConfiguration.Error);
        var asked = FetchOption.IsAsked(r.GetValue(fetch), read);
        return subject =>
        {
            var checkpoint = ConfiguredStudy.Checkpoint(read, subject.Checkpoint);
            FetchOption.Bring(checkpoint, asked, error);
            return Subject.Load(checkpoint, subject.Device, subject.Dtype, count, text => error.Say(text));
        };
    }
}
