using Vrp.Harness.Claims;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Tests.Gating;

/// <summary>Two stored runs with a known truth: answers and signals of two models on the same questions, dependent within images and between the
/// models.</summary>
sealed record MadeUpRun
{
    public int Images { get; init; } = 60;

    public int PerImage { get; init; } = 6;

    /// <summary>Questions of these kinds in turn.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = ["yes-no", "yes-no", "count"];

    /// <summary>Share of right answers of baseline and candidate.</summary>
    public (double Baseline, double Candidate) Accuracy { get; init; } = (0.8, 0.8);

    /// <summary>Distance of the signals' class means, in standard deviations.</summary>
    public (double Baseline, double Candidate) Signal { get; init; } = (1.5, 1.5);

    /// <summary>Share of the candidate's answers that do not parse.</summary>
    public double Unparsed { get; init; }

    /// <summary>Mean accuracy that the candidate's top units cost; the baseline's cost 0.02.</summary>
    public double Fragility { get; init; } = 0.02;

    public ulong Seed { get; init; } = 1;

    public (StudyResult Baseline, StudyResult Candidate) Build()
    {
        var random = new Xoshiro256(Seed);
        var (before, after) = (new List<QuestionResult>(), new List<QuestionResult>());
        double Threshold(double share) => Distribution.NormalQuantile(share) * Math.Sqrt(1 + 0.36 + 0.49);
        var (first, second) = (Threshold(Accuracy.Baseline), Threshold(Accuracy.Candidate));
        for (var image = 0; image < Images; image++)
        {
            // What is hard about a picture is hard for both models; each has something of its own too.
            double common = 0.6 * random.NextGaussian(), ofSignal = 0.4 * random.NextGaussian();
            for (var q = 0; q < PerImage; q++)
            {
                var question = 0.7 * random.NextGaussian();
                var scored = image % 2 == 0;
                before.Add(Sample(image, q, common + question + random.NextGaussian() < first, Signal.Baseline, ofSignal, 0.02, false, scored, ref random));
                var unparsed = random.NextDouble() < Unparsed;
                after.Add(Sample(image, q, !unparsed && common + question + random.NextGaussian() < second, Signal.Candidate, ofSignal, Fragility, unparsed,
                    scored, ref random));
            }
        }

        return (Study("baseline", before), Study("candidate", after));
    }

    /// <summary>A stored study of samples, with verdicts.</summary>
    public static StudyResult Study(string subject, IReadOnlyList<QuestionResult> questions, params (string Claim, Verdict Verdict)[] verdicts) =>
        new(subject, "llava", 8, "made-up", [],
            [.. verdicts.Select(v => new ClaimResult(v.Claim, v.Verdict, $"because {v.Verdict}", null, new PublishedOutcome("", null, ""), "", [], []))],
            questions);

    /// <summary>The same run with other verdicts.</summary>
    public static StudyResult With(StudyResult study, params (string Claim, Verdict Verdict)[] verdicts) =>
        study with { Verdicts = Study("", [], verdicts).Verdicts };

    QuestionResult Sample(int image, int q, bool right, double strength, double ofSignal, double fragility, bool unparsed, bool scored, ref Xoshiro256 random)
    {
        double Draw(ref Xoshiro256 source) => ofSignal + (right ? strength : 0) + source.NextGaussian();
        var kind = Kinds[q % Kinds.Count];
        var scores = new Dictionary<string, double>
        {
            ["first_token_probability"] = 0.5 + 0.5 / (1 + Math.Exp(-Draw(ref random))),
            ["self_consistency"] = Math.Round(10 * Math.Clamp(0.75 + 0.15 * Draw(ref random), 0.1, 1)) / 10,
            ["attention_entropy"] = 3 + 0.2 * random.NextGaussian(),
        };
        var probe = Draw(ref random);
        if (scored && kind == "yes-no") scores["probe"] = probe;
        var hit = random.NextDouble() < fragility;
        return new QuestionResult
        {
            Id = $"q-{image}-{q}", Image = $"{image}.png", Group = $"{image}.png", Kind = kind, Question = $"Question {q} about {image}?", Gold = ["yes"],
            Answer = unparsed ? "mumble" : right ? "yes" : "no", Label = unparsed ? AnswerStatus.Unparsed : right ? AnswerStatus.Correct : AnswerStatus.Wrong,
                SampledAnswers = [], Scores = scores,
                Split = scored ? "score" : "fit",
            Grid = (6, 6), Excess = scored ? new Dictionary<string, double> { ["all"] = hit && right ? -1 : 0, ["last"] = 0 } : new Dictionary<string,
                double>(),
        };
    }
}
