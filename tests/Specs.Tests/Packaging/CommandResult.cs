using System.Diagnostics;
using System.Text;

namespace Vrp.Specs.Tests.Packaging;

/// <summary>A program, run to its end.</summary>
sealed record CommandResult(int Code, string Output)
{
    /// <summary>What the test's own host was started with and a new `dotnet` must not take for its own.</summary>
    static readonly string[] HostVariables = ["MSBuildExtensionsPath", "MSBuildSDKsPath", "MSBUILD_EXE_PATH", "DOTNET_HOST_PATH", "VSTEST_CONNECTION_TIMEOUT"];

    public static CommandResult Of(string program, IReadOnlyList<string> arguments, string folder, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in HostVariables) start.Environment.Remove(name);
        // Variables of the machine that say what is judged would say it to the new project too.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("VRP_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        start.Environment["DOTNET_NOLOGO"] = start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        // No build server may outlive the test: it would hold the test's folder and output.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (text, one) = (new StringBuilder(), new Lock());
        void Take(object _, DataReceivedEventArgs line)
        {
            lock (one) text.AppendLine(line.Data);
        }

        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        return new CommandResult(process.ExitCode, text.ToString());
    }

    public CommandResult ShouldSucceed()
    {
        Code.Should().Be(0, "it said {0}", Output);
        return this;
    }
}
