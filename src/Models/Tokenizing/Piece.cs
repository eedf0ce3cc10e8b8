namespace Vrp.Models.Tokenizing;

/// <summary>A range of the normalized text, in UTF-16 units.</summary>
readonly record struct Offsets(int Start, int End)
{
    /// <summary>Of what stands nowhere in the text.</summary>
    public static Offsets None => new(-1, -1);

    /// <summary>One range for each unit from <paramref name="start"/> on.</summary>
    public static Offsets[] OfEach(int start, int length)
    {
        var each = new Offsets[length];
        for (var i = 0; i < length; i++) each[i] = new(start + i, start + i + 1);
        return each;
    }

    /// <summary>The range of a part of a word, from those of its units.</summary>
    public static Offsets Covering(ReadOnlySpan<Offsets> units) => new(units[0].Start, units[^1].End);
}

/// <summary>A part of the input on its way to ids: text, or an added token that is already one.</summary>
/// <param name="Text">The (normalized) text; empty for a token.</param>
/// <param name="IsFirst">Whether it begins where the input begins.</param>
/// <param name="Token">The id of an added token, or -1 for text.</param>
readonly record struct Piece(string Text, bool IsFirst, int Token = -1)
{
    public bool IsText => Token < 0;

    /// <summary>What each UTF-16 unit of the text stands for (one range for a token); empty unless offsets are asked for.</summary>
    public ReadOnlyMemory<Offsets> Origins { get; init; }

    /// <summary>A part of this text.</summary>
    public Piece Slice(int start, int end) => new(Text[start..end], IsFirst && start == 0) { Origins = Origins.IsEmpty ? Origins : Origins[start..end] };

    /// <summary>A part of this text as an added token.</summary>
    public Piece As(int token, int start, int end) =>
        new("", false, token) { Origins = Origins.IsEmpty ? Origins : new[] { Offsets.Covering(Origins.Span[start..end]) } };

    /// <summary>This text after a prefix that stands for nothing in the input.</summary>
    public Piece After(string prefix)
    {
        if (Origins.IsEmpty) return this with { Text = prefix + Text };
        var start = Origins.Span[0].Start;
        return this with { Text = prefix + Text, Origins = (Offsets[])[.. Enumerable.Repeat(new Offsets(start, start), prefix.Length), .. Origins.Span] };
    }
}
