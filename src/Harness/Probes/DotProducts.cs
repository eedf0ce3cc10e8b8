using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Vrp.Harness.Probes;

/// <summary>Dense products of rows with rows, R[i, j] = Σ_k A[i, k] B[j, k], all row-major: Gram matrices and their application to many vectors at
/// once.</summary>
/// <remarks>Own code and no BLAS, for the bits: OpenBLAS picks a kernel by processor and splits by threads, and either changes last digits. Here every sum is
/// made in one stated order — lane k mod 16 (float32) or k mod 8 (float64), blocks of <see cref="DepthFloat"/> or <see cref="DepthDouble"/>, fused
/// multiply-adds, lanes added in halves, remainder last — so the result is the same to the byte on every processor, with and without AVX-512, whatever the
/// blocking and the number of threads. float32 lanes are emptied into float64 after every block, so the relative error stays near 1e-7. Single-threaded:
/// callers run layers in parallel.</remarks>
static unsafe class DotProducts
{
    /// <summary>Columns per block: 4 + 4 rows of 4 KB lie in the first-level cache.</summary>
    internal const int DepthFloat = 1024;

    /// <summary>Columns per block of float64: the same 4 KB.</summary>
    internal const int DepthDouble = 512;

    /// <summary>Rows of B per tile: 128 KB, which lie in the second-level cache while all of A passes.</summary>
    const int Tile = 32;

    /// <summary>G[i, j] = x_i · x_j of float32 rows [rows × columns], symmetric, float64 [rows × rows].</summary>
    public static double[] Gram(ReadOnlySpan<float> x, int rows, int columns)
    {
        var gram = new double[(long)rows * rows];
        fixed (float* a = x)
        fixed (double* r = gram)
            Blocks(a, rows, a, rows, columns, r, lowerOnly: true, Vector512.IsHardwareAccelerated);
        for (var i = 0; i < rows; i++)
            for (var j = i + 1; j < rows; j++) gram[(long)i * rows + j] = gram[(long)j * rows + i];
        return gram;
    }

    /// <summary>R [rowsA × rowsB] of float32 rows, summed in float64.</summary>
    public static void Multiply(ReadOnlySpan<float> a, int rowsA, ReadOnlySpan<float> b, int rowsB, int columns, Span<double> result, bool? wide = null)
    {
        result.Clear();
        fixed (float* pa = a, pb = b)
        fixed (double* r = result)
            Blocks(pa, rowsA, pb, rowsB, columns, r, lowerOnly: false, wide ?? Vector512.IsHardwareAccelerated);
    }

    /// <summary>R [rowsA × rowsB] of float64 rows.</summary>
    public static void Multiply(ReadOnlySpan<double> a, int rowsA, ReadOnlySpan<double> b, int rowsB, int columns, Span<double> result, bool? wide = null)
    {
        result.Clear();
        fixed (double* pa = a, pb = b, r = result)
            Blocks(pa, rowsA, pb, rowsB, columns, r, wide ?? Vector512.IsHardwareAccelerated);
    }

    static void Blocks(float* a, int rowsA, float* b, int rowsB, int columns, double* r, bool lowerOnly, bool wide)
    {
        for (var k = 0; k < columns; k += DepthFloat)
        {
            var depth = Math.Min(DepthFloat, columns - k);
            for (var tile = 0; tile < rowsB; tile += Tile)
                for (var i = lowerOnly ? tile / 4 * 4 : 0; i < rowsA; i += 4)
                    for (var j = tile; j < Math.Min(tile + Tile, rowsB); j += 4)
                    {
                        if (lowerOnly && j > i + 3) break;
                        int heightA = Math.Min(4, rowsA - i), heightB = Math.Min(4, rowsB - j);
                        float* pa = a + (long)i * columns + k, pb = b + (long)j * columns + k;
                        var pr = r + (long)i * rowsB + j;
                        if (heightA < 4 || heightB < 4)
                            for (var u = 0; u < heightA; u++)
                                for (var v = 0; v < heightB; v++) pr[(long)u * rowsB + v] += Dot(pa + (long)u * columns, pb + (long)v * columns, depth);
                        else if (wide) Dots4x4(pa, pb, columns, depth, pr, rowsB);
                        else
                            for (var u = 0; u < 4; u += 2)
                                for (var v = 0; v < 4; v += 2) Dots2x2(pa + (long)u * columns, pb + (long)v * columns, columns, depth, pr + (long)u * rowsB + v,
                                    rowsB);
                    }
        }
    }

    static void Blocks(double* a, int rowsA, double* b, int rowsB, int columns, double* r, bool wide)
    {
        for (var k = 0; k < columns; k += DepthDouble)
        {
            var depth = Math.Min(DepthDouble, columns - k);
            for (var tile = 0; tile < rowsB; tile += Tile)
                for (var i = 0; i < rowsA; i += 4)
                    for (var j = tile; j < Math.Min(tile + Tile, rowsB); j += 4)
                    {
                        int heightA = Math.Min(4, rowsA - i), heightB = Math.Min(4, rowsB - j);
                        double* pa = a + (long)i * columns + k, pb = b + (long)j * columns + k;
                        var pr = r + (long)i * rowsB + j;
                        if (heightA < 4 || heightB < 4)
                            for (var u = 0; u < heightA; u++)
                                for (var v = 0; v < heightB; v++) pr[(long)u * rowsB + v] += Dot(pa + (long)u * columns, pb + (long)v * columns, depth);
                        else if (wide) Dots4x4(pa, pb, columns, depth, pr, rowsB);
                        else
                            for (var u = 0; u < 4; u += 2)
                                for (var v = 0; v < 4; v += 2) Dots2x2(pa + (long)u * columns, pb + (long)v * columns, columns, depth, pr + (long)u * rowsB + v,
                                    rowsB);
                    }
        }
    }

    // Sixteen accumulators of one register each: eight loads feed sixteen multiply-adds, and nothing is spilled.
    static void Dots4x4(float* a, float* b, int stride, int depth, double* r, int width)
    {
        float* a1 = a + stride, a2 = a1 + stride, a3 = a2 + stride, b1 = b + stride, b2 = b1 + stride, b3 = b2 + stride;
        Vector512<float> c00 = default, c01 = default, c02 = default, c03 = default, c10 = default, c11 = default, c12 = default, c13 = default;
        Vector512<float> c20 = default, c21 = default, c22 = default, c23 = default, c30 = default, c31 = default, c32 = default, c33 = default;
        var k = 0;
        for (; k <= depth - 16; k += 16)
        {
            Vector512<float> y0 = Vector512.Load(b + k), y1 = Vector512.Load(b1 + k), y2 = Vector512.Load(b2 + k), y3 = Vector512.Load(b3 + k);
            var x = Vector512.Load(a + k);
            (c00, c01, c02, c03) = (Fused(x, y0, c00), Fused(x, y1, c01), Fused(x, y2, c02), Fused(x, y3, c03));
            x = Vector512.Load(a1 + k);
            (c10, c11, c12, c13) = (Fused(x, y0, c10), Fused(x, y1, c11), Fused(x, y2, c12), Fused(x, y3, c13));
            x = Vector512.Load(a2 + k);
            (c20, c21, c22, c23) = (Fused(x, y0, c20), Fused(x, y1, c21), Fused(x, y2, c22), Fused(x, y3, c23));
            x = Vector512.Load(a3 + k);
            (c30, c31, c32, c33) = (Fused(x, y0, c30), Fused(x, y1, c31), Fused(x, y2, c32), Fused(x, y3, c33));
        }

        Add(r, a, b, b1, b2, b3, k, depth, c00, c01, c02, c03);
        Add(r + width, a1, b, b1, b2, b3, k, depth, c10, c11, c12, c13);
        Add(r + 2L * width, a2, b, b1, b2, b3, k, depth, c20, c21, c22, c23);
        Add(r + 3L * width, a3, b, b1, b2, b3, k, depth, c30, c31, c32, c33);
    }

    static void Dots4x4(double* a, double* b, int stride, int depth, double* r, int width)
    {
        double* a1 = a + stride, a2 = a1 + stride, a3 = a2 + stride, b1 = b + stride, b2 = b1 + stride, b3 = b2 + stride;
        Vector512<double> c00 = default, c01 = default, c02 = default, c03 = default, c10 = default, c11 = default, c12 = default, c13 = default;
        Vector512<double> c20 = default, c21 = default, c22 = default, c23 = default, c30 = default, c31 = default, c32 = default, c33 = default;
        var k = 0;
        for (; k <= depth - 8; k += 8)
        {
            Vector512<double> y0 = Vector512.Load(b + k), y1 = Vector512.Load(b1 + k), y2 = Vector512.Load(b2 + k), y3 = Vector512.Load(b3 + k);
            var x = Vector512.Load(a + k);
            (c00, c01, c02, c03) = (Fused(x, y0, c00), Fused(x, y1, c01), Fused(x, y2, c02), Fused(x, y3, c03));
            x = Vector512.Load(a1 + k);
            (c10, c11, c12, c13) = (Fused(x, y0, c10), Fused(x, y1, c11), Fused(x, y2, c12), Fused(x, y3, c13));
            x = Vector512.Load(a2 + k);
            (c20, c21, c22, c23) = (Fused(x, y0, c20), Fused(x, y1, c21), Fused(x, y2, c22), Fused(x, y3, c23));
            x = Vector512.Load(a3 + k);
            (c30, c31, c32, c33) = (Fused(x, y0, c30), Fused(x, y1, c31), Fused(x, y2, c32), Fused(x, y3, c33));
        }

        Add(r, a, b, b1, b2, b3, k, depth, c00, c01, c02, c03);
        Add(r + width, a1, b, b1, b2, b3, k, depth, c10, c11, c12, c13);
        Add(r + 2L * width, a2, b, b1, b2, b3, k, depth, c20, c21, c22, c23);
        Add(r + 3L * width, a3, b, b1, b2, b3, k, depth, c30, c31, c32, c33);
    }

    // Eight accumulators hide the latency of the multiply-adds on processors with registers of 256 bits; a row's lanes are two of them, so the sums are those
    // of the wide kernel.
    static void Dots2x2(float* a, float* b, int stride, int depth, double* r, int width)
    {
        float* a1 = a + stride, b1 = b + stride;
        Vector256<float> l00 = default, l01 = default, l10 = default, l11 = default, h00 = default, h01 = default, h10 = default, h11 = default;
        var k = 0;
        for (; k <= depth - 16; k += 16)
        {
            Vector256<float> x0 = Vector256.Load(a + k), x1 = Vector256.Load(a1 + k), y0 = Vector256.Load(b + k), y1 = Vector256.Load(b1 + k);
            (l00, l01, l10, l11) = (Fused(x0, y0, l00), Fused(x0, y1, l01), Fused(x1, y0, l10), Fused(x1, y1, l11));
            (x0, x1, y0, y1) = (Vector256.Load(a + k + 8), Vector256.Load(a1 + k + 8), Vector256.Load(b + k + 8), Vector256.Load(b1 + k + 8));
            (h00, h01, h10, h11) = (Fused(x0, y0, h00), Fused(x0, y1, h01), Fused(x1, y0, h10), Fused(x1, y1, h11));
        }

        r[0] += Sum(l00 + h00) + Rest(a, b, k, depth);
        r[1] += Sum(l01 + h01) + Rest(a, b1, k, depth);
        r[width] += Sum(l10 + h10) + Rest(a1, b, k, depth);
        r[width + 1] += Sum(l11 + h11) + Rest(a1, b1, k, depth);
    }

    static void Dots2x2(double* a, double* b, int stride, int depth, double* r, int width)
    {
        double* a1 = a + stride, b1 = b + stride;
        Vector256<double> l00 = default, l01 = default, l10 = default, l11 = default, h00 = default, h01 = default, h10 = default, h11 = default;
        var k = 0;
        for (; k <= depth - 8; k += 8)
        {
            Vector256<double> x0 = Vector256.Load(a + k), x1 = Vector256.Load(a1 + k), y0 = Vector256.Load(b + k), y1 = Vector256.Load(b1 + k);
            (l00, l01, l10, l11) = (Fused(x0, y0, l00), Fused(x0, y1, l01), Fused(x1, y0, l10), Fused(x1, y1, l11));
            (x0, x1, y0, y1) = (Vector256.Load(a + k + 4), Vector256.Load(a1 + k + 4), Vector256.Load(b + k + 4), Vector256.Load(b1 + k + 4));
            (h00, h01, h10, h11) = (Fused(x0, y0, h00), Fused(x0, y1, h01), Fused(x1, y0, h10), Fused(x1, y1, h11));
        }

        r[0] += Sum(l00 + h00) + Rest(a, b, k, depth);
        r[1] += Sum(l01 + h01) + Rest(a, b1, k, depth);
        r[width] += Sum(l10 + h10) + Rest(a1, b, k, depth);
        r[width + 1] += Sum(l11 + h11) + Rest(a1, b1, k, depth);
    }

    /// <summary>One dot product in the same order of sums, in halves of 256 bits: for the rows left over.</summary>
    static double Dot(float* a, float* b, int depth)
    {
        Vector256<float> low = default, high = default;
        var k = 0;
        for (; k <= depth - 16; k += 16)
        {
            low = Vector256.FusedMultiplyAdd(Vector256.Load(a + k), Vector256.Load(b + k), low);
            high = Vector256.FusedMultiplyAdd(Vector256.Load(a + k + 8), Vector256.Load(b + k + 8), high);
        }

        return Sum(low + high) + Rest(a, b, k, depth);
    }

    static double Dot(double* a, double* b, int depth)
    {
        Vector256<double> low = default, high = default;
        var k = 0;
        for (; k <= depth - 8; k += 8)
        {
            low = Vector256.FusedMultiplyAdd(Vector256.Load(a + k), Vector256.Load(b + k), low);
            high = Vector256.FusedMultiplyAdd(Vector256.Load(a + k + 4), Vector256.Load(b + k + 4), high);
        }

        return Sum(low + high) + Rest(a, b, k, depth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(double* r, float* a, float* b0, float* b1, float* b2, float* b3, int k, int depth, Vector512<float> c0, Vector512<float> c1,
        Vector512<float> c2, Vector512<float> c3)
    {
        r[0] += Sum(c0.GetLower() + c0.GetUpper()) + Rest(a, b0, k, depth);
        r[1] += Sum(c1.GetLower() + c1.GetUpper()) + Rest(a, b1, k, depth);
        r[2] += Sum(c2.GetLower() + c2.GetUpper()) + Rest(a, b2, k, depth);
        r[3] += Sum(c3.GetLower() + c3.GetUpper()) + Rest(a, b3, k, depth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(double* r, double* a, double* b0, double* b1, double* b2, double* b3, int k, int depth, Vector512<double> c0, Vector512<double> c1,
        Vector512<double> c2, Vector512<double> c3)
    {
        r[0] += Sum(c0.GetLower() + c0.GetUpper()) + Rest(a, b0, k, depth);
        r[1] += Sum(c1.GetLower() + c1.GetUpper()) + Rest(a, b1, k, depth);
        r[2] += Sum(c2.GetLower() + c2.GetUpper()) + Rest(a, b2, k, depth);
        r[3] += Sum(c3.GetLower() + c3.GetUpper()) + Rest(a, b3, k, depth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Fused(Vector512<float> x, Vector512<float> y, Vector512<float> sum) => Vector512.FusedMultiplyAdd(x, y, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<double> Fused(Vector512<double> x, Vector512<double> y, Vector512<double> sum) => Vector512.FusedMultiplyAdd(x, y, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Fused(Vector256<float> x, Vector256<float> y, Vector256<float> sum) => Vector256.FusedMultiplyAdd(x, y, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Fused(Vector256<double> x, Vector256<double> y, Vector256<double> sum) => Vector256.FusedMultiplyAdd(x, y, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double Sum(Vector256<float> lanes)
    {
        var four = lanes.GetLower() + lanes.GetUpper();
        return ((double)four.GetElement(0) + four.GetElement(1)) + ((double)four.GetElement(2) + four.GetElement(3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double Sum(Vector256<double> lanes)
    {
        var two = lanes.GetLower() + lanes.GetUpper();
        return two.GetElement(0) + two.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double Rest(float* a, float* b, int k, int depth)
    {
        var sum = 0.0;
        for (; k < depth; k++) sum += (double)a[k] * b[k];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double Rest(double* a, double* b, int k, int depth)
    {
        var sum = 0.0;
        for (; k < depth; k++) sum += a[k] * b[k];
        return sum;
    }
}
