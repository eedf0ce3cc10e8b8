namespace Vrp.Models.Processing.Tokenizers;

/// <summary>A token that is found in the text itself, before the model sees it.</summary>
/// <param name="Content">Its text.</param>
/// <param name="Id">Its id.</param>
/// <param name="SingleWord">Only where no letter or digit touches it.</param>
/// <param name="StripsLeft">Takes the whitespace before it.</param>
/// <param name="StripsRight">Takes the whitespace after it.</param>
/// <param name="Normalized">Searched (in its normalized form) in the normalized text rather than in the text as given.</param>
/// <param name="Special">Left out when decoding skips special tokens.</param>
sealed record AddedToken(string Content, int Id, bool SingleWord, bool StripsLeft, bool StripsRight, bool Normalized, bool Special);
