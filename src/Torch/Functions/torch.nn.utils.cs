using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales all gradients so that their common norm is at most <paramref name="max_norm"/>; returns the norm before.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                var gradients = tensors.Select(t => t.grad).Where(g => g is not null).Cast<Tensor>().ToArray();
                if (gradients.Length == 0) return 0;
                var norms = stack(gradients.Select(g => linalg.vector_norm(g, norm_type).to(gradients[0].device)));
                var total = linalg.vector_norm(norms, norm_type);
                // On the device: the host waits only for the norm that it returns.
                var factor = (max_norm / (total + 1e-6)).clamp_max(1.0);
                foreach (var gradient in gradients) gradient.mul_(factor.to(gradient.dtype, gradient.device));
                return total.ToDouble();
            }
        }
    }
}
