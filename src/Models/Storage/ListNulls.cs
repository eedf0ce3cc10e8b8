using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Vrp.Models.Storage;

/// <summary>System.Text.Json holds fields to their nullability, and not what lists and dictionaries hold: here those too.</summary>
static class ListNulls
{
    /// <summary>A modifier of a contract: an object's lists are looked through once it is read.</summary>
    public static void Refuse(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object) return;
        // What is left out when it is null need not be there to be read.
        if (type.Options.DefaultIgnoreCondition == JsonIgnoreCondition.WhenWritingNull)
            foreach (var property in type.Properties)
                if (property.IsRequired && (property.AssociatedParameter?.IsNullable ?? property.IsSetNullable)) property.IsRequired = false;
        var nullability = new NullabilityInfoContext();
        JsonPropertyInfo[] lists = [.. type.Properties.Where(property => property.Get is not null && property.AttributeProvider is PropertyInfo declared
            && HoldsNoNull(nullability.Create(declared)))];
        if (lists.Length == 0) return;
        var before = type.OnDeserialized;
        type.OnDeserialized = read =>
        {
            before?.Invoke(read);
            foreach (var property in lists)
                if (property.Get!(read) is IEnumerable list && HasNull(list))
                    throw new JsonException($"\"{property.Name}\" holds null, which is no value there.");
        };
    }

    static bool HoldsNoNull(NullabilityInfo declared)
    {
        if (declared.Type == typeof(string) || !typeof(IEnumerable).IsAssignableFrom(declared.Type)) return false;
        var item = declared.ElementType ?? (declared.GenericTypeArguments.Length > 0 ? declared.GenericTypeArguments[^1] : null);
        return item is { Type.IsValueType: false, ReadState: NullabilityState.NotNull };
    }

    static bool HasNull(IEnumerable list)
    {
        if (list is IDictionary entries) list = entries.Values;
        foreach (var item in list)
        {
            if (item is null) return true;
            if (item.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)) return HasNullValue(list);
        }
        return false;
    }

    /// <summary>A dictionary that is only known as a read-only one.</summary>
    static bool HasNullValue(IEnumerable pairs) =>
        pairs.Cast<object>().Any(pair => pair.GetType().GetProperty("Value")!.GetValue(pair) is null);
}
