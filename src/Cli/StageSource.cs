using System.CommandLine;
using System.CommandLine.Parsing;
using Vrp.Harness.Configuration;
using Vrp.Harness.Studies;
using Vrp.Models;

namespace Vrp.Cli;

/// <summary>Where a stage that runs by itself takes its settings from: with <c>--config</c> from a subject of vrp.json, so that stages split over machines
/// compute what <c>vrp gate</c> computes in one go.</summary>
sealed class StageSource
{
    /// <summary>What may be said beside --config: where and how much, as VRP_* variables say it too. Everything else would be said twice.</summary>
    static readonly string[] Beside = ["--config", "--name", "--images", "--limit", "--budget", "--device", "--dtype", "--threads", "--fetch", "--out",
        "--shard", "--shards", "--plan", "--trace", "--no-prefix-sharing", "--dry-run", "--debug"];

    readonly Option<string?> config = new("--config") { Description = "Take the subject's checkpoint, data and settings from this configuration (vrp.json); "
        + "the checkpoint's place names the subject." };

    /// <summary>The option.</summary>
    public Option Option => config;

    /// <summary>The study that a configuration asks for; null without --config.</summary>
    /// <param name="r">The command line.</param>
    /// <param name="subject">A subject's name.</param>
    /// <param name="folder">The run's folder.</param>
    public ConfiguredStage? Read(ParseResult r, string? subject, string folder)
    {
        if (r.GetValue(config) is not { } path) return null;
        if (r.CommandResult.Children.OfType<OptionResult>().FirstOrDefault(option => !option.Implicit && !Beside.Contains(option.Option.Name)) is { } twice)
            throw new VrpException($"{twice.Option.Name} and --config: {path} says it. Change it there, or leave out --config.");
        if (subject is null) throw new VrpException($"--config {path} without a subject: name one with --name.");
        var fromEnvironment = ConfigOverrides.FromEnvironment();
        var read = (fromEnvironment with
        {
            Subjects = [subject],
            Limit = Given<int?>(r, "--limit") ?? fromEnvironment.Limit,
            Images = Given<string?>(r, "--images") ?? fromEnvironment.Images,
            Budget = Given<string>(r, "--budget") ?? fromEnvironment.Budget,
            Device = Given<string>(r, "--device") ?? fromEnvironment.Device,
            Dtype = Given<string?>(r, "--dtype") ?? fromEnvironment.Dtype,
        }).ApplyTo(VrpConfig.Load(path));
        var one = read.Subjects[0];
        var dataset = ConfiguredStudy.Open(read, read.DataOf(one));
        if (dataset.Images?.Warning is { } warning) r.InvocationConfiguration.Error.Say($"{dataset.Name}: {warning}");
        return new ConfiguredStage(read, one, ConfiguredStudy.Request(read, one, dataset) with { Folder = folder });
    }

    /// <summary>What was typed; a default is not: the configuration's value stands before it.</summary>
    static T? Given<T>(ParseResult r, string option) => r.GetResult(option) is OptionResult { Implicit: false } ? r.GetValue<T>(option) : default;
}
