using System.Text.Json.Serialization;

namespace Vrp.Harness.Intervening;

/// <summary>One way of changing a model or its input, applied to every sample of the plan. The properties that do not belong to its <see cref="Part"/> keep
/// their defaults.</summary>
public sealed record InterventionArm
{
    public InterventionPart Part { get; init; }

    /// <summary>Masking: which patches.</summary>
    public MaskedPatches Patches { get; init; }

    /// <summary>Ablation: the block whose MLP output is changed, from 0.</summary>
    public int Layer { get; init; }

    /// <summary>Ablation: what takes the values' place.</summary>
    public AblationMode Mode { get; init; }

    /// <summary>Ablation: where.</summary>
    public AblatedPositions Positions { get; init; }

    /// <summary>Ablation: how the units were chosen.</summary>
    public UnitSelection Selection { get; init; }

    /// <summary>Which of several random draws, from 0; 0 where nothing is drawn.</summary>
    public int Draw { get; init; }

    /// <summary>Ablation: the units, coordinates of <c>blocks.{Layer}.mlp.out</c>.</summary>
    public IReadOnlyList<int> Units { get; init; } = [];

    /// <summary>k.</summary>
    [JsonIgnore]
    public int Count => Units.Count;

    /// <summary>The arm that changes nothing.</summary>
    public static InterventionArm None { get; } = new();

    /// <summary>Names the arm in files and reports: <c>none</c>, <c>mask-random-3</c>, <c>L31-zero-last-top-5</c>, <c>L31-mean-last-random-50-d7</c>.</summary>
    [JsonIgnore]
    public string Name => Part switch
    {
        InterventionPart.None => "none",
        InterventionPart.Masking => $"mask-{Lower(Patches)}{(Patches == MaskedPatches.Random ? $"-{Draw}" : "")}",
        _ => $"L{Layer}-{Lower(Mode)}-{Lower(Positions)}-{Lower(Selection)}-{Count}{(Selection is UnitSelection.Random or UnitSelection.Matched ? $"-d{Draw}" : "")}",
    };

    static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
