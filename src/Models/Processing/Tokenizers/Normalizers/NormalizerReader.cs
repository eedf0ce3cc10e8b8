using Vrp.Models.Processing.Tokenizers.Json;

namespace Vrp.Models.Processing.Tokenizers.Normalizers;

/// <summary>Reads the <c>normalizer</c> of a tokenizer.json.</summary>
static class NormalizerReader
{
    public static INormalizer Read(JsonSection section)
    {
        INormalizer normalizer = section.Text("type") switch
        {
            "Sequence" => new SequenceNormalizer([.. section.Objects("normalizers").Select(Read)]),
            "Prepend" => new PrependNormalizer(section.Text("prepend")),
            "Replace" => Replace(section),
            "NFC" => new NfcNormalizer(),
            var other => throw section.Unsupported($"the normalizer {other}", "Sequence, Prepend, Replace, NFC"),
        };
        section.End();
        return normalizer;
    }

    static ReplaceNormalizer Replace(JsonSection section)
    {
        var (pattern, literal) = PatternReader.Read(section);
        return new(pattern, literal, section.Text("content"));
    }
}
