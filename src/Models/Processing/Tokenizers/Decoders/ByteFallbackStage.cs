using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Vrp.Models.Processing.Tokenizers.Decoders;

/// <summary>Reads runs of tokens such as <c>&lt;0x61&gt;</c> as UTF-8. A run that is not valid as a whole becomes one U+FFFD per byte,
/// so nothing of a run is final before it ends.</summary>
sealed class ByteFallbackStage(TokenSink next) : WholeTokenStage(next)
{
    readonly List<byte> run = [];

    protected override void Token(string token)
    {
        if (token is ['<', '0', 'x', _, _, '>'] && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            run.Add(value);
            return;
        }

        EndRun();
        Emit(token);
    }

    public override void End()
    {
        EndRun();
        base.End();
    }

    void EndRun()
    {
        if (run.Count == 0) return;
        var bytes = run.ToArray();
        run.Clear();
        if (Utf8.IsValid(bytes)) Emit(Encoding.UTF8.GetString(bytes));
        else foreach (var _ in bytes) Emit("\uFFFD");
    }
}
