namespace Vrp.Reliability;

/// <summary>What answers and their probabilities say (arXiv 2606.17389 §4).</summary>
public sealed class BehaviourSpecs
{
    [Theory, Claim<SelfConsistency>]
    public void Self_consistency_is_the_strongest_behavioural_signal(ClaimSpec claim) => claim
        .AsPrinted(study => study.SelfConsistency.Auroc.Value.Should().BeGreaterThanOrEqualTo(study.ByFamily(llava: 0.78, paliGemma: 0.81, qwen2VL: 0.79)))
        .Judged(study => study.SelfConsistency.OverSinglePass.Should().AllSatisfy(gain => gain.Should().Exceed(0)));

    [Theory, Claim<ConfidenceBaselines>]
    public void Output_probabilities_are_near_chance(ClaimSpec claim) => claim
        .AsPrinted(study =>
        {
            study.Confidence.FirstTokenEntropy.Value.Should().BeInRange(0.45, 0.55);
            study.Confidence.PTok.Value.Should().BeInRange(0.45, 0.55);
        })
        .Judged(study => study.Confidence.Claimed.Should().AllSatisfy(auroc => auroc.Should().BeEquivalentTo(0.5, 0.05)));

    // A spec of one's own: no entry in the ledger, it holds or it fails.
    [Theory, Subjects]
    public void Agreement_of_samples_tells_right_from_wrong(SubjectUnderTest subject) => subject.Study.SelfConsistency.Auroc.Should().Exceed(0.6);
}
