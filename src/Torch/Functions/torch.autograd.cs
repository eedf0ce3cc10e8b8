using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Operators inside record no graph.</summary>
    public static IDisposable no_grad() => new AutoGradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new AutoGradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new AutoGradMode(mode);

    /// <summary>No graph and no version counting: the fastest; what is made inside can never be used in autograd.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_grad_enabled() => NativeMethods.vrp_grad_mode(-1) != 0;

    public static bool is_inference_mode_enabled() => NativeMethods.vrp_inference_mode() != 0;

    public static unsafe partial class autograd
    {
        /// <summary>The gradients of the outputs' sum with respect to the inputs.</summary>
        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false,
            bool create_graph = false, bool allow_unused = false)
        {
            var results = new IntPtr[inputs.Count];
            // As in PyTorch, a graph made for another derivative is also kept for it.
            Backward(outputs, grad_outputs, inputs, retain_graph || create_graph, create_graph, allow_unused, results);
            return [.. results.Select(r => r == IntPtr.Zero ? null! : new Tensor(r))];
        }

        /// <summary>Accumulates the gradients of the tensors' sum into the <c>grad</c> of the leaves (only <paramref name="inputs"/>, if any).</summary>
        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null) =>
            Backward(tensors, grad_tensors, inputs ?? [], retain_graph ?? create_graph, create_graph, true, null);

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        static void Backward(IList<Tensor> outputs, IList<Tensor>? seeds, IList<Tensor> inputs, bool retain, bool create, bool unused, IntPtr[]? results)
        {
            if (seeds is { Count: var n } && n != outputs.Count)
                throw new ArgumentException($"backward: {outputs.Count} tensors and {n} gradients; give one gradient per tensor or none");
            fixed (IntPtr* roots = Handles(outputs), gradients = seeds is null ? null : Handles(seeds), leaves = Handles(inputs), found = results)
            {
                if (NativeMethods.vrp_backward(roots, gradients, outputs.Count, leaves, inputs.Count, retain ? 1 : 0, create ? 1 : 0, unused ? 1 : 0,
                    found) < 0)
                    NativeMethods.Throw("backward");
            }
            GC.KeepAlive(outputs);
            GC.KeepAlive(seeds);
            GC.KeepAlive(inputs);
        }

        static IntPtr[] Handles(IList<Tensor> tensors) => [.. tensors.Select(t => t.Handle)];
    }
}

/// <summary>Sets the thread's grad mode until disposed.</summary>
sealed class AutoGradMode(bool enabled) : IDisposable
{
    readonly int before = NativeMethods.vrp_grad_mode(enabled ? 1 : 0);
    bool disposed;

    public void Dispose()
    {
        if (!disposed) NativeMethods.vrp_grad_mode(before);
        disposed = true;
    }
}

/// <summary>Sets the thread's inference mode until disposed, on the same thread.</summary>
sealed class InferenceMode(bool mode) : IDisposable
{
    IntPtr guard = NativeMethods.vrp_inference_begin(mode ? 1 : 0);

    public void Dispose()
    {
        if (guard != IntPtr.Zero) NativeMethods.vrp_inference_end(guard);
        guard = IntPtr.Zero;
    }
}
