using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vrp.Harness.Storage;
using Vrp.Models.Tokenizing;

namespace Vrp.Cli;

/// <summary><c>vrp inspect tokens</c>: texts in, ids and decoded texts out, a line each.</summary>
static class InspectTokensCommand
{
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    sealed record Row(string text, int[] ids, int[] ids_without_special, string decoded, string decoded_skip_special);

    public static Command Build()
    {
        var tokenizer = new Argument<string>("TOKENIZER_JSON|CHECKPOINT") { Description = "A tokenizer.json, or a folder that holds one." };
        var input = new Option<string>("--input") { Description = "JSON lines {\"text\": …}; - for standard input.", Required = true };
        var output = new Option<string>("--output") { Description = "JSON lines text, ids, ids_without_special, decoded (of the plain ids, special tokens "
            + "shown), decoded_skip_special (of ids); - for standard output.", Required = true };
        var command = new VrpCommand("tokens", "Encode and decode texts with a checkpoint's tokenizer.",
                "vrp inspect tokens fixtures/goldens/models/llava-tiny --input texts.jsonl --output -",
                "echo '{\"text\": \"Grüße, 今天\"}' | vrp inspect tokens tokenizer.json --input - --output -") { tokenizer, input, output };
        command.SetAction(r => Run(r.GetValue(tokenizer)!, r.GetValue(input)!, r.GetValue(output)!, r.InvocationConfiguration.Output));
        return command;
    }

    static int Run(string path, string input, string output, TextWriter console)
    {
        var tokenizer = HuggingFaceTokenizer.Load(Directory.Exists(path) ? Path.Combine(path, "tokenizer.json") : path);
        using var writer = OutputFile.Open(output, console);
        foreach (var (number, line) in InputLines.Read(input))
        {
            var text = JsonLine.Text(input, number, line, "text");
            int[] ids = tokenizer.Encode(text), plain = tokenizer.Encode(text, addSpecialTokens: false);
            writer.WriteLine(JsonSerializer.Serialize(new Row(text, ids, plain, tokenizer.Decode(plain), tokenizer.Decode(ids, skipSpecialTokens: true)),
                Json));
        }
        writer.Commit();
        return ExitCode.Success;
    }
}
