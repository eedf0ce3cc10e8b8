using Vrp.Harness.Intervening;
using Vrp.Harness.Storage;
using Vrp.Harness.Tests.Running;
using Vrp.Harness.Tests.Storage;
using Vrp.Harness.Tests.Tracing;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Generation;
using Vrp.Models.Hooks;
using Vrp.Models.Images;
using Vrp.Models.Tests;
using static TorchSharp.torch;

namespace Vrp.Harness.Tests.Intervening;

public sealed class InterventionStageTests : IDisposable
{
    static readonly InterventionOptions Options = new() { BlockSize = 3, RowsPerBatch = 12, PositionsPerBatch = 400, MaxNewTokens = 3 };

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static InterventionArm Ablate(int layer, AblationMode mode, Positions positions, UnitSelection selection, int draw, params int[] units) =>
        new() { Part = InterventionPart.Ablation, Layer = layer, Mode = mode, Positions = positions, Selection = selection, Draw = draw, Units = units };

    static InterventionArm Mask(MaskedPatches patches, int draw = 0) => new() { Part = InterventionPart.Masking, Patches = patches, Draw = draw };

    /// <summary>Arms of every kind on the last samples; the first group of images is the reference.</summary>
    internal static InterventionPlan Plan(TinyStudy study, TraceSet trace)
    {
        string[] groups = [.. study.Dataset.Questions.Select(question => question.Group).Distinct()];
        var last = study.Model.Layers - 1;
        return new InterventionPlan
        {
            Budget = "quick",
            TraceKey = trace.Facts.Key,
            ReferenceIds = [.. study.Dataset.Questions.Where(question => question.Group == groups[0]).Select(question => question.Id)],
            QuestionIds = [.. study.Dataset.Questions.Where(question => question.Group != groups[0]).Select(question => question.Id)],
            Seed = 3,
            Arms =
            [
                Mask(MaskedPatches.Full), Mask(MaskedPatches.High), Mask(MaskedPatches.Low), Mask(MaskedPatches.Random, 0), Mask(MaskedPatches.Random, 1),
                .. ((AblationMode[])[AblationMode.Zero, AblationMode.Mean, AblationMode.Resample]).SelectMany(mode => (InterventionArm[])
                [
                    Ablate(last, mode, Positions.Last, UnitSelection.Top, 0, 3, 17, 40),
                        Ablate(last - 1, mode, Positions.Last, UnitSelection.Random, 1, [.. Enumerable.Range(0, 32)]),
                ]),
                Ablate(1, AblationMode.Zero, Positions.All, UnitSelection.Top, 0, 3, 17, 40),
                    Ablate(1, AblationMode.Zero, Positions.All, UnitSelection.Random, 0, [.. Enumerable.Range(8, 32)]),
            ],
        };
    }

    static TinyStudy Study(string name) => new(name, questions: 16, blockSize: 16);

    [Theory, MemberData(nameof(TinyStudy.Families), MemberType = typeof(TinyStudy))]
    public void Run_EveryArm_AnswersAsAGenerationWithThatChange(string name)
    {
        using var study = Study(name);
        var trace = study.Trace(folder.Path);
        var plan = Plan(study, trace);
        var stage = InterventionStage.Run(study.Model, study.Checkpoint, study.Dataset, trace, plan, folder.Path, Options);
        var set = InterventionReader.Open(stage.Folder, study.Dataset);

        set.Questions.Select(question => question.Id).Should().Equal(plan.QuestionIds);
        set.Arms.Should().HaveCount(plan.Arms.Count + 1);
        for (var arm = 0; arm < set.Arms.Count; arm++)
        {
            var expected = set.Questions.Select((question, i) => Own(study.Model, question.Text, question.ImagePath, set.Arms[arm], trace, plan, question.Id))
                .ToArray();
            for (var i = 0; i < set.Questions.Count; i++)
                if (expected[i] is { } answer)
                {
                    set.Answer(arm, i).Should().Be(answer, "{0} on {1}", set.Arms[arm].Name, set.Questions[i].Id);
                    set.Correct(arm, i).Should().Be(trace.Scorer.Score(set.Questions[i], answer).Correct);
                }
        }
        int Differing(MaskedPatches patches) =>
            set.ArmsOf(InterventionPart.Masking).Where(arm => set.Arms[arm].Patches == patches)
            .Sum(arm => Enumerable.Range(0, set.Questions.Count).Count(i => set.PYes(arm, i) != set.PYes(0, i)));
        Differing(MaskedPatches.Full).Should().Be(0);
        Differing(MaskedPatches.High).Should().BePositive();
        Differing(MaskedPatches.Random).Should().BePositive();
        stage.ArmOverPrefill!["last position"].Should().BeLessThan(stage.ArmOverPrefill["all positions"]);
    }

    /// <summary>A random draw hides the same cells from all questions of an image: one encoding per draw and image, and where attention is causal one
    /// prefill.</summary>
    [Theory, MemberData(nameof(TinyStudy.Families), MemberType = typeof(TinyStudy))]
    public void Run_RandomMasks_AreEncodedOncePerImage(string name)
    {
        using var study = Study(name);
        var trace = study.Trace(folder.Path);
        var plan = Plan(study, trace) with { Arms = [Mask(MaskedPatches.Random, 0), Mask(MaskedPatches.Random, 1)] };
        var tested = study.Dataset.Questions.Where(question => plan.QuestionIds.Contains(question.Id)).ToArray();
        var images = tested.Select(question => question.Image).Distinct().Count();
        images.Should().BeLessThan(tested.Length);

        var stage = InterventionStage.Run(study.Model, study.Checkpoint, study.Dataset, trace, plan, folder.Path, Options with { BlockSize = 100 });

        stage.Summary.Passes.Images.Should().Be(3 * images, "the images themselves, and two draws of each");
        stage.Summary.Passes.Prompts.Should().Be(3 * (study.Model.ReadsCausally ? images : tested.Length));
        foreach (var (row, arm) in trace.Records.Select((_, row) => row).SelectMany(row => plan.Arms.Select(arm => (row, arm))))
            MaskedCells.Choose(trace, row, plan, arm).Should().Equal(MaskedCells.Choose(trace,
                trace.Records.ToList().FindIndex(record => record.Question.Image == trace.Records[row].Question.Image), plan, arm));
        MaskedCells.Choose(trace, 0, plan, plan.Arms[0]).Should().NotEqual(MaskedCells.Choose(trace, 0, plan, plan.Arms[1]));
    }

    /// <summary>The answer of one prompt on its own, changed by an intervention in a whole forward; null for the arms whose data the stage alone has.</summary>
    static string? Own(VisionLanguageModel model, string question, string image, InterventionArm arm, TraceSet trace, InterventionPlan plan, string id)
    {
        if (arm.Part == InterventionPart.Masking && arm.Patches != MaskedPatches.Full) return null;
        using var grad = inference_mode();
        using var scope = NewDisposeScope();
        var options = new ForwardOptions();
        if (arm.Part == InterventionPart.Ablation)
        {
            var point = $"blocks.{arm.Layer}.mlp.out";
            var positions = arm.Positions == Positions.Last ? Positions.Last : Positions.All;
            var reference = new ReferenceOutputs(trace, plan);
            var kind = arm.Mode switch { AblationMode.Zero => InterventionKind.Set, AblationMode.Mean => InterventionKind.Mean,
                _ => InterventionKind.Resample };
            var sample = trace.Records.First(record => record.Question.Id == id).Question;
            var values = arm.Mode == AblationMode.Mean ? reference.Mean(arm.Layer) : reference.Donor(arm.Layer, TracePass.SeedOf(sample), arm).ToArray();
            options = options with
            {
                Interventions = [new Intervention(point, UnitSet.Of(arm.Units), kind, positions: positions)],
                InterventionData = kind == InterventionKind.Set ? null : new InterventionData().Add(point, kind, tensor(values)),
            };
        }
        var inputs = model.Processor.Process(model.Processor.Ask(question, ImageFile.Read(image)));
        var answer = model.Generate(inputs, new GenerationOptions { MaxNewTokens = 3 }, options).Sequences[0];
        return model.Processor.Tokenizer.Decode([.. answer.Ids], skipSpecialTokens: true);
    }

    [Fact]
    public void Run_MergedShards_HaveTheBytesOfOneRun()
    {
        using var study = Study(Goldens.Folders("models").First());
        var trace = study.Trace(folder.Path);
        var plan = Plan(study, trace);
        InterventionStage.Run(study.Model, study.Checkpoint, study.Dataset, trace, plan, folder.At("whole"), Options);
        string[] parts = [folder.At("1"), folder.At("2")];
        for (var i = 0; i < parts.Length; i++)
            InterventionStage.Run(study.Model, study.Checkpoint, study.Dataset, trace, plan, parts[i], Options with { Shard = new Shard(i + 1, parts.Length) });

        StoreMerge.Run(parts, folder.At("merged"));

        StoreFiles.Content(folder.At("merged")).Should().Equal(StoreFiles.Content(folder.At("whole")));
        InterventionReader.Open(folder.At("merged"), study.Dataset).Questions.Should().HaveCount(plan.QuestionIds.Count);
    }

    [Fact]
    public void Run_OtherPlan_IsAnotherStore()
    {
        using var study = Study(Goldens.Folders("models").First());
        var trace = study.Trace(folder.Path);
        var plan = Plan(study, trace) with { Arms = [Mask(MaskedPatches.High)] };
        string Key(InterventionPlan p) => InterventionStage.Run(study.Model, study.Checkpoint, study.Dataset, trace, p, folder.Path, Options).Key;
        new[] { Key(plan), Key(plan with { Seed = 4 }), Key(plan with { MaskingShare = 0.5 }), Key(plan with { Budget = "full" }),
            Key(plan with { Arms = [Mask(MaskedPatches.Low)] }) }
            .Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Open_PlanEditedAfterwards_IsRefused()
    {
        using var study = Study(Goldens.Folders("models").First());
        var trace = study.Trace(folder.Path);
        var stage = InterventionStage.Run(study.Model, study.Checkpoint, study.Dataset, trace, Plan(study, trace), folder.Path, Options);
        var path = Path.Combine(stage.Folder, "plan.json");
        var text = File.ReadAllText(path);
        text.Should().Contain("\"top\"").And.Contain("\"random\"");
        File.WriteAllText(path, text.Replace("\"top\"", "\"?\"").Replace("\"random\"", "\"top\"").Replace("\"?\"", "\"random\""));

        study.Invoking(s => InterventionReader.Open(stage.Folder, s.Dataset)).Should().Throw<StoreException>().WithMessage("*plan.json*edited*");
        File.Delete(path);
        study.Invoking(s => InterventionReader.Open(stage.Folder, s.Dataset)).Should().Throw<StoreException>().WithMessage("*plan.json*cannot be read*");
        File.WriteAllText(path, text);
        InterventionReader.Open(stage.Folder, study.Dataset).Arms.Should().HaveCount(Plan(study, trace).Arms.Count + 1);
    }

    [Fact]
    public void Run_PlanOfAnotherTrace_IsRefused()
    {
        using var study = Study(Goldens.Folders("models").First());
        var trace = study.Trace(folder.Path);
        study.Invoking(s => InterventionStage.Run(s.Model, s.Checkpoint, s.Dataset, trace, Plan(s, trace) with { TraceKey = "0" }, folder.Path, Options))
            .Should().Throw<VrpException>().WithMessage("*Make a plan from this trace*");
    }

    [Fact]
    public void Run_ReferenceOfAnImageThatIsTested_IsRefused()
    {
        using var study = Study(Goldens.Folders("models").First());
        var trace = study.Trace(folder.Path);
        var plan = Plan(study, trace);
        study.Invoking(s => InterventionStage.Run(s.Model, s.Checkpoint, s.Dataset, trace, plan with { ReferenceIds = [plan.QuestionIds[0]] }, folder.Path,
            Options))
            .Should().Throw<VrpException>().WithMessage("*other images*");
    }

    [Fact]
    public void Run_MaskingLayersOfAnotherModel_AreRefused()
    {
        using var study = Study(Goldens.Folders("models").First());
        var trace = study.Trace(folder.Path);
        var plan = Plan(study, trace);
        study.Invoking(s => InterventionStage.Run(s.Model, s.Checkpoint, s.Dataset, trace, plan with { MaskingLayers = [99] }, folder.Path, Options))
            .Should().Throw<VrpException>().WithMessage("*layer 99 of*made for another model*");
    }

    public static TheoryData<string, string> NoPlans => new()
    {
        { """{"masking_share":1e308}""", "masking_share is" }, { """{"masking_share":-0.1}""", "masking_share is -0.1" },
        { """{"masking_layers":[-1]}""", "masking_layers" }, { """{"masking_layers":[1,1]}""", "masking_layers" },
        { """{"sample_ids":["a","a"]}""", "question a twice" }, { """{"sample_ids":["a"],"reference_ids":["a"]}""", "question a twice" },
        { """{"arms":[{"part":"none"}]}""", "changes nothing" }, { """{"arms":[{"part":"ablation"}]}""", "changes nothing" },
        { """{"arms":[{"part":"ablation","units":[3,3]}]}""", "a unit twice" }, { """{"arms":[{"part":"ablation","units":[-3]}]}""", "negative" },
        { """{"arms":[{"part":"masking","units":[3]}]}""", "no use" }, { """{"arms":[{"part":"masking","draw":-1}]}""", "negative draw" },
        { """{"arms":[{"part":"masking"},{"part":"masking"}]}""", "two of its arms are mask-full" },
    };

    [Theory, MemberData(nameof(NoPlans))]
    public void PlanFile_WhatNoPlanSays_IsRefused(string json, string said)
    {
        File.WriteAllText(folder.At("plan.json"), json);
        FluentActions.Invoking(() => PlanFile.Read(folder.At("plan.json"))).Should().Throw<StoreException>().WithMessage($"*{said}*");
    }

    [Fact]
    public void PlanFile_RoundTrip_KeepsEverything()
    {
        var plan = new InterventionPlan { QuestionIds = ["a"], ReferenceIds = ["b"], MaskingLayers = [2],
            Arms = [Mask(MaskedPatches.Random, 4), Ablate(3, AblationMode.Mean, Positions.Last, UnitSelection.Matched, 9, 1, 2)] };
        PlanFile.Write(folder.At("plan.json"), plan);
        PlanFile.Read(folder.At("plan.json")).Should().BeEquivalentTo(plan);
        plan.Arms.Select(arm => arm.Name).Should().Equal("mask-random-4", "L3-mean-last-matched-2-d9");
    }
}
