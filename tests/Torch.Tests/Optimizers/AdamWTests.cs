using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vrp.Torch.Tests.Optimizers;

public sealed class AdamWTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    /// <summary>Algorithm 2 of Loshchilov and Hutter (2019) for one number.</summary>
    static double Reference(double w, double[] gradients, double rate, double beta1, double beta2, double eps, double decay)
    {
        double m = 0, v = 0;
        for (int t = 1; t <= gradients.Length; t++)
        {
            double g = gradients[t - 1];
            w -= rate * decay * w;
            m = beta1 * m + (1 - beta1) * g;
            v = beta2 * v + (1 - beta2) * g * g;
            w -= rate * (m / (1 - Math.Pow(beta1, t))) / (Math.Sqrt(v / (1 - Math.Pow(beta2, t))) + eps);
        }
        return w;
    }

    [Fact]
    public void Step_IsTheAlgorithmOfThePaper()
    {
        double[] gradients = [0.3, -1, 2, 0.001];
        var w = nn.Parameter(tensor(new[] { 1.0 }));
        using var optimizer = optim.AdamW([w], lr: 0.1, beta1: 0.8, beta2: 0.95, eps: 1e-6, weight_decay: 0.02);

        foreach (double g in gradients)
        {
            w.grad = tensor(new[] { g });
            optimizer.step();
        }

        w.item<double>().Should().BeApproximately(Reference(1, gradients, 0.1, 0.8, 0.95, 1e-6, 0.02), 1e-12);
    }

    [Fact]
    public void Groups_HaveTheirOwnRateAndDecay()
    {
        var decayed = nn.Parameter(tensor(new[] { 1.0 }));
        var free = nn.Parameter(tensor(new[] { 1.0 }));
        using var optimizer = optim.AdamW([
            new AdamW.ParamGroup { Parameters = [decayed], Options = new() { weight_decay = 0.5 } },
            new AdamW.ParamGroup { Parameters = [free] }], lr: 0.1);
        optimizer.ParamGroups.Last().LearningRate = 0.2;
        decayed.grad = tensor(new[] { 1.0 });
        free.grad = tensor(new[] { 1.0 });

        optimizer.step();

        decayed.item<double>().Should().BeApproximately(Reference(1, [1], 0.1, 0.9, 0.999, 1e-8, 0.5), 1e-12);
        free.item<double>().Should().BeApproximately(Reference(1, [1], 0.2, 0.9, 0.999, 1e-8, 0), 1e-12);
        optimizer.parameters().Should().HaveCount(2);
    }

    [Fact]
    public void Step_LeavesAParameterWithoutAGradientAlone()
    {
        var w = nn.Parameter(ones(2));
        using var optimizer = optim.AdamW([w], weight_decay: 0.1);

        optimizer.step();
        optimizer.zero_grad();

        w.data<float>().ToArray().Should().Equal(1, 1);
    }

    [Fact]
    public void Step_WithAClosure_ReturnsItsLoss_AndFitsALine()
    {
        var w = nn.Parameter(zeros(1));
        using var optimizer = optim.AdamW([w], lr: 0.1);
        var x = tensor(new[] { 1f, 2, 3 });
        float last = 0;
        for (int i = 0; i < 300; i++)
        {
            last = optimizer.step(() =>
            {
                optimizer.zero_grad();
                var loss = nn.functional.mse_loss(w * x, 4 * x);
                loss.backward();
                return loss;
            })!.ToSingle();
        }

        last.Should().BeLessThan(1e-4f);
        w.item<float>().Should().BeApproximately(4, 0.01f);
    }

    [Fact]
    public void Amsgrad_IsRefused() =>
        this.Invoking(_ => optim.AdamW([nn.Parameter(ones(1))], amsgrad: true)).Should().Throw<NotSupportedException>().WithMessage("amsgrad*");
}
