using System.CommandLine;
using Vrp.Models;
using Vrp.Models.Images;

namespace Vrp.Cli;

/// <summary>--exif, of every command that reads images: the same two words as in vrp.json.</summary>
sealed class ExifOption
{
    readonly Option<string> exif = new("--exif")
    {
        Description = "What happens to images whose EXIF data say that they lie on their side: ignore (pixels as stored) or transpose (turned upright).",
        DefaultValueFactory = _ => "ignore",
    };

    /// <summary>The option.</summary>
    public Option Option => exif;

    /// <exception cref="VrpException">Neither of the two.</exception>
    public ExifRule Read(ParseResult r) => r.GetValue(exif) switch
    {
        "ignore" => ExifRule.Ignore,
        "transpose" => ExifRule.Transpose,
        var other => throw new VrpException($"--exif {other}: expected ignore or transpose."),
    };
}
