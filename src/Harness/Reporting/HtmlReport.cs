using System.Net;
using System.Security.Cryptography;
using System.Text;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Harness.Reporting;

/// <summary>The report as one HTML file that needs no network: data as JSON that cannot end its script element, scripts and style named by their hash in a
/// Content-Security-Policy.</summary>
public static class HtmlReport
{
    /// <summary>Bytes that a report must not exceed.</summary>
    public const long Limit = 15_000_000;

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="VrpException">A damaged run folder, an unwritable file, or more questions than fit into <see cref="Limit"/>.</exception>
    public static void Write(string path, Report report)
    {
        var bytes = Encoding.UTF8.GetBytes(Render(report));
        if (bytes.Length > Limit)
            throw new VrpException($"the report would have {bytes.Length:N0} bytes, more than {Limit:N0}: "
                + $"{report.Subjects.Sum(subject => subject.Study.Questions.Count):N0} questions are too many for one page. Report fewer subjects at once.");
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>The page's text.</summary>
    public static string Render(Report report)
    {
        if (report.Subjects.Count == 0) throw new VrpException("a report needs at least one subject. Give the run folder of a finished `vrp study`.");
        var (style, library, script) = (PageAssets.Style, PageAssets.ChartLibrary, PageAssets.Script);
        var policy = $"default-src 'none'; script-src {Hash(library)} {Hash(script)}; style-src {Hash(style)}; img-src data:; base-uri 'none'; form-action "
            + "'none'";
        var parts = new Dictionary<string, string>
        {
            ["policy"] = policy, ["title"] = WebUtility.HtmlEncode(SafeJson.Valid(report.Title).Replace('\0', '\uFFFD')), ["style"] = style,
            ["library"] = library, ["script"] = script,
            ["data"] = SafeJson.Text(new ReportData(report).ToJson()),
        };
        // In one pass over the template: what is filled in is not searched for further places.
        var page = new StringBuilder();
        foreach (var piece in PageAssets.Template.Split("{{"))
        {
            var end = piece.IndexOf("}}", StringComparison.Ordinal);
            page.Append(end < 0 ? piece : parts[piece[..end]] + piece[(end + 2)..]);
        }

        return page.ToString();
    }

    static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
