using TorchSharp;
using Vrp.Models.Engine;
using Vrp.Models.Generation;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Models.Tests.Generation;

/// <summary>Prompts that share the reading of what they begin with show what each shows when it is read in full.</summary>
public sealed class PromptSplitTests
{
    /// <summary>Sums of 32 to 60 float32 products of numbers up to 10, in another order.</summary>
    const double Tolerance = 1e-4;

    const int ImageTokens = 4;

    /// <summary>Which image each prompt is about (any order, one to three questions each), what stands before it and how long its question is.</summary>
    static readonly (int Image, int[] Before, int[] Question)[] Asked =
    [
        (0, [7], [11, 12, 13]), (1, [7], [11, 12]), (0, [7], [11, 14]), (2, [7], [15, 16, 17, 18, 19]), (1, [7], [12, 13, 14, 15]),
        (0, [7], [11, 12, 16, 17, 18]),
    ];

    public static TheoryData<string> Causal() => ["llava", "qwen2_vl"];

    sealed class Asking : IDisposable
    {
        public Asking(string family, (int Image, int[] Before, int[] Question)[]? asked = null)
        {
            asked ??= Asked;
            Model = SmallModel.Create(family);
            var images = asked.Max(one => one.Image) + 1;
            ImageOf = [.. asked.Select(one => one.Image)];
            long[][] prompts = [.. asked.Select(one =>
                ((int[])[.. one.Before, .. Enumerable.Repeat(Model.ImageTokenId, ImageTokens), .. one.Question]).Select(id => (long)id).ToArray())];
            var length = prompts.Max(prompt => prompt.Length);
            var (ids, mask) = (new long[asked.Length, length], new long[asked.Length, length]);
            for (var row = 0; row < asked.Length; row++)
                for (int t = 0, padding = length - prompts[row].Length; t < length; t++)
                    (ids[row, t], mask[row, t]) = t < padding ? (0, 0) : (prompts[row][t - padding], 1);
            var grid = new long[asked.Length, 3];
            for (var row = 0; row < asked.Length; row++) (grid[row, 0], grid[row, 1], grid[row, 2]) = (1, 4, 4);
            var qwen = family == "qwen2_vl";
            using var generator = new Generator(11);
            Features = randn([images * ImageTokens, Model.HiddenSize], generator: generator);
            Tokens = new ModelInputs(ids, mask, imageGridThw: qwen ? grid : null);
            var ofPrompts = Features.view(images, ImageTokens, -1).index_select(0, tensor([.. ImageOf.Select(image => (long)image)]));
            Whole = Tokens.WithImageFeatures(ofPrompts.view(-1, Model.HiddenSize));
        }

        public VisionLanguageModel Model { get; }
        public int[] ImageOf { get; }
        public Tensor Features { get; }
        public ModelInputs Tokens { get; }
        public ModelInputs Whole { get; }

        public PromptSplit? Split() => PromptSplit.Of(Model, Tokens, ImageOf, Features);

        public void Dispose() => Model.Dispose();
    }

    [Theory, MemberData(nameof(Causal))]
    public void Of_PromptsOfOneImage_ShareTheirLongestCommonBeginning(string family)
    {
        using var scope = NewDisposeScope();
        using var asking = new Asking(family);

        var split = asking.Split()!;

        // Image 0's three questions begin alike with one token; image 1's two do not; image 2 has one question, parted behind the image.
        split.Heads.Rows.Should().Be(3);
        split.Heads.Length.Should().Be(1 + ImageTokens + 1);
        split.Tails.Length.Should().Be(5);
        split.HeadOf.Should().Equal(asking.ImageOf);
        Enumerable.Range(0, 6).Select(row => Enumerable.Range(0, 5).Count(t => split.Tails.AttentionMask[row, t] == 1)).Should().Equal(2, 2, 1, 5, 4, 4);
        asking.Model.NextPositions(split.Tails).Should().Equal(asking.Model.NextPositions(asking.Tokens));
    }

    [Theory, MemberData(nameof(Causal))]
    public void Prefill_SharedHeads_ShowsWhatFullPromptsShow(string family)
    {
        using var scope = NewDisposeScope();
        using var asking = new Asking(family);
        var model = asking.Model;
        var options = new ForwardOptions
        {
            Captures = [new("blocks.*.resid_post", Positions.Last), new("blocks.*.mlp.out", Positions.Last), new("blocks.*.attn.pattern", Positions.Last)],
            Logits = Positions.Last,
        };
        using var plain = model.Prefill(asking.Whole, 6, options);
        using var shared = model.Prefill(asking.Split()!, 6, options);

        shared.PromptLogits.ShouldEqual(plain.PromptLogits, Tolerance, "logits");
        foreach (var points in (string[])["blocks.*.resid_post", "blocks.*.mlp.out"])
            shared.Trace.Stack(points).ShouldEqual(plain.Trace.Stack(points), Tolerance, points);
        Maps(shared).ShouldEqual(Maps(plain), Tolerance, "last rows of the maps over the image's tokens");
        Rest(shared).ShouldEqual(Rest(plain), Tolerance, "what the rows give to the other tokens");

        var greedy = new GenerationOptions { MaxNewTokens = 6, IgnoreEndTokens = true, KeepLogits = 6 };
        SameAnswers(shared.Generate(greedy), plain.Generate(greedy));
        var sampled = greedy with { Sampling = new Sampling(temperature: 1.3, topK: 20, topP: 0.95, seed: 9), Samples = 4 };
        SameAnswers(shared.Generate(sampled), plain.Generate(sampled));
        SameAnswers(shared.Generate(greedy), plain.Generate(greedy));

        int[][] answers = [.. plain.Generate(greedy).Sequences.Select(sequence => sequence.Ids.Take(4).ToArray())];
        Capture[] maps = [new("blocks.*.attn.pattern", Positions.Last)];
        var (steps, expected) = (shared.Replay(answers, maps), plain.Replay(answers, maps));
        for (var step = 0; step < 4; step++)
            Cut(steps[step], shared).ShouldEqual(Cut(expected[step], plain), Tolerance, $"map of step {step}");

        Tensor Cut(Trace trace, Prefill prefill) => stack([.. Enumerable.Range(0, 6).Select(row => trace.Stack("blocks.*.attn.pattern").select(1, row)
            .index_select(-1, tensor([.. prefill.KeysOf(row, model.ImageTokenId).Select(at => (long)at)])))]);
        Tensor Maps(Prefill prefill) => Cut(prefill.Trace, prefill);
        Tensor Rest(Prefill prefill) =>
            prefill.Trace.Stack("blocks.*.attn.pattern").sum(-1).transpose(0, 1).squeeze(-1) - Maps(prefill).sum(-1).squeeze(-1);
    }

    static IEnumerable<string> Texts(IReadOnlyList<GeneratedSequence> sequences) => sequences.Select(sequence => string.Join(' ', sequence.Ids));

    static void SameAnswers(GenerationResult actual, GenerationResult expected)
    {
        Texts(actual.Sequences).Should().Equal(Texts(expected.Sequences));
        actual.Logits!.ShouldEqual(expected.Logits!, Tolerance, "logits of the steps");
    }

    [Theory, MemberData(nameof(Causal))]
    public void RestartLast_SharedHeads_EqualsRestartsOfFullPrompts(string family)
    {
        using var scope = NewDisposeScope();
        using var asking = new Asking(family);
        var model = asking.Model;
        using var generator = new Generator(3);
        for (var layer = 0; layer <= model.Layers; layer++)
        {
            var states = randn([18, model.HiddenSize], generator: generator);            // three arms of six prompts
            using var plain = model.Prefill(asking.Whole, 4);
            using var shared = model.Prefill(asking.Split()!, 4);
            using var expected = plain.RestartLast(layer, states, 4);
            using var actual = shared.RestartLast(layer, states, 4);

            actual.Logits.ShouldEqual(expected.Logits, Tolerance, $"logits from block {layer}");
            Texts(actual.Generate()).Should().Equal(Texts(expected.Generate()));
        }
    }

    [Theory, MemberData(nameof(Causal))]
    public void Prefill_InterventionAtAllPositions_ActsOnHeadsToo(string family)
    {
        using var scope = NewDisposeScope();
        using var asking = new Asking(family);
        var model = asking.Model;
        var change = new ForwardOptions { Interventions = [Intervention.Parse("blocks.1.mlp.out:0-9=1")] };
        var generation = new GenerationOptions { MaxNewTokens = 4, IgnoreEndTokens = true, KeepLogits = 4 };
        using var plain = model.Prefill(asking.Whole, 4, change);
        using var shared = model.Prefill(asking.Split()!, 4, change);
        using var unchanged = model.Prefill(asking.Split()!, 4);

        SameAnswers(shared.Generate(generation), plain.Generate(generation));
        TensorAssertions.Distance(shared.PromptLogits, unchanged.PromptLogits).Should().BeGreaterThan(1e-2);
    }

    [Theory, MemberData(nameof(Causal))]
    public void ForwardFrom_HeadsAndTails_EqualsForwardsFromFullPrompts(string family)
    {
        using var scope = NewDisposeScope();
        using var asking = new Asking(family);
        var model = asking.Model;
        const int Layer = 1;
        var captures = new ForwardOptions { Captures = [new("blocks.0.resid_post")], CapturesToHost = false };
        using var shared = model.Prefill(asking.Split()!, 1, captures);
        using var plain = model.Prefill(asking.Whole, 1, captures);
        // Two arms that change every position by an amount of its own.
        Tensor Arms(Tensor states) => stack([states.Plus(1), states.Times(0.5)], 1).reshape(-1, states.shape[1], states.shape[2]);

        var actual = model.ForwardFrom(Layer, Arms(shared.HeadTrace["blocks.0.resid_post"]), Arms(shared.Trace["blocks.0.resid_post"]), asking.Split()!);

        var expected = model.ForwardFrom(Layer, Arms(plain.Trace["blocks.0.resid_post"]), asking.Whole, new ForwardOptions { Logits = Positions.Last }).Logits;
        actual.ShouldEqual(expected, Tolerance, "logits of both arms");
    }

    [Theory, MemberData(nameof(Causal))]
    public void Prefill_TextBeforeTheImageDiffers_SharesWhatStandsBeforeIt(string family)
    {
        using var scope = NewDisposeScope();
        using var asking = new Asking(family, [(0, [7, 8], [11, 12]), (0, [7, 9], [11, 12]), (1, [7, 8], [11]), (1, [7, 8], [11, 13])]);
        var model = asking.Model;

        var split = asking.Split()!;

        split.Heads.Rows.Should().Be(2);
        Enumerable.Range(0, split.Heads.Length).Count(t => split.Heads.AttentionMask[0, t] == 1).Should().Be(1, "only [7] is common");
        using var shared = model.Prefill(split, 3);
        using var plain = model.Prefill(asking.Whole, 3);
        shared.PromptLogits.ShouldEqual(plain.PromptLogits, Tolerance, "logits");
    }

    [Fact]
    public void Of_NothingToShare_IsNull()
    {
        using var scope = NewDisposeScope();
        using var reading = new Asking("paligemma");
        reading.Split().Should().BeNull("its images see the question");
        using var alone = new Asking("llava", [(0, [7], [11]), (1, [7], [11])]);
        alone.Split().Should().BeNull("every image has one question");
        using var different = new Asking("llava", [(0, [7], [11]), (0, [8], [11])]);
        different.Split().Should().BeNull("the prompts' first tokens differ");
    }

    [Fact]
    public void Prefill_InterventionThatNamesRows_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var asking = new Asking("llava");
        var prefill = () => asking.Model.Prefill(asking.Split()!, 1, new ForwardOptions { Interventions = [Intervention.Parse("blocks.1.mlp.out:0-9=1#1")] });
        prefill.Should().Throw<HookException>().WithMessage("*names rows*Read the prompts without sharing*");
    }

    [Fact]
    public void Prefill_SharedHeads_CountsWhatItReads()
    {
        using var scope = NewDisposeScope();
        using var asking = new Asking("llava");
        using var shared = asking.Model.Prefill(asking.Split()!, 1);

        var passes = asking.Model.Passes;
        passes.Prompts.Should().Be(3, "heads are read from their first token, tails continue");
        passes.PromptPositions.Should().Be(3 * 6 + 6 * 5);
        passes.PaddedPositions.Should().Be(2 + 12);
        passes.UnsharedPositions.Should().Be(6 * 10);
        passes.BlockPositions.Should().Be(passes.PromptPositions * asking.Model.Layers);
    }
}
