namespace Vrp.Harness.Probes;

/// <summary>A question of a tree, or a leaf.</summary>
/// <param name="Feature">Asked about; -1: a leaf.</param>
/// <param name="Threshold">Up to it the answer is left.</param>
/// <param name="Left">Index of the node to go to.</param>
/// <param name="Right">Index of the other.</param>
/// <param name="Value">A leaf's.</param>
readonly record struct TreeNode(int Feature, float Threshold, int Left, int Right, double Value);
