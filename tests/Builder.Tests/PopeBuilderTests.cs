using Vrp.Builder.World;
using Vrp.Builder.World.Building;
using Vrp.Builder.World.Questions;

namespace Vrp.Builder.Tests;

public class PopeBuilderTests
{
    static readonly List<Scene> scenes = [.. Enumerable.Range(0, 400).Select(i => new TrainingScenes(WorldSettings.Shipped)[i])];
    static readonly Corpus corpus = Corpus.Of(scenes);
    static readonly PopeBuilder pope = new(WorldSettings.Shipped, corpus);

    [Fact]
    public void Questions_EverySplit_AlternatesThreeYesAndThreeNo()
    {
        foreach (var split in Enum.GetValues<PopeSplit>())
            foreach (var scene in scenes)
            {
                var six = pope.Questions(scene, split).ToList();
                six.Select(q => q.Answer).Should().Equal("Yes", "No", "Yes", "No", "Yes", "No");
                six.Select(q => q.About).Should().OnlyHaveUniqueItems();
                six.Should().OnlyContain(q => (q.Answer == "Yes") == scene.Present.Contains(q.About!.Value));
            }
    }

    [Fact]
    public void Questions_AllSplits_ShareThePresentObjects() => scenes.Should().OnlyContain(scene =>
        Enum.GetValues<PopeSplit>().Select(split => string.Join(' ',
            pope.Questions(scene, split).Where(q => q.Answer == "Yes").Select(q => q.About))).Distinct().Count() == 1);

    [Fact]
    public void Questions_Popular_AsksForTheThreeMostFrequentAbsentObjects()
    {
        foreach (var scene in scenes)
        {
            var asked = Absent(scene, PopeSplit.Popular);
            var least = asked.Min(Count);
            scene.Absent.Except(asked).Should().OnlyContain(other => Count(other) <= least);
        }
    }

    [Fact]
    public void Questions_Adversarial_AsksForCompanionsOfThePresentObjects()
    {
        foreach (var scene in scenes)
        {
            var six = pope.Questions(scene, PopeSplit.Adversarial).ToList();
            var earlier = new List<Category>();
            for (var i = 0; i < 6; i += 2)
            {
                Category present = six[i].About!.Value, absent = six[i + 1].About!.Value;
                var together = scenes.Count(s => s.Present.Contains(present) && s.Present.Contains(absent));
                scene.Absent.Except(earlier).Should().OnlyContain(other => scenes.Count(s => s.Present.Contains(present)
                    && s.Present.Contains(other)) <= together);
                earlier.Add(absent);
            }
        }
    }

    static int Count(Category c) => scenes.Count(s => s.Present.Contains(c));

    static List<Category> Absent(Scene scene, PopeSplit split) => [.. pope.Questions(scene, split).Where(q => q.Answer == "No").Select(q => q.About!.Value)];
}
