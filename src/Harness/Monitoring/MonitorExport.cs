using Vrp.Harness.Claims;
using Vrp.Harness.Datasets;
using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;
using Vrp.Harness.Tracing;
using Vrp.Models;

namespace Vrp.Harness.Monitoring;

/// <summary>Makes a monitor of a trace: the study's own linear probe, fitted on half of the images; calibration and thresholds from the other half.</summary>
/// <remarks>The probe never saw the scored half. What is set on that half itself (the recalibration, the thresholds) is judged by folds of its images: set on
/// the others, applied to the one.</remarks>
public static class MonitorExport
{
    /// <summary>Folds of the scored half's images.</summary>
    const int FoldCount = 5;

    /// <summary>Hardly a penalty: two coefficients on hundreds of rows; only a separable set needs its hold.</summary>
    const double RecalibrationC = 100;

    static readonly double[] coverages = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

    /// <summary>From a trace.</summary>
    /// <param name="trace">With states.</param>
    /// <param name="seed">Of the study's split; the default is the study's.</param>
    /// <param name="hashes">Of the run, besides the trace's own key.</param>
    /// <exception cref="VrpException">Too few yes/no questions, one class only, or a probe that does not tell right from wrong.</exception>
    public static MonitorFile Of(TraceSet trace, ulong seed = 1, IReadOnlyDictionary<string, string>? hashes = null) => Of(trace, seed, hashes, out _);

    /// <summary>The same, with the held-out scores by question id.</summary>
    internal static MonitorFile Of(TraceSet trace, ulong seed, IReadOnlyDictionary<string, string>? hashes, out IReadOnlyDictionary<string, double> heldOut)
    {
        var study = new StudyContext(trace, null, new StudyOptions { Seed = seed });
        var rows = study.RowsOf(QuestionKind.YesNo);
        if (rows.Count < study.Options.MinimumCell) throw new VrpException($"the monitor is fitted on yes/no questions, and there are {rows.Count}; at least "
            + $"{study.Options.MinimumCell} are needed.");
        var split = rows.Split;
        var data = new ProbeData(TraceStates.Of(trace, rows), rows.Labels, rows.Images);
        var result = L2Probe.Run(data, split, L2Options.Default with { Seed = seed });
        var (probe, held) = (result.Linear, result.HeldOut);
        var auroc = held.Auroc();
        if (!auroc.IsAbove(0.5)) throw new VrpException($"the probe does not tell right from wrong answers on images that it has not seen: AUROC {auroc}. "
            + "There is nothing to monitor by.");
        heldOut = ProbeStudy.ScoresOf("probe", rows, result).Scores;

        var folds = Folds.Assign(held.Labels, held.Groups, FoldCount, seed);
        var curve = RiskCoverage.Compute(held.Labels, held.Scores);
        return new MonitorFile
        {
            Schema = MonitorFile.CurrentSchema,
            Subject = trace.Facts.Subject,
            Family = trace.Facts.Family,
            Data = trace.Facts.Data,
            Kind = QuestionKind.YesNo.Name(),
            HookPoint = $"blocks.{probe.Layer}.resid_post",
            Position = "last",
            Layer = probe.Layer,
            Mean = probe.Standardiser.Mean,
            Scale = probe.Standardiser.Scale,
            Weights = probe.Weights,
            Intercept = probe.Intercept,
            Penalty = probe.C,
            Calibration = Calibrate(held, folds),
            Thresholds = [.. coverages.Select(coverage => Threshold(held, folds, coverage))],
            RiskCoverage = [.. Enumerable.Range(1, 20).Select(step => new MonitorRisk(step / 20.0, curve.At(step / 20.0)))],
            Auroc = MonitorEstimate.Of(auroc),
            Accuracy = MonitorEstimate.Of(ClusteredMean.Interval([.. held.Labels.Select(right => right ? 1.0 : 0)], held.Groups)),
            FittedOn = split.Fitting.Length,
            ScoredOn = split.Scored.Length,
            Seed = seed,
            Hashes = new SortedDictionary<string,
                string>((hashes ?? new Dictionary<string, string>()).Append(new("trace", trace.Facts.Key)).ToDictionary(pair => pair.Key, pair => pair.Value),
                StringComparer.Ordinal),
        };
    }

    static MonitorCalibration Calibrate(HeldOutScores held, int[] folds)
    {
        static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
        LogisticFit Fit(IEnumerable<int> rows)
        {
            int[] on = [.. rows];
            return LogisticRegression.L2([.. on.Select(row => new[] { held.Scores[row] })], [.. on.Select(row => held.Labels[row])], RecalibrationC);
        }

        double[] own = [.. held.Scores.Select(Logistic)], crossed = new double[own.Length];
        for (var fold = 0; fold < FoldCount; fold++)
        {
            var fit = Fit(Rows(folds, fold, inside: false));
            foreach (var row in Rows(folds, fold, inside: true)) crossed[row] = Logistic(fit.Intercept + fit.Weights[0] * held.Scores[row]);
        }

        double ownLoss = Calibration.LogLoss(held.Labels, own), crossedLoss = Calibration.LogLoss(held.Labels, crossed);
        var (recalibrate, whole) = (crossedLoss < ownLoss, Fit(Enumerable.Range(0, own.Length)));
        var used = recalibrate ? crossed : own;
        return new MonitorCalibration(recalibrate ? "logistic-recalibration" : "own", recalibrate ? whole.Weights[0] : 1, recalibrate ? whole.Intercept : 0,
            Math.Min(ownLoss, crossedLoss), ownLoss,
            Calibration.Brier(held.Labels, used), Calibration.ExpectedError(held.Labels, used),
            [.. Calibration.Diagram(held.Labels, used)
                .Select(bin => new MonitorBin(bin.Low, bin.High, bin.MeanProbability, bin.ShareCorrect.Value, bin.ShareCorrect.N))]);
    }

    static MonitorThreshold Threshold(HeldOutScores held, int[] folds, double coverage)
    {
        double Least(IEnumerable<int> rows)
        {
            double[] scores = [.. rows.Select(row => held.Scores[row]).OrderDescending()];
            return scores[Math.Clamp((int)Math.Ceiling(coverage * scores.Length - 1e-9), 1, scores.Length) - 1];
        }

        double[] accepted = new double[held.Scores.Length], wrong = new double[held.Scores.Length];
        for (var fold = 0; fold < FoldCount; fold++)
        {
            var least = Least(Rows(folds, fold, inside: false));
            foreach (var row in Rows(folds, fold, inside: true))
                if (held.Scores[row] >= least) (accepted[row], wrong[row]) = (1, held.Labels[row] ? 0 : 1);
        }

        var risk = RowInfluence.Ratio(wrong, accepted, held.Groups)
            .Interval(held.Groups, "cross-fitted-ratio-influence-clustered") with { N = (int)accepted.Sum() };
        return new MonitorThreshold(coverage, Least(Enumerable.Range(0, accepted.Length)),
            MonitorEstimate.Of(ClusteredMean.Interval(accepted, held.Groups) with { Method = "cross-fitted-clustered-mean-t" }), MonitorEstimate.Of(risk));
    }

    static IEnumerable<int> Rows(int[] folds, int fold, bool inside) => Enumerable.Range(0, folds.Length).Where(row => folds[row] == fold == inside);
}
