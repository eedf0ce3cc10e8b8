namespace TorchSharp;

/// <summary>
/// Owns the tensors created on its thread while it is the innermost scope, and disposes them with itself, except those moved out.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    readonly DisposeScopeManager manager;
    HashSet<IDisposable> owned = new(ReferenceEqualityComparer.Instance);
    bool disposed;

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer) => (this.manager, OuterScope) = (manager, outer);

    internal DisposeScope? OuterScope { get; set; }

    public IReadOnlyList<IDisposable> DisposablesView => [.. Owned];

    public int DisposablesCount => Owned.Count;

    HashSet<IDisposable> Owned => disposed ? throw new ObjectDisposedException(nameof(DisposeScope)) : owned;

    public bool Contains(IDisposable disposable) => owned.Contains(disposable);

    /// <summary>Hands the object to the scope around this one, or out of all scopes when there is none.</summary>
    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(OuterScope, disposable);

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable =>
        (MoveToOuter(first), MoveToOuter(second));

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable => (MoveToOuter(first), MoveToOuter(second), MoveToOuter(third));

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOuter((IEnumerable<IDisposable>)disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(OuterScope, disposables);

    /// <summary>Hands the object to another scope (null: to none), if this scope owns it.</summary>
    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        if (scope is null) return Detach(disposable);
        if (Owned.Remove(disposable)) scope.Take(AsTensor(disposable));
        return disposable;
    }

    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) => MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables) MoveToOther<IDisposable>(scope, disposable);
    }

    /// <summary>Takes the object out of all scopes: its holder disposes it.</summary>
    public T Detach<T>(T disposable) where T : IDisposable
    {
        if (Owned.Remove(disposable))
        {
            manager.StatisticsInstance.TensorStatistics.DetachedFromScopeCount++;
            AsTensor(disposable).OwningDisposeScope = null;
        }
        return disposable;
    }

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables) Detach<IDisposable>(disposable);
    }

    /// <summary>Makes this scope the owner of an object made elsewhere.</summary>
    public void Attach(IDisposable disposable)
    {
        var tensor = AsTensor(disposable);
        if (disposed) throw new ObjectDisposedException(nameof(DisposeScope));
        if (tensor.OwningDisposeScope == this) return;
        tensor.OwningDisposeScope?.owned.Remove(tensor);
        Take(tensor);
        manager.StatisticsInstance.TensorStatistics.AttachedToScopeCount++;
    }

    public void Attach(params IDisposable[] disposables) => Attach((IEnumerable<IDisposable>)disposables);

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var list = disposables.ToList();
        foreach (var disposable in list) Attach(disposable);
        return list;
    }

    public void DisposeEverything() => DisposeEverythingBut([]);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        var all = Owned;
        owned = new(inKeep, ReferenceEqualityComparer.Instance);
        foreach (var disposable in all)
            if (!owned.Contains(disposable)) disposable.Dispose();
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[keep]);
        return keep;
    }

    public void Dispose()
    {
        if (disposed) return;
        DisposeEverything();
        manager.Remove(this);
        disposed = true;
    }

    /// <summary>Forgets an object that was disposed by hand.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        Owned.Remove(disposable);
        AsTensor(disposable).OwningDisposeScope = null;
    }

    internal void Take(torch.Tensor tensor)
    {
        owned.Add(tensor);
        tensor.OwningDisposeScope = this;
    }

    internal void Replace(torch.Tensor original, torch.Tensor replacement)
    {
        if (!owned.Remove(original)) return;
        original.OwningDisposeScope = null;
        Take(replacement);
    }

    static torch.Tensor AsTensor(IDisposable disposable) =>
        disposable as torch.Tensor ?? throw new InvalidOperationException($"a DisposeScope manages tensors, not {disposable.GetType()}");
}
