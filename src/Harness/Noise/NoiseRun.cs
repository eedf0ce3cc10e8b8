using System.Diagnostics;
using System.Globalization;
using Vrp.Harness.Claims.Output;
using Vrp.Models;

namespace Vrp.Harness.Noise;

/// <summary>Runs the variations, each in a process of its own: the libraries choose their kernels once, when they are loaded.</summary>
/// <param name="study">Arguments of `vrp study` that all variations share: --data, --limit and so on.</param>
/// <param name="folder">Where the run folders go: FOLDER/SUBJECT/VARIATION.</param>
/// <param name="start">Starts a program and gives its exit code and what it wrote on stderr; a test puts its own in place.</param>
public sealed class NoiseRun(IReadOnlyList<string> study, string folder, Func<ProcessStartInfo, (int Code, string Error)>? start = null)
{
    readonly List<string> leftOut = [];

    /// <summary>Variations that did not take effect here, and how that was seen.</summary>
    public IReadOnlyList<string> LeftOut => leftOut;

    /// <summary>Runs a subject's variations one after the other.</summary>
    /// <param name="checkpoint">As `vrp study` takes it.</param>
    /// <param name="variations">The first is the reference.</param>
    /// <param name="reuse">Take run folders that are finished as they are.</param>
    /// <param name="say">Told a line per variation.</param>
    /// <exception cref="VrpException">A study failed: with its last lines.</exception>
    public IReadOnlyList<(string Variation, StoredStudy Study)> Run(string checkpoint, IReadOnlyList<NoiseVariation> variations, bool reuse, Action<string> say)
    {
        var subject = Path.GetFileName(Path.TrimEndingDirectorySeparator(checkpoint));
        var runs = new List<(string, StoredStudy)>();
        foreach (var variation in variations)
        {
            var run = Path.Combine(folder, Safe(subject), Safe(variation.Name));
            var clock = Stopwatch.StartNew();
            if (reuse && File.Exists(Path.Combine(run, RunFolder.Samples)))
                say($"{subject}, {variation.Name}: taken from {run}");
            else if (Start(checkpoint, variation, run) is { } reason)
            {
                leftOut.Add($"{subject}, {variation.Name}: {reason}");
                say($"{subject}, {variation.Name}: left out, {reason}");
                continue;
            }
            else say(string.Create(CultureInfo.InvariantCulture, $"{subject}, {variation.Name}: {clock.Elapsed.TotalSeconds:0} s"));
            runs.Add((variation.Name, RunFolder.Read(run)));
        }

        return runs;
    }

    /// <summary>Null when it ran as asked; else why it did not.</summary>
    string? Start(string checkpoint, NoiseVariation variation, string run)
    {
        // Of an older run nothing may be taken: a trace's key does not know the variables.
        if (Directory.Exists(run)) Directory.Delete(run, recursive: true);
        Directory.CreateDirectory(run);
        var program = Program();
        foreach (var argument in new[] { "study", checkpoint }.Concat(study).Concat(["--out", run]).Concat(variation.Arguments)) program.ArgumentList.Add(argument);
        Set(program, "ATEN_CPU_CAPABILITY", variation.Aten);
        Set(program, "OPENBLAS_CORETYPE", variation.OpenBlas);
        // Makes OpenBLAS say which kernels it took: an unknown or unsupported name is otherwise replaced without a word.
        Set(program, "OPENBLAS_VERBOSE", "2");
        Set(program, "VRP_CACHE", Path.Combine(run, "cache"));
        var (code, error) = (start ?? Wait)(program);
        // Judged before the exit code: a study on other kernels than asked for is no measurement either way.
        if (NotTaken(variation, error) is { } reason)
        {
            Directory.Delete(run, recursive: true);
            return reason;
        }

        if (code != 0) throw new VrpException($"noise, {variation.Name}: `vrp study` ended with {code}: {string.Join(" / ", error.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(5))}");
        return null;
    }

    static string? NotTaken(NoiseVariation variation, string error)
    {
        if (error.Contains("ignoring invalid value for ATEN_CPU_CAPABILITY", StringComparison.Ordinal)) return $"this libtorch does not know ATEN_CPU_CAPABILITY={variation.Aten}";
        if (variation.OpenBlas is not { } asked) return null;
        var taken = error.Split('\n').Select(line => line.Trim()).LastOrDefault(line => line.StartsWith("Core: ", StringComparison.Ordinal))?["Core: ".Length..];
        return taken == asked ? null : taken is null ? "the BLAS in use does not say which kernels it took" : $"OpenBLAS took {taken}";
    }

    /// <summary>This program, however it was started.</summary>
    static ProcessStartInfo Program()
    {
        var path = Environment.ProcessPath ?? throw new VrpException("the path of this program is unknown: start it as ./vrp.");
        var program = new ProcessStartInfo(path) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(path) == "dotnet") program.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Vrp.Harness.dll"));
        return program;
    }

    static void Set(ProcessStartInfo program, string name, string? value)
    {
        if (value is null) program.Environment.Remove(name);
        else program.Environment[name] = value;
    }

    static (int, string) Wait(ProcessStartInfo program)
    {
        using var process = Process.Start(program)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        output.GetAwaiter().GetResult();
        return (process.ExitCode, error);
    }

    static string Safe(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-'));
}
