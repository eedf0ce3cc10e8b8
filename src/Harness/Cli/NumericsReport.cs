using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Harness.Cli;

static class NumericsReport
{
    public static void Print(string checkpoint, Device device, TextWriter output) { }
}
