using System.Text.Json.Serialization;
using Vrp.Models.Hooks;

namespace Vrp.Harness.Intervening;

/// <summary>One way of changing a model or its input, applied to every question of the plan. The properties that do not belong to its <see cref="Part"/> keep
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

    /// <summary>Ablation: the last position of the prompt and every generated one, or all positions of both. At the last, the positions before it keep the
    /// states that the prompt gave them, in all families alike.</summary>
    public Positions Positions { get; init; } = Positions.Last;

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
        _ => $"L{Layer}-{Lower(Mode)}-{Lower(Positions)}-{Lower(Selection)}-{Count}"
            + (Selection is UnitSelection.Random or UnitSelection.Matched ? $"-d{Draw}" : ""),
    };

    static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}

/// <summary>What an arm changes.</summary>
public enum InterventionPart
{
    /// <summary>Nothing: the answer that all others are compared with.</summary>
    None,

    /// <summary>Patches of the image.</summary>
    Masking,

    /// <summary>Coordinates of one block's MLP output.</summary>
    Ablation,
}

/// <summary>Which cells of the image an arm hides.</summary>
public enum MaskedPatches
{
    /// <summary>None: the image as it is, by the same way through preprocessing and vision tower.</summary>
    Full,

    /// <summary>The most attended 30 % of the cells.</summary>
    High,

    /// <summary>The least attended 30 %, as many as in <see cref="High"/>.</summary>
    Low,

    /// <summary>As many cells, drawn at random per image: its questions see the same ones, and share what is computed of it.</summary>
    Random,
}

/// <summary>What takes the place of an ablated unit's value.</summary>
public enum AblationMode
{
    /// <summary>0.</summary>
    Zero,

    /// <summary>The unit's mean over the reference questions (other images).</summary>
    Mean,

    /// <summary>The value it has on one reference question, drawn per question and arm; all units of an arm from the same one.</summary>
    Resample,
}

/// <summary>How an arm's units were chosen; on other images, always.</summary>
public enum UnitSelection
{
    /// <summary>The first k of the ranking.</summary>
    Top,

    /// <summary>The last k.</summary>
    Bottom,

    /// <summary>k at random.</summary>
    Random,

    /// <summary>k at random with about the activation norm of the first k.</summary>
    Matched,
}
