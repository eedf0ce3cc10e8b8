using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp.Native;
using static TorchSharp.torch;

namespace Vrp.Torch.Tests.Native;

public class OpTests
{
    /// <summary>Operators that came after libtorch 1.13; the provider composes them where they are missing.</summary>
    static readonly string[] Newer = ["aten::scaled_dot_product_attention"];

    [Fact]
    public void EveryOperatorInTheTable_ExistsInThisLibtorch()
    {
        var operators = typeof(Op).GetFields(BindingFlags.Static | BindingFlags.Public).Select(f => (Operator)f.GetValue(null)!).ToList();

        operators.Should().HaveCountGreaterThan(250);
        operators.Where(o => !o.Exists).Select(o => o.ToString()).Except(Newer).Should().BeEmpty();
    }

    [Fact]
    public void Schema_OfAnOperator_IsLibtorchs() =>
        Op.add.Schema.Should().Be("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor");

    [Fact]
    public void Call_OfAnOperatorThatLibtorchLacks_NamesItAndTheVersion()
    {
        var missing = new Operator("", "no_such_operator");

        missing.Exists.Should().BeFalse();
        missing.Invoking(o => o.Call()).Should().Throw<ExternalException>()
            .WithMessage($"aten::no_such_operator: libtorch {__version__} has no such operator*");
    }

    [Fact]
    public void Call_WithoutAnArgumentThatHasNoDefault_NamesTheArgument()
    {
        using var x = ones(2);

        x.Invoking(t => Op.add.Call(t)).Should().Throw<ExternalException>().WithMessage("aten::add.Tensor: argument 1 (other) has no default*");
    }

    [Fact]
    public void Call_WithTooManyArguments_SaysHowManyItTakes()
    {
        using var x = ones(2);

        x.Invoking(t => Op.relu.Call(t, 1)).Should().Throw<ExternalException>().WithMessage("aten::relu: takes 1 arguments, got 2*");
    }

    [Fact]
    public void Call_AfterAnError_Works()
    {
        using var x = ones(2);
        x.Invoking(t => t.reshape(3)).Should().Throw<ExternalException>().WithMessage("aten::reshape:*shape '[3]' is invalid for input of size 2*");

        using var y = x.reshape(2, 1);

        y.shape.Should().Equal(2, 1);
    }

    [Fact]
    public void Call_OnADisposedTensor_Throws()
    {
        var x = ones(2);
        x.Dispose();

        x.Invoking(t => t.add(1)).Should().Throw<InvalidOperationException>().WithMessage("*empty handle*");
    }

    [Fact]
    public void Call_WithALongListOfTensors_DoesNotNeedTheStack()
    {
        using var scope = NewDisposeScope();
        var parts = Enumerable.Range(0, 1000).Select(i => full(1, i)).ToArray();

        var joined = cat(parts);

        joined.data<float>().ToArray().Should().Equal(Enumerable.Range(0, 1000).Select(i => (float)i));
        joined.split(1).Should().HaveCount(1000);
    }

    [Fact]
    public void Call_FromManyThreads_ReportsEachThreadsOwnError()
    {
        var messages = new string[32];
        Parallel.For(0, messages.Length, i =>
        {
            using var x = ones(i + 1);
            try
            {
                x.reshape(i + 2).Dispose();
            }
            catch (ExternalException e)
            {
                messages[i] = e.Message;
            }
        });

        for (int i = 0; i < messages.Length; i++) messages[i].Should().Contain($"'[{i + 2}]' is invalid for input of size {i + 1}");
    }
}
