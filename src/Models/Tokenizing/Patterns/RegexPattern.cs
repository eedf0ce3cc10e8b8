using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Vrp.Models.Tokenizing.Patterns;

/// <summary>A regular expression over code points with the meaning that Oniguruma, the reference's library, gives it: .NET's own <see cref="Regex"/> on the
/// expressions that both read alike (<see cref="SharedSyntax"/>), characters beyond the BMP by their stand-ins (<see cref="StandIns"/>).</summary>
/// <remarks>Backtracking has no bound in either library, so matching has a limit in time: <see cref="PerText"/> and <see cref="PerCharacter"/>. Results do not
/// depend on a machine's speed: no text gets other ids for it, it gets ids or an error, and split patterns in use need about 0.3 µs a character, less than a
/// hundredth of the limit. What reaches it would take minutes to ages.</remarks>
sealed class RegexPattern : TextPattern
{
    public static readonly TimeSpan PerText = TimeSpan.FromSeconds(5), PerCharacter = TimeSpan.FromMicroseconds(50);

    readonly string expression, source, place;
    readonly Regex regex;
    readonly StandIns standIns;
    readonly TimeSpan perCharacter;

    /// <param name="expression">As it stands in the file.</param>
    /// <param name="source">The file, for errors.</param>
    /// <param name="place">Where in it.</param>
    /// <param name="perText">The limit for one match and for the constant part of a whole text, where it is not <see cref="PerText"/>.</param>
    /// <param name="perCharacter">The limit for a whole text's each character, where it is not <see cref="PerCharacter"/>.</param>
    /// <exception cref="TokenizerException">The expression is malformed or leaves the subset; the message says where.</exception>
    public RegexPattern(string expression, string source, string place, TimeSpan? perText = null, TimeSpan? perCharacter = null)
    {
        (this.expression, this.source, this.place, this.perCharacter) = (expression, source, place, perCharacter ?? PerCharacter);
        try
        {
            var (shared, mentioned) = SharedSyntax.Read(expression);
            regex = new(shared, RegexOptions.CultureInvariant, perText ?? PerText);
            standIns = new(mentioned);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw e is FormatException ? new(source, place, $"{e.Message}.", e) : Error($"is malformed: {e.Message.TrimEnd('.')}", e);
        }
    }

    protected override IEnumerable<(int Start, int End)> Matches(string text)
    {
        var (units, positions) = standIns.Of(text)
            ?? throw Error("mentions every character of some category that the text has beyond the BMP, where it would need one to stand for them", null);
        List<(int, int)> matches = [];
        var (began, limit) = (Stopwatch.GetTimestamp(), regex.MatchTimeout + perCharacter * units.Length);
        try
        {
            foreach (var match in regex.EnumerateMatches(units))
            {
                var (start, end) = (match.Index, match.Index + match.Length);
                matches.Add(positions is null ? (start, end) : (positions[start], positions[end]));
                if (Stopwatch.GetElapsedTime(began) > limit) throw new RegexMatchTimeoutException(units, expression, limit);
            }
        }
        catch (RegexMatchTimeoutException e)
        {
            throw Error(FormattableString.Invariant($"took more than {e.MatchTimeout.TotalSeconds:0.#} s on a text of {text.Length} characters. ")
                + "It backtracks without end; use a checkpoint with another pattern", e);
        }

        return matches;
    }

    TokenizerException Error(string what, Exception? inner) =>
        new(source, place, $"the regular expression {SharedSyntax.Short(expression)} {what}.", inner);
}
