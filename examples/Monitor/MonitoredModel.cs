using Vrp.Harness.Monitoring;
using Vrp.Models;
using Vrp.Models.Generation;
using Vrp.Models.Hooks;
using Vrp.Models.Images;
using static TorchSharp.torch;

namespace Vrp.Examples.Monitor;

/// <summary>A model that says with each answer how likely it is right. The state is captured in the forward that reads the prompt: no second pass, no sampled
/// answers.</summary>
public sealed class MonitoredModel(VisionLanguageModel model, MonitorScorer monitor)
{
    /// <summary>One question about one image.</summary>
    public (string Answer, MonitorReading Reading) Ask(string question, string image)
    {
        using var off = inference_mode();
        using var scope = NewDisposeScope();
        var inputs = model.Processor.Process(model.Processor.Ask(question, ImageFile.Read(image)));
        var options = new ForwardOptions { Captures = [new Capture(monitor.HookPoint, Positions.Last)], Logits = Positions.Last };
        using var prefill = model.Prefill(inputs, maxNewTokens: 64, options);
        var state = prefill.Trace[monitor.HookPoint].reshape(-1).data<float>().ToArray();   // [D]
        var answer = prefill.Generate(new GenerationOptions { MaxNewTokens = 64 }).Sequences[0];
        return (model.Processor.Tokenizer.Decode([.. answer.Ids], skipSpecialTokens: true), monitor.Score(state));
    }
}
