"""Figures of an analysis: one look, two sizes, and the same study the same bytes.

Drawn by Vega-Altair and rendered by vl-convert, without a browser or a network. `look` has colours, sizes and axes,
`labels` finds places for names, `picture` makes files of a chart, and each other module draws one kind of figure from
plain values. What a figure shows is decided elsewhere.
"""
