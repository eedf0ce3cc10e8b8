using System.Globalization;
using Vrp.Harness.Running;
using Vrp.Models;
using Vrp.Models.Checkpoints;

namespace Vrp.Harness.Configuration;

/// <summary>What a job sets without editing vrp.json: options of the command line, or <c>VRP_*</c> variables where a test runner starts us.</summary>
public sealed record ConfigOverrides
{
    /// <summary>VRP_SUBJECTS: names, with commas; only these are run, and all of them are required.</summary>
    public IReadOnlyList<string>? Subjects { get; init; }

    /// <summary>VRP_DEVICE.</summary>
    public string? Device { get; init; }

    /// <summary>VRP_DTYPE.</summary>
    public string? Dtype { get; init; }

    /// <summary>VRP_LIMIT: only the first N images.</summary>
    public int? Limit { get; init; }

    /// <summary>VRP_BUDGET.</summary>
    public string? Budget { get; init; }

    /// <summary>VRP_IMAGES: folder of the images.</summary>
    public string? Images { get; init; }

    /// <summary>VRP_BLOCK: questions per batch.</summary>
    public int? Block { get; init; }

    /// <summary>The variables that say the same to another process.</summary>
    public IReadOnlyDictionary<string, string> Variables => new (string Name, string? Value)[]
    {
        ("VRP_SUBJECTS", Subjects is null ? null : string.Join(',', Subjects)), ("VRP_DEVICE", Device), ("VRP_DTYPE", Dtype),
            ("VRP_LIMIT", Limit?.ToString(CultureInfo.InvariantCulture)),
        ("VRP_BUDGET", Budget), ("VRP_IMAGES", Images), ("VRP_BLOCK", Block?.ToString(CultureInfo.InvariantCulture)),
    }.Where(variable => variable.Value is not null).ToDictionary(variable => variable.Name, variable => variable.Value!);

    /// <summary>From the variables; an empty one counts as not set.</summary>
    public static ConfigOverrides FromEnvironment(Func<string, string?>? read = null)
    {
        string? Get(string name) => (read ?? Environment.GetEnvironmentVariable)(name) is { Length: > 0 } value ? value : null;
        int? Count(string name, string setting) => Get(name) is not { } text ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                && Bounds.Of(setting)!.Holds(n) ? n : throw new VrpException($"{name}={text}: expected {Bounds.Of(setting)}.");
        return new ConfigOverrides
        {
            Subjects = Get("VRP_SUBJECTS")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) switch
            {
                [] => throw new VrpException($"VRP_SUBJECTS={Get("VRP_SUBJECTS")}: names no subject. Leave it unset for all."),
                var named => named,
            },
            Device = Get("VRP_DEVICE"),
            Dtype = Get("VRP_DTYPE"),
            Limit = Count("VRP_LIMIT", "limit"),
            Block = Count("VRP_BLOCK", "block"),
            Budget = Get("VRP_BUDGET"),
            Images = Get("VRP_IMAGES"),
        };
    }

    /// <summary>The configuration with these in their place.</summary>
    /// <exception cref="VrpException">A subject that is not there, a budget that does not exist.</exception>
    public VrpConfig ApplyTo(VrpConfig config)
    {
        var subjects = Subjects is { Count: > 0 } wanted ? [.. wanted.Distinct().Select(name => Named(config, name) with { Required = true })]
            : config.Subjects;
        if (Budget is not (null or "full" or "quick" or "none")) throw new VrpException($"budget {Budget}: expected full, quick or none.");
        // Checked here and not when a model is loaded: a typing error is none of the gate's verdicts.
        if (Device is { } device && !ComputePlace.IsDevice(device)) throw new VrpException($"device {device}: expected cpu, cuda or cuda:N.");
        if (!ComputePlace.IsDtype(Dtype)) throw new VrpException($"dtype {Dtype}: expected float32, bfloat16 or float16.");
        if (Limit < 1) throw new VrpException($"a limit of {Limit} images; expected at least 1.");
        return config with
        {
            Subjects = [.. subjects.Select(subject =>
                subject with { Device = Device ?? subject.Device, Dtype = Dtype ?? subject.Dtype, Block = Block ?? subject.Block })],
            Data = config.Data.ToDictionary(pair => pair.Key, pair => pair.Value with { Limit = Limit ?? pair.Value.Limit,
                Images = Images is null ? pair.Value.Images : Path.GetFullPath(Images) }),
            Budget = Budget ?? config.Budget,
        };
    }

    static SubjectConfig Named(VrpConfig config, string name)
    {
        if (config.Subjects.FirstOrDefault(subject => subject.Name == name) is { } found) return found;
        var near = NearNames.Closest(name, config.Subjects.Select(subject => subject.Name));
        throw new VrpException($"no subject \"{name}\" in {config.Source}; "
            + $"{(near is null ? $"there are {string.Join(", ", config.Subjects.Select(subject => subject.Name))}." : $"did you mean \"{near}\"?")}");
    }
}
