using System.Text.RegularExpressions;

namespace Vrp.Models.Tests;

public sealed class ModelFamiliesTests
{
    /// <summary>Where code may name a family, and why. Comments may everywhere.</summary>
    static readonly (string Path, string Why)[] Exceptions =
    [
        ("src/Models/ModelFamilies.cs", "the registry"),
        ("src/Models/Llava/", "the family's own"),
        ("src/Models/PaliGemma/", "the family's own"),
        ("src/Models/Qwen2VL/", "the family's own"),
        ("src/Harness/Claims/", "what the study printed, by family"),
        ("src/Harness/Datasets/Readers/", "LLaVA-Bench is a data set"),
        ("src/Harness/Cli/", "examples of commands name published checkpoints and fixtures"),
        ("src/Cli/", "examples of commands name published checkpoints and fixtures"),
        ("src/Specs/Assertions/EstimateExtensions.cs", "a spec's figures by family, named as the study's table names them"),
    ];

    [Fact]
    public void Sources_OutsideOfRegistryAndFolders_NameNoFamily()
    {
        var root = Repository();
        var named = from file in Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories)
                    let path = Path.GetRelativePath(root, file).Replace('\\', '/')
                    where !path.Contains("/obj/") && !path.Contains("/bin/")
                        && !Exceptions.Any(exception => path.StartsWith(exception.Path, StringComparison.Ordinal))
                    from line in File.ReadLines(file).Select((text, i) => (Text: Regex.Replace(text, "//.*$", ""), Number: i + 1))
                    where Regex.IsMatch(line.Text, "llava|llama|gemma|siglip|qwen", RegexOptions.IgnoreCase)
                    select $"{path}:{line.Number}: {line.Text.Trim()}";

        named.Should().BeEmpty("a family is named in its folder and in the registry");
    }

    [Fact]
    public void All_Families_AreToldApartByTypeAndByImageProcessor()
    {
        ModelFamilies.All.Select(family => family.ModelType).Should().OnlyHaveUniqueItems().And.HaveCountGreaterThan(2);
        ModelFamilies.All.SelectMany(family => family.ImageProcessors).Should().OnlyHaveUniqueItems();
        ModelFamilies.All.Should().OnlyContain(family => ModelFamilies.Find(family.ModelType) == family);
    }

    [Fact]
    public void For_UnknownType_SaysWhatIsKnown() =>
        FluentActions.Invoking(() => ModelFamilies.For("idefics")).Should().Throw<VrpException>().WithMessage("*'idefics'; expected llava, paligemma or "
            + "qwen2_vl*");

    static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Harness.sln"))) folder = folder.Parent
            ?? throw new DirectoryNotFoundException("No Harness.sln above the tests.");
        return folder.FullName;
    }
}
