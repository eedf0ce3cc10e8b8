namespace Vrp.Models.Instrumentation;

/// <summary>A capture or an intervention that is malformed or does not fit the tensor it is for.</summary>
public sealed class InstrumentationException(string message, Exception? inner = null) : VrpException(message, inner);
