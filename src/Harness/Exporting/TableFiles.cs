using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;
using Vrp.Models.Storage;

namespace Vrp.Harness.Exporting;

/// <summary>Writes tables: the same bytes for the same run.</summary>
public static class TableFiles
{
    /// <summary>CSV as RFC 4180 has it, UTF-8, lines ending in LF: numbers in the shortest form that reads back the same, true and false, nothing for null (an
    /// empty text is "").</summary>
    public static byte[] Csv(ExportTable table)
    {
        var text = new StringBuilder().AppendJoin(',', table.Columns.Select(column => column.Name)).Append('\n');
        for (var row = 0; row < table.Columns[0].Cells.Count; row++)
            text.AppendJoin(',', table.Columns.Select(column => Cell(column.Cells[row]))).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Parquet, one row group, every column optional.</summary>
    public static async Task<byte[]> Parquet(ExportTable table)
    {
        var schema = new ParquetSchema([.. table.Columns.Select(column => new DataField(column.Name, column.Type, isNullable: true))]);
        using var bytes = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, bytes))
        {
            using var group = writer.CreateRowGroup();
            foreach (var (field, column) in schema.GetDataFields().Zip(table.Columns))
                if (column.Type == typeof(string)) await group.WriteAsync(field, (IReadOnlyCollection<string>)[.. column.Cells.Select(cell => (string)cell!)]);
                else if (column.Type == typeof(double)) await Write<double>(group, field, column);
                else if (column.Type == typeof(long)) await Write<long>(group, field, column);
                else await Write<bool>(group, field, column);
        }
        return bytes.ToArray();
    }

    /// <summary>Writes a file whole or not at all.</summary>
    public static void Put(string path, byte[] bytes) => AtomicFile.Write(path, stream => stream.Write(bytes));

    static async Task Write<T>(ParquetRowGroupWriter group, DataField field, ExportColumn column) where T : struct =>
        await group.WriteAsync<T>(field, new ReadOnlyMemory<T?>([.. column.Cells.Select(cell => (T?)cell)]));

    static string Cell(object? value) => value switch
    {
        null => "",
        "" => "\"\"",
        string text => text.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text,
        bool yes => yes ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
    };
}
