using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Torch.Tests.Functions;

/// <summary>manual_seed is the whole process's, and a draw of any other test moves the default generator on: no test runs beside these.</summary>
[Collection(nameof(AloneInTheProcess))]
public sealed class RandomTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    static Tensor Draw(Func<Generator, Tensor> draw, ulong seed)
    {
        using var generator = new Generator(seed);
        return draw(generator);
    }

    static Dictionary<string, Func<Generator, Tensor>> Draws => new()
    {
        ["rand"] = g => rand(20, generator: g),
        ["randn"] = g => randn(20, generator: g),
        ["randint"] = g => randint(0, 1000, [20], generator: g),
        ["randperm"] = g => randperm(20, generator: g),
        ["uniform_"] = g => empty(20).uniform_(-1, 1, g),
        ["normal_"] = g => empty(20).normal_(5, 2, g),
        ["exponential_"] = g => empty(20).exponential_(1, g),
        ["bernoulli"] = g => bernoulli(full(200, 0.5), g),
        ["multinomial"] = g => multinomial(ones(100), 20, replacement: true, g),
    };

    public static readonly TheoryData<string> Names = [.. Draws.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Draw_WithTheSameSeed_IsTheSame_AndWithAnotherIsNot(string name)
    {
        var draw = Draws[name];

        Draw(draw, 7).Equals(Draw(draw, 7)).Should().BeTrue();
        Draw(draw, 7).Equals(Draw(draw, 8)).Should().BeFalse();
    }

    [Fact]
    public void Generator_ContinuesItsSequence_AndReturnsToASavedState()
    {
        using var generator = new Generator(7);
        var first = rand(5, generator: generator);
        var state = generator.get_state();
        var second = rand(5, generator: generator);
        generator.set_state(state);

        rand(5, generator: generator).Equals(second).Should().BeTrue();
        first.Equals(second).Should().BeFalse();
        generator.initial_seed().Should().Be(7);
    }

    [Fact]
    public void Generator_OfItsOwn_LeavesTheDefaultOneAlone()
    {
        manual_seed(3);
        var expected = rand(4);
        manual_seed(3);
        using var own = new Generator(99);
        rand(100, generator: own);

        rand(4).Equals(expected).Should().BeTrue();
        initial_seed().Should().Be(3);
    }

    [Fact]
    public void Rand_OfSeed42_IsPyTorchs()
    {
        // python: torch.manual_seed(42); torch.rand(3), the same on every CPU build since 1.0
        manual_seed(42);

        rand(3).data<float>().ToArray().Should().Equal(0.88226926f, 0.91500396f, 0.38286376f);
    }

    [Fact]
    public void Normal_HasTheMomentsAskedFor()
    {
        using var generator = new Generator(1);
        var x = normal(2, 3, [20000], generator: generator);

        // Standard errors: 3 / √20000 = 0.021 and 3 / √40000 = 0.015; five of them.
        x.mean().ToDouble().Should().BeApproximately(2, 0.11);
        x.std().ToDouble().Should().BeApproximately(3, 0.08);
    }

    [Fact]
    public void Randint_StaysInItsRange()
    {
        using var generator = new Generator(1);
        var x = randint(-2, 3, [1000], generator: generator);

        x.dtype.Should().Be(ScalarType.Int64);
        x.device.type.Should().Be(CPU.type);
        x.unique().output.data<long>().ToArray().Should().Equal(-2, -1, 0, 1, 2);
    }
}
