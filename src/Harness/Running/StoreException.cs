using Vrp.Models;

namespace Vrp.Harness.Running;

/// <summary>A store of results that cannot be written, read or put together. What was finished before stays usable.</summary>
public class StoreException(string message, Exception? inner = null) : VrpException(message, inner);
