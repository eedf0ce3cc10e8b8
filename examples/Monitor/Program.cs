using Vrp.Examples.Monitor;
using Vrp.Harness.Monitoring;
using Vrp.Models;

if (args is not [var checkpoint, var file, var image, var question])
{
    Console.Error.WriteLine("usage: dotnet run --project examples/Monitor -- CHECKPOINT monitor.json IMAGE \"QUESTION\"");
    return 64;
}

try
{
    var monitor = MonitorScorer.Load(file, coverage: 0.9);
    using var model = VisionLanguageModel.Load(checkpoint);
    var (answer, reading) = new MonitoredModel(model, monitor).Ask(question, image);
    Console.WriteLine(answer);
    var risk = FormattableString.Invariant($"of accepted answers {monitor.Threshold.Risk.Value:0.0%} are wrong");
    var outcome = reading.Accept ? "accepted" : "refused";
    Console.WriteLine(FormattableString.Invariant($"probability that this is right: {reading.Probability:0.00}, {outcome} ({risk})"));
    return reading.Accept ? 0 : 1;
}
catch (VrpException error)
{
    Console.Error.WriteLine(error.Message);
    return 64;
}
