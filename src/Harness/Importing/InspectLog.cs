using System.IO.Compression;
using System.Text.Json;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Readers;
using Vrp.Models.Storage;

namespace Vrp.Harness.Importing;

/// <summary>Inspect's logs (read: inspect_ai/log/_log.py): <c>.json</c> with <c>eval</c>, <c>plan</c> and <c>samples</c>, or <c>.eval</c>, a zip of
/// <c>header.json</c> and a file a sample. A question of several epochs has that many answers, the first of which is judged. With <c>logprobs</c> the answer's
/// token probabilities come along.</summary>
static class InspectLog
{
    /// <summary>Of one file of the zip after unpacking; one is in memory at a time.</summary>
    const long Largest = 256 << 20;

    const double Rounding = 1e-3;

    public static ImportedLog Read(string path)
    {
        try
        {
            using var zip = Path.GetExtension(path).Equals(".eval", StringComparison.OrdinalIgnoreCase) ? new ZipArchive(FileDoor.OpenRead(path)) : null;
            var (header, samples) = zip is null ? Plain(path) : Packed(zip);
            var answers = new List<(int Epoch, ImportedAnswer Answer)>();
            var left = new List<string>();
            foreach (var (sample, i) in samples.Select((sample, i) => (new JsonRow(path, i + 1, sample), i)))
                if (sample.Has("error")
                    || !sample.Has("output")) left.Add($"sample {sample.Key("id")}: {(sample.Has("error") ? "ended in an error" : "has no output")}");
                else answers.Add((sample.Has("epoch") ? sample.Json.GetProperty("epoch").GetInt32() : 1, Answer(sample, i + 1)));
            Check(path, answers);
            var eval = header.GetProperty("eval");
            return new ImportedLog(Text(eval, "model") ?? "model", Path.GetFileName(Text(eval, "task") ?? "task"),
                [.. answers.GroupBy(answer => answer.Answer.Id).Select(Joined)])
            {
                Temperature = Setting(header, "temperature"), TopP = Setting(header, "top_p"), LeftOut = left,
            };
        }
        catch (Exception error) when (error is FileException or KeyNotFoundException or InvalidOperationException or FormatException or InvalidDataException
            or IOException)
        {
            // What is not as the log's format has it: the library's words are about its own types.
            var what = error is FileException file ? file.Problem : error is InvalidDataException or IOException ? error.Message
                : "a part of it is missing or is not as Inspect writes it.";
            throw new DatasetException(path,
                $"is no log of Inspect that can be read: {what} Expected a .eval file, or .json with eval and samples (`inspect log convert` makes "
                    + "one of the other).", inner: error);
        }
    }

    /// <exception cref="DatasetException">A question's epoch is there twice, or its epochs ask differently.</exception>
    static void Check(string path, IReadOnlyList<(int Epoch, ImportedAnswer Answer)> answers)
    {
        foreach (var epochs in answers.GroupBy(answer => answer.Answer.Id))
        {
            var first = epochs.First();
            if (epochs.Skip(1).FirstOrDefault(other => other.Answer.Question != first.Answer.Question) is { Answer: { } differs })
                throw new DatasetException(path, "asks something else in another epoch of the same sample.", [(differs.Row, differs.Id)]);
            if (epochs.GroupBy(answer => answer.Epoch).FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw new DatasetException(path, $"has epoch {twice.Key} of a sample twice.", [(twice.Last().Answer.Row, epochs.Key)]);
        }
    }

    static (JsonElement, IEnumerable<JsonElement>) Plain(string path)
    {
        var root = JsonText.ReadFile(path);
        return (root, root.TryGetProperty("samples", out var samples) && samples.ValueKind == JsonValueKind.Array ? [.. samples.EnumerateArray()] : []);
    }

    /// <summary>Samples are unpacked as they are asked for.</summary>
    static (JsonElement, IEnumerable<JsonElement>) Packed(ZipArchive zip)
    {
        JsonElement Part(ZipArchiveEntry entry)
        {
            if (entry.Length > Largest) throw new InvalidDataException($"{entry.FullName} has {entry.Length} bytes unpacked.");
            using var stream = entry.Open();
            using var unpacked = new MemoryStream();
            stream.CopyTo(unpacked);
            return JsonText.Parse(unpacked.ToArray(), entry.FullName);
        }

        // A run that is not finished has its start alone.
        var header = zip.GetEntry("header.json") ?? zip.GetEntry("_journal/start.json") ?? throw new InvalidDataException("it holds no header.json.");
        return (Part(header),
            zip.Entries.Where(entry => entry.FullName.StartsWith("samples/", StringComparison.Ordinal)
                && entry.FullName.EndsWith(".json", StringComparison.Ordinal)).Select(Part));
    }

    static ImportedAnswer Answer(JsonRow sample, int row)
    {
        var output = sample.Json.GetProperty("output");
        var first = output.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0 ? choices[0] : default;
        var (question, image) = Asked(sample.Json);
        var tokens = first.ValueKind == JsonValueKind.Object && first.TryGetProperty("logprobs", out var logprobs) && logprobs.ValueKind == JsonValueKind.Object
            ? logprobs.GetProperty("content").EnumerateArray().ToArray() : [];
        return new ImportedAnswer
        {
            Id = sample.Key("id"), Row = row, Question = question,
            Image = (sample.Has("metadata") ? LogReader.Image(sample with { Json = sample.Json.GetProperty("metadata") }) : null) ?? image,
            Options = LogReader.Options(sample), Gold = Texts(sample.Json, "target"), Correct = Correct(sample.Json),
            Answer = first.ValueKind == JsonValueKind.Object ? Content(first.GetProperty("message").GetProperty("content")) : Text(output, "completion") ?? "",
            LogProbabilities = [.. tokens.Select(token => LogProbability(sample, token))],
            FirstToken = tokens.Length > 0 ? FirstToken(sample, tokens[0]) : [],
        };
    }

    /// <summary>The epochs of a question in their order.</summary>
    static ImportedAnswer Joined(IEnumerable<(int Epoch, ImportedAnswer Answer)> epochs)
    {
        ImportedAnswer[] all = [.. epochs.OrderBy(one => one.Epoch).Select(one => one.Answer)];
        return all[0] with { Samples = all.Length > 1 ? [.. all.Select(answer => answer.Answer)] : [] };
    }

    /// <summary>The last message of a user: its text, and the image's file name (of one that is in the log itself, a mark of its bytes).</summary>
    static (string Question, string? Image) Asked(JsonElement sample)
    {
        var input = sample.GetProperty("input");
        if (input.ValueKind == JsonValueKind.String) return (input.GetString()!.Trim(), null);
        var content = input.EnumerateArray().Last(message => Text(message, "role") == "user").GetProperty("content");
        if (content.ValueKind == JsonValueKind.String) return (content.GetString()!.Trim(), null);
        var image = content.EnumerateArray().Where(part => Text(part, "type") == "image").Select(part => Text(part, "image")).OfType<string>()
            .FirstOrDefault();
        return (Content(content), image is null ? null : image.Length < 260 && !image.Contains(':') ? Path.GetFileName(image)
            : Sha256Hex.Of(image)[..16]);
    }

    static string Content(JsonElement content) => content.ValueKind == JsonValueKind.String ? content.GetString()!.Trim()
        : string.Join('\n', content.EnumerateArray().Where(part => Text(part, "type") == "text").Select(part => Text(part, "text"))).Trim();

    /// <summary>Natural logarithm of a probability; what rounding puts a hair above 0 is 0.</summary>
    static double LogProbability(JsonRow sample, JsonElement token) =>
        token.GetProperty("logprob").GetDouble() is var value && double.IsFinite(value) && value < Rounding ? Math.Min(0, value)
            : throw sample.Wrong("output", "an answer whose logprobs are finite and at most 0");

    static IReadOnlyList<(string, double)> FirstToken(JsonRow sample, JsonElement token) =>
        token.TryGetProperty("top_logprobs", out var top) && top.ValueKind == JsonValueKind.Array && top.GetArrayLength() > 0
            ? [.. top.EnumerateArray().Select(one => (Text(one, "token") ?? "", Math.Exp(LogProbability(sample, one))))
                .OrderByDescending(one => one.Item2)]
            : [(Text(token, "token") ?? "", Math.Exp(LogProbability(sample, token)))];

    /// <summary>By the first scorer: "C" and "I" (correct, incorrect), true and false, or a number from 0 to 1.</summary>
    static bool? Correct(JsonElement sample)
    {
        if (!sample.TryGetProperty("scores", out var scores) || scores.ValueKind != JsonValueKind.Object) return null;
        foreach (var scorer in scores.EnumerateObject())
            if (scorer.Value.TryGetProperty("value", out var value))
                return value.ValueKind switch
                {
                    JsonValueKind.True => true,
                    JsonValueKind.False => false,
                    JsonValueKind.Number when value.GetDouble() is >= 0 and <= 1 and var share => share >= 0.5,
                    JsonValueKind.String when value.GetString() is "C" => true,
                    JsonValueKind.String when value.GetString() is "I" => false,
                    _ => null,
                };
        return null;
    }

    static double? Setting(JsonElement header, string name)
    {
        foreach (var (section, part) in new[] { ("eval", "model_generate_config"), ("plan", "config") })
            if (header.TryGetProperty(section, out var holder) && holder.TryGetProperty(part, out var settings) && settings.TryGetProperty(name, out var value)
                && value.ValueKind == JsonValueKind.Number) return value.GetDouble();
        return null;
    }

    static IReadOnlyList<string> Texts(JsonElement of, string field) => !of.TryGetProperty(field, out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(item => item.ToString().Trim()).Where(item => item.Length > 0)]
        : value.ToString().Trim() is { Length: > 0 } text ? [text] : [];

    static string? Text(JsonElement of, string field) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(field, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
