using Vrp.Builder.World;

namespace Vrp.Builder.Tests;

public class ShapesTests
{
    [Fact]
    public void ShapeMask_AnyTwoCategoriesAtTheSmallestSize_Differ()
    {
        var radius = WorldSettings.Shipped.Radii.Min();
        foreach (var a in Vocabulary.Categories)
            foreach (var b in Vocabulary.Categories.Where(b => b > a))
            {
                int both = 0, either = 0;
                for (var dy = -radius; dy <= radius; dy++)
                    for (var dx = -radius; dx <= radius; dx++)
                    {
                        bool inA = ShapeMask.Of(a, radius)[dx, dy], inB = ShapeMask.Of(b, radius)[dx, dy];
                        if (inA && inB) both++;
                        if (inA || inB) either++;
                    }
                // Labels are never noise: what the text calls a moon can be told from a ball by its pixels, even when tiny.
                (both / (double)either).Should().BeLessThan(0.85, "{0} and {1} must differ at radius {2}", a, b, radius);
            }
    }

    [Fact]
    public void ShapeMask_SymmetricCategories_AreSymmetricAtEverySize()
    {
        Category[] symmetric = [Category.Star, Category.Kite, Category.House, Category.Tree, Category.Cross, Category.Ring, Category.Bottle, Category.Heart,
            Category.Ball];
        foreach (var radius in WorldSettings.Shipped.Radii)
            foreach (var category in symmetric)
                for (var dy = -radius; dy <= radius; dy++)
                    for (var dx = 0; dx <= radius; dx++)
                        ShapeMask.Of(category, radius)[dx, dy].Should().Be(ShapeMask.Of(category, radius)[-dx, dy], "{0} at radius {1}", category, radius);
    }
}
