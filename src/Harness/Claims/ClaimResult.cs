using System.Text.Json;
using System.Text.Json.Serialization;
using Vrp.Models;

namespace Vrp.Harness.Claims;

/// <summary>What the data say about a claim's judged form.</summary>
public enum Verdict
{
    /// <summary>Every deciding interval is entirely on the claim's side.</summary>
    Supported,

    /// <summary>A deciding interval is entirely on the other side.</summary>
    Refuted,

    /// <summary>The interval crosses the bound at this n.</summary>
    Inconclusive,

    /// <summary>A measure that the claim needs is missing, not finite, or stands on too few cells. Never a number.</summary>
    NotRun,
}

/// <summary>A claim, judged: one line of verdicts.json.</summary>
/// <param name="Claim">Id.</param>
/// <param name="Verdict">By the judged form.</param>
/// <param name="Reason">The intervals that decided, or what is missing.</param>
/// <param name="WouldSettle">For Inconclusive and NotRun: what would decide.</param>
/// <param name="Published">The published form's outcome, recorded beside.</param>
/// <param name="Judged">The judged form.</param>
/// <param name="Deciding">The rows of metrics.json that the verdict stands on.</param>
/// <param name="Notes">What a reader has to know: variants left out and why, cells under the minimum.</param>
public sealed record ClaimResult(string Claim, Verdict Verdict, string Reason, string? WouldSettle, PublishedOutcome Published, string Judged,
    IReadOnlyList<StudyEstimate> Deciding, IReadOnlyList<string> Notes);

/// <summary>The published form, asserted as printed and recorded. It decides nothing.</summary>
/// <param name="Form">What is asserted, with the family's own figure.</param>
/// <param name="Holds">Whether it holds here; null where it was not computed or the study prints nothing for the family.</param>
/// <param name="Found">What was found.</param>
public sealed record PublishedOutcome(string Form,
    [property: JsonPropertyName("outcome"), JsonConverter(typeof(PublishedOutcome.Words))] bool? Holds, string Found)
{
    /// <summary>"holds", "fails" or "not asserted".</summary>
    [JsonIgnore]
    public string Word => Holds switch { true => "holds", false => "fails", null => "not asserted" };

    sealed class Words : JsonConverter<bool?>
    {
        public override bool? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString() switch
        {
            "holds" => true,
            "fails" => false,
            "not asserted" => null,
            var other => throw new JsonException($"outcome \"{other}\"; expected holds, fails or not asserted."),
        };

        public override void Write(Utf8JsonWriter writer, bool? value, JsonSerializerOptions options) =>
            writer.WriteStringValue(new PublishedOutcome("", value, "").Word);

        public override bool HandleNull => true;
    }
}

/// <summary>A claim cannot be judged on what is there: the message becomes the reason of the verdict <see cref="Verdict.NotRun"/>.</summary>
public sealed class NotRunException(string reason, string? settle = null) : VrpException(reason)
{
    /// <summary>What would let it run.</summary>
    public string? Settle { get; } = settle;
}
