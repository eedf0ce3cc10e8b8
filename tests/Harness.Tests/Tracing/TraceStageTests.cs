using TorchSharp;
using Vrp.Harness.Datasets;
using Vrp.Harness.Storage;
using Vrp.Harness.Tests.Running;
using Vrp.Harness.Tests.Storage;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Generation;
using Vrp.Models.Hooks;
using Vrp.Models.Images;
using Vrp.Models.Storage;
using Vrp.Models.Tests;
using static TorchSharp.torch;

namespace Vrp.Harness.Tests.Tracing;

public sealed class TraceStageTests : IDisposable
{
    /// <summary>The goldens' models have wide random weights, with logits in the tens: float32 sums of another batch or order differ by a few 1e-5.</summary>
    const double Tolerance = 1e-3;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory, MemberData(nameof(TinyStudy.Families), MemberType = typeof(TinyStudy))]
    public void Run_EverySample_ShowsWhatAForwardOfItsOwnShows(string name)
    {
        using var study = new TinyStudy(name);
        using var scope = NewDisposeScope();
        var (model, trace) = (study.Model, study.Trace(folder.Path, study.Options with { WideStates = true }));

        trace.Count.Should().Be(study.Dataset.Questions.Count);
        float[][] states = [.. Enumerable.Range(0, model.Layers).Select(trace.States)], outputs = [.. Enumerable.Range(0, model.Layers).Select(trace.MlpOut)];
        for (var i = 0; i < trace.Count; i++)
        {
            using var each = NewDisposeScope();
            var (record, question) = (trace.Records[i], study.Dataset.Questions[i]);
            record.Question.Should().BeSameAs(question);
            var inputs = model.Processor.Process(model.Processor.Ask(question.Text, ImageFile.Read(question.ImagePath)));
            var own = model.Forward(inputs, new ForwardOptions { Captures = [new("blocks.*")], Logits = Positions.Last });

            var logits = own.Logits.reshape(-1).data<float>().ToArray();
            var best = Array.IndexOf(logits, logits.Max());
            record.Ids[0].Should().Be(best, "the greedy answer begins with the likeliest token");
            record.FirstToken[0].Id.Should().Be(best);
            record.FirstToken.Should().HaveCount(20).And.BeInDescendingOrder(token => token.Probability);
            record.LogProbabilities[0].Should().BeApproximately(Math.Log(record.FirstToken[0].Probability), 1e-4);
            record.Entropy.Should().BeApproximately(Entropy(logits), Tolerance);
            record.SampledAnswers.Should().HaveCount(3);
            record.Nucleus.Sum(token => token.Probability).Should().BeLessThanOrEqualTo(1 + 1e-6);

            var cells = inputs.PositionsOf(0, model.ImageTokenId);
            (record.GridHeight * record.GridWidth).Should().Be(cells.Length);
            for (var layer = 0; layer < model.Layers; layer++)
            {
                Close(states[layer].AsSpan(i * model.HiddenSize, model.HiddenSize), Last(own.Trace[$"blocks.{layer}.resid_post"]));
                Close(outputs[layer].AsSpan(i * model.HiddenSize, model.HiddenSize), Last(own.Trace[$"blocks.{layer}.mlp.out"]));
                var map = own.Trace[$"blocks.{layer}.attn.pattern"];                     // [1,H,T,T]
                var row = map.select(2, map.shape[2] - 1).index_select(2, tensor(cells.Select(cell => (long)cell).ToArray()));
                Close(trace.Attention(i, layer), row.contiguous().reshape(-1).data<float>().ToArray(), 2e-3);       // float16 of numbers up to 1
            }
            if (record.TruthToken is { } truth)
                trace.LensMargin[i, model.Layers - 1].Should()
                    .BeApproximately(logits[truth] - logits[record.CompetitorToken!.Value], (float)Tolerance,
                    "the last layer's lens is the model's own logits");
        }
    }

    [Theory, MemberData(nameof(TinyStudy.Families), MemberType = typeof(TinyStudy))]
    public void Run_Attributions_SumToTheMarginWithTheEmbeddings(string name)
    {
        using var study = new TinyStudy(name);
        using var scope = NewDisposeScope();
        var (model, trace) = (study.Model, study.Trace(folder.Path));

        var compared = 0;
        for (var i = 0; i < trace.Count; i++)
        {
            using var each = NewDisposeScope();
            var record = trace.Records[i];
            var total = trace.LensMargin[i, model.Layers - 1];
            float.IsNaN(total).Should().Be(record.TruthToken is null, "a margin is missing exactly where there is no truth token");
            if (record.TruthToken is not { } truth) continue;
            var inputs = model.Processor.Process(model.Processor.Ask(record.Question.Text, ImageFile.Read(record.Question.ImagePath)));
            var own = model.Forward(inputs,
                new ForwardOptions { Captures = [new("blocks.0.resid_pre", Positions.Last), new($"blocks.{model.Layers - 1}.resid_post", Positions.Last)] });
            var direction = model.TextModel.LogitDirections(own.Trace[$"blocks.{model.Layers - 1}.resid_post"].reshape(1, -1), tensor(new long[] { truth }),
                tensor(new long[] { record.CompetitorToken!.Value }));
            var sum = (own.Trace["blocks.0.resid_pre"].reshape(-1) * direction.reshape(-1)).sum().ToDouble();
            for (var layer = 0; layer < model.Layers; layer++) sum += trace.MlpAttribution[i, layer] + trace.AttentionAttribution[i, layer];
            sum.Should().BeApproximately(total, Tolerance);
            compared++;
        }
        compared.Should().BePositive();
    }

    [Theory, MemberData(nameof(TinyStudy.Families), MemberType = typeof(TinyStudy))]
    public void Run_QuestionsOfOneImage_ShareItsEncodingAndWhereCausalItsPrefill(string name)
    {
        using var study = new TinyStudy(name, blockSize: 100);
        var passes = study.Run(folder.Path).Summary.Passes;
        var images = study.Dataset.Questions.Select(question => question.Image).Distinct().Count();
        passes.Images.Should().Be(images).And.BeLessThan(study.Dataset.Questions.Count);
        passes.Prompts.Should().Be(study.Model.ReadsCausally ? images : study.Dataset.Questions.Count);
    }

    [Theory, MemberData(nameof(TinyStudy.Families), MemberType = typeof(TinyStudy))]
    public void Run_FullDiskThenAgain_GivesTheBytesOfAnUnbrokenRun(string name)
    {
        using var study = new TinyStudy(name);
        var large = new LimitedDisk(long.MaxValue);
        study.Run(folder.At("whole"), create: large.Create);
        study.Invoking(s => s.Run(folder.At("broken"), create: new LimitedDisk(large.Taken / 2).Create)).Should().Throw<FileException>();
        BlockStore.FindAll(folder.At("broken")).Single().Exists(0).Should().BeTrue("the disk had room for a block");

        var resumed = study.Run(folder.At("broken"));

        resumed.Summary.Computed.Should().BeInRange(1, study.Dataset.Questions.Count - 4);
        StoreFiles.Content(folder.At("broken")).Should().Equal(StoreFiles.Content(folder.At("whole")));
    }

    [Theory, InlineData(2), InlineData(5)]
    public void Run_MergedShards_HaveTheBytesOfOneRun(int shards)
    {
        using var study = new TinyStudy(Goldens.Folders("models").First(), questions: 14, blockSize: 2);
        study.Run(folder.At("whole"));
        string[] parts = [.. Enumerable.Range(1, shards).Select(i => folder.At($"part{i}"))];
        for (var i = 0; i < shards; i++) study.Run(parts[i], study.Options with { Shard = new Shard(i + 1, shards) });

        StoreMerge.Run(parts, folder.At("merged"));

        StoreFiles.Content(folder.At("merged")).Should().Equal(StoreFiles.Content(folder.At("whole")));
    }

    [Fact]
    public void Run_OtherBlockSize_DrawsTheSameAnswers()
    {
        using var study = new TinyStudy(Goldens.Folders("models").First());
        var (small, large) = (study.Trace(folder.At("small"), study.Options with { BlockSize = 1 }),
            study.Trace(folder.At("large"), study.Options with { BlockSize = 10 }));
        small.Records.Select(record => string.Join("|", record.SampledAnswers.Select(sample => sample.Text))).Should()
            .Equal(large.Records.Select(record => string.Join("|", record.SampledAnswers.Select(sample => sample.Text))));
    }

    [Theory, MemberData(nameof(TinyStudy.Families), MemberType = typeof(TinyStudy))]
    public void Run_GreyLensAndAnswerAttention_AreKeptOnRequest(string name)
    {
        using var study = new TinyStudy(name, questions: 5);
        study.Trace(folder.Path).GreyMargin.Should().BeNull();
        study.Trace(folder.At("plain")).AnswerAttention(0).Should().BeNull();

        var trace = study.Trace(folder.At("more"), study.Options with { GreyLens = true, AnswerAttention = true });

        var with = Enumerable.Range(0, trace.Count).First(i => trace.Records[i].TruthToken is not null);
        float.IsFinite(trace.GreyMargin![with, 0]).Should().BeTrue();
        trace.GreyMargin[with, study.Model.Layers - 1].Should().NotBe(trace.LensMargin[with, study.Model.Layers - 1], "the image matters to a random model");
        var map = trace.AnswerAttention(0)!;
        map.Should().HaveSameCount(trace.Attention(0)).And.OnlyContain(weight => weight >= 0 && weight <= 1);
        map.Should().NotEqual(trace.Attention(0));
    }

    [Fact]
    public void Run_EveryFactChanged_IsAnotherTrace()
    {
        using var study = new TinyStudy(Goldens.Folders("models").First(), questions: 2);
        var keys = new HashSet<string>();
        void Add(string what, TraceOptions options) => keys.Add(study.Run(folder.Path, options).Key).Should().BeTrue("{0} is part of the key", what);
        Add("nothing", study.Options);
        Add("samples", study.Options with { Samples = 2 });
        Add("temperature", study.Options with { Temperature = 0.8 });
        Add("top-p", study.Options with { TopP = 0.5 });
        Add("seed", study.Options with { Seed = 8 });
        Add("answer length", study.Options with { MaxNewTokens = 2 });
        Add("block size", study.Options with { BlockSize = 2 });
        Add("type of states", study.Options with { WideStates = true });
        Add("prefix sharing", study.Options with { PrefixSharing = false });
        Add("grey lens", study.Options with { GreyLens = true });
        Add("answer attention", study.Options with { AnswerAttention = true });

        // A copy of the checkpoint with one bit of one weight changed, and one with another tokenizer_config.json.
        foreach (var changed in (string[])["*.safetensors", "tokenizer_config.json"])
        {
            var copy = folder.At($"{keys.Count}/{Path.GetFileName(study.Checkpoint.Folder)}");
            Directory.CreateDirectory(copy);
            foreach (var file in Directory.GetFiles(study.Checkpoint.Folder)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            var path = Directory.GetFiles(copy, changed).First();
            var bytes = File.ReadAllBytes(path);
            if (changed[0] == '*') bytes[^5] ^= 1;
            File.WriteAllBytes(path, changed[0] == '*' ? bytes : [.. bytes, (byte)'\n']);
            var checkpoint = Vrp.Models.Checkpoints.Checkpoint.Open(copy);
            using var model = VisionLanguageModel.Load(checkpoint);
            keys.Add(TraceStage.Run(model, checkpoint, study.Dataset, folder.Path, study.Options).Key).Should().BeTrue("{0} is part of the key", changed);
        }

        var asked = study.Dataset with { Questions = [study.Dataset.Questions[0] with { Text = "Is it day?" }, study.Dataset.Questions[1]] };
        keys.Add(TraceStage.Run(study.Model, study.Checkpoint, asked, folder.Path, study.Options).Key).Should().BeTrue("questions are part of the key");
    }

    [Fact]
    public void Open_CorrectedLabel_TurnsTheMarginAndReusesTheTrace()
    {
        using var study = new TinyStudy(Goldens.Folders("models").First());
        var store = study.Run(folder.Path).Folder;
        var question = study.Dataset.Questions.First(s => s.Kind == QuestionKind.YesNo);
        var corrected = study.Dataset with { Questions = [question with { Answers = [question.Answers[0] == "yes" ? "no" : "yes"] }] };
        var before = study.Dataset.Questions.ToList().IndexOf(question);

        var (trace, changed) = (TraceReader.Open(store, study.Dataset), TraceReader.Open(store, corrected));

        changed.Count.Should().Be(1);
        changed.LensMargin[0, 0].Should().Be(-trace.LensMargin[before, 0]);
        changed.Records[0].TruthToken.Should().Be(trace.Records[before].CompetitorToken);
        changed.Attention(0).Should().Equal(trace.Attention(before));
        TraceStage.Run(study.Model, study.Checkpoint,
            study.Dataset with { Questions = [.. study.Dataset.Questions.Select(s => s == question ? corrected.Questions[0] : s)] }, folder.Path, study.Options)
            .Summary.Computed.Should().Be(0, "a corrected yes-no label needs no new trace");
    }

    [Fact]
    public void Open_ImageExchangedAfterwards_IsRefusedAndOneThatIsNotHerePassedOver()
    {
        using var study = new TinyStudy(Goldens.Folders("models").First());
        string At(Question question) => folder.At(Path.GetFileName(question.Image));
        foreach (var image in study.Dataset.Questions.DistinctBy(question => question.Image)) File.Copy(image.ImagePath, At(image));
        var dataset = study.Dataset with { Questions = [.. study.Dataset.Questions.Select(question => question with { ImagePath = At(question) })] };
        string[] images = [.. dataset.Questions.Select(question => question.ImagePath).Distinct()];
        var stage = TraceStage.Run([study.Model], study.Checkpoint, dataset, folder.At("run"), study.Options, null, null, null);
        TraceReader.Open(stage.Folder, dataset).Count.Should().Be(dataset.Questions.Count);

        var first = File.ReadAllBytes(images[0]);
        File.Copy(images[1], images[0], overwrite: true);
        FluentActions.Invoking(() => TraceReader.Open(stage.Folder, dataset)).Should().Throw<StoreException>()
            .WithMessage($"*other images*{Path.GetFileName(images[0])}*");

        File.Delete(images[0]);
        TraceReader.Open(stage.Folder, dataset).Count.Should().Be(dataset.Questions.Count, "an analysis needs no images");
        File.WriteAllBytes(images[0], first);
        File.AppendAllText(Path.Combine(stage.Folder, "images.json"), " ");
        FluentActions.Invoking(() => TraceReader.Open(stage.Folder, dataset)).Should().Throw<StoreException>().WithMessage("*images.json*edited*");
    }

    [Fact]
    public void Open_OtherQuestions_IsRefused()
    {
        using var study = new TinyStudy(Goldens.Folders("models").First(), questions: 2);
        var store = study.Run(folder.Path).Folder;
        var other = study.Dataset with { Questions = [study.Dataset.Questions[0] with { Text = "Is it day?" }] };
        FluentActions.Invoking(() => TraceReader.Open(store, other)).Should().Throw<StoreException>().WithMessage("*other questions*Is it day?*");
    }

    static float[] Last(Tensor captured) => captured.select(1, captured.shape[1] - 1).contiguous().reshape(-1).data<float>().ToArray();

    static void Close(ReadOnlySpan<float> actual, float[] expected, double tolerance = Tolerance)
    {
        actual.Length.Should().Be(expected.Length);
        double distance = 0, largest = 1;
        for (var i = 0; i < expected.Length; i++) (distance, largest) = (Math.Max(distance, Math.Abs(actual[i] - expected[i])),
            Math.Max(largest, Math.Abs(expected[i])));
        (distance / largest).Should().BeLessThan(tolerance);
    }

    static double Entropy(float[] logits)
    {
        double max = logits.Max(), sum = logits.Sum(x => Math.Exp(x - max));
        return logits.Select(x => Math.Exp(x - max) / sum).Sum(p => p > 0 ? -p * Math.Log(p) : 0);
    }
}
