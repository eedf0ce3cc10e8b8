using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vrp.Harness.Tests.Importing;

/// <summary>Answers of a made-up model to yes-no questions, as each of the programs would log them. The more often it is right, the more its answers agree and
/// the surer it says it is.</summary>
sealed record MadeUpLog
{
    public int Pictures { get; init; } = 50;

    public int PerPicture { get; init; } = 6;

    /// <summary>Share of right answers.</summary>
    public double Accuracy { get; init; } = 0.8;

    /// <summary>Answers a question.</summary>
    public int Epochs { get; init; } = 1;

    public int Seed { get; init; } = 1;

    public sealed record Row(int Id, string Image, string Question, string Gold, IReadOnlyList<string> Answers, double Probability);

    public IReadOnlyList<Row> Rows()
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, Pictures * PerPicture).Select(id =>
        {
            // Questions and gold answers are the same whatever the model.
            string gold = id % 2 == 0 ? "yes" : "no", other = id % 2 == 0 ? "no" : "yes";
            var right = Math.Clamp(Accuracy + 0.35 * (random.NextDouble() - 0.5), 0.02, 0.98);
            string Draw() => random.NextDouble() < right ? gold : other;
            string[] answers = [.. Enumerable.Range(0, Epochs).Select(_ => Draw())];
            return new Row(id, $"picture_{id / PerPicture:000}.jpg", $"Is there a thing{id % PerPicture} in the image?", gold, answers,
                Math.Max(right, 1 - right));
        })];
    }

    public string LmmsEval(string folder, string task = "pope") => Write(folder, $"20260801_120000_samples_{task}.jsonl", Rows().Select(row => new JsonObject
    {
        ["doc_id"] = row.Id,
            ["doc"] = new JsonObject { ["question_id"] = $"{row.Id}", ["question"] = row.Question, ["answer"] = row.Gold, ["image_source"] = row.Image[..^4],
                ["category"] = "adversarial" },
        ["target"] = row.Gold,
            ["arguments"] = new JsonArray(new JsonArray(row.Question + "\nAnswer the question using a single word or phrase.",
                new JsonObject { ["temperature"] = 0 })),
        ["resps"] = new JsonArray(new JsonArray([.. row.Answers.Select(answer => (JsonNode)Said(answer))])),
            ["filtered_resps"] = new JsonArray(Said(row.Answers[0])), ["doc_hash"] = "0f",
        ["pope_accuracy"] = new JsonObject { ["question_id"] = row.Id, ["score"] = row.Answers[0] == row.Gold ? 1.0 : 0.0, ["prediction"] = row.Answers[0],
            ["ground_truth"] = row.Gold },
    }.ToJsonString()));

    public string VlmEvalKit(string folder, string name = "ModelX_POPE.tsv", bool confidence = true) => Write(folder, name, Rows().Select(row =>
        string.Join('\t', row.Id, row.Question, row.Gold, Said(row.Answers[0]), row.Image, row.Probability.ToString("0.000", CultureInfo.InvariantCulture)))
        .Prepend(string.Join('\t', "index", "question", "answer", "prediction", "image_path", confidence ? "confidence" : "other")));

    public string Inspect(string folder, string name)
    {
        var header = new JsonObject
        {
            ["version"] = 2, ["status"] = "success",
                ["eval"] = new JsonObject { ["task"] = "evals/pope", ["model"] = "openai/model-x", ["config"] = new JsonObject { ["epochs"] = Epochs } },
            ["plan"] = new JsonObject { ["config"] = new JsonObject { ["temperature"] = 0.7, ["top_p"] = 0.9, ["logprobs"] = true, ["top_logprobs"] = 2 } },
        };
        JsonObject[] samples = [.. Rows().SelectMany(row => row.Answers.Select((answer, epoch) => Sample(row, answer, epoch + 1)))];
        var path = Path.Combine(folder, name);
        if (!name.EndsWith(".eval", StringComparison.Ordinal))
        {
            header["samples"] = new JsonArray([.. samples]);
            File.WriteAllText(path, header.ToJsonString());
            return path;
        }

        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        void Put(string entry, JsonNode content)
        {
            using var writer = new StreamWriter(zip.CreateEntry(entry).Open());
            writer.Write(content.ToJsonString());
        }

        Put("_journal/start.json", new JsonObject());
        foreach (var sample in samples) Put($"samples/{sample["id"]}_epoch_{sample["epoch"]}.json", sample);
        Put("summaries.json", new JsonArray());
        Put("header.json", header);
        return path;
    }

    static JsonObject Sample(Row row, string answer, int epoch) => new()
    {
        ["id"] = row.Id, ["epoch"] = epoch, ["target"] = row.Gold,
        ["input"] = new JsonArray(new JsonObject { ["role"] = "system", ["content"] = "Answer in a word." },
            new JsonObject { ["role"] = "user",
                ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = row.Question },
                    new JsonObject { ["type"] = "image", ["image"] = $"images/{row.Image}" }) }),
        ["output"] = new JsonObject
        {
            ["model"] = "model-x",
            ["choices"] = new JsonArray(new JsonObject
            {
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = Said(answer) }, ["stop_reason"] = "stop",
                ["logprobs"] = new JsonObject { ["content"] = new JsonArray(Token(Said(answer), row.Probability, true), Token(".", 0.9, false)) },
            }),
        },
        ["scores"] = new JsonObject { ["match"] = new JsonObject { ["value"] = answer == row.Gold ? "C" : "I", ["answer"] = answer } },
    };

    static JsonObject Token(string text, double probability, bool top)
    {
        var token = new JsonObject { ["token"] = text, ["logprob"] = Math.Log(probability) };
        if (top) token["top_logprobs"] = new JsonArray(new JsonObject { ["token"] = "?", ["logprob"] = Math.Log(1 - probability) },
            new JsonObject { ["token"] = text, ["logprob"] = Math.Log(probability) });
        return token;
    }

    static string Said(string answer) => char.ToUpperInvariant(answer[0]) + answer[1..];

    static string Write(string folder, string name, IEnumerable<string> lines)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllLines(path, lines);
        return path;
    }
}
