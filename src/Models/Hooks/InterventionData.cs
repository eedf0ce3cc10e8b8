using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Models.Hooks;

/// <summary>The values of <c>mean</c> and <c>resample</c> interventions, per hook point: float32 of shape [W] (one for all rows), [B,W] (one per row of the
/// batch) or [B,T,W] (one per position of the prompt), W being the point's last dimension.</summary>
public sealed class InterventionData
{
    readonly Dictionary<(string Point, InterventionKind Kind), Values> all = [];

    /// <summary>Rows and Positions are 1 where the values hold for all of them.</summary>
    internal readonly record struct Values(float[] Data, int Rows, int Positions, int Width)
    {
        /// <param name="row">The prompt.</param>
        /// <param name="fromEnd">The position, counted from the end: 1 is the last.</param>
        /// <param name="unit">The coordinate.</param>
        public float At(int row, int fromEnd, int unit) =>
            Data[((Rows == 1 ? 0 : row) * Positions + (Positions == 1 ? 0 : Positions - fromEnd)) * Width + unit];
    }

    /// <summary>Gives the data of one point. The values are copied; the tensor stays the caller's.</summary>
    public InterventionData Add(string point, InterventionKind kind, Tensor values)
    {
        if (kind is not (InterventionKind.Mean or InterventionKind.Resample))
            throw new ArgumentException($"Only mean and resample interventions take data, not {kind}.", nameof(kind));
        var shape = values.shape;
        if (shape.Length is < 1 or > 3) throw new HookException($"Data for {kind} at '{point}' have shape [{string.Join(", ", shape)}]; "
            + "expected [W], [B,W] or [B,T,W].");
        using var host = values.detach().to(ScalarType.Float32).cpu().contiguous();
        all[(point, kind)] = new(host.data<float>().ToArray(), shape.Length == 1 ? 1 : (int)shape[0], shape.Length == 3 ? (int)shape[1] : 1, (int)shape[^1]);
        return this;
    }

    internal Values For(HookPoint point, Intervention request) =>
        all.TryGetValue((point.Name, request.Kind), out var values) ? values
            : throw new HookException($"'{request}' has no data for {point.Name}; expected {request.Kind.ToString().ToLowerInvariant()} values "
                + "of shape [W], [B,W] or [B,T,W]. Add them to the forward's InterventionData.");
}
