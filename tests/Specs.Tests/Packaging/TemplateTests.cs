using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Vrp.Specs.Tests.Packaging;

/// <summary>What a user gets: the packages, and a project of the template that is built from them alone and judges a model.</summary>
public sealed class TemplateTests(PackageFeed feed) : IClassFixture<PackageFeed>, IDisposable
{
    /// <summary>A folder that has no nuget.config above it, as a user's has none.</summary>
    readonly string outside = Directory.CreateTempSubdirectory("vrp-empty-").FullName;

    public void Dispose() => Directory.Delete(outside, recursive: true);

    static readonly string[] Always = ["MySpecs.csproj", "vrp.json", "ledger.json", "tolerances.json", "ModelSpecs.cs", "CatalogueSpecs.cs",
        "xunit.runner.json",
        "specs.runsettings", ".gitignore", Path.Combine(".github", "workflows", "reliability.yml")];

    static readonly string[] Libraries = ["Vrp.Models", "Vrp.Harness", "Vrp.Specs"];

    [Fact]
    public void Pack_EachLibrary_HoldsAssemblyReadmeAndLicenceAndNamesTheOthersAtItsVersion()
    {
        foreach (var name in Libraries)
        {
            using var package = ZipFile.OpenRead(feed.PathOf(name));
            package.Entries.Select(entry => entry.FullName).Should().Contain([$"lib/net10.0/{name}.dll", "README.md"]);
            var (metadata, dependencies) = Nuspec(package);
            metadata["license"].Should().Be("MIT");
            metadata["description"].Should().NotBeNullOrEmpty().And.NotBe("Package Description");
            dependencies.Where(dependency => dependency.Id.StartsWith("Vrp.", StringComparison.Ordinal)).Select(dependency => dependency.Version).Should()
                .Equal(name == "Vrp.Models" ? [] : [feed.Version]);
        }
    }

    [Fact]
    public void Pack_TheTool_HoldsTheProgramAndWhatItStandsOn()
    {
        using var package = ZipFile.OpenRead(feed.PathOf("Vrp.Tool"));
        var files = package.Entries.Select(entry => entry.FullName).ToArray();
        files.Should().Contain("tools/net10.0/any/DotnetToolSettings.xml").And.Contain("tools/net10.0/any/Vrp.Harness.dll");
        files.Where(name => Path.GetFileName(name).StartsWith("libSkiaSharp", StringComparison.Ordinal)).Should()
            .ContainSingle("the package that it comes from has it for 18 systems, and this one is for the system that packs");
        using var settings = package.GetEntry("tools/net10.0/any/DotnetToolSettings.xml")!.Open();
        XDocument.Load(settings).Descendants("Command").Single().Attribute("Name")!.Value.Should().Be("vrp");
    }

    [Fact]
    public void Template_ThirdPartyVersions_AreThisRepositorys()
    {
        var central = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);
        var template = XDocument.Load(Path.Combine(Repository.Root, "templates", "content", "vrp-specs", "VrpSpecs.csproj")).Descendants("PackageReference")
            .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);
        template.Should().HaveCount(5).And.Contain("Vrp.Specs", "VRP_PACKAGE_VERSION");
        foreach (var (name, version) in template.Where(package => package.Key != "Vrp.Specs")) version.Should().Be(central[name], name);
    }

    [Fact]
    public void Template_WithAModelOfOnesOwn_JudgesItFromThePackagesAlone()
    {
        var project = New(Path.Combine(feed.Folder, "own"), "--subject", "llava", "--checkpoint", Path.Combine(Repository.Root, "fixtures", "checkpoints",
            "llava"),
            "--questions", Path.Combine(Repository.Root, "fixtures", "world", "study.jsonl"));
        var folder = Path.GetDirectoryName(project)!;
        Files(project).Should().BeEquivalentTo(Always);
        File.ReadAllText(Path.Combine(project, "ledger.json")).Trim().Should().Be("""{"schema":1,"entries":[]}""", "nothing is known of another model");
        // A sentence that does not hold, beside those that the template brings.
        File.WriteAllText(Path.Combine(project, "BoldSpecs.cs"), """
            namespace MySpecs;

            public sealed class BoldSpecs
            {
                [Theory, Subjects]
                public void Greedy_answers_are_nearly_always_right(SubjectUnderTest subject) => subject.Study.Confidence.Accuracy.Should().Exceed(0.999);
            }
            """);
        Shorten(Path.Combine(project, "vrp.json"));

        var store = new Dictionary<string, string?>(feed.Environment) { ["VRP_CACHE"] = Path.Combine(feed.Folder, "store"), ["VRP_LIMIT"] = "8" };
        var run = CommandResult.Of("dotnet", ["test", project, "--logger", "console;verbosity=normal"], folder, store);

        run.Code.Should().Be(1, "two of three specs fail, as they must: {0}", run.Output);
        run.Output.Should().MatchRegex(@"Passed \S*Greedy_answers_are_right_more_often_than_one_in_four");
        run.Output.Should().MatchRegex(@"Failed \S*Greedy_answers_are_nearly_always_right");
        run.Output.Should().MatchRegex(@"exceed 0\.999, but its value 0\.\d+ \[0\.\d+, (0\.\d+|1)\] \(n=\d+, 8 images\)");
        // The claim of the catalogue is New, which fails until somebody has looked.
        run.Output.Should().Contain("hidden-state-probe [llava] is not in the ledger");
        run.Output.Should().MatchRegex(@"Passed(:|!\s+-.*Passed:)\s+1");

        // With nothing but the sentence that holds the run passes; the model's answers come from the store.
        CommandResult.Of("dotnet", ["test", project, "--no-build", "--filter", "FullyQualifiedName~ModelSpecs"], folder, store).ShouldSucceed();
        // And a filter that matches nothing does not.
        CommandResult.Of("dotnet", ["test", project, "--no-build", "--filter", "FullyQualifiedName~NoSuchSpec"], folder, store).Code.Should().NotBe(0);
    }

    [Fact]
    public void Template_AsItComes_IsGreenAtOnceAndWhatAFailureSaysToRunMakesItGreenAgain()
    {
        var project = New(Path.Combine(outside, "empty"), "--feed", feed.Packages);
        Files(project).Should().Contain(Always)
            .And.Contain(["nuget.config", Path.Combine("model", "model.safetensors"), Path.Combine("data", "questions.jsonl"),
                Path.Combine("data", "images", "world_0001.png")]);
        var store = new Dictionary<string, string?>(feed.Environment) { ["VRP_CACHE"] = Path.Combine(feed.Folder, "store-of-the-tiny-model"), ["CI"] = null };
        var first = CommandResult.Of("dotnet", ["test", project, "--logger", "console;verbosity=normal"], outside, store).ShouldSucceed();
        first.Output.Should().MatchRegex(@"Passed \S*Greedy_answers_are_right").And.MatchRegex(@"Passed \S*Linear_probe_AUROC_on_POPE_exceeds_0_95");

        // A claim that nobody has looked at yet.
        File.WriteAllText(Path.Combine(project, "MoreSpecs.cs"), """
            namespace MySpecs;

            public sealed class MoreSpecs
            {
                [Theory, Claim<ConfidenceBaselines>]
                public void Output_probabilities_are_near_chance(ClaimSpec claim) => claim
                    .AsPrinted(study => study.Confidence.FirstTokenEntropy.Value.Should().BeInRange(0.45, 0.55))
                    .Judged(study => study.Confidence.Claimed.Should().AllSatisfy(auroc => auroc.Should().BeEquivalentTo(0.5, 0.05)));
            }
            """);
        var failed = CommandResult.Of("dotnet", ["test", project], outside, store);
        failed.Code.Should().Be(1, failed.Output);
        string[] said = [.. Regex.Matches(failed.Output, "(?:`|after a review: )(vrp (?:gate|accept) [^`\r\n]*)")
            .Select(match => match.Groups[1].Value.Trim()).Distinct()];
        said.Should().HaveCount(3, "the gate, the ledger and the snapshot: {0}", failed.Output);

        // As printed, in a folder that has nothing to do with it; `vrp` is the tool from the same feed.
        var tools = Path.Combine(feed.Folder, "tools");
        CommandResult.Of("dotnet", ["tool", "install", "Vrp.Tool", "--tool-path", tools, "--version", feed.Version, "--source", feed.Packages],
            outside, feed.Environment).ShouldSucceed();
        var elsewhere = Directory.CreateDirectory(Path.Combine(outside, "elsewhere")).FullName;
        foreach (var line in said)
        {
            var run = CommandResult.Of("bash", ["-c", $"PATH=\"{tools}:$PATH\"; {line}"], elsewhere, store);
            run.Code.Should().Be(line.StartsWith("vrp gate", StringComparison.Ordinal) ? 3 : 0, "{0}: {1}", line, run.Output);
        }
        CommandResult.Of("dotnet", ["test", project, "--no-build"], outside, store).ShouldSucceed();
    }

    [Fact]
    public void Template_QuestionsThatComeAlong_AreThoseOfTheFixtureWorldWithTheirPictures()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "templates", "content", "vrp-specs", "data", "questions.jsonl"));
        lines.Should().Equal(File.ReadLines(Path.Combine(Repository.Root, "fixtures", "world", "pope_adversarial.jsonl")).Take(lines.Length));
        using var package = ZipFile.OpenRead(feed.PathOf("Vrp.Templates"));
        package.Entries.Select(entry => entry.FullName).Where(name => name.EndsWith(".png", StringComparison.Ordinal)).Select(Path.GetFileName).Should()
            .BeEquivalentTo(lines.Select(line => Regex.Match(line, "\"image\":\"([^\"]+)").Groups[1].Value).Distinct());
    }

    /// <summary>A project of the template in a folder that is empty.</summary>
    string New(string folder, params string[] parameters)
    {
        Directory.CreateDirectory(folder);
        string[] hive = ["--debug:custom-hive", Path.Combine(feed.Folder, $"hive-{Path.GetFileName(folder)}")];
        Dotnet(folder, "new", "install", [feed.PathOf("Vrp.Templates"), .. hive]).ShouldSucceed();
        Dotnet(folder, "new", "vrp-specs", ["-n", "MySpecs", .. parameters, .. hive]).ShouldSucceed();
        return Path.Combine(folder, "MySpecs");
    }

    static IEnumerable<string> Files(string project) => Directory.GetFiles(project, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(project, path));

    CommandResult Dotnet(string folder, string command, string what, IEnumerable<string> more) =>
        CommandResult.Of("dotnet", [command, what, .. more], folder, feed.Environment);

    /// <summary>Few draws and no interventions: the test is about packages, not about statistics.</summary>
    static void Shorten(string config)
    {
        var text = File.ReadAllText(config);
        text.Should().Contain("\"budget\": \"full\"");
        File.WriteAllText(config, text.Replace("\"budget\": \"full\"",
            "\"budget\": \"none\",\n  \"protocol\": { \"draws\": 200, \"permutations\": 0 }", StringComparison.Ordinal));
    }

    static (IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<(string Id, string Version)> Dependencies) Nuspec(ZipArchive package)
    {
        using var stream = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        return (metadata.Elements().Where(element => !element.HasElements).ToDictionary(element => element.Name.LocalName, element => element.Value),
            [.. metadata.Descendants().Where(element => element.Name.LocalName == "dependency")
                .Select(element => (element.Attribute("id")!.Value, Regex.Replace(element.Attribute("version")!.Value, "[\\[\\]]", "")))]);
    }
}
