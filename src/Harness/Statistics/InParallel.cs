using System.Runtime.ExceptionServices;

namespace Vrp.Harness.Statistics;

/// <summary>Parallel loops over independent pieces whose results go to places of their own. The error of the lowest index is thrown as it is: which error a
/// user sees must not depend on timing, and it must stay the typed one, not an AggregateException.</summary>
static class InParallel
{
    public static void For(int count, Action<int> body)
    {
        var errors = new ExceptionDispatchInfo?[count];
        Parallel.For(0, count, index =>
        {
            try
            {
                body(index);
            }
            catch (Exception error)
            {
                errors[index] = ExceptionDispatchInfo.Capture(error);
            }
        });
        errors.FirstOrDefault(error => error is not null)?.Throw();
    }
}
