using Vrp.Harness.Studies;
using Vrp.Models;

namespace Vrp.Harness.Tests.Studies;

public class MemoryGuardTests
{
    static Action Failing(int value, Exception error) => () => MemoryGuard.Run<int>("--block", value, () => throw error);

    [Fact]
    public void Run_Work_GivesItsResult() => MemoryGuard.Run("--block", 8, () => 7).Should().Be(7);

    [Fact]
    public void Run_OutOfMemory_NamesTheSettingAndHalfOfIt()
    {
        Failing(8, new OutOfMemoryException()).Should().Throw<VrpException>().Which.Message
            .Should().Contain("--block 8").And.Contain("--block 4").And.Contain("vrp.json: block");
        Failing(8, new InvalidOperationException("CUDA out of memory. Tried to allocate\n2 GiB")).Should().Throw<VrpException>().Which.Message
            .Should().NotContain("\n");
        Failing(1, new OutOfMemoryException()).Should().Throw<VrpException>().Which.Message.Should().Contain("the least there is");
    }

    [Fact]
    public void Run_OtherErrors_PassThrough() =>
        Failing(8, new InvalidOperationException("else")).Should().Throw<InvalidOperationException>().WithMessage("else");
}
