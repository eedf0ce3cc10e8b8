using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), as torch.optim.AdamW. A step works on all parameters of a group
/// at once (libtorch's _foreach operators). The averages are float tensors of the parameters' own type and device.
/// </summary>
public class AdamW : optim.Optimizer
{
    readonly Options defaults;
    readonly Dictionary<Parameter, State> states = new(ReferenceEqualityComparer.Instance);

    public AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize) { }

    public AdamW(IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
    {
        if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
        if (eps < 0) throw new ArgumentException($"Invalid eps: {eps}");
        if (beta1 is < 0 or >= 1 || beta2 is < 0 or >= 1) throw new ArgumentException($"Invalid beta1, beta2: {beta1}, {beta2}");
        if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay: {weight_decay}");
        if (amsgrad) throw new NotSupportedException("amsgrad is not among the members that this provider supplies");
        defaults = new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad,
            maximize = maximize };
        foreach (var group in parameters) add_param_group(group);
    }

    public override void add_param_group(Modules.ParamGroup param_group)
    {
        var options = (Options)(param_group.Options ??= new Options());
        options.LearningRate ??= defaults.LearningRate;
        options.beta1 ??= defaults.beta1;
        options.beta2 ??= defaults.beta2;
        options.eps ??= defaults.eps;
        options.weight_decay ??= defaults.weight_decay;
        options.maximize ??= defaults.maximize;
        options.InitialLearningRate = options.LearningRate!.Value;
        param_group.Parameters = [.. param_group.Parameters];
        base.add_param_group(param_group);
        foreach (var parameter in param_group.Parameters)
            states.Add(parameter, new State(zeros_like(parameter).DetachFromDisposeScope(), zeros_like(parameter).DetachFromDisposeScope()));
    }

    public override Tensor? step(Func<Tensor>? closure = null)
    {
        var loss = closure?.Invoke();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var group in _parameter_groups) Step([.. group.Parameters], (Options)group.Options);
        return loss;
    }

    void Step(IReadOnlyList<Parameter> all, Options options)
    {
        double rate = options.LearningRate!.Value, beta1 = options.beta1!.Value, beta2 = options.beta2!.Value;
        var trained = all.Select(p => (Parameter: p, Gradient: p.grad, State: states[p])).Where(p => p.Gradient is not null).ToList();
        foreach (var part in trained) part.State.Step++;

        // Parameters that joined later are at another step, and the correction of the averages' start depends on it.
        foreach (var same in trained.GroupBy(p => p.State.Step))
        {
            Tensor[] weights = [.. same.Select(p => p.Parameter)], gradients = [.. same.Select(p => options.maximize!.Value ? -p.Gradient! : p.Gradient!)];
            Tensor[] means = [.. same.Select(p => p.State.Mean)], squares = [.. same.Select(p => p.State.Square)];
            double correction1 = 1 - Math.Pow(beta1, same.Key), correction2 = 1 - Math.Pow(beta2, same.Key);

            if (options.weight_decay != 0) Op._foreach_mul_.Run(weights, 1 - rate * options.weight_decay!.Value);
            Op._foreach_mul_.Run(means, beta1);
            Op._foreach_add_.Run(means, gradients, 1 - beta1);
            Op._foreach_mul_.Run(squares, beta2);
            Op._foreach_addcmul_.Run(squares, gradients, gradients, 1 - beta2);
            var roots = Op._foreach_sqrt.CallList(squares);
            Op._foreach_div_.Run(roots, Math.Sqrt(correction2));
            Op._foreach_add__Scalar.Run(roots, options.eps!.Value);
            Op._foreach_addcdiv_.Run(weights, means, roots, -rate / correction1);
        }
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var state in states.Values)
        {
            state.Mean.Dispose();
            state.Square.Dispose();
        }
        states.Clear();
    }

    /// <summary>The running averages of one parameter's gradient and of its square, and how many steps they hold.</summary>
    sealed record State(Tensor Mean, Tensor Square)
    {
        public long Step { get; set; }
    }

    public class Options : OptimizerOptions
    {
        public double? beta1, beta2, weight_decay, eps;
        public bool? amsgrad, maximize;
    }

    public class ParamGroup : ParamGroup<Options>;
}
