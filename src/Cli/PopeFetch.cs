using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Pope;
using Vrp.Models.Checkpoints.Hub;
using Vrp.Models.Storage;

namespace Vrp.Cli;

/// <summary><c>vrp fetch pope</c>: the images that POPE's questions name, and no others of the 6 GB that COCO val2014 has.</summary>
static class PopeFetch
{
    const string InRepository = "fixtures/pope", Elsewhere = "pope-images";

    public static async Task Run(HubFetch fetch, PopeSource source, string? folder, bool list, int jobs, TextWriter console, TextWriter error,
        CancellationToken cancel)
    {
        if (list)
        {
            foreach (var name in PopeImages.Names) console.WriteLine(PopeImages.Address(name));
            return;
        }

        // Beside the questions, where they are looked for without being told.
        var images = new PopeImages(folder ?? (Directory.Exists(InRepository) ? Path.Combine(InRepository, "images") : Elsewhere));
        Directory.CreateDirectory(images.Folder);
        var missing = images.Missing();
        var from = "";
        try
        {
            if (missing.Count > 0) from = await Bring(fetch, images, missing, source, jobs, error, cancel);
        }
        finally
        {
            images.Save();
        }

        error.Say($"{PopeImages.Names.Count} images, {missing.Count} fetched now{from}; {PopeImages.Record} holds the hashes of what was "
            + "received.");
        console.WriteLine(images.Folder);
    }

    /// <summary>RePOPE's labels, beside the questions.</summary>
    public static async Task Labels(string? folder, bool list, TextWriter console, TextWriter error, CancellationToken cancel)
    {
        if (list)
        {
            foreach (var (file, hash) in PopeLabels.Files) console.WriteLine($"{hash}  {PopeLabels.Address(file)}");
            return;
        }

        folder = Path.GetFullPath(folder ?? (Directory.Exists(InRepository) ? InRepository : Elsewhere));
        Directory.CreateDirectory(folder);
        using var web = new WebReader(error.Say);
        foreach (var (file, _) in PopeLabels.Files)
        {
            var path = Path.Combine(folder, file);
            if (File.Exists(path) && PopeLabels.IsPublished(file, await File.ReadAllBytesAsync(path, cancel))) continue;
            var bytes = await web.Read(PopeLabels.Address(file), PopeLabels.LargestFile, cancel);
            if (!PopeLabels.IsPublished(file, bytes))
                throw new DatasetException($"{PopeLabels.Address(file)}", $"{file} arrived with another SHA-256 than the published one: a proxy or mirror "
                    + "changed it. Fetch over another network, or without VRP_REPOPE.");
            AtomicFile.Write(path, stream => stream.Write(bytes));
        }
        console.WriteLine(folder);
    }

    static async Task<string> Bring(HubFetch fetch, PopeImages images, IReadOnlyList<string> missing, PopeSource source, int jobs, TextWriter error,
        CancellationToken cancel)
    {
        if (source != PopeSource.Hub)
            try
            {
                await FromCoco(images, missing, jobs, error, cancel);
                return $" from {PopeImages.Address("").Host}";
            }
            catch (HubException e) when (source == PopeSource.Auto && e.Problem == HubProblem.Unreachable)
            {
                error.Say(e.Message);
                error.Say($"going on with the data set {PopeParquet.Repository.Id} of the hub.");
                missing = images.Missing();
            }

        await FromHub(fetch, images, missing, jobs, error, cancel);
        return $" from {PopeParquet.Repository.Id}";
    }

    static async Task FromCoco(PopeImages images, IReadOnlyList<string> missing, int jobs, TextWriter error, CancellationToken cancel)
    {
        using var web = new WebReader(text => error.Say(text));
        async Task One(string name, CancellationToken stop) =>
            images.Keep(name, await web.Read(PopeImages.Address(name), PopeImages.LargestImage, stop), PopeImages.Address(name).ToString());

        // One first: that the server cannot be reached is said once.
        await One(missing[0], cancel);
        using var progress = new Progress(error, "fetched", PopeImages.Names.Count, PopeImages.Names.Count - missing.Count);
        var (drawing, done) = (new Lock(), PopeImages.Names.Count - missing.Count + 1);
        await Parallel.ForEachAsync(missing.Skip(1), new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancel }, async (name, stop) =>
        {
            await One(name, stop);
            lock (drawing) progress.Report(++done);
        });
    }

    static async Task FromHub(HubFetch fetch, PopeImages images, IReadOnlyList<string> missing, int jobs, TextWriter error, CancellationToken cancel)
    {
        var plan = await FetchRun.Files(fetch, await fetch.Plan(PopeParquet.Repository, PopeParquet.IsNeeded, cancel), jobs, error, cancel);
        var wanted = missing.ToHashSet();
        foreach (var file in plan.Files)
            await foreach (var (name, bytes) in PopeParquet.Read(Path.Combine(plan.Folder, file.Path), wanted))
            {
                images.Keep(name, bytes, $"{PopeParquet.Repository.Id}, {file.Path}");
                wanted.Remove(name);
            }
        if (wanted.Count > 0) throw new DatasetException(PopeParquet.Repository.Id,
            $"{wanted.Count} of {missing.Count} images are not in it, for example {wanted.Order().First()}. Fetch them from COCO (--from coco).");
    }
}
