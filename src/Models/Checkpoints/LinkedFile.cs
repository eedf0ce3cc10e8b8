namespace Vrp.Models.Checkpoints;

/// <summary>Files that may be links into the hub cache's blobs.</summary>
static class LinkedFile
{
    /// <summary>Whether the file is there at the end of its links: <c>File.Exists</c> is true of a link whose target is gone (an interrupted download, a
    /// cleaned cache).</summary>
    public static bool Exists(string path)
    {
        try
        {
            return File.Exists(path) && (new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.Exists ?? true);
        }
        catch (IOException)     // links in a circle
        {
            return false;
        }
    }
}
