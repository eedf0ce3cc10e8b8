using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Models.Hooks;

/// <summary>The captures and interventions of one forward (or of one prefill and the decoding after it), resolved to points, and what has been captured so
/// far.</summary>
sealed class HookSession : IDisposable
{
    readonly HookRegistry registry;
    readonly HookNeed[] needs;
    readonly bool[] visited;
    readonly Positions?[] captures;
    readonly PointInterventions?[] interventions;
    readonly IReadOnlyList<(string Text, IReadOnlyList<HookPoint> Points)> requests;
    readonly SortedDictionary<int, Tensor> captured = [];

    HookSession(HookRegistry registry, IReadOnlyList<Capture> captureRequests, IReadOnlyList<Intervention> interventionRequests, InterventionData? data)
    {
        this.registry = registry;
        needs = new HookNeed[registry.Count];
        visited = new bool[registry.Count];
        captures = new Positions?[registry.Count];
        interventions = new PointInterventions?[registry.Count];
        var all = new List<(string, IReadOnlyList<HookPoint>)>();

        foreach (var request in captureRequests)
        {
            var points = registry.Resolve(request.Pattern);
            all.Add((request.ToString(), points));
            foreach (var point in points)
            {
                captures[point.Index] = captures[point.Index] == Positions.All ? Positions.All : request.Positions;
                needs[point.Index] = captures[point.Index] == Positions.All ? HookNeed.Everything : HookNeed.LastPosition;
            }
        }
        foreach (var request in interventionRequests)
        {
            var points = registry.Resolve(request.Point);
            all.Add((request.ToString(), points));
            foreach (var point in points)
            {
                (interventions[point.Index] ??= new PointInterventions(point)).Add(request, data);
                needs[point.Index] = HookNeed.Everything;
            }
        }
        requests = all;
    }

    /// <summary>A session, or null when nothing is requested, which leaves every hook point at its no-op.</summary>
    public static HookSession? Create(HookRegistry registry, IReadOnlyList<Capture> captures, IReadOnlyList<Intervention> interventions,
        InterventionData? data) =>
        captures.Count == 0 && interventions.Count == 0 ? null : new HookSession(registry, captures, interventions, data);

    /// <summary>True while tokens after the prompt run: captures are of the prompt alone.</summary>
    public bool Decoding { get; set; }

    /// <summary>How many rows of the batch stem from one row of the prompt (samples drawn from one prefill).</summary>
    public int RowsPerPrompt { get; set; } = 1;

    public HookNeed NeedAt(HookPoint point) => !Decoding ? needs[point.Index] : interventions[point.Index] is null ? HookNeed.None : HookNeed.Everything;

    /// <summary>Applies the interventions at a point, then captures what is requested of the result.</summary>
    public Tensor Visit(HookPoint point, Tensor x)
    {
        visited[point.Index] = true;
        if (interventions[point.Index] is { } intervention) x = intervention.Apply(x, RowsPerPrompt, Decoding);
        if (!Decoding && captures[point.Index] is { } positions) Keep(point, x, positions);
        return x;
    }

    void Keep(HookPoint point, Tensor x, Positions positions)
    {
        using var scope = NewDisposeScope();
        var kept = x.detach();
        var last = x.dim() < 2 ? 0 : x.shape[^2] - 1;
        if (positions == Positions.Last && last > 0) kept = kept.narrow(-2, last, 1).clone();      // a view would hold all positions in memory
        if (captured.TryGetValue(point.Index, out var earlier)) earlier.Dispose();
        captured[point.Index] = kept.DetachFromDisposeScope();
    }

    /// <summary>Hands out what was captured, to the current dispose scope.</summary>
    /// <param name="toHost">As float32 on the CPU.</param>
    /// <param name="partial">Whether the pass leaves points out that another pass of the same requests reaches.</param>
    /// <exception cref="HookNotReachedException">A request matched no point that ran.</exception>
    public Trace TakeTrace(bool toHost, bool partial = false)
    {
        if (!partial) CheckReached();
        var tensors = new List<(string, Tensor)>();
        foreach (var (index, tensor) in captured)
        {
            using var scope = NewDisposeScope();
            scope.Attach(tensor);
            var kept = toHost ? tensor.to(ScalarType.Float32).cpu() : tensor;
            tensors.Add((registry.NameOf(index), kept.MoveToOuterDisposeScope()));
        }
        captured.Clear();
        return new Trace(tensors);
    }

    void CheckReached()
    {
        foreach (var (text, points) in requests)
            if (!points.Any(point => visited[point.Index])) throw new HookNotReachedException(text, points.Select(point => point.Name));
    }

    public void Dispose()
    {
        foreach (var tensor in captured.Values) tensor.Dispose();
        captured.Clear();
        foreach (var intervention in interventions) intervention?.Dispose();
    }
}
