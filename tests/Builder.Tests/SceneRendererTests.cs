using Vrp.Builder.World;
using Vrp.Builder.World.Building;

namespace Vrp.Builder.Tests;

public class SceneRendererTests
{
    static readonly WorldSettings settings = WorldSettings.Shipped;

    /// <summary>Fixed here, so that the hashes below tell a change of the drawing from a change of the shipped difficulty.</summary>
    static readonly WorldSettings pinned = settings with
    {
        Size = 112, MinimumObjects = 3, MaximumObjects = 6, MinimumCategories = 3, DuplicatePercent = 35, GroupPercent = 80, PreferredColourPercent = 35,
        Radii = [7, 10, 14, 18], MinimumContrast = 100, MaximumContrast = 256, PlacementGrid = 7, PlacementTries = 12, VisiblePercent = 65,
        MinimumBackground = 70, MaximumBackground = 150, Gradient = 50, Tint = 20, Noise = 18, Speckle = 6,
    };

    [Theory]
    [InlineData(0, "14f092050161b5a3e542e72bd2b25939c283e8edcf31a1f6bfbd56b29b8428e7")]
    [InlineData(1, "12ae0a5059da6f262e182c4aae39f2665dc0e35f2c3427b0516d9f8e34e42733")]
    [InlineData(4294967297, "4572e5df15a2cbcbfa92797d1c92581ab5dfd906f7fc7505b6cca75c22bde66a")]
    public void Render_KnownSeeds_GivesTheSamePixelsOnEveryMachine(ulong seed, string expected) =>
        ShippedScene.HashOf(new SceneRenderer(pinned).Render(new SceneGenerator(pinned).Generate(seed))).Should().Be(expected);

    [Fact]
    public void Render_NoNoiseNorSpeckle_ShowsObjectsInTheirColours()
    {
        var plain = settings with { Noise = 0, Speckle = 0, MinimumContrast = 256, MaximumContrast = 256 };
        var scene = new SceneGenerator(plain).Generate(5);
        var image = new SceneRenderer(plain).Render(scene);
        for (var i = 0; i < scene.Owners.Length; i++)
        {
            if (scene.Owners[i] == 0) continue;
            var (r, g, b) = scene.Objects[scene.Owners[i] - 1].Colour.Rgb();
            image.Pixels[(3 * i)..(3 * i + 3)].Should().Equal(r, g, b);
        }
        scene.Owners.Should().Contain(owner => owner != 0);
    }

    [Fact]
    public void Render_Noise_ChangesPixelsByItsThreeLevels()
    {
        var quiet = settings with { Noise = 0, Speckle = 0 };
        var scene = new SceneGenerator(settings).Generate(8);
        byte[] clean = new SceneRenderer(quiet).Render(scene).Pixels, noisy = new SceneRenderer(quiet with { Noise = 10 }).Render(scene).Pixels;
        var steps = clean.Zip(noisy).Where(p => p.First is > 10 and < 245).Select(p => p.Second - p.First).GroupBy(d => d).ToDictionary(g => g.Key,
            g => g.Count());
        steps.Keys.Should().BeEquivalentTo([-10, 0, 10]);
        steps.Values.Should().OnlyContain(n => n > clean.Length / 4, "each level has a third of the pixels");
    }
}
