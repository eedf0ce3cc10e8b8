using Vrp.Harness.Claims;
using Vrp.Harness.Ledgers;
using Vrp.Models;

namespace Vrp.Harness.Tests.Ledgers;

public sealed class LedgerTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static LedgerEntry Entry(string claim, string subject, Verdict expected = Verdict.Refuted) =>
        new(claim, subject, expected, "a reason with \"quotes\", ² and <b>");

    [Theory]
    [InlineData("ledger.json")]
    [InlineData("ledger.study.json")]
    [InlineData("ledger.pope.json")]
    public void Save_TheRepositorysLedgers_AreTheSameBytes(string name)
    {
        var path = Fixtures.At("..", "specs", name);
        Ledger.Load(path).Save(folder.At(name));
        File.ReadAllBytes(folder.At(name)).Should().Equal(File.ReadAllBytes(path));
    }

    [Fact]
    public void Save_EntriesInAnyOrder_AreSortedByTheStudyThenByName()
    {
        var ids = ClaimRegistry.All.Where(claim => !claim.IsOverSubjects).Select(claim => claim.Id).ToArray();
        LedgerEntry[] entries = [.. ids.SelectMany(id => new[] { Entry(id, "b"), Entry(id, "B"), Entry(id, "a") }).Append(Entry("architecture-split", "all"))];
        new Random(1).Shuffle(entries);
        new Ledger(entries).Save(folder.At("l.json"));
        var read = Ledger.Load(folder.At("l.json"));
        read.Entries.Select(entry => (entry.Claim, entry.Subject))
            .Should().Equal(ids.SelectMany(id => new[] { (id, "B"), (id, "a"), (id, "b") }).Append(("architecture-split", "all")));
        read.Entries.Should().BeEquivalentTo(entries);
        File.ReadAllLines(folder.At("l.json")).Should().HaveCount(entries.Length + 2, "an entry is a line");
    }

    [Fact]
    public void Load_NoFile_IsEmpty() => Ledger.Load(folder.At("none.json")).Entries.Should().BeEmpty();

    [Theory]
    [InlineData("{\"claim\":\"fusion\",\"subject\":\"a\",\"expected\":\"Refuted\",\"reason\":\" \"}", "fusion for a has no reason")]
    [InlineData("{\"claim\":\"fusoin\",\"subject\":\"a\",\"expected\":\"Refuted\",\"reason\":\"r\"}", "did you mean \"fusion\"?")]
    [InlineData("{\"claim\":\"fusion\",\"subject\":\"all\",\"expected\":\"Refuted\",\"reason\":\"r\"}", "judged per subject")]
    [InlineData("{\"claim\":\"architecture-split\",\"subject\":\"a\",\"expected\":\"Refuted\",\"reason\":\"r\"}", "expected \"all\"")]
    [InlineData("{\"claim\":\"fusion\",\"subject\":\"a\",\"expected\":\"Rejected\",\"reason\":\"r\"}", "expected one of Supported, Refuted")]
    [InlineData("{\"claim\":\"fusion\",\"subject\":\"a\",\"expected\":1,\"reason\":\"r\"}", "one of")]
    [InlineData("{\"claim\":\"fusion\",\"subject\":\"a\",\"reason\":\"r\"}", "\"expected\" must be set")]
    [InlineData("{\"claim\":null,\"subject\":\"a\",\"expected\":\"Refuted\",\"reason\":\"r\"}", "null")]
    [InlineData("{\"claim\":\"fusion\",\"subject\":\"a\",\"expected\":\"Refuted\",\"reason\":\"r\",\"source\":\"heard\"}", "measured or published")]
    [InlineData("{\"claim\":\"fusion\",\"subject\":\"a\",\"expected\":\"Refuted\",\"reason\":\"r\",\"sorce\":\"x\"}", "did you mean \"source\"?")]
    [InlineData("null", "holds null, which is no value there")]
    [InlineData("{", "l.json:3")]
    public void Load_WrongEntry_IsRefused(string entry, string what)
    {
        var path = folder.Write("l.json", "{\"schema\":1,\"entries\":[", entry, "]}");
        ((Action)(() => Ledger.Load(path))).Should().Throw<VrpException>().Which.Message.Should().StartWith(path).And.Contain(what).And.NotContain("\n");
    }

    [Fact]
    public void Load_TwoEntriesForOne_IsRefused()
    {
        const string line = "{\"claim\":\"fusion\",\"subject\":\"a\",\"expected\":\"Refuted\",\"reason\":\"r\"}";
        var path = folder.Write("l.json", "{\"schema\":1,\"entries\":[", line + ",", line, "]}");
        ((Action)(() => Ledger.Load(path))).Should().Throw<VrpException>().Which.Message.Should().Contain("2 entries for fusion and a");
    }

    [Fact]
    public void Load_OtherSchema_IsRefused() =>
        ((Action)(() => Ledger.Load(folder.Write("l.json", "{\"schema\":2,\"entries\":[]}")))).Should().Throw<VrpException>().Which.Message
            .Should().Contain("schema 2");

    [Fact]
    public void With_KnownAndNew_ReplacesTheOneAndKeepsTheRest()
    {
        var ledger = new Ledger([Entry("fusion", "a"), Entry("fusion", "b")]);
        var now = ledger.With([Entry("fusion", "b", Verdict.Supported), Entry("logit-lens", "a")]);
        now.Entries.Select(entry => (entry.Claim, entry.Subject, entry.Expected)).Should()
            .Equal(("logit-lens", "a", Verdict.Refuted), ("fusion", "a", Verdict.Refuted), ("fusion", "b", Verdict.Supported));
    }

    [Fact]
    public void Accept_AFoundVerdict_TakesItsReasonAndIsMeasured()
    {
        var published = Entry("fusion", "a") with { Source = "published" };
        var now = new Ledger([published]).Accept([new LedgerCheck("fusion", "a", published, Verdict.Supported, "found so", null)]);
        now.Entries.Should().Equal(new LedgerEntry("fusion", "a", Verdict.Supported, "found so", "measured"));
    }

    [Fact]
    public void Page_OfTheRepository_IsWhatTheCommandWrites()
    {
        var ledger = Ledger.Load(Fixtures.At("..", "specs", "ledger.json"));
        var page = LedgerPage.Render(ledger, "specs/ledger.json", "./vrp ledger --page specs/README.md");
        File.ReadAllText(Fixtures.At("..", "specs", "README.md")).Should().Be(page, "`./vrp ledger --page specs/README.md` writes it again");
        page.Should().Contain("| `fusion` |").And.Contain("### `architecture-split`");
    }
}
