using Vrp.Harness.Intervening;
using Vrp.Harness.Tests.Intervening;
using Vrp.Harness.Tests.Running;
using Vrp.Harness.Tracing;
using Vrp.Models.Tests;

namespace Vrp.Harness.Tests.Tracing;

/// <summary>What an image's questions share is computed once, and nothing that is recorded tells: answers are the same, numbers differ by the rounding of the
/// same sums in another order.</summary>
public sealed class PrefixSharingTests : IDisposable
{
    /// <summary>The goldens' models have wide random weights, with logits in the tens: float32 sums of another batch or order differ by a few 1e-5.</summary>
    const double Tolerance = 1e-3;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static IEnumerable<object[]> Cases() => TinyStudy.Families().SelectMany(family =>
        ((int, string)[])[(100, "file"), (7, "file"), (1, "file"), (100, "shuffled"), (5, "shuffled")],
        (family, one) => new object[] { family[0], one.Item1, one.Item2 });

    [Theory, MemberData(nameof(Cases))]
    public void Trace_WithAndWithout_RecordsTheSame(string name, int blockSize, string order)
    {
        using var study = new TinyStudy(name, questions: 14, blockSize: blockSize);
        var options = study.Options with { WideStates = true, GreyLens = true, AnswerAttention = true, PrefixSharing = true };
        if (order == "shuffled") study.Shuffle(5);

        var shared = study.Trace(folder.At("shared"), options);
        var plain = study.Trace(folder.At("plain"), options with { PrefixSharing = false, BlockSize = 4 });

        shared.Records.Select(record => record.Question).Should().Equal(study.Dataset.Questions, "results stay in the file's order");
        for (var i = 0; i < shared.Count; i++)
        {
            var (record, expected) = (shared.Records[i], plain.Records[i]);
            record.Ids.Should().Equal(expected.Ids);
            record.SampledAnswers.Select(sample => sample.Text).Should().Equal(expected.SampledAnswers.Select(sample => sample.Text));
            record.FirstToken.Select(token => token.Id).First().Should().Be(expected.FirstToken[0].Id);
            (record.TruthToken, record.CompetitorToken, record.GridHeight, record.GridWidth).Should()
                .Be((expected.TruthToken, expected.CompetitorToken, expected.GridHeight, expected.GridWidth));
            Math.Abs(record.Entropy - expected.Entropy).Should().BeLessThan(Tolerance);
            Close(shared.Attention(i), plain.Attention(i), 2e-3);                         // float16 of numbers up to 1
            Close(shared.AnswerAttention(i)!, plain.AnswerAttention(i)!, 2e-3);
        }
        for (var layer = 0; layer < shared.Facts.Layers; layer++)
        {
            Close(shared.States(layer), plain.States(layer), Tolerance);
            Close(shared.MlpOut(layer), plain.MlpOut(layer), Tolerance);
        }
        Close([.. shared.LensMargin.Cast<float>()], [.. plain.LensMargin.Cast<float>()], Tolerance);
        Close([.. shared.GreyMargin!.Cast<float>()], [.. plain.GreyMargin!.Cast<float>()], Tolerance);
        Close([.. shared.MlpAttribution.Cast<float>()], [.. plain.MlpAttribution.Cast<float>()], Tolerance);
    }

    [Theory, MemberData(nameof(TinyStudy.Families), MemberType = typeof(TinyStudy))]
    public void Trace_SharedPrefixes_ReadFewerPositions(string name)
    {
        using var study = new TinyStudy(name, questions: 14, blockSize: 100);
        var passes = study.Run(folder.Path).Summary.Passes;
        var plain = study.Run(folder.At("plain"), study.Options with { PrefixSharing = false }).Summary.Passes;

        plain.PromptPositions.Should().Be(plain.UnsharedPositions);
        passes.UnsharedPositions.Should().Be(plain.UnsharedPositions, "sharing says what it saves");
        if (study.Model.ReadsCausally) (passes.PromptPositions / (double)plain.PromptPositions).Should().BeLessThan(0.9);
        else passes.PromptPositions.Should().Be(plain.PromptPositions);
    }

    [Theory, MemberData(nameof(TinyStudy.Families), MemberType = typeof(TinyStudy))]
    public void Interventions_WithAndWithout_AnswerTheSame(string name)
    {
        using var study = new TinyStudy(name, questions: 16, blockSize: 16);
        study.Shuffle(2);
        var trace = study.Trace(folder.Path);
        var plan = InterventionStageTests.Plan(study, trace);
        var options = new InterventionOptions { BlockSize = 5, RowsPerBatch = 12, PositionsPerBatch = 400, MaxNewTokens = 3 };
        InterventionSet Run(string at, bool sharing) => InterventionReader.Open(InterventionStage.Run(study.Model, study.Checkpoint, study.Dataset, trace, plan,
            folder.At(at), options with { PrefixSharing = sharing }).Folder, study.Dataset);

        var (shared, plain) = (Run("shared", true), Run("plain", false));

        shared.Questions.Should().Equal(plain.Questions)
            .And.Equal(study.Dataset.Questions.Where(question => plan.QuestionIds.Contains(question.Id)), "the file's order");
        for (var arm = 0; arm < shared.Arms.Count; arm++)
            for (var i = 0; i < shared.Questions.Count; i++)
            {
                shared.Answer(arm, i).Should().Be(plain.Answer(arm, i), "{0} on {1}", shared.Arms[arm].Name, shared.Questions[i].Id);
                Math.Abs(shared.PYes(arm, i) - plain.PYes(arm, i)).Should().BeLessThan((float)Tolerance);
            }
    }

    static void Close(float[] actual, float[] expected, double tolerance)
    {
        actual.Length.Should().Be(expected.Length);
        double distance = 0, largest = 1;
        for (var i = 0; i < expected.Length; i++)
        {
            float.IsNaN(actual[i]).Should().Be(float.IsNaN(expected[i]));
            if (float.IsNaN(expected[i])) continue;
            (distance, largest) = (Math.Max(distance, Math.Abs(actual[i] - expected[i])), Math.Max(largest, Math.Abs(expected[i])));
        }
        (distance / largest).Should().BeLessThan(tolerance);
    }
}
