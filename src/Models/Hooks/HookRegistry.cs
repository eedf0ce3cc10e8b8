using System.IO.Enumeration;

namespace Vrp.Models.Hooks;

/// <summary>All hook points of one model, in the order in which its modules declare them. Known before any forward, so that a request for a name
/// that does not exist fails at once, with near names.</summary>
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
