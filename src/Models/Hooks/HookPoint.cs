using System.IO.Enumeration;
using static TorchSharp.torch;

namespace Vrp.Models.Hooks;

/// <summary>One named place in a forward pass (docs/hooks.md). Model code calls <see cref="At"/> with its tensor and goes on with what it returns: the same
/// object when nothing was requested, which costs one comparison; otherwise the tensor after the interventions of this forward.</summary>
public sealed class HookPoint
{
    readonly HookRegistry registry;

    internal HookPoint(HookRegistry registry, string name, int index, int unitAxis) =>
        (this.registry, Name, Index, UnitAxis) = (registry, name, index, unitAxis);

    /// <summary>The full name, <c>blocks.3.mlp.out</c>.</summary>
    public string Name { get; }

    internal int Index { get; }

    /// <summary>The dimension that an intervention's units count along: the last, but the heads of an attention map.</summary>
    internal int UnitAxis { get; }

    /// <summary>What this forward wants of this point, so that model code can leave out what is not used (a T×T attention map).</summary>
    internal HookNeed Need => registry.Session?.NeedAt(this) ?? HookNeed.None;

    internal Tensor At(Tensor x) => registry.Session is { } session ? session.Visit(this, x) : x;
}

/// <summary>How much of a hook point's tensor one forward needs.</summary>
enum HookNeed
{
    None,

    /// <summary>A capture of the last position, and nothing that changes the tensor.</summary>
    LastPosition,

    /// <summary>A capture of all positions, or an intervention.</summary>
    Everything,
}

/// <summary>A prefix under which a module declares its hook points, as <c>hooks["attn"].Point("out")</c> declares <c>blocks.3.attn.out</c>.</summary>
public readonly struct HookScope
{
    readonly HookRegistry registry;
    readonly string prefix;

    internal HookScope(HookRegistry registry, string prefix) => (this.registry, this.prefix) = (registry, prefix);

    /// <summary>The scope below this one.</summary>
    public HookScope this[string name] => new(registry, $"{prefix}{name}.");

    /// <summary>Declares a point. <paramref name="unitAxis"/> is the dimension that units count along.</summary>
    public HookPoint Point(string name, int unitAxis = -1) => registry.Add(prefix + name, unitAxis);
}

/// <summary>All hook points of one model, in the order in which its modules declare them. Known before any forward, so that a request for a name that does not
/// exist fails at once, with near names.</summary>
public sealed class HookRegistry
{
    readonly List<HookPoint> points = [];
    readonly Dictionary<string, HookPoint> byName = new(StringComparer.Ordinal);

    /// <summary>Every point's name.</summary>
    public IReadOnlyList<string> Names => points.ConvertAll(point => point.Name);

    internal int Count => points.Count;

    internal string NameOf(int index) => points[index].Name;

    /// <summary>The requests of the forward that runs now; null when it has none.</summary>
    internal HookSession? Session { get; private set; }

    /// <summary>The scope without a prefix.</summary>
    public HookScope Root => new(this, "");

    internal HookPoint Add(string name, int unitAxis)
    {
        var point = new HookPoint(this, name, points.Count, unitAxis);
        byName.Add(name, point);
        points.Add(point);
        return point;
    }

    /// <summary>The points that a name, or a pattern with <c>*</c> for any run of characters, stands for.</summary>
    /// <exception cref="UnknownHookPointException">There is none.</exception>
    internal IReadOnlyList<HookPoint> Resolve(string pattern)
    {
        if (byName.TryGetValue(pattern, out var exact)) return [exact];
        var matches = pattern.Contains('*') ? points.FindAll(point => FileSystemName.MatchesSimpleExpression(pattern, point.Name, ignoreCase: false)) : [];
        return matches.Count > 0 ? matches : throw new UnknownHookPointException(pattern, Names);
    }

    /// <summary>Makes a session the one that the points report to, until the result is disposed.</summary>
    internal Activation Activate(HookSession? session)
    {
        if (session is null) return default;
        if (Session is not null)
            throw new InvalidOperationException("A forward with captures or interventions is running on this model already. Run one at a time, "
                + "or load the model twice.");
        Session = session;
        return new Activation(this);
    }

    internal readonly struct Activation(HookRegistry? registry) : IDisposable
    {
        public void Dispose() => registry?.Session = null;
    }
}

/// <summary>A capture or an intervention that is malformed or does not fit the tensor it is for.</summary>
public sealed class HookException(string message, Exception? inner = null) : VrpException(message, inner);

/// <summary>A capture or an intervention at a point that exists but did not run in this forward (a vision block without an image, a block below the restart).
/// Its result would be an unchanged model or an empty trace, which a study must never take for a finding.</summary>
public sealed class HookNotReachedException(string request, IEnumerable<string> points)
    : VrpException($"'{request}' did nothing: the forward did not pass {string.Join(", ", points.Take(4))}. "
        + "Give an input that reaches it (vision.* and image_features need an image; a restart passes only its own blocks), or drop the request.");

/// <summary>A capture or an intervention at a point that the model does not have.</summary>
public sealed class UnknownHookPointException(string pattern, IReadOnlyList<string> known)
    : VrpException($"No hook point matches '{pattern}'. {Suggest(pattern, known)} docs/hooks.md lists them all; '*' stands for any run of characters.")
{
    /// <summary>The requested name.</summary>
    public string Pattern { get; } = pattern;

    static string Suggest(string pattern, IReadOnlyList<string> known) =>
        $"Near names: {string.Join(", ", known.OrderBy(name => Distance(pattern, name)).ThenBy(name => name, StringComparer.Ordinal).Take(5))}.";

    /// <summary>Levenshtein distance.</summary>
    static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
