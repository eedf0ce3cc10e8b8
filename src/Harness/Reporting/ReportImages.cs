using Vrp.Models;

namespace Vrp.Harness.Reporting;

/// <summary>A folder of pictures, as <see cref="ReportSubject.ImagePath"/> wants it.</summary>
public static class ReportImages
{
    /// <summary>Finds a picture by the name that samples give it. A name that would lead out of the folder finds nothing.</summary>
    /// <exception cref="VrpException">No such folder.</exception>
    public static Func<string, string?> Finder(string folder)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        if (!Directory.Exists(root)) throw new VrpException($"{folder}: no such folder of pictures.");
        return name =>
        {
            if (name.Length == 0 || name.Contains('\0')) return null;
            var path = Path.GetFullPath(Path.Combine(root, name));
            return path.StartsWith(root, StringComparison.Ordinal) && File.Exists(path) ? path : null;
        };
    }
}
