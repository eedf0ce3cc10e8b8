using System.Globalization;
using Vrp.Harness.Storage;
using Vrp.Models;

namespace Vrp.Harness.Running;

/// <summary>Which part of a run this job does, from what its scheduler says: <c>--shard auto</c>. An index counts from wherever the scheduler counts from, and
/// is never guessed: what does not make a whole split is refused with the way to say it by hand.</summary>
static class ShardEnvironment
{
    /// <summary>As <c>--shard</c>: the scheduler's.</summary>
    public const string Auto = "auto";

    /// <summary>Number of parts, where the scheduler does not say it; as <c>--shards</c>.</summary>
    public const string CountVariable = "VRP_SHARDS";

    /// <summary>Variables of a scheduler.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Index">Index of the job.</param>
    /// <param name="Count">How many jobs; null where there is no such variable.</param>
    /// <param name="First">The least index; null: 0.</param>
    /// <param name="Last">The greatest index; null where there is no such variable.</param>
    sealed record Scheduler(string Name, string Index, string? Count = null, string? First = null, string? Last = null);

    static readonly Scheduler[] schedulers =
    [
        new("a Slurm array", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX"),
        new("a Kubernetes Indexed Job", "JOB_COMPLETION_INDEX"),
        new("an AWS Batch array", "AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE"),
        new("a Google Batch job", "BATCH_TASK_INDEX", "BATCH_TASK_COUNT"),
    ];

    /// <param name="shard">What <c>--shard</c> says: i/n, auto, or null.</param>
    /// <param name="shards">What <c>--shards</c> says.</param>
    /// <param name="variable">Reads a variable; tests give their own.</param>
    /// <returns>The part; all of it without <c>--shard</c>, whatever the environment says.</returns>
    /// <exception cref="VrpException">It cannot be determined, or option and environment disagree.</exception>
    public static Shard Read(string? shard, int? shards, Func<string, string?>? variable = null)
    {
        variable ??= Environment.GetEnvironmentVariable;
        if (shard is null)
            return shards is null ? Shard.Whole : throw new VrpException($"--shards {shards} says how many parts there are, and not which this is: add "
                + $"--shard {Auto}, or --shard i/{shards}.");
        var count = shards ?? Number(variable, CountVariable);
        if (count < 1) throw new VrpException($"{(shards is null ? CountVariable : "--shards")} {count}: expected at least 1.");
        if (shard != Auto) return Given(Shard.Parse(shard), count, variable);
        if (Find(variable) is not { } here)
            throw new VrpException($"--shard {Auto}: no scheduler says which part this is ({string.Join(", ", schedulers.Select(one => one.Index))} are not "
                + $"set). Write it: --shard 1/{count ?? 2}.");
        return Of(here, count, variable);
    }

    /// <summary>A part that was written by hand, unless the scheduler splits the run into as many parts and says another, or into another number of
    /// parts.</summary>
    static Shard Given(Shard given, int? count, Func<string, string?> variable)
    {
        if (count is { } n && n != given.Count) throw new VrpException($"--shard {given} and {n} parts (--shards or {CountVariable}): one of them is wrong.");
        if (Find(variable) is not { } here) return given;
        // One task alone is no split: it may do any part, as one that fills a gap does.
        if (SizeOf(here, variable) is 1) return given;
        var said = Of(here, SizeOf(here, variable) ?? given.Count, variable);
        return said == given ? given : throw new VrpException($"--shard {given}, but {here.Index}={variable(here.Index)} makes this part {said} of "
            + $"{here.Name}. Write --shard {Auto}, or unset {here.Index} where the array is no split of this run.");
    }

    static Scheduler? Find(Func<string, string?> variable)
    {
        Scheduler[] here = [.. schedulers.Where(one => variable(one.Index) is { Length: > 0 })];
        return here.Length <= 1 ? here.FirstOrDefault()
            : throw new VrpException($"{string.Join(" and ", here.Select(one => $"{one.Index}={variable(one.Index)}"))} are set together: unset all but the "
                + "one that splits this run.");
    }

    static Shard Of(Scheduler here, int? asked, Func<string, string?> variable)
    {
        int index = Needed(here.Index, variable), first = here.First is { } least ? Needed(least, variable) : 0;
        var count = SizeOf(here, variable) ?? asked ?? throw new VrpException($"{here.Name} does not say how many parts there are: add --shards N or set "
            + $"{CountVariable}, as many as the job has indices.");
        if (asked is { } n && n != count)
            throw new VrpException($"{here.Name} has {Tasks(count)}, and --shards or {CountVariable} says {n} parts. Start {n} tasks; one that fills a gap is "
                + $"given its part, as in --shard 3/{n}.");
        if (here.Last is { } last && Needed(last, variable) - first + 1 != count)
            throw new VrpException($"{here.Name} from {first} to {variable(last)} has only {Tasks(count)}: its indices leave gaps. Use a range without steps, "
                + "or tell each task its part, as in --shard 3/8.");
        return index >= first && index - first < count ? new Shard(index - first + 1, count)
            : throw new VrpException($"{here.Index}={index} is no part of {count} from {first} on. Start as many tasks as there are parts.");
    }

    static string Tasks(int count) => count == 1 ? "1 task" : $"{count} tasks";

    static int? SizeOf(Scheduler here, Func<string, string?> variable) => here.Count is { } name ? Number(variable, name) : null;

    static int Needed(string name, Func<string, string?> variable) =>
        Number(variable, name) ?? throw new VrpException($"--shard {Auto} needs {name}, which is not set. Write the part: --shard i/n.");

    static int? Number(Func<string, string?> variable, string name) => variable(name) is not { Length: > 0 } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new VrpException($"{name}={text}: expected a whole number.");
}
