using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// softmax(query · keyᵀ / √E + mask) · value; query [..., L, E], key and value [..., S, E]. The mask is boolean (true: attend) or
            /// added; <paramref name="is_casual"/> (TorchSharp's spelling) hides the keys after each query. Fused where libtorch has it (2.0 on).
            /// </summary>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0.0,
                bool is_casual = false)
            {
                if (Op.scaled_dot_product_attention.Exists) return Op.scaled_dot_product_attention.Call(query, key, value, attn_mask, p, is_casual);
                if (is_casual && attn_mask is not null) throw new ArgumentException("scaled_dot_product_attention: give a mask or is_casual, not both");

                using var scope = NewDisposeScope();
                // Both factors take the root of the scale, as in PyTorch's own composition: no product overflows in float16.
                double scale = Math.Sqrt(1 / Math.Sqrt(query.size(-1)));
                var scores = (query * scale).matmul(key.transpose(-2, -1) * scale);                      // [..., L, S]
                var mask = is_casual ? ones([query.size(-2), key.size(-2)], ScalarType.Bool, query.device).tril_() : attn_mask;
                if (mask is not null)
                    scores = mask.dtype == ScalarType.Bool ? scores.masked_fill(mask.logical_not(), double.NegativeInfinity) : scores + mask;
                var weights = scores.softmax(-1);
                if (p > 0) weights = dropout(weights, p);
                return weights.matmul(value).MoveToOuterDisposeScope();
            }
        }
    }
}
