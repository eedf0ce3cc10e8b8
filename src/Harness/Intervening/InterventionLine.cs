namespace Vrp.Harness.Intervening;

/// <summary>One sample of a stored block.</summary>
/// <param name="Id">The sample's.</param>
/// <param name="Image">Its picture's name, to find out whether a data set is the one that was used.</param>
/// <param name="Question">Likewise.</param>
sealed record InterventionLine(string Id, string Image, string Question);
