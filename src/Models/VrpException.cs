using Vrp.Models.Storage;

namespace Vrp.Models;

/// <summary>An error that the user can act on: its message says what was asked, what was found and what to do next, in one line of at most 500 characters. The
/// command line prints the message alone and exits 64; every other exception is a defect of this program and keeps its stack trace. A file of its own, as every
/// folder throws it.</summary>
public class VrpException(string message, Exception? inner = null) : Exception(PlainText.Line(message), inner);
