namespace Vrp.Models.Hooks;

/// <summary>A request to keep the tensor of every hook point that matches. Text form <c>PATTERN[@last]</c>, as in <c>blocks.*.resid_post@last</c>.
/// <c>blocks.*.attn.pattern@last</c> computes the last query's row alone: no T×T map is held and fused attention stays on.</summary>
/// <param name="Pattern">A point's name, with <c>*</c> for any run of characters.</param>
/// <param name="Positions">Where two requests meet at one point, all positions are kept.</param>
public sealed record Capture(string Pattern, Positions Positions = Positions.All)
{
    /// <summary>Reads the text form.</summary>
    public static Capture Parse(string text)
    {
        var last = text.EndsWith("@last", StringComparison.Ordinal);
        var pattern = last ? text[..^"@last".Length] : text;
        return pattern.Length > 0 && !pattern.Contains('@') ? new Capture(pattern, last ? Positions.Last : Positions.All)
            : throw new HookException($"'{text}' is not a capture; expected PATTERN or PATTERN@last, as in blocks.*.mlp.out@last.");
    }

    public override string ToString() => Positions == Positions.Last ? $"{Pattern}@last" : Pattern;
}

/// <summary>Which positions of the sequence a capture or an intervention is about.</summary>
public enum Positions
{
    All,

    /// <summary>The last one: where the next token is decided, in a prompt padded on the left.</summary>
    Last,
}
