using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Vrp.Torch.Tests.Members;

/// <summary>What a compiled assembly refers to in another one, read from its metadata tables without loading it.</summary>
static class MemberReferences
{
    /// <summary>
    /// The types and members of <paramref name="assemblyName"/> below a namespace that the assembly at <paramref name="path"/> uses:
    /// <c>type N.T</c>, <c>N.T.Method(N.A, N.B) : N.R</c>, <c>N.T.Field : N.F</c>.
    /// </summary>
    public static IEnumerable<string> Of(string path, string assemblyName, string namespacePrefix)
    {
        using var stream = File.OpenRead(path);
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        var names = new TypeNames(assemblyName);
        var found = new HashSet<string>();

        bool Wanted(string type) => type.StartsWith(namespacePrefix + ".", StringComparison.Ordinal);

        foreach (var handle in metadata.TypeReferences)
        {
            string name = names.GetTypeFromReference(metadata, handle, 0);
            if (names.IsOfAssembly(metadata, handle) && Wanted(name)) found.Add($"type {name}");
        }
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            string? owner = member.Parent.Kind switch
            {
                HandleKind.TypeReference when names.IsOfAssembly(metadata, (TypeReferenceHandle)member.Parent) =>
                    names.GetTypeFromReference(metadata, (TypeReferenceHandle)member.Parent, 0),
                HandleKind.TypeSpecification => metadata.GetTypeSpecification((TypeSpecificationHandle)member.Parent).DecodeSignature(names, null),
                _ => null,
            };
            if (owner is null || !Wanted(owner)) continue;
            string text = metadata.GetString(member.Name);
            if (member.GetKind() == MemberReferenceKind.Field) found.Add($"{owner}.{text} : {member.DecodeFieldSignature(names, null)}");
            else
            {
                var signature = member.DecodeMethodSignature(names, null);
                var parameters = Enumerable.Range(0, signature.GenericParameterCount).Select(i => $"!!{i}");
                string generic = signature.GenericParameterCount == 0 ? "" : $"<{string.Join(", ", parameters)}>";
                found.Add($"{owner}.{text}{generic}({string.Join(", ", signature.ParameterTypes)}) : {signature.ReturnType}");
            }
        }
        return found;
    }

    /// <summary>Types by their full names, nested ones after a dot.</summary>
    sealed class TypeNames(string assemblyName) : ISignatureTypeProvider<string, object?>
    {
        public bool IsOfAssembly(MetadataReader reader, TypeReferenceHandle handle)
        {
            var scope = reader.GetTypeReference(handle).ResolutionScope;
            return scope.Kind switch
            {
                HandleKind.TypeReference => IsOfAssembly(reader, (TypeReferenceHandle)scope),
                HandleKind.AssemblyReference => reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name) == assemblyName,
                _ => false,
            };
        }

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeReference(handle);
            string name = reader.GetString(type.Name);
            if (type.ResolutionScope.Kind == HandleKind.TypeReference)
                return $"{GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, 0)}.{name}";
            return type.Namespace.IsNil ? name : $"{reader.GetString(type.Namespace)}.{name}";
        }

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeDefinition(handle);
            return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        }

        public string GetTypeFromSpecification(MetadataReader reader, object? context, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, context);

        public string GetPrimitiveType(PrimitiveTypeCode code) => code switch
        {
            PrimitiveTypeCode.Boolean => "bool",
            PrimitiveTypeCode.Byte => "byte",
            PrimitiveTypeCode.SByte => "sbyte",
            PrimitiveTypeCode.Int16 => "short",
            PrimitiveTypeCode.Int32 => "int",
            PrimitiveTypeCode.Int64 => "long",
            PrimitiveTypeCode.UInt64 => "ulong",
            PrimitiveTypeCode.Single => "float",
            PrimitiveTypeCode.Double => "double",
            PrimitiveTypeCode.String => "string",
            PrimitiveTypeCode.Object => "object",
            PrimitiveTypeCode.Void => "void",
            _ => code.ToString(),
        };

        public string GetSZArrayType(string elementType) => elementType + "[]";
        public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{new string(',', shape.Rank - 1)}]";
        public string GetByReferenceType(string elementType) => "ref " + elementType;
        public string GetPointerType(string elementType) => elementType + "*";
        public string GetPinnedType(string elementType) => elementType;
        public string GetGenericInstantiation(string genericType, ImmutableArray<string> arguments) => $"{genericType}<{string.Join(", ", arguments)}>";
        public string GetGenericMethodParameter(object? context, int index) => $"!!{index}";
        public string GetGenericTypeParameter(object? context, int index) => $"!{index}";
        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;
        public string GetFunctionPointerType(MethodSignature<string> signature) => "function pointer";
    }
}
