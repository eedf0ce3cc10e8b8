using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Vrp.Models;

namespace Vrp.Cli;

/// <summary><c>vrp view</c>: the newest report in the browser, or, where there is none, its path.</summary>
static class ViewCommand
{
    public static Command Build()
    {
        var path = new Argument<string?>("PATH") { Description = "A report, or a folder with reports in it. Default: artifacts, else this folder.",
            Arity = ArgumentArity.ZeroOrOne };
        var command = new VrpCommand("view", "Open the newest report.html in the browser; prints its path, and nothing more where there is no browser.",
            "vrp view",
            "vrp view artifacts/upgrade");
        command.AddAll(path);
        command.SetAction(r =>
        {
            var report = Newest(r.GetValue(path) ?? (Directory.Exists("artifacts") ? "artifacts" : "."));
            r.InvocationConfiguration.Output.WriteLine(report);
            if (HasBrowser(Environment.GetEnvironmentVariable)) Open(report, r.InvocationConfiguration.Error);
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The report itself, or the newest report.html of a folder and of the folders up to three below it.</summary>
    internal static string Newest(string path)
    {
        if (File.Exists(path)) return Path.GetFullPath(path);
        if (!Directory.Exists(path)) throw new VrpException($"{path}: no such file or folder.");
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3, IgnoreInaccessible = true };
        return new DirectoryInfo(path).EnumerateFiles("report.html", options).MaxBy(file => file.LastWriteTimeUtc)?.FullName
            ?? throw new VrpException($"no report.html in {Path.GetFullPath(path)}. `vrp gate` and `vrp report` write one.");
    }

    /// <summary>Whether somebody sits before a screen: a job and a remote shell have none.</summary>
    internal static bool HasBrowser(Func<string, string?> variable) => string.IsNullOrEmpty(variable("CI"))
        && (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() || !string.IsNullOrEmpty(variable("DISPLAY"))
            || !string.IsNullOrEmpty(variable("WAYLAND_DISPLAY")));

    static void Open(string report, TextWriter error)
    {
        try
        {
            using var opened = OperatingSystem.IsWindows() ? Process.Start(new ProcessStartInfo(report) { UseShellExecute = true })
                : Process.Start(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [report]);
        }
        catch (Win32Exception e)
        {
            error.Say($"no browser was started ({e.Message}); open the file above.");
        }
    }
}
