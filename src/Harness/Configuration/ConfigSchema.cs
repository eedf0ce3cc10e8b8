using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Vrp.Harness.Configuration;

/// <summary>The JSON schema of vrp.json, made from the records that read the file: settings, kinds, choices and defaults from the types, what they mean from
/// their doc comments, and what a number may be from <see cref="Bounds"/>. docs/vrp.schema.json is this text; a test holds it so.</summary>
static partial class ConfigSchema
{
    static readonly JsonSerializerOptions options = new(VrpConfig.Json) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
    static readonly JsonSerializerOptions written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What no type can say: the words that a text may be, and what must not be empty.</summary>
    static readonly Dictionary<string, string> more = new()
    {
        ["VrpConfig.Budget"] = """{ "enum": ["full", "quick", "none"] }""",
        ["VrpConfig.Subjects"] = """{ "minItems": 1 }""",
        ["VrpConfig.Data"] = """{ "minProperties": 1 }""",
        ["SubjectConfig.Name"] = """{ "minLength": 1 }""",
        ["SubjectConfig.Device"] = """{ "pattern": "^(cpu|cuda(:[0-9]+)?)$" }""",
        ["SubjectConfig.Dtype"] = """{ "enum": ["float32", "bfloat16", "float16", "fp32", "bf16", "fp16", "half", null] }""",
        ["QuestionSet.Files"] = """{ "minItems": 1 }""",
    };

    /// <summary>The schema's text.</summary>
    /// <param name="comments">The assembly's documentation file.</param>
    public static string Text(XDocument comments)
    {
        var summaries = comments.Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, member => member);
        var exporter = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Describe(context, node, summaries) };
        var root = options.GetJsonSchemaAsNode(typeof(VrpConfig), exporter).AsObject();
        root.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        root.Insert(1, "title", VrpConfig.FileName);
        return root.ToJsonString(written).ReplaceLineEndings("\n") + "\n";
    }

    static JsonNode Describe(JsonSchemaExporterContext context, JsonNode node, Dictionary<string, XElement> summaries)
    {
        if (node is not JsonObject schema) return node;
        if (context.PropertyInfo is not { } property)
        {
            if (context.Path.Length == 0) schema.Insert(0, "description", Plain(summaries[$"T:{typeof(VrpConfig).FullName}"].Element("summary")!));
            return schema;
        }

        var declared = ((MemberInfo)property.AttributeProvider!).DeclaringType!;
        var name = ((MemberInfo)property.AttributeProvider).Name;
        // A positional record's properties are told of at the record.
        var said = summaries.GetValueOrDefault($"P:{declared.FullName}.{name}")?.Element("summary")
            ?? summaries[$"T:{declared.FullName}"].Elements("param").First(param => param.Attribute("name")!.Value == name);
        schema.Insert(0, "description", Plain(said));
        foreach (var (key, value) in JsonNode.Parse(more.GetValueOrDefault($"{declared.Name}.{name}", "{}"))!.AsObject().ToArray())
        {
            schema.Remove(key);
            if (key == "enum") schema.Remove("type");
            schema[key] = value?.DeepClone();
        }

        if (property.PropertyType == typeof(ulong)) schema["minimum"] = 0;
        if (Bounds.Of(property.Name) is { } bound && IsNumber(property.PropertyType))
        {
            schema[bound.Above ? "exclusiveMinimum" : "minimum"] = bound.Least;
            schema[bound.Below ? "exclusiveMaximum" : "maximum"] = bound.Most;
        }

        if (Default(declared, property) is { } usual) schema["default"] = usual;
        return schema;
    }

    static bool IsNumber(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var bare && (bare == typeof(int) || bare == typeof(double));

    /// <summary>What is meant where the setting is left out, for single values.</summary>
    static JsonNode? Default(Type declared, JsonPropertyInfo property)
    {
        if (property.IsRequired || declared.GetConstructor(Type.EmptyTypes) is null) return null;
        var value = JsonSerializer.SerializeToNode(property.Get!(Activator.CreateInstance(declared)!), property.PropertyType, options);
        return value is JsonValue ? value : null;
    }

    static string Plain(XElement element)
    {
        foreach (var code in element.Elements("c").ToArray()) code.ReplaceWith($"`{code.Value}`");
        foreach (var see in element.Elements("see").ToArray()) see.ReplaceWith(see.Attribute("cref")!.Value.Split('.')[^1]);
        return Blanks().Replace(element.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
