using TorchSharp;
using Vrp.Builder.Training;
using Vrp.Builder.Training.Lessons;

namespace Vrp.Builder.Tests.Training;

public class PackedLessonsTests
{
    /// <summary>Two tokens of which the first is the prompt; the second is predicted after it.</summary>
    static Lesson Pair(int first, float weight = 1) => new("pair", [first, first + 1], 1, [new(0, first + 1, weight, IsAnswer: true)]);

    static string[] Seen(PackedLessons packed, int row)
    {
        var mask = packed.Mask.Additive!;
        var length = mask.shape[^1];
        return [.. Enumerable.Range(0, (int)length)
            .Select(q => string.Concat(Enumerable.Range(0, (int)length).Select(k => mask[row, 0, q, k].ToSingle() == 0 ? 'x' : '.')))];
    }

    [Fact]
    public void Create_CausalLessons_SeeTheImageAndThemselves()
    {
        using var packed = PackedLessons.Create([[Pair(10), Pair(20)]], beginning: 1, fullPrefix: false, packed: true);
        Seen(packed, 0).Should().Equal("x....", "xx...", "xxx..", "x..x.", "x..xx");
    }

    [Fact]
    public void Create_FullPrefix_QuestionSeesItselfAndTheImageNoQuestion()
    {
        var lesson = new Lesson("question", [10, 11, 12], 2, [new(1, 12, 1, IsAnswer: true)]);
        using var packed = PackedLessons.Create([[lesson, lesson]], beginning: 1, fullPrefix: true, packed: true);
        Seen(packed, 0).Should().Equal("x......", "xxx....", "xxx....", "xxxx...", "x...xx.", "x...xx.", "x...xxx");
    }

    [Fact]
    public void Create_FullPrefixUnpacked_ImageSeesTheQuestion()
    {
        var lesson = new Lesson("question", [10, 11, 12], 2, [new(1, 12, 1, IsAnswer: true)]);
        using var packed = PackedLessons.Create([[lesson, lesson]], beginning: 1, fullPrefix: true, packed: false);
        packed.Ids.shape.Should().Equal(2, 3);
        Seen(packed, 1).Should().Equal("xxx.", "xxx.", "xxx.", "xxxx");
    }

    [Fact]
    public void Create_Targets_PointAtTheStateBeforeTheTokenAndWeighOne()
    {
        using var packed = PackedLessons.Create([[Pair(10), Pair(20, weight: 3)], [Pair(30), Pair(40)]], beginning: 2, fullPrefix: false, packed: true);
        packed.TargetRows.data<long>().ToArray().Should().Equal(2, 4, 6 + 2, 6 + 4);
        packed.TargetTokens.data<long>().ToArray().Should().Equal(11, 21, 31, 41);
        packed.TargetWeights.data<float>().ToArray().Should().Equal(1f / 6, 3f / 6, 1f / 6, 1f / 6);
    }
}
