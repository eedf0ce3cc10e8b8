using Vrp.Harness.Measures;
using Vrp.Harness.Tracing;
using Vrp.Models.Generation;
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
            var pixels = values.AsSpan(i * size, size);
            block.Images.PixelValues.AsSpan(block.ImageOf[i] * size, size).CopyTo(pixels);
            foreach (var cell in hidden[i])
                for (var channel = 0; channel < channels; channel++)
                    for (var y = 0; y < rows; y++)
                        pixels.Slice((channel * height + cell / grid.Columns * rows + y) * width + cell % grid.Columns * columns, columns).Clear();
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
            var pixels = values.AsSpan(at * features, patches[image] * features);
            block.Images.PixelValues.AsSpan(starts[image] * features, pixels.Length).CopyTo(pixels);
            foreach (var cell in cells) pixels.Slice(cell * perCell * features, perCell * features).Clear();
            at += patches[image];
        }
        return new ProcessedImages(values, [], [at, features], [.. block.ImageOf.SelectMany(image => grid[(3 * image)..(3 * image + 3)])]);
    }
}

/// <summary>Chooses the cells that a masking arm hides, by the attention of the last prompt position.</summary>
static class MaskedCells
{
    /// <param name="trace">For the attention.</param>
    /// <param name="row">The question's row in it.</param>
    /// <param name="plan">Layers, share and seed.</param>
    /// <param name="arm">A masking arm.</param>
    public static int[] Choose(TraceSet trace, int row, InterventionPlan plan, InterventionArm arm)
    {
        if (arm.Patches == MaskedPatches.Full) return [];
        var record = trace.Records[row];
        int cells = record.GridHeight * record.GridWidth, hidden = (int)Math.Ceiling(plan.MaskingShare * cells);
        if (arm.Patches == MaskedPatches.Random) return Draw(cells, hidden, plan.Seed, TracePass.SeedOf(record.Question.Image), arm.Draw);

        var attention = trace.Attention(row);
        var layerSize = trace.Facts.Heads * cells;
        var layers = plan.MaskingLayers.Count > 0 ? plan.MaskingLayers : [.. Enumerable.Range(0, trace.Facts.Layers)];
        var map = AttentionMap.Mean([.. layers.Select(layer => AttentionMap.OfHeads(attention.AsSpan(layer * layerSize, layerSize), trace.Facts.Heads,
            record.GridHeight, record.GridWidth))]);
        return arm.Patches == MaskedPatches.High ? SalientCells.Top(map, hidden) : SalientCells.Bottom(map, hidden);
    }

    /// <summary>The first <paramref name="count"/> of a shuffle (Fisher and Yates) that only depends on the arguments.</summary>
    static int[] Draw(int cells, int count, ulong seed, long imageSeed, int draw)
    {
        int[] order = [.. Enumerable.Range(0, cells)];
        for (var i = 0; i < count; i++)
        {
            var other = i + (int)(CounterRandom.Uniform(seed, imageSeed, draw, i) * (cells - i));
            (order[i], order[other]) = (order[other], order[i]);
        }
        return [.. order.Take(count).Order()];
    }
}
