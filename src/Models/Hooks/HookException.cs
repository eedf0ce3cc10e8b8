namespace Vrp.Models.Hooks;

/// <summary>A capture or an intervention that is malformed or does not fit the tensor it is for.</summary>
public sealed class HookException(string message, Exception? inner = null) : VrpException(message, inner);
