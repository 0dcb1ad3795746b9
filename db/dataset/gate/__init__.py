"""The gate: what must hold of a release beyond its rows, so that nothing wrong is ever published.

`db.dataset.checks` looks at rows alone. Here they are held against what made them (the readings, the review log, the confidence model,
earlier releases) and against what can be true of the world. All of it is computed as the rows come, or by a query; nothing is held that
grows with the cells.
"""
