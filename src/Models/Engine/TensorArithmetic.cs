using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Models.Engine;

/// <summary>Arithmetic with numbers, and sums of tensors: what has to be written <c>x.Plus(y)</c> here and not <c>x + y</c>.
/// <para>TorchSharp 0.107 turns a number into a native scalar that a finalizer frees, and hands its address to libtorch without holding the object; a sum of
/// two tensors has such a scalar too, its factor 1. A garbage collection that another thread starts in those microseconds frees the number while libtorch reads
/// it: an error ("Expected false to be true", seen once in a test run on a machine with five times as many threads as cores), or another number without a word.
/// Here every scalar is disposed after the call, so that it lives through it. The members that do not do this are banned by the build
/// (BannedSymbols.txt).</para>
/// <para>Tensors need no such care inside a DisposeScope, which holds them. Names that end in <c>InPlace</c> change x and return it.</para></summary>
public static class TensorArithmetic
{
    /// <summary>x + factor · y.</summary>
    public static Tensor Plus(this Tensor x, Tensor y, double factor = 1)
    {
        using var scalar = Whole(factor);
        return x.add(y, scalar);
    }

    /// <summary>x + number, in x's type.</summary>
    public static Tensor Plus(this Tensor x, double number)
    {
        using var scalar = Whole(number);
        using var one = Whole(1);
        return x.add(scalar, one);
    }

    /// <summary>x - number, in x's type.</summary>
    public static Tensor Minus(this Tensor x, double number) => x.Plus(-number);

    /// <summary>number · x, in x's type.</summary>
    public static Tensor Times(this Tensor x, double number)
    {
        using var scalar = Whole(number);
        return x.mul(scalar);
    }

    /// <summary>x / number; an integer tensor becomes one of float32.</summary>
    public static Tensor Over(this Tensor x, double number)
    {
        using var scalar = Whole(number);
        return x.div(scalar);
    }

    /// <summary>x², element by element.</summary>
    public static Tensor Squared(this Tensor x) => x.mul(x);

    /// <summary>Each element at most the number.</summary>
    public static Tensor AtMost(this Tensor x, double number)
    {
        using var scalar = Whole(number);
        return x.clamp_max(scalar);
    }

    /// <summary>bool: which elements are above the number.</summary>
    public static Tensor IsAbove(this Tensor x, double number)
    {
        using var scalar = Whole(number);
        return x.gt(scalar);
    }

    /// <summary>x += factor · y.</summary>
    public static Tensor PlusInPlace(this Tensor x, Tensor y, double factor = 1)
    {
        using var scalar = Whole(factor);
        return x.add_(y, scalar);
    }

    /// <summary>x += number.</summary>
    public static Tensor PlusInPlace(this Tensor x, double number)
    {
        using var scalar = Whole(number);
        using var one = Whole(1);
        return x.add_(scalar, one);
    }

    /// <summary>x += factor · y · z, element by element.</summary>
    public static Tensor PlusProductInPlace(this Tensor x, Tensor y, Tensor z, double factor)
    {
        using var scalar = Whole(factor);
        return x.addcmul_(y, z, scalar);
    }

    /// <summary>x *= number.</summary>
    public static Tensor TimesInPlace(this Tensor x, double number)
    {
        using var scalar = Whole(number);
        return x.mul_(scalar);
    }

    /// <summary>Every element of x becomes the number.</summary>
    public static Tensor FillInPlace(this Tensor x, double number)
    {
        using var scalar = Whole(number);
        return x.fill_(scalar);
    }

    /// <summary>x with the number where the mask is true.</summary>
    public static Tensor Masked(this Tensor x, Tensor mask, double number)
    {
        using var scalar = Whole(number);
        return x.masked_fill(mask, scalar);
    }

    /// <summary>A tensor of one number everywhere.</summary>
    public static Tensor Filled(long[] shape, double number, ScalarType dtype = ScalarType.Float32, Device? device = null)
    {
        using var scalar = number.ToScalar();
        return full(shape, scalar, dtype: dtype, device: device);
    }

    /// <summary>from, from + 1, … as int64, count of them.</summary>
    public static Tensor Count(long from, long count, Device? device = null) =>
        tensor(Enumerable.Range(0, checked((int)count)).Select(i => from + i).ToArray(), device: device);

    /// <summary>A whole number goes over as one, so that integer tensors stay integer; the kernels of floating types compute with the same value either
    /// way.</summary>
    static Scalar Whole(double number) => number == Math.Floor(number) && Math.Abs(number) < 1L << 53 ? ((long)number).ToScalar() : number.ToScalar();
}
