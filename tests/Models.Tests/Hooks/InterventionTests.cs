using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using TorchSharp;
using Vrp.Models.Engine;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Models.Tests.Hooks;

public sealed class InterventionTests
{
    [Theory]
    [InlineData("blocks.2.mlp.out:3,17,40=0")]
    [InlineData("blocks.2.mlp.out:0-99=0.75@last")]
    [InlineData("blocks.*.attn.z:*=mean")]
    [InlineData("blocks.5.mlp.hidden:7+=-2.5#0,3")]
    [InlineData("blocks.5.mlp.hidden:7,9-12=resample@last#4-6")]
    public void Parse_TextForm_PrintsItselfAgain(string text) => Intervention.Parse(text).ToString().Should().Be(text);

    [Property]
    public Property Parse_AnyIntervention_RoundTrips(NonEmptyArray<NonNegativeInt> units, NormalFloat value, bool last, bool add,
        NonEmptyArray<NonNegativeInt> rows) =>
        (new Intervention("blocks.0.mlp.out", UnitSet.Of(units.Get.Select(unit => unit.Get)), add ? InterventionKind.Add : InterventionKind.Set,
            (float)Math.Clamp(value.Get, -1e30, 1e30),
            last ? Positions.Last : Positions.All, UnitSet.Of(rows.Get.Select(row => row.Get))) is var intervention
                && Intervention.Parse(intervention.ToString()) == intervention).ToProperty();

    [Theory]
    [InlineData("blocks.2.mlp.out")]
    [InlineData("blocks.2.mlp.out=0")]
    [InlineData("blocks.2.mlp.out:=0")]
    [InlineData("blocks.2.mlp.out:3=")]
    [InlineData("blocks.2.mlp.out:3=NaN")]
    [InlineData("blocks.2.mlp.out:3=1e99")]
    [InlineData("blocks.2.mlp.out:5-3=0")]
    [InlineData("blocks.2.mlp.out:-1=0")]
    [InlineData("blocks.2.mlp.out:3=0@first")]
    [InlineData("blocks.2.mlp.out:3+=mean")]
    [InlineData("blocks.2.mlp.out:3=0#x")]
    [InlineData(":3=0")]
    public void Parse_Malformed_ThrowsNamingTheForm(string text)
    {
        var parse = () => Intervention.Parse(text);

        parse.Should().Throw<HookException>();
    }

    [Fact]
    public void Forward_UnitBeyondThePoint_ThrowsWithItsRange()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        using var inputs = SmallModel.Inputs(model, 8);

        var run = () => model.Forward(inputs, new ForwardOptions { Interventions = [Intervention.Parse($"blocks.0.mlp.out:{model.HiddenSize}=0")] });

        run.Should().Throw<HookException>().WithMessage($"*expected 0 to {model.HiddenSize - 1}*");
    }

    [Fact]
    public void Forward_RowsOfABatch_EachRowAsIfAlone()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        using var batch = SmallModel.Inputs(model, 8, 8, 8);
        Intervention first = Intervention.Parse("blocks.1.mlp.out:1,2=0"), third = Intervention.Parse("blocks.1.mlp.out:5=3@last");

        var together = model.Forward(batch,
            new ForwardOptions { Interventions = [first with { Rows = UnitSet.Of(0) }, third with { Rows = UnitSet.Of(2) }] }).Logits;

        together.narrow(0, 0, 1).ShouldEqual(model.Forward(batch, new ForwardOptions { Interventions = [first] }).Logits.narrow(0, 0, 1), 1e-5, "row 0");
        together.narrow(0, 1, 1).ShouldEqual(model.Forward(batch).Logits.narrow(0, 1, 1), 1e-5, "row 1, which nothing touches");
        together.narrow(0, 2, 1).ShouldEqual(model.Forward(batch, new ForwardOptions { Interventions = [third] }).Logits.narrow(0, 2, 1), 1e-5, "row 2");
    }

    [Fact]
    public void Forward_SetThenAdd_ActInOrder()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        using var inputs = SmallModel.Inputs(model, 8);
        Trace Captured(params string[] texts) =>
            model.Forward(inputs, new ForwardOptions { Captures = [new("blocks.0.mlp.out")], Interventions = [.. texts.Select(Intervention.Parse)] }).Trace;

        var plain = Captured()["blocks.0.mlp.out"];
        var changed = Captured("blocks.0.mlp.out:0=1", "blocks.0.mlp.out:0,1+=0.5", "blocks.0.mlp.out:2+=4", "blocks.0.mlp.out:2=7@last")["blocks.0.mlp.out"];

        var expected = plain.clone();
        expected.select(-1, 0).FillInPlace(1.5);
        expected.select(-1, 1).PlusInPlace(0.5);
        expected.select(-1, 2).PlusInPlace(4);
        expected.select(1, expected.shape[1] - 1).select(-1, 2).FillInPlace(7);
        changed.ShouldEqual(expected, 1e-6, "blocks.0.mlp.out");
    }

    [Theory]
    [InlineData("[W]")]
    [InlineData("[B,W]")]
    [InlineData("[B,T,W]")]
    public void Forward_MeanAndResample_TakeTheirData(string form)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        using var inputs = SmallModel.Inputs(model, 7, 7);
        long width = model.HiddenSize;
        var values = form switch { "[W]" => randn(width), "[B,W]" => randn(2, width), _ => randn(2, 7, width) };
        const string Point = "blocks.1.attn.out";

        var captured = model.Forward(inputs, new ForwardOptions
        {
            Captures = [new(Point)],
            Interventions = [Intervention.Parse($"{Point}:0-3=mean"), Intervention.Parse($"{Point}:4=resample@last")],
            InterventionData = new InterventionData().Add(Point, InterventionKind.Mean, values).Add(Point, InterventionKind.Resample, values.Times(2)),
        }).Trace[Point];

        var expected = model.Forward(inputs, new ForwardOptions { Captures = [new(Point)] }).Trace[Point].clone();
        var full = form == "[B,W]" ? values.unsqueeze(1) : values;
        full = full.expand(2, 7, width);
        expected.narrow(-1, 0, 4).copy_(full.narrow(-1, 0, 4));
        expected.select(1, 6).select(-1, 4).copy_(full.select(1, 6).select(-1, 4).Times(2));
        captured.ShouldEqual(expected, 1e-6, Point);
    }

    [Fact]
    public void Forward_DataMissingOrMisshapen_Throws()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        using var inputs = SmallModel.Inputs(model, 7);
        var request = new ForwardOptions { Interventions = [Intervention.Parse("blocks.1.attn.out:0-3=mean")] };

        var without = () => model.Forward(inputs, request);
        var narrow = () => model.Forward(inputs,
            request with { InterventionData = new InterventionData().Add("blocks.1.attn.out", InterventionKind.Mean, randn(3)) });

        without.Should().Throw<HookException>().WithMessage("*no data for blocks.1.attn.out*");
        narrow.Should().Throw<HookException>().WithMessage("*do not fit*");
    }

    [Fact]
    public void Zero_UnitsOfOneHeadAtZ_LeavesTheOtherHeads()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("paligemma");
        using var inputs = SmallModel.Inputs(model, 7);
        var headDim = model.Config.Text.HeadDim;

        var head = Intervention.Zero("blocks.1.attn.z", Enumerable.Range(2 * headDim, headDim));
        var z = model.Forward(inputs, new ForwardOptions { Captures = [new("blocks.1.attn.z")], Interventions = [head] }).Trace["blocks.1.attn.z"];

        z.narrow(-1, 2 * headDim, headDim).abs().max().item<float>().Should().Be(0);
        z.narrow(-1, headDim, headDim).abs().max().item<float>().Should().BeGreaterThan(0);
    }
}
