"""The product: releases of the dataset, made from published cells, each with its evidence.

Facts are tall (entity, field, value) everywhere and become wide in one function, `db.dataset.rows.build`. A release
is a folder that is never changed again; what stands in it is described once, in `db.dataset.schema`.
"""
