using Vrp.Models.Processing.Tokenizers.Unicode;

namespace Vrp.Models.Processing.Tokenizers.Patterns;

/// <summary>A part of a compiled regular expression that knows what follows it.</summary>
abstract class RegexNode
{
    /// <summary>The end of the whole match when this part and all that follows it match from here, else -1.</summary>
    public abstract int Match(string text, int position);

    /// <summary>The end of the expression.</summary>
    public sealed class Accept : RegexNode
    {
        public override int Match(string text, int position) => position;
    }

    /// <summary>A character set, <paramref name="min"/> to <paramref name="max"/> times, as many as let the rest match.</summary>
    public sealed class Repeat(CharacterSet set, int min, int max, RegexNode next) : RegexNode
    {
        public override int Match(string text, int position)
        {
            var count = 0;
            while (count < max && position < text.Length && set.Contains(WellFormed.CodePointAt(text, position, out var length)))
            {
                position += length;
                count++;
            }

            for (; count >= min; count--)
            {
                if (next.Match(text, position) is >= 0 and var end) return end;
                if (count > 0) position = WellFormed.Before(text, position);
            }

            return -1;
        }
    }

    /// <summary>Alternatives, tried in order.</summary>
    public sealed class Alternation(RegexNode[] alternatives) : RegexNode
    {
        public override int Match(string text, int position)
        {
            foreach (var alternative in alternatives)
                if (alternative.Match(text, position) is >= 0 and var end) return end;
            return -1;
        }
    }

    /// <summary>A condition on what follows that takes no text: <c>(?=…)</c>, or <c>(?!…)</c> where <paramref name="negative"/>.</summary>
    public sealed class Lookahead(RegexNode condition, bool negative, RegexNode next) : RegexNode
    {
        public override int Match(string text, int position) => condition.Match(text, position) >= 0 != negative ? next.Match(text, position) : -1;
    }
}
