using System.Text.Json;
using Vrp.Models.Tokenizing;

namespace Vrp.Models.Tests.Tokenizing;

/// <summary>Every row of every cases.jsonl, and the texts and ids of the golden models, against tokenizers 0.22.2.</summary>
public class TokenizerGoldenTests
{
    [Theory, MemberData(nameof(Goldens.Tokenizers), MemberType = typeof(Goldens))]
    public void Encode_EveryGoldenText_GivesTheReferenceIds(string name)
    {
        var tokenizer = Load(name);
        foreach (var row in Rows(name))
        {
            tokenizer.Encode(Text(row)).Should().Equal(Ids(row, "ids"), "of {0}", JsonSerializer.Serialize(Text(row)));
            tokenizer.Encode(Text(row), addSpecialTokens: false).Should().Equal(Ids(row, "ids_without_special"), "of {0}", JsonSerializer.Serialize(Text(row)));
        }
    }

    [Theory, MemberData(nameof(Goldens.Tokenizers), MemberType = typeof(Goldens))]
    public void Decode_EveryGoldenRow_GivesTheReferenceText(string name)
    {
        var tokenizer = Load(name);
        foreach (var row in Rows(name))
        {
            tokenizer.Decode(Ids(row, "ids_without_special")).Should().Be(row.GetProperty("decoded").GetString());
            tokenizer.Decode(Ids(row, "ids"), skipSpecialTokens: true).Should().Be(row.GetProperty("decoded_skip_special").GetString());
        }
    }

    [Theory, MemberData(nameof(Goldens.Tokenizers), MemberType = typeof(Goldens))]
    public void StreamingDecoder_EveryGoldenRow_AddsUpToTheReferenceText(string name)
    {
        var tokenizer = Load(name);
        foreach (var row in Rows(name))
        {
            var stream = new StreamingDecoder(tokenizer, skipSpecialTokens: true);
            var text = string.Concat(Ids(row, "ids").Select(stream.Add)) + stream.Finish();
            text.Should().Be(row.GetProperty("decoded_skip_special").GetString());
        }
    }

    [Theory, MemberData(nameof(Goldens.Models), MemberType = typeof(Goldens))]
    public void Decode_GeneratedIdsOfAGoldenModel_GivesTheReferenceText(string name)
    {
        var tokenizer = HuggingFaceTokenizer.Load(Goldens.At("models", name));
        using var golden = JsonDocument.Parse(File.ReadAllText(Goldens.At("models", name, "golden.json")));
        foreach (var row in golden.RootElement.GetProperty("cases").EnumerateArray())
            tokenizer.Decode(Ids(row, "generated_ids"), skipSpecialTokens: true).Should().Be(row.GetProperty("text").GetString());

        var batch = golden.RootElement.GetProperty("batch");
        foreach (var (ids, text) in batch.GetProperty("generated_ids").EnumerateArray().Zip(batch.GetProperty("text").EnumerateArray()))
            tokenizer.Decode([.. ids.EnumerateArray().Select(id => id.GetInt32())], skipSpecialTokens: true).Should().Be(text.GetString());
    }

    [Theory, MemberData(nameof(Goldens.Models), MemberType = typeof(Goldens))]
    public void Encode_PromptWithoutImagesOfAGoldenModel_GivesItsInputIds(string name)
    {
        var tokenizer = HuggingFaceTokenizer.Load(Goldens.At("models", name));
        using var golden = JsonDocument.Parse(File.ReadAllText(Goldens.At("models", name, "golden.json")));
        foreach (var row in golden.RootElement.GetProperty("cases").EnumerateArray())
            if (row.GetProperty("images").GetArrayLength() == 0)
                tokenizer.Encode(row.GetProperty("prompt").GetString()!).Should().Equal(Ids(row, "input_ids"));
    }

    static HuggingFaceTokenizer Load(string name) => HuggingFaceTokenizer.Load(Goldens.At("tokenizers", name, "tokenizer.json"));

    static List<JsonElement> Rows(string name)
    {
        var rows = File.ReadLines(Goldens.At("tokenizers", name, "cases.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        rows.Should().NotBeEmpty();
        return rows;
    }

    static string Text(JsonElement row) => row.GetProperty("text").GetString()!;

    static int[] Ids(JsonElement row, string key) => [.. row.GetProperty(key).EnumerateArray().Select(id => id.GetInt32())];
}
