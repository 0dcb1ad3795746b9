"""Agreement: how far annotators say the same.

It is computed from the entries of the review log and nothing else is read: `answers` folds them into questions and answers,
`coefficients` has the figures with their intervals, `agreed` gives them by place and by pair. `burden agreement` and the card of a
release show the same figures.
"""
