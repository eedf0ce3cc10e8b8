namespace TorchSharp.Modules
{
    /// <summary>A tensor that is trained. It takes over the data's native tensor: the given object is empty afterwards.</summary>
    public class Parameter : torch.Tensor
    {
        public Parameter(torch.Tensor data, bool requires_grad = true) : base(Take(data, requires_grad, out var scope), register: false)
        {
            DisposeScopeManager.ThreadSingleton.Adopted(this);
            scope?.Replace(data, this);
        }

        static IntPtr Take(torch.Tensor data, bool requires_grad, out DisposeScope? scope)
        {
            scope = data.OwningDisposeScope;
            return data.with_requires_grad(requires_grad).MoveHandle();
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
