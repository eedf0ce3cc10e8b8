using FsCheck.Xunit;
using Vrp.Builder.World;

namespace Vrp.Builder.Tests;

public class SceneGeneratorTests
{
    static readonly WorldSettings settings = WorldSettings.Shipped;
    static readonly SceneGenerator generator = new(settings);

    [Property]
    public bool Generate_AnySeed_KeepsTheRules(ulong seed)
    {
        var scene = generator.Generate(seed);
        var inside = scene.Objects.All(o => o.X - o.Radius >= 0 && o.X + o.Radius < scene.Size && o.Y - o.Radius >= 0 && o.Y + o.Radius < scene.Size);
        var visible = scene.Objects.Index().All(o =>
            scene.VisibleArea(o.Index) * 100 >= settings.VisiblePercent * ShapeMask.Of(o.Item.Category, o.Item.Radius).Area);
        return inside && visible && scene.Present.Count >= settings.MinimumCategories && scene.Objects.Count <= settings.MaximumObjects
            && scene.Present.Concat(scene.Absent).Order().SequenceEqual(Vocabulary.Categories);
    }

    [Fact]
    public void Generate_SameSeed_GivesTheSameScene()
    {
        Scene one = generator.Generate(42), two = new SceneGenerator(settings).Generate(42);
        two.Objects.Should().Equal(one.Objects);
        two.Owners.Should().Equal(one.Owners);
        generator.Generate(43).Objects.Should().NotEqual(one.Objects);
    }

    [Fact]
    public void Generate_ManySeeds_GroupsGoTogether()
    {
        var corpus = Vrp.Builder.World.Building.Corpus.Of(Enumerable.Range(0, 3000).Select(i => generator.Generate((ulong)i)));
        var mate = corpus.Together(Category.Star, Category.Moon) / (double)corpus.Frequency(Category.Star);
        var stranger = corpus.Together(Category.Star, Category.Cup) / (double)corpus.Frequency(Category.Star);
        mate.Should().BeGreaterThan(2 * stranger, "a moon must be expected beside a star (P = {0:F2}), a cup not (P = {1:F2})", mate, stranger);
    }

    [Fact]
    public void Seeds_TrainingAndShipped_NeverMeet()
    {
        var training = Enumerable.Range(0, 5000).SelectMany(i => new[] { SceneSeeds.Training(0, i), SceneSeeds.Training(1, i) }).ToHashSet();
        var shipped = Enumerable.Range(0, 5000).SelectMany(i => new[] { SceneSeeds.Shipped(0, i), SceneSeeds.Shipped(1, i) }).ToHashSet();
        training.Should().HaveCount(10_000).And.OnlyContain(s => s % 2 == 0);
        shipped.Should().HaveCount(10_000).And.OnlyContain(s => s % 2 == 1);
        SceneSeeds.Training(0, int.MaxValue).Should().BeLessThan(SceneSeeds.Training(1, 0), "world seeds must not run into each other");
    }
}
