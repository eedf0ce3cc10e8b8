namespace Vrp.Benchmarks;

static class Program
{
    static int Main() => 64;
}
