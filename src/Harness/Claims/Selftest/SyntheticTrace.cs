using Vrp.Harness.Datasets;
using Vrp.Harness.Intervening;
using Vrp.Harness.Measures;
using Vrp.Harness.Statistics;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Claims.Selftest;

/// <summary>A trace made up from a known truth: what is planted is what the claims have to find, and what is not must not be found. All strengths are d': the
/// distance of the two classes' means in standard deviations of the noise; 0 = the signal knows nothing of correctness.</summary>
public sealed record SyntheticTrace
{
    /// <summary>model_type.</summary>
    public string Family { get; init; } = "llava";

    /// <summary>Decoder layers.</summary>
    public int Layers { get; init; } = 6;

    /// <summary>Units.</summary>
    public int Hidden { get; init; } = 24;

    /// <summary>Heads per layer.</summary>
    public int Heads { get; init; } = 2;

    /// <summary>Side of the square grid of image tokens.</summary>
    public int Grid { get; init; } = 6;

    /// <summary>Images.</summary>
    public int Images { get; init; } = 60;

    /// <summary>Questions per image and kind.</summary>
    public IReadOnlyList<(QuestionKind Kind, int Count)> PerImage { get; init; } = [(QuestionKind.YesNo, 6)];

    /// <summary>Share of right answers.</summary>
    public double Accuracy { get; init; } = 0.7;

    /// <summary>Standard deviation of the images' own difficulty, on the probit scale: what makes questions about one image dependent.</summary>
    public double ImageEffect { get; init; } = 0.5;

    /// <summary>In the sharpness of all maps.</summary>
    public double Attention { get; init; }

    /// <summary>In the sharpness of head 0 of layer 1 only.</summary>
    public double OneHead { get; init; }

    /// <summary>Log sharpness of the maps by layer (0 = flat random field of deviation 1); shorter lists repeat their last entry.</summary>
    public IReadOnlyList<double> Sharpness { get; init; } = [0.5];

    /// <summary>In the states of <see cref="PlantedLayer"/>.</summary>
    public double State { get; init; }

    /// <summary>The one layer that knows.</summary>
    public int PlantedLayer { get; init; } = 3;

    /// <summary>Over how many units the planted direction is spread.</summary>
    public int PlantedUnits { get; init; } = 1;

    /// <summary>In the log-odds of the first token.</summary>
    public double Confidence { get; init; }

    /// <summary>In the agreement of sampled answers, where answers have several tokens.</summary>
    public double Agreement { get; init; }

    /// <summary>Answers of one token, sampled from the first token's own distribution; else of several tokens, with an agreement of their own.</summary>
    public bool OneToken { get; init; } = true;

    /// <summary>Sampled answers per question.</summary>
    public int Samples { get; init; } = 10;

    /// <summary>Probability that a sampled one-token answer is a coin instead, against what the trace states: the closed form must notice.</summary>
    public double BrokenSampling { get; init; }

    /// <summary>Mean margin of each layer but the last, whose margin is the model's own.</summary>
    public IReadOnlyList<double> Margins { get; init; } = [-1];

    /// <summary>Share of the MLPs in the attributions.</summary>
    public double MlpShare { get; init; } = 0.7;

    /// <summary>Of everything.</summary>
    public ulong Seed { get; init; } = 1;

    const int Yes = 1, No = 2, End = 3;

    /// <summary>Makes the trace.</summary>
    public TraceSet Build()
    {
        var random = new Xoshiro256(Seed);
        var questions = Questions();
        var n = questions.Count;
        var correct = Labels(questions, ref random);
        var states = Matrices(n, correct, ref random);
        var mlp = Matrices(n, correct, ref random);
        var attention = new float[n][];
        var records = new TraceRecord[n];
        float[,] lens = new float[n, Layers], ofMlp = new float[n, Layers], ofAttention = new float[n, Layers];
        for (var i = 0; i < n; i++)
        {
            attention[i] = Maps(correct[i], ref random);
            records[i] = Record(questions[i], correct[i], ref random);
            Lens(records[i], i, lens, ofMlp, ofAttention, ref random);
        }

        var facts = new TraceFacts { Subject = $"synthetic-{Family}", Family = Family, Data = "synthetic", Layers = Layers, Hidden = Hidden, Heads = Heads,
            Samples = Samples };
        return new TraceSet(facts, records, new MemoryTraceArrays(states, mlp, attention)) { LensMargin = lens, MlpAttribution = ofMlp,
            AttentionAttribution = ofAttention };
    }

    List<Question> Questions()
    {
        var questions = new List<Question>();
        for (var image = 0; image < Images; image++)
            foreach (var (kind, count) in PerImage)
                for (var q = 0; q < count; q++)
                    questions.Add(new Question($"{kind.Name()}-{image}-{q}", $"{image}.png", $"{image}.png",
                        $"Is there a thing{q} in the image? ({kind.Name()})", kind, [Gold(kind, q)], $"{image}.png"));
        return questions;
    }

    static string Gold(QuestionKind kind, int q) => kind switch
    {
        QuestionKind.YesNo => q % 2 == 0 ? "yes" : "no",
        QuestionKind.Count => q % 2 == 0 ? "two" : "three",
        QuestionKind.Spatial => q % 2 == 0 ? "left" : "right",
        QuestionKind.Identify => q % 2 == 0 ? "boat" : "house",
        _ => q % 2 == 0 ? "cup" : "ring",
    };

    static string Other(string gold) => gold switch
    {
        "yes" =>
            "no", "no" =>
                "yes", "two" =>
                    "three", "three" => "two", "left" => "right", "right" => "left", "boat" => "house", "house" => "boat", "cup" => "ring", _ => "cup",
    };

    bool[] Labels(List<Question> questions, ref Xoshiro256 random)
    {
        var spread = Math.Sqrt(1 + ImageEffect * ImageEffect);
        var threshold = Distribution.NormalQuantile(Accuracy) * spread;
        var images = new Dictionary<string, double>();
        var labels = new bool[questions.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            if (!images.TryGetValue(questions[i].Group, out var difficulty)) images[questions[i].Group] = difficulty = ImageEffect * random.NextGaussian();
            labels[i] = random.NextGaussian() + difficulty < threshold;
        }

        return labels;
    }

    float[][] Matrices(int n, bool[] correct, ref Xoshiro256 random)
    {
        var layers = new float[Layers][];
        for (var layer = 0; layer < Layers; layer++)
        {
            layers[layer] = new float[n * Hidden];
            for (var k = 0; k < layers[layer].Length; k++) layers[layer][k] = (float)random.NextGaussian();
            if (layer != PlantedLayer || State == 0) continue;
            for (var i = 0; i < n; i++)
                for (var u = 0; u < PlantedUnits; u++) layers[layer][i * Hidden + u] += (float)((correct[i] ? 0.5 : -0.5) * State / Math.Sqrt(PlantedUnits));
        }

        return layers;
    }

    float[] Maps(bool correct, ref Xoshiro256 random)
    {
        var cells = Grid * Grid;
        var maps = new float[Layers * Heads * cells];
        var own = 0.2 * (random.NextGaussian() + (correct ? 0.5 : -0.5) * Attention);
        for (var layer = 0; layer < Layers; layer++)
            for (var head = 0; head < Heads; head++)
            {
                var sharp = Sharpness[Math.Min(layer, Sharpness.Count - 1)] + own + 0.1 * random.NextGaussian();
                if (layer == 1 && head == 0) sharp += 0.25 * (correct ? 0.5 : -0.5) * OneHead;
                var sum = 0.0;
                var map = maps.AsSpan((layer * Heads + head) * cells, cells);
                for (var c = 0; c < cells; c++) sum += map[c] = (float)Math.Exp(Math.Exp(sharp) * random.NextGaussian());
                for (var c = 0; c < cells; c++) map[c] = (float)(0.4 * map[c] / sum);   // two fifths of the attention fall on the image
            }

        return maps;
    }

    TraceRecord Record(Question question, bool correct, ref Xoshiro256 random)
    {
        var (gold, other) = (question.Answers[0], Other(question.Answers[0]));
        var (said, unsaid) = correct ? (gold, other) : (other, gold);
        int saidToken = said == gold ? Yes : No, unsaidToken = said == gold ? No : Yes;   // Yes stands for the gold answer's token, whatever it says
        var odds = 1.2 + 0.6 * (random.NextGaussian() + (correct ? 0.5 : -0.5) * Confidence);
        var p = 1 / (1 + Math.Exp(-Math.Abs(odds)));
        var sharp = 1 / (1 + Math.Exp(-Math.Abs(odds) / 0.7));   // after T = 0.7
        var nucleus = sharp >= 0.9 ? 1 : sharp;
        var tail = OneToken ? 1 : 3;
        var agreement = 1 / (1 + Math.Exp(-(1 + 0.8 * (random.NextGaussian() + (correct ? 0.5 : -0.5) * Agreement))));
        var sampled = new SampledAnswer[Samples];
        for (var k = 0; k < Samples; k++)
        {
            var agrees = OneToken ? (random.NextDouble() < BrokenSampling ? random.NextDouble() < 0.5 : random.NextDouble() < nucleus)
                : random.NextDouble() < agreement;
            sampled[k] = new SampledAnswer(agrees ? said : unsaid, [.. Enumerable.Repeat(agrees ? saidToken : unsaidToken, tail), End]);
        }

        return new TraceRecord
        {
            Question = question,
            Answer = said,
            Ids = [.. Enumerable.Repeat(saidToken, tail), End],
            LogProbabilities = [Math.Log(p), .. Enumerable.Range(1, tail - 1).Select(_ => -0.1), -0.05],
            SampledAnswers = sampled,
            FirstToken = [new(saidToken, said, p), new(unsaidToken, unsaid, 1 - p)],
            Nucleus = nucleus < 1 ? [new(saidToken, said, nucleus), new(unsaidToken, unsaid, 1 - nucleus)] : [new(saidToken, said, 1)],
            Entropy = Entropy.OfDistribution([p, 1 - p]),
            PYes = said == "yes" ? p : unsaid == "yes" ? 1 - p : 0,
            PNo = said == "no" ? p : unsaid == "no" ? 1 - p : 0,
            TruthToken = Yes,
            CompetitorToken = No,
            GridHeight = Grid,
            GridWidth = Grid,
        };
    }

    void Lens(TraceRecord record, int i, float[,] lens, float[,] ofMlp, float[,] ofAttention, ref Xoshiro256 random)
    {
        double Log(int token) => Math.Log(record.FirstToken.First(t => t.Id == token).Probability);
        for (var layer = 0; layer < Layers; layer++)
        {
            lens[i, layer] = layer == Layers - 1 ? (float)(Log(Yes) - Log(No)) : (float)(Margins[Math.Min(layer, Margins.Count - 1)] + random.NextGaussian());
            ofMlp[i, layer] = (float)(MlpShare * (1 + 0.3 * random.NextGaussian()));
            ofAttention[i, layer] = (float)((1 - MlpShare) * (1 + 0.3 * random.NextGaussian()));
        }
    }
}

/// <summary>An intervention stage made up from known losses: an arm turns a right answer wrong with a stated probability, question by question.</summary>
/// <param name="Loss">The probability of each arm.</param>
public sealed record SyntheticInterventions(Func<InterventionArm, double> Loss)
{
    /// <summary>Small enough for tests, large enough for verdicts: zero ablation only, 1, 5 and half of the units.</summary>
    public InterventionBudget Budget { get; init; } = InterventionBudget.Full with { Modes = [AblationMode.Zero], Counts = [1, 5], Shares = [0.5] };

    /// <summary>Of the draws.</summary>
    public ulong Seed { get; init; } = 7;

    /// <summary>Plans on the trace, as the real stage does, and makes up the answers.</summary>
    public InterventionSet Build(TraceSet trace, StudyOptions? options = null)
    {
        var plan = InterventionPlanner.Plan(trace, Budget, options);
        var records = trace.Records.ToDictionary(record => record.Question.Id);
        var questions = plan.QuestionIds.Select(id => records[id].Question).ToArray();
        bool[] right = [.. plan.QuestionIds.Select(id => trace.Scorer.Score(records[id].Question, records[id].Answer).Correct)];
        InterventionArm[] arms = [InterventionArm.None, .. plan.Arms];
        var (answers, correct) = (new string[arms.Length, questions.Length], new bool[arms.Length, questions.Length]);
        for (var arm = 0; arm < arms.Length; arm++)
        {
            var random = Xoshiro256.Stream(Seed, arm);
            var loss = arm == 0 ? 0 : Loss(arms[arm]);
            for (var i = 0; i < questions.Length; i++)
            {
                correct[arm, i] = right[i] && random.NextDouble() >= loss;
                answers[arm, i] = correct[arm, i] ? questions[i].Answers[0] : "";
            }
        }

        return new InterventionSet(plan, arms, questions, answers, correct, new float[arms.Length, questions.Length], new float[arms.Length, questions.Length]);
    }
}
