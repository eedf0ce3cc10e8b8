using Vrp.Harness.Datasets;
using Vrp.Harness.Intervening;
using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Hooks;

namespace Vrp.Harness.Claims;

/// <summary>Decides from a trace what the intervention stage is to do: which layers, which units, which draws, on which questions. Everything is chosen on the
/// fitting half of the study's split and applied to the scored half, descriptions left out.</summary>
public static class InterventionPlanner
{
    /// <summary>Makes the plan. The same trace, budget and options give the same plan.</summary>
    /// <exception cref="NotRunException">No judged questions. One class in a half: <see cref="OneClassException"/>; NaN in an MLP output:
    /// <see cref="NotFiniteException"/>.</exception>
    public static InterventionPlan Plan(TraceSet trace, InterventionBudget budget, StudyOptions? options = null)
    {
        var study = new StudyContext(trace, null, options ?? new StudyOptions());
        var scored = study.Intervened;
        if (scored.Count == 0) throw new NotRunException("all scored questions ask for descriptions, and interventions are judged on short answers.",
            "a data set with yes/no, counting, spatial or identification questions");
        var arms = new List<InterventionArm>
        {
            new() { Part = InterventionPart.Masking, Patches = MaskedPatches.Full },
            new() { Part = InterventionPart.Masking, Patches = MaskedPatches.High },
            new() { Part = InterventionPart.Masking, Patches = MaskedPatches.Low },
        };
        arms.AddRange(Enumerable.Range(0, budget.MaskDraws)
            .Select(draw => new InterventionArm { Part = InterventionPart.Masking, Patches = MaskedPatches.Random, Draw = draw }));
        foreach (var ranking in Rankings(study)) arms.AddRange(Ablations(study, budget, ranking));
        return new InterventionPlan
        {
            Budget = budget.Name,
            TraceKey = trace.Facts.Key,
            QuestionIds = [.. Limit(scored, budget.Questions).Select(row => row.Id)],
            ReferenceIds = [.. study.Rows.Fitting.Select(row => row.Id)],
            Seed = study.Options.Seed,
            Arms = arms,
        };
    }

    /// <summary>The units of a layer, the ones that the probe leans on most first, and their size on the fitting half.</summary>
    internal sealed record Ranking(int Layer, int[] Units, double[] Rms);

    /// <summary>At the study's depth and at the probe's best layer on MLP outputs (once where they are the same).</summary>
    internal static IReadOnlyList<Ranking> Rankings(StudyContext study)
    {
        var rows = ProbeRows(study);
        var options = L2Options.Default with { Seed = study.Options.Seed };
        LinearProbe Fit(int[] layers) =>
            L2Probe.Run(new ProbeData(new TraceStates(study.Trace, rows, layers, mlpOut: true), rows.Labels, rows.Images), rows.Split, options).Linear;
        var paper = study.Family.Map(study.Family.StudyAblationLayer(), study.Trace.Facts.Layers);
        var best = Fit([.. Enumerable.Range(0, study.Trace.Facts.Layers)]);
        var rankings = new List<Ranking> { Rank(study, rows, paper, paper == best.Layer ? best : Fit([paper])) };
        if (best.Layer != paper) rankings.Add(Rank(study, rows, best.Layer, best));
        return rankings;
    }

    /// <summary>POPE's questions, as the study's probe; all where there are too few of them or a part has one class.</summary>
    static RowSet ProbeRows(StudyContext study)
    {
        var pope = study.Strata.FirstOrDefault(stratum => stratum.Kind == QuestionKind.YesNo)?.Rows;
        if (pope is null) return study.Rows;
        try
        {
            return pope.Split is not null ? pope : study.Rows;
        }
        catch (OneClassException)
        {
            return study.Rows;
        }
    }

    static Ranking Rank(StudyContext study, RowSet rows, int layer, LinearProbe probe)
    {
        var (units, values) = (study.Trace.Facts.Hidden, study.Trace.MlpOut(layer));
        var rms = new double[units];
        foreach (var row in rows.Fitting)
            for (var u = 0; u < units; u++) rms[u] += Math.Pow(values[row.Place * units + u], 2);
        return new Ranking(layer, probe.RankedUnits(), [.. rms.Select(sum => Math.Sqrt(sum / rows.Split.Fitting.Length))]);
    }

    static IEnumerable<InterventionArm> Ablations(StudyContext study, InterventionBudget budget, Ranking ranking)
    {
        var units = study.Trace.Facts.Hidden;
        int Share(double share) => (int)Math.Max(1, Math.Round(units * share, MidpointRounding.AwayFromZero));
        foreach (var k in budget.Counts.Concat(budget.Shares.Select(Share)).Where(k => k < units).Distinct().Order())
        {
            foreach (var mode in budget.Modes)
                foreach (var arm in Sets(study, ranking, k, budget.LastDraws, matched: true)) yield return arm with { Mode = mode,
                    Positions = Positions.Last };
            if (budget.AllDraws == 0 || (k != 5 && k != Share(0.5))) continue;
            foreach (var arm in Sets(study, ranking, k, budget.AllDraws,
                matched: false).Where(arm => arm.Selection is UnitSelection.Top or UnitSelection.Random))
                yield return arm with { Mode = AblationMode.Zero, Positions = Positions.All };
        }
    }

    /// <summary>Top, bottom, random and matched sets of k units. A draw has its own stream, so its units are the same in all modes and positions.</summary>
    static IEnumerable<InterventionArm> Sets(StudyContext study, Ranking ranking, int k, int draws, bool matched)
    {
        InterventionArm Arm(UnitSelection selection, int[] units, int draw = 0) =>
            new() { Part = InterventionPart.Ablation, Layer = ranking.Layer, Selection = selection, Units = units, Draw = draw };
        var top = ranking.Units[..k];
        yield return Arm(UnitSelection.Top, [.. top.Order()]);
        yield return Arm(UnitSelection.Bottom, [.. ranking.Units[^k..].Order()]);
        for (var draw = 0; draw < draws; draw++)
        {
            var random = Xoshiro256.Stream(study.Options.Seed, ((long)ranking.Layer * 100_000 + k) * 1000 + draw);
            yield return Arm(UnitSelection.Random, UnitDraws.Random(ranking.Units.Length, k, ref random), draw);
            if (matched) yield return Arm(UnitSelection.Matched, UnitDraws.Matched(ranking.Rms, top, ref random), draw);
        }
    }

    /// <summary>Whole images, in the data set's order, until the number is reached.</summary>
    static IEnumerable<StudyRow> Limit(IReadOnlyList<StudyRow> rows, int? most)
    {
        if (most is not { } limit) return rows;
        var (kept, images) = (0, new HashSet<string>());
        foreach (var image in rows.GroupBy(row => row.Image))
        {
            if (kept >= limit) break;
            images.Add(image.Key);
            kept += image.Count();
        }

        return rows.Where(row => images.Contains(row.Image));
    }
}

/// <summary>A named amount of work for the intervention stage. Printed, and recorded in the plan.</summary>
/// <param name="Name">full or quick.</param>
/// <param name="Questions">Most questions, whole images in the data set's order; null = all of the scored half.</param>
/// <param name="Modes">Ablation modes at the last position.</param>
/// <param name="Counts">Numbers of units at the last position.</param>
/// <param name="Shares">Shares of the layer's units at the last position, besides the counts.</param>
/// <param name="LastDraws">Random draws at the last position.</param>
/// <param name="AllDraws">Random draws at all positions; 0 = no ablation there.</param>
/// <param name="MaskDraws">Random masks.</param>
public sealed record InterventionBudget(string Name, int? Questions, IReadOnlyList<AblationMode> Modes, IReadOnlyList<int> Counts, IReadOnlyList<double> Shares,
    int LastDraws, int AllDraws, int MaskDraws)
{
    /// <summary>What verdicts need: the whole grid at the last position with 20 draws, zero ablation of 5 units and of half of the layer at all positions with
    /// 5, 5 random masks.</summary>
    public static InterventionBudget Full { get; } = new("full", null, [AblationMode.Zero, AblationMode.Mean, AblationMode.Resample], [1, 5, 10, 50],
        [0.05, 0.25, 0.5], 20, 5, 5);

    /// <summary>A run of minutes, for a first look: too small for a verdict, and none is given.</summary>
    public static InterventionBudget Quick { get; } = new("quick", 120, [AblationMode.Zero], [5], [0.5], 3, 1, 1);

    /// <summary>By its name.</summary>
    /// <exception cref="VrpException">The name is neither full nor quick.</exception>
    public static InterventionBudget Parse(string name) => name switch
    {
        "full" => Full,
        "quick" => Quick,
        _ => throw new VrpException($"--budget {name}: expected full (what verdicts need) or quick (a preview, no verdicts)."),
    };
}

/// <summary>Random sets of units, the controls of the ranked ones.</summary>
static class UnitDraws
{
    /// <summary>k of all units.</summary>
    public static int[] Random(int units, int k, ref Xoshiro256 random)
    {
        var all = Enumerable.Range(0, units).ToArray();
        random.Shuffle<int>(all);
        return [.. all[..k].Order()];
    }

    /// <summary>k units outside the top k with about its activation norm: each top unit, in random order, is replaced by one of the nearest in root mean square
    /// that is neither top nor taken. With k beyond half of the layer there are not enough others: the rest are taken from the top.</summary>
    /// <param name="rms">Root mean square of every unit's activation on the reference images.</param>
    /// <param name="top">The ranked units to match.</param>
    /// <param name="random">Generator.</param>
    public static int[] Matched(double[] rms, IReadOnlyList<int> top, ref Xoshiro256 random)
    {
        const int nearest = 5;
        var order = top.ToArray();
        random.Shuffle<int>(order);
        var excluded = top.ToHashSet();
        var free = Enumerable.Range(0, rms.Length).Where(unit => !excluded.Contains(unit)).ToList();
        var drawn = new List<int>();
        foreach (var unit in order)
        {
            if (free.Count == 0) break;
            double Distance(int other) => Math.Abs(Math.Log(rms[other] + 1e-30) - Math.Log(rms[unit] + 1e-30));
            var near = free.OrderBy(Distance).ThenBy(other => other).Take(nearest).ToArray();
            var chosen = near[random.NextInt(near.Length)];
            free.Remove(chosen);
            drawn.Add(chosen);
        }

        drawn.AddRange(order.Take(top.Count - drawn.Count));
        return [.. drawn.Order()];
    }
}
