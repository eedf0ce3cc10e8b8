namespace Vrp.Harness.Probes;

/// <summary>Shape of a tree.</summary>
/// <param name="Depth">Questions from root to leaf at most.</param>
/// <param name="MinimumRows">Rows in a leaf at least (counted with their weights).</param>
/// <param name="Features">Features looked at per question, drawn at random; 0 = all.</param>
/// <param name="Ridge">Added to the curvature of a leaf: shrinks leaves that stand on little.</param>
readonly record struct TreeOptions(int Depth, double MinimumRows, int Features, double Ridge);
