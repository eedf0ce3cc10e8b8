namespace Vrp.Harness.Statistics;

/// <summary>Permutation test of a paired difference that keeps the rows of a group (image) together: under H₀ the two conditions can be exchanged within an
/// image, so the image's summed difference may have either sign.</summary>
/// <param name="Difference">Mean over rows of first − second, in the rows' unit.</param>
/// <param name="P">Two-sided p: exact over all 2^G sign patterns where that is no more than the draws, else (1 + #{|S*| ≥ |S|}) / (1 + draws) (Phipson and
/// Smyth 2010).</param>
/// <param name="Draws">Sign patterns looked at.</param>
/// <param name="Exact">Whether all patterns were looked at.</param>
/// <param name="N">Rows.</param>
/// <param name="Groups">Groups.</param>
/// <param name="Seed">Seed of the draws.</param>
public sealed record SignFlip(double Difference, double P, int Draws, bool Exact, int N, int Groups, ulong Seed)
{
    /// <summary>Test of H₀: mean difference 0.</summary>
    /// <param name="differences">first − second per row (for right/wrong: −1, 0 or 1).</param>
    /// <param name="groups">The image of each row.</param>
    /// <param name="draws">Random sign patterns.</param>
    /// <param name="seed">Seed; draw i has its own stream, so the result does not depend on threads.</param>
    /// <exception cref="EmptyInputException">No rows. NaN: <see cref="NotFiniteException"/>.</exception>
    public static SignFlip Test(ReadOnlySpan<double> differences, Groups groups, int draws = 10_000, ulong seed = 0)
    {
        const string name = "sign-flip test";
        Check.NotEmpty(name, differences.Length);
        Check.SameLength(name, "groups", differences.Length, groups.Length);
        Check.Finite(name, "differences", differences);
        Check.AtLeast(name, "draws", 1, draws);
        var sums = new double[groups.Count];
        for (var i = 0; i < differences.Length; i++) sums[groups.Of[i]] += differences[i];
        var observed = sums.Sum();
        var moving = sums.Where(sum => sum != 0).ToArray();   // a zero keeps its value under either sign
        // Sums of the same numbers with other signs round differently; equal up to 1e-12 of their size is equal.
        var reach = Math.Abs(observed) - 1e-12 * moving.Sum(Math.Abs);
        if (moving.Length < 31 && 1 << moving.Length <= draws)
        {
            var patterns = 1 << moving.Length;
            var extreme = 0;
            for (var pattern = 0; pattern < patterns; pattern++)
            {
                var sum = 0.0;
                for (var g = 0; g < moving.Length; g++) sum += (pattern >> g & 1) == 0 ? moving[g] : -moving[g];
                if (Math.Abs(sum) >= reach) extreme++;
            }

            return new SignFlip(observed / differences.Length, extreme / (double)patterns, patterns, true, differences.Length, groups.Count, seed);
        }

        var hits = new bool[draws];
        InParallel.For(draws, draw =>
        {
            var random = Xoshiro256.Stream(seed, draw);
            var sum = 0.0;
            for (var g = 0; g < moving.Length;)
                for (var bits = random.NextUInt64(); g < moving.Length; bits >>= 1)
                {
                    sum += (bits & 1) == 0 ? moving[g] : -moving[g];
                    if (++g % 64 == 0) break;
                }

            hits[draw] = Math.Abs(sum) >= reach;
        });
        return new SignFlip(observed / differences.Length, Permutation.PValue(hits.Count(hit => hit), draws), draws, false, differences.Length, groups.Count,
            seed);
    }
}
