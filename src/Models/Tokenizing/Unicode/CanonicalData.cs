using System.Globalization;

namespace Vrp.Models.Tokenizing.Unicode;

/// <summary>Combining classes, canonical decompositions and primary composites of Unicode 9.0 (canonical-unicode-9.0.txt), Hangul by rule (Unicode
/// §3.12).</summary>
sealed class CanonicalData
{
    const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28, SCount = LCount * VCount * TCount;

    static readonly Lazy<CanonicalData> shared = new(() => new());
    public static CanonicalData Unicode9 => shared.Value;

    readonly Dictionary<int, byte> classes = [];
    readonly Dictionary<int, (int First, int Second)> steps = [];
    readonly Dictionary<(int, int), int> composites = [];

    CanonicalData()
    {
        const string name = "canonical-unicode-9.0.txt";
        using var stream = typeof(CanonicalData).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"Resource {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var parts = line.Split(' ');
            if (parts[0].Split('-') is [var first, var last])
            {
                for (var c = Hex(first); c <= Hex(last); c++) classes[c] = byte.Parse(parts[1], CultureInfo.InvariantCulture);
                continue;
            }

            var step = (Hex(parts[2]), parts.Length > 3 ? Hex(parts[3]) : -1);
            steps[Hex(parts[0])] = step;
            if (parts[1] == "=") composites[step] = Hex(parts[0]);
        }
    }

    static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>The canonical combining class; 0 for starters and for characters that came after Unicode 9.0.</summary>
    public byte ClassOf(int codePoint) => codePoint >= 0x300 && classes.TryGetValue(codePoint, out var k) ? k : (byte)0;

    /// <summary>Appends the full canonical decomposition.</summary>
    public void Decompose(int codePoint, List<int> to)
    {
        if (codePoint - SBase is >= 0 and < SCount and var s)
        {
            to.Add(LBase + s / (VCount * TCount));
            to.Add(VBase + s % (VCount * TCount) / TCount);
            if (s % TCount != 0) to.Add(TBase + s % TCount);
        }
        else if (codePoint >= 0xC0 && steps.TryGetValue(codePoint, out var step))
        {
            Decompose(step.First, to);
            if (step.Second >= 0) Decompose(step.Second, to);
        }
        else
        {
            to.Add(codePoint);
        }
    }

    /// <summary>The primary composite of two characters, or -1.</summary>
    public int Compose(int first, int second)
    {
        if (first - LBase is >= 0 and < LCount and var l && second - VBase is >= 0 and < VCount and var v) return SBase + (l * VCount + v) * TCount;
        if (first - SBase is >= 0 and < SCount and var s && s % TCount == 0 && second - TBase is > 0 and < TCount and var t) return first + t;
        return composites.TryGetValue((first, second), out var composite) ? composite : -1;
    }
}
