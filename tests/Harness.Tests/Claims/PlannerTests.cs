using FluentAssertions;
using Vrp.Harness.Claims;
using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Intervening;
using Vrp.Harness.Statistics;
using Vrp.Models;
using Vrp.Models.Hooks;
using Xunit;

namespace Vrp.Harness.Tests.Claims;

public class PlannerTests
{
    static StudyOptions Options => TestTraces.Options;

    [Fact]
    public void Plan_FullBudget_HasTheWholeGrid()
    {
        var trace = (TestTraces.Small with { Hidden = 40 }).Build();

        var plan = InterventionPlanner.Plan(trace, InterventionBudget.Full, Options);

        var layers = plan.Arms.Where(arm => arm.Part == InterventionPart.Ablation).Select(arm => arm.Layer).Distinct().ToArray();
        layers.Should().Contain(ModelFamily.Llava.Map(31, 4)).And.Contain(2, "the probe's best layer holds the signal");
        int[] counts = [1, 2, 5, 10, 20];   // 50 is more than the layer has; 5 % of 40 = 2, 25 % = 10, 50 % = 20
        foreach (var layer in layers)
        {
            foreach (var mode in Enum.GetValues<AblationMode>())
                foreach (var k in counts)
                {
                    var cell = plan.Arms.Where(arm => arm.Part == InterventionPart.Ablation && arm.Layer == layer && arm.Mode == mode
                        && arm.Positions == Positions.Last && arm.Count == k).ToArray();
                    cell.Count(arm => arm.Selection == UnitSelection.Top).Should().Be(1);
                    cell.Count(arm => arm.Selection == UnitSelection.Bottom).Should().Be(1);
                    cell.Count(arm => arm.Selection == UnitSelection.Random).Should().Be(20);
                    cell.Count(arm => arm.Selection == UnitSelection.Matched).Should().Be(20);
                }

            var everywhere = plan.Arms.Where(arm => arm.Layer == layer && arm.Positions == Positions.All).ToArray();
            everywhere.Should().HaveCount(12).And.OnlyContain(arm => arm.Mode == AblationMode.Zero && (arm.Count == 5 || arm.Count == 20));
        }

        plan.Arms.Count(arm => arm.Part == InterventionPart.Masking).Should().Be(8);
        plan.Arms.Select(arm => arm.Name).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Plan_Samples_AreOtherImagesThanTheReference()
    {
        var trace = TestTraces.Small.Build();
        var plan = InterventionPlanner.Plan(trace, InterventionBudget.Full, Options);
        var image = trace.Records.ToDictionary(record => record.Question.Id, record => record.Question.Group);

        plan.QuestionIds.Select(id => image[id]).Should().NotIntersectWith(plan.ReferenceIds.Select(id => image[id]));
        plan.QuestionIds.Should().HaveCountGreaterThan(80);
        (plan.QuestionIds.Count + plan.ReferenceIds.Count).Should().Be(trace.Count);
    }

    [Fact]
    public void Plan_PlantedUnit_RanksFirst()
    {
        var trace = (TestTraces.Small with { State = 4, PlantedUnits = 1, Images = 60 }).Build();

        var top = InterventionPlanner.Plan(trace, InterventionBudget.Full,
            Options).Arms.First(arm => arm.Layer == 2 && arm.Selection == UnitSelection.Top && arm.Count == 1);

        top.Units.Should().Equal(0);
    }

    [Fact]
    public void Plan_SameTrace_GivesTheSamePlan()
    {
        var trace = TestTraces.Small.Build();

        InterventionPlanner.Plan(trace, InterventionBudget.Full,
            Options).Should().BeEquivalentTo(InterventionPlanner.Plan(trace, InterventionBudget.Full, Options));
    }

    [Fact]
    public void Matched_LargeTopUnits_AreReplacedByTheNextLargest()
    {
        double[] rms = [.. Enumerable.Range(0, 60).Select(unit => Math.Exp(unit / 10.0))];
        int[] top = [59, 58, 57, 30];
        var random = new Xoshiro256(3);

        for (var draw = 0; draw < 20; draw++)
        {
            var units = UnitDraws.Matched(rms, top, ref random);
            units.Should().HaveCount(4).And.OnlyHaveUniqueItems().And.NotIntersectWith(top);
            units.Count(unit => unit >= 48).Should().Be(3);
            units.Count(unit => unit is >= 27 and <= 33).Should().Be(1);
        }
    }

    [Fact]
    public void Matched_MoreThanHalf_TakesTheRestFromTheTop()
    {
        var random = new Xoshiro256(3);
        UnitDraws.Matched([1, 1, 1, 1, 1], [0, 1, 2], ref random).Should().HaveCount(3).And.OnlyHaveUniqueItems().And.Contain([3, 4]);
    }

    [Fact]
    public void Parse_UnknownBudget_NamesTheTwo() =>
        ((Action)(() => InterventionBudget.Parse("huge"))).Should().Throw<VrpException>().WithMessage("*full*quick*");

    [Theory]
    [InlineData(ModelFamily.Llava, 31, 32, 31)]
    [InlineData(ModelFamily.Llava, 31, 6, 5)]
    [InlineData(ModelFamily.PaliGemma, 15, 6, 4)]
    [InlineData(ModelFamily.Qwen2VL, 25, 6, 5)]
    [InlineData(ModelFamily.Qwen2VL, 25, 28, 25)]
    public void Map_StudyLayer_KeepsItsDepth(ModelFamily family, int layer, int layers, int expected) => family.Map(layer, layers).Should().Be(expected);
}
