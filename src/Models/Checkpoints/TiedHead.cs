namespace Vrp.Models.Checkpoints;

/// <summary>Some checkpoints store the head although it is tied; transformers then ignores it. Here it must be the embedding, byte by byte, so that nothing
/// trained is dropped silently.</summary>
static unsafe class TiedHead
{
    const int Block = 8 << 20;

    public static void Check(string folder, TensorEntry head, TensorEntry embedding)
    {
        if (head.Type != embedding.Type || !head.Shape.AsSpan().SequenceEqual(embedding.Shape))
            throw new TiedHeadException(folder, head.Name, embedding.Name,
                $"{head.Type} {Display.Shape(head.Shape)} against {embedding.Type} {Display.Shape(embedding.Shape)}");

        using var headFile = new MappedFile(head.File, head.Offset + head.ByteLength);
        using var embeddingFile = new MappedFile(embedding.File, embedding.Offset + embedding.ByteLength);
        for (long at = 0; at < head.ByteLength; at += Block)
        {
            int length = (int)Math.Min(Block, head.ByteLength - at);
            byte* a = headFile.At(head.Offset + at), b = embeddingFile.At(embedding.Offset + at);
            int same = new ReadOnlySpan<byte>(a, length).CommonPrefixLength(new ReadOnlySpan<byte>(b, length));
            if (same < length)
                throw new TiedHeadException(folder, head.Name, embedding.Name,
                    $"the first difference is at element {(at + same) / StoredTypes.SizeOf(head.Type)}");
            MemoryAdvice.Drop(a, length);
            MemoryAdvice.Drop(b, length);
        }
    }
}
