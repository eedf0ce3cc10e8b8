namespace Vrp.Models.Configuration;

/// <summary>A config.json that is well formed but asks for something this program does not compute.</summary>
public sealed class UnsupportedConfigException(string message) : VrpException(message);
