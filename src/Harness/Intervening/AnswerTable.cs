namespace Vrp.Harness.Intervening;

/// <summary>First record of a stored block: its distinct answers, which the array <c>answer</c> points into.</summary>
/// <param name="Answers">Texts without special tokens.</param>
sealed record AnswerTable(string[] Answers);
