using System.CommandLine;
using TorchSharp;
using Vrp.Harness.Running;
using Vrp.Models.Checkpoints;
using Vrp.Models.Processing.Chat;
using Vrp.Models;
using static TorchSharp.torch;

namespace Vrp.Harness.Cli;

/// <summary>The options of every command that loads a checkpoint: where and in what precision it computes.</summary>
sealed class ModelOptions
{
    readonly Argument<string> checkpoint = new("CHECKPOINT") { Description = "A checkpoint folder, a snapshot in the hub's cache, or org/name[@revision] from that cache." };
    readonly Option<string> device = new("--device") { Description = "cpu or cuda[:N].", DefaultValueFactory = _ => "cpu" };
    readonly Option<string?> dtype = new("--dtype") { Description = "float32, bfloat16 or float16. Default: float32 on the CPU, the checkpoint's own on CUDA." };
    readonly Option<int?> threads = new("--threads") { Description = "CPU threads. Default: all cores." };

    public void AddTo(Command command)
    {
        command.Add(checkpoint);
        command.Add(device);
        command.Add(dtype);
        command.Add(threads);
    }

    /// <summary>Loads the model that the options name. Values are checked before the weights are read.</summary>
    public VisionLanguageModel Load(ParseResult result)
    {
        var (where, type) = (Device(result.GetValue(device)!), Dtype(result.GetValue(dtype)));
        Threads.Use(result.GetValue(threads));
        return VisionLanguageModel.Load(Open(result.GetValue(checkpoint)!, result.InvocationConfiguration.Error), type, where);
    }

    /// <summary>The same for the stages of a study, which compute blocks side by side.</summary>
    public Subject LoadSubject(ParseResult result) => LoadSubject(result.GetValue(checkpoint)!, result.GetValue(device)!, result.GetValue(dtype), result.GetValue(threads),
        result.InvocationConfiguration.Error);

    /// <summary>From values, as a configuration file names them.</summary>
    public static Subject LoadSubject(string checkpoint, string device, string? dtype, int? threads, TextWriter error)
    {
        var (where, type, count) = (Device(device), Dtype(dtype), Threads.Count(threads));
        return Subject.Load(Open(checkpoint, error), type, where, count);
    }

    static Checkpoint Open(string checkpoint, TextWriter error)
    {
        var opened = Checkpoint.Open(checkpoint);
        if (ChatFormatter.For(opened.ModelType).CheckTemplate(opened.ReadText) is { } warning) error.WriteLine($"vrp: {opened.Name}: {warning}");
        return opened;
    }

    public static ScalarType? Dtype(string? name) => name switch
    {
        null => null,
        "float32" or "fp32" => ScalarType.Float32,
        "bfloat16" or "bf16" => ScalarType.BFloat16,
        "float16" or "fp16" or "half" => ScalarType.Float16,
        _ => throw new VrpException($"--dtype {name}: expected float32, bfloat16 or float16."),
    };

    public static Device Device(string name)
    {
        if (name == "cpu") return CPU;
        var parts = name.Split(':');
        if (parts[0] != "cuda" || parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], out _))) throw new VrpException($"--device {name}: expected cpu, cuda or cuda:N.");
        if (!cuda.is_available()) throw new VrpException($"--device {name}: this libtorch sees no GPU. `vrp doctor` says what it found.");
        var index = parts.Length == 2 ? int.Parse(parts[1]) : 0;
        return index < cuda.device_count() ? new Device(DeviceType.CUDA, index) : throw new VrpException($"--device {name}: there are {cuda.device_count()} GPUs, numbered from 0.");
    }
}
