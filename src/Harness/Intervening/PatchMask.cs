using Vrp.Harness.Tracing;
using Vrp.Models.Images;

namespace Vrp.Harness.Intervening;

/// <summary>Hides cells of preprocessed images: pixels are set to 0, which is the mean colour after normalising, so that masked and unmasked images go the same
/// way until then.</summary>
static class PatchMask
{
    /// <summary>One image per prompt, each with cells of its own hidden.</summary>
    /// <param name="block">The prompts and their images.</param>
    /// <param name="hidden">Cells to hide, by prompt.</param>
    public static ProcessedImages Apply(PreparedBlock block, IReadOnlyList<int[]> hidden) =>
        block.Images.ImageGridThw is { } grid ? Patched(block, grid, hidden) : Stacked(block, hidden);

    /// <summary>pixel_values [images,C,height,width]: a cell is a square.</summary>
    static ProcessedImages Stacked(PreparedBlock block, IReadOnlyList<int[]> hidden)
    {
        var shape = block.Images.Shape;
        int channels = (int)shape[1], height = (int)shape[2], width = (int)shape[3], size = channels * height * width;
        var values = new float[hidden.Count * size];
        for (var i = 0; i < hidden.Count; i++)
        {
            var grid = block.Grids[block.ImageOf[i]];
            int rows = height / grid.Rows, columns = width / grid.Columns;
            var picture = values.AsSpan(i * size, size);
            block.Images.PixelValues.AsSpan(block.ImageOf[i] * size, size).CopyTo(picture);
            foreach (var cell in hidden[i])
                for (var channel = 0; channel < channels; channel++)
                    for (var y = 0; y < rows; y++)
                        picture.Slice((channel * height + cell / grid.Columns * rows + y) * width + cell % grid.Columns * columns, columns).Clear();
        }
        return new ProcessedImages(values, [], [hidden.Count, .. shape[1..]], null);
    }

    /// <summary>Qwen2-VL's pixel_values [patches, features]: the patches of a merged cell lie next to each other.</summary>
    static ProcessedImages Patched(PreparedBlock block, long[] grid, IReadOnlyList<int[]> hidden)
    {
        var features = (int)block.Images.Shape[1];
        int[] patches = [.. Enumerable.Range(0, grid.Length / 3).Select(image => (int)(grid[3 * image] * grid[3 * image + 1] * grid[3 * image + 2]))];
        int[] starts = [.. patches.Select((_, image) => patches.Take(image).Sum())];
        var values = new float[hidden.Select((_, i) => patches[block.ImageOf[i]]).Sum() * features];
        var at = 0;
        foreach (var (cells, i) in hidden.Select((cells, i) => (cells, i)))
        {
            int image = block.ImageOf[i], perCell = patches[image] / block.Grids[image].Cells;
            var picture = values.AsSpan(at * features, patches[image] * features);
            block.Images.PixelValues.AsSpan(starts[image] * features, picture.Length).CopyTo(picture);
            foreach (var cell in cells) picture.Slice(cell * perCell * features, perCell * features).Clear();
            at += patches[image];
        }
        return new ProcessedImages(values, [], [at, features], [.. block.ImageOf.SelectMany(image => grid[(3 * image)..(3 * image + 3)])]);
    }
}
