namespace Vrp.Harness.Claims;

/// <summary>The published form, asserted as printed and recorded. It decides nothing.</summary>
/// <param name="Form">What is asserted, with the family's own figure.</param>
/// <param name="Holds">Whether it holds here; null where it was not computed or the study prints nothing for the family.</param>
/// <param name="Found">What was found.</param>
public sealed record PublishedOutcome(string Form, bool? Holds, string Found)
{
    /// <summary>"holds", "fails" or "not asserted".</summary>
    public string Word => Holds switch { true => "holds", false => "fails", null => "not asserted" };
}
