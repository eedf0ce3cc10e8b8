using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.X86;
using System.Text;
using Vrp.Harness.Claims;
using Vrp.Harness.Running;
using Vrp.Harness.Studies;
using Vrp.Models;

namespace Vrp.Harness.Noise;

/// <summary>Runs the variations, each in a process of its own: the libraries choose their kernels once, when they are loaded.</summary>
/// <param name="variables">What all variations share, as the environment says it: VRP_CONFIG, VRP_LIMIT and so on.</param>
/// <param name="folder">Where the run folders go: FOLDER/VARIATION/runs/SUBJECT-DATA. What an interrupted run left there is gone on from: a trace's key
/// names the kernels.</param>
/// <param name="start">Starts a program and gives its exit code and what it wrote on stderr; a test puts its own in place.</param>
public sealed class NoiseRun(IReadOnlyDictionary<string, string> variables, string folder, Func<ProcessStartInfo, (int Code, string Error)>? start = null)
{
    /// <summary>The argument by which the program that is started judges the subjects and does nothing else.</summary>
    public const string JudgeOnly = "--judge-only";

    readonly List<string> leftOut = [];

    /// <summary>Variations that could not be run here, each with its reason.</summary>
    public IReadOnlyList<string> LeftOut => leftOut;

    /// <summary>Runs the variations one after the other.</summary>
    /// <param name="subjects">Names of the run folders that each leaves.</param>
    /// <param name="variations">The first is the reference.</param>
    /// <param name="instructions">What the processor has (<see cref="NoiseVariation.Instructions"/>).</param>
    /// <param name="say">Receives a line per variation, and each run's own output.</param>
    /// <returns>By subject, the variations that ran.</returns>
    /// <exception cref="VrpException">A variation failed: with its last lines.</exception>
    public IReadOnlyList<IReadOnlyList<(string Variation, StudyResult Study)>> Run(IReadOnlyList<string> subjects, IReadOnlyList<NoiseVariation> variations,
        IReadOnlySet<string> instructions, Action<string> say)
    {
        List<(string Variation, StudyResult Study)>[] runs = [.. subjects.Select(_ => new List<(string, StudyResult)>())];
        foreach (var variation in variations)
        {
            var clock = Stopwatch.StartNew();
            var reason = variation.Needs is { } needs && !instructions.Contains(needs) ? $"this processor has no {needs}" : Start(variation, say);
            if (reason is not null)
            {
                leftOut.Add($"{variation.Name}: {reason}");
                say($"{variation.Name}: left out, {reason}");
                continue;
            }

            say(string.Create(CultureInfo.InvariantCulture, $"{variation.Name}: {clock.Elapsed.TotalSeconds:0} s"));
            for (var s = 0; s < subjects.Count; s++) runs[s].Add((variation.Name, RunFolder.Read(Path.Combine(Store(variation), "runs", subjects[s]))));
        }

        return runs;
    }

    string Store(NoiseVariation variation) => Path.Combine(folder, string.Concat(variation.Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')));

    /// <summary>Null when it ran; else why it did not.</summary>
    string? Start(NoiseVariation variation, Action<string> say)
    {
        var program = Program();
        program.ArgumentList.Add("noise");
        program.ArgumentList.Add(JudgeOnly);
        foreach (var name in NoiseVariation.Kernels) program.Environment.Remove(name);
        foreach (var (name, value) in variables.Concat(variation.Variables)) program.Environment[name] = value;
        program.Environment["VRP_CACHE"] = Path.GetFullPath(Store(variation));
        var (code, error) = start is null ? Wait(program, line => say($"{variation.Name}, {line}")) : start(program);
        // Judged before the exit code: a study on other kernels than the variation's is no measurement either way.
        if (error.Contains("ignoring invalid value for ATEN_CPU_CAPABILITY", StringComparison.Ordinal))
            return $"this libtorch does not know ATEN_CPU_CAPABILITY={variation.Variables["ATEN_CPU_CAPABILITY"]}";
        if (code != 0)
        {
            var last = string.Join(" / ", error.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(5));
            throw new VrpException($"noise, {variation.Name}: the run ended with {code}: {last}");
        }

        return null;
    }

    /// <summary>This program, however it was started.</summary>
    static ProcessStartInfo Program()
    {
        var path = Environment.ProcessPath ?? throw new VrpException("the path of this program is unknown: start it as ./vrp.");
        var program = new ProcessStartInfo(path) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(path) == "dotnet") program.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Vrp.Harness.dll"));
        return program;
    }

    static (int, string) Wait(ProcessStartInfo program, Action<string> say)
    {
        using var process = Process.Start(program)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = new StringBuilder();
        while (process.StandardError.ReadLine() is { } line)
        {
            error.Append(line).Append('\n');
            say(line);
        }

        process.WaitForExit();
        output.GetAwaiter().GetResult();
        return (process.ExitCode, error.ToString());
    }
}

/// <summary>One way of computing the same thing: it may change the last bits of a result and nothing else.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Variables">Environment variables that it sets.</param>
/// <param name="Needs">The instructions that the processor must have; null: none.</param>
public sealed record NoiseVariation(string Name, IReadOnlyDictionary<string, string> Variables, string? Needs = null)
{
    /// <summary>The variables that choose kernels: libtorch's own (ATen), oneDNN's (convolutions) and MKL's (matrix products). A variation sets all of them or
    /// removes them.</summary>
    public static readonly IReadOnlyList<string> Kernels = ["ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "MKL_ENABLE_INSTRUCTIONS", "MKL_CBWR"];

    /// <summary>What this processor can compute.</summary>
    public static IReadOnlySet<string> Instructions { get; } = new (string Name, bool IsThere)[]
    {
        ("SSE4.2", Sse42.IsSupported), ("AVX2", Avx2.IsSupported), ("AVX-512", Avx512F.IsSupported && Avx512DQ.IsSupported && Avx512BW.IsSupported),
    }.Where(set => set.IsThere).Select(set => set.Name).ToHashSet();

    /// <summary>All variations; the first is what a user gets.</summary>
    /// <param name="onCpu">Whether the models run on the CPU: elsewhere only the batch's size varies.</param>
    /// <param name="block">The usual block.</param>
    /// <param name="threads">The usual threads.</param>
    public static IReadOnlyList<NoiseVariation> All(bool onCpu, int block, int threads)
    {
        var list = new List<NoiseVariation> { new("as usual", Set()) };
        foreach (var size in new[] { 24, 48, 96 })
            if (size != block) list.Add(new($"block {size}", Set(("VRP_BLOCK", $"{size}"))));
        if (!onCpu) return list;
        foreach (var count in new[] { 1, 2 })
            if (count != threads) list.Add(new(NumberText.Count(count, "thread"), Set(("VRP_THREADS", $"{count}"))));
        list.AddRange(
        [
            new("ATen default", Set(("ATEN_CPU_CAPABILITY", "default"))),
            new("ATen avx2", Set(("ATEN_CPU_CAPABILITY", "avx2")), "AVX2"),
            new("ATen avx512", Set(("ATEN_CPU_CAPABILITY", "avx512")), "AVX-512"),
            new("oneDNN SSE41", Set(("ONEDNN_MAX_CPU_ISA", "SSE41")), "SSE4.2"),
            new("oneDNN AVX2", Set(("ONEDNN_MAX_CPU_ISA", "AVX2")), "AVX2"),
            new("MKL compatible", Set(("MKL_CBWR", "COMPATIBLE"))),
            new("MKL SSE4_2", Set(("MKL_ENABLE_INSTRUCTIONS", "SSE4_2")), "SSE4.2"),
            new("MKL AVX2", Set(("MKL_ENABLE_INSTRUCTIONS", "AVX2")), "AVX2"),
            new("MKL AVX512", Set(("MKL_ENABLE_INSTRUCTIONS", "AVX512")), "AVX-512"),
            // Whole machines: one without AVX, and one of the commonest kind.
            new("SSE throughout", Set(("ATEN_CPU_CAPABILITY", "default"), ("ONEDNN_MAX_CPU_ISA", "SSE41"),
                ("MKL_ENABLE_INSTRUCTIONS", "SSE4_2"), ("MKL_CBWR", "COMPATIBLE")), "SSE4.2"),
            new("AVX2 throughout", Set(("ATEN_CPU_CAPABILITY", "avx2"), ("ONEDNN_MAX_CPU_ISA", "AVX2"), ("MKL_ENABLE_INSTRUCTIONS", "AVX2")), "AVX2"),
        ]);
        return list;
    }

    static Dictionary<string, string> Set(params IEnumerable<(string Name, string Value)> variables) =>
        variables.ToDictionary(variable => variable.Name, variable => variable.Value);
}
