using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Readers;
using Vrp.Models.Storage;

namespace Vrp.Harness.Importing;

/// <summary>The first sheet of an .xlsx workbook (ECMA-376: a zip of XML), its first row the names of its columns. Every cell is taken as text; formulas as the
/// value that was kept.</summary>
static class Workbook
{
    /// <summary>Of one part after unpacking: a sheet of a hundred thousand long answers has less.</summary>
    const long Largest = 256 << 20;

    static readonly XNamespace main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    public static IReadOnlyList<JsonRow> Rows(string path)
    {
        try
        {
            using var zip = new ZipArchive(FileDoor.OpenRead(path));
            var shared = Part(zip, "xl/sharedStrings.xml")?.Root!.Elements(main + "si").Select(Text).ToArray() ?? [];
            var sheet = Part(zip, "xl/worksheets/sheet1.xml") ?? throw new DatasetException(path, "is a workbook without a first sheet.");
            var rows = sheet.Descendants(main + "row").Select((row, i) => (Number: (int?)row.Attribute("r") ?? i + 1,
                Cells: row.Elements(main + "c").ToDictionary(Column, cell => Value(cell, shared)))).ToArray();
            if (rows.Length < 2) throw new DatasetException(path, "is a workbook without rows below the names of its columns.");
            string[] names = [.. rows[0].Cells.Values.Where(name => name.Length > 0)];
            if (names.Distinct(StringComparer.Ordinal).Count() < names.Length) throw new DatasetException(path,
                $"is a workbook whose first row names a column twice: {string.Join(", ", names)}.");
            return [.. rows.Skip(1).Select(row => new JsonRow(path, row.Number, JsonSerializer.SerializeToElement(new JsonObject(rows[0].Cells
                .Where(name => name.Value.Length > 0 && row.Cells.GetValueOrDefault(name.Key, "").Length > 0)
                    .Select(name => KeyValuePair.Create(name.Value, (JsonNode?)row.Cells[name.Key]))))))];
        }
        catch (Exception error) when (error is IOException or InvalidDataException or XmlException or FileException or FormatException
            or OverflowException or IndexOutOfRangeException or ArgumentException)
        {
            // Numbers, references and places in the sheet that are none: the library's words are about its own arguments.
            var what = error is FileException file ? file.Problem : error is IOException or InvalidDataException or XmlException ? error.Message
                : "a cell's place, its kind or the number of its text is none, or occurs twice.";
            throw new DatasetException(path, $"cannot be read as a workbook: {what} Save it as CSV, or run VLMEvalKit with PRED_FORMAT=tsv.",
                inner: error);
        }
    }

    static XDocument? Part(ZipArchive zip, string name)
    {
        if (zip.GetEntry(name) is not { } entry) return null;
        if (entry.Length > Largest) throw new InvalidDataException($"{name} has {entry.Length} bytes unpacked.");
        using var stream = entry.Open();
        using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
    }

    static string Text(XElement item) =>
        string.Concat(item.Descendants(main + "t").Where(text => text.Parent!.Name != main + "rPh").Select(text => text.Value));

    /// <summary>The letters of a reference such as BC12.</summary>
    static string Column(XElement cell) =>
        string.Concat(((string?)cell.Attribute("r") ?? throw new FormatException("a cell without its place")).TakeWhile(char.IsLetter));

    static string Value(XElement cell, string[] shared) => (string?)cell.Attribute("t") switch
    {
        "s" => shared[(int)cell.Element(main + "v")!],
        "inlineStr" => Text(cell),
        "b" => (string?)cell.Element(main + "v") == "1" ? "True" : "False",
        _ => (string?)cell.Element(main + "v") ?? "",
    };
}
