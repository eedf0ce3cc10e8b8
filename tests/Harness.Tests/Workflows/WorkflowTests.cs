using Vrp.Cli;
using Vrp.Harness.Configuration;

namespace Vrp.Harness.Tests.Workflows;

/// <summary>The workflows as texts: what they name exists.</summary>
public class WorkflowTests
{
    /// <summary>Words that the launcher itself takes; all others are commands of the program.</summary>
    static readonly string[] Launcher = ["test", "world", "bench"];

    [Fact]
    public void Files_EachWorkflow_HasTriggersPermissionsAndJobsThatExist()
    {
        WorkflowFile.All.Select(file => file.Name).Should().Equal("ci.yml", "fuzz.yml", "gpu-gate.yml", "release.yml");
        foreach (var file in WorkflowFile.All)
        {
            file.Keys.Should().Contain(["name", "on", "permissions", "jobs"], file.Name);
            foreach (var (name, job) in file.Jobs)
            {
                WorkflowFile.Needs(job).Should().BeSubsetOf(file.Jobs.Select(other => other.Name), "{0} of {1} waits for them", name, file.Name);
                job.Children.Keys.Select(key => key.ToString()).Should().Contain(["runs-on", "steps", "timeout-minutes"], "{0} of {1}", name, file.Name);
            }
        }
    }

    [Fact]
    public void Commands_EveryCallOfVrp_IsOneThatTheProgramUnderstands()
    {
        var calls = WorkflowFile.All.SelectMany(file => file.Jobs.SelectMany(job => WorkflowFile.Scripts(job.Job)))
            .SelectMany(step => CommandLines.Of(step.Script)).ToArray();
        calls.Select(call => call[0]).Should().Contain(["trace", "merge", "analyze", "intervene", "report", "gate", "test", "doctor"]);
        foreach (var call in calls.Where(call => !Launcher.Contains(call[0])))
        {
            var parsed = CommandLine.Build().Parse(call);
            parsed.Errors.Should().BeEmpty("of vrp {0}", string.Join(' ', call));
            // A misspelt option would be taken for an argument.
            parsed.CommandResult.Children.OfType<System.CommandLine.Parsing.ArgumentResult>().SelectMany(argument => argument.Tokens)
                .Should().NotContain(token => token.Value.StartsWith('-'));
        }
    }

    [Fact]
    public void GpuGate_ItsMatrix_IsTheStudysSubjectsTimesItsShards()
    {
        var file = WorkflowFile.All.Single(file => file.Name == "gpu-gate.yml");
        var config = VrpConfig.Load(Fixtures.At("..", file.Variable("CONFIG")));
        file.Jobs.Select(job => job.Name).Should().Equal("unlabel", "trace", "plan", "intervene", "judge", "gate", "comment");
        foreach (var (name, job) in file.Jobs.Where(job => job.Job.Children.ContainsKey("strategy")))
        {
            WorkflowFile.Matrix(job, "subject").Should().Equal(config.Subjects.Select(subject => subject.Name), name);
            if (name is "trace" or "intervene")
                WorkflowFile.Matrix(job, "shard").Should().Equal(Enumerable.Range(1, int.Parse(file.Variable("SHARDS"))).Select(shard => $"{shard}"), name);
        }
    }
}
