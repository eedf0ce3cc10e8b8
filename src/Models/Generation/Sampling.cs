namespace Vrp.Models.Generation;

/// <summary>How tokens are drawn. Applied in transformers' order: temperature, then top-k, then top-p.</summary>
public sealed record Sampling
{
    /// <param name="temperature">Logits are divided by it; greater than 0 (greedy decoding is a <see cref="GenerationOptions"/> without sampling).</param>
    /// <param name="topK">Only the k most likely tokens stay, and those that tie with the last of them; 0 keeps all.</param>
    /// <param name="topP">Only the smallest set of most likely tokens whose probability reaches this stays; 1 keeps all.</param>
    /// <param name="seed">Of <see cref="CounterRandom"/>.</param>
    public Sampling(double temperature = 1, int topK = 0, double topP = 1, ulong seed = 0)
    {
        if (!(temperature > 0) || !double.IsFinite(temperature)) throw new VrpException($"The temperature is {temperature}; expected a number above 0. "
            + "Leave sampling out for greedy answers.");
        if (topK < 0) throw new VrpException($"top-k is {topK}; expected 0 (all tokens) or more.");
        if (!(topP > 0) || topP > 1) throw new VrpException($"top-p is {topP}; expected above 0 and at most 1 (all tokens).");
        (Temperature, TopK, TopP, Seed) = (temperature, topK, topP, seed);
    }

    public double Temperature { get; }
    public int TopK { get; }
    public double TopP { get; }
    public ulong Seed { get; }
}
