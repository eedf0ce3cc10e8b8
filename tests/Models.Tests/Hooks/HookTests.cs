using TorchSharp;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Models.Tests.Hooks;

public sealed class HookTests
{
    [Theory, MemberData(nameof(SmallModel.Families), MemberType = typeof(SmallModel))]
    public void Forward_EveryPointCaptured_EveryPointFires(string family)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(family);
        using var inputs = SmallModel.Inputs(model, 8, 6);

        var trace = model.Forward(inputs, new ForwardOptions { Captures = [new("*")] }).Trace;

        trace.Keys.Should().Equal(model.Hooks.Names);
        trace.Values.Should().OnlyContain(tensor => tensor.dtype == ScalarType.Float32 && tensor.isfinite().all().item<bool>());
    }

    [Theory, MemberData(nameof(SmallModel.Families), MemberType = typeof(SmallModel))]
    public void Forward_EveryPointChanged_ChangesTheLogits(string family)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(family);
        using var inputs = SmallModel.Inputs(model, 8);
        var plain = model.Forward(inputs).Logits;
        var unread = model.Config.ModelType == "llava" ? $"vision.blocks.{model.Config.VisionLayers - 1}." : "none";      // beyond LLaVA's feature layer

        foreach (var point in model.Hooks.Names.Where(name => !name.StartsWith(unread, StringComparison.Ordinal)))
        {
            var changed = model.Forward(inputs, new ForwardOptions { Interventions = [new(point, UnitSet.Of(0), InterventionKind.Add, 2.5f)] }).Logits;
            TensorAssertions.Distance(changed, plain).Should().BeGreaterThan(1e-4, "{0} leads to the logits", point);
        }
    }

    [Theory, MemberData(nameof(SmallModel.Families), MemberType = typeof(SmallModel))]
    public void Forward_CapturesOnly_LeaveTheLogitsAsTheyWere(string family)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(family);
        using var inputs = SmallModel.Inputs(model, 8, 5);

        var plain = model.Forward(inputs).Logits;
        var watched = model.Forward(inputs, new ForwardOptions { Captures = [new("*")] }).Logits;

        watched.ShouldEqual(plain, 1e-5, "logits");
    }

    [Fact]
    public void Forward_LastPositionCaptures_EqualLastRowsOfFullCaptures()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        using var inputs = SmallModel.Inputs(model, 9, 6);

        var all = model.Forward(inputs, new ForwardOptions { Captures = [new("blocks.*")] }).Trace;
        var last = model.Forward(inputs, new ForwardOptions { Captures = [new("blocks.*", Positions.Last)] }).Trace;

        foreach (var (point, tensor) in last)
            tensor.ShouldEqual(all[point].narrow(-2, all[point].shape[^2] - 1, 1), 1e-5, point);
    }

    [Fact]
    public void Forward_UnknownName_ThrowsWithNearNames()
    {
        using var model = SmallModel.Create("llava");
        using var inputs = SmallModel.Inputs(model, 8);

        var capture = () => model.Forward(inputs, new ForwardOptions { Captures = [new("blocks.1.mlp.uot")] });
        var intervene = () => model.Forward(inputs, new ForwardOptions { Interventions = [Intervention.Parse("block.*.mlp.out:0=0")] });

        capture.Should().Throw<UnknownHookPointException>().WithMessage("*'blocks.1.mlp.uot'*blocks.1.mlp.out*");
        intervene.Should().Throw<UnknownHookPointException>().WithMessage("*'block.*.mlp.out'*");
    }

    [Fact]
    public void Forward_PointThatDoesNotRun_Throws()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        var textOnly = new ModelInputs(new long[,] { { 1, 2, 3 } });

        var capture = () => model.Forward(textOnly, new ForwardOptions { Captures = [new("vision.blocks.0.mlp.out")] });
        var intervene = () => model.Forward(textOnly, new ForwardOptions { Interventions = [Intervention.Zero("image_features", 3)] });

        capture.Should().Throw<HookNotReachedException>().WithMessage("*vision.blocks.0.mlp.out*");
        intervene.Should().Throw<HookNotReachedException>().WithMessage("*image_features:3=0*");
        model.Forward(textOnly).Logits.shape.Should().Equal([1, 3, model.VocabularySize], "a failed forward leaves the model usable");
    }

    [Fact]
    public void Forward_VisionBlockBeyondTheFeatureLayer_RunsOnlyWhenLookedAt()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        using var inputs = SmallModel.Inputs(model, 8);
        var point = $"vision.blocks.{model.Config.VisionLayers - 1}.mlp.hidden";

        model.Forward(inputs, new ForwardOptions { Captures = [new(point)] }).Trace.ContainsKey(point).Should().BeTrue();
    }

    [Fact]
    public void Stack_ResidualStates_AreLayersByRowsByUnits()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        using var inputs = SmallModel.Inputs(model, 8, 7);

        var trace = model.Forward(inputs, new ForwardOptions { Captures = [Capture.Parse("blocks.*.resid_post@last")] }).Trace;

        trace.Stack("blocks.*.resid_post").shape.Should().Equal(model.Layers, 2, 1, model.HiddenSize);
        var missing = () => trace.Stack("blocks.*.mlp.out");
        missing.Should().Throw<HookException>();
    }
}
