namespace TorchSharp;

/// <summary>The dispose scopes of one thread, innermost first, and what was created and disposed on it.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] static DisposeScopeManager? current;

    internal static DisposeScopeManager ThreadSingleton => current ??= new DisposeScopeManager();

    /// <summary>The counts of the calling thread: what leak tests look at.</summary>
    public static ThreadDisposeScopeStatistics Statistics => ThreadSingleton.StatisticsInstance;

    internal ThreadDisposeScopeStatistics StatisticsInstance { get; } = new();

    internal DisposeScope? CurrentDisposeScope { get; private set; }

    internal DisposeScope NewDisposeScope() => CurrentDisposeScope = new DisposeScope(this, CurrentDisposeScope);

    internal void Register(torch.Tensor tensor)
    {
        if (CurrentDisposeScope is { } scope)
        {
            StatisticsInstance.TensorStatistics.CreatedInScopeCount++;
            scope.Take(tensor);
        }
        else StatisticsInstance.TensorStatistics.CreatedOutsideScopeCount++;
    }

    /// <summary>Counts an object that takes the place of another, whose end <see cref="Disposing"/> has counted.</summary>
    internal void Adopted(torch.Tensor tensor) => StatisticsInstance.TensorStatistics.CreatedOutsideScopeCount++;

    internal void Disposing(torch.Tensor tensor)
    {
        if (tensor.OwningDisposeScope is null) StatisticsInstance.TensorStatistics.DisposedOutsideScopeCount++;
        else StatisticsInstance.TensorStatistics.DisposedInScopeCount++;
    }

    internal void Remove(DisposeScope scope)
    {
        if (CurrentDisposeScope == scope)
        {
            CurrentDisposeScope = scope.OuterScope;
            return;
        }
        for (var inner = CurrentDisposeScope; inner is not null; inner = inner.OuterScope)
            if (inner.OuterScope == scope) inner.OuterScope = scope.OuterScope;
    }
}
