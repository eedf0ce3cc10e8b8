using TorchSharp;
using Vrp.Models.Generation;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Models.Tests.Generation;

public sealed class PrefillTests
{
    static readonly Sampling Warm = new(temperature: 1.3, topK: 20, topP: 0.95, seed: 9);

    [Theory, MemberData(nameof(SmallModel.Families), MemberType = typeof(SmallModel))]
    public void Generate_Greedy_EqualsForwardsOverTheGrownPrompt(string family)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(family);
        using var inputs = SmallModel.Inputs(model, 7);

        var answer = model.Generate(inputs, new GenerationOptions { MaxNewTokens = 5, IgnoreEndTokens = true, KeepLogits = 5 });

        var logits = model.Forward(Grown(model, inputs, 0, answer.Sequences[0].Ids)).Logits[0];
        answer.Logits![0].ShouldEqual(logits.narrow(0, 6, 5), 1e-4, "logits of the steps");
        for (var step = 0; step < 5; step++)
            answer.Sequences[0].LogProbabilities[step].Should()
                .BeApproximately(logits[6 + step].log_softmax(-1)[answer.Sequences[0].Ids[step]].item<float>(), 1e-4f);
    }

    /// <summary>One prompt and its answer but the last token as one input, without padding; in PaliGemma the answer is a suffix, read causally.</summary>
    static ModelInputs Grown(VisionLanguageModel model, ModelInputs inputs, int row, IReadOnlyList<int> answer)
    {
        long[] prompt = [.. Enumerable.Range(0, inputs.Length).Where(t => inputs.AttentionMask[row, t] == 1).Select(t => inputs.InputIds[row, t])];
        var (ids, types) = (new long[1, prompt.Length + answer.Count - 1], new long[1, prompt.Length + answer.Count - 1]);
        for (var t = 0; t < ids.GetLength(1); t++) (ids[0, t], types[0, t]) = t < prompt.Length ? (prompt[t], 0) : (answer[t - prompt.Length], 1);
        var perRow = inputs.PixelValues!.shape[0] / inputs.Rows;
        var grid = inputs.ImageGridThw is { } all ? new[,] { { all[row, 0], all[row, 1], all[row, 2] } } : null;
        return new ModelInputs(ids, null, inputs.PixelValues.narrow(0, row * perRow, perRow), grid) { TokenTypeIds = types };
    }

    [Theory, MemberData(nameof(SmallModel.Families), MemberType = typeof(SmallModel))]
    public void Generate_SamplesOfOnePrefill_EqualSamplesDrawnAlone(string family)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(family);
        using var inputs = SmallModel.Inputs(model, 9, 6);
        var options = new GenerationOptions { MaxNewTokens = 6, IgnoreEndTokens = true, Sampling = Warm, Samples = 4, KeepLogits = 6 };

        var shared = model.Generate(inputs, options);

        shared.Sequences.Should().HaveCount(8);
        shared.Sequences.Select(sequence => string.Join(' ', sequence.Ids)).Distinct().Count().Should().BeGreaterThan(4, "samples differ");
        foreach (var sequence in shared.Sequences)
        {
            // Every answer again as one forward over its prompt and its own tokens: sharing the prompt's cache changes nothing.
            var grown = Grown(model, inputs, sequence.Prompt, sequence.Ids);
            var alone = model.Forward(grown).Logits[0];
            shared.Logits![sequence.Prompt * 4 + sequence.Sample]
                .ShouldEqual(alone.narrow(0, grown.Length - 6, 6), 1e-4, $"logits of prompt {sequence.Prompt}, sample {sequence.Sample}");
        }
    }

    [Fact]
    public void Generate_SampleIds_MakeAnswersIndependentOfTheBatch()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        using var batch = SmallModel.Inputs(model, 8, 8, 8);
        var options = new GenerationOptions { MaxNewTokens = 5, IgnoreEndTokens = true, Sampling = Warm, Samples = 3, SampleIds = [100, 101, 102] };

        var together = model.Generate(batch, options).Sequences;
        for (var row = 0; row < 3; row++)
        {
            var alone = model.Generate(Grown(model, batch, row, [0]), options with { SampleIds = [100 + row] }).Sequences;
            alone.Select(sequence => sequence.Ids).Should().BeEquivalentTo(together.Where(sequence => sequence.Prompt == row)
                .Select(sequence => sequence.Ids), order => order.WithStrictOrdering());
        }
    }

    [Fact]
    public void Generate_TwiceFromOnePrefill_TheFirstLeavesNoTrace()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("qwen2_vl");
        using var inputs = SmallModel.Inputs(model, 9, 6);
        var greedy = new GenerationOptions { MaxNewTokens = 6, IgnoreEndTokens = true };
        using var prefill = model.Prefill(inputs, 6);

        var first = prefill.Generate(greedy).Sequences;
        prefill.Generate(greedy with { Sampling = Warm, Samples = 5 });
        var second = prefill.Generate(greedy).Sequences;

        second.Select(sequence => sequence.Ids).Should().BeEquivalentTo(first.Select(sequence => sequence.Ids), order => order.WithStrictOrdering());
    }

    public static IEnumerable<object[]> LongRows() =>
        SmallModel.Families().SelectMany(family => ((int[])[1, 5]).Select(samples => new object[] { family[0], samples }));

    /// <summary>One answer goes on when all others are done: decoding leaves the others out, and nothing that is answered changes.</summary>
    [Theory, MemberData(nameof(LongRows))]
    public void Generate_OneLongAnswer_LeavesTheOthersOutAndAnswersAlike(string family, int samples)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(family);
        using var inputs = SmallModel.Inputs(model, 9, 6, 7, 8, 6, 9);
        var options = new GenerationOptions { MaxNewTokens = 8, Sampling = samples > 1 ? Warm : null, Samples = samples };
        using var prefill = model.Prefill(inputs, 8, new ForwardOptions { Captures = [new Capture("blocks.*.resid_post", Positions.Last)] });
        var free = prefill.Generate(options with { IgnoreEndTokens = true }).Sequences;
        var longest = free[samples];                                                     // of the second prompt
        model.EndTokenIds = [.. free.SelectMany(sequence => sequence.Ids).Distinct().Except(longest.Ids)];

        var before = model.Passes.DecodedTokens;
        var ended = prefill.Generate(options).Sequences;
        var decoded = model.Passes.DecodedTokens - before;

        foreach (var (sequence, whole) in ended.Zip(free))
        {
            var end = whole.Ids.ToList().FindIndex(id => model.EndTokenIds.Contains(id));
            sequence.Ids.Should().Equal(whole.Ids.Take(end < 0 ? 8 : end + 1));
            foreach (var (one, other) in sequence.LogProbabilities.Zip(whole.LogProbabilities)) one.Should().BeApproximately(other, 1e-4f);
        }
        ended[samples].Ended.Should().BeFalse();
        if (samples > 1) decoded.Should().BeLessThan(6 * samples * 7, "of six prompts' answers most ended early");
        prefill.Generate(options).Sequences.Select(sequence => sequence.Ids).Should().BeEquivalentTo(ended.Select(sequence => sequence.Ids),
            order => order.WithStrictOrdering(), "the prefill is left as it was");
    }

    [Fact]
    public void Generate_EndTokens_StopEachRowByItself()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        using var inputs = SmallModel.Inputs(model, 8, 6);
        var free = model.Generate(inputs, new GenerationOptions { MaxNewTokens = 8, IgnoreEndTokens = true }).Sequences;
        model.EndTokenIds = [free[0].Ids[2], free[1].Ids[4]];
        var streamed = new List<GeneratedToken>();

        var ended = model.Generate(inputs, new GenerationOptions { MaxNewTokens = 8, OnToken = streamed.Add }).Sequences;

        for (var row = 0; row < 2; row++)
        {
            var length = 1 + free[row].Ids.ToList().FindIndex(id => model.EndTokenIds.Contains(id));
            ended[row].Ids.Should().Equal(free[row].Ids.Take(length));
            ended[row].Ended.Should().BeTrue();
            streamed.Where(token => token.Prompt == row).Select(token => token.Id).Should().Equal(ended[row].Ids);
            streamed.Where(token => token.Prompt == row).Select(token => token.LogProbability).Should().Equal(ended[row].LogProbabilities);
        }
    }

    [Fact]
    public void Generate_Interventions_ActOnGeneratedTokensToo()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        using var inputs = SmallModel.Inputs(model, 7);
        var change = new ForwardOptions { Interventions = [Intervention.Parse("blocks.1.mlp.out:0-9=1")] };

        var answer = model.Generate(inputs, new GenerationOptions { MaxNewTokens = 4, IgnoreEndTokens = true, KeepLogits = 4 }, change);

        var logits = model.Forward(Grown(model, inputs, 0, answer.Sequences[0].Ids), change).Logits;
        answer.Logits![0].ShouldEqual(logits[0].narrow(0, 6, 4), 1e-4, "logits under the intervention");
    }

    [Fact]
    public void Generate_InterventionsByRow_FollowTheSamplesOfTheirPrompt()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        using var inputs = SmallModel.Inputs(model, 7, 7);
        var sampled = new GenerationOptions { MaxNewTokens = 4, IgnoreEndTokens = true, Sampling = Warm, Samples = 3, KeepLogits = 4 };

        var changed = model.Generate(inputs, sampled, new ForwardOptions { Interventions = [Intervention.Parse("blocks.1.mlp.out:0-9=1#1")] });
        var plain = model.Generate(inputs, sampled);

        changed.Logits!.narrow(0, 0, 3).ShouldEqual(plain.Logits!.narrow(0, 0, 3), 1e-4, "prompt 0");
        TensorAssertions.Distance(changed.Logits!.narrow(0, 3, 3), plain.Logits!.narrow(0, 3, 3)).Should().BeGreaterThan(1e-2);
    }

    [Fact]
    public void Prefill_Captures_AreOfThePromptOnly()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        using var inputs = SmallModel.Inputs(model, 7);
        using var prefill = model.Prefill(inputs, 4, new ForwardOptions { Captures = [new("blocks.*.resid_post")] });

        prefill.Generate(new GenerationOptions { MaxNewTokens = 4, IgnoreEndTokens = true });

        prefill.Trace.Stack("blocks.*.resid_post").shape.Should().Equal(model.Layers, 1, 7, model.HiddenSize);
        model.LogitLens(prefill.Trace).select(1, model.Layers - 1).ShouldEqual(prefill.PromptLogits.select(1, 0), 1e-5, "lens of the last layer");
    }

    [Fact]
    public void Generate_ImpossibleOptions_Throw()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        using var inputs = SmallModel.Inputs(model, 7);
        using var prefill = model.Prefill(inputs, 4);

        foreach (var options in (GenerationOptions[])[new() { MaxNewTokens = 5 }, new() { MaxNewTokens = 0 }, new() { MaxNewTokens = 4, Samples = 2 },
            new() { MaxNewTokens = 4, SampleIds = [1, 2] }])
        {
            var generate = () => prefill.Generate(options);
            generate.Should().Throw<VrpException>();
        }
    }
}
