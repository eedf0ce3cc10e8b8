using System.Diagnostics;
using Vrp.Models.Storage;
using Vrp.Models.Tests.Checkpoints;

namespace Vrp.Models.Tests.Storage;

public sealed class FileDoorTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("\u001b[2J")]
    public void ReadAllBytes_NoPath_IsOneTypedLine(string path) =>
        FluentActions.Invoking(() => FileDoor.ReadAllBytes(path)).Should().Throw<FileException>().WithMessage("*is no path*")
            .Which.Message.Should().NotContainAny("\0", "\n", "\u001b");

    [Fact]
    public void ReadAllBytes_FolderOrNothing_SaysWhich()
    {
        FluentActions.Invoking(() => FileDoor.ReadAllBytes(folder.Root)).Should().Throw<FileException>().WithMessage("*is a folder*");
        FluentActions.Invoking(() => FileDoor.ReadAllBytes(folder.At("none"))).Should().Throw<FileException>()
            .WithMessage("*none cannot be read: it is not there*");
    }

    /// <summary>A pipe without a writer is waited for, and a device never ends.</summary>
    [Fact]
    public void ReadAllBytes_PipeOrDevice_IsRefusedAtOnce()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pipes and devices are told apart on Linux");
        Process.Start("mkfifo", folder.At("pipe")).WaitForExit();
        foreach (var path in (string[])[folder.At("pipe"), "/dev/zero"])
            FluentActions.Invoking(() => FileDoor.ReadAllBytes(path)).Should().Throw<FileException>().WithMessage("*expected a regular file*");
    }

    [Fact]
    public void ReadAllBytes_TooLarge_IsRefused() =>
        FluentActions.Invoking(() => FileDoor.ReadAllBytes(folder.Write("a", "12345"), largest: 4)).Should().Throw<FileException>()
            .WithMessage("*has 5 bytes; expected at most 4*");

    [Fact]
    public void ReadAllText_Mark_IsPassedOver() => FileDoor.ReadAllText(folder.Write("a", "\uFEFFtext")).Should().Be("text");

    [Theory]
    [InlineData("a", true)]
    [InlineData("a/b.png", true)]
    [InlineData("../a", false)]
    [InlineData("a/../../b", false)]
    [InlineData("/a", false)]
    [InlineData("a\\b", false)]
    [InlineData("c:a", false)]
    [InlineData("a//b", false)]
    [InlineData("a\0", false)]
    [InlineData("", false)]
    public void IsInside_Name_ToldApart(string name, bool inside) => FileDoor.IsInside(name).Should().Be(inside);

    [Fact]
    public void VrpException_LongMessageOfManyLines_IsOneLineThatKeepsBothEnds()
    {
        var message = new VrpException($"file.json: {new string('x', 3000)}\n\tesc \u001b[2J\ud800 Fetch it again.").Message;
        message.Should().StartWith("file.json: xxx").And.EndWith("Fetch it again.").And.NotContainAny("\n", "\t", "\u001b", "\ud800");
        message.Length.Should().BeLessThanOrEqualTo(PlainText.Longest);
    }
}
