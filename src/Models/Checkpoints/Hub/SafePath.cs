namespace Vrp.Models.Checkpoints.Hub;

/// <summary>Names that somebody else's server gives and that become paths of this machine.</summary>
static class SafePath
{
    /// <summary>Whether a relative name with slashes stays in its folder on every system: no <c>..</c>, no root, no drive, no backslash, no control
    /// characters.</summary>
    public static bool IsInside(string name) =>
        name.Length is > 0 and < 1024 && !Path.IsPathRooted(name) && !name.Any(c => char.IsControl(c) || c is '\\' or ':')
        && name.Split('/').All(part => part.Trim() is not ("" or "." or ".."));

    /// <exception cref="HubException">It leads out.</exception>
    public static string Check(string name, string where) => IsInside(name) ? name : throw new HubException(HubProblem.Hostile,
        $"{where} names a file '{Display.Name(name)}', which is no path inside a repository. Nothing was fetched; do not use it unless you know who wrote it.");
}
