using System.Diagnostics;
using System.Globalization;
using System.Text;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Fuzz;

/// <summary>Damaged inputs end in success or in one typed line, for every reader. <c>VRP_FUZZ_COUNT</c> inputs in all (default 4,000), for at most
/// <c>VRP_FUZZ_SECONDS</c> (default 30), from the seed <c>VRP_FUZZ_SEED</c> (default: the day, printed); <c>VRP_FUZZ_SWEEP=1</c> puts every bad value into
/// every place of every JSON file. <c>VRP_FUZZ_READER</c>, a part of a name, chooses among the readers; <c>VRP_FUZZ_FOUND</c> is where what goes wrong is
/// kept.</summary>
public sealed class ReaderTests(ITestOutputHelper output)
{
    static readonly TimeSpan longest = TimeSpan.FromSeconds(10);

    const long MostBytes = 4L << 30;

    static int Seed => Number("VRP_FUZZ_SEED", int.Parse(DateTime.UtcNow.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    public static IEnumerable<object[]> Readers() => Reader.All.Where(reader => reader.Name.Contains(Only, StringComparison.Ordinal))
        .Select(reader => new object[] { reader.Name });

    static string Only => Environment.GetEnvironmentVariable("VRP_FUZZ_READER") ?? "";

    /// <summary>Without this, a reader that refuses everything would pass all that follows.</summary>
    [Theory, MemberData(nameof(Readers))]
    public void Read_UndamagedInput_Succeeds(string name)
    {
        var folder = Directory.CreateTempSubdirectory("vrp-fuzz-").FullName;
        var reader = Named(name);
        reader.Make(folder);
        reader.Sign?.Invoke(folder);
        reader.Invoking(r => r.Read(folder)).Should().NotThrow();
        Directory.Delete(folder, recursive: true);
    }

    [Theory, MemberData(nameof(Readers))]
    public void Read_DamagedInput_EndsWellOrInOneTypedLine(string name)
    {
        var reader = Named(name);
        var count = Math.Max(1, Number("VRP_FUZZ_COUNT", 4000) / Reader.All.Count);
        var seconds = Number("VRP_FUZZ_SECONDS", 30) / (double)Reader.All.Count;
        output.WriteLine($"VRP_FUZZ_SEED={Seed}");
        var clock = Stopwatch.StartNew();
        var good = Good(reader);
        int tried = 0, refused = 0;
        for (var i = 0; i < count && (i == 0 || clock.Elapsed.TotalSeconds < seconds); i++, tried++)
            refused += Try(reader, Mutator.Damage(good, reader, new Random(HashCode(Seed, name, i))), $"{i}") ? 1 : 0;
        output.WriteLine($"{tried} damaged inputs: {refused} refused in one line, {tried - refused} read all the same");
    }

    /// <summary>The readers of the sweep; one row that skips where it was not asked for, in place of as many as there are readers.</summary>
    public static IEnumerable<object[]> SweptReaders() => IsSweep ? Readers() : [["every reader"]];

    static bool IsSweep => Environment.GetEnvironmentVariable("VRP_FUZZ_SWEEP") == "1";

    [Theory, MemberData(nameof(SweptReaders))]
    public void Read_EveryBadValueInEveryPlace_EndsWellOrInOneTypedLine(string name)
    {
        Assert.SkipUnless(IsSweep, "the sweep is the weekly job's (VRP_FUZZ_SWEEP=1)");
        var reader = Named(name);
        var good = Good(reader);
        // JSON lines are swept line by line; what is no JSON has no places.
        if (!reader.IsJson) return;
        var lines = reader.Damaged.EndsWith(".jsonl", StringComparison.Ordinal) ? Encoding.UTF8.GetString(good).TrimEnd('\n').Split('\n')
            : [Encoding.UTF8.GetString(good)];
        for (int line = 0, i = 0; line < lines.Length; line++)
            foreach (var damaged in Mutator.Sweep(Encoding.UTF8.GetBytes(lines[line])).Take(20_000))
                Try(reader, Encoding.UTF8.GetBytes(string.Join('\n', lines.Select((text, at) => at == line ? Encoding.UTF8.GetString(damaged) : text))
                    + "\n"), $"sweep-{i++}");
    }

    /// <summary>What was found once, READER~WHAT in Kept, and, where <c>VRP_FUZZ_INPUTS</c> names a folder of them, inputs from elsewhere.</summary>
    public static TheoryData<string> KeptInputs => [.. Directory.GetFiles(Path.Combine(Reader.Folder, "Kept"))
        .Concat(Environment.GetEnvironmentVariable("VRP_FUZZ_INPUTS") is { } folder ? Directory.GetFiles(folder) : []).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(KeptInputs))]
    public void Read_KeptInput_EndsWellOrInOneTypedLine(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path).Split('~')[0];
        var input = File.ReadAllBytes(path);
        Reader[] readers = [.. Reader.All.Where(reader => FileName(reader) == name)];
        foreach (var reader in readers.Length > 0 ? readers : [.. FromElsewhere(path, input).Select(Named)]) Try(reader, input, Path.GetFileName(path));
    }

    /// <summary>The readers of files that are named by what they broke: READER.WHAT.bin.</summary>
    static string[] FromElsewhere(string path, byte[] input)
    {
        var part = input.AsSpan().IndexOf("\"stage\""u8) is >= 0 and < 3 ? "manifest.json" : input is [(byte)'{', ..] ? "block-00000.jsonl"
            : "block-00000.safetensors";
        return Path.GetFileName(path).Split('.')[0] switch
        {
            "config" => ["llava-tiny: config.json", "paligemma-tiny: config.json", "qwen2_vl-tiny: config.json"],
            "preprocessor_config" => ["llava-tiny: preprocessor_config.json"],
            "tokenizer-regex" => ["llava-tiny: tokenizer.json"],
            "questions" => ["questions of POPE", "questions", "judgements", "corrected labels"],
            "run-folder" => ["run.json"],
            "snapshots" => ["snapshot of a claim", "snapshot of labels"],
            "trace-store" => [$"trace: {part}"],
            "intervene-store" => [$"interventions: {part}"],
            "vrp" => ["vrp.json"],
            var other => throw new InvalidOperationException($"{path}: no reader is named {other}."),
        };
    }

    /// <summary>A reader's name as that of a file.</summary>
    static string FileName(Reader reader) => string.Concat(reader.Name.Select(c => char.IsLetterOrDigit(c) ? c : '-'));

    static Reader Named(string name) => Reader.All.Single(reader => reader.Name == name);

    static byte[] Good(Reader reader)
    {
        var folder = Directory.CreateTempSubdirectory("vrp-fuzz-").FullName;
        reader.Make(folder);
        var good = File.ReadAllBytes(Path.Combine(folder, reader.Damaged));
        Directory.Delete(folder, recursive: true);
        return good;
    }

    /// <summary>Reads one input; whether it was refused.</summary>
    static bool Try(Reader reader, byte[] damaged, string number)
    {
        var folder = Directory.CreateTempSubdirectory("vrp-fuzz-").FullName;
        reader.Make(folder);
        File.WriteAllBytes(Path.Combine(folder, reader.Damaged), damaged);
        reader.Sign?.Invoke(folder);
        Exception? error = null;
        long bytes = 0;
        var thread = new Thread(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                reader.Read(folder);
            }
            catch (Exception e)
            {
                error = e;
            }
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }) { IsBackground = true };
        thread.Start();
        var wrong = !thread.Join(longest) ? $"it hangs for more than {longest.TotalSeconds} s"
            : bytes > MostBytes ? $"it takes {bytes >> 20} MiB"
            : error is null ? null
            : error is not VrpException ? $"it leaks {error}"
            : error.Message.Length > PlainText.Longest || error.Message.Any(char.IsControl)
                ? $"its message is no line of at most {PlainText.Longest} characters: {error.Message}" : null;
        if (wrong is not null)
        {
            var kept = Path.Combine(Environment.GetEnvironmentVariable("VRP_FUZZ_FOUND") ?? Path.Combine(Path.GetTempPath(), "vrp-fuzz-found"),
                $"{FileName(reader)}-{number}");
            Directory.CreateDirectory(kept);
            File.WriteAllBytes(Path.Combine(kept, reader.Damaged), damaged);
            Assert.Fail($"{reader.Name}: {wrong}\nThe input is kept in {kept}; the same again: VRP_FUZZ_SEED={Seed}");
        }
        Directory.Delete(folder, recursive: true);
        return error is not null;
    }

    /// <summary>The same on every machine, unlike <see cref="System.HashCode"/>.</summary>
    static int HashCode(int seed, string name, int i) => name.Aggregate(unchecked(seed * 31 + i), (hash, c) => unchecked(hash * 16_777_619 ^ c));

    static int Number(string variable, int absent) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : absent;
}
