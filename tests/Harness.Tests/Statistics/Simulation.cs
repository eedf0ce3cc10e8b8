using Vrp.Harness.Statistics;

namespace Vrp.Harness.Tests.Statistics;

/// <summary>Data of the study's form with known truth: images with several questions, labels that depend on the image, and scores with an image effect of their
/// own.</summary>
/// <param name="Labels">P(correct | image) = Φ(0.6 + 0.7·v), v standard normal per image: 69 % correct, correlated within images.</param>
/// <param name="Score">1.2·label + 0.6·u + e, u per image, e per row: AUROC = Φ(1.2 / √(2·1.36)) between images.</param>
/// <param name="Other">A second score of the same AUROC, correlated with the first through half of e and all of u.</param>
/// <param name="Unrelated">0.6·u + e: no relation to the label, R_pb = 0.</param>
/// <param name="Groups">Images.</param>
sealed record Simulation(bool[] Labels, double[] Score, double[] Other, double[] Unrelated, Groups Groups)
{
    /// <summary>True AUROC of <see cref="Score"/> and <see cref="Other"/>: Φ(1.2/√2.72), scipy: norm.cdf(1.2 / 2.72 ** .5).</summary>
    public const double Auroc = 0.7665703;

    /// <summary>True share of correct labels: Φ(0.6/√1.49), scipy: norm.cdf(.6 / 1.49 ** .5).</summary>
    public const double Accuracy = 0.6884886;

    public static Simulation Draw(int images, int perImage, ulong seed, int index)
    {
        var random = Xoshiro256.Stream(seed, index);
        var n = images * perImage;
        var (labels, score, other, unrelated) = (new bool[n], new double[n], new double[n], new double[n]);
        for (var image = 0; image < images; image++)
        {
            double u = 0.6 * random.NextGaussian(), v = 0.7 * random.NextGaussian(), w = 0.6 * random.NextGaussian();
            for (var row = image * perImage; row < (image + 1) * perImage; row++)
            {
                labels[row] = 0.6 + v + random.NextGaussian() > 0;
                double shared = random.NextGaussian() * Math.Sqrt(0.5), signal = labels[row] ? 1.2 : 0;
                score[row] = signal + u + shared + random.NextGaussian() * Math.Sqrt(0.5);
                other[row] = signal + u + shared + random.NextGaussian() * Math.Sqrt(0.5);
                unrelated[row] = w + random.NextGaussian();
            }
        }

        return new Simulation(labels, score, other, unrelated, Groups.From(Enumerable.Range(0, n).Select(row => row / perImage)));
    }

    /// <summary>Share of simulations in which something holds; simulations run in parallel, each on its own stream.</summary>
    public static double Share(int simulations, int images, int perImage, ulong seed, Func<Simulation, ulong, bool> holds)
    {
        var hits = new bool[simulations];
        Parallel.For(0, simulations, index => hits[index] = holds(Draw(images, perImage, seed, index), (ulong)index));
        return hits.Count(hit => hit) / (double)simulations;
    }

    public double[] Right => [.. Labels.Select(label => label ? 1.0 : 0)];
}
