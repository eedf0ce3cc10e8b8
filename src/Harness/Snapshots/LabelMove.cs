namespace Vrp.Harness.Snapshots;

/// <summary>A question whose answer is judged otherwise than in the verified file.</summary>
/// <param name="Id">The sample's id.</param>
/// <param name="Was">correct, wrong, unparsed or unjudged, as verified.</param>
/// <param name="Is">As received.</param>
public sealed record LabelMove(string Id, string Was, string Is)
{
    /// <summary>Was right, is not.</summary>
    public bool Lost => Was == "correct";

    /// <inheritdoc/>
    public override string ToString() => $"{Id}: {Was} → {Is}";
}
