namespace Vrp.Harness.Cli;

static class Program
{
    static int Main() => 64;
}
