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
