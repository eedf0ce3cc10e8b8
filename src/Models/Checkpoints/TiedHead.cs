namespace Vrp.Models.Checkpoints;

/// <summary>Some checkpoints store the head although it is tied; transformers then ignores it. Here it must be the embedding, byte by byte, so that nothing
/// trained is dropped silently.</summary>
static class TiedHead
{
    const int Block = 4 << 20;

    public static void Check(string folder, TensorEntry head, TensorEntry embedding)
    {
        if (head.Type != embedding.Type || !head.Shape.AsSpan().SequenceEqual(embedding.Shape))
            throw new TiedHeadException(folder, head.Name, embedding.Name,
                $"{head.Type} {Display.Shape(head.Shape)} against {embedding.Type} {Display.Shape(embedding.Shape)}");

        using var headFile = new WeightFile(head.File);
        using var embeddingFile = new WeightFile(embedding.File);
        var (a, b) = (new byte[Math.Min(Block, head.ByteLength)], new byte[Math.Min(Block, head.ByteLength)]);
        for (long at = 0; at < head.ByteLength; at += Block)
        {
            var length = (int)Math.Min(Block, head.ByteLength - at);
            headFile.Read(head.Offset + at, a.AsSpan(0, length));
            embeddingFile.Read(embedding.Offset + at, b.AsSpan(0, length));
            var same = a.AsSpan(0, length).CommonPrefixLength(b.AsSpan(0, length));
            if (same < length)
                throw new TiedHeadException(folder, head.Name, embedding.Name,
                    $"the first difference is at element {(at + same) / StoredTypes.SizeOf(head.Type)}");
        }
    }
}
