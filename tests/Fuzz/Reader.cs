using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vrp.Cli;
using Vrp.Harness.Claims;
using Vrp.Harness.Configuration;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Exporting;
using Vrp.Harness.Gating;
using Vrp.Harness.Intervening;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Monitoring;
using Vrp.Harness.Reporting;
using Vrp.Harness.Running;
using Vrp.Harness.Snapshots;
using Vrp.Harness.Storage;
using Vrp.Harness.Studies;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Generation;
using Vrp.Models.Images;
using Vrp.Models.Storage;
using Vrp.Models.Tokenizing;
using Vrp.Models.Tokenizing.Patterns;

namespace Vrp.Fuzz;

/// <summary>A reader of files that others write.</summary>
/// <param name="Name">Of the reader.</param>
/// <param name="Make">Writes a good input into an empty folder.</param>
/// <param name="Damaged">The file of it that is damaged.</param>
/// <param name="Read">Reads it.</param>
/// <param name="Sign">What a hostile hand would do after the damage: hashes that fit again.</param>
sealed record Reader(string Name, Action<string> Make, string Damaged, Action<string> Read, Action<string>? Sign = null)
{
    const string Received = "A.B_subject=c.received.json";

    static readonly string root = Root();

    /// <summary>This project's.</summary>
    public static string Folder { get; } = Path.Combine(root, "tests", "Fuzz");

    public bool IsJson => Path.GetExtension(Damaged) is ".json" or ".jsonl";

    /// <summary>Whether words and numbers of it can be put in each other's place.</summary>
    public bool IsText => IsJson || Path.GetExtension(Damaged) is ".csv" or ".tsv" or ".xml" or ".txt" or ".sha256";

    public override string ToString() => Name;

    public static IReadOnlyList<Reader> All { get; } =
    [
        .. ((string[])["llava-tiny", "paligemma-tiny", "qwen2_vl-tiny"]).SelectMany(Checkpoints),
        new("weights", folder => Safe(Path.Combine(folder, "x.safetensors")), "x.safetensors", folder => TensorFile.Open(Path.Combine(folder,
            "x.safetensors")).ReadFloats("a")),
        new("shard index", MakeShards, "model.safetensors.index.json", folder => ShardIndex.ReadTensors(Path.Combine(folder,
            "model.safetensors.index.json"), "Fetch it.")),
        new("vrp.json", folder => Copy(folder, "vrp.json", "vrp.json"), "vrp.json", ReadConfig),
        new("vrp.json with every setting", folder => Text(folder, "vrp.json", EverySetting.Json), "vrp.json", ReadConfig),
        new("ledger", folder => Copy(folder, "ledger.json", "specs", "ledger.json"), "ledger.json", folder => Ledger.Load(Path.Combine(folder, "ledger.json"))),
        new("tolerances", folder => SnapshotTolerances.Default.With("cpu-float32", new Dictionary<string, double?> { ["a/b"] = 0.5,
            ["c/d"] = null }).Write(Path.Combine(folder, "t.json")), "t.json",
            folder => SnapshotTolerances.Read(Path.Combine(folder, "t.json"))),
        new("aliases", folder => Text(folder, "aliases.json", """{"boat":["ship","vessel"],"dog":["puppy"]}"""), "aliases.json",
            folder => AliasTable.Load(Path.Combine(folder, "aliases.json"))),
        new("plan", folder => PlanFile.Write(Path.Combine(folder, "plan.json"), Plan()), "plan.json", folder => _ = PlanFile.Read(Path.Combine(folder,
            "plan.json")).Arms.Select(arm => arm.Name).ToArray()),
        new("monitor", folder => File.WriteAllBytes(Path.Combine(folder, "monitor.json"), Monitor().ToJson()), "monitor.json",
            folder => MonitorFile.Load(Path.Combine(folder, "monitor.json"))),
        new("questions of POPE", folder => Text(folder, "q.jsonl", """{"question_id":1,"image":"a.png","text":"Is there a dog?","label":"yes"}"""
            + "\n" + """{"question_id":2,"image":"a.png","text":"Is there a cat?","label":"no"}"""), "q.jsonl", ReadQuestions),
        new("questions", folder => Text(folder, "q.jsonl",
            """{"id":"1","image":"a.png","question":"How many?","kind":"count","answers":["2"],"group":"a","absent":["x"]}""" + "\n"
            + """{"id":"2","image":"b.png","question":"Is it?","kind":"yes-no","answers":["no"]}"""), "q.jsonl", ReadQuestions),
        new("questions in an array", folder => Text(folder, "q.json",
            """[{"id":"1","image":"a.png","question":"How many?","kind":"count","answers":["2"]}]"""), "q.json",
            folder => DatasetReader.Open(Path.Combine(folder, "q.json"), new DatasetOptions { CheckImages = false })),
        new("questions in a table", folder => Text(folder, "q.csv",
            "id,image,question,kind,answers\n1,a.png,\"How, many?\",count,2\n2,b.png,Is it?,yes-no,no\n"),
            "q.csv", folder => DatasetReader.Open(Path.Combine(folder, "q.csv"), new DatasetOptions { CheckImages = false })),
        new("questions of LLaVA-Bench", folder => Text(folder, "q.jsonl",
            """{"question_id":1,"image":"a.png","text":"What is it?","category":"x"}"""), "q.jsonl", ReadQuestions),
        new("judgements", folder => Text(folder, "j.jsonl", """{"question_id":1,"correct":true}""" + "\n"
            + """{"question_id":2,"score":7.5,"answer":"x"}""" + "\n" + """{"question_id":3,"tuple":[1,2]}"""), "j.jsonl",
            folder => Judgements.Load(Path.Combine(folder, "j.jsonl"), 5)),
        new("corrected labels", folder => Text(folder, "c.jsonl", """{"image":"a.png","question":"Is there a dog?","label":"ambiguous"}"""),
            "c.jsonl", folder => CorrectedLabels.Load(Path.Combine(folder, "c.jsonl"))),
        new("run.json", folder => Text(folder, "run.json", """
            {"pictures":{"exif":"transpose","n":3},"trace":{"samples":3,"passes":{"images":2},"facts":{"prompt":"USER: <image> {question}"}},
            "origin":{"date":"2026-03-01T00:00:00+00:00","commit":"0123456789ab","dirty":false,"ci_run":"https://git.example/1"}}
            """),
            "run.json", ReadRunFile),
        new("simulations", folder => Simulated(folder), "kept.json", ReadSimulations),
        .. ((string[])[RunFolder.Metrics, RunFolder.Verdicts, RunFolder.Samples, RunFolder.Attention, RunFolder.Manifest]).Select(file =>
            new Reader($"run folder: {file}", MakeRun, file, ReadRun, file == RunFolder.Manifest ? null : folder => SignRun(folder, file))),
        .. ((string[])[RunFolder.Metrics, RunFolder.Verdicts, RunFolder.Samples]).Select(file =>
            new Reader($"run folder in use: {file}", MakeRun, file, UseRun, folder => SignRun(folder, file))),
        new("snapshot of a claim", folder => File.Copy(Directory.GetFiles(Path.Combine(root, "specs"), "HiddenStateSpecs.*.verified.json")
            .Order(StringComparer.Ordinal).First(), Path.Combine(folder, Received)), Received, ReadSnapshot),
        new("snapshot of labels", folder => Text(folder, "labels.json", LabelSnapshot.Of(Study(), "k").Text), "labels.json", ReadLabels),
        .. ((string[])[BlockStore.ManifestFile, "block-00000.jsonl", "block-00000.safetensors", ImageList.Name]).Select(file =>
            new Reader($"trace: {file}", MakeTrace, file, ReadTrace, folder => SignStore(folder, file))),
        .. ((string[])[BlockStore.ManifestFile, "block-00000.jsonl", "block-00000.safetensors", PlanFile.Name]).Select(file =>
            new Reader($"interventions: {file}", MakeInterventions, file, folder => InterventionReader.Open(folder, Traced(folder)),
                folder => SignStore(folder, file))),
        new("merge", MakeTrace, BlockStore.ManifestFile, folder => StoreMerge.Run([folder], Path.Combine(folder, "merged")), folder => SignStore(folder,
            BlockStore.ManifestFile)),
        new("image, PNG", folder => Copy(folder, "a.png", "fixtures", "goldens", "images", "astronaut.png"), "a.png",
            folder => ImageFile.Read(Path.Combine(folder, "a.png"))),
        new("image, JPEG", folder => File.WriteAllBytes(Path.Combine(folder, "a.jpg"), ImageFile.EncodeJpeg(new RgbImage(40, 30), 80)), "a.jpg",
            folder => ImageFile.Read(Path.Combine(folder, "a.jpg"))),
        .. LogReaders.All, .. HubReaders.All, .. PopeReaders.All,
        new("split pattern", folder => Text(folder, "pattern.txt",
            @"(?i:'s|'t)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s+(?!\S)|\s+"), "pattern.txt",
            ReadPattern),
        new("requests", folder => Text(folder, "r.jsonl", """{"images":["a.png"],"question":"Is it?"}"""), "r.jsonl", folder =>
        {
            Safe(Path.Combine(folder, "a.png"));
            Request.ReadAll(Path.Combine(folder, "r.jsonl"), folder);
        }),
        new("texts to encode", folder => Text(folder, "t.jsonl",
            """{"text":"Grüße, 今天"}""" + "\n" + """{"text":"\ud83d\ude00"}"""), "t.jsonl", ReadTexts),
    ];

    /// <summary>Over texts that patterns which backtrack never come to the end of.</summary>
    static void ReadPattern(string folder)
    {
        var pattern = new RegexPattern(FileDoor.ReadAllText(Path.Combine(folder, "pattern.txt")), "tokenizer.json", "$.pre_tokenizer.pattern.Regex",
            TimeSpan.FromSeconds(1));
        foreach (var text in (string[])["A dog's 12 pictures, n\u00e9e \u03a9?", $"{new string('a', 60)}!", $"{new string(' ', 60)}x", "",
            "\ud83d\ude00"])
            _ = pattern.Slices(text).Count();
    }

    static void ReadTexts(string folder)
    {
        var path = Path.Combine(folder, "t.jsonl");
        foreach (var (number, line) in InputLines.Read(path)) _ = JsonLine.Text(path, number, line, "text");
    }

    /// <summary>A checkpoint as far as it is read before its weights: all of its files are there, and one is damaged.</summary>
    static IEnumerable<Reader> Checkpoints(string model)
    {
        var from = Path.Combine(root, "fixtures", "goldens", "models", model);
        foreach (var damaged in (string[])["config.json", "generation_config.json", "preprocessor_config.json", "processor_config.json", "tokenizer.json",
            "tokenizer_config.json", "chat_template.json"])
            if (File.Exists(Path.Combine(from, damaged)))
                yield return new($"{model}: {damaged}", folder =>
                {
                    foreach (var file in Directory.GetFiles(from).Where(file => !Path.GetFileName(file).StartsWith("g", StringComparison.Ordinal)
                        || Path.GetFileName(file) == "generation_config.json"))
                        if (Path.GetFileName(file) == damaged) File.Copy(file, Path.Combine(folder, damaged));
                        else File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
                }, damaged, OpenCheckpoint);
    }

    static void OpenCheckpoint(string folder)
    {
        var checkpoint = Checkpoint.Open(folder);
        _ = checkpoint.Dtype;
        var config = VisionLanguageConfig.FromJson(checkpoint.Config, Path.Combine(folder, "config.json"));
        checkpoint.CheckShapes(config.ExpectedTensors(checkpoint.Tensors.Count));
        _ = EndTokens.Read(checkpoint);
        var processor = Processor.Load(checkpoint, config);
        processor.ImageProcessor.Process([new RgbImage(40, 30)]);
        processor.Tokenizer.Encode(processor.Format("A dog's 12 pictures, née Ω?", 1));
    }

    static void ReadConfig(string folder)
    {
        var config = VrpConfig.Load(Path.Combine(folder, "vrp.json"));
        foreach (var path in config.Data.Values.SelectMany(data => data.Files).Append(config.Ledger)) _ = config.At(path);
    }

    static void ReadQuestions(string folder) => DatasetReader.Open(Path.Combine(folder, "q.jsonl"), new DatasetOptions { CheckImages = false });

    static void ReadSnapshot(string folder)
    {
        SnapshotAcceptance.Find(folder);
        _ = Snapshot.Parse(FileDoor.ReadAllText(Path.Combine(folder, Received)));
    }

    static void ReadLabels(string folder) => LabelSnapshot.Of(Study(), "k")
        .Differences(FileDoor.ReadAllText(Path.Combine(folder, "labels.json")), new SnapshotRules("cpu-float32", SnapshotTolerances.Default));

    static void ReadRunFile(string folder)
    {
        _ = RunFile.ExifOf(folder);
        RunFacts.Of(new ReportSubject(Study() with { Folder = folder }));
        _ = RunOrigin.Of(folder);
        _ = SentPrompt.Of(new ReportSubject(Study() with { Folder = folder }));
        RunFile.Update(folder, "more", new { n = 1 });
    }

    static void Simulated(string folder)
    {
        new StoredSimulations(folder).Get("null", "about", () => [1, 2.5, 3]);
        File.Move(Directory.GetFiles(Path.Combine(folder, "simulations")).Single(), Path.Combine(folder, "kept.json"));
    }

    static void ReadSimulations(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "x"));
        new StoredSimulations(Path.Combine(folder, "x")).Get("null", "about", () => [1, 2.5, 3]);
        var kept = Directory.GetFiles(Path.Combine(folder, "x", "simulations")).Single();
        File.Copy(Path.Combine(folder, "kept.json"), kept, overwrite: true);
        new StoredSimulations(Path.Combine(folder, "x")).Get("null", "about", () => [1, 2.5, 3]);
    }

    static void MakeRun(string folder) => RunFolder.Write(folder, Study());

    static StudyResult Study() => new("s", "llava", 2, "d",
        [new StudyEstimate("hidden-state-probe", "auroc", "yes-no", 1, null, new Harness.Statistics.Estimate(0.9, 0.8, 0.95, 0.95, 100, 50, "bootstrap", 0))],
        [new ClaimResult("hidden-state-probe", Verdict.Supported, "because", null, new PublishedOutcome("x", null, "y"), "z", [], ["note"])],
        [new QuestionResult { Id = "1", Image = "a.png", Group = "a", Kind = "yes-no", Question = "Is it?", Gold = ["yes"], Answer = "yes",
            Label = AnswerStatus.Correct, SampledAnswers = ["no"],
            Scores = new Dictionary<string, double> { ["p"] = 0.5 }, Grid = (1, 2) }])
    { Maps = [new QuestionMap("1", 1, 2, [0.25, 0.75])] };

    static void ReadRun(string folder)
    {
        RunFolder.Read(folder);
        AttentionFile.Read(Path.Combine(folder, RunFolder.Attention));
    }

    /// <summary>Everything that is made of a run: tables, a comparison, a gate, the report in all its forms.</summary>
    static void UseRun(string folder)
    {
        var study = RunFolder.Read(folder);
        var other = Study() with { Subject = "other" };
        var gate = Gate.Compare(other, study, new GateOptions { Draws = 100 });
        var comparison = Comparison.Of([other, study], new StudyOptions { Draws = 100 });
        var report = new Report("x", [new ReportSubject(other), new ReportSubject(study)], comparison, Gate: gate);
        HtmlReport.Write(Path.Combine(folder, "report.html"), report);
        JUnitReport.Write(Path.Combine(folder, "junit.xml"), report);
        PullRequestComment.Write(Path.Combine(folder, "comment.md"), report);
        MarkdownSummary.Write(Path.Combine(folder, "summary.md"), report);
        _ = StudyTables.Verdicts(study) + StudyTables.Figures([study]) + StudyTables.Of(comparison) + GateTables.Render(gate);
        foreach (var table in RunTables.Of(study)) TableFiles.Csv(table);
        new EvaluationStore("x", DateTime.UnixEpoch).Write(Path.Combine(folder, "store"), study, new Dictionary<string, Verdict>(), _ => true);
    }

    static void SignRun(string folder, string file)
    {
        var path = Path.Combine(folder, RunFolder.Manifest);
        var manifest = JsonNode.Parse(File.ReadAllText(path))!;
        manifest["sha256"]![file] = Hash(File.ReadAllBytes(Path.Combine(folder, file)));
        File.WriteAllText(path, manifest.ToJsonString());
    }

    static Dataset Traced(string folder) => new("d", [Asked(folder, "1"), Asked(folder, "2")], AliasTable.Empty);

    static Question Asked(string folder, string id) => new(id, "a.png", Path.Combine(folder, "a.png"), "Is it?", QuestionKind.YesNo, ["no"], "a");

    static void MakeTrace(string folder)
    {
        var images = JsonSerializer.SerializeToUtf8Bytes(new SortedDictionary<string, string> { ["a.png"] = new('0', 64) }, Json.Indented);
        var facts = new Dictionary<string, string>
        {
            ["model.name"] = "m", ["model.family"] = "llava", ["model.layers"] = "2", ["model.hidden"] = "3", ["model.heads"] = "1",
                ["generation.samples"] = "1", ["generation.temperature"] = "0.7",
            ["generation.top_p"] = "0.9", ["generation.seed"] = "0", ["trace.grey_lens"] = "no", [ImageList.Fact] = Hash(images),
        };
        var store = BlockStore.Create(Path.Combine(folder, "run"), new RunKey("trace", facts), 2, 2);
        store.WriteCompanion(ImageList.Name, images);
        TraceLine Line(string id) => new(id, "a.png", "Is it?", "no", [1], [-0.5f], true, [new SampledAnswer("no", [1])], [new TokenLine(1, "no",
            0.5f)], [new TokenLine(1, "no", 1)], 0.3, 0.1f, 0.9f, true, [2, 1], [1, 2]);
        StoredArray Array(string name, params long[] shape) => StoredArray.Of(name, new float[shape.Aggregate(1L, (a, b) => a * b)], shape);
        store.Write(0, [JsonSerializer.Serialize(Line("1"), Json.Line), JsonSerializer.Serialize(Line("2"), Json.Line)], [Array("lens_margin", 2, 2),
            Array("mlp_attribution", 2, 2), Array("attention_attribution", 2, 2),
            Array("states", 2, 2, 3), Array("mlp_out", 2, 2, 3), Array("attention", 8)], PassCounts.Zero);
        Raise(store, folder);
    }

    static void MakeInterventions(string folder)
    {
        var plan = PlanFile.Serialize(Plan());
        var store = BlockStore.Create(Path.Combine(folder, "run"), new RunKey("intervene", new Dictionary<string,
            string> { [InterventionStage.PlanFact] = Hash(plan) }), 2, 2);
        store.WriteCompanion(PlanFile.Name, plan);
        string Line(string id) => JsonSerializer.Serialize(new InterventionLine(id, "a.png", "Is it?"), Json.Line);
        store.Write(0, [JsonSerializer.Serialize(new AnswerTable(["no", "yes"]), Json.Line), Line("1"), Line("2")],
            [StoredArray.Of("answer", new[] { 0, 1, 0, 1, 0, 1 }, 3, 2), StoredArray.Of("p_yes", new float[6], 3, 2), StoredArray.Of("p_no",
                new float[6], 3, 2)], PassCounts.Zero);
        Raise(store, folder);
    }

    /// <summary>A store's files straight into the folder: a store's own folder is one that readers take.</summary>
    static void Raise(BlockStore store, string folder)
    {
        foreach (var file in Directory.GetFiles(store.Folder)) File.Move(file, Path.Combine(folder, Path.GetFileName(file)));
        Directory.Delete(Path.Combine(folder, "run"), recursive: true);
    }

    static void ReadTrace(string folder)
    {
        var trace = TraceReader.Open(folder, Traced(folder));
        _ = trace.States(1);
        for (var question = 0; question < trace.Records.Count; question++) _ = trace.Attention(question);
    }

    /// <summary>Key, commit and companions' hashes, as somebody sets them who wants the damage read.</summary>
    static void SignStore(string folder, string damaged)
    {
        string manifestPath = Path.Combine(folder, BlockStore.ManifestFile), records = Path.Combine(folder, "block-00000.jsonl");
        try
        {
            var manifest = JsonSerializer.Deserialize<StoreManifest>(File.ReadAllBytes(manifestPath), Json.Line)!;
            if (damaged is ImageList.Name or PlanFile.Name)
                manifest.Facts[damaged == PlanFile.Name ? InterventionStage.PlanFact : ImageList.Fact] = Hash(File.ReadAllBytes(Path.Combine(folder, damaged)));
            File.WriteAllBytes(manifestPath, JsonSerializer.SerializeToUtf8Bytes(manifest with { Key = manifest.RunKey().Hash }, Json.Indented));
            if (damaged is not ("block-00000.jsonl" or "block-00000.safetensors")) return;
            byte[] text = File.ReadAllBytes(records), tensors = File.ReadAllBytes(Path.Combine(folder, "block-00000.safetensors"));
            var start = text.AsSpan(0, Math.Max(0, text.Length - 1)).LastIndexOf((byte)'\n') + 1;
            var commit = JsonSerializer.Deserialize<BlockCommit>(text.AsSpan(start), Json.Line)! with { TensorBytes = tensors.Length,
                TensorsSha256 = Hash(tensors) };
            var lines = text[..start];
            File.WriteAllBytes(records, [.. lines, .. JsonSerializer.SerializeToUtf8Bytes(commit.Signed(lines), Json.Line), (byte)'\n']);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // Damaged beyond signing: the reader gets it as it is.
            System.Diagnostics.Debug.WriteLine(e.Message);
        }
    }

    static void Safe(string path)
    {
        using var stream = File.Create(path);
        TensorFile.Write(stream, [StoredArray.Of("a", new float[] { 1, 2, 3, 4 }, 2, 2), StoredArray.Of("b", new[] { 1 }, 1)]);
    }

    static void MakeShards(string folder)
    {
        Safe(Path.Combine(folder, "model-1.safetensors"));
        Text(folder, "model.safetensors.index.json", """{"metadata":{"total_size":20},"weight_map":{"a":"model-1.safetensors","b":"model-1.safetensors"}}""");
    }

    static InterventionPlan Plan() => new()
    {
        QuestionIds = ["1", "2"], ReferenceIds = ["3"], MaskingLayers = [0, 1],
        Arms = [new InterventionArm { Part = InterventionPart.Ablation, Layer = 1, Units = [1, 2, 3] },
            new InterventionArm { Part = InterventionPart.Masking, Draw = 2 }],
    };

    static MonitorFile Monitor()
    {
        var measured = new MonitorEstimate(0.9, 0.8, 1, 0.95, 10, 5, "m");
        return new MonitorFile
        {
            Schema = 1, Subject = "s", Family = "llava", Data = "d", Kind = "yes-no", HookPoint = "blocks.1.resid_post", Position = "last", Layer = 1,
                Mean = [0, 1], Scale = [1, 2], Weights = [0.5, -0.5],
            Intercept = 0.1, Penalty = 1, Calibration = new MonitorCalibration("own", 1, 0, 0.5, 0.5, 0.2, 0.1, []), Thresholds = [],
                RiskCoverage = [], Auroc = measured, Accuracy = measured, FittedOn = 10, ScoredOn = 10, Seed = 0,
            Hashes = new Dictionary<string, string> { ["trace"] = "00" },
        };
    }

    internal static void Text(string folder, string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);

    static void Copy(string folder, string name, params string[] from) => File.Copy(Path.Combine([root, .. from]), Path.Combine(folder, name));

    internal static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Harness.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No Harness.sln above {AppContext.BaseDirectory}.");
    }
}
