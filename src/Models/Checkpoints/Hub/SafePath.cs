using Vrp.Models.Storage;

namespace Vrp.Models.Checkpoints.Hub;

/// <summary>Names that somebody else's server gives and that become paths of this machine.</summary>
static class SafePath
{
    /// <exception cref="HubException">It leads out.</exception>
    public static string Check(string name, string where) => FileDoor.IsInside(name) ? name : throw new HubException(HubProblem.Hostile,
        $"{where} names a file '{Display.Name(name)}', which is no path inside a repository. Nothing was fetched; do not use it unless you know who wrote it.");
}
