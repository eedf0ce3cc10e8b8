using System.Globalization;

namespace Vrp.Models.Hooks;

/// <summary>A change to some units at a hook point, as a record that prints itself and reads itself back:
/// <c>POINT:UNITS=VALUE[@last][#ROWS]</c>, for instance <c>blocks.2.mlp.out:3,17,40=0</c>, <c>blocks.*.attn.z:0-63=mean@last</c>,
/// <c>blocks.5.mlp.hidden:7+=2.5#0,3</c>. VALUE is a number, <c>mean</c> or <c>resample</c>; the data of the last two come with the forward
/// (<see cref="InterventionData"/>).</summary>
public sealed record Intervention
{
    /// <param name="point">A point's name, with <c>*</c> for any run of characters.</param>
    /// <param name="units">Coordinates of the point's last dimension; of <c>attn.pattern</c>, heads.</param>
    /// <param name="kind">What happens to them.</param>
    /// <param name="value">The number of <see cref="InterventionKind.Set"/> and <see cref="InterventionKind.Add"/>.</param>
    /// <param name="positions">All positions or the last; in generation the last one of every step.</param>
    /// <param name="rows">Rows of the batch (prompts) it applies to; null for all. Rows let one batch carry many arms.</param>
    public Intervention(string point, UnitSet units, InterventionKind kind = InterventionKind.Set, float value = 0, Positions positions = Positions.All,
        UnitSet? rows = null)
    {
        if (point.Length == 0 || point.AsSpan().IndexOfAny(":=@#") >= 0)
            throw new HookException($"'{point}' is not a hook point's name; expected one as in blocks.2.mlp.out.");
        if (!float.IsFinite(value)) throw new HookException($"An intervention at '{point}' has the value {value}; expected a finite number.");
        (Point, Units, Kind, Value, Positions, Rows) = (point, units, kind, value, positions, rows is { IsAll: true } ? null : rows);
    }

    public string Point { get; }
    public UnitSet Units { get; }
    public InterventionKind Kind { get; }
    public float Value { get; }
    public Positions Positions { get; init; }
    public UnitSet? Rows { get; init; }

    /// <summary>Sets units to 0.</summary>
    public static Intervention Zero(string point, params IEnumerable<int> units) => new(point, UnitSet.Of(units));

    /// <summary>Reads the text form.</summary>
    public static Intervention Parse(string text)
    {
        HookException Malformed(string what) =>
            new($"'{text}' is not an intervention: {what}. Expected POINT:UNITS=VALUE[@last][#ROWS], as in blocks.2.mlp.out:3,17,40=0 or "
                + "blocks.2.mlp.out:0-99=mean@last.");

        int equals = text.IndexOf('='), colon = equals < 0 ? -1 : text.LastIndexOf(':', equals);
        if (equals < 0 || colon <= 0) throw Malformed(equals < 0 ? "there is no '='" : "there is no ':' between point and units");

        var add = text[equals - 1] == '+';
        var value = text[(equals + 1)..];
        UnitSet? rows = null;
        if (value.IndexOf('#') is var hash and >= 0) (rows, value) = (UnitSet.Parse(value[(hash + 1)..]), value[..hash]);
        var last = value.EndsWith("@last", StringComparison.Ordinal);
        if (last) value = value[..^"@last".Length];

        var kind = value switch
        {
            "mean" => InterventionKind.Mean,
            "resample" => InterventionKind.Resample,
            _ => add ? InterventionKind.Add : InterventionKind.Set,
        };
        if (add && kind != InterventionKind.Add) throw Malformed($"'{value}' replaces and cannot be added");
        float number = 0;
        if (kind is InterventionKind.Set or InterventionKind.Add && !float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
            throw Malformed($"'{value}' is not a number, mean or resample");
        var units = UnitSet.Parse(text[(colon + 1)..(add ? equals - 1 : equals)]);
        return new Intervention(text[..colon], units, kind, number, last ? Positions.Last : Positions.All, rows);
    }

    public override string ToString()
    {
        var value = Kind switch
        {
            InterventionKind.Mean => "=mean",
            InterventionKind.Resample => "=resample",
            _ => (Kind == InterventionKind.Add ? "+=" : "=") + Value.ToString("R", CultureInfo.InvariantCulture),
        };
        return $"{Point}:{Units}{value}{(Positions == Positions.Last ? "@last" : "")}{(Rows is null ? "" : $"#{Rows}")}";
    }
}

/// <summary>What an intervention does to its units.</summary>
public enum InterventionKind
{
    /// <summary>Sets them to a number; 0 is zero ablation.</summary>
    Set,

    /// <summary>Adds a number.</summary>
    Add,

    /// <summary>Sets them to their mean over a reference set, given as data.</summary>
    Mean,

    /// <summary>Sets them to what they were on other samples, given as data.</summary>
    Resample,
}
