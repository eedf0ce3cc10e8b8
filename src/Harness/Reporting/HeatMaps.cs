using System.Buffers.Text;
using System.Text.Json.Nodes;
using Vrp.Harness.Claims;
using Vrp.Harness.Studies;
using Vrp.Models;

namespace Vrp.Harness.Reporting;

/// <summary>A subject's attention maps, quantised for the page: each cell as a share of its map's largest, in 256 steps or, where maps are many and large, in
/// 16.</summary>
sealed class HeatMaps
{
    /// <summary>Cells of all subjects together from which on 16 steps must do: 9,270 maps of 24 × 24 would take 7 MB in 256.</summary>
    public const long ManyCells = 3_000_000;

    readonly IReadOnlyDictionary<string, QuestionMap> maps;

    HeatMaps(IReadOnlyDictionary<string, QuestionMap> maps, string? missing) => (this.maps, Missing) = (maps, missing);

    /// <summary>Why there are none, or null.</summary>
    public string? Missing { get; }

    public long Cells => maps.Values.Sum(map => (long)map.Mass.Length);

    /// <summary>The maps beside a study.</summary>
    /// <exception cref="VrpException">A damaged file, or maps of another grid than the questions have.</exception>
    public static HeatMaps Of(ReportSubject subject)
    {
        if (subject.Folder is null) return new HeatMaps(new Dictionary<string, QuestionMap>(), "no run folder was given");
        var path = Path.Combine(subject.Folder, RunFolder.Attention);
        if (!File.Exists(path)) return new HeatMaps(new Dictionary<string, QuestionMap>(), $"{RunFolder.Attention} is not in the run folder");
        var maps = AttentionFile.Read(path);
        foreach (var question in subject.Study.Questions)
            if (maps.TryGetValue(question.Id, out var map) && (map.Height, map.Width) != question.Grid)
                throw new VrpException($"{path}: the map of {question.Id} is {map.Height} × {map.Width}, {RunFolder.Samples} says {question.Grid.Height} × "
                    + $"{question.Grid.Width}. Run `vrp analyze` on its folder again.");
        return new HeatMaps(maps, maps.Count == 0 ? $"{RunFolder.Attention} is empty: attention could not be summarised" : null);
    }

    /// <summary>Grids (rows and columns, 0 where a question has no map), largest shares, and all cells in the questions' order.</summary>
    public JsonObject ToJson(IReadOnlyList<QuestionResult> questions, bool coarse)
    {
        var (grids, peaks, cells) = (new JsonArray(), new JsonArray(), new List<byte>());
        foreach (var question in questions)
        {
            var map = maps.GetValueOrDefault(question.Id);
            grids.Add(map?.Height ?? 0);
            grids.Add(map?.Width ?? 0);
            var peak = map?.Mass.Max() ?? 0;
            peaks.Add(SafeJson.Number(peak, 3));
            foreach (var share in map?.Mass ?? []) cells.Add((byte)(peak > 0 ? Math.Round((coarse ? 15 : 255) * share / peak) : 0));
        }

        return new JsonObject { ["grids"] = grids, ["peaks"] = peaks, ["steps"] = coarse ? 16 : 256,
            ["cells"] = Base64Url.EncodeToString(coarse ? Packed(cells) : [.. cells]) };
    }

    // The earlier of two cells in the high half of a byte.
    static byte[] Packed(List<byte> cells)
    {
        var packed = new byte[(cells.Count + 1) / 2];
        for (var i = 0; i < cells.Count; i++) packed[i / 2] |= (byte)(i % 2 == 0 ? cells[i] << 4 : cells[i]);
        return packed;
    }
}
