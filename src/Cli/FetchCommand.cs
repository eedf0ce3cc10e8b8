using System.CommandLine;
using Vrp.Harness.Datasets.Pope;
using Vrp.Models;
using Vrp.Models.Checkpoints.Hub;

namespace Vrp.Cli;

/// <summary><c>vrp fetch</c>: checkpoints of the hub into its cache, and the images of POPE.</summary>
static class FetchCommand
{
    const string Pope = "pope";

    public static Command Build()
    {
        var names = new Argument<string[]>("NAME") { Description = "Checkpoints of the hub, org/name[@revision]; or pope, the 500 images that POPE's "
            + "questions are about.", Arity = ArgumentArity.OneOrMore };
        var list = new Option<bool>("--list") { Description = "Print what would be fetched, from where and how much, and fetch nothing." };
        var jobs = new Option<int>("--jobs") { Description = "Files at once.", DefaultValueFactory = _ => FetchRun.Parallel };
        var output = new Option<string?>("--out") { Description = "Of pope: folder of the images. Default: fixtures/pope/images of the repository, else "
            + "pope-images." };
        var from = new Option<string>("--from") { Description = "Of pope: coco (COCO's own server), hub (the data set lmms-lab/POPE), or auto: the first of "
            + "them that answers.", DefaultValueFactory = _ => "auto" };
        var labels = new Option<string?>("--labels") { Description = "Of pope: repope, RePOPE's corrected labels (arXiv 2504.15707) from its authors' "
            + "repository, instead of the images." };
        var command = new VrpCommand("fetch",
            "Fetch checkpoints from the Hugging Face hub: only the files that a model needs, several at once, checked by their hashes, into the cache that "
                + "the Python tools share. Interrupted, the same command goes on where it was. HF_TOKEN opens gated models.",
            "vrp fetch llava-hf/llava-1.5-7b-hf",
            "vrp fetch google/paligemma-3b-mix-224 Qwen/Qwen2-VL-7B-Instruct --list",
            "vrp fetch pope",
            "vrp fetch pope --labels repope");
        command.AddAll(names, list, jobs, output, from, labels);
        command.SetAction(async (r, cancel) =>
        {
            if (r.GetValue(jobs) < 1) throw new VrpException($"--jobs {r.GetValue(jobs)}: expected at least 1.");
            var source = r.GetValue(from) switch
            {
                "auto" => PopeSource.Auto,
                "coco" => PopeSource.Coco,
                "hub" => PopeSource.Hub,
                var other => throw new VrpException($"--from {other}: expected coco, hub or auto."),
            };
            if (r.GetValue(labels) is { } labelled && labelled != PopeLabels.Name) throw new VrpException($"--labels {labelled}: expected {PopeLabels.Name}.");
            // All names are read before the first is fetched: a typing error in the last should not cost an hour.
            HubRepository?[] repositories = [.. r.GetValue(names)!.Select(name => name == Pope ? null : Parse(name))];
            var (console, error) = (r.InvocationConfiguration.Output, r.InvocationConfiguration.Error);
            using var fetch = new HubFetch(HubSettings.FromEnvironment(), text => error.Say(text));
            foreach (var repository in repositories)
                if (repository is null && r.GetValue(labels) is not null) await PopeFetch.Labels(r.GetValue(output), r.GetValue(list), console, error, cancel);
                else if (repository is null) await PopeFetch.Run(fetch, source, r.GetValue(output), r.GetValue(list), r.GetValue(jobs), console, error, cancel);
                else if (r.GetValue(list)) List(await fetch.Plan(repository, cancel), console);
                else console.WriteLine((await FetchRun.Checkpoint(fetch, repository, r.GetValue(jobs), error, cancel)).Folder);
            return ExitCode.Success;
        });
        return command;
    }

    static HubRepository Parse(string name) => name.Contains('/') ? HubRepository.Parse(name)
        : throw new VrpException($"\"{name}\" is neither org/name of the hub nor a data set that is known by name; expected for example "
            + $"llava-hf/llava-1.5-7b-hf, or {Pope}.");

    static void List(FetchPlan plan, TextWriter console)
    {
        console.WriteLine($"{plan.Repository.Name} at {plan.Commit}, into {plan.Folder}");
        foreach (var file in plan.Files)
        {
            var (size, here) = (file.Size is { } known ? FetchRun.Size(known) : "unknown", plan.Missing.Contains(file) ? "" : "  (in the cache)");
            console.WriteLine($"{size,10}  {file.Path}{here}");
        }

        console.WriteLine($"{FetchRun.Size(plan.Bytes),10}  in {plan.Files.Count} files; {FetchRun.Size(plan.Bytes - plan.Present)} to fetch");
    }
}
