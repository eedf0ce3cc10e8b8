using System.Globalization;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Running;
using Vrp.Harness.Storage;

namespace Vrp.Harness.Tracing;

/// <summary>Opens the trace that a stage stored. Needs no torch.</summary>
public static class TraceReader
{
    /// <summary>Cells on a side of a grid of image tokens.</summary>
    const int LongestGrid = 4096;

    /// <param name="folder">The store (<see cref="StageResult.Folder"/>), or a run's folder that holds one trace.</param>
    /// <param name="dataset">The questions, with the labels to judge by: they may have other labels than at the time of the trace, and may be fewer.</param>
    /// <param name="subject">The subject's name in what is made from the trace; null: the checkpoint's.</param>
    /// <exception cref="StoreException">The trace is incomplete or damaged, or is of other questions or images.</exception>
    public static TraceSet Open(string folder, Dataset dataset, string? subject = null)
    {
        var store = Find(folder);
        ImageList.Check(store, dataset);
        int Number(string name) => store.Manifest.Count(name);
        double Real(string name) => store.Manifest.Number(name);
        var blocks = store.ReadAll();
        TraceLine[] Lines(StoredBlock block) => [.. block.Lines.Select(line => Json.Parse<TraceLine>(line, store.Folder))];
        TraceLine[] lines = [.. Workers.Map(blocks, Lines).SelectMany(block => block)];
        Check(store, blocks, lines);
        var rows = RowsOf(store.Folder, lines, dataset);
        var records = rows.Select((row, i) => Record(lines[row], dataset.Questions[i])).ToArray();

        var layers = Number("model.layers");
        float[] signs = [.. rows.Select((row, i) => IsTurned(lines[row], dataset.Questions[i]) ? -1f : 1f)];
        float[,] Margins(string name) => ReadMargins(blocks, name, rows, signs, layers);
        return new TraceSet(new TraceFacts
        {
            Subject = subject ?? store.Manifest.Fact("model.name"),
            Family = store.Manifest.Fact("model.family"),
            Data = dataset.Name,
            Layers = layers,
            Hidden = Number("model.hidden"),
            Heads = Number("model.heads"),
            Samples = (int)Real("generation.samples"),
            Temperature = Real("generation.temperature"),
            TopP = Real("generation.top_p"),
            Seed = store.Manifest.Seed("generation.seed"),
            Key = store.Manifest.Key,
            Content = store.ContentHash(blocks),
        }, records, new StoredTraceArrays(blocks, rows, [.. lines.Select(line => line.Grid[0] * line.Grid[1])], Number("model.heads"), layers,
            Number("model.hidden")))
        {
            Scorer = AnswerScorer.For(dataset),
            LensMargin = Margins("lens_margin"),
            MlpAttribution = Margins("mlp_attribution"),
            AttentionAttribution = Margins("attention_attribution"),
            GreyMargin = store.Manifest.Fact("trace.grey_lens") == "yes" ? Margins("grey_margin") : null,
        };
    }

    static BlockStore Find(string folder)
    {
        BlockStore[] found = [.. BlockStore.FindAll(folder).Where(store => store.Manifest.Stage == "trace")];
        return found.Length switch
        {
            1 => found[0],
            0 when !Directory.Exists(folder) => throw new StoreException($"{folder}: no such folder; expected that of a run, as `vrp trace` makes it."),
            0 => throw new StoreException($"{folder} holds no trace. Run `vrp trace` with --out {folder} first."),
            _ =>
                throw new StoreException($"{folder} holds {found.Length} traces ({string.Join(", ", found.Select(store => store.Folder))}); name one of them."),
        };
    }

    /// <summary>What the arrays are read by: a hostile part's records must not lead out of them.</summary>
    static void Check(BlockStore store, IReadOnlyList<StoredBlock> blocks, TraceLine[] lines)
    {
        if (blocks.FirstOrDefault(block => block.Lines.Count != block.Count) is { } other)
            throw new StoreException($"{store.Folder}: the block from question {other.First} on holds {other.Lines.Count} records of {other.Count}. "
                + "Run the trace stage again.");
        if (lines.FirstOrDefault(line => line.Grid is not [> 0 and <= LongestGrid, > 0 and <= LongestGrid]
            || line.Compared is not (null or [_, _])) is { } wrong)
            throw new StoreException($"{store.Folder}: the record of {wrong.Id} has a grid or compared tokens that no trace has. Run the trace stage again.");
        if (lines.GroupBy(line => line.Id, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new StoreException($"{store.Folder} holds two records of {twice.Key}. Run the trace stage again.");
    }

    /// <summary>For each question of the data set, its row in the trace.</summary>
    static int[] RowsOf(string folder, TraceLine[] lines, Dataset dataset)
    {
        var byId = lines.Select((line, row) => (line, row)).ToDictionary(pair => pair.line.Id, StringComparer.Ordinal);
        return [.. dataset.Questions.Select(question => byId.TryGetValue(question.Id, out var found) && found.line.Image == question.Image
            && found.line.Question == question.Text ? found.row
            : throw new StoreException($"{folder} is a trace of other questions: it does not hold question {question.Id} ({question.Image}, "
                + $"\"{question.Text}\"). Trace {dataset.Name}."))];
    }

    /// <summary>Whether "yes against no", which the trace has of every yes-no question whatever its label, is competitor against truth.</summary>
    static bool IsTurned(TraceLine line, Question question) => line.YesNo && question.Answers[0] == "no";

    static TraceRecord Record(TraceLine line, Question question)
    {
        var swapped = IsTurned(line, question);
        return new TraceRecord
        {
            Question = question,
            Answer = line.Answer,
            Ids = line.Ids,
            LogProbabilities = [.. line.LogProbabilities.Select(p => (double)p)],
            Ended = line.Ended,
            SampledAnswers = line.Samples,
            FirstToken = [.. line.FirstToken.Select(token => token.Read())],
            Nucleus = [.. line.Nucleus.Select(token => token.Read())],
            Entropy = line.Entropy,
            PYes = line.PYes,
            PNo = line.PNo,
            TruthToken = line.Compared?[swapped ? 1 : 0],
            CompetitorToken = line.Compared?[swapped ? 0 : 1],
            GridHeight = line.Grid[0],
            GridWidth = line.Grid[1],
        };
    }

    static float[,] ReadMargins(IReadOnlyList<StoredBlock> blocks, string name, int[] rows, float[] signs, int layers)
    {
        float[] all = [.. blocks.SelectMany(block => block.Arrays.ReadFloats(name))];
        if (all.Length != blocks.Sum(block => (long)block.Count) * layers)
            throw new StoreException($"the trace's array {name} has {all.Length} elements, which are not {layers} of each question. "
                + "Run the trace stage again.");
        var margins = new float[rows.Length, layers];
        for (var i = 0; i < rows.Length; i++)
            for (var layer = 0; layer < layers; layer++) margins[i, layer] = signs[i] * all[rows[i] * layers + layer];
        return margins;
    }
}
