using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Fills and draws. Without a generator the device's default one is used, which manual_seed seeds.
    public partial class Tensor
    {
        public Tensor uniform_(double from, double to, Generator? generator = null) => Op.uniform_.InPlace(this, from, to, generator);
        public Tensor normal_(double mean = 0.0, double std = 1.0, Generator? generator = null) => Op.normal_.InPlace(this, mean, std, generator);
        public Tensor exponential_(double lambda = 1.0, Generator? generator = null) => Op.exponential_.InPlace(this, lambda, generator);
        public Tensor random_(double from, double to, Generator? generator = null) => Op.random_.InPlace(this, (long)from, (long)to, generator);
        public Tensor bernoulli(Generator? generator = null) => Op.bernoulli.Call(this, generator);
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Op.bernoulli_.InPlace(this, p, generator);
        public Tensor poisson(Generator? generator = null) => Op.poisson.Call(this, generator);

        /// <summary>int64 indices drawn with the rows' weights as probabilities.</summary>
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Op.multinomial.Call(this, num_samples, replacement, generator);

        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Like(Op.empty_like, dtype, device, requires_grad);
        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Like(Op.zeros_like, dtype, device, requires_grad);
        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Like(Op.ones_like, dtype, device, requires_grad);
        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Like(Op.rand_like, dtype, device, requires_grad);
        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Like(Op.randn_like, dtype, device, requires_grad);
        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            WithGrad(Op.full_like.Call(this, value, dtype, Argument.None, device), requires_grad);

        public Tensor new_zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            zeros(size, dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            empty(size, dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            full(size, value, dtype ?? this.dtype, device ?? this.device, requires_grad);

        Tensor Like(Operator factory, ScalarType? dtype, Device? device, bool requires_grad) =>
            WithGrad(factory.Call(this, dtype, Argument.None, device), requires_grad);

        static Tensor WithGrad(Tensor created, bool requires_grad) => requires_grad ? created.requires_grad_() : created;
    }
}
