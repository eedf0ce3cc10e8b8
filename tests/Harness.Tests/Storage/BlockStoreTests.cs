using Vrp.Harness.Storage;
using Vrp.Models.Checkpoints;

namespace Vrp.Harness.Tests.Storage;

public sealed class BlockStoreTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TryRead_WrittenBlock_GivesItBack()
    {
        var store = StoreFiles.Filled(folder.Path, ..);

        var last = store.TryRead(5, out var damage);

        damage.Should().BeNull();
        (last!.First, last.Count, last.Lines.Count).Should().Be((15, 2, 2));
        last.Passes.Should().Be(new PassCounts(1, 2, 4, 30));
        last.Arrays.ShapeOf("values").Should().Equal(2, 4);
        last.Arrays.ReadFloats("values", 4, 2).Should().Equal(5 + 4 / 7f, 5 + 5 / 7f);
        store.ReadAll().Sum(block => block.Count).Should().Be(StoreFiles.Samples);
    }

    [Fact]
    public void Write_SafetensorsFile_IsReadByTheModelsReader()
    {
        var store = StoreFiles.Filled(folder.Path, ..1);

        var tensors = Safetensors.Read(store.TensorsPath(0));

        tensors["values"].shape.Should().Equal(3, 4);
        foreach (var tensor in tensors.Values) tensor.Dispose();
    }

    [Fact]
    public void TryRead_MissingBlock_IsNoDamage()
    {
        StoreFiles.Filled(folder.Path, ..2).TryRead(3, out var damage).Should().BeNull();
        damage.Should().BeNull();
    }

    [Theory, InlineData("safetensors"), InlineData("jsonl")]
    public void TryRead_CutAtAnyLength_IsDamage(string ending)
    {
        var store = StoreFiles.Filled(folder.Path, ..1);
        var path = ending == "jsonl" ? store.RecordsPath(0) : store.TensorsPath(0);
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            store.TryRead(0, out var damage).Should().BeNull("{0} bytes of {1} are no block", length, whole.Length);
            damage.Should().NotBeNull();
        }
    }

    [Theory, InlineData("safetensors"), InlineData("jsonl")]
    public void TryRead_AnyByteChanged_IsDamage(string ending)
    {
        var store = StoreFiles.Filled(folder.Path, ..1);
        var path = ending == "jsonl" ? store.RecordsPath(0) : store.TensorsPath(0);
        var whole = File.ReadAllBytes(path);
        var original = store.TryRead(0, out _)!;
        for (var at = 0; at < whole.Length; at++)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 1;
            File.WriteAllBytes(path, changed);
            // A changed name of a field whose value is 0 reads as that 0.
            if (store.TryRead(0, out var damage) is { } read) (read.First, read.Count, read.Passes, read.Lines.Count).Should()
                .Be((original.First, original.Count, original.Passes, original.Lines.Count));
            else damage.Should().NotBeNull();
        }
    }

    [Fact]
    public void TryRead_MissingArrays_IsDamage()
    {
        var store = StoreFiles.Filled(folder.Path, ..1);
        File.Delete(store.TensorsPath(0));
        store.TryRead(0, out var damage).Should().BeNull();
        damage.Should().Contain("missing");
    }

    [Fact]
    public void Create_OtherKey_IsAnotherFolder()
    {
        var (a, b) = (StoreFiles.Create(folder.Path, "a"), StoreFiles.Create(folder.Path, "b"));
        a.Folder.Should().NotBe(b.Folder);
    }

    [Fact]
    public void Create_EditedManifest_IsRefused()
    {
        var manifest = Path.Combine(StoreFiles.Create(folder.Path).Folder, "manifest.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"samples\": 17", "\"samples\": 18", StringComparison.Ordinal));
        FluentActions.Invoking(() => StoreFiles.Create(folder.Path)).Should().Throw<StoreException>().WithMessage("*manifest*");
    }

    [Theory]
    [InlineData(10, int.MaxValue, 1)]
    [InlineData(int.MaxValue, 1, int.MaxValue)]
    [InlineData(0, 5, 0)]
    [InlineData(11, 5, 3)]
    public void Blocks_AnySize_HoldEveryQuestion(int samples, int size, int blocks) =>
        new StoreManifest("trace", "", samples, size, []).Blocks.Should().Be(blocks);

    [Theory]
    [InlineData(10, 0)]
    [InlineData(10, -1)]
    [InlineData(-1, 5)]
    public void Create_NumbersThatNoStageWrites_AreRefused(int samples, int size) =>
        FluentActions.Invoking(() => BlockStore.Create(folder.Path, new RunKey("trace", []), samples, size)).Should().Throw<StoreException>()
            .WithMessage($"*{size}*");

    [Fact]
    public void Open_FactsThatDoNotMakeTheKey_AreRefused()
    {
        string store = StoreFiles.Create(folder.Path).Folder, manifest = Path.Combine(store, "manifest.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"generation.seed\": \"0\"", "\"generation.seed\": \"1\"", StringComparison.Ordinal));
        FluentActions.Invoking(() => BlockStore.Open(store)).Should().Throw<StoreException>().WithMessage("*edited*");
    }

    [Fact]
    public void ReadAll_MissingBlock_SaysWhichAndWhatToDo() =>
        FluentActions.Invoking(() => StoreFiles.Filled(folder.Path, ..4).ReadAll()).Should().Throw<StoreException>()
            .WithMessage("*block 4 of 6 is missing*merge*");

    /// <summary>Each block is looked for: two thousand million of them would be looked for all day.</summary>
    [Fact]
    public void Open_MoreBlocksThanAnyStageWrites_IsRefused()
    {
        var manifest = Path.Combine(StoreFiles.Create(folder.Path).Folder, BlockStore.ManifestFile);
        var forged = Json.Parse<StoreManifest>(File.ReadAllBytes(manifest), manifest) with { Samples = int.MaxValue, BlockSize = 2, Starts = null };
        File.WriteAllBytes(manifest, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(forged, Json.Indented));
        FluentActions.Invoking(() => BlockStore.FindAll(folder.Path)).Should().Throw<StoreException>().WithMessage("*1073741824 blocks; expected at most*");
    }
}
