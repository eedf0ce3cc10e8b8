using TorchSharp;
using Vrp.Harness.Storage;
using Vrp.Models;
using Vrp.Models.Engine;
using Vrp.Models.Generation;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Harness.Tracing;

/// <summary>Turns a block's captures into the arrays that are stored: n questions, L layers, D units, H heads, N cells.</summary>
/// <remarks><c>states</c>, <c>mlp_out</c> [L,n,D] float16 (or float32); <c>attention</c>, <c>answer_attention</c> float16, per question [L,H,N] one after the
/// other; <c>lens_margin</c>, <c>grey_margin</c>, <c>mlp_attribution</c>, <c>attention_attribution</c> [n,L] float32.</remarks>
sealed class TraceTensors(VisionLanguageModel model, PreparedBlock block, bool wideStates)
{
    readonly List<StoredArray> all = [];

    public IReadOnlyList<StoredArray> All => all;

    int Count => block.Questions.Count;

    public void AddStates(Trace trace)
    {
        foreach (var (name, pattern) in ((string, string)[])[("states", "blocks.*.resid_post"), ("mlp_out", "blocks.*.mlp.out")])
        {
            using var scope = NewDisposeScope();
            var stacked = trace.Stack(pattern).squeeze(2);                               // [L,n,D]
            var stored = stacked.to(wideStates ? ScalarType.Float32 : ScalarType.Float16).cpu().contiguous();
            CheckFinite(name, stored);
            all.Add(new StoredArray(name, wideStates ? "F32" : "F16", stored.shape, stored.bytes.ToArray()));
        }
    }

    /// <summary>The last row of every map, cut out by the places of the image tokens.</summary>
    public void AddAttention(string name, Trace trace, Prefill prefill)
    {
        using var scope = NewDisposeScope();
        var maps = trace.Stack("blocks.*.attn.pattern").squeeze(3);                      // [L,n,H,S]
        Add(name, [.. Enumerable.Range(0, Count).Select(i => Cut(maps.select(1, i), prefill, i))]);
    }

    /// <summary>The same as the mean over the greedy answer's tokens, the end token aside; of an answer that is nothing else, the end token's.</summary>
    public void AddAnswerAttention(Prefill prefill, IReadOnlyList<GeneratedSequence> greedy)
    {
        using var scope = NewDisposeScope();
        int[][] answers = [.. greedy.Select(answer => answer.Ended && answer.Ids.Count > 1 ? answer.Ids.SkipLast(1).ToArray() : [.. answer.Ids])];
        var steps = prefill.Replay(answers, [new Capture("blocks.*.attn.pattern", Positions.Last)]);
        var sums = new Tensor[Count];
        for (var step = 0; step < steps.Count; step++)
        {
            var maps = steps[step].Stack("blocks.*.attn.pattern").squeeze(3);
            for (var i = 0; i < Count; i++)
                if (step < answers[i].Length) sums[i] = step == 0 ? Cut(maps.select(1, i), prefill, i) : sums[i].Plus(Cut(maps.select(1, i), prefill, i));
        }
        Add("answer_attention", [.. sums.Select((sum, i) => sum.Over(answers[i].Length))]);
    }

    /// <summary>ΔM of every layer; at the last one the difference of the model's own logits.</summary>
    public void AddMargins(string name, Trace trace, IReadOnlyList<(int First, int Second)?> compared, float[] logits)
    {
        using var scope = NewDisposeScope();
        var states = trace.Stack("blocks.*.resid_post").squeeze(2).transpose(0, 1);      // [n,L,D]
        var both = model.TextModel.LensLogits(states, tensor([.. compared.SelectMany(two => (long[])[two?.First ?? 0, two?.Second ?? 0])], [Count, 2]));
        var margins = (both.select(2, 0) - both.select(2, 1)).cpu().contiguous().data<float>().ToArray();
        for (var i = 0; i < Count; i++)
            if (compared[i] is { } two)
                margins[i * model.Layers + model.Layers - 1] = logits[i * model.VocabularySize + two.First] - logits[i * model.VocabularySize + two.Second];
        AddMargins(name, margins, compared);
    }

    /// <summary>What every block's MLP and attention add to the final margin, along one direction per question for all families alike.</summary>
    public void AddAttributions(Trace trace, IReadOnlyList<(int First, int Second)?> compared)
    {
        using var scope = NewDisposeScope();
        Tensor Ids(Func<(int First, int Second), long> of) => tensor(compared.Select(two => two is { } c ? of(c) : 0).ToArray());
        var final = trace[$"blocks.{model.Layers - 1}.resid_post"].squeeze(1);           // [n,D]
        var directions = model.TextModel.LogitDirections(final, Ids(c => c.First), Ids(c => c.Second)).unsqueeze(1);
        foreach (var (name, pattern) in ((string, string)[])[("mlp_attribution", "blocks.*.mlp.out"), ("attention_attribution", "blocks.*.attn.out")])
        {
            var outputs = trace.Stack(pattern).squeeze(2).transpose(0, 1).to(ScalarType.Float32);                 // [n,L,D]
            AddMargins(name, (outputs * directions).sum(-1).cpu().contiguous().data<float>().ToArray(), compared);
        }
    }

    /// <summary>Questions without two tokens have no margin: their rows are NaN, never a number.</summary>
    void AddMargins(string name, float[] margins, IReadOnlyList<(int, int)?> compared)
    {
        for (var i = 0; i < Count; i++)
            if (compared[i] is null) margins.AsSpan(i * model.Layers, model.Layers).Fill(float.NaN);
        all.Add(StoredArray.Of(name, margins, Count, model.Layers));
    }

    void Add(string name, IReadOnlyList<Tensor> maps)
    {
        var stored = cat([.. maps.Select(map => map.reshape(-1))], 0).to(ScalarType.Float16).cpu().contiguous();
        CheckFinite(name, stored);
        all.Add(new StoredArray(name, "F16", stored.shape, stored.bytes.ToArray()));
    }

    /// <summary>[L,H,S] → [L,H,N], by the ids of the prompt's tokens.</summary>
    Tensor Cut(Tensor maps, Prefill prefill, int row)
    {
        var grid = block.Grids[block.ImageOf[row]];
        long[] cells = [.. prefill.KeysOf(row, model.ImageTokenId).Skip(grid.Extra).Select(position => (long)position)];
        if (cells.Length != grid.Cells)
            throw new VrpException($"The prompt of question {block.Questions[row].Id} has {cells.Length} image tokens; its grid has {grid.Cells} cells.");
        return maps.index_select(-1, tensor(cells).to(maps.device)).to(ScalarType.Float32);
    }

    static void CheckFinite(string name, Tensor stored)
    {
        using var scope = NewDisposeScope();
        if (!float.IsFinite(stored.to(ScalarType.Float32).abs().max().item<float>()))
            throw new VrpException($"{name} are not finite as {stored.dtype}. If the model computes in half precision, try --dtype float32; if only the "
                + "stored type is too narrow, --wide-states.");
    }
}
