using System.IO.Compression;
using System.Text;
using Vrp.Harness.Claims;
using Vrp.Harness.Exporting;
using Vrp.Harness.Importing;
using Vrp.Harness.Studies;
using Vrp.Harness.Tests.Importing;

namespace Vrp.Fuzz;

/// <summary>Logs of other programs: read, judged, written as a run, and that run read and exported, so that no figure is one that a damaged log made
/// up.</summary>
static class LogReaders
{
    const string Space = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";

    static readonly MadeUpLog log = new() { Pictures = 2, PerPicture = 2, Epochs = 2 };

    public static IReadOnlyList<Reader> All { get; } =
    [
        new("lmms-eval", folder => File.Move(log.LmmsEval(folder), At(folder, "samples_pope.jsonl")), "samples_pope.jsonl", Import(LogFormat.LmmsEval)),
        new("lmms-eval, likelihoods", folder => Reader.Text(folder, "samples_mmbench.jsonl",
            """{"doc_id":0,"doc":{"question":"What?","A":"cat","B":"dog","image_id":7},"target":"B","filtered_resps":[[-3.0,false],[-1.0,true]],"acc":1.0}"""),
            "samples_mmbench.jsonl", Import(LogFormat.LmmsEval)),
        new("VLMEvalKit, table", folder => log.VlmEvalKit(folder, "X_POPE.tsv"), "X_POPE.tsv", Import(LogFormat.VlmEvalKit)),
        new("VLMEvalKit, JSON", folder => Reader.Text(folder, "X_POPE.json", """
            [{"index":1,"question":"Is it?","answer":"yes","prediction":"Yes","hit":1,"confidence":0.7,"image":"data:x"},
             {"index":"b","question":"Which?","A":"red","B":"blue","answer":"B","prediction":"B. blue","score":0.5,"image_path":"x/y.jpg"}]
            """), "X_POPE.json", Import(LogFormat.VlmEvalKit)),
        new("VLMEvalKit, sheet", Parts, "sheet1.xml", Import(LogFormat.VlmEvalKit, "X_POPE.xlsx"), Workbook),
        new("VLMEvalKit, shared texts", Parts, "shared.xml", Import(LogFormat.VlmEvalKit, "X_POPE.xlsx"), Workbook),
        new("VLMEvalKit, workbook", folder =>
        {
            Parts(folder);
            Workbook(folder);
        }, "X_POPE.xlsx", Import(LogFormat.VlmEvalKit, "X_POPE.xlsx")),
        new("Inspect", folder => log.Inspect(folder, "pope.json"), "pope.json", Import(LogFormat.Inspect)),
        new("Inspect, packed", folder => log.Inspect(folder, "pope.eval"), "pope.eval", Import(LogFormat.Inspect)),
        new("Inspect, a packed sample", Samples, "sample.json", Import(LogFormat.Inspect, "pope.eval"), Pack),
        new("Inspect, the packed head", Samples, "header.json", Import(LogFormat.Inspect, "pope.eval"), Pack),
    ];

    static Action<string> Import(LogFormat format, string? name = null) => folder =>
    {
        var path = name is null ? Directory.GetFiles(folder).Single() : At(folder, name);
        var read = LogReader.Read(format, path);
        // As good a check of the answers as any: the log's own answers as sampled ones.
        read = LogReader.WithSamples(read, [(path, read), (path, read)]);
        var (study, run) = (new ImportedStudy(read, format) { Protocol = new StudyOptions { Draws = 100 } }, At(folder, "run"));
        _ = study.Notes;
        study.Write(run, [path]);
        var written = RunFolder.Read(run);
        foreach (var table in RunTables.Of(written)) TableFiles.Csv(table);
        foreach (var question in written.Questions)
            if (question.Scores.TryGetValue("confidence", out var confidence) && confidence is not (>= 0 and <= 1))
                throw new InvalidOperationException($"a confidence of {confidence} went through");
        foreach (var estimate in written.Estimates)
            if (!double.IsFinite(estimate.Estimate.Value))
                throw new InvalidOperationException($"{estimate.Claim} {estimate.Measure} is {estimate.Estimate.Value}");
    };

    static void Parts(string folder)
    {
        Reader.Text(folder, "shared.xml", $"<sst {Space}><si><t>index</t></si><si><t>question</t></si><si><t>answer</t></si><si><t>prediction</t></si>"
            + "<si><r><t>Is </t></r><r><t>it?</t></r></si></sst>");
        Reader.Text(folder, "sheet1.xml", $"""
            <worksheet {Space}><sheetData>
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c></row>
            <row r="2"><c r="A2"><v>241</v></c><c r="B2" t="s"><v>4</v></c><c r="C2" t="inlineStr"><is><t>yes</t></is></c><c r="D2" t="b"><v>1</v></c></row>
            </sheetData></worksheet>
            """);
    }

    static void Workbook(string folder) => Zip(At(folder, "X_POPE.xlsx"), ("xl/sharedStrings.xml", At(folder, "shared.xml")),
        ("xl/worksheets/sheet1.xml", At(folder, "sheet1.xml")));

    static void Samples(string folder)
    {
        using (var zip = ZipFile.OpenRead(log.Inspect(folder, "whole.eval")))
            foreach (var (entry, name) in new[] { ("header.json", "header.json"), ("samples/0_epoch_1.json", "sample.json"),
                ("samples/0_epoch_2.json", "again.json"), ("samples/1_epoch_1.json", "other.json") })
                zip.GetEntry(entry)!.ExtractToFile(At(folder, name));
        File.Delete(At(folder, "whole.eval"));
    }

    static void Pack(string folder) => Zip(At(folder, "pope.eval"), ("header.json", At(folder, "header.json")),
        ("samples/0_epoch_1.json", At(folder, "sample.json")), ("samples/0_epoch_2.json", At(folder, "again.json")),
        ("samples/1_epoch_1.json", At(folder, "other.json")));

    static void Zip(string path, params (string Entry, string File)[] parts)
    {
        File.Delete(path);
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create, Encoding.UTF8);
        foreach (var (entry, file) in parts) zip.CreateEntryFromFile(file, entry);
    }

    static string At(string folder, string name) => Path.Combine(folder, name);
}
