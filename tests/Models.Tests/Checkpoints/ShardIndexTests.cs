using Vrp.Models.Checkpoints;

namespace Vrp.Models.Tests.Checkpoints;

public sealed class ShardIndexTests : IDisposable
{
    const string First = "model-00001-of-00002.safetensors", Second = "model-00002-of-00002.safetensors";

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    ShardIndexException Refuses(ShardIndexDefect defect)
    {
        var error = FluentActions.Invoking(() => Checkpoint.Open(folder.Root)).Should().Throw<ShardIndexException>().Which;
        error.Defect.Should().Be(defect, error.Message);
        error.Message.Should().StartWith(folder.At("model.safetensors.index.json"));
        return error;
    }

    static string Map(string embedding, string norm) =>
        $$"""{"weight_map": {"{{SmallCheckpoint.Embedding}}": "{{embedding}}", "{{SmallCheckpoint.Norm}}": "{{norm}}"} }""";

    [Fact]
    public void Open_MissingShard_IsNamed()
    {
        SmallCheckpoint.WriteSharded(folder);
        File.Delete(folder.At(Second));
        Refuses(ShardIndexDefect.MissingFile).Message.Should().Contain($"1 of 2 shards are missing: {Second}").And.Contain("again");
    }

    [Theory]
    [InlineData("../other.safetensors")]
    [InlineData("sub/../../other.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("..\\\\other.safetensors")]
    [InlineData("a\\u0000b")]
    [InlineData("")]
    public void Open_ShardOutsideOfTheFolder_IsRefused(string name)
    {
        SmallCheckpoint.WriteSharded(folder, Map(name, Second));
        Refuses(ShardIndexDefect.OutsideFolder).Message.Should().Contain("outside of its folder");
    }

    [Fact]
    public void Open_ShardInASubfolder_IsRead()
    {
        SmallCheckpoint.WriteSharded(folder, Map("parts/" + First, Second));
        Directory.CreateDirectory(folder.At("parts"));
        File.Move(folder.At(First), folder.At("parts", First));
        Checkpoint.Open(folder.Root).Tensors.Should().HaveCount(2);
    }

    [Fact]
    public void Open_TensorInTheOtherShard_IsNamed()
    {
        SmallCheckpoint.WriteSharded(folder, Map(Second, First));
        Refuses(ShardIndexDefect.TensorNotInShard).Message.Should().Contain(SmallCheckpoint.Embedding).And.Contain(SmallCheckpoint.Norm);
    }

    [Fact]
    public void Open_TensorInNoShard_IsNamed()
    {
        SmallCheckpoint.WriteSharded(folder, Map(First, Second).Replace("} }", $", \"ghost.weight\": \"{First}\"}} }}"));
        Refuses(ShardIndexDefect.TensorNotInShard).Message.Should().Contain("'ghost.weight'").And.NotContain(SmallCheckpoint.Norm);
    }

    [Fact]
    public void Open_TensorInTwoShards_NamesBoth()
    {
        SmallCheckpoint.WriteSharded(folder);
        folder.Write(Second, SafetensorsBytes.Of(SmallCheckpoint.Tensors));
        Refuses(ShardIndexDefect.TensorInTwoShards).Message.Should().Contain(SmallCheckpoint.Embedding).And.Contain(First).And.Contain(Second);
    }

    [Theory]
    [InlineData("""{"weight_map": {"a": "x.safetensors", "a": "y.safetensors"}}""")]
    [InlineData("""{"weight_map": {"a": 1}}""")]
    [InlineData("""{"weight_map": ["a"]}""")]
    [InlineData("""{"weights": {}}""")]
    [InlineData("""{"weight_map": {"a": "\ud800"}}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public void Open_InvalidIndex_IsRefused(string index)
    {
        SmallCheckpoint.WriteSharded(folder, index);
        Refuses(ShardIndexDefect.NotValid);
    }

    [Fact]
    public void Open_DamagedShard_NamesTheShard()
    {
        SmallCheckpoint.WriteSharded(folder);
        using (var file = File.OpenWrite(folder.At(Second))) file.SetLength(file.Length - 1);
        FluentActions.Invoking(() => Checkpoint.Open(folder.Root)).Should().Throw<SafetensorsException>().Which.Should()
            .Match<SafetensorsException>(e => e.Path == folder.At(Second) && e.Defect == SafetensorsDefect.Truncated);
    }
}
