using FluentAssertions;
using TorchSharp;
using Vrp.Models.Generation;
using Xunit;
using static TorchSharp.torch;

namespace Vrp.Models.Tests.Generation;

public sealed class GenerationGoldenTests
{
    [Theory, MemberData(nameof(GoldenCase.AllWithBatches), MemberType = typeof(GoldenCase))]
    public void Generate_Greedy_EqualsReference(string folder, string name)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenCase.Read(folder, name);
        using var model = VisionLanguageModel.Load(Goldens.At("models", folder));
        var (ids, logits) = (golden["generated_ids"], golden["generated_logits"]);

        var result = model.Generate(golden.Inputs,
            new GenerationOptions { MaxNewTokens = (int)ids.shape[1], IgnoreEndTokens = true, KeepLogits = (int)logits.shape[1] });

        result.Sequences.SelectMany(sequence => sequence.Ids).Select(id => (long)id).Should().Equal(ids.data<long>().ToArray());
        result.Sequences.Select(sequence => model.Processor.Tokenizer.Decode([.. sequence.Ids], skipSpecialTokens: true)).Should().Equal(golden.Texts);
        result.Logits!.ShouldEqual(logits, golden.Tolerance, "generated_logits");
    }
}
