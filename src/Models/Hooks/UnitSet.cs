using System.Globalization;

namespace Vrp.Models.Hooks;

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
