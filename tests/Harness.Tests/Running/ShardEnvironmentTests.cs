using Vrp.Harness.Running;
using Vrp.Harness.Storage;
using Vrp.Models;

namespace Vrp.Harness.Tests.Running;

public sealed class ShardEnvironmentTests
{
    /// <summary>Variables as in a shell: <c>A=1 B=2</c>.</summary>
    static Func<string, string?> Variables(string text)
    {
        var variables = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('=')).ToDictionary(one => one[0], one => one[1]);
        return variables.GetValueOrDefault;
    }

    static string Slurm(int index, int first, int last, int? count = null) =>
        $"SLURM_ARRAY_TASK_ID={index} SLURM_ARRAY_TASK_COUNT={count ?? last - first + 1} SLURM_ARRAY_TASK_MIN={first} SLURM_ARRAY_TASK_MAX={last}";

    [Theory]
    [InlineData("JOB_COMPLETION_INDEX=0 VRP_SHARDS=4", "1/4")]
    [InlineData("JOB_COMPLETION_INDEX=3 VRP_SHARDS=4", "4/4")]
    [InlineData("AWS_BATCH_JOB_ARRAY_INDEX=1 AWS_BATCH_JOB_ARRAY_SIZE=3", "2/3")]
    [InlineData("AWS_BATCH_JOB_ARRAY_INDEX=1 VRP_SHARDS=3", "2/3")]
    [InlineData("BATCH_TASK_INDEX=2 BATCH_TASK_COUNT=3", "3/3")]
    [InlineData("BATCH_TASK_INDEX=2 BATCH_TASK_COUNT=3 VRP_SHARDS=3", "3/3")]
    [InlineData("BATCH_TASK_INDEX=2 BATCH_TASK_COUNT=3 SLURM_ARRAY_TASK_ID=", "3/3")]
    public void Read_AutoInAScheduler_IsItsPart(string variables, string shard) =>
        ShardEnvironment.Read("auto", null, Variables(variables)).ToString().Should().Be(shard);

    [Theory]
    [InlineData(0, 0, 3, "1/4")]
    [InlineData(1, 1, 4, "1/4")]
    [InlineData(4, 1, 4, "4/4")]
    [InlineData(12, 10, 14, "3/5")]
    public void Read_AutoInASlurmArray_CountsFromItsFirstIndex(int index, int first, int last, string shard) =>
        ShardEnvironment.Read("auto", null, Variables(Slurm(index, first, last))).ToString().Should().Be(shard);

    [Fact]
    public void Read_CountAsAnOption_WinsOverTheVariable() =>
        ShardEnvironment.Read("auto", 3, Variables("JOB_COMPLETION_INDEX=2 VRP_SHARDS=8")).Should().Be(new Shard(3, 3));

    [Fact]
    public void Read_WithoutShard_IsAllOfItWhateverTheSchedulerSays() => ShardEnvironment.Read(null, null, Variables(Slurm(2, 1, 4))).Should().Be(Shard.Whole);

    [Theory]
    [InlineData("auto", "", "*SLURM_ARRAY_TASK_ID*are not set*")]
    [InlineData("auto", "JOB_COMPLETION_INDEX=0", "*how many parts*--shards*VRP_SHARDS*")]
    [InlineData("auto", "JOB_COMPLETION_INDEX=4 VRP_SHARDS=4", "*JOB_COMPLETION_INDEX=4*no part of 4*")]
    [InlineData("auto", "JOB_COMPLETION_INDEX=x VRP_SHARDS=4", "*JOB_COMPLETION_INDEX=x*whole number*")]
    [InlineData("auto", "JOB_COMPLETION_INDEX=0 VRP_SHARDS=0", "*VRP_SHARDS 0*at least 1*")]
    [InlineData("auto", "JOB_COMPLETION_INDEX=0 BATCH_TASK_INDEX=0 BATCH_TASK_COUNT=2", "*set together*")]
    [InlineData("auto", "BATCH_TASK_INDEX=0 BATCH_TASK_COUNT=2 VRP_SHARDS=3", "*2 tasks*3 parts*")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=2", "*SLURM_ARRAY_TASK_MIN*not set*")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=1 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=3 VRP_SHARDS=4",
        "*1 task,*4 parts*--shard 3/4*")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=3", "*leave gaps*")]
    [InlineData("2/4", "JOB_COMPLETION_INDEX=0", "*--shard 2/4*makes this part 1/4*--shard auto*unset*")]
    [InlineData("2/4", "BATCH_TASK_INDEX=1 BATCH_TASK_COUNT=5", "*makes this part 2/5*")]
    [InlineData("2/4", "VRP_SHARDS=5", "*--shard 2/4 and 5 parts*")]
    public void Read_WhatCannotBeToldOrContradicts_IsRefused(string shard, string variables, string message) =>
        FluentActions.Invoking(() => ShardEnvironment.Read(shard, null, Variables(variables))).Should().Throw<VrpException>().WithMessage(message);

    [Theory]
    [InlineData("2/4", "")]
    [InlineData("2/4", "BATCH_TASK_INDEX=1 BATCH_TASK_COUNT=4")]
    [InlineData("2/4", "JOB_COMPLETION_INDEX=1 VRP_SHARDS=4")]
    public void Read_GivenPart_IsTakenWhereNothingContradicts(string shard, string variables) =>
        ShardEnvironment.Read(shard, null, Variables(variables)).ToString().Should().Be(shard);

    [Fact]
    public void Read_GivenPartInAnArrayOfOneTask_FillsAGap() =>
        ShardEnvironment.Read("3/4", null, Variables(Slurm(3, 3, 3) + " VRP_SHARDS=4")).Should().Be(new Shard(3, 4));

    [Fact]
    public void Read_CountWithoutShard_AsksWhichPart() =>
        FluentActions.Invoking(() => ShardEnvironment.Read(null, 4, Variables(""))).Should().Throw<VrpException>().WithMessage("*--shard auto*");
}
