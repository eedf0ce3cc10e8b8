using Vrp.Harness.Intervening;
using Vrp.Harness.Tests.Tracing;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Images;
using Vrp.Models.Tests;

namespace Vrp.Harness.Tests.Intervening;

public sealed class PatchMaskTests
{
    /// <summary>Hidden cells are those of an image that was grey there from the start; everything else is untouched. Greys that the normaliser cannot hit
    /// exactly are allowed their rounding.</summary>
    [Theory, MemberData(nameof(TinyStudy.Families), MemberType = typeof(TinyStudy))]
    public void Apply_SomeCells_AreZeroAndNothingElse(string name)
    {
        using var study = new TinyStudy(name, questions: 6);
        var block = PreparedBlock.Make(study.Model, study.Dataset.Questions, ExifRule.Ignore);
        var cells = block.Grids[0].Cells;
        int[][] hidden = [.. block.Questions.Select((_, i) => i == 0 ? [] : Enumerable.Range(0, cells).Where(cell => cell % (i + 1) == 0).ToArray())];

        var (masked, whole) = (PatchMask.Apply(block, hidden), PatchMask.Apply(block, [.. hidden.Select(_ => Array.Empty<int>())]));

        var size = masked.PixelValues.Length / hidden.Length;
        for (var i = 0; i < hidden.Length; i++)
        {
            var now = masked.PixelValues.AsSpan(i * size, size);
            var before = whole.PixelValues.AsSpan(i * size, size);
            var changed = 0;
            for (var at = 0; at < size; at++)
                if (hidden[i].Contains(CellOf(masked, block.Grids[block.ImageOf[i]], at, size))) now[at].Should().Be(0);
                else changed += now[at] != before[at] ? 1 : 0;
            changed.Should().Be(0);
        }
        block.Images.PixelValues.Should().NotContain(value => float.IsNaN(value));
    }

    /// <summary>Which cell a pixel value belongs to, worked out from its coordinates.</summary>
    static int CellOf(ProcessedImages images, ImageGrid grid, int at, int size)
    {
        if (images.ImageGridThw is not null) return at / (size / grid.Cells);
        int height = (int)images.Shape[2], width = (int)images.Shape[3], y = at / width % height, x = at % width;
        return y * grid.Rows / height * grid.Columns + x * grid.Columns / width;
    }

    [Fact]
    public void Apply_QwenCell_HidesItsSquareOfTheImage()
    {
        var name = Goldens.Folders("models").First(model => Vrp.Models.Checkpoints.Checkpoint.Open(Goldens.At("models", model)).ModelType == "qwen2_vl");
        using var study = new TinyStudy(name, questions: 1);
        var block = PreparedBlock.Make(study.Model, study.Dataset.Questions, ExifRule.Ignore);
        var grid = block.Grids[0];
        var cell = grid.Columns + 1;                                                     // second row, second column

        // The same image with another colour in that square: only that cell's values may differ.
        var image = ImageFile.Read(study.Dataset.Questions[0].ImagePath);
        byte[] pixels = [.. image.Pixels];
        int rows = image.Height / grid.Rows, columns = image.Width / grid.Columns;
        for (var y = rows; y < 2 * rows; y++) pixels.AsSpan((y * image.Width + columns) * 3, columns * 3).Fill(77);
        var painted = study.Model.Processor.ImageProcessor.Process([new RgbImage(image.Width, image.Height, pixels)]);

        if (painted.Shape[0] * 14 * 14 != image.Width * image.Height) return;        // resized: squares would bleed into their neighbours
        var hiddenPainted = PatchMask.Apply(block with { Images = painted }, [[cell]]);
        hiddenPainted.PixelValues.Should().Equal(PatchMask.Apply(block, [[cell]]).PixelValues);
    }
}
