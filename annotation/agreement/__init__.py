"""Agreement: how far annotators say the same, how quick they are, how right the machine was, and who was corrected.

All of it is computed from the entries of the review log and nothing else is read: `answers` folds them into questions
and answers, `coefficients` has the figures with their intervals, the other modules each a part of the report, and
`report` the whole.
"""
