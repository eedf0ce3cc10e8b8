namespace Vrp.Models.Storage;

/// <summary>A file or folder that cannot be read or written as asked, or that holds something else than it should.</summary>
/// <param name="path">The file, as the person named it.</param>
/// <param name="problem">What was expected, what was found and what to do, without the file's name.</param>
/// <param name="inner">What it was found by.</param>
public class FileException(string path, string problem, Exception? inner = null) : VrpException($"{path} {problem}", inner)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Without the file's name, for a caller that names it in words of its own.</summary>
    public string Problem { get; } = PlainText.Line(problem);
}
