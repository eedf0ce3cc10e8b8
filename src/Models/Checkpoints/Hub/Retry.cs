using System.Globalization;
using System.Net;

namespace Vrp.Models.Checkpoints.Hub;

/// <summary>A failure that may be over in a moment.</summary>
/// <param name="failure">What the caller sees when it is not.</param>
/// <param name="wait">How long the server asked to wait; null: a back-off.</param>
sealed class TransientException(HubException failure, TimeSpan? wait = null) : Exception(failure.Message, failure)
{
    public HubException Failure { get; } = failure;

    public TimeSpan? Wait { get; } = wait;
}

/// <summary>Five retries in a row, 1 to 8 seconds apart or as the server says; the count begins anew whenever bytes have arrived. Not
/// Microsoft.Extensions.Http.Resilience: its handler sees a request until its headers, so a body that breaks off, the usual failure of 5 GB, is none to it, nor
/// does it know the count's rule or the hub's RateLimit header; it would bring ten packages for the rest.</summary>
sealed class Retry(Machine machine, Action<string> say)
{
    const int Retries = 5;

    static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(8), WorthSaying = TimeSpan.FromSeconds(10), LongestWait = TimeSpan.FromMinutes(15);

    /// <param name="attempt">May throw <see cref="TransientException"/>.</param>
    /// <param name="received">Bytes so far, where the attempt receives any.</param>
    /// <param name="cancel">Ends waiting too.</param>
    public async Task<T> Run<T>(Func<Task<T>> attempt, Func<long>? received, CancellationToken cancel)
    {
        var before = received?.Invoke() ?? 0;
        for (var failures = 1; ; failures++)
        {
            TransientException failed;
            try
            {
                return await attempt();
            }
            catch (TransientException e)
            {
                failed = e;
            }

            if (received?.Invoke() is { } now && now > before) (before, failures) = (now, 1);
            if (failures > Retries || failed.Wait > LongestWait) throw failed.Failure;
            var wait = failed.Wait ?? TimeSpan.FromSeconds(Math.Min(Math.Pow(2, failures - 1), LongestBackOff.TotalSeconds));
            if (wait > WorthSaying) say(FormattableString.Invariant($"{failed.Failure.Message} Going on in {wait.TotalSeconds:0} s."));
            await machine.Delay(wait, cancel);
        }
    }

    public static bool IsTransient(HttpStatusCode status) => (int)status is 408 or 429 or 500 or 502 or 503 or 504;

    /// <summary>Seconds that a server asks for: the <c>t</c> of <c>RateLimit: "resolvers";r=0;t=55</c> and one more, else Retry-After.</summary>
    public static TimeSpan? AskedWait(HttpResponseMessage response, DateTimeOffset now)
    {
        if (response.StatusCode == HttpStatusCode.TooManyRequests && response.Headers.TryGetValues("RateLimit", out var limits))
            foreach (var part in string.Join(';', limits).Split(';', ',').Select(part => part.Trim()))
                if (part.StartsWith("t=", StringComparison.Ordinal)
                    && int.TryParse(part[2..], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                    return TimeSpan.FromSeconds(seconds + 1L);
        var after = response.Headers.RetryAfter;
        return after?.Delta ?? (after?.Date is { } date ? date > now ? date - now : TimeSpan.Zero : null);
    }
}
