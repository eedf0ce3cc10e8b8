using TorchSharp;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Generation;

/// <summary>Prompts parted in two: heads, which prompts about one image have in common and which are read once, and tails, which are read once each and
/// continue from their head. Exact where attention is causal: what a head's states are does not depend on what follows.</summary>
/// <remarks>A head is the longest common beginning of its prompts, by token id. That it holds the image follows from the ids; where the text before the image
/// differs, it ends there. Prompts that share with no other are parted behind their image's last token, so that all can go in one batch.</remarks>
public sealed class PromptSplit
{
    readonly int[] cuts;

    PromptSplit(ModelInputs whole, int[] headOf, int[] cuts, ModelInputs heads, ModelInputs tails) =>
        (Whole, HeadOf, this.cuts, Heads, Tails) = (whole, headOf, cuts, heads, tails);

    /// <summary>The prompts as they were.</summary>
    public ModelInputs Whole { get; }

    /// <summary>Each prompt's head, as a row of <see cref="Heads"/>.</summary>
    public IReadOnlyList<int> HeadOf { get; }

    /// <summary>[G,P], padded on the left.</summary>
    public ModelInputs Heads { get; }

    /// <summary>[B,T], padded on the left; every prompt has at least one token here.</summary>
    public ModelInputs Tails { get; }

    /// <summary>Parts prompts with one image each.</summary>
    /// <param name="model">For its family: whether attention is causal, and the positions.</param>
    /// <param name="inputs">The prompts, without image features.</param>
    /// <param name="imageOf">Each prompt's image, counted from 0: prompts of one image may share.</param>
    /// <param name="features">Of the distinct images, in their order, one row per image token. Tensors of the result are of the current dispose scope.</param>
    /// <returns>Null where there is nothing to share: attention is not causal, no image has two prompts, or their beginnings differ.</returns>
    public static PromptSplit? Of(VisionLanguageModel model, ModelInputs inputs, IReadOnlyList<int> imageOf, Tensor features)
    {
        if (imageOf.Count != inputs.Rows) throw new VrpException($"There are images of {imageOf.Count} prompts and {inputs.Rows} prompts; expected one each.");
        if (!model.ReadsCausally || inputs.TokenTypeIds is not null) return null;
        long[][] prompts = [.. Enumerable.Range(0, inputs.Rows).Select(row => Tokens(inputs, row))];
        var images = imageOf.Max() + 1;
        int[][] rowsOf = [.. Enumerable.Range(0, images).Select(image => Enumerable.Range(0, prompts.Length).Where(row => imageOf[row] == image).ToArray())];
        if (rowsOf.All(rows => rows.Length < 2) || Array.Exists(rowsOf, rows => rows.Length == 0)) return null;
        int[] cuts = [.. rowsOf.Select(rows => Cut(prompts, rows, model.ImageTokenId))];
        if (cuts.Min() == 0) return null;

        var starts = Starts(prompts, imageOf, rowsOf, model.ImageTokenId, features);
        var positions = model.HostPositions(inputs);
        var heads = Part(inputs, positions, [.. rowsOf.Select(rows => rows[0])], [.. cuts.Select(cut => (0, cut))]);
        var tails = Part(inputs, positions, [.. Enumerable.Range(0, prompts.Length)], [.. prompts.Select((ids, row) => (cuts[imageOf[row]], ids.Length))]);
        // Images whose tokens are in the tails are read by each of them.
        bool Within(int row) => Array.IndexOf(prompts[row], model.ImageTokenId) is var first && first >= 0 && first < cuts[imageOf[row]];
        heads = WithFeatures(heads, features, rowsOf.Select((rows, image) => Rows(prompts[rows[0]][..cuts[image]], starts[image], 0)));
        tails = WithFeatures(tails, features, prompts.Select((ids, row) => Rows(ids[cuts[imageOf[row]]..], starts[imageOf[row]],
            Within(row) ? ids.Take(cuts[imageOf[row]]).Count(id => id == model.ImageTokenId) : 0)));
        return new PromptSplit(inputs, [.. imageOf], cuts, heads, tails);

        IEnumerable<long> Rows(IEnumerable<long> ids, long start, int before) =>
            ids.Where(id => id == model.ImageTokenId).Select((_, i) => start + before + i);
    }

    /// <summary>Where a token of a prompt is among the keys of a tail's queries: the head's positions, then the tail's. Ascending.</summary>
    internal int[] KeysOf(int row, int token)
    {
        int head = Whole.Length - Tokens(Whole, row).Length, cut = cuts[HeadOf[row]];
        int headPadding = Heads.Length - cut, tailPadding = Tails.Length - (Whole.Length - head - cut);
        return [.. Whole.PositionsOf(row, token).Select(position => position - head)
            .Select(at => at < cut ? headPadding + at : Heads.Length + tailPadding + at - cut)];
    }

    static long[] Tokens(ModelInputs inputs, int row) =>
        [.. Enumerable.Range(0, inputs.Length).Where(t => inputs.AttentionMask[row, t] != 0).Select(t => inputs.InputIds[row, t])];

    static int Cut(long[][] prompts, int[] rows, int imageToken)
    {
        var longest = rows.Min(row => prompts[row].Length) - 1;                          // a tail has a token
        var first = prompts[rows[0]];
        if (rows.Length == 1) return Math.Min(longest, Array.LastIndexOf(first, imageToken) + 1);
        return rows.Skip(1).Min(row => first.AsSpan(0, longest).CommonPrefixLength(prompts[row].AsSpan(0, longest)));
    }

    /// <summary>Where each image's rows begin among the features.</summary>
    static long[] Starts(long[][] prompts, IReadOnlyList<int> imageOf, int[][] rowsOf, int imageToken, Tensor features)
    {
        int Count(int row) => prompts[row].Count(id => id == imageToken);
        var starts = new long[rowsOf.Length + 1];
        for (var image = 0; image < rowsOf.Length; image++) starts[image + 1] = starts[image] + Count(rowsOf[image][0]);
        for (var row = 0; row < prompts.Length; row++)
            if (Count(row) != starts[imageOf[row] + 1] - starts[imageOf[row]])
                throw new ShapeException("prompts of one image", $"{starts[imageOf[row] + 1] - starts[imageOf[row]]} image tokens each", $"{Count(row)}");
        return features.shape[0] == starts[^1] ? starts
            : throw new ShapeException("image features", $"{starts[^1]} of them, one per image token of each image", $"{features.shape[0]}");
    }

    /// <summary>Tokens from..to of some prompts as a batch of their own, at the positions that they have in the whole.</summary>
    static ModelInputs Part(ModelInputs inputs, long[,,] positions, int[] rows, (int From, int To)[] ranges)
    {
        int length = ranges.Max(range => range.To - range.From), axes = positions.GetLength(0);
        var (ids, mask) = (new long[rows.Length, length], new long[rows.Length, length]);
        var at = new long[axes, rows.Length, length];
        for (var i = 0; i < rows.Length; i++)
        {
            int[] places = [.. Enumerable.Range(0, inputs.Length).Where(t => inputs.AttentionMask[rows[i], t] != 0)];
            var padding = length - (ranges[i].To - ranges[i].From);
            for (var t = 0; t < length; t++)
            {
                var place = t < padding ? -1 : places[ranges[i].From + t - padding];
                if (place >= 0) (ids[i, t], mask[i, t]) = (inputs.InputIds[rows[i], place], 1);
                for (var axis = 0; axis < axes; axis++) at[axis, i, t] = place < 0 ? 1 : positions[axis, rows[i], place];
            }
        }
        return new ModelInputs(ids, mask) { Positions = at };
    }

    static ModelInputs WithFeatures(ModelInputs inputs, Tensor features, IEnumerable<IEnumerable<long>> rows)
    {
        long[] wanted = [.. rows.SelectMany(row => row)];
        if (wanted.Length == 0) return inputs;
        var all = wanted.Length == features.shape[0] && wanted.Select((row, i) => row == i).All(inOrder => inOrder);
        return inputs.WithImageFeatures(all ? features : features.index_select(0, tensor(wanted).to(features.device)));
    }
}
