using System.Text.Json;
using Vrp.Models.Storage;

namespace Vrp.Models.Checkpoints.Hub;

/// <summary>Which of a repository's files a checkpoint needs: settings, tokenizer, processor, chat template, and the safetensors of one model. A repository may
/// hold the same weights again as .bin, .pth or .gguf, which would double the download.</summary>
static class CheckpointFiles
{
    const string Ending = ".safetensors";

    /// <summary>What every checkpoint has; the weights besides.</summary>
    public static readonly string[] Needed = [Checkpoint.ConfigFile, "tokenizer.json"];

    /// <summary>What some have, for this program or for the Python one that shares the cache.</summary>
    public static readonly string[] Wanted = ["generation_config.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "tokenizer.model", "vocab.json", "merges.txt",
        "preprocessor_config.json", "processor_config.json", "chat_template.json", "chat_template.jinja"];

    /// <summary>The files of a listing that are to be fetched.</summary>
    /// <param name="repository">For messages.</param>
    /// <param name="listed">All files.</param>
    /// <param name="shards">The names in the index: called where there is one and no single file.</param>
    public static async Task<IReadOnlyList<HubFile>> Choose(HubRepository repository, IReadOnlyList<HubFile> listed, Func<HubFile,
        Task<IReadOnlyList<string>>> shards)
    {
        var byName = listed.ToDictionary(file => file.Path, StringComparer.Ordinal);
        var lacking = Needed.Where(name => !byName.ContainsKey(name)).ToArray();
        if (!byName.ContainsKey(Checkpoint.ConfigFile)) throw new HubException(HubProblem.NoWeights,
            $"{repository.Name} holds no {Checkpoint.ConfigFile}: it is no checkpoint in transformers' form. It holds {Shown(listed)}.");

        IEnumerable<string> weights;
        if (byName.ContainsKey(WeightFiles.SingleFile)) weights = [WeightFiles.SingleFile];
        else if (byName.TryGetValue(ShardIndex.FileName, out var index))
        {
            var named = await shards(index);
            string[] absent = [.. named.Where(name => !byName.ContainsKey(name))];
            if (absent.Length > 0) throw new HubException(HubProblem.NoWeights,
                $"{repository.Name}: the index names {Display.Name(absent[0])}{(absent.Length > 1 ? $" and {absent.Length - 1} more" : "")}, which the "
                + "repository lacks. Ask its owner, or name another revision.");
            weights = [ShardIndex.FileName, .. named];
        }
        else throw new HubException(HubProblem.NoWeights, $"{repository.Name} holds neither {WeightFiles.SingleFile} nor {ShardIndex.FileName}; it holds "
            + $"{Shown(listed)}. "
            + "Choose a repository or revision with safetensors, or convert it (transformers: save_pretrained).");

        return [.. Needed.Except(lacking).Concat(Wanted).Concat(weights).Where(byName.ContainsKey).Select(name => byName[name])];
    }

    /// <summary>The shards that an index names, each once.</summary>
    public static IReadOnlyList<string> Shards(byte[] index, string where)
    {
        try
        {
            return [.. JsonText.Parse(index, where).GetProperty("weight_map").EnumerateObject()
                .Select(entry => SafePath.Check(entry.Value.GetString() is { } shard && shard.EndsWith(Ending, StringComparison.Ordinal) ? shard
                    : throw new InvalidOperationException($"the shard of '{Display.Name(entry.Name)}' is no name of a {Ending} file."), where))
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is JsonTextException or KeyNotFoundException or InvalidOperationException)
        {
            throw new HubException(HubProblem.NoWeights, $"{where} is no index: {e.Message} Name another revision.", e);
        }
    }

    /// <summary>What a snapshot's folder lacks of a checkpoint; empty: it can be opened without the hub.</summary>
    public static IReadOnlyList<string> MissingIn(string folder)
    {
        bool Has(string name) => LinkedFile.Exists(Path.Combine(folder, name));
        List<string> missing = [.. Needed.Where(name => !Has(name))];
        if (Has(WeightFiles.SingleFile)) return missing;
        if (!Has(ShardIndex.FileName)) return [.. missing, WeightFiles.SingleFile];
        var index = Path.Combine(folder, ShardIndex.FileName);
        return [.. missing, .. Shards(FileDoor.ReadAllBytes(index), index).Where(name => !Has(name))];
    }

    static string Shown(IReadOnlyList<HubFile> files) => files.Count == 0 ? "nothing"
        : string.Join(", ", Display.Cut([.. files.Select(file => Display.Name(file.Path))], 8));
}
