using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Vrp.Cli;

/// <summary>What to change where memory ran out, whatever the command.</summary>
static class MemoryAdvice
{
    /// <summary>Settings that decide how much is needed, the first one first.</summary>
    static readonly string[] Settings = ["--block", "--rows", "--batch", "--samples", "--k", "--max-new-tokens", "--threads"];

    /// <summary>A sentence that names the setting of this command, its value now and a smaller one.</summary>
    public static string For(ParseResult parsed)
    {
        var given = Settings.Select(name => (Name: name, Value: Value(parsed, name))).Where(setting => setting.Value > 1).ToArray();
        const string Elsewhere = "run where more is free, or, with a large model, give --dtype bfloat16";
        return given.Length == 0 ? $"out of memory. This command has no setting that needs less: {Elsewhere}."
            : string.Create(CultureInfo.InvariantCulture,
                $"out of memory with {given[0].Name} {given[0].Value}. Run the same command with {given[0].Name} {given[0].Value / 2}")
                + $"{(given.Length > 1 ? $"; {string.Join(", ", given.Skip(1).Select(setting => setting.Name))} may be lower too" : "")}. Where that is not "
                    + $"enough: {Elsewhere}.";
    }

    static long Value(ParseResult parsed, string name) =>
        parsed.CommandResult.Command.Options.FirstOrDefault(option => option.Name == name) is { } option && parsed.GetResult(option) is { } result
            ? NumberDoor.Number(result) is { } value ? (long)value : 0 : 0;
}
