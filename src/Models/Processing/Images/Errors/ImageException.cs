namespace Vrp.Models.Processing.Images;

/// <summary>A picture that cannot be used: base of the errors of this folder. The message begins with the file's name.</summary>
public class ImageException(string message, Exception? inner = null) : VrpException(message, inner);
