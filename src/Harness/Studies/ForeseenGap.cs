using System.Globalization;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets;

namespace Vrp.Harness.Studies;

/// <summary>Claims that a study cannot judge whatever the model answers: their verdict will be <see cref="Verdict.NotRun"/>. It is known before the hours
/// that the models take, from the questions, the sampling and the interventions that were asked for.</summary>
/// <param name="Claims">Their ids.</param>
/// <param name="Why">What they lack.</param>
public sealed record ForeseenGap(IReadOnlyList<string> Claims, string Why)
{
    /// <summary>The gaps of a study; more may show when it has run.</summary>
    public static IReadOnlyList<ForeseenGap> Of(StudyRequest request)
    {
        var (questions, trace, budget, protocol) = (request.Dataset.Questions, request.Trace, request.Budget, request.Protocol);
        var gaps = new List<ForeseenGap>();

        var yesNo = questions.Count(question => question.Kind == QuestionKind.YesNo);
        if (yesNo < protocol.MinimumCell)
            gaps.Add(new([Id<HiddenStateProbe>(), Id<SparseProbe>(), Id<Fusion>()], $"{yesNo} yes-no questions, and {protocol.MinimumCell} are needed"));

        var (sampled, wanted) = (new SamplingProtocol(trace.Samples, trace.Temperature, trace.TopP), protocol.Sampling);
        if (sampled != wanted) gaps.Add(new([Id<SelfConsistency>()], $"{Shown(sampled)}, and the study's sampling is {Shown(wanted)}"));

        string[] masking = [Id<AttentionMasking>()], ablation = [Id<NeuronAblation>(), Id<LayerDestruction>()];
        if (budget is null) gaps.Add(new([.. masking, .. ablation], "interventions: none"));
        else if (questions.All(question => question.Kind == QuestionKind.Open))
            gaps.Add(new([.. masking, .. ablation], "all questions ask for descriptions, and interventions are judged on short answers"));
        else
        {
            string[] few = [.. budget.MaskDraws < protocol.OtherDraws ? masking : [],
                .. budget.AllDraws < protocol.OtherDraws || budget.LastDraws < protocol.LastPositionDraws ? ablation : []];
            if (few.Length > 0) gaps.Add(new(few, $"interventions: {budget.Name}, which has fewer random draws than a verdict needs"));
        }

        return gaps;
    }

    /// <inheritdoc/>
    public override string ToString() => $"will be NotRun: {string.Join(", ", Claims)} ({Why})";

    static string Id<T>() where T : Claim => ClaimRegistry.Get<T>().Id;

    static string Shown(SamplingProtocol sampling) =>
        string.Create(CultureInfo.InvariantCulture, $"K={sampling.Answers}, T={sampling.Temperature}, top-p={sampling.TopP}");
}
