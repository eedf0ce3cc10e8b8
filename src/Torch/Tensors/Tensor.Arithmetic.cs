using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>How a quotient becomes an integer: not at all, towards zero, or downwards.</summary>
    public enum RoundingMode { None, trunc, floor }

    public partial class Tensor
    {
        static string? Mode(RoundingMode mode) => mode == RoundingMode.None ? null : mode == RoundingMode.trunc ? "trunc" : "floor";

        public Tensor add(Tensor target) => Op.add.Call(this, target);
        public Tensor add(Tensor target, Scalar alpha) => Op.add.Call(this, target, alpha);
        public Tensor add(Scalar scalar) => Op.add_Scalar.Call(this, scalar);
        public Tensor add(Scalar scalar, Scalar alpha) => Op.add_Scalar.Call(this, scalar, alpha);
        public Tensor add_(Tensor target) => Op.add_.InPlace(this, target);
        public Tensor add_(Tensor target, Scalar alpha) => Op.add_.InPlace(this, target, alpha);
        public Tensor add_(Scalar scalar) => Op.add__Scalar.InPlace(this, scalar);
        public Tensor add_(Scalar scalar, Scalar alpha) => Op.add__Scalar.InPlace(this, scalar, alpha);

        public Tensor sub(Tensor target) => Op.sub.Call(this, target);
        public Tensor sub(Scalar target) => Op.sub_Scalar.Call(this, target);
        public Tensor subtract(Tensor target) => sub(target);
        public Tensor subtract(Scalar target) => sub(target);
        public Tensor sub_(Tensor target) => Op.sub_.InPlace(this, target);
        public Tensor sub_(Scalar target) => Op.sub__Scalar.InPlace(this, target);

        public Tensor mul(Tensor target) => Op.mul.Call(this, target);
        public Tensor mul(Scalar target) => Op.mul_Scalar.Call(this, target);
        public Tensor multiply(Tensor target) => mul(target);
        public Tensor multiply(Scalar target) => mul(target);
        public Tensor mul_(Tensor target) => Op.mul_.InPlace(this, target);
        public Tensor mul_(Scalar target) => Op.mul__Scalar.InPlace(this, target);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Op.div.Call(this, target, Mode(rounding_mode));
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Op.div_Scalar.Call(this, target, Mode(rounding_mode));
        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Op.div_.InPlace(this, target, Mode(rounding_mode));
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Op.div__Scalar.InPlace(this, target, Mode(rounding_mode));
        public Tensor true_divide(Tensor other) => div(other);
        public Tensor true_divide(Scalar other) => div(other);
        public Tensor floor_divide(Tensor other) => div(other, RoundingMode.floor);
        public Tensor floor_divide(Scalar other) => div(other, RoundingMode.floor);

        public Tensor remainder(Tensor target) => Op.remainder.Call(this, target);
        public Tensor remainder(Scalar scalar) => Op.remainder_Scalar.Call(this, scalar);
        public Tensor fmod(Tensor target) => Op.fmod.Call(this, target);
        public Tensor fmod(Scalar scalar) => Op.fmod_Scalar.Call(this, scalar);

        public Tensor pow(Tensor exponent) => Op.pow.Call(this, exponent);
        public Tensor pow(Scalar exponent) => Op.pow_Scalar.Call(this, exponent);
        public Tensor pow_(Tensor exponent) => Op.pow_.InPlace(this, exponent);
        public Tensor pow_(Scalar exponent) => Op.pow__Scalar.InPlace(this, exponent);

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Op.addcmul.Call(this, tensor1, tensor2, value);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Op.addcmul_.InPlace(this, tensor1, tensor2, value);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Op.addcdiv.Call(this, tensor1, tensor2, value);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Op.addcdiv.Call(this, tensor1, tensor2);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Op.addcdiv_.InPlace(this, tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Op.addcdiv_.InPlace(this, tensor1, tensor2);

        public Tensor lerp(Tensor end, Tensor weight) => Op.lerp.Call(this, end, weight);
        public Tensor lerp_(Tensor end, Tensor weight) => Op.lerp_.InPlace(this, end, weight);
        public Tensor atan2(Tensor other) => Op.atan2.Call(this, other);
        public Tensor hypot(Tensor other) => Op.hypot.Call(this, other);
        public Tensor copysign(Tensor other) => Op.copysign.Call(this, other);
        public Tensor logaddexp(Tensor other) => Op.logaddexp.Call(this, other);
        public Tensor xlogy(Tensor y) => Op.xlogy.Call(this, y);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Op.clamp.Call(this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Op.clamp_Tensor.Call(this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Op.clamp_.InPlace(this, min, max);
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Op.clamp__Tensor.InPlace(this, min, max);
        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);
        public Tensor clamp_min(Scalar min) => Op.clamp_min.Call(this, min);
        public Tensor clamp_max(Scalar max) => Op.clamp_max.Call(this, max);
        public Tensor clamp_min_(Scalar min) => Op.clamp_min_.InPlace(this, min);
        public Tensor clamp_max_(Scalar max) => Op.clamp_max_.InPlace(this, max);

        public Tensor bitwise_and(Tensor other) => Op.bitwise_and.Call(this, other);
        public Tensor bitwise_or(Tensor other) => Op.bitwise_or.Call(this, other);
        public Tensor bitwise_xor(Tensor other) => Op.bitwise_xor.Call(this, other);
        public Tensor bitwise_not() => Op.bitwise_not.Call(this);
        public Tensor bitwise_left_shift(Tensor other) => Op.bitwise_left_shift.Call(this, other);
        public Tensor bitwise_right_shift(Tensor other) => Op.bitwise_right_shift.Call(this, other);
        public Tensor logical_and(Tensor other) => Op.logical_and.Call(this, other);
        public Tensor logical_or(Tensor other) => Op.logical_or.Call(this, other);
        public Tensor logical_xor(Tensor other) => Op.logical_xor.Call(this, other);
        public Tensor logical_not() => Op.logical_not.Call(this);
        public Tensor logical_and_(Tensor other) => Op.logical_and_.InPlace(this, other);
        public Tensor logical_or_(Tensor other) => Op.logical_or_.InPlace(this, other);
        public Tensor logical_not_() => Op.logical_not_.InPlace(this);
    }
}
