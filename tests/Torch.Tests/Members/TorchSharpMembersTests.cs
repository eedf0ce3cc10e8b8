using System.Runtime.CompilerServices;

namespace Vrp.Torch.Tests.Members;

public class TorchSharpMembersTests
{
    /// <summary>The projects that compile against TorchSharp's API, whichever provider supplies it.</summary>
    static readonly string[] Users = ["Vrp.Models", "Vrp.Harness", "Vrp.Builder"];

    [Fact]
    public void MembersInUse_AreTheApprovedOnes()
    {
        string folder = AppContext.BaseDirectory;
        string[] received = [.. Users
            .SelectMany(user => MemberReferences.Of(Path.Combine(folder, user + ".dll"), "Vrp.Torch", "TorchSharp"))
            .Distinct().Order(StringComparer.Ordinal)];

        string approvedPath = Beside("TorchSharpMembers.approved.txt"), receivedPath = Beside("TorchSharpMembers.received.txt");
        string[] approved = File.Exists(approvedPath) ? File.ReadAllLines(approvedPath) : [];
        if (received.SequenceEqual(approved))
        {
            File.Delete(receivedPath);
            return;
        }
        File.WriteAllLines(receivedPath, received);
        var added = received.Except(approved).Select(m => "+ " + m);
        var removed = approved.Except(received).Select(m => "- " + m);
        Assert.Fail($"""
            The members of TorchSharp in use have changed. Model code must compile against TorchSharp 0.107's packages too, so see that each
            new member is there with this very signature (dotnet build -p:Torch=cpu where the feed has the packages, or TorchSharp's source). Then accept with
                mv {receivedPath} {approvedPath}
            {string.Join('\n', added.Concat(removed))}
            """);
    }

    [Fact]
    public void MemberReferences_OfThisTest_AreFound()
    {
        using var x = TorchSharp.torch.ones(2, 2);
        x.data<float>().ToArray().Should().HaveCount(4);

        MemberReferences.Of(typeof(TorchSharpMembersTests).Assembly.Location, "Vrp.Torch", "TorchSharp").Should().Contain([
            "type TorchSharp.torch.Tensor",
            "TorchSharp.torch.Tensor.data<!!0>() : TorchSharp.Utils.TensorAccessor`1<!!0>",
            "TorchSharp.Utils.TensorAccessor`1<float>.ToArray() : !0[]",
            "TorchSharp.torch.CPU : TorchSharp.torch.Device",
        ]);
    }

    static string Beside(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, name);
}
