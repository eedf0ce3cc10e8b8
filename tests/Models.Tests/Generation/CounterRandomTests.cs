using Vrp.Models.Generation;

namespace Vrp.Models.Tests.Generation;

public sealed class CounterRandomTests
{
    [Fact]
    public void Uniform_SameCounters_SameNumber() => CounterRandom.Uniform(5, 17, 3, 2).Should().Be(CounterRandom.Uniform(5, 17, 3, 2));

    [Fact]
    public void Uniform_AnyCounterChanged_AnotherNumber()
    {
        double[] numbers = [CounterRandom.Uniform(5, 17, 3, 2), CounterRandom.Uniform(6, 17, 3, 2), CounterRandom.Uniform(5, 18, 3, 2),
            CounterRandom.Uniform(5, 17, 4, 2),
            CounterRandom.Uniform(5, 17, 3, 3), CounterRandom.Uniform(5, 17, 2, 3), CounterRandom.Uniform(5, 3, 17, 2), CounterRandom.Uniform(17, 5, 3, 2)];

        numbers.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Uniform_ManyDraws_AreUniform()
    {
        // Chi-square over 100 cells at n = 100,000: mean 99, standard deviation 14; the bound is 5 deviations.
        var cells = new int[100];
        for (var sample = 0; sample < 1000; sample++)
            for (var draw = 0; draw < 10; draw++)
                for (var step = 0; step < 10; step++)
                {
                    var u = CounterRandom.Uniform(42, sample, draw, step);
                    u.Should().BeInRange(0, 1 - 1e-17);
                    cells[(int)(u * 100)]++;
                }

        cells.Sum(count => (count - 1000.0) * (count - 1000.0) / 1000).Should().BeInRange(99 - 5 * 14, 99 + 5 * 14);
    }
}
