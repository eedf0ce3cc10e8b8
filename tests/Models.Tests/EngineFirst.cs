using System.Runtime.CompilerServices;

namespace Vrp.Models.Tests;

/// <summary>Loads the engine before the first tensor: many tests begin with one, before any code of Vrp.Models has run.</summary>
static class EngineFirst
{
    [ModuleInitializer]
    internal static void Load() => Vrp.Models.Engine.EngineLibrary.EnsureLoaded();
}
