using System.Globalization;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Exporting;
using Vrp.Harness.Tests.Snapshots;

namespace Vrp.Harness.Tests.Datasets;

/// <summary>A program of somebody else may run in any culture: numbers are written with a point in each, and answers read alike.</summary>
public sealed class CultureTests : IDisposable
{
    readonly CultureInfo before = CultureInfo.CurrentCulture;

    public CultureTests()
    {
        // These programs are built without the data of cultures; the numbers of a Turkish or German one are enough.
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NumberGroupSeparator, comma.NumberFormat.NegativeSign) = (",", ".", "\u2212");
        CultureInfo.CurrentCulture = comma;
    }

    public void Dispose() => CultureInfo.CurrentCulture = before;

    [Theory]
    [InlineData("Yes\u00A0", "yes")]
    [InlineData("\u00A0No.", "no")]
    [InlineData("YES", "yes")]
    [InlineData("Ｙｅｓ", null)]
    [InlineData("\u0130yi", null)]
    [InlineData("yes\u200B", "yes")]
    public void YesNo_LettersOfOtherScripts_AreReadTheSameEverywhere(string answer, string? read) => StrictYesNo.Parse(answer).Should().Be(read);

    [Fact]
    public void Outputs_OfARun_AreTheSameInEveryCulture()
    {
        var study = MadeUpStudy.Of();
        string[] here = [.. Texts(study)];
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        here.Should().Equal(Texts(study));
        here.Should().Contain(text => text.Contains("0."), "there are numbers in it");
    }

    static IEnumerable<string> Texts(StudyResult study) =>
        [StudyTables.Verdicts(study), StudyTables.Figures([study]),
            .. RunTables.Of(study).Select(table => System.Text.Encoding.UTF8.GetString(TableFiles.Csv(table)))];
}
