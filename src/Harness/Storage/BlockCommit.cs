using System.Security.Cryptography;
using System.Text.Json;

namespace Vrp.Harness.Storage;

/// <summary>The last line of a block's JSONL, written after everything else: where it stands and fits, the block is whole.</summary>
/// <param name="Block">Number, from 0.</param>
/// <param name="First">Index of its first sample.</param>
/// <param name="Count">Its samples.</param>
/// <param name="TensorBytes">Length of its safetensors file.</param>
/// <param name="TensorsSha256">Of that file.</param>
/// <param name="RecordsSha256">Of the lines before this one and of the other fields of this one.</param>
/// <param name="Passes">What it cost.</param>
sealed record BlockCommit(int Block, int First, int Count, long TensorBytes, string TensorsSha256, string RecordsSha256, PassCounts Passes)
{
    /// <summary>With the hash that belongs to these records.</summary>
    public BlockCommit Signed(ReadOnlySpan<byte> records)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(records);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(this with { RecordsSha256 = "" }, Json.Line));
        return this with { RecordsSha256 = Convert.ToHexStringLower(hash.GetHashAndReset()) };
    }
}
