using Vrp.Harness.Claims;
using Vrp.Harness.Storage;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Harness.Studies;

/// <summary>attention.safetensors: per question one map [h × w] of float16 shares of the mass, named by the question's id.</summary>
static class AttentionFile
{
    const int LargestSide = 1 << 15;

    public static void Write(Stream stream, IReadOnlyList<QuestionMap> maps) =>
        TensorFile.Write(stream, [.. maps.Select(map => StoredArray.OfHalves(map.Id, [.. map.Mass.Select(share => (Half)share)], map.Height, map.Width))]);

    /// <summary>The maps by question.</summary>
    /// <exception cref="VrpException">Missing, cut off, or not what <see cref="Write"/> writes: an entry that is not float16 [h × w], a share that is not
    /// finite or below 0.</exception>
    public static IReadOnlyDictionary<string, QuestionMap> Read(string path)
    {
        VrpException Wrong(string why, Exception? inner = null) => new($"{path} {why}. Run `vrp analyze` on its folder again.", inner);
        if (!File.Exists(path)) throw Wrong("is missing");
        var maps = new Dictionary<string, QuestionMap>(StringComparer.Ordinal);
        try
        {
            var file = TensorFile.Open(path);
            foreach (var id in file.Names)
            {
                if (file.ShapeOf(id) is not [> 0 and < LargestSide,
                    > 0 and < LargestSide] shape) throw new StoreException($"the map of {id} has not the form [h × w]");
                double[] mass = [.. file.ReadFloats(id).Select(share => (double)share)];
                if (Array.FindIndex(mass, share => !double.IsFinite(share) || share < 0) is >= 0 and var cell)
                    throw new StoreException($"the map of {id} holds {mass[cell]} at cell {cell}, which is no share of the mass");
                maps.Add(id, new QuestionMap(id, (int)shape[0], (int)shape[1], mass));
            }
        }
        catch (VrpException error)
        {
            throw Wrong($"is not what the analysis writes: {error.Message}", error);
        }

        return maps;
    }
}
