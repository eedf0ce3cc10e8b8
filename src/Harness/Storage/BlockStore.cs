using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vrp.Models;
using Vrp.Models.Layers;
using Vrp.Models.Storage;

namespace Vrp.Harness.Storage;

/// <summary>Results on disk, in fixed blocks of questions: the unit of batching, of resuming and of sharding. A block is two files, arrays (safetensors) and
/// records (JSONL); the JSONL appears last and ends with hashes of both, so that a block is there in full or not at all, whenever the process dies.</summary>
sealed class BlockStore
{
    internal const string ManifestFile = "manifest.json";

    static readonly string[] stages = ["trace", "intervene"];

    readonly Func<string, Stream>? create;

    BlockStore(string folder, StoreManifest manifest, Func<string, Stream>? create) => (Folder, Manifest, this.create) = (folder, manifest, create);

    public string Folder { get; }

    public StoreManifest Manifest { get; }

    /// <summary>The store for a key below a run's folder, made where it is not there yet.</summary>
    /// <param name="runFolder">The run's folder; the store is <c>STAGE/KEY</c> in it.</param>
    /// <param name="key">Everything that the results depend on.</param>
    /// <param name="questions">n.</param>
    /// <param name="blockSize">Most questions of a block.</param>
    /// <param name="create">How files are created, for tests.</param>
    /// <param name="starts">Index of each block's first question; null: every block is full but the last.</param>
    /// <exception cref="StoreException">The folder cannot be written, or holds something else.</exception>
    public static BlockStore Create(string runFolder, RunKey key, int questions, int blockSize, Func<string, Stream>? create = null,
        IReadOnlyList<int>? starts = null)
    {
        var folder = Path.Combine(runFolder, key.Stage, key.FolderName);
        MakeFolder(folder);
        var manifest = new StoreManifest(key.Stage, key.Hash, questions, blockSize,
            new SortedDictionary<string, string>(key.Facts.ToDictionary(), StringComparer.Ordinal), starts).Checked(folder);
        byte[] text = [.. JsonSerializer.SerializeToUtf8Bytes(manifest, Json.Indented), (byte)'\n'];
        var path = Path.Combine(folder, ManifestFile);
        if (!File.Exists(path)) AtomicFile.Write(path, text, create);
        else if (!File.ReadAllBytes(path).AsSpan().SequenceEqual(text))
            throw new StoreException($"{path} is not the manifest of this run; it was edited or is damaged. Move {folder} away and run the same command "
                + "again.");
        return new BlockStore(folder, manifest, create);
    }

    /// <summary>A store that is there.</summary>
    /// <exception cref="StoreException">There is none, or its manifest is damaged.</exception>
    public static BlockStore Open(string folder)
    {
        var path = Path.Combine(folder, ManifestFile);
        if (!File.Exists(path)) throw new StoreException($"{folder} is no store of results: {ManifestFile} is missing. Name the folder that the stage wrote.");
        var manifest = Json.Parse<StoreManifest>(FileDoor.ReadAllBytes(path), path).Checked(path);
        // Stage and key name the folder that a merge writes into.
        if (!stages.Contains(manifest.Stage)) throw new StoreException($"{path} is of the stage \"{manifest.Stage}\"; expected {string.Join(" or ", stages)}.");
        if (manifest.RunKey().Hash != manifest.Key) throw new StoreException($"{path} was edited: its facts do not make its key. Run the stage again.");
        return new BlockStore(folder, manifest, null);
    }

    /// <summary>All stores of a run's folder, by stage and key; a store's own folder counts as one.</summary>
    public static IReadOnlyList<BlockStore> FindAll(string runFolder)
    {
        if (File.Exists(Path.Combine(runFolder, ManifestFile))) return [Open(runFolder)];
        return Directory.Exists(runFolder)
            ? [.. Directory.GetDirectories(runFolder).SelectMany(Directory.GetDirectories).Where(folder => File.Exists(Path.Combine(folder, ManifestFile)))
                .Order(StringComparer.Ordinal).Select(Open)] : [];
    }

    public int FirstOf(int block) => Manifest.Starts is { } starts ? starts[block] : block * Manifest.BlockSize;

    public int CountOf(int block) => (block + 1 < Manifest.Blocks ? FirstOf(block + 1) : Manifest.Samples) - FirstOf(block);

    public string TensorsPath(int block) => Path.Combine(Folder, $"block-{block:D5}.safetensors");

    public string RecordsPath(int block) => Path.Combine(Folder, $"block-{block:D5}.jsonl");

    /// <summary>Whether a block was ever committed; says nothing of its state.</summary>
    public bool Exists(int block) => File.Exists(RecordsPath(block));

    /// <summary>Names that companions have.</summary>
    static readonly string[] companions = ["images.json", "plan.json"];

    /// <summary>Files next to the blocks that say what was done (a plan, the images' hashes), the same in every shard. Other files are ignored.</summary>
    /// <exception cref="StoreException">One is a link: what it leads to is no part of the results.</exception>
    public IReadOnlyList<string> Companions => [.. companions.Select(name => Path.Combine(Folder, name)).Where(File.Exists).Select(path => FileDoor.IsLink(path)
        ? throw new StoreException($"{path} is a link; expected the file that the {Manifest.Stage} stage wrote. Put the file itself there.") : path)];

    /// <summary>Writes such a file.</summary>
    public void WriteCompanion(string name, byte[] content) => AtomicFile.Write(Path.Combine(Folder, name), content, create);

    /// <summary>Reads such a file back.</summary>
    /// <param name="name">Of the file.</param>
    /// <param name="fact">The fact of the store's key that holds its SHA-256.</param>
    /// <exception cref="StoreException">Missing, or not the file that the blocks were computed with: edited, damaged or of another run.</exception>
    public byte[] ReadCompanion(string name, string fact)
    {
        var path = Path.Combine(Folder, name);
        byte[] content;
        try
        {
            content = FileDoor.ReadAllBytes(path);
        }
        catch (FileException e)
        {
            throw new StoreException($"{e.Message} It says what the {Manifest.Stage} stage computed; run that stage again.", e);
        }
        if (Manifest.Facts.GetValueOrDefault(fact) is not { } expected)
            throw new StoreException($"{Folder} does not say what its {name} was ({fact}): it is of an earlier version. Run the {Manifest.Stage} stage again.");
        return Sha256Hex.Of(content) == expected ? content
            : throw new StoreException($"{path} is not the file that these results were computed with: it was edited, or is of another run. Run the "
                + $"{Manifest.Stage} stage again.");
    }

    /// <summary>Removes what a killed run left half-written of some blocks. Other shards' files may be in the making and are left alone.</summary>
    public void RemoveLeftovers(IEnumerable<int> blocks)
    {
        foreach (var block in blocks)
            foreach (var path in Directory.GetFiles(Folder, $"block-{block:D5}.*{AtomicFile.Temporary}")) File.Delete(path);
    }

    /// <summary>Writes a block; it counts from the moment this returns.</summary>
    public void Write(int block, IReadOnlyList<string> records, IReadOnlyList<StoredArray> arrays, PassCounts passes)
    {
        using var tensors = new MemoryStream();
        TensorFile.Write(tensors, arrays);
        var bytes = tensors.GetBuffer().AsMemory(0, (int)tensors.Length);
        AtomicFile.Write(TensorsPath(block), bytes, create);

        var lines = Encoding.UTF8.GetBytes(string.Concat(records.Select(record => record + "\n")));
        var commit = new BlockCommit(block, FirstOf(block), CountOf(block), bytes.Length, Sha256Hex.Of(bytes.Span), "", passes).Signed(lines);
        var last = JsonSerializer.SerializeToUtf8Bytes(commit, Json.Line);
        AtomicFile.Write(RecordsPath(block), stream =>
        {
            stream.Write(lines);
            stream.Write(last);
            stream.WriteByte((byte)'\n');
        }, create);
    }

    /// <summary>A block, checked byte by byte; null where it is missing.</summary>
    /// <param name="block">Its number.</param>
    /// <param name="damage">What is wrong with it where it is there and cannot be used; then null is returned too.</param>
    public StoredBlock? TryRead(int block, out string? damage)
    {
        damage = null;
        if (!Exists(block)) return null;
        var text = FileDoor.ReadAllBytes(RecordsPath(block), int.MaxValue);
        int end = text.Length - 1, start = end > 0 ? text.AsSpan(0, end).LastIndexOf((byte)'\n') + 1 : 0;
        if (text.Length == 0 || text[end] != '\n')
        {
            damage = $"{RecordsPath(block)} is cut off";
            return null;
        }
        BlockCommit commit;
        try
        {
            commit = Json.Parse<BlockCommit>(text.AsMemory(start, end - start), RecordsPath(block));
        }
        catch (StoreException e)
        {
            damage = e.Message;
            return null;
        }
        damage = Damage(block, commit, text.AsSpan(0, start));
        if (damage is not null) return null;

        var lines = new List<byte[]>();
        for (var at = 0; at < start;)
        {
            var length = text.AsSpan(at, start - at).IndexOf((byte)'\n');
            lines.Add(text[at..(at + length)]);
            at += length + 1;
        }
        return new StoredBlock(commit.First, commit.Count, lines, TensorFile.Open(TensorsPath(block)), commit.Passes, commit.TensorBytes + text.Length,
            commit.RecordsSha256);
    }

    /// <summary>All blocks.</summary>
    /// <exception cref="StoreException">One is missing or damaged; the message says which and what to do.</exception>
    public IReadOnlyList<StoredBlock> ReadAll()
    {
        var read = TryReadAll([.. Enumerable.Range(0, Manifest.Blocks)]);
        return [.. read.Select((one, block) => one.Block
            ?? throw new StoreException($"{Folder}: block {block} of {Manifest.Blocks} is {(one.Damage is null ? "missing" : $"damaged ({one.Damage})")}. Run "
                + $"the {Manifest.Stage} stage to its end, or merge all shards."))];
    }

    /// <summary>SHA-256 over the key and the hashes of all blocks: another value for any other content.</summary>
    /// <param name="blocks">What <see cref="ReadAll"/> gave.</param>
    public string ContentHash(IReadOnlyList<StoredBlock> blocks) => Sha256Hex.Of(Manifest.Key + string.Concat(blocks.Select(block => block.Sha256)));

    /// <summary>Some blocks, each as <see cref="TryRead"/> gives it, checked side by side.</summary>
    public (StoredBlock? Block, string? Damage)[] TryReadAll(IReadOnlyList<int> blocks) =>
        Workers.Map(blocks, block => (TryRead(block, out var damage), damage));

    string? Damage(int block, BlockCommit commit, ReadOnlySpan<byte> records)
    {
        var tensors = TensorsPath(block);
        if (commit.Block != block || commit.First != FirstOf(block) || commit.Count != CountOf(block)) return $"{RecordsPath(block)} is of another block";
        if (commit.Signed(records) != commit) return $"the records in {RecordsPath(block)} are not those that were written";
        if (!File.Exists(tensors)) return $"{tensors} is missing";
        using var file = FileDoor.OpenRead(tensors);
        if (file.Length != commit.TensorBytes) return $"{tensors} has {file.Length} bytes; {commit.TensorBytes} were written";
        return Sha256Hex.Of(file) == commit.TensorsSha256 ? null : $"{tensors} is not what was written";
    }

    /// <summary>Makes a folder that results go into.</summary>
    /// <exception cref="StoreException">It cannot be made.</exception>
    internal static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{folder} cannot be made: {e.Message} Give a folder that can be written.", e);
        }
    }
}

/// <summary>A whole block of a store.</summary>
/// <param name="First">Index of its first question.</param>
/// <param name="Count">Its questions.</param>
/// <param name="Lines">Its records, UTF-8 JSON.</param>
/// <param name="Arrays">Its arrays.</param>
/// <param name="Passes">What it cost.</param>
/// <param name="Bytes">Of both files.</param>
/// <param name="Sha256">Of its records and of all that their last line says, the hash of its arrays among it.</param>
sealed record StoredBlock(int First, int Count, IReadOnlyList<byte[]> Lines, TensorFile Arrays, PassCounts Passes, long Bytes,
    string Sha256);

/// <summary>The last line of a block's JSONL, written after everything else: where it is there and fits, the block is whole.</summary>
/// <param name="Block">Number, from 0.</param>
/// <param name="First">Index of its first question.</param>
/// <param name="Count">Its questions.</param>
/// <param name="TensorBytes">Length of its safetensors file.</param>
/// <param name="TensorsSha256">Of that file.</param>
/// <param name="RecordsSha256">Of the lines before this one and of the other fields of this one.</param>
/// <param name="Passes">What it cost.</param>
sealed record BlockCommit(int Block, int First, int Count, long TensorBytes, string TensorsSha256, string RecordsSha256, PassCounts Passes)
{
    /// <summary>With the hash that belongs to these records.</summary>
    public BlockCommit Signed(ReadOnlySpan<byte> records)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(records);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(this with { RecordsSha256 = "" }, Json.Line));
        return this with { RecordsSha256 = Convert.ToHexStringLower(hash.GetHashAndReset()) };
    }
}

/// <summary>What a stretch of work computed (<see cref="PassCounter"/>) and stored.</summary>
/// <param name="Images">Images through the vision tower.</param>
/// <param name="Prompts">Prompts read from their first token; a head that several share is one.</param>
/// <param name="DecodedTokens">Tokens read after prompts.</param>
/// <param name="BlockPositions">Positions × blocks of the language model.</param>
public sealed record PassCounts(long Images, long Prompts, long DecodedTokens, long BlockPositions)
{
    /// <summary>Positions of prompts read, padding included.</summary>
    public long PromptPositions { get; init; }

    /// <summary>Of them, padding.</summary>
    public long PaddedPositions { get; init; }

    /// <summary>Positions that the same batches take where every prompt is read in full.</summary>
    public long UnsharedPositions { get; init; }

    public static PassCounts Zero { get; } = new(0, 0, 0, 0);

    public static PassCounts Of(PassCounter counter) => new(counter.Images, counter.Prompts, counter.DecodedTokens, counter.BlockPositions)
    {
        PromptPositions = counter.PromptPositions,
        PaddedPositions = counter.PaddedPositions,
        UnsharedPositions = counter.UnsharedPositions,
    };

    public static PassCounts operator +(PassCounts a, PassCounts b) => Sum(a, 1, b);

    public static PassCounts operator -(PassCounts a, PassCounts b) => Sum(a, -1, b);

    static PassCounts Sum(PassCounts a, int sign, PassCounts b) => new(a.Images + sign * b.Images, a.Prompts + sign * b.Prompts,
        a.DecodedTokens + sign * b.DecodedTokens, a.BlockPositions + sign * b.BlockPositions)
    {
        PromptPositions = a.PromptPositions + sign * b.PromptPositions,
        PaddedPositions = a.PaddedPositions + sign * b.PaddedPositions,
        UnsharedPositions = a.UnsharedPositions + sign * b.UnsharedPositions,
    };
}

/// <summary>A store of results that cannot be written, read or put together. What was finished before stays usable.</summary>
public class StoreException(string message, Exception? inner = null) : VrpException(message, inner);

/// <summary>Two shards hold the same block.</summary>
public sealed class DuplicateShardException(string message) : StoreException(message);

/// <summary>A shard that was made under another key than the others: of another model, data set, setting or machine.</summary>
public sealed class ForeignShardException(string message) : StoreException(message);

/// <summary>Blocks that no shard holds.</summary>
public sealed class MissingShardException(string message) : StoreException(message);
