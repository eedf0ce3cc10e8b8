namespace Vrp.Models.Checkpoints;

/// <summary>What is wrong with a safetensors file.</summary>
public enum SafetensorsDefect
{
    /// <summary>The file ends before the header's length, or before the last tensor.</summary>
    Truncated,

    /// <summary>The header claims more than the format's limit of 100,000,000 bytes.</summary>
    HeaderTooLarge,

    /// <summary>The header claims more bytes than the file has.</summary>
    HeaderBeyondFile,

    /// <summary>The header is not JSON of the format's form.</summary>
    HeaderNotValid,

    /// <summary>A tensor, or a key of its entry, is there twice.</summary>
    DuplicateKey,

    /// <summary>A dtype that this program does not read.</summary>
    UnknownType,

    /// <summary>A shape with negative dimensions, or whose element count overflows.</summary>
    InvalidShape,

    /// <summary>A tensor's bytes are not shape × size of its dtype.</summary>
    SizeMismatch,

    /// <summary>Offsets that are negative, reversed or wholly beyond the file.</summary>
    OffsetsOutOfRange,

    /// <summary>Two tensors share bytes.</summary>
    OffsetsOverlap,

    /// <summary>Bytes that belong to no tensor.</summary>
    OffsetsGap,
}
