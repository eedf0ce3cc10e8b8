using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Models.Hooks;

/// <summary>A change to some units at a hook point, as a record that prints itself and reads itself back: <c>POINT:UNITS=VALUE[@last][#ROWS]</c>, for instance
/// <c>blocks.2.mlp.out:3,17,40=0</c>, <c>blocks.*.attn.z:0-63=mean@last</c>, <c>blocks.5.mlp.hidden:7+=2.5#0,3</c>. VALUE is a number, <c>mean</c> or
/// <c>resample</c>; the data of the last two come with the forward (<see cref="InterventionData"/>).</summary>
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

    /// <summary>Sets them to what they were for other questions, given as data.</summary>
    Resample,
}

/// <summary>The values of <c>mean</c> and <c>resample</c> interventions, per hook point: float32 of shape [W] (one for all rows), [B,W] (one per row of the
/// batch) or [B,T,W] (one per position of the prompt), W being the point's last dimension.</summary>
public sealed class InterventionData
{
    readonly Dictionary<(string Point, InterventionKind Kind), Values> all = [];

    /// <summary>Rows and Positions are 1 where the values hold for all of them.</summary>
    internal readonly record struct Values(float[] Data, int Rows, int Positions, int Width)
    {
        /// <param name="row">The prompt.</param>
        /// <param name="fromEnd">The position, counted from the end: 1 is the last.</param>
        /// <param name="unit">The coordinate.</param>
        public float At(int row, int fromEnd, int unit) =>
            Data[((Rows == 1 ? 0 : row) * Positions + (Positions == 1 ? 0 : Positions - fromEnd)) * Width + unit];
    }

    /// <summary>Gives the data of one point. The values are copied; the tensor stays the caller's.</summary>
    public InterventionData Add(string point, InterventionKind kind, Tensor values)
    {
        if (kind is not (InterventionKind.Mean or InterventionKind.Resample))
            throw new ArgumentException($"Only mean and resample interventions take data, not {kind}.", nameof(kind));
        var shape = values.shape;
        if (shape.Length is < 1 or > 3) throw new HookException($"Data for {kind} at '{point}' have shape [{string.Join(", ", shape)}]; "
            + "expected [W], [B,W] or [B,T,W].");
        using var host = values.detach().to(ScalarType.Float32).cpu().contiguous();
        all[(point, kind)] = new(host.data<float>().ToArray(), shape.Length == 1 ? 1 : (int)shape[0], shape.Length == 3 ? (int)shape[1] : 1, (int)shape[^1]);
        return this;
    }

    internal Values For(HookPoint point, Intervention request) =>
        all.TryGetValue((point.Name, request.Kind), out var values) ? values
            : throw new HookException($"'{request}' has no data for {point.Name}; expected {request.Kind.ToString().ToLowerInvariant()} values "
                + "of shape [W], [B,W] or [B,T,W]. Add them to the forward's InterventionData.");
}

/// <summary>A set of indices in its text form: <c>3,17,40</c>, <c>0-99</c>, both together, or <c>*</c> for all.</summary>
public sealed class UnitSet : IEquatable<UnitSet>
{
    readonly int[]? units;

    UnitSet(int[]? units) => this.units = units;

    /// <summary>Every index.</summary>
    public static UnitSet All { get; } = new(null);

    /// <summary>Exactly these.</summary>
    public static UnitSet Of(params IEnumerable<int> units)
    {
        int[] sorted = [.. units.Distinct().Order()];
        return sorted.Length > 0 && sorted[0] >= 0 ? new(sorted)
            : throw new HookException($"[{string.Join(", ", sorted)}] is not a set of units; expected at least one, none negative.");
    }

    public bool IsAll => units is null;

    /// <summary>The indices, ascending, of a dimension of <paramref name="size"/>; <paramref name="request"/> names it in errors.</summary>
    public IEnumerable<int> Within(int size, string request)
    {
        if (units is null) return Enumerable.Range(0, size);
        return units[^1] < size ? units
            : throw new HookException($"'{request}' names index {units[^1]} of a dimension of {size}; expected 0 to {size - 1}. "
                + "Choose indices in that range.");
    }

    /// <summary>Reads the text form.</summary>
    public static UnitSet Parse(string text)
    {
        if (text == "*") return All;
        var units = new List<int>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !TryIndex(ends[0], out var first) || !TryIndex(ends[^1], out var last) || last < first || last - first > 10_000_000)
                throw new HookException($"'{text}' is not a set of units; expected indices and ranges as in 3,17,40 or 0-99, or * for all.");
            units.AddRange(Enumerable.Range(first, last - first + 1));
        }
        return Of(units);
    }

    static bool TryIndex(string text, out int index) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index);

    public override string ToString()
    {
        if (units is null) return "*";
        var parts = new List<string>();
        for (var i = 0; i < units.Length;)
        {
            var start = i;
            while (i + 1 < units.Length && units[i + 1] == units[i] + 1) i++;
            parts.Add(i - start >= 2 ? $"{units[start]}-{units[i]}" : string.Join(',', units[start..(i + 1)]));
            i++;
        }
        return string.Join(',', parts);
    }

    public bool Equals(UnitSet? other) => other is not null && IsAll == other.IsAll && (units ?? []).AsSpan().SequenceEqual(other.units ?? []);
    public override bool Equals(object? other) => Equals(other as UnitSet);
    public override int GetHashCode() => units is null ? 0 : units.Aggregate(units.Length, HashCode.Combine);
}
