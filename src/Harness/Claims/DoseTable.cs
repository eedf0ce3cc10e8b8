using Vrp.Harness.Datasets;
using Vrp.Harness.Intervening;
using Vrp.Harness.Statistics;
using Vrp.Models.Hooks;

namespace Vrp.Harness.Claims;

/// <summary>The ablation arms by layer, mode, positions, selection and number of units: the dose curves.</summary>
sealed class DoseTable
{
    readonly ArmTable table;
    readonly StudyContext study;

    /// <exception cref="NotRunException">No ablation arms.</exception>
    /// <exception cref="GroupLeakException">An ablated image is one that the units were chosen on.</exception>
    public DoseTable(StudyContext study)
    {
        table = ArmTable.Of(study);
        this.study = study;
        Cells = [.. table.Where(arm => arm.Part == InterventionPart.Ablation)
            .GroupBy(arm => Key(table.Arms[arm])).Select(cell => new Cell(cell.Key, [.. cell]))
            .OrderBy(cell => cell.Key.Layer).ThenBy(cell => cell.Key.Mode).ThenByDescending(cell => cell.Key.Positions).ThenBy(cell => cell.Key.Selection)
            .ThenBy(cell => cell.Key.K)];
        if (Cells.Count == 0) throw new NotRunException("the intervention stage has no ablation arms.", "`--budget full`");
        table.ThrowIfChosenOn(study);
        StudyLayer = study.Family.Map(study.Family.StudyAblationLayer(), study.Trace.Facts.Layers);
    }

    /// <summary>The layer at the study's depth.</summary>
    public int StudyLayer { get; }

    public ArmTable Arms => table;

    public IReadOnlyList<Cell> Cells { get; }

    /// <summary>Layers that were ablated.</summary>
    public int[] Layers => [.. Cells.Select(cell => cell.Key.Layer).Distinct()];

    /// <summary>The number of units that makes half of the layer.</summary>
    public int Half => (int)Math.Round(study.Trace.Facts.Hidden * 0.5, MidpointRounding.AwayFromZero);

    /// <summary>Doses up to 5 % of the layer, units.</summary>
    public int[] SmallDoses =>
        [.. Cells.Select(cell => cell.Key.K).Distinct().Where(k => k <= Math.Max(5, Math.Round(study.Trace.Facts.Hidden * 0.05))).Order()];

    public Cell? Find(int layer, AblationMode mode, Positions positions, UnitSelection selection, int k) =>
        Cells.FirstOrDefault(cell => cell.Key == new DoseKey(layer, mode, positions, selection, k));

    /// <summary>Accuracy with the ablation minus without, by question; mean over draws.</summary>
    public double[] Change(Cell cell) => ArmTable.Difference(table.Mean(cell.Arms), table.Baseline);

    /// <summary>Top minus random units of the same number, by question.</summary>
    public double[] Excess(Cell top, Cell random) => ArmTable.Difference(table.Mean(top.Arms), table.Mean(random.Arms));

    /// <summary>By question: top minus random, mean over the small doses that both were run at; null where there are none.</summary>
    public double[]? MeanExcess(int layer, Positions positions)
    {
        var pairs = SmallDoses.Select(k => (Top: Find(layer, AblationMode.Zero, positions, UnitSelection.Top, k),
            Random: Find(layer, AblationMode.Zero, positions, UnitSelection.Random, k)))
            .Where(pair => pair.Top is not null && pair.Random is not null).ToArray();
        if (pairs.Length == 0) return null;
        var mean = new double[table.Questions.Count];
        foreach (var (top, random) in pairs)
        {
            var excess = Excess(top!, random!);
            for (var i = 0; i < mean.Length; i++) mean[i] += excess[i] / pairs.Length;
        }

        return [.. mean.Select(value => Math.Round(value, 12))];
    }

    /// <summary>The point that is measured as in the study (zero ablation at all positions); it decides verdicts.</summary>
    /// <exception cref="NotRunException">It was not run.</exception>
    public Cell Need(int layer, UnitSelection selection, int k) => Find(layer, AblationMode.Zero, Positions.All, selection, k)
        ?? throw new NotRunException($"zero ablation of the {selection.ToString().ToLowerInvariant()} {k} units of layer {layer} at all positions was not run.",
            "`--budget full`");

    /// <summary>The same for random units.</summary>
    /// <exception cref="NotRunException">It was not run, or with too few draws.</exception>
    public Cell NeedDraws(int layer, int k)
    {
        var cell = Need(layer, UnitSelection.Random, k);
        return cell.Arms.Length >= study.Options.OtherDraws ? cell
            : throw new NotRunException($"{cell.Arms.Length} draws of {cell.Key.Name}, a verdict needs {study.Options.OtherDraws}.", "`--budget full`");
    }

    /// <exception cref="NotRunException">Fewer questions or draws than a verdict needs.</exception>
    public void ThrowIfTooSmall()
    {
        table.ThrowIfTooFew(study.Options, study.Intervened.Count);
        foreach (var cell in Cells)
        {
            if (cell.Key.Selection is not (UnitSelection.Random or UnitSelection.Matched)) continue;
            var needed = cell.Key.Positions == Positions.Last ? study.Options.LastPositionDraws : study.Options.OtherDraws;
            if (cell.Arms.Length < needed) throw new NotRunException($"{cell.Arms.Length} draws of {cell.Key.Name} at layer {cell.Key.Layer}, a verdict needs "
                + $"{needed}.", "`--budget full`");
        }
    }

    /// <summary>The mean of paired differences over some of the questions.</summary>
    public Estimate Interval(double[] differences, int[] questions) =>
        PairedDifference.Interval([.. questions.Select(i => differences[i])], [.. questions.Select(i => table.Baseline[i])], table.Groups.Select(questions),
            study.Options.Level);

    static DoseKey Key(InterventionArm arm) => new(arm.Layer, arm.Mode, arm.Positions, arm.Selection, arm.Count);

    /// <summary>One point of a dose curve and its arms (one, or one per draw).</summary>
    public sealed record Cell(DoseKey Key, int[] Arms);
}

/// <summary>What a point of a dose curve is.</summary>
/// <param name="Layer">From 0.</param>
/// <param name="Mode">What takes the values' place.</param>
/// <param name="Positions">Where.</param>
/// <param name="Selection">Which units.</param>
/// <param name="K">How many.</param>
sealed record DoseKey(int Layer, AblationMode Mode, Positions Positions, UnitSelection Selection, int K)
{
    /// <summary>As the "arm" of metrics.json, for example <c>zero-last-top-5</c>.</summary>
    public string Name => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Mode}-{Positions}-{Selection}-{K}").ToLowerInvariant();
}
