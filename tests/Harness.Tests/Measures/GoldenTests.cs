using System.Text.Json;
using Vrp.Harness.Measures;
using Vrp.Harness.Tests.Statistics;

namespace Vrp.Harness.Tests.Measures;

/// <summary>Measures against numpy, scikit-learn's DBSCAN, scipy's labelling and transformers' warpers on all cases of the reference files.</summary>
public class GoldenTests
{
    [Fact]
    public void AttentionMeasures_ReferenceCases_EqualScipyAndScikitLearn()
    {
        var cases = Reference.Cases("measures").EnumerateArray().ToArray();
        cases.Should().NotBeEmpty();
        foreach (var (index, c) in cases.Index())
        {
            using var scope = new FluentAssertions.Execution.AssertionScope($"measures[{index}]");
            var rows = c.Matrix("map");
            var map = AttentionMap.Renormalise(rows.SelectMany(row => row).ToArray(), rows.Length, rows[0].Length);
            Entropy.OfMap(map).Should().BeApproximately(c.Number("entropy_nats"), Reference.Tolerance);
            var top = SalientCells.TopByRank(map);
            top.Should().Equal(c.Integers("top_decile_cells"));
            Clusters.DbscanLabels(top, map.Width).Should().Equal(c.Integers("dbscan_labels"));
            Clusters.Dbscan(map).Should().Be(c.GetProperty("k_dbscan").GetInt32());
            SalientCells.TopByMass(map).Should().Equal(c.Integers("top_mass_cells"));
            Clusters.Components(map).Should().Be(c.GetProperty("k_components").GetInt32());
        }
    }

    [Fact]
    public void SamplingDistribution_ReferenceCases_EqualTransformers()
    {
        foreach (var (index, c) in Reference.Cases("sampling", "filters").Index())
        {
            var got = SamplingDistribution.Compute([.. c.Numbers("logits").Select(value => (float)value)], c.Number("temperature"),
                c.GetProperty("top_k").GetInt32(), c.Number("top_p"));
            var expected = c.Numbers("probabilities");
            got.Select(p => p > 0).Should().Equal(expected.Select(p => p > 0), "filters[{0}] must keep the same tokens", index);
            // 1e-6: the reference's softmax is float32.
            for (var i = 0; i < expected.Length; i++) got[i].Should().BeApproximately(expected[i], 1e-6, "filters[{0}] token {1}", index, i);
        }
    }

    [Fact]
    public void ExpectedAgreement_ReferenceCases_EqualEnumeration()
    {
        foreach (var (index, c) in Reference.Cases("sampling", "agreement").Index())
            SelfConsistency.Expected(c.Numbers("probabilities"), c.GetProperty("K").GetInt32())
                .Should().BeApproximately(c.Number("expected_agreement"), Reference.Tolerance, "agreement[{0}]", index);
    }
}
