"""The files of a release that hold its rows, each written part by part as the rows come.

Whoever adds a format writes a `Sink` (`db.dataset.formats.sink`) and names it in `db.dataset.write`.
"""
