namespace Vrp.Models.Configuration;

/// <summary>What every language model here has in common; the property names are transformers' keys.</summary>
public interface ITextConfig
{
    int VocabSize { get; }
    int HiddenSize { get; }
    int IntermediateSize { get; }
    int NumHiddenLayers { get; }
    int NumAttentionHeads { get; }

    /// <summary>1: multi-query attention; equal to <see cref="NumAttentionHeads"/>: multi-head; between: grouped-query.</summary>
    int NumKeyValueHeads { get; }

    int HeadDim { get; }
    double RmsNormEps { get; }
    double RopeTheta { get; }
    string HiddenAct { get; }

    /// <summary>Whether the head is the transposed embedding, so that the checkpoint holds no <c>lm_head.weight</c>.</summary>
    bool TieWordEmbeddings { get; }
}
