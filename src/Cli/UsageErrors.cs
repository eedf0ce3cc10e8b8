using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Vrp.Models.Checkpoints;

namespace Vrp.Cli;

/// <summary>What is wrong with a command line, in the words of somebody who typed it: the nearest name, and kinds of values without a type of .NET.</summary>
static partial class UsageErrors
{
    /// <summary>Sentences; empty where nothing is wrong.</summary>
    public static string[] Of(ParseResult parsed, string[] arguments)
    {
        if (parsed.Action is HelpAction) return [];
        var unknown = Unknown(parsed, arguments).ToArray();
        // Of a misspelt word System.CommandLine says twice that it knows no such command, and once that one is missing.
        var others = parsed.Errors.Select(error => error.Message).Where(message => !message.StartsWith("Unrecognized command", StringComparison.Ordinal)
            && !(unknown.Length > 0 && message.StartsWith("Required command", StringComparison.Ordinal)));
        return [.. unknown.Concat(others.Select(Plain)).Concat(NumberDoor.Problems(parsed)).Concat(Empty(parsed)).Distinct()];
    }

    static IEnumerable<string> Unknown(ParseResult parsed, string[] arguments)
    {
        var command = parsed.CommandResult.Command;
        // A misspelt option is taken for the next argument where there is room; a value that begins with a dash is one, unless it comes after `--`.
        var asArguments = arguments.Contains("--") ? [] : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .Select(token => token.Value).Where(IsOption);
        var afterOption = false;
        foreach (var word in asArguments.Concat(parsed.UnmatchedTokens))
        {
            if (IsOption(word))
            {
                afterOption = true;
                yield return $"unknown option {word}{(Near(word, Options(parsed.CommandResult)) is { } near ? $"; did you mean {near}?" : ".")}"
                + $"{(asArguments.Contains(word) ? " (An argument that begins with a dash goes after --.)" : "")}";
            }
            else if (afterOption) afterOption = false;                                   // its value
            else if (command.Subcommands.Count > 0)
                yield return "unknown command "
                    + $"\"{word}\"{(Near(word, command.Subcommands.Select(sub => sub.Name)) is { } near ? $"; did you mean \"{near}\"?" : ".")}";
            else yield return $"\"{word}\" is one argument too many.";
        }
    }

    /// <summary>An empty value is a variable of a script that was not set: as a folder it would be the one that the shell stands in.</summary>
    static IEnumerable<string> Empty(ParseResult parsed) => parsed.CommandResult.Children
        .Select(result => (result.Tokens, Name: result switch
        {
            OptionResult option => option.Option.Name,
            // An empty question has words of its own.
            ArgumentResult argument when argument.Argument.Name != AskCommand.Question => argument.Argument.Name,
            _ => null,
        }))
        .Where(given => given.Name is not null && given.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
        .Select(given => $"{given.Name} is given an empty value. Is a variable of the shell not set?");

    static bool IsOption(string word) => word.Length > 1 && word[0] == '-';

    static string? Near(string word, IEnumerable<string> names) => NearNames.Closest(word.Split('=')[0], names);

    static IEnumerable<string> Options(CommandResult command)
    {
        for (SymbolResult? at = command; at is CommandResult one; at = one.Parent)
            foreach (var option in one.Command.Options.Where(option => ReferenceEquals(one, command) || option.Recursive))
                yield return option.Name;
    }

    static string Plain(string message) => WrongType().Match(message) is { Success: true } match
        ? $"{match.Groups["name"].Value} {match.Groups["value"].Value}: expected {Kind(match.Groups["type"].Value)}." : message;

    static string Kind(string type) => type switch
    {
        _ when type.Contains("UInt", StringComparison.Ordinal) => "a whole number, 0 or more",
        _ when type.Contains("Int", StringComparison.Ordinal) => "a whole number",
        _ when type.Contains("Double", StringComparison.Ordinal) || type.Contains("Single", StringComparison.Ordinal) => "a number",
        _ when type.Contains("Boolean", StringComparison.Ordinal) => "true or false",
        _ => "another value",
    };

    [GeneratedRegex("^Cannot parse argument '(?<value>.*)' for (?:option|command|argument) '(?<name>[^']*)' as expected type '(?<type>.*)'\\.",
        RegexOptions.Singleline)]
    private static partial Regex WrongType();
}
