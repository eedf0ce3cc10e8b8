using Vrp.Harness.Claims;
using Vrp.Harness.Claims.Output;
using Vrp.Harness.Claims.Planning;
using Vrp.Harness.Datasets;
using Vrp.Harness.Running;
using Vrp.Harness.Studying;
using Vrp.Harness.Tests.Running;
using Vrp.Harness.Tests.Storage;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Checkpoints;

namespace Vrp.Harness.Tests.Studying;

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
        foreach (var name in results) File.ReadAllBytes(Path.Combine(three.Folder, name)).Should().Equal(File.ReadAllBytes(Path.Combine(one.Folder, name)), name);
    }

    [Fact]
    public void Run_Again_ComputesNothingAndAnEditedThresholdShows()
    {
        var said = new List<string>();
        var first = Run(Request("run"), 1, said);
        said.Should().ContainSingle(text => text.Contains($"{dataset.Questions.Count:N0} questions about 12 pictures"));
        first.Trace.Summary.Computed.Should().Be(dataset.Questions.Count);
        var before = File.ReadAllBytes(Path.Combine(first.Folder, RunFolder.Metrics));

        var again = Run(Request("run"), 1);
        (again.Trace.Summary.Computed, again.Interventions!.Summary.Computed).Should().Be((0, 0));
        File.ReadAllBytes(Path.Combine(first.Folder, RunFolder.Metrics)).Should().Equal(before);

        var other = Run(Request("run") with { Protocol = new StudyOptions { Draws = 300, Permutations = 5 } }, 1);
        (other.Trace.Summary.Computed, other.Interventions!.Summary.Computed).Should().Be((0, 0));
        File.ReadAllBytes(Path.Combine(first.Folder, RunFolder.Metrics)).Should().NotEqual(before);
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
