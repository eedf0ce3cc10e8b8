namespace Vrp.Models.Storage;

/// <summary>The one folder outside of a run that is written: stored runs, remembered hashes, and the adapted native library.</summary>
public static class CacheFolder
{
    /// <summary>Environment variable that names it.</summary>
    public const string Variable = "VRP_CACHE";

    /// <summary><c>VRP_CACHE</c>; else <c>vrp</c> below <c>XDG_CACHE_HOME</c>; else <c>~/.cache/vrp</c>. It need not exist yet.</summary>
    public static string Path =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? System.IO.Path.GetFullPath(named) : System.IO.Path.Combine(UserCache, "vrp");

    static string UserCache => Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg
        : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache");
}
