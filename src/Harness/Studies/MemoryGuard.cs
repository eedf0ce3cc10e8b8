using Vrp.Models;

namespace Vrp.Harness.Studies;

/// <summary>Turns "out of memory" into the setting to change. Micro-batches are not halved on the run: another batch shape changes the last bits of a batch's
/// rows, and with them a trace that has to be the same however often it is resumed.</summary>
static class MemoryGuard
{
    public static T Run<T>(string option, int value, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (IsOutOfMemory(error))
        {
            if (value <= 1) throw new VrpException($"out of memory with {option} 1, the least there is: this machine is too small for the model. "
                + $"({error.Message.Split('\n')[0]})", error);
            throw new VrpException($"out of memory with {option} {value} (vrp.json: {option.TrimStart('-')}). Run the same command with {option} {value / 2}: "
                + $"finished blocks under another {option} stay in the store and are "
                + $"used again with it. ({error.Message.Split('\n')[0]})", error);
        }
    }

    /// <summary>Whether .NET, libtorch or a GPU's driver says that memory ran out.</summary>
    public static bool IsOutOfMemory(Exception error) =>
        error is AggregateException { InnerException: { } inner } ? IsOutOfMemory(inner) : error is OutOfMemoryException
            || error.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("not enough memory", StringComparison.OrdinalIgnoreCase)
            || error.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase);
}
