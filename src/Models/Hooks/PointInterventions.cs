using TorchSharp;
using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Models.Hooks;

/// <summary>All interventions at one point, applied together: requests that follow each other with the same positions become one pair of tensors, so that a
/// batch of a hundred arms costs one <c>where</c>, not a hundred.</summary>
sealed class PointInterventions(HookPoint point) : IDisposable
{
    readonly List<Group> groups = [];
    readonly List<(long[] Shape, int RowsPerPrompt, bool Decoding, Group Group, Tensor Keep, Tensor Offset)> compiled = [];

    sealed record Group(Positions Positions, List<(Intervention Request, InterventionData.Values? Data)> Requests);

    public void Add(Intervention request, InterventionData? data)
    {
        InterventionData.Values? values = null;
        if (request.Kind is InterventionKind.Mean or InterventionKind.Resample)
        {
            if (point.UnitAxis != -1) throw new HookException($"'{request}': {point.Name} takes numbers only. Set or add a number, "
                + "or intervene at attn.z.");
            values = (data ?? new InterventionData()).For(point, request);
        }
        if (groups.Count == 0 || groups[^1].Positions != request.Positions) groups.Add(new Group(request.Positions, []));
        groups[^1].Requests.Add((request, values));
    }

    /// <summary>x [B,…,T,W] (a vision tower's may lack B) with its units changed; x itself stays as it is.</summary>
    public Tensor Apply(Tensor x, int rowsPerPrompt, bool decoding)
    {
        foreach (var group in groups)
        {
            var positions = x.shape[^2];
            if (group.Positions == Positions.All || positions == 1)
                x = ApplyTo(x, group, rowsPerPrompt, decoding);
            else
                x = cat([x.narrow(-2, 0, positions - 1), ApplyTo(x.narrow(-2, positions - 1, 1), group, rowsPerPrompt, decoding)], -2);
        }
        return x;
    }

    Tensor ApplyTo(Tensor x, Group group, int rowsPerPrompt, bool decoding)
    {
        var (keep, offset) = Compile(x, group, rowsPerPrompt, decoding);
        return where(keep, x.Plus(offset), offset);
    }

    /// <summary>The tensors that make y = keep ? x + offset : offset.</summary>
    (Tensor Keep, Tensor Offset) Compile(Tensor x, Group group, int rowsPerPrompt, bool decoding)
    {
        foreach (var done in compiled)
            if (ReferenceEquals(done.Group, group) && done.RowsPerPrompt == rowsPerPrompt && done.Decoding == decoding && done.Shape.SequenceEqual(x.shape))
                return (done.Keep, done.Offset);

        var axis = point.UnitAxis < 0 ? (int)x.dim() + point.UnitAxis : point.UnitAxis;
        int rows = x.dim() > 2 ? (int)x.shape[0] : 1, width = (int)x.shape[axis], length = (int)x.shape[^2];
        var perPosition = group.Requests.Exists(item => item.Data is { Positions: > 1 });
        var spread = perPosition ? length : 1;
        var keep = new bool[rows * spread * width];
        var offset = new float[keep.Length];
        Array.Fill(keep, true);

        foreach (var (request, data) in group.Requests)
        {
            if (decoding && data is { Positions: > 1 }) continue;        // its values are of the prompt's positions
            int[] units = [.. request.Units.Within(width, request.ToString())];
            if (request.Rows is not null && x.dim() <= 2)
                throw new HookException($"'{request}' names rows, and {point.Name} has none ([{string.Join(", ", x.shape)}]: all images in one "
                    + "sequence). Leave the rows out.");
            var chosen = request.Rows is null ? Enumerable.Range(0, rows)
                : request.Rows.Within(rows / rowsPerPrompt, request.ToString()).SelectMany(row => Enumerable.Range(row * rowsPerPrompt, rowsPerPrompt));
            if (data is { } d) CheckData(request, d, rows / rowsPerPrompt, group.Positions == Positions.Last ? null : length, width);
            foreach (var row in chosen)
                for (var position = 0; position < spread; position++)
                {
                    var at = (row * spread + position) * width;
                    foreach (var unit in units)
                    {
                        var value = data?.At(row / rowsPerPrompt, spread - position, unit) ?? request.Value;
                        if (request.Kind == InterventionKind.Add) offset[at + unit] += value;
                        else (keep[at + unit], offset[at + unit]) = (false, value);
                    }
                }
        }

        var shape = new long[x.dim()];
        Array.Fill(shape, 1);
        if (x.dim() > 2) shape[0] = rows;
        shape[^2] = spread;
        shape[axis] = width;
        using var scope = NewDisposeScope();
        var keepTensor = tensor(keep, shape).to(x.device).DetachFromDisposeScope();
        var offsetTensor = tensor(offset, shape).to(x.dtype).to(x.device).DetachFromDisposeScope();
        compiled.Add((x.shape, rowsPerPrompt, decoding, group, keepTensor, offsetTensor));
        return (keepTensor, offsetTensor);
    }

    /// <param name="positions">Length of the tensor; null when only its last position is looked at, which data of any length have.</param>
    void CheckData(Intervention request, InterventionData.Values data, int rows, int? positions, int width)
    {
        if (data.Width != width || (data.Rows != 1 && data.Rows != rows) || (positions is { } t && data.Positions != 1 && data.Positions != t))
            throw new HookException($"'{request}': data of {data.Rows} rows × {data.Positions} positions × {data.Width} units do not fit "
                + $"{point.Name}, which has {rows} rows × {positions?.ToString() ?? "any"} positions × {width} units. Give [W], [B,W] or [B,T,W].");
    }

    public void Dispose()
    {
        foreach (var done in compiled)
        {
            done.Keep.Dispose();
            done.Offset.Dispose();
        }
        compiled.Clear();
    }
}
