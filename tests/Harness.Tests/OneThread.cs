using System.Runtime.CompilerServices;

namespace Vrp.Harness.Tests;

/// <summary>One thread for every test of this process: libtorch has one number of threads per process, and with it the last bits of a product change. Test
/// classes run beside each other, so more threads would not be faster.</summary>
static class OneThread
{
    [ModuleInitializer]
    internal static void Set()
    {
        Environment.SetEnvironmentVariable("VRP_THREADS", "1");
        Vrp.Models.Engine.EngineLibrary.EnsureLoaded();                                  // before the first tensor of a test that begins with one
        TorchSharp.torch.set_num_threads(1);
    }
}
