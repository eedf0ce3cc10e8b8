using System.Runtime.Intrinsics.X86;

namespace Vrp.Harness.Noise;

/// <summary>One way of computing the same thing: it may change the last bits of a result and nothing else.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Variables">Environment variables that it sets.</param>
/// <param name="Needs">The instructions that the processor must have; null: none.</param>
public sealed record NoiseVariation(string Name, IReadOnlyDictionary<string, string> Variables, string? Needs = null)
{
    /// <summary>The variables that choose kernels: libtorch's own (ATen), oneDNN's (convolutions) and MKL's (matrix products). A variation sets all of
    /// them or removes them.</summary>
    public static readonly IReadOnlyList<string> Kernels = ["ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "MKL_ENABLE_INSTRUCTIONS", "MKL_CBWR"];

    /// <summary>What this processor can compute.</summary>
    public static IReadOnlySet<string> Instructions { get; } = new (string Name, bool IsThere)[]
    {
        ("SSE4.2", Sse42.IsSupported), ("AVX2", Avx2.IsSupported), ("AVX-512", Avx512F.IsSupported && Avx512DQ.IsSupported && Avx512BW.IsSupported),
    }.Where(set => set.IsThere).Select(set => set.Name).ToHashSet();

    /// <summary>All variations; the first is what a user gets.</summary>
    /// <param name="onCpu">Whether the models run on the CPU: elsewhere only the batch's size varies.</param>
    /// <param name="block">The usual block.</param>
    /// <param name="threads">The usual threads.</param>
    public static IReadOnlyList<NoiseVariation> All(bool onCpu, int block, int threads)
    {
        var list = new List<NoiseVariation> { new("as usual", Set()) };
        foreach (var size in new[] { 24, 48, 96 })
            if (size != block) list.Add(new($"block {size}", Set(("VRP_BLOCK", $"{size}"))));
        if (!onCpu) return list;
        foreach (var count in new[] { 1, 2 })
            if (count != threads) list.Add(new($"{count} thread{(count == 1 ? "" : "s")}", Set(("VRP_THREADS", $"{count}"))));
        list.AddRange(
        [
            new("ATen default", Set(("ATEN_CPU_CAPABILITY", "default"))),
            new("ATen avx2", Set(("ATEN_CPU_CAPABILITY", "avx2")), "AVX2"),
            new("ATen avx512", Set(("ATEN_CPU_CAPABILITY", "avx512")), "AVX-512"),
            new("oneDNN SSE41", Set(("ONEDNN_MAX_CPU_ISA", "SSE41")), "SSE4.2"),
            new("oneDNN AVX2", Set(("ONEDNN_MAX_CPU_ISA", "AVX2")), "AVX2"),
            new("MKL compatible", Set(("MKL_CBWR", "COMPATIBLE"))),
            new("MKL SSE4_2", Set(("MKL_ENABLE_INSTRUCTIONS", "SSE4_2")), "SSE4.2"),
            new("MKL AVX2", Set(("MKL_ENABLE_INSTRUCTIONS", "AVX2")), "AVX2"),
            new("MKL AVX512", Set(("MKL_ENABLE_INSTRUCTIONS", "AVX512")), "AVX-512"),
            // Whole machines: one without AVX, and one of the commonest kind.
            new("SSE throughout", Set(("ATEN_CPU_CAPABILITY", "default"), ("ONEDNN_MAX_CPU_ISA", "SSE41"),
                ("MKL_ENABLE_INSTRUCTIONS", "SSE4_2"), ("MKL_CBWR", "COMPATIBLE")), "SSE4.2"),
            new("AVX2 throughout", Set(("ATEN_CPU_CAPABILITY", "avx2"), ("ONEDNN_MAX_CPU_ISA", "AVX2"), ("MKL_ENABLE_INSTRUCTIONS", "AVX2")), "AVX2"),
        ]);
        return list;
    }

    static Dictionary<string, string> Set(params IEnumerable<(string Name, string Value)> variables) =>
        variables.ToDictionary(variable => variable.Name, variable => variable.Value);
}
