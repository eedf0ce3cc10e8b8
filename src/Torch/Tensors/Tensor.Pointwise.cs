using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => Op.abs.Call(this);
        public Tensor acos() => Op.acos.Call(this);
        public Tensor asin() => Op.asin.Call(this);
        public Tensor atan() => Op.atan.Call(this);
        public Tensor ceil() => Op.ceil.Call(this);
        public Tensor cos() => Op.cos.Call(this);
        public Tensor cosh() => Op.cosh.Call(this);
        public Tensor digamma() => Op.digamma.Call(this);
        public Tensor erf() => Op.erf.Call(this);
        public Tensor erfc() => Op.erfc.Call(this);
        public Tensor erfinv() => Op.erfinv.Call(this);
        public Tensor exp() => Op.exp.Call(this);
        public Tensor exp2() => Op.exp2.Call(this);
        public Tensor expm1() => Op.expm1.Call(this);
        public Tensor floor() => Op.floor.Call(this);
        public Tensor frac() => Op.frac.Call(this);
        public Tensor isfinite() => Op.isfinite.Call(this);
        public Tensor isinf() => Op.isinf.Call(this);
        public Tensor isnan() => Op.isnan.Call(this);
        public Tensor lgamma() => Op.lgamma.Call(this);
        public Tensor log() => Op.log.Call(this);
        public Tensor log10() => Op.log10.Call(this);
        public Tensor log1p() => Op.log1p.Call(this);
        public Tensor log2() => Op.log2.Call(this);
        public Tensor neg() => Op.neg.Call(this);
        public Tensor reciprocal() => Op.reciprocal.Call(this);
        public Tensor relu() => Op.relu.Call(this);
        public Tensor rsqrt() => Op.rsqrt.Call(this);
        public Tensor sigmoid() => Op.sigmoid.Call(this);
        public Tensor sign() => Op.sign.Call(this);
        public Tensor silu() => Op.silu.Call(this);
        public Tensor sin() => Op.sin.Call(this);
        public Tensor sinh() => Op.sinh.Call(this);
        public Tensor sqrt() => Op.sqrt.Call(this);
        public Tensor tan() => Op.tan.Call(this);
        public Tensor tanh() => Op.tanh.Call(this);
        public Tensor trunc() => Op.trunc.Call(this);
        public Tensor positive() => Op.positive.Call(this);
        public Tensor absolute() => abs();
        public Tensor negative() => neg();
        public Tensor fix() => trunc();
        public Tensor square() => pow(2);
        public Tensor log_sigmoid() => Op.log_sigmoid.Call(this);
        public Tensor round(long decimals = 0L) => decimals == 0 ? Op.round.Call(this) : Op.round_decimals.Call(this, decimals);

        /// <summary>GELU with the error function.</summary>
        public Tensor gelu() => Op.gelu.Call(this);
        /// <summary>GELU, exact or by tanh.</summary>
        public Tensor gelu(Modules.GELU.Approximate approximate) => Op.gelu.Call(this, approximate.ToString());
        public Tensor elu(double alpha = 1) => Op.elu.Call(this, alpha);
        public Tensor leaky_relu(Scalar negative_slope) => Op.leaky_relu.Call(this, negative_slope);
        public Tensor softplus(double beta = 1, double threshold = 20) => Op.softplus.Call(this, beta, threshold);
        public Tensor hardtanh(Scalar min, Scalar max) => Op.hardtanh.Call(this, min, max);
        public Tensor glu(long dim = -1) => Op.glu.Call(this, dim);
        public Tensor logit(double? eps = null) => Op.logit.Call(this, eps);
        public Tensor nan_to_num(double nan = 0d, double? posinf = null, double? neginf = null) => Op.nan_to_num.Call(this, nan, posinf, neginf);
        public Tensor nan_to_num_(double nan = 0d, double? posinf = null, double? neginf = null) => Op.nan_to_num_.InPlace(this, nan, posinf, neginf);

        public Tensor abs_() => Op.abs_.InPlace(this);
        public Tensor ceil_() => Op.ceil_.InPlace(this);
        public Tensor cos_() => Op.cos_.InPlace(this);
        public Tensor erf_() => Op.erf_.InPlace(this);
        public Tensor exp_() => Op.exp_.InPlace(this);
        public Tensor expm1_() => Op.expm1_.InPlace(this);
        public Tensor floor_() => Op.floor_.InPlace(this);
        public Tensor log_() => Op.log_.InPlace(this);
        public Tensor log1p_() => Op.log1p_.InPlace(this);
        public Tensor neg_() => Op.neg_.InPlace(this);
        public Tensor reciprocal_() => Op.reciprocal_.InPlace(this);
        public Tensor relu_() => Op.relu_.InPlace(this);
        public Tensor rsqrt_() => Op.rsqrt_.InPlace(this);
        public Tensor sigmoid_() => Op.sigmoid_.InPlace(this);
        public Tensor sign_() => Op.sign_.InPlace(this);
        public Tensor silu_() => Op.silu_.InPlace(this);
        public Tensor sin_() => Op.sin_.InPlace(this);
        public Tensor sqrt_() => Op.sqrt_.InPlace(this);
        public Tensor tanh_() => Op.tanh_.InPlace(this);
        public Tensor trunc_() => Op.trunc_.InPlace(this);
        public Tensor round_(long decimals = 0L) => decimals == 0 ? Op.round_.InPlace(this) : copy_(round(decimals));
        public Tensor gelu_() => Op.gelu_.InPlace(this);
    }
}
