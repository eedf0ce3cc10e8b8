using Vrp.Harness.Datasets;
using Vrp.Harness.Intervening;
using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Claims;

/// <summary>The rows of one question kind that is large enough for figures of its own: at least the minimum cell, both classes.</summary>
sealed record Stratum(QuestionKind Kind, RowSet Rows)
{
    /// <summary>As files write it.</summary>
    public string Name => Kind.Name();
}

/// <summary>A trace made ready for the claims: rows, the one split, and what several claims share, each computed once, on first use.</summary>
sealed class StudyContext
{
    readonly Lazy<HashSet<StudyRow>> fitting;
    readonly Lazy<AttentionSummary> attention;
    readonly Lazy<BehaviourSignals> behaviour;
    readonly Lazy<Signal> selfConsistency;
    readonly Lazy<Signal> expectedSelfConsistency;
    readonly Lazy<ProbeStudy> probe;
    readonly Lazy<FusionStudy> fusion;

    /// <exception cref="DuplicateRowException">A question about an image, or an id, that occurs twice.</exception>
    public StudyContext(TraceSet trace, InterventionSet? interventions, StudyOptions options, KeepSimulation? keep = null)
    {
        (Trace, Interventions, Options, Family, Simulate) = (trace, interventions, options, StudyFamilies.Parse(trace.Facts.Family),
            keep ?? ((_, _, compute) => compute()));
        Groups.ThrowIfDuplicated("the study's questions, by (image, question)",
            trace.Records.Select(record => (record.Question.Image, record.Question.Text.Trim())));
        Groups.ThrowIfDuplicated("the study's questions, by id", trace.Records.Select(record => record.Question.Id));
        All = [.. trace.Records.Select((record, place) => new StudyRow(record, trace.Scorer.Score(record.Question, record.Answer), place))];
        Rows = new RowSet(All.Where(row => row.IsJudged), SplitOf);
        (Strata, LeftOut) = Stratify();
        fitting = new(() => [.. Rows.Fitting]);
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

    /// <summary>Computes null distributions, or finds those computed before.</summary>
    public KeepSimulation Simulate { get; }

    /// <summary>A row per record of the trace, in its order.</summary>
    public IReadOnlyList<StudyRow> All { get; }

    /// <summary>Those whose answers could be judged.</summary>
    public RowSet Rows { get; }

    /// <summary>Kinds with enough rows and both classes.</summary>
    public IReadOnlyList<Stratum> Strata { get; }

    /// <summary>Why the other kinds have no figures of their own.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>The rows that interventions are judged on: the scored half without descriptions. A description costs as much as a hundred one-token answers in
    /// each of two thousand arms, and where an arm acts at the last position it acts on a description's first token alone.</summary>
    public IReadOnlyList<StudyRow> Intervened => [.. Rows.Scored.Where(row => row.Kind != QuestionKind.Open)];

    public AttentionSummary Attention => attention.Value;

    public BehaviourSignals Behaviour => behaviour.Value;

    /// <summary>S_SC.</summary>
    public Signal SelfConsistency => selfConsistency.Value;

    /// <summary>E[S_SC] of the answers of one token.</summary>
    public Signal ExpectedSelfConsistency => expectedSelfConsistency.Value;

    public ProbeStudy Probe => probe.Value;

    /// <summary>All signals together on the same questions.</summary>
    public FusionStudy Fusion => fusion.Value;

    /// <summary>The rows of a kind, whether or not it is a stratum.</summary>
    public RowSet RowsOf(QuestionKind kind) => Rows.Where(row => row.Kind == kind);

    /// <summary>Whether the study's split has a row's image on the side that everything is chosen and fitted on.</summary>
    public bool IsFitting(StudyRow row) => fitting.Value.Contains(row);

    /// <summary>All rows that belong to a stratum, and the stratum of each.</summary>
    public (RowSet Rows, int[] StratumOf) Stratified()
    {
        if (Strata.Count == 0) throw new NotRunException("no question kind has figures of its own: "
            + $"{string.Join("; ", LeftOut.DefaultIfEmpty("there are no rows"))}.");
        var stratumOf = Strata.Index().ToDictionary(stratum => stratum.Item.Kind, stratum => stratum.Index);
        var rows = Rows.Where(row => stratumOf.ContainsKey(row.Kind));
        return (rows, [.. rows.Select(row => stratumOf[row.Kind])]);
    }

    public ClusteredBootstrap Bootstrap(Groups of) => new(of, Options.Draws, Options.Seed);

    (IReadOnlyList<Stratum>, IReadOnlyList<string>) Stratify()
    {
        var (kept, left) = (new List<Stratum>(), new List<string>());
        foreach (var kind in Enum.GetValues<QuestionKind>())
        {
            var rows = RowsOf(kind);
            var right = rows.Count(row => row.IsCorrect);
            if (rows.Count == 0) continue;
            if (rows.Count < Options.MinimumCell) left.Add($"{kind.Name()}: {rows.Count} rows, fewer than {Options.MinimumCell}");
            else if (right == 0) left.Add($"{kind.Name()}: all {rows.Count} answers are wrong ({rows.Count(row => row.IsUnparsed)} of them do not parse)");
            else if (right == rows.Count) left.Add($"{kind.Name()}: all {rows.Count} answers are right");
            else kept.Add(new Stratum(kind, rows));
        }

        return (kept, left);
    }

    /// <summary>The one split of the whole study and of the intervention stage, among some rows.</summary>
    Split SplitOf(RowSet rows)
    {
        if (ReferenceEquals(rows, Rows)) return MakeSplit();
        var sides = Enumerable.Range(0, rows.Count).ToLookup(i => IsFitting(rows[i]));
        return Split.Of([.. sides[true]], [.. sides[false]], rows.Labels, rows.Images);
    }

    /// <summary>A data set's own split (every row "fit" or "score") where it has one, else half of the images, the same for every model.</summary>
    Split MakeSplit()
    {
        if (Rows.Count == 0 || Rows.Any(row => row.Record.Question.Split is not ("fit" or "score")))
            return Split.HalfOfImages([.. Rows.Select(row => row.Image)], [.. Rows.Select(row => row.Kind.Name())], Rows.Labels, Rows.Images, Options.Seed);
        int[] Of(string name) => [.. Enumerable.Range(0, Rows.Count).Where(i => Rows[i].Record.Question.Split == name)];
        return Split.Of(Of("fit"), Of("score"), Rows.Labels, Rows.Images);
    }
}
