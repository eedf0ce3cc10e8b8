using Vrp.Harness.Claims;
using Vrp.Harness.Datasets;
using Vrp.Harness.Running;
using Vrp.Harness.Studies;
using Vrp.Harness.Tests.Claims;
using Vrp.Harness.Tests.Running;
using Vrp.Harness.Tests.Storage;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Checkpoints;

namespace Vrp.Harness.Tests.Studies;

public sealed class StudyPipelineTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static readonly Dataset dataset = DatasetReader.Open(Fixtures.At("world", "study.jsonl"), new DatasetOptions { Limit = 12 });

    StudyRequest Request(string run) => new("tiny", dataset, folder.At(run))
    {
        Trace = new TraceOptions { Samples = 3, MaxNewTokens = 4, BlockSize = 8 },
        Interventions = new() { MaxNewTokens = 4 },
        Budget = InterventionBudget.Quick,
        Protocol = new StudyOptions { Draws = 200, Permutations = 5 },
    };

    FinishedStudy Run(StudyRequest request, int threads, List<string>? said = null)
    {
        using var subject = Subject.Load(Checkpoint.Open(Fixtures.At("checkpoints", "llava")), null, TorchSharp.torch.CPU, threads);
        subject.Models.Should().HaveCount(threads, "a small model is copied");
        return StudyPipeline.Run(request, subject, null, said is null ? null : said.Add);
    }

    static readonly string[] results = [RunFolder.Metrics, RunFolder.Verdicts, RunFolder.Samples, RunFolder.Attention];

    [Fact]
    public void Run_ThreeWorkers_LeavesTheSameBytesAsOne()
    {
        var one = Run(Request("one"), 1);
        var three = Run(Request("three"), 3);
        foreach (var (a, b) in new[] { (one.Trace, three.Trace), (one.Interventions!, three.Interventions!) })
            StoreFiles.Content(b.Folder).Should().Equal(StoreFiles.Content(a.Folder));
        foreach (var name in results) File.ReadAllBytes(Path.Combine(three.Folder, name)).Should().Equal(File.ReadAllBytes(Path.Combine(one.Folder, name)),
            name);
    }

    [Fact]
    public void Run_Again_ComputesNothingAndAnEditedThresholdShows()
    {
        var said = new List<string>();
        var first = Run(Request("run"), 1, said);
        said.Should().ContainSingle(text => text.Contains($"{dataset.Questions.Count:N0} questions about 12 images"));
        first.Trace.Summary.Computed.Should().Be(dataset.Questions.Count);
        var before = File.ReadAllBytes(Path.Combine(first.Folder, RunFolder.Metrics));

        var origin = RunOrigin.Of(first.Folder)!;
        origin.Commit.Should().Be(RunOrigin.Now().Commit);
        origin.Date.Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(10));

        var again = Run(Request("run"), 1);
        RunOrigin.Of(again.Folder)!.Date.Should().BeOnOrAfter(origin.Date, "what was kept is what this commit has");
        (again.Trace.Summary.Computed, again.Interventions!.Summary.Computed).Should().Be((0, 0));
        File.ReadAllBytes(Path.Combine(first.Folder, RunFolder.Metrics)).Should().Equal(before);

        var other = Run(Request("run") with { Protocol = new StudyOptions { Draws = 300, Permutations = 5 } }, 1);
        (other.Trace.Summary.Computed, other.Interventions!.Summary.Computed).Should().Be((0, 0));
        File.ReadAllBytes(Path.Combine(first.Folder, RunFolder.Metrics)).Should().NotEqual(before);
    }

    [Fact]
    public void Run_NothingChanged_JudgesNothingAndLeavesTheBytes()
    {
        var first = Run(Request("run"), 1);
        var before = results.Select(name => File.ReadAllBytes(Path.Combine(first.Folder, name))).ToArray();
        var judged = new List<string>();
        FinishedStudy Again(Dataset? data = null, StudyOptions? protocol = null)
        {
            judged.Clear();
            using var subject = Subject.Load(Checkpoint.Open(Fixtures.At("checkpoints", "llava")), null, TorchSharp.torch.CPU, 1);
            var request = Request("run");
            return StudyPipeline.Run(request with { Dataset = data ?? request.Dataset, Protocol = protocol ?? request.Protocol }, subject, at =>
            {
                if (at.Stage == StudyStage.Judge && at.What is { } claim) lock (judged) judged.Add(claim);
            });
        }

        var kept = Again();
        judged.Should().BeEmpty();
        kept.Result.Estimates.Should().Equal(first.Result.Estimates);
        kept.Result.Verdicts.Should().BeEquivalentTo(first.Result.Verdicts, options => options.WithStrictOrdering());
        kept.Result.Questions.Should().BeEquivalentTo(first.Result.Questions, options => options.WithStrictOrdering());
        results.Select(name => File.ReadAllBytes(Path.Combine(first.Folder, name))).Should().BeEquivalentTo(before, options => options.WithStrictOrdering());

        File.AppendAllText(Path.Combine(first.Folder, RunFolder.Metrics), " ");
        Again();
        judged.Should().HaveCount(ClaimRegistry.All.Count, "a file that was changed is no result");
        results.Select(name => File.ReadAllBytes(Path.Combine(first.Folder, name))).Should().BeEquivalentTo(before, options => options.WithStrictOrdering());

        Again(protocol: Request("run").Protocol with { ProbeThreshold = 0.9 });
        judged.Should().HaveCount(ClaimRegistry.All.Count, "a threshold changed");

        var question = dataset.Questions.First(one => one.Kind == QuestionKind.YesNo);
        var corrected = question with { Answers = [question.Answers[0] == "yes" ? "no" : "yes"] };
        Again(dataset with { Questions = [.. dataset.Questions.Select(one => one == question ? corrected : one)] });
        judged.Should().HaveCount(ClaimRegistry.All.Count, "a label changed");
    }

    [Fact]
    public void Inputs_AnotherProgramProtocolOrTrace_AreOthers()
    {
        var first = Run(Request("run") with { Budget = null }, 1);
        var trace = TraceReader.Open(first.Folder, dataset);
        string? Of(StudyOptions? protocol = null, string? program = null, Dataset? data = null, string? name = null) =>
            AnalysisInputs.Of(name is null ? trace : TraceReader.Open(first.Folder, dataset, name), null, data ?? dataset, protocol ?? new StudyOptions(),
                program);
        Of().Should().Be(Of()).And.HaveLength(64);
        new[] { Of(), Of(program: "edited"), Of(new StudyOptions { Seed = 2 }), Of(data: dataset.Limit(11)),
            Of(name: "another") }.Should().OnlyHaveUniqueItems();
        AnalysisInputs.Of(TestTraces.Small.Build(), null, dataset,
            new StudyOptions()).Should().BeNull("a trace made up in memory has no content to be known by");
    }

    [Fact]
    public void Run_BudgetNone_LeavesInterventionsNotRun()
    {
        var finished = Run(Request("none") with { Budget = null }, 1);
        finished.Interventions.Should().BeNull();
        finished.WithoutInterventions.Should().NotBeNullOrEmpty();
        RunFolder.Read(finished.Folder).Verdicts.Single(verdict => verdict.Claim == "neuron-ablation").Verdict.Should().Be(Verdict.NotRun);
    }

    [Fact]
    public void Analyze_FolderWithoutATrace_IsAClearError() =>
        ((Action)(() => StudyPipeline.Analyze(Request("empty")))).Should().Throw<VrpException>().Which.Message.Should().Contain("empty");
}
