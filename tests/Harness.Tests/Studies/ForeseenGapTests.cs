using Vrp.Harness.Claims;
using Vrp.Harness.Configuration;
using Vrp.Harness.Datasets;
using Vrp.Harness.Running;
using Vrp.Harness.Studies;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Checkpoints;

namespace Vrp.Harness.Tests.Studies;

/// <summary>What is said before a run has to come true after it.</summary>
public sealed class ForeseenGapTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static Dataset Open(string file, int? limit = null) => DatasetReader.Open(file, new DatasetOptions { Limit = limit, CheckImages = false });

    static string[] Foreseen(StudyRequest request) => [.. ForeseenGap.Of(request).SelectMany(gap => gap.Claims)];

    StudyRequest Request(Dataset dataset) => new("tiny", dataset, folder.At("run"));

    [Theory]
    [InlineData("none", "attention-masking, neuron-ablation, layer-destruction")]
    [InlineData("quick", "attention-masking, neuron-ablation, layer-destruction")]
    [InlineData("full", "")]
    public void Of_Budget_IsWhatNeedsMoreOfIt(string budget, string claims) =>
        string.Join(", ", Foreseen(Request(Open(Fixtures.At("world", "study.jsonl"))) with
        {
            Budget = budget == "none" ? null : InterventionBudget.Parse(budget),
        })).Should().Be(claims);

    [Fact]
    public void Of_DescriptionsAlone_IsEveryInterventionAndTheProbes() =>
        Foreseen(Request(Open(Fixtures.At("world", "open.jsonl")))).Should().BeEquivalentTo("hidden-state-probe", "sparse-probe", "fusion", "attention-masking",
            "neuron-ablation", "layer-destruction");

    [Fact]
    public void Of_PopeConfiguration_IsNothing()
    {
        var config = VrpConfig.Load(Fixtures.At("..", "vrp.pope.json"));
        ForeseenGap.Of(Request(Open(Fixtures.At("pope", "coco_pope_adversarial.json"))) with
        {
            Trace = config.Trace, Budget = config.InterventionBudget(), Protocol = config.Protocol,
        }).Should().BeEmpty("its page says so");
    }

    [Fact]
    public void Run_WhatWasForeseen_IsSaidBeforehandAndNotRunThen()
    {
        var request = Request(DatasetReader.Open(Fixtures.At("world", "counting.jsonl"), new DatasetOptions { Limit = 6 })) with
        {
            Trace = new TraceOptions { Samples = 2, MaxNewTokens = 2 }, Budget = null, Protocol = new StudyOptions { Draws = 200, Permutations = 5 },
        };
        Foreseen(request).Should().Equal("hidden-state-probe", "sparse-probe", "fusion", "self-consistency", "attention-masking", "neuron-ablation",
            "layer-destruction");

        var said = new List<string>();
        using var subject = Subject.Load(Checkpoint.Open(Fixtures.At("checkpoints", "llava")), null, TorchSharp.torch.CPU, 1);
        var verdicts = StudyPipeline.Run(request, subject, null, said.Add).Result.Verdicts;
        said.Should().Contain("tiny: will be NotRun: self-consistency (K=2, T=0.7, top-p=0.9, and the study's sampling is K=10, T=0.7, top-p=0.9)");
        foreach (var claim in Foreseen(request)) verdicts.Single(verdict => verdict.Claim == claim).Verdict.Should().Be(Verdict.NotRun, claim);
    }
}
