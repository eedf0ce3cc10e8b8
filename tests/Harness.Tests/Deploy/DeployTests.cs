using System.Globalization;
using System.Text.RegularExpressions;
using Vrp.Cli;
using Vrp.Harness.Tests.Docs;
using Vrp.Harness.Tests.Workflows;
using YamlDotNet.RepresentationModel;

namespace Vrp.Harness.Tests.Deploy;

/// <summary>What the manifests and scripts of deploy/ rest on; their schemas are deploy/kubernetes/validate.sh's work.</summary>
public sealed partial class DeployTests
{
    static string At(params string[] parts) => Path.Combine([Pages.Root, "deploy", .. parts]);

    static YamlMappingNode Manifest(string name)
    {
        var yaml = new YamlStream();
        using var text = File.OpenText(At("kubernetes", $"{name}.yaml"));
        yaml.Load(text);
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    static YamlMappingNode Map(YamlMappingNode node, params string[] path) => path.Aggregate(node, (at, key) => (YamlMappingNode)at.Children[key]);

    static string[] List(YamlMappingNode node, string key) => [.. ((YamlSequenceNode)node.Children[key]).Select(item => item.ToString())];

    static YamlMappingNode Container(YamlMappingNode job) =>
        (YamlMappingNode)((YamlSequenceNode)Map(job, "spec", "template", "spec").Children["containers"]).Single();

    static Dictionary<string, string> Environment(YamlMappingNode job) => ((YamlSequenceNode)Container(job).Children["env"]).Cast<YamlMappingNode>()
        .ToDictionary(one => WorkflowFile.Scalar(one, "name")!, one => WorkflowFile.Scalar(one, "value")!);

    [Theory, InlineData("trace"), InlineData("intervene")]
    public void Kubernetes_Stage_IsAnIndexedJobOfAsManyPartsAsItSays(string name)
    {
        var job = Manifest(name);
        var spec = Map(job, "spec");
        (WorkflowFile.Scalar(spec, "completionMode"), WorkflowFile.Scalar(spec, "podReplacementPolicy"),
            WorkflowFile.Scalar(spec, "backoffLimitPerIndex")).Should().Be(("Indexed", "Failed", "3"));
        new[] { "completions", "parallelism", "maxFailedIndexes" }.Select(key => WorkflowFile.Scalar(spec,
            key)).Should().OnlyContain(count => count == Environment(job)["VRP_SHARDS"]);
        WorkflowFile.Scalar(Map(spec, "template", "spec"), "restartPolicy").Should().Be("Never", "limits per index need it");

        var patience = int.Parse(WorkflowFile.Scalar(Map(spec, "template", "spec"), "terminationGracePeriodSeconds")!, CultureInfo.InvariantCulture);
        int.Parse(Environment(job)["VRP_GRACE"], CultureInfo.InvariantCulture).Should().BeLessThan(patience);

        var arguments = List(Container(job), "args");
        arguments.Should().ContainInOrder("--shard", "auto");
        var parsed = CommandLine.Build().Parse(arguments);
        parsed.Errors.Should().BeEmpty();
        parsed.CommandResult.Command.Name.Should().Be(name);
    }

    [Theory, InlineData("trace", "FailIndex"), InlineData("intervene", "FailIndex"), InlineData("plan", "FailJob"), InlineData("judge", "FailJob")]
    public void Kubernetes_FailurePolicy_IgnoresDisruptionsAndGivesUpOnWhatCannotGetBetter(string name, string giveUp)
    {
        YamlMappingNode[] rules = [.. ((YamlSequenceNode)Map(Manifest(name), "spec", "podFailurePolicy").Children["rules"]).Cast<YamlMappingNode>()];
        rules.Select(rule => WorkflowFile.Scalar(rule, "action")).Should().Equal("Ignore", giveUp);
        WorkflowFile.Scalar((YamlMappingNode)((YamlSequenceNode)rules[0].Children["onPodConditions"]).Single(), "type").Should().Be("DisruptionTarget");
        List(Map(rules[1], "onExitCodes"), "values").Should().Equal($"{ExitCode.Usage}", $"{ExitCode.CouldNotJudge}").And.NotContain($"{ExitCode.Interrupted}");
    }

    [Theory, InlineData("trace"), InlineData("plan"), InlineData("intervene"), InlineData("judge")]
    public void Kubernetes_Pod_HasNoRightsAndTheSharedVolume(string name)
    {
        var pod = Map(Manifest(name), "spec", "template", "spec");
        WorkflowFile.Scalar(pod, "securityContext", "runAsNonRoot").Should().Be("true");
        WorkflowFile.Scalar(pod, "automountServiceAccountToken").Should().Be("false");
        WorkflowFile.Scalar(Container(Manifest(name)), "securityContext", "allowPrivilegeEscalation").Should().Be("false");
        var volume = (YamlMappingNode)((YamlSequenceNode)pod.Children["volumes"]).Single();
        WorkflowFile.Scalar(volume, "persistentVolumeClaim", "claimName").Should().Be(WorkflowFile.Scalar(Manifest("volume"), "metadata", "name"));
        List(Map(Manifest("volume"), "spec"), "accessModes").Should().Equal("ReadWriteMany");
    }

    [Fact]
    public void Slurm_Scripts_CallCommandsThatTheProgramUnderstands()
    {
        var calls = Directory.GetFiles(At("slurm"), "*.sbatch").SelectMany(path => Step().Matches(File.ReadAllText(path)).Select(match => "./vrp "
            + match.Groups[1].Value)).ToArray();
        calls.Should().HaveCount(6);
        foreach (var arguments in calls.SelectMany(CommandLines.Of)) CommandLine.Build().Parse(arguments).Errors.Should().BeEmpty(string.Join(' ', arguments));
    }

    [Theory, InlineData("trace"), InlineData("intervene")]
    public void Slurm_Stage_IsRequeuedAndSignalledWithinItsGrace(string name)
    {
        var script = File.ReadAllText(At("slurm", $"{name}.sbatch"));
        script.Should().Contain("#SBATCH --requeue").And.Contain("--shard \"${VRP_SHARD:-auto}\"");
        var warned = int.Parse(Warning().Match(script).Groups[1].Value, CultureInfo.InvariantCulture);
        int.Parse(Grace().Match(script).Groups[1].Value, CultureInfo.InvariantCulture).Should().BeLessThan(warned);
        File.ReadAllText(At("slurm", "settings.sh")).Should().Contain($"[ \"$status\" = {ExitCode.Interrupted} ]").And.Contain("scontrol requeue");
    }

    [Fact]
    public void Dockerfile_LastStage_RunsWithoutRightsAndLetsSignalsArrive()
    {
        var file = File.ReadAllText(At("Dockerfile"));
        var last = file[file.LastIndexOf("\nFROM ", StringComparison.Ordinal)..];
        last.Should().Contain("USER ${APP_UID}").And.Contain("VOLUME /cache").And.Contain("VRP_CACHE=/cache").And.Contain("exec dotnet /app/Vrp.Cli.dll")
            .And.Contain("ENTRYPOINT [\"vrp\"]");
        file.Should().NotContain(":latest").And.Contain("ARG TORCH=cpu");
    }

    [GeneratedRegex(@"(?<=^|; then )step ([^;\n]+)", RegexOptions.Multiline)]
    private static partial Regex Step();

    [GeneratedRegex(@"--signal=TERM@(\d+)")]
    private static partial Regex Warning();

    [GeneratedRegex(@"VRP_GRACE:-(\d+)")]
    private static partial Regex Grace();
}
