namespace Vrp.Models.Checkpoints;

/// <summary>A tensor with values that no computation survives.</summary>
/// <param name="Name">Canonical name.</param>
/// <param name="NonFinite">Stored values that are NaN or infinite.</param>
/// <param name="Overflowing">Finite values that would become infinite in the dtype asked for.</param>
/// <param name="First">Index of the first of either, in the tensor's shape.</param>
public sealed record NonFiniteTensor(string Name, long NonFinite, long Overflowing, long[] First);
