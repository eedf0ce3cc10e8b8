using System.CommandLine;
using TorchSharp;
using Vrp.Harness.Running;
using Vrp.Harness.Studies;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Vrp.Cli;

/// <summary>The options of every command that loads a checkpoint: where and in what precision it computes.</summary>
sealed class ModelOptions
{
    readonly Argument<string> checkpoint = new("CHECKPOINT") { Description = "A checkpoint folder, a snapshot in the hub's cache, or org/name[@revision] of "
        + "the hub." };
    readonly Option<string> device = new("--device") { Description = "cpu or cuda[:N].", DefaultValueFactory = _ => "cpu" };
    readonly Option<string?> dtype = new("--dtype")
    {
        Description = "float32, bfloat16 or float16. Default: float32 on the CPU, the checkpoint's own on CUDA.",
    };
    readonly Option<bool> fetch = FetchOption.New();
    readonly Option<int?> threads = new("--threads") { Description = "CPU threads. Default: all cores." };

    /// <summary>The checkpoint, as typed.</summary>
    public string Checkpoint(ParseResult result) => result.GetValue(checkpoint)!;

    /// <summary>CPU threads, as typed.</summary>
    public int? ThreadCount(ParseResult result) => result.GetValue(threads);

    /// <summary>Whether an absent checkpoint is to be fetched, as typed.</summary>
    public bool Fetch(ParseResult result) => result.GetValue(fetch);

    public void AddTo(Command command)
    {
        command.Add(checkpoint);
        command.Add(device);
        command.Add(dtype);
        command.Add(threads);
        command.Add(fetch);
    }

    /// <summary>Loads the model that the options name. Values are checked before the weights are read.</summary>
    public VisionLanguageModel Load(ParseResult result)
    {
        var (where, type) = (ComputePlace.Device(result.GetValue(device)!), ComputePlace.Dtype(result.GetValue(dtype)));
        Threads.Use(result.GetValue(threads));
        FetchOption.Bring(Checkpoint(result), Fetch(result), result.InvocationConfiguration.Error);
        return VisionLanguageModel.Load(Subject.Open(result.GetValue(checkpoint)!, text => result.InvocationConfiguration.Error.Say(text)), type, where);
    }

    /// <summary>What a run would need, without the weights.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="subject">The subject's name; null: the checkpoint's.</param>
    /// <param name="request">What would be run.</param>
    public StudyCost Plan(ParseResult result, string? subject, StudyRequest request)
    {
        FetchOption.Bring(Checkpoint(result), Fetch(result), result.InvocationConfiguration.Error);
        var (opened, type) = Subject.Plan(Checkpoint(result), result.GetValue(device)!, result.GetValue(dtype),
            text => result.InvocationConfiguration.Error.Say(text));
        return StudyCost.Of(opened, type, subject ?? opened.Checkpoint.Name, request);
    }

    /// <summary>Loads it for the stages of a study, which compute blocks side by side.</summary>
    public Subject LoadSubject(ParseResult result)
    {
        FetchOption.Bring(Checkpoint(result), Fetch(result), result.InvocationConfiguration.Error);
        return Subject.Load(result.GetValue(checkpoint)!, result.GetValue(device)!, result.GetValue(dtype), result.GetValue(threads),
            text => result.InvocationConfiguration.Error.Say(text));
    }
}
