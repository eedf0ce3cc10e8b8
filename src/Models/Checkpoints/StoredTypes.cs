using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Models.Checkpoints;

/// <summary>The dtypes read here, by their safetensors names. The format has more (8-bit floats and integers): those belong to quantised checkpoints.</summary>
public enum StoredType
{
    BOOL,
    U8,
    I32,
    I64,
    F16,
    BF16,
    F32,
    F64,
}

/// <summary>What is known of each <see cref="StoredType"/>.</summary>
static class StoredTypes
{
    /// <summary>The names, for messages.</summary>
    public static string Names { get; } = string.Join(", ", Enum.GetNames<StoredType>());

    /// <summary>Exact, upper-case names only: <c>Enum.TryParse</c> alone would also take numbers ("-1" even as itself) and lists.</summary>
    public static bool TryParse(string name, out StoredType type) => Enum.TryParse(name, out type) && Enum.IsDefined(type) && type.ToString() == name;

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

    /// <summary>torch's name of it.</summary>
    public static ScalarType ScalarType(StoredType type) => type switch
    {
        StoredType.BOOL => torch.ScalarType.Bool,
        StoredType.U8 => torch.ScalarType.Byte,
        StoredType.I32 => torch.ScalarType.Int32,
        StoredType.I64 => torch.ScalarType.Int64,
        StoredType.F16 => torch.ScalarType.Float16,
        StoredType.BF16 => torch.ScalarType.BFloat16,
        StoredType.F32 => torch.ScalarType.Float32,
        StoredType.F64 => torch.ScalarType.Float64,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a stored type"),
    };

    /// <summary>The stored type of a torch type; null where this program does not store it.</summary>
    public static StoredType? Of(ScalarType type) => Enum.GetValues<StoredType>().Where(stored => ScalarType(stored) == type)
        .Select(stored => (StoredType?)stored).FirstOrDefault();
}
