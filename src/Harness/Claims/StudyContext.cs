using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Intervening;
using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Claims;

/// <summary>A trace made ready for the claims: labels, images, kinds, the one split, and what several claims share, each computed once and only when asked for.
/// "Row" is a position among the samples whose answers could be judged; <see cref="Rows"/> leads back to the trace.</summary>
sealed class StudyContext
{
    readonly Lazy<Groups> groups;
    readonly Lazy<Split> split;
    readonly Lazy<AttentionSummary> attention;
    readonly Lazy<BehaviourSignals> behaviour;
    readonly Lazy<double[]> selfConsistency;
    readonly Lazy<double?[]> expectedSelfConsistency;
    readonly Lazy<ProbeStudy> probe;
    readonly Lazy<FusionStudy> fusion;

    /// <exception cref="DuplicateSampleException">A question about a picture, or an id, that occurs twice.</exception>
    public StudyContext(TraceSet trace, InterventionSet? interventions, StudyOptions options, ISimulations? simulations = null)
    {
        Simulations = simulations ?? NoSimulationsKept.Instance;
        (Trace, Interventions, Options, Family) = (trace, interventions, options, ModelFamilies.Parse(trace.Facts.Family));
        Groups.ThrowIfDuplicated("the study's samples, by (image, question)", trace.Records.Select(record => (record.Sample.Image, record.Sample.Question.Trim())));
        Groups.ThrowIfDuplicated("the study's samples, by id", trace.Records.Select(record => record.Sample.Id));
        All = [.. trace.Records.Select(record => trace.Judge.Score(record.Sample, record.Answer))];
        Rows = [.. Enumerable.Range(0, trace.Count).Where(i => All[i].Status != AnswerStatus.Unjudged)];
        Answers = [.. Rows.Select(i => All[i])];
        Labels = [.. Answers.Select(answer => answer.Correct)];
        Numbers = [.. Labels.Select(label => label ? 1.0 : 0)];
        Kinds = [.. Rows.Select(i => trace.Records[i].Sample.Kind)];
        (Strata, LeftOut) = Stratify();
        groups = new(() => Rows.Length > 0 ? Groups.From(Rows.Select(i => trace.Records[i].Sample.Group)) : throw new NotRunException("there is no sample with a judged answer."));
        split = new(MakeSplit);
        attention = new(() => AttentionSummary.Compute(this));
        behaviour = new(() => BehaviourSignals.Compute(this));
        selfConsistency = new(() => BehaviourSignals.SelfConsistency(this));
        expectedSelfConsistency = new(() => BehaviourSignals.ExpectedSelfConsistency(this));
        probe = new(() => ProbeStudy.Run(this));
        fusion = new(() => FusionStudy.Run(this));
    }

    public TraceSet Trace { get; }

    public InterventionSet? Interventions { get; }

    public StudyOptions Options { get; }

    public ModelFamily Family { get; }

    /// <summary>Where null distributions are kept.</summary>
    public ISimulations Simulations { get; }

    /// <summary>By sample of the trace, unjudged ones included.</summary>
    public ScoredAnswer[] All { get; }

    /// <summary>Row → sample of the trace.</summary>
    public int[] Rows { get; }

    /// <summary>By row.</summary>
    public ScoredAnswer[] Answers { get; }

    /// <summary>By row: right. Unparsed is wrong.</summary>
    public bool[] Labels { get; }

    /// <summary><see cref="Labels"/> as 0 and 1.</summary>
    public double[] Numbers { get; }

    /// <summary>By row.</summary>
    public QuestionKind[] Kinds { get; }

    /// <summary>Kinds with enough rows and both classes.</summary>
    public IReadOnlyList<Stratum> Strata { get; }

    /// <summary>Why the other kinds have no figures of their own.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>The image of every row.</summary>
    public Groups Groups => groups.Value;

    /// <summary>Half of the images to fit on, half to score: one split for the whole study and for the intervention stage.</summary>
    public Split Split => split.Value;

    /// <summary>The rows that interventions are judged on: the scored half without descriptions. A description costs as much as a hundred one-token answers in each of two
    /// thousand arms, and where an arm acts at the last position it acts on a description's first token alone.</summary>
    public int[] Intervened => [.. Split.Scored.ToArray().Where(row => Kinds[row] != QuestionKind.Open)];

    public AttentionSummary Attention => attention.Value;

    public BehaviourSignals Behaviour => behaviour.Value;

    /// <summary>S_SC by row.</summary>
    public double[] SelfConsistency => selfConsistency.Value;

    /// <summary>E[S_SC] by row, where the answer is one token.</summary>
    public double?[] ExpectedSelfConsistency => expectedSelfConsistency.Value;

    public ProbeStudy Probe => probe.Value;

    /// <summary>All signals together on the same questions.</summary>
    public FusionStudy Fusion => fusion.Value;

    public TraceRecord Record(int row) => Trace.Records[Rows[row]];

    /// <summary>The rows of a kind, whether or not it is a stratum.</summary>
    public int[] RowsOf(QuestionKind kind) => [.. Enumerable.Range(0, Rows.Length).Where(row => Kinds[row] == kind)];

    public bool[] LabelsOf(int[] rows) => [.. rows.Select(row => Labels[row])];

    /// <summary>The study's split among some rows, numbered by their place in <paramref name="rows"/>, with their groups.</summary>
    public (Split Split, Groups Groups) SplitOf(int[] rows)
    {
        var inFitting = Split.Fitting.ToArray().ToHashSet();
        var selected = Groups.Select(rows);
        int[] fitting = [.. Enumerable.Range(0, rows.Length).Where(i => inFitting.Contains(rows[i]))], scored = [.. Enumerable.Range(0, rows.Length).Where(i => !inFitting.Contains(rows[i]))];
        return (Split.Of(fitting, scored, LabelsOf(rows), selected), selected);
    }

    /// <summary>All rows that belong to a stratum, and the stratum of each.</summary>
    public (int[] Rows, int[] StratumOf) Stratified()
    {
        if (Strata.Count == 0) throw new NotRunException($"no question kind has figures of its own: {string.Join("; ", LeftOut.DefaultIfEmpty("there are no rows"))}.");
        var rows = Strata.SelectMany((stratum, s) => stratum.Rows.Select(row => (row, s))).OrderBy(pair => pair.row).ToArray();
        return ([.. rows.Select(pair => pair.row)], [.. rows.Select(pair => pair.s)]);
    }

    public ClusteredBootstrap Bootstrap(Groups of) => new(of, Options.Draws, Options.Seed);

    (IReadOnlyList<Stratum>, IReadOnlyList<string>) Stratify()
    {
        var (kept, left) = (new List<Stratum>(), new List<string>());
        foreach (var kind in Enum.GetValues<QuestionKind>())
        {
            var rows = RowsOf(kind);
            var right = rows.Count(row => Labels[row]);
            if (rows.Length == 0) continue;
            if (rows.Length < Options.MinimumCell) left.Add($"{kind.Name()}: {rows.Length} rows, fewer than {Options.MinimumCell}");
            else if (right == 0 || right == rows.Length) left.Add($"{kind.Name()}: all {rows.Length} answers are {(right == 0 ? $"wrong ({rows.Count(row => Answers[row].Status == AnswerStatus.Unparsed)} of them do not parse)" : "right")}");
            else kept.Add(new Stratum(kind, rows));
        }

        return (kept, left);
    }

    /// <summary>A data set's own split (every row "fit" or "score") where it has one, else half of the images, the same for every model.</summary>
    Split MakeSplit()
    {
        var own = Rows.Select(i => Trace.Records[i].Sample.Split).ToArray();
        if (own.Length == 0 || own.Any(name => name is not ("fit" or "score")))
            return Split.HalfOfImages([.. Rows.Select(i => Trace.Records[i].Sample.Group)], [.. Kinds.Select(kind => kind.Name())], Labels, Groups, Options.Seed);
        int[] Of(string name) => [.. Enumerable.Range(0, own.Length).Where(row => own[row] == name)];
        return Split.Of(Of("fit"), Of("score"), Labels, Groups);
    }
}
