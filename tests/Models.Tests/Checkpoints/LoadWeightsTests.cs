using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Models.Tests.Checkpoints;

public sealed class LoadWeightsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    Checkpoint Small(params (string Name, long[] Shape, float[] Values)[] tensors) => Checkpoint.Open(SmallCheckpoint.Write(folder, tensors));

    /// <summary>A Qwen2-VL folder with one tensor, the embedding, and what it is expected to hold.</summary>
    (Checkpoint, Dictionary<string, long[]>) One(Tensor embedding)
    {
        folder.Write("config.json", SmallCheckpoint.Config);
        Safetensors.Write(folder.At("model.safetensors"), [(SmallCheckpoint.Embedding, embedding)]);
        return (Checkpoint.Open(folder.Root), new() { [SmallCheckpoint.Embedding] = embedding.shape });
    }

    [Theory]
    [MemberData(nameof(Goldens.Models), MemberType = typeof(Goldens))]
    public void LoadWeights_GoldenCheckpoint_GivesTheStoredBits(string model)
    {
        using var scope = NewDisposeScope();
        var checkpoint = Checkpoint.Open(Goldens.At("models", model));
        using var weights = checkpoint.LoadWeights(checkpoint.Tensors.ToDictionary(t => t.Key, t => t.Value.Shape));

        weights.All.Should().HaveCount(checkpoint.Tensors.Count).And.NotBeEmpty();
        foreach (var entry in checkpoint.Tensors.Values)
        {
            using var file = File.OpenHandle(entry.File);
            var stored = new byte[entry.ByteLength];
            RandomAccess.Read(file, stored, entry.Offset).Should().Be(stored.Length);
            weights.All[entry.Name].shape.Should().Equal(entry.Shape);
            weights.All[entry.Name].dtype.Should().Be(checkpoint.Dtype);
            weights.All[entry.Name].bytes.SequenceEqual(stored).Should().BeTrue(entry.Name);
        }
    }

    /// <summary>The conversion runs in chunks of 8 MiB: the result is torch's own conversion of the whole.</summary>
    [Theory]
    [InlineData(ScalarType.Float16, ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16, ScalarType.Float32)]
    [InlineData(ScalarType.Float32, ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32, ScalarType.Float16)]
    [InlineData(ScalarType.Float64, ScalarType.Float32)]
    [InlineData(ScalarType.Float32, ScalarType.Float32)]
    public void LoadWeights_Conversion_EqualsTorchs(ScalarType stored, ScalarType asked)
    {
        using var scope = NewDisposeScope();
        var values = randn([3001, 1777], dtype: ScalarType.Float32).to(stored);
        var (checkpoint, shapes) = One(values);

        using var weights = checkpoint.LoadWeights(shapes, asked);

        Tensor loaded = weights[SmallCheckpoint.Embedding];
        loaded.dtype.Should().Be(asked);
        loaded.Equals(values.to(asked)).Should().BeTrue();
    }

    [Fact]
    public void LoadWeights_Conversion_LeavesIntegersAsTheyAre()
    {
        using var scope = NewDisposeScope();
        var (checkpoint, shapes) = One(TensorArithmetic.Count(0, 6));
        using var weights = checkpoint.LoadWeights(shapes, ScalarType.Float32);
        ((Tensor)weights[SmallCheckpoint.Embedding]).data<long>().ToArray().Should().Equal(0, 1, 2, 3, 4, 5);
    }

    [Fact]
    public void LoadWeights_ToANonFloatingType_IsRefused()
    {
        var checkpoint = Small();
        checkpoint.Invoking(c => c.LoadWeights(SmallCheckpoint.Shapes, ScalarType.Int64)).Should().Throw<ArgumentException>().WithMessage("*Int64*Float32*");
    }

    [Fact]
    public void LoadWeights_MissingUnexpectedAndMisshapen_ListsAllAtOnceWithNearNames()
    {
        var checkpoint = Small(("model.embed_tokens.weigth", [1], [1]), ("model.norm.weight", [3], [1, 2, 3]), ("visual.extra.bias", [1], [1]));

        var error = checkpoint.Invoking(c => c.LoadWeights(SmallCheckpoint.Shapes)).Should().Throw<TensorMismatchException>().Which;

        error.Missing.Should().Equal(SmallCheckpoint.Embedding);
        error.Unexpected.Should().Equal("model.embed_tokens.weigth", "visual.extra.bias");
        error.Misshapen.Should().ContainSingle().Which.Should().BeEquivalentTo(new MisshapenTensor(SmallCheckpoint.Norm, [2], [3]));
        error.Message.Should().StartWith(folder.Root).And.Contain("2 unexpected (").And.Contain("1 misshapen (")
            .And.Contain("1 missing (model.embed_tokens.weight (near: model.embed_tokens.weigth))").And.Contain("expected [2], found [3]").And.Contain("again")
            .And.NotContain("\n");
    }

    [Fact]
    public void LoadWeights_ManyMissing_CutsTheListWithACount()
    {
        var shapes = SmallCheckpoint.Shapes;
        for (var i = 0; i < 40; i++) shapes.Add($"model.layers.{i}.mlp.up_proj.weight", [1]);
        var error = Small().Invoking(c => c.LoadWeights(shapes)).Should().Throw<TensorMismatchException>().Which;
        error.Missing.Should().HaveCount(40);
        error.Message.Should().Contain("40 missing (").And.Contain("… and 35 more").And.NotContain("\n").And.Match(message => message.Length < 500
            + folder.Root.Length);
    }

    [Fact]
    public void LoadWeights_UntiedHeadThatLacks_HintsAtTying()
    {
        var shapes = SmallCheckpoint.Shapes;
        shapes.Add(SmallCheckpoint.Head, [3, 2]);
        Small().Invoking(c => c.LoadWeights(shapes)).Should().Throw<TensorMismatchException>().WithMessage("*lm_head.weight*tie_word_embeddings*");
    }

    [Fact]
    public void LoadWeights_TiedHeadStoredEqual_IsLeftOut()
    {
        using var weights = Small([.. SmallCheckpoint.Tensors, (SmallCheckpoint.Head, [3, 2], [1, 2, 3, 4, 5, 6])]).LoadWeights(SmallCheckpoint.Shapes);
        weights.Has("lm_head").Should().BeFalse();
        ((Tensor)weights[SmallCheckpoint.Embedding]).data<float>().ToArray().Should().Equal(1, 2, 3, 4, 5, 6);
    }

    [Theory]
    [InlineData(3, 2, 6.5f, "element 5")]
    [InlineData(2, 3, 6f, "F32 [2, 3] against F32 [3, 2]")]
    public void LoadWeights_TiedHeadStoredDifferent_IsRefused(long rows, long columns, float last, string says)
    {
        var checkpoint = Small([.. SmallCheckpoint.Tensors, (SmallCheckpoint.Head, [rows, columns], [1, 2, 3, 4, 5, last])]);
        var error = checkpoint.Invoking(c => c.LoadWeights(SmallCheckpoint.Shapes)).Should().Throw<TiedHeadException>().Which;
        (error.Head, error.Embedding).Should().Be((SmallCheckpoint.Head, SmallCheckpoint.Embedding));
        error.Message.Should().Contain(says).And.Contain("tie_word_embeddings");
    }

    [Fact]
    public void LoadWeights_NonFiniteWeights_AreCountedAndPlaced()
    {
        var checkpoint = Small((SmallCheckpoint.Embedding, [3, 2], [1, 2, 3, float.NaN, float.PositiveInfinity, 6]),
            (SmallCheckpoint.Norm, [2], [float.NegativeInfinity, 1]));

        var error = checkpoint.Invoking(c => c.LoadWeights(SmallCheckpoint.Shapes)).Should().Throw<NonFiniteWeightsException>().Which;

        error.Tensors.Should().BeEquivalentTo(new NonFiniteTensor[] { new(SmallCheckpoint.Embedding, 2, 0, [1, 1]), new(SmallCheckpoint.Norm, 1, 0, [0]) });
        error.Message.Should().Contain("2 tensors").And.Contain("2 values NaN or infinite, first at [1, 1]").And.Contain("download it again");
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void LoadWeights_OneNaNDeepInALargeTensor_IsFound(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var values = randn([3001, 1777], dtype: ScalarType.Float32).to(type);
        values[2777, 1776] = tensor(float.NaN).to(type);
        var (checkpoint, shapes) = One(values);

        foreach (ScalarType? asked in new ScalarType?[] { null, ScalarType.Float32 })
            checkpoint.Invoking(c => c.LoadWeights(shapes, asked)).Should().Throw<NonFiniteWeightsException>()
                .Which.Tensors.Should().ContainSingle().Which.Should().BeEquivalentTo(new NonFiniteTensor(SmallCheckpoint.Embedding, 1, 0, [2777, 1776]));
    }

    [Fact]
    public void LoadWeights_ValueBeyondFloat16_IsRefusedThereAndLoadedElsewhere()
    {
        var checkpoint = Small((SmallCheckpoint.Embedding, [3, 2], [1, 65519, -70000, 4, 5, 6]), SmallCheckpoint.Tensors[1]);

        var error = checkpoint.Invoking(c => c.LoadWeights(SmallCheckpoint.Shapes, ScalarType.Float16)).Should().Throw<NonFiniteWeightsException>().Which;
        error.Tensors.Should().ContainSingle().Which.Should().BeEquivalentTo(new NonFiniteTensor(SmallCheckpoint.Embedding, 0, 1, [1, 0]));
        error.Message.Should().Contain("beyond the range of Float16").And.Contain("bfloat16");

        using var weights = checkpoint.LoadWeights(SmallCheckpoint.Shapes, ScalarType.BFloat16);
        weights.Has(SmallCheckpoint.Embedding).Should().BeTrue();
    }

    [Fact]
    public void LoadWeights_FileCutAfterOpening_IsRefused()
    {
        var checkpoint = Small();
        using (var file = File.OpenWrite(folder.At("model.safetensors"))) file.SetLength(file.Length - 4);
        checkpoint.Invoking(c => c.LoadWeights(SmallCheckpoint.Shapes)).Should().Throw<SafetensorsException>().Which.Defect.Should()
            .Be(SafetensorsDefect.Truncated);
    }

    [Fact]
    public void LoadWeights_ThatFails_LeavesNoTensorAlive()
    {
        var checkpoint = Small((SmallCheckpoint.Embedding, [3, 2], [1, 2, 3, float.NaN, 5, 6]), SmallCheckpoint.Tensors[1]);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        checkpoint.Invoking(c => c.LoadWeights(SmallCheckpoint.Shapes)).Should().Throw<NonFiniteWeightsException>();
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(before);
    }

    [Theory]
    [InlineData("""{"model_type": "qwen2_vl", "dtype": "bfloat16", "torch_dtype": "float16"}""", ScalarType.BFloat16)]
    [InlineData("""{"model_type": "qwen2_vl", "torch_dtype": "torch.float16"}""", ScalarType.Float16)]
    [InlineData("""{"model_type": "qwen2_vl", "text_config": {"torch_dtype": "bfloat16"}}""", ScalarType.BFloat16)]
    [InlineData("""{"model_type": "qwen2_vl"}""", ScalarType.Float32)]
    public void Dtype_FromConfigElseFromTheWeights(string config, ScalarType dtype)
    {
        SmallCheckpoint.Write(folder);
        folder.Write("config.json", config);
        Checkpoint.Open(folder.Root).Dtype.Should().Be(dtype);
    }

    [Fact]
    public void Dtype_Unknown_IsRefused()
    {
        SmallCheckpoint.Write(folder);
        folder.Write("config.json", """{"model_type": "qwen2_vl", "torch_dtype": "int4"}""");
        FluentActions.Invoking(() => Checkpoint.Open(folder.Root).Dtype).Should().Throw<ConfigException>().WithMessage("*'torch_dtype'*int4*expected float16*");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3 << 20)]
    public void LoadWeights_FileCutAfterItWasOpened_IsAnErrorThatNamesThePlace(int missing)
    {
        using var scope = NewDisposeScope();
        var (checkpoint, shapes) = One(randn(1000, 1000));
        using (var file = File.OpenWrite(folder.At("model.safetensors"))) file.SetLength(file.Length - missing);

        var load = () => checkpoint.LoadWeights(shapes);

        load.Should().Throw<SafetensorsException>().WithMessage("*the file ended at byte * while it was read*")
            .Which.Defect.Should().Be(SafetensorsDefect.Truncated);
    }
}
