using System.Reflection;
using System.Text.RegularExpressions;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Running;
using Vrp.Harness.Storage;
using Vrp.Harness.Studies;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Harness.Importing;

/// <summary>
/// A log made into a run: its questions get kinds, its answers are judged by our rules (by the log's own judgement where our rules know no better), and the
/// claims that answers alone can decide are judged. The others are
/// NotRun by name. The run folder is one as `vrp study` leaves it: gate, report, compare and export take it.
///</summary>
/// <param name="log">What was read.</param>
/// <param name="format">The program that wrote it.</param>
public sealed partial class ImportedStudy(ImportedLog log, LogFormat format)
{
    static readonly string[] ofAnswers = [ClaimRegistry.Get<SelfConsistency>().Id, ClaimRegistry.Get<ConfidenceBaselines>().Id];

    /// <summary>Its name in every result; default: the log's.</summary>
    public string Subject { get; init; } = log.Model;

    /// <summary>The question set's name, by which runs are compared; default: the log's.</summary>
    public string Data { get; init; } = log.Data;

    /// <summary>model_type, where the study has figures for the model's family; else "other".</summary>
    public string Family { get; init; } = "other";

    /// <summary>The protocol of the analysis.</summary>
    public StudyOptions Protocol { get; init; } = new();

    /// <summary>What a person should know of the import.</summary>
    public IReadOnlyList<string> Notes => [.. NotesOf(Questions())];

    /// <summary>Judges what can be judged.</summary>
    /// <exception cref="VrpException">A question about an image that occurs twice, or an unknown family.</exception>
    public StudyResult Judge()
    {
        StudyFamilies.Parse(Family);
        var questions = Questions();
        var trace = new TraceSet(Facts(), [.. questions.Zip(log.Answers, Record)], new NoArrays(format.Name())) { Scorer = ScorerOf(questions) };
        var result = Study.Analyze(trace, null, Protocol, only: ofAnswers);
        return result with { Verdicts = [.. ClaimRegistry.All.Select(claim => result.Verdicts.FirstOrDefault(verdict => verdict.Claim == claim.Id)
            ?? NotRun(claim))] };
    }

    /// <summary>Judges and writes the run's folder.</summary>
    /// <param name="folder">Made where it is not there.</param>
    /// <param name="sources">The log files, for run.json.</param>
    public StudyResult Write(string folder, IReadOnlyList<string> sources)
    {
        var (origin, result) = (RunOrigin.Now(), Judge());
        RunFolder.Write(folder, result);
        RunFile.Update(folder, "import", new
        {
            result.Subject, result.Data, Format = format.Name(), Logs = sources.Select(Path.GetFileName),
            Sha256 = sources.Select(Hash),
            Questions = log.Answers.Count, log.LeftOut, Notes,
            Harness = typeof(ImportedStudy).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion, Protocol,
        });
        origin.Write(folder);
        return result with { Folder = folder };
    }

    static string Hash(string path)
    {
        using var file = FileDoor.OpenRead(path);
        return Sha256Hex.Of(file);
    }

    /// <summary>The questions with their kinds, in the log's order.</summary>
    public IReadOnlyList<Question> Questions() => [.. log.Answers.Select(Asked)];

    Question Asked(ImportedAnswer answer)
    {
        var (kind, gold) = Kind(answer);
        // Without an image's name every question is an image of its own.
        string id = $"{Data}-{answer.Id}", image = answer.Image ?? id;
        var text = kind == QuestionKind.Choice ? ChoiceAnswer.List(answer.Question, answer.Options) : answer.Question;
        return new Question(id, image, image, text, kind, gold, image) { Options = kind == QuestionKind.Choice ? answer.Options : [], Row = answer.Row };
    }

    /// <summary>Options make a choice, yes or no a yes-no question, a whole number a count: these our rules judge. Of the rest the log's own judgement decides
    /// where it has one.</summary>
    static (QuestionKind, IReadOnlyList<string>) Kind(ImportedAnswer answer)
    {
        if (answer.Options.Count > 1 && answer.Gold is [var chosen] && ChoiceAnswer.Parse(chosen, answer.Options) is { } letter) return (QuestionKind.Choice,
            [letter]);
        if (answer.Gold is [var word] && word.Trim().TrimEnd('.').ToLowerInvariant() is "yes" or "no") return (QuestionKind.YesNo,
            [word.Trim().TrimEnd('.').ToLowerInvariant()]);
        if (answer.Gold is [var number] && WholeNumber().IsMatch(number)) return (QuestionKind.Count, [number]);
        if (answer.Correct is not null) return (QuestionKind.Open, []);
        return answer.Gold.Count > 0 && AnswerScorer.CanJudge(QuestionKind.Identify, answer.Gold) ? (QuestionKind.Identify, answer.Gold)
            : (QuestionKind.Open, []);
    }

    AnswerScorer ScorerOf(IReadOnlyList<Question> questions) => new(AliasTable.Empty, YesNoRule.Strict, Judgements.Of(questions.Zip(log.Answers)
        .Where(pair => pair.First is { Kind: QuestionKind.Open } && pair.Second.Correct is not null)
        .Select(pair => (pair.First.Id, (string?)pair.Second.Answer, pair.Second.Correct!.Value))));

    TraceFacts Facts() => new()
    {
        Subject = Subject, Family = Family, Data = Data, Layers = 0, Hidden = 0, Heads = 0, Samples = log.Answers.Max(answer => answer.Samples.Count),
        Temperature = log.Temperature ?? double.NaN, TopP = log.TopP ?? double.NaN, ImportedFrom = format.Name(),
    };

    static TraceRecord Record(Question question, ImportedAnswer answer) => new()
    {
        Question = question, Answer = answer.Answer, Ids = [], LogProbabilities = answer.LogProbabilities, Ended = false, StatedConfidence = answer.Confidence,
        SampledAnswers = [.. answer.Samples.Select(text => new SampledAnswer(text, []))],
            FirstToken = [.. answer.FirstToken.Select(token => new TokenProbability(-1, token.Text, token.Probability))],
        GridHeight = 0, GridWidth = 0,
    };

    ClaimResult NotRun(Claim claim)
    {
        var reason = $"imported from {format.Name()}, whose log holds answers: this claim needs attention, hidden states or interventions.";
        return new ClaimResult(claim.Id, Verdict.NotRun, reason, "`vrp study` on the checkpoint",
            new PublishedOutcome(claim.PublishedForm, null, $"not computed: {reason}"), claim.JudgedForm, [], []);
    }

    IEnumerable<string> NotesOf(IReadOnlyList<Question> questions)
    {
        var nameless = log.Answers.Count(answer => answer.Image is null);
        if (nameless > 0) yield return FormattableString.Invariant($"{nameless:N0} of {log.Answers.Count:N0} questions name no image: each counts as a ")
            + "image of its own, and intervals are too narrow where several ask about one.";
        var scorer = ScorerOf(questions);
        var known = questions.Zip(log.Answers).Where(pair => pair.First.Kind != QuestionKind.Open && pair.Second.Correct is not null).ToArray();
        var differ = known.Count(pair => scorer.Score(pair.First, pair.Second.Answer).Correct != pair.Second.Correct);
        if (differ > 0) yield return "the log's own judgement and the rules here "
            + FormattableString.Invariant($"differ on {differ:N0} of {known.Length:N0} answers; the rules here decide (docs/importing.md).");
        var unjudged = questions.Zip(log.Answers).Count(pair => scorer.Score(pair.First, pair.Second.Answer).Status == AnswerStatus.Unjudged);
        if (unjudged > 0) yield return FormattableString.Invariant($"{unjudged:N0} answers have neither a gold answer nor a judgement: they are in no figure.");
        if (log.LeftOut.Count > 0) yield return FormattableString.Invariant($"{log.LeftOut.Count:N0} rows left out, the first: {log.LeftOut[0]}.");
        int[] counts = [.. log.Answers.Select(answer => answer.Samples.Count).Distinct()];
        if (counts.Length > 1) yield return $"questions have {counts.Min()} to {counts.Max()} sampled answers: self-consistency needs as many of each.";
    }

    [GeneratedRegex(@"^\s*[0-9]{1,6}\s*$")]
    private static partial Regex WholeNumber();

    /// <summary>What a log has none of.</summary>
    sealed class NoArrays(string source) : TraceArrays
    {
        NotRunException None(string what) => new($"imported from {source}: the log holds no {what}.", "`vrp study` on the checkpoint");

        public override float[] States(int layer) => throw None("hidden states");

        public override float[] MlpOut(int layer) => throw None("MLP outputs");

        public override float[] Attention(int question) => throw None("attention maps");

        public override float[]? AnswerAttention(int question) => throw None("attention maps");
    }
}
