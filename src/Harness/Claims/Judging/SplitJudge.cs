namespace Vrp.Harness.Claims.Judging;

/// <summary>architecture-split: one model has nothing to be split from.</summary>
static class SplitJudge
{
    public static Decision Judge(ClaimRun run) =>
        throw new NotRunException($"{run.Study.Family.Title()} alone is no contrast: at least one late-fusion and one early-fusion family are needed.", "`vrp compare` over the run folders");
}
