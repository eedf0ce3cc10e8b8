using System.CommandLine;
using System.Text.Json;

namespace Vrp.Benchmarks;

/// <summary><c>bench stand-ins</c>: POPE's official questions for a checkpoint of real size where COCO's pictures are not at hand: each name leads to one of
/// the repository's photos. What is measured is whether a whole gate runs, and how fast; the answers mean nothing.</summary>
static class StandInsCommand
{
    static readonly string[] Photos = ["astronaut.png", "chelsea.png", "coffee.png", "horse.png", "retina.jpg", "rocket.jpg"];

    public static Command Build()
    {
        var checkpoint = new Argument<string>("CHECKPOINT");
        var output = new Option<string>("--out") { Description = "Folder to make.", Required = true };
        var tokens = new Option<int>("--max-new-tokens") { Description = "Tokens of an answer at most. Random weights never end one by themselves.",
            DefaultValueFactory = _ => 4 };
        var command = new Command("stand-ins",
            "Make a vrp.json that asks a checkpoint POPE's adversarial questions, with the repository's photos in place of COCO's. Example: ./vrp bench "
                + "stand-ins artifacts/bench-checkpoint --out artifacts/bench-pope")
            { checkpoint, output, tokens };
        command.SetAction(r => Run(r.GetValue(checkpoint)!, r.GetValue(output)!, r.GetValue(tokens)));
        return command;
    }

    static int Run(string checkpoint, string folder, int tokens)
    {
        var images = Directory.CreateDirectory(Path.Combine(folder, "images")).FullName;
        var questions = Questions;
        var names = LinkImages(images);
        var path = Path.Combine(folder, "vrp.json");
        File.WriteAllText(path, JsonSerializer.Serialize(new
        {
            subjects = new[] { new { name = "stand-in", checkpoint = Path.GetFullPath(checkpoint) } },
            data = new { pope = new { files = new[] { questions }, images } },
            trace = new { k = 10, max_new_tokens = tokens },
            budget = "full",
            ledger = "ledger.json",
        }, new JsonSerializerOptions { WriteIndented = true }));
        Console.WriteLine($"{path}: {names} pictures of {Photos.Length} photos; next: ./vrp gate --config {path} --limit 24");
        return 0;
    }

    /// <summary>POPE's adversarial questions.</summary>
    public static string Questions => Path.Combine(RepositoryRoot.Find(), "fixtures", "pope", "coco_pope_adversarial.json");

    /// <summary>Each picture that the questions name as a link to a photo, in turn. How many there are.</summary>
    public static int LinkImages(string folder)
    {
        string[] names = [.. File.ReadLines(Questions).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("image").GetString()!).Distinct()];
        foreach (var (name, i) in names.Select((name, i) => (name, i)))
        {
            var link = Path.Combine(folder, name);
            File.Delete(link);
            File.CreateSymbolicLink(link, Path.Combine(RepositoryRoot.Find(), "fixtures", "goldens", "images", Photos[i % Photos.Length]));
        }
        return names.Length;
    }
}
