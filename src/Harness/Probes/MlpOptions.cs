namespace Vrp.Harness.Probes;

/// <summary>Training of the MLP probe.</summary>
/// <param name="Hidden">Hidden units.</param>
/// <param name="Epochs">At most.</param>
/// <param name="Batch">Rows per step.</param>
/// <param name="LearningRate">Adam's.</param>
/// <param name="WeightDecay">Decoupled (AdamW), per step times the learning rate.</param>
/// <param name="Patience">Epochs without a better validation loss before stopping.</param>
/// <param name="Seed">Of the initial weights, the order of rows and the validation fold.</param>
public sealed record MlpOptions(int Hidden = 256, int Epochs = 40, int Batch = 64, double LearningRate = 1e-3, double WeightDecay = 1e-2, int Patience = 6, ulong Seed = 0);
