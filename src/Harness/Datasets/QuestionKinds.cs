namespace Vrp.Harness.Datasets;

/// <summary>Kinds as files and reports write them.</summary>
public static class QuestionKinds
{
    /// <summary>Names in the order of the enumeration.</summary>
    public static readonly IReadOnlyList<string> Names = ["yes-no", "count", "spatial", "identify", "open", "choice"];

    public static string Name(this QuestionKind kind) => Names[(int)kind];

    public static bool TryParse(string name, out QuestionKind kind)
    {
        int index = 0;
        while (index < Names.Count && Names[index] != name) index++;
        kind = (QuestionKind)(index % Names.Count);
        return index < Names.Count;
    }
}
