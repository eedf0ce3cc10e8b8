namespace Vrp.Models;

/// <summary>Prompts and images that do not go together.</summary>
public sealed class ProcessorException(string message) : VrpException(message);
