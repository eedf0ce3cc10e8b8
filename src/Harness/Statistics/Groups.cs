namespace Vrp.Harness.Statistics;

/// <summary>Rows that belong together (the questions about one image), with dense ids 0 … Count-1 in order of first appearance.</summary>
public sealed class Groups
{
    readonly int[] of;
    readonly int[][] rows;

    Groups(int[] of, int count)
    {
        this.of = of;
        Count = count;
        var sizes = new int[count];
        foreach (var group in of) sizes[group]++;
        rows = new int[count][];
        for (var g = 0; g < count; g++) rows[g] = new int[sizes[g]];
        var filled = new int[count];
        for (var row = 0; row < of.Length; row++) rows[of[row]][filled[of[row]]++] = row;
    }

    /// <summary>Number of groups.</summary>
    public int Count { get; }

    /// <summary>Number of rows.</summary>
    public int Length => of.Length;

    /// <summary>The dense group id of every row.</summary>
    public ReadOnlySpan<int> Of => of;

    /// <summary>The rows of a group, ascending.</summary>
    public ReadOnlySpan<int> Rows(int group) => rows[group];

    /// <summary>From any key per row (image names, ids).</summary>
    /// <exception cref="EmptyInputException">No rows.</exception>
    public static Groups From<T>(IEnumerable<T> keys) where T : notnull
    {
        var ids = new Dictionary<T, int>();
        var of = new List<int>();
        foreach (var key in keys)
        {
            if (!ids.TryGetValue(key, out var id)) ids[key] = id = ids.Count;
            of.Add(id);
        }

        Check.NotEmpty("grouping", of.Count);
        return new Groups([.. of], ids.Count);
    }

    /// <summary>Every row its own group: what a method that ignores images assumes.</summary>
    public static Groups Singletons(int rows) => From(Enumerable.Range(0, rows));

    /// <summary>The groups of some of the rows, in their order.</summary>
    public Groups Select(ReadOnlySpan<int> selected)
    {
        var keys = new int[selected.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = of[selected[i]];
        return From(keys);
    }

    /// <summary>Throws where a question occurs twice.</summary>
    /// <exception cref="DuplicateRowException">With the question and both rows.</exception>
    public static void ThrowIfDuplicated<T>(string operation, IEnumerable<T> questions) where T : notnull
    {
        var seen = new Dictionary<T, int>();
        var row = 0;
        foreach (var question in questions)
        {
            if (!seen.TryAdd(question, row)) throw new DuplicateRowException(operation, question.ToString() ?? "", seen[question], row);
            row++;
        }
    }
}
