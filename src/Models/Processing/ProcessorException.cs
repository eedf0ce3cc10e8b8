namespace Vrp.Models.Processing;

/// <summary>Prompts and images that do not go together.</summary>
public sealed class ProcessorException(string message) : VrpException(message);
