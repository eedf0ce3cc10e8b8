namespace Vrp.Harness.Probes;

/// <summary>One L2 logistic regression over rows of a shared <see cref="GramOperator"/>.</summary>
/// <param name="Labels">Per row.</param>
/// <param name="Fitted">Per row: whether it is fitted on. The others cost nothing and get their decision values with the solution, which is how inner folds share one K.</param>
/// <param name="C">Weight of the loss (scikit-learn's C): minimises C·Σ log(1 + exp(−y f)) + ½|w|², intercept not penalised.</param>
sealed record L2Problem(bool[] Labels, bool[] Fitted, double C);
