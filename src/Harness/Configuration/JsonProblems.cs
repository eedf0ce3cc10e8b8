using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Vrp.Models;
using Vrp.Models.Checkpoints;

namespace Vrp.Harness.Configuration;

/// <summary>What System.Text.Json finds wrong, in the words of somebody who edits the file: settings by their names there, never a .NET type.</summary>
static partial class JsonProblems
{
    /// <summary>"file:line: what is wrong".</summary>
    /// <param name="file">As the person named it.</param>
    /// <param name="error">What the reader found.</param>
    /// <param name="types">The records of the file, whose settings may be misspelt.</param>
    public static string Line(string file, JsonException error, params IReadOnlyList<Type> types) =>
        $"{file}:{(error.LineNumber ?? 0) + 1}: {Explain(error, types)}";

    /// <summary>Names of a record's settings as a file has them.</summary>
    public static IEnumerable<string> Settings(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetCustomAttribute<JsonIgnoreAttribute>() is null && property.GetMethod!.GetParameters().Length == 0
            && property.SetMethod is not null)
        .Select(property => property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));

    static string Explain(JsonException error, IReadOnlyList<Type> types)
    {
        var (message, at) = (error.Message, error.Path is null or "$" ? "" : $"{error.Path.TrimStart('$', '.')}: ");
        var quoted = message.Split('\'');
        if (message.Contains("could not be mapped", StringComparison.Ordinal) && quoted.Length > 3)
        {
            string[] known = [.. types.Where(type => type.FullName == quoted[3]).SelectMany(Settings)];
            return $"unknown setting \"{quoted[1]}\"; "
                + (NearNames.Closest(quoted[1], known) is { } near ? $"did you mean \"{near}\"?" : $"known here: {string.Join(", ", known)}.");
        }

        if (message.Contains("missing required properties", StringComparison.Ordinal))
            return $"{at}{string.Join(", ", quoted.Skip(2).Where((_, i) => i % 2 == 1).Select(name => $"\"{name}\""))} must be set.";
        if (message.Contains("null values", StringComparison.Ordinal)) return $"{at}null is no value here.";
        if (message.StartsWith("Duplicate property", StringComparison.Ordinal) && quoted.Length > 1) return $"\"{quoted[1]}\" is set twice.";
        return Wanted().Match(message) is { Success: true } match ? $"{at}expected {Expected(Named(match.Groups[1].Value, error.Path, types), types)}."
            : $"{at}no JSON: {message.Split(" Path:")[0].Split(" LineNumber:")[0]}";
    }

    /// <summary>For a value of a record's constructor the reader names the record: the type of the setting is what the person has to know.</summary>
    static string Named(string type, string? path, IReadOnlyList<Type> types) => types.FirstOrDefault(known => known.FullName == type)?.GetProperties()
        .FirstOrDefault(property => path?.EndsWith($".{JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)}",
            StringComparison.Ordinal) == true)?.PropertyType.FullName ?? type;

    static string Expected(string type, IReadOnlyList<Type> types)
    {
        var bare = type.Replace("System.Nullable`1[", "", StringComparison.Ordinal).TrimEnd(']');
        var assemblies = types.Select(known => known.Assembly).Append(typeof(VrpException).Assembly).Distinct();      // the models have choices of their own
        if (assemblies.Select(assembly => assembly.GetType(bare)).FirstOrDefault(found => found?.IsEnum == true) is { } choice)
        {
            string Spelt(string name) => choice == typeof(Claims.Verdict) ? name : JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
            return $"one of {string.Join(", ", Enum.GetNames(choice).Select(Spelt))}";
        }
        return bare switch
        {
            "System.Int32" => "a whole number",
            "System.UInt64" => "a whole number, 0 or more",
            "System.Double" => "a number",
            "System.Boolean" => "true or false",
            "System.String" => "a text in quotes",
            _ when bare.Contains("List`1", StringComparison.Ordinal) => "a list in [ ]",
            _ => "an object in { }",
        };
    }

    [GeneratedRegex(@"could not be converted to (.+?)\. Path")]
    private static partial Regex Wanted();
}
