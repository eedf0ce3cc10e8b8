using System.Buffers;

namespace Vrp.Harness.Probes;

/// <summary>K = Z Zᵀ of standardised rows Z [rows × units], as something that multiplies: all that an L2 probe needs to know of its data.</summary>
abstract class GramOperator
{
    /// <summary>Rows, the size of K.</summary>
    public abstract int Rows { get; }

    /// <summary>result[p] = K·vectors[p] for each of the <paramref name="count"/> vectors, [count × Rows] row-major.</summary>
    public abstract void Apply(ReadOnlySpan<double> vectors, int count, Span<double> result);

    /// <summary>The cheaper form: K itself where there are more units than rows (then it is also the smaller), else the factor Z.</summary>
    public static GramOperator Of(ReadOnlySpan<float> z, int rows, int units) =>
        units >= rows ? new Dense(DotProducts.Gram(z, rows, units), rows) : new Factor(z, rows, units);

    /// <summary>The factor form, of float64 rows.</summary>
    public static GramOperator Of(ReadOnlySpan<double> z, int rows, int units) => new Factor(z, rows, units);

    sealed class Dense(double[] gram, int rows) : GramOperator
    {
        public override int Rows => rows;

        public override void Apply(ReadOnlySpan<double> vectors, int count, Span<double> result) =>
            DotProducts.Multiply(vectors, count, gram, rows, rows, result[..(count * rows)]);
    }

    sealed class Factor : GramOperator
    {
        readonly double[] z;
        readonly double[] transposed;
        readonly int rows;
        readonly int units;

        public Factor(ReadOnlySpan<float> z, int rows, int units) : this(Widen(z), rows, units)
        {
        }

        public Factor(ReadOnlySpan<double> z, int rows, int units)
        {
            (this.z, this.rows, this.units) = (z.ToArray(), rows, units);
            transposed = new double[z.Length];
            for (var i = 0; i < rows; i++)
                for (var u = 0; u < units; u++) transposed[(long)u * rows + i] = z[i * units + u];
        }

        public override int Rows => rows;

        public override void Apply(ReadOnlySpan<double> vectors, int count, Span<double> result)
        {
            // Rented: some hundred kilobytes a step would each time be a large object, and those are collected with everything else.
            var rented = ArrayPool<double>.Shared.Rent(count * units);
            var inUnits = rented.AsSpan(0, count * units);
            DotProducts.Multiply(vectors, count, transposed, units, rows, inUnits);
            DotProducts.Multiply(inUnits, count, z, rows, units, result[..(count * rows)]);
            ArrayPool<double>.Shared.Return(rented);
        }

        static double[] Widen(ReadOnlySpan<float> z)
        {
            var wide = new double[z.Length];
            for (var i = 0; i < wide.Length; i++) wide[i] = z[i];
            return wide;
        }
    }
}
