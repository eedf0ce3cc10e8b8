using Vrp.Models.Checkpoints;

namespace Vrp.Models.Configuration;

/// <summary>Reading of sizes, which a model cannot have at 0 or below.</summary>
static class ConfigSizes
{
    extension(ConfigSection json)
    {
        /// <summary>A positive integer; <paramref name="absent"/> where the key is not there.</summary>
        public int Size(string key, int absent) => json.Int(key, absent) is var size and > 0 ? size : throw json.Unusable(key, "a positive integer");
    }
}
