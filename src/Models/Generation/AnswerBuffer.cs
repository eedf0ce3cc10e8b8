namespace Vrp.Models.Generation;

/// <summary>The answers so far, row by row (prompt, then sample). A row that reached an end token takes no more; it is fed on with what it drew until all rows
/// are done.</summary>
sealed class AnswerBuffer(GenerationOptions options, int prompts, IReadOnlyList<int> endTokenIds)
{
    readonly List<(int Id, float LogProbability)>[] rows = [.. Enumerable.Range(0, prompts * options.Samples).Select(_ => new List<(int, float)>())];
    readonly bool[] ended = new bool[prompts * options.Samples];

    public bool Done => Array.TrueForAll(ended, end => end);

    public bool IsOpen(int row) => !ended[row];

    public void Add(int row, int step, int id, float logProbability)
    {
        if (ended[row]) return;
        rows[row].Add((id, logProbability));
        ended[row] = !options.IgnoreEndTokens && endTokenIds.Contains(id);
        options.OnToken?.Invoke(new GeneratedToken(row / options.Samples, row % options.Samples, step, id, logProbability));
    }

    public IReadOnlyList<GeneratedSequence> Sequences() =>
        [.. rows.Select((row, i) => new GeneratedSequence(i / options.Samples, i % options.Samples, [.. row.Select(token => token.Id)],
            [.. row.Select(token => token.LogProbability)], ended[i]))];
}
