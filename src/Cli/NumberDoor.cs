using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Vrp.Harness.Configuration;

namespace Vrp.Cli;

/// <summary>Numbers of the command line against the bounds that vrp.json has too (<see cref="Bounds"/>): an option means the same in every command.</summary>
static class NumberDoor
{
    /// <summary>What is wrong with the numbers of a command line, a sentence each.</summary>
    public static IEnumerable<string> Problems(ParseResult parsed) => parsed.CommandResult.Children.OfType<OptionResult>()
        .Where(result => !result.Implicit && result.Tokens.Count == 1)
        .Select(result => Number(result) is { } value && Bounds.Of(result.Option.Name.TrimStart('-').Replace('-', '_')) is { } bound && !bound.Holds(value)
            ? $"{result.Option.Name} {result.Tokens[0].Value}: expected {bound}." : null).OfType<string>();

    /// <summary>An option's number, typed or by default; null where it has none.</summary>
    public static double? Number(OptionResult result)
    {
        if (result.Tokens.Count == 1)
            return double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var typed) ? typed : null;
        return result.Implicit && result.Option.HasDefaultValue && result.Option.GetDefaultValue() is IConvertible value and not string
            ? value.ToDouble(CultureInfo.InvariantCulture) : null;
    }
}
