namespace Vrp.Models.Processing.Tokenizers.Patterns;

/// <summary>A set of code points: a rule, with the first 256 answers kept as bits.</summary>
sealed class CharacterSet
{
    readonly Func<int, bool> rule;
    readonly bool[] latin = new bool[256];

    public CharacterSet(Func<int, bool> rule)
    {
        this.rule = rule;
        for (var c = 0; c < latin.Length; c++) latin[c] = rule(c);
    }

    public bool Contains(int codePoint) => codePoint < 256 ? latin[codePoint] : rule(codePoint);
}
