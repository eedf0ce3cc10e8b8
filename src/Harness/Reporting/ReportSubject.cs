using Vrp.Harness.Claims;
using Vrp.Harness.Storage;
using Vrp.Models.Images;

namespace Vrp.Harness.Reporting;

/// <summary>A model in a report.</summary>
/// <param name="Study">Its study.</param>
/// <param name="ImagePath">File of a picture by the name that samples give it, or null where there is none; null altogether = a report without
/// pictures.</param>
/// <param name="RunFolder">Where attention.safetensors and run.json lie; null = the study's own folder, where it has one.</param>
public sealed record ReportSubject(StudyResult Study, Func<string, string?>? ImagePath = null, string? RunFolder = null)
{
    /// <summary>The folder, or null.</summary>
    internal string? Folder => RunFolder ?? (Study.Folder.Length > 0 ? Study.Folder : null);

    /// <summary>How the study read its pictures, as its run.json says.</summary>
    internal ExifRule Exif => exif ??= Folder is { } folder ? RunFile.ExifOf(folder) : ExifRule.Ignore;

    ExifRule? exif;
}
