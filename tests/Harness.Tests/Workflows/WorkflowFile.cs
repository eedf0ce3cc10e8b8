using YamlDotNet.RepresentationModel;

namespace Vrp.Harness.Tests.Workflows;

/// <summary>A GitHub workflow of the repository.</summary>
sealed class WorkflowFile
{
    readonly YamlMappingNode root;

    WorkflowFile(string path)
    {
        Name = Path.GetFileName(path);
        Source = File.ReadAllText(path);
        var yaml = new YamlStream();
        using var text = File.OpenText(path);
        yaml.Load(text);
        root = (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    public static IReadOnlyList<WorkflowFile> All { get; } = [.. Directory.GetFiles(Fixtures.At("..", ".github", "workflows"),
        "*.yml").Order(StringComparer.Ordinal).Select(path => new WorkflowFile(path))];

    public string Name { get; }

    /// <summary>Keys of the top level.</summary>
    public IEnumerable<string> Keys => root.Children.Keys.Select(Text);

    /// <summary>Jobs in the file's order.</summary>
    public IReadOnlyList<(string Name, YamlMappingNode Job)> Jobs =>
        [.. Map(root, "jobs").Children.Select(pair => (Text(pair.Key), (YamlMappingNode)pair.Value))];

    /// <summary>What a job waits for.</summary>
    public static IReadOnlyList<string> Needs(YamlMappingNode job) =>
        !job.Children.TryGetValue("needs", out var needs) ? [] : needs is YamlSequenceNode many ? [.. many.Select(Text)] : [Text(needs)];

    /// <summary>Values of a job's matrix.</summary>
    public static IReadOnlyList<string> Matrix(YamlMappingNode job, string name) =>
        [.. ((YamlSequenceNode)Map(Map(job, "strategy"), "matrix").Children[name]).Select(Text)];

    /// <summary>Scripts of a job's steps with their names (empty: none), in order.</summary>
    public static IReadOnlyList<(string Step, string Script)> Scripts(YamlMappingNode job) =>
        [.. ((YamlSequenceNode)job.Children["steps"]).Cast<YamlMappingNode>()
        .Where(step => step.Children.ContainsKey("run")).Select(step => (step.Children.TryGetValue("name", out var name) ? Text(name) : "",
            Text(step.Children["run"])))];

    /// <summary>Steps of a job, in order.</summary>
    public static IReadOnlyList<YamlMappingNode> Steps(YamlMappingNode job) => [.. ((YamlSequenceNode)job.Children["steps"]).Cast<YamlMappingNode>()];

    /// <summary>A scalar somewhere below a node; null where there is none.</summary>
    public static string? Scalar(YamlMappingNode node, params string[] path)
    {
        YamlNode at = node;
        foreach (var key in path)
            if (at is not YamlMappingNode map || !map.Children.TryGetValue(key, out at!)) return null;
        return (at as YamlScalarNode)?.Value;
    }

    /// <summary>Entries of a mapping below a node; none where there is no such mapping.</summary>
    public static IReadOnlyDictionary<string, string> Entries(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var found) && found is YamlMappingNode map
        ? map.Children.ToDictionary(pair => Text(pair.Key), pair => pair.Value.ToString()) : new Dictionary<string, string>();

    /// <summary>The whole file.</summary>
    public YamlMappingNode Root => root;

    /// <summary>The file as it is written.</summary>
    public string Source { get; }

    /// <summary>A value of the workflow's own environment.</summary>
    public string Variable(string name) => Text(Map(root, "env").Children[name]);

    static YamlMappingNode Map(YamlMappingNode node, string key) => (YamlMappingNode)node.Children[key];

    static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}
