namespace Vrp.Reliability;

/// <summary>What answers and their probabilities say (arXiv 2606.17389 §4).</summary>
public sealed class BehaviourSpecs
{
    [Theory, Claim("self-consistency")]
    public void Self_consistency_is_the_strongest_behavioural_signal(ClaimSpec claim) => claim
        .AsPrinted(found => found["auroc", "within-kind", arm: "s_sc"].Estimate.Value.Should().BeGreaterThanOrEqualTo(found.Printed("auroc")!.Value))
        .Judged();

    [Theory, Claim("confidence-baselines")]
    public void Output_probabilities_are_near_chance(ClaimSpec claim) => claim
        .AsPrinted(found =>
        {
            foreach (var signal in new[] { "first_token_entropy", "first_token_probability", "p_tok", "p_tok_without_end" })
                found[$"auroc_{signal}", "within-kind"].Estimate.Value.Should().BeInRange(0.45, 0.55, signal);
        })
        .Judged();

    // A spec of one's own: no entry in the ledger, it holds or it fails.
    [Theory, Subjects]
    public void Agreement_of_samples_tells_right_from_wrong(SubjectUnderTest subject) =>
        subject.Estimate("self-consistency", "auroc", "within-kind", arm: "s_sc").Should().Exceed(0.6);
}
