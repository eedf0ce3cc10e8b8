using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vrp.Models.Storage;

namespace Vrp.Harness.Datasets.Readers;

/// <summary>Reads a file of rows in whichever form it has, told by its first character: JSON lines, a JSON array of objects, or a table (CSV, tab-separated)
/// with a head line.</summary>
public static class RowFile
{
    /// <summary>Columns of a table that hold lists: a JSON list of texts, or texts with | between them.</summary>
    static readonly HashSet<string> lists = ["answers", "absent", "options"];

    /// <summary>All rows, at least one, and the form in words.</summary>
    /// <exception cref="DatasetException">It cannot be read, or is of none of the forms; all rows concerned are listed.</exception>
    public static (IReadOnlyList<JsonRow> Rows, string Form) Read(string path)
    {
        string text;
        try
        {
            text = FileDoor.ReadAllText(path);
        }
        catch (FileException error)
        {
            throw new DatasetException(path, $"{error.Problem} Expected a file of questions, one row each.", inner: error);
        }

        var (rows, form) = text.AsSpan().TrimStart() switch
        {
            ['[', ..] => (Array(path, text), "JSON array"),
            ['{', ..] or [] => (Lines(path, text), "JSON lines"),
            _ => Table(path, text),
        };
        return rows.Count > 0 ? (rows, form)
            : throw new DatasetException(path, "holds no rows; expected one JSON object per line, a JSON array of objects, or a CSV with a head line.");
    }

    static List<JsonRow> Lines(string path, string text)
    {
        var rows = new List<JsonRow>();
        var broken = new List<(int, string)>();
        foreach (var (number, line) in JsonText.Lines(Encoding.UTF8.GetBytes(text)))
            try
            {
                var row = JsonText.Parse(line, path, number);
                if (row.ValueKind == JsonValueKind.Object) rows.Add(new(path, number, row));
                else broken.Add((number, $"{row.ValueKind}, not an object"));
            }
            catch (JsonTextException error)
            {
                broken.Add((number, error.Problem));
            }
        return broken.Count == 0 ? rows : throw new DatasetException(path, "expected one JSON object per line.", broken);
    }

    static List<JsonRow> Array(string path, string text)
    {
        try
        {
            var items = JsonText.Parse(Encoding.UTF8.GetBytes(text), path).EnumerateArray().Select((item, i) => (Item: item, Row: i + 1)).ToList();
            (int, string)[] broken = [.. items.Where(item => item.Item.ValueKind != JsonValueKind.Object)
                .Select(item => (item.Row, $"{item.Item.ValueKind}, not an object"))];
            return broken.Length == 0 ? [.. items.Select(item => new JsonRow(path, item.Row, item.Item))]
                : throw new DatasetException(path, "is a JSON array; expected an object for each question in it.", broken);
        }
        catch (JsonTextException error)
        {
            throw new DatasetException(path, $"begins as a JSON array and is none: {error.Problem}", inner: error);
        }
    }

    static (List<JsonRow>, string) Table(string path, string text)
    {
        var head = text.TrimStart().Split('\n', 2)[0];
        var separator = head.Contains('\t') ? '\t' : ',';
        var records = Records(path, text, separator);
        string[] names = [.. records[0].Cells.Select(name => name.Trim())];
        if (names.Length < 2 || names.Distinct().Count() < names.Length || names.Any(name => name.Length == 0))
            throw new DatasetException(path, "is neither JSON lines nor a JSON array, nor a table whose first line names its columns, each once.",
                [(records[0].Line, head.TrimEnd('\r'))]);
        (int, string)[] uneven = [.. records.Skip(1).Where(record => record.Cells.Count != names.Length)
            .Select(record => (record.Line, $"{record.Cells.Count} cells"))];
        if (uneven.Length > 0) throw new DatasetException(path,
            $"is a table of {names.Length} columns ({string.Join(", ", names)}), and not all of its rows have as many.", uneven);
        return ([.. records.Skip(1).Select(record => Row(path, record, names))], separator == '\t' ? "tab-separated table" : "CSV");
    }

    static JsonRow Row(string path, (int Line, List<string> Cells) record, string[] names)
    {
        var row = new JsonObject();
        foreach (var (name, cell) in names.Zip(record.Cells))
            // An empty cell is an absent field.
            if (cell.Length > 0) row[name] = lists.Contains(name) ? List(cell) : JsonValue.Create(cell);
        return new JsonRow(path, record.Line, JsonSerializer.SerializeToElement(row));
    }

    static JsonArray List(string cell)
    {
        if (cell.StartsWith('['))
            try
            {
                if (JsonText.Node(Encoding.UTF8.GetBytes(cell), "cell") is JsonArray list) return list;
            }
            catch (JsonTextException)
            {
                // A text that only begins with a bracket is one text.
            }
        return [.. cell.Split('|').Select(part => JsonValue.Create(part.Trim()))];
    }

    /// <summary>As RFC 4180 has it: a cell in quotes may hold the separator, line breaks, and quotes written twice. Blank lines are left out.</summary>
    static List<(int Line, List<string> Cells)> Records(string path, string text, char separator)
    {
        var records = new List<(int, List<string>)>();
        var (cells, cell) = (new List<string>(), new StringBuilder());
        var (line, start, quoted, wasQuoted) = (1, 1, false, false);
        void EndCell()
        {
            cells.Add(cell.ToString());
            cell.Clear();
            wasQuoted = false;
        }

        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : '\n';
            if (i == text.Length && quoted) throw new DatasetException(path, "ends inside a cell in quotes.", [(start, string.Join(separator, cells))]);
            if (quoted)
            {
                if (c == '\n') line++;
                if (c != '"') cell.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') cell.Append(text[++i]);
                else quoted = false;
            }
            else if (c == '"' && cell.Length == 0 && !wasQuoted) quoted = wasQuoted = true;
            else if (c == separator) EndCell();
            else if (c == '\n')
            {
                if (cell.Length > 0 && cell[^1] == '\r') cell.Length--;
                var blank = cells.Count == 0 && cell.Length == 0 && !wasQuoted;
                EndCell();
                if (!blank) records.Add((start, cells));
                cells = [];
                start = ++line;
            }
            else cell.Append(c);
        }
        return records;
    }
}
