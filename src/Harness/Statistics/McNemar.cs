namespace Vrp.Harness.Statistics;

/// <summary>Exact test of two paired yes/no outcomes (McNemar 1947; statsmodels: mcnemar(exact=True)): under H₀ the discordant pairs split as Binomial(b + c,
/// ½). It takes pairs as independent; <see cref="SignFlip"/> keeps the rows of an image together.</summary>
/// <param name="OnlyFirst">b: pairs where only the first is right.</param>
/// <param name="OnlySecond">c: pairs where only the second is right.</param>
/// <param name="P">Two-sided exact p, min(1, 2 P(X ≤ min(b, c))); 1 without discordant pairs.</param>
/// <param name="MidP">Two-sided mid-p (Fagerland, Lydersen and Laake 2013): P minus the probability of the observed table; closer to its level.</param>
public sealed record McNemar(int OnlyFirst, int OnlySecond, double P, double MidP)
{
    /// <summary>From two outcomes on the same rows.</summary>
    /// <exception cref="EmptyInputException">No rows. Unequal lengths: <see cref="LengthMismatchException"/>.</exception>
    public static McNemar Test(ReadOnlySpan<bool> first, ReadOnlySpan<bool> second)
    {
        Check.NotEmpty("McNemar test", first.Length);
        Check.SameLength("McNemar test", "second", first.Length, second.Length);
        int b = 0, c = 0;
        for (var i = 0; i < first.Length; i++)
        {
            if (first[i] && !second[i]) b++;
            if (!first[i] && second[i]) c++;
        }

        return Test(b, c);
    }

    /// <summary>From the two discordant counts.</summary>
    /// <exception cref="OutOfDomainException">A negative count.</exception>
    public static McNemar Test(int onlyFirst, int onlySecond)
    {
        Check.Domain("McNemar test", "only first", "0 or more", onlyFirst, onlyFirst >= 0);
        Check.Domain("McNemar test", "only second", "0 or more", onlySecond, onlySecond >= 0);
        int n = onlyFirst + onlySecond, fewer = Math.Min(onlyFirst, onlySecond);
        var observed = Math.Exp(Distribution.LogHalfBinomial(fewer, n));
        // From the largest term down, each by its ratio to the one before: exact to rounding, where a sum of exponentials of GammaLn loses digits.
        double term = observed, tail = observed;
        for (var k = fewer; k > 0 && term > 0; k--)
        {
            term *= k / (n - k + 1.0);
            tail += term;
        }

        if (onlyFirst == onlySecond) return new McNemar(onlyFirst, onlySecond, 1, n == 0 ? 1 : 1 - observed);
        return new McNemar(onlyFirst, onlySecond, Math.Min(1, 2 * tail), 2 * tail - observed);
    }
}
