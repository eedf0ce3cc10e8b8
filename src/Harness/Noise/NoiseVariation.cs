using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace Vrp.Harness.Noise;

/// <summary>One way of computing the same thing: it may change the last bits of a result and nothing else.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Threads">CPU threads.</param>
/// <param name="Block">Questions per batch.</param>
/// <param name="Aten">ATEN_CPU_CAPABILITY: the instructions of libtorch's own kernels; null = what it chooses.</param>
/// <param name="OpenBlas">OPENBLAS_CORETYPE: the kernels of matrix products; null = what it chooses.</param>
public sealed record NoiseVariation(string Name, int Threads, int Block, string? Aten = null, string? OpenBlas = null)
{
    /// <summary>As `vrp study` takes it.</summary>
    public IReadOnlyList<string> Arguments => ["--threads", Threads.ToString(CultureInfo.InvariantCulture), "--block", Block.ToString(CultureInfo.InvariantCulture)];

    /// <summary>The variations that this processor can compute; the first is what a user gets. An instruction set that it lacks would end the program, so it is left out.</summary>
    /// <param name="onCpu">Whether the model runs on the CPU: elsewhere only the batch's size varies.</param>
    /// <param name="block">The usual block.</param>
    /// <param name="threads">The usual threads.</param>
    public static IReadOnlyList<NoiseVariation> ForThisMachine(bool onCpu, int block, int threads) => For(onCpu, block, threads, Sse42.IsSupported, Avx2.IsSupported, Avx512F.IsSupported && Avx512DQ.IsSupported && Avx512BW.IsSupported);

    internal static IReadOnlyList<NoiseVariation> For(bool onCpu, int block, int threads, bool sse, bool avx2, bool avx512)
    {
        var usual = new NoiseVariation("as usual", threads, block);
        var list = new List<NoiseVariation> { usual };
        foreach (var size in new[] { 24, 48, 96 })
            if (size != block) list.Add(usual with { Name = $"block {size}", Block = size });
        if (!onCpu) return list;
        foreach (var count in new[] { 1, 2 })
            if (count != threads) list.Add(usual with { Name = $"{count} thread{(count == 1 ? "" : "s")}", Threads = count });
        // Names of ATen's and OpenBLAS's own.
        foreach (var (aten, there) in new[] { ("default", true), ("avx2", avx2), ("avx512", avx512) })
            if (there) list.Add(usual with { Name = $"ATen {aten}", Aten = aten });
        foreach (var (core, there) in new[] { ("Prescott", sse), ("Nehalem", sse), ("Haswell", avx2), ("Zen", avx2), ("SkylakeX", avx512) })
            if (there) list.Add(usual with { Name = $"OpenBLAS {core}", OpenBlas = core });
        // As far from a new processor as x86-64 goes.
        if (sse) list.Add(usual with { Name = "SSE throughout, 1 thread", Threads = 1, Aten = "default", OpenBlas = "Prescott" });
        return list;
    }
}
