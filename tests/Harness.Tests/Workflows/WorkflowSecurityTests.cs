using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Vrp.Harness.Tests.Workflows;

/// <summary>The rules of docs/security.md, held against the workflows: one rule a test.</summary>
public sealed partial class WorkflowSecurityTests
{
    static WorkflowFile GpuGate => File("gpu-gate.yml");

    static IEnumerable<(string Where, YamlMappingNode Job)> Jobs =>
        WorkflowFile.All.SelectMany(file => file.Jobs.Select(job => ($"{file.Name} {job.Name}", job.Job)));

    static IEnumerable<(string Where, YamlMappingNode Step)> Steps => Jobs.SelectMany(job => WorkflowFile.Steps(job.Job).Select(step => (job.Where, step)));

    static WorkflowFile File(string name) => WorkflowFile.All.Single(file => file.Name == name);

    static YamlMappingNode Job(WorkflowFile file, string name) => file.Jobs.Single(job => job.Name == name).Job;

    static string[] Writes(YamlMappingNode job) => [.. WorkflowFile.Entries(job, "permissions").Where(one => one.Value == "write").Select(one => one.Key)];

    /// <summary>Whether it runs what stands in the repository: a checkout, or the launcher.</summary>
    static bool RunsOurCode(YamlMappingNode job) =>
        WorkflowFile.Steps(job).Any(step => WorkflowFile.Scalar(step, "uses")?.StartsWith("actions/checkout@", StringComparison.Ordinal) == true
        || WorkflowFile.Scalar(step, "run")?.Contains("./vrp", StringComparison.Ordinal) == true);

    [Fact]
    public void Actions_AreGitHubsOwnAndPinnedByCommitWithTheirVersionBeside()
    {
        string[] uses = [.. Steps.Select(step => WorkflowFile.Scalar(step.Step, "uses")).OfType<string>()];
        uses.Should().HaveCountGreaterThan(10).And.OnlyContain(action => Pinned().IsMatch(action));
        // The same action is the same commit everywhere, and no line lacks the version that a person reads.
        uses.GroupBy(action => action.Split('@')[0]).Should().OnlyContain(group => group.Distinct().Count() == 1);
        WorkflowFile.All.SelectMany(file => file.Source.Split('\n')).Where(line => line.Contains("uses:",
            StringComparison.Ordinal)).Should().OnlyContain(line => Version().IsMatch(line));
    }

    [Fact]
    public void Workflows_ByDefault_ReadContentsAlone() =>
        WorkflowFile.All.Should().OnlyContain(file => string.Join(';',
            WorkflowFile.Entries(file.Root, "permissions").Select(one => $"{one.Key}={one.Value}")) == "contents=read");

    [Fact]
    public void Jobs_ThatWrite_AreThoseThreeAndRunNoCodeOfTheRepository()
    {
        var writing = Jobs.Where(job => Writes(job.Job).Length > 0).ToDictionary(job => job.Where, job => string.Join(' ', Writes(job.Job)));
        writing.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["gpu-gate.yml unlabel"] = "pull-requests", ["gpu-gate.yml comment"] = "pull-requests", ["release.yml release"] = "contents id-token attestations",
        });
        Jobs.Where(job => writing.ContainsKey(job.Where)).Should().OnlyContain(job => !RunsOurCode(job.Job));
    }

    [Fact]
    public void Checkout_Everywhere_KeepsNoCredentials() =>
        Steps.Where(step => WorkflowFile.Scalar(step.Step, "uses")?.StartsWith("actions/checkout@", StringComparison.Ordinal) == true)
        .Should().HaveCountGreaterThan(5).And.OnlyContain(step => WorkflowFile.Scalar(step.Step, "with", "persist-credentials") == "false");

    [Fact]
    public void Token_IsInTheEnvironmentOfStepsThatCallGhAlone()
    {
        WorkflowFile.All.Should().OnlyContain(file => !WorkflowFile.Entries(file.Root, "env").Keys.Any(IsToken));
        Jobs.Should().OnlyContain(job => !WorkflowFile.Entries(job.Job, "env").Keys.Any(IsToken));
        Steps.Where(step => WorkflowFile.Entries(step.Step, "env").Keys.Any(key => key == "GH_TOKEN")).Should().HaveCount(4)
            .And.OnlyContain(step => !WorkflowFile.Scalar(step.Step, "run")!.Contains("./vrp", StringComparison.Ordinal)
                && WorkflowFile.Scalar(step.Step, "run")!.Contains("gh ", StringComparison.Ordinal));
    }

    static bool IsToken(string name) => name.EndsWith("TOKEN", StringComparison.Ordinal) || name.EndsWith("_KEY", StringComparison.Ordinal);

    [Fact]
    public void Scripts_TakeNothingFromAnExpression() =>
        Steps.Select(step => WorkflowFile.Scalar(step.Step, "run")).OfType<string>().Should().OnlyContain(script => !script.Contains("${{",
            StringComparison.Ordinal), "values from outside go through env");

    [Fact]
    public void Label_StartsOneRunOfTheLabelledCommitAndGoesAtThePush()
    {
        WorkflowFile.Scalar(Job(GpuGate, "trace"), "if").Should().Contain("github.event.action == 'labeled' && github.event.label.name == 'gpu-gate'")
            .And.NotContain("synchronize").And.NotContain("labels.*.name", "a label that is still there from an older review counts for nothing");
        var unlabel = Job(GpuGate, "unlabel");
        WorkflowFile.Scalar(unlabel, "if").Should().Contain("github.event.action == 'synchronize'");
        WorkflowFile.Scripts(unlabel).Single().Script.Should().Contain("--remove-label gpu-gate");
        ((YamlSequenceNode)((YamlMappingNode)((YamlMappingNode)GpuGate.Root.Children["on"]).Children["pull_request"]).Children["types"])
            .Select(type => type.ToString()).Should().Equal("labeled", "synchronize");
    }

    [Fact]
    public void PullRequest_OfAForkOrOutsideOfAContainer_NeverReachesAGpuRunner()
    {
        WorkflowFile.Scalar(Job(GpuGate, "trace"), "if")
            .Should().Contain("github.event.pull_request.head.repo.full_name == github.repository").And.Contain("vars.VRP_CONTAINER != ''");
        WorkflowFile.Scalar(Job(GpuGate, "trace"), "environment").Should().Be("${{ github.ref == 'refs/heads/main' && 'gpu-main' || 'gpu-pull-request' }}");
        // Everything that runs on the own machines hangs on trace.
        foreach (var (name, job) in GpuGate.Jobs.Where(job => job.Job.Children["runs-on"] is YamlSequenceNode
            && job.Name != "trace")) WorkflowFile.Needs(job).Should().NotBeEmpty(name);
        WorkflowFile.All.Where(file => file.Keys.Contains("on") && file.Source.Contains("pull_request_target", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public void Caches_OfMainAndOfPullRequests_AreApartAndTheSharedDataIsReadOnly()
    {
        const string Level = "${{ github.ref == 'refs/heads/main' && 'main' || 'pull-requests' }}";
        GpuGate.Variable("VRP_CACHE").Should().Be($"/srv/vrp/{Level}/cache");
        foreach (var name in new[] { "HF_HOME", "VRP_IMAGES", "VRP_DATA" }) GpuGate.Variable(name).Should().Contain("'/srv/vrp/shared/");
        foreach (var (name, job) in GpuGate.Jobs.Where(job => job.Job.Children.ContainsKey("container")))
            ((YamlSequenceNode)((YamlMappingNode)job.Children["container"]).Children["volumes"]).Select(volume => volume.ToString())
                .Should().Equal(["/srv/vrp/shared:/srv/vrp/shared:ro", $"/srv/vrp/{Level}:/srv/vrp/{Level}"], name);
    }

    [Fact]
    public void Baseline_IsOfAPushToMain() =>
        WorkflowFile.Scripts(Job(GpuGate, "gate")).Single(step => step.Step == "Baseline").Script.Should().Contain("--branch main --event push --status "
            + "success");

    [Fact]
    public void Release_TestsFirstAttestsAndAsksItsEnvironment()
    {
        var file = File("release.yml");
        WorkflowFile.Needs(Job(file, "pack")).Should().Equal("test");
        WorkflowFile.Needs(Job(file, "release")).Should().Equal("pack");
        WorkflowFile.Scalar(Job(file, "release"), "environment").Should().Be("release");
        WorkflowFile.Steps(Job(file, "release")).Select(step => WorkflowFile.Scalar(step,
            "uses")?.Split('@')[0]).OfType<string>().Should().Equal("actions/download-artifact", "actions/attest-build-provenance");
    }

    [Fact]
    public void Engine_IsAPackageOrANamedFolder()
    {
        GpuGate.Variable("Torch").Should().Be("${{ vars.VRP_LIBTORCH && 'cpu' || 'cuda' }}");
        WorkflowFile.All.Should().OnlyContain(file => !Installs().IsMatch(file.Source), "nothing but the .NET SDK has to be on the machine");
    }

    [GeneratedRegex(@"^actions/[a-z-]+@[0-9a-f]{40}$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex Version();

    [GeneratedRegex(@"apt-get|TorchHome|libturbojpeg|libtorch-dev|Torch=system")]
    private static partial Regex Installs();
}
