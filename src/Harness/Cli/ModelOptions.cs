using System.CommandLine;
using TorchSharp;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using Vrp.Models.Processing.Chat;
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
    public VisionLanguageModel Load(ParseResult result) => Load(result, out _);

    /// <summary>The same, with the checkpoint that it was loaded from.</summary>
    public VisionLanguageModel Load(ParseResult result, out Checkpoint opened)
    {
        var (where, type) = (Device(result.GetValue(device)!), Dtype(result.GetValue(dtype)));
        Threads.Use(result.GetValue(threads));
        opened = Checkpoint.Open(result.GetValue(checkpoint)!);
        if (ChatFormatter.For(opened.ModelType).CheckTemplate(opened.ReadText) is { } warning) result.InvocationConfiguration.Error.WriteLine($"vrp: {opened.Name}: {warning}");
        return VisionLanguageModel.Load(opened, type, where);
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
