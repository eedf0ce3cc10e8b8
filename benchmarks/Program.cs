using System.CommandLine;

namespace Vrp.Benchmarks;

/// <summary><c>./vrp bench …</c>: figures of docs/benchmarks.md. Ratios within one run, never absolute times as assertions.</summary>
static class Program
{
    static int Main(string[] args)
    {
        // The script hands on the words after `bench`.
        var root = new RootCommand("""
            Figures: how fast, against what this machine and its libtorch can do.

            Examples:
              ./vrp bench checkpoint --out artifacts/bench-checkpoint      # a random LLaVA-shaped checkpoint, 400M parameters, 1.6 GB
              ./vrp bench engine artifacts/bench-checkpoint                # load, prefill, decode, K samples, as ratios
              ./vrp bench checkpoint --family qwen2_vl --out artifacts/bench-qwen2vl   # the same shaped like Qwen2-VL: pictures of any size, grouped heads
              ./vrp bench sharing artifacts/bench-checkpoint               # seconds and positions per question, a picture read once or by each question
              ./vrp bench growth fixtures/checkpoints/llava                # whether a question costs more when there are more of them
              ./vrp bench stand-ins artifacts/bench-checkpoint --out artifacts/bench-pope   # a gate for it: POPE's questions, stand-in photos
              ./vrp bench probes                                      # probes and bootstraps of a 7B model's study (minutes, 2 GB)
            """)
        {
            CheckpointCommand.Build(), EngineCommand.Build(), SharingCommand.Build(), GrowthCommand.Build(), StandInsCommand.Build(),
            MemoryCommand.Build(), ProbesCommand.Build(),
        };
        return root.Parse(args).Invoke();
    }
}
