using System.Runtime.CompilerServices;

namespace Vrp.Harness.Tests;

/// <summary>One thread for every test of this process. OpenBLAS has one number of threads per process: a test that set two while another trained changed the other's last bits
/// (paligemma's training, stopped and unbroken, differed by 2e-7 once in some runs). Test classes run beside each other, so more threads would not be faster.</summary>
static class OneThread
{
    [ModuleInitializer]
    internal static void Set()
    {
        Environment.SetEnvironmentVariable("VRP_THREADS", "1");
        TorchSharp.torch.set_num_threads(1);
    }
}
