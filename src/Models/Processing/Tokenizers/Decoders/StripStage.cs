namespace Vrp.Models.Processing.Tokenizers.Decoders;

/// <summary>Cuts up to <paramref name="start"/> characters <paramref name="content"/> from the beginning of each token and up to <paramref name="stop"/> from its end.</summary>
sealed class StripStage(char content, int start, int stop, TokenSink next) : TokenStage(next)
{
    int taken;   // characters cut from the beginning of this token; start when no more may be
    int held;    // characters that are cut if nothing else follows

    public override void Text(ReadOnlySpan<char> fragment)
    {
        while (taken < start && fragment.Length > 0)
        {
            if (fragment[0] == content)
            {
                fragment = fragment[1..];
                taken++;
            }
            else
            {
                taken = start;
            }
        }

        if (fragment.IsEmpty) return;
        var kept = fragment.TrimEnd(content);
        var tail = fragment.Length - kept.Length;
        if (!kept.IsEmpty)
        {
            Repeat(held);
            Next.Text(kept);
            held = 0;
        }

        held += tail;
        Repeat(held - stop);
        held = Math.Min(held, stop);
    }

    public override void EndToken()
    {
        (taken, held) = (0, 0);
        base.EndToken();
    }

    void Repeat(int count)
    {
        for (; count > 0; count--) Next.Text([content]);
    }
}
