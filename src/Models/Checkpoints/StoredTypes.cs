namespace Vrp.Models.Checkpoints;

/// <summary>What is known of each <see cref="StoredType"/>.</summary>
static class StoredTypes
{
    /// <summary>The names, for messages.</summary>
    public static string Names { get; } = string.Join(", ", Enum.GetNames<StoredType>());

    /// <summary>Exact, upper-case names only: <c>Enum.TryParse</c> alone would also take numbers and lists.</summary>
    public static bool TryParse(string name, out StoredType type) => Enum.TryParse(name, out type) && type.ToString() == name;

    /// <summary>Bytes per element.</summary>
    public static int SizeOf(StoredType type) => type switch
    {
        StoredType.BOOL or StoredType.U8 => 1,
        StoredType.F16 or StoredType.BF16 => 2,
        StoredType.I32 or StoredType.F32 => 4,
        StoredType.I64 or StoredType.F64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a stored type"),
    };

    /// <summary>Whether a checkpoint's dtype conversion applies: integers and flags stay as they are.</summary>
    public static bool IsFloating(StoredType type) => type is StoredType.F16 or StoredType.BF16 or StoredType.F32 or StoredType.F64;
}
