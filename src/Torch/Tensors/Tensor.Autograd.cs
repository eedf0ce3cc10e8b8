using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => Metadata.RequiresGrad != 0;
            set
            {
                if (NativeMethods.vrp_set_requires_grad(Handle, value ? 1 : 0) < 0) NativeMethods.Throw("requires_grad");
                GC.KeepAlive(this);
            }
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public bool is_leaf => Metadata.IsLeaf != 0;

        /// <summary>Keeps the gradient of a tensor that is no leaf, for <see cref="grad"/>.</summary>
        public void retain_grad() => Op.retain_grad.Run(this);

        /// <summary>The gradient that backward has accumulated; null before the first. A new object each time, over the same memory.</summary>
        public Tensor? grad
        {
            get
            {
                IntPtr found = NativeMethods.vrp_grad(Handle);
                GC.KeepAlive(this);
                if (found == IntPtr.Zero && NativeMethods.LastError is { Length: > 0 } error) NativeMethods.Throw("grad", error);
                return found == IntPtr.Zero ? null : new Tensor(found);
            }
            set
            {
                if (NativeMethods.vrp_set_grad(Handle, value is null ? IntPtr.Zero : value.Handle) < 0) NativeMethods.Throw("grad");
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        public void backward() => autograd.backward([this]);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);

        public Tensor detach() => Op.detach.Call(this);
        public Tensor detach_() => Op.detach_.InPlace(this);
    }
}
