using Vrp.Harness.Running;

namespace Vrp.Cli;

/// <summary>What the process tells its caller. 0 to 3 are the gate's verdicts; everything else that went wrong is 64 or above (sysexits.h).</summary>
static class ExitCode
{
    public const int Success = 0;
    public const int Regression = 1;
    public const int ClaimBroken = 2;
    public const int CouldNotJudge = 3;

    /// <summary>Wrong usage or unreadable input: the message says what to change (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>An error of this program, not of its input (EX_SOFTWARE).</summary>
    public const int Internal = 70;

    /// <summary>Stopped by SIGTERM, Ctrl-C or SIGHUP: the same command goes on (EX_TEMPFAIL).</summary>
    public const int Interrupted = Interruption.Code;
}
