"""The description for programs: a Tabular Data Package (https://specs.frictionlessdata.io/tabular-data-package/)."""

from __future__ import annotations

from collections.abc import Iterator

from db.dataset.edition import DESCRIPTION, LICENCE, LICENCE_ID, LICENCE_URL, TITLE, Edition
from db.dataset.formats.sink import text
from db.dataset.metadata.about import CREATOR, KEYWORDS
from db.dataset.schema import CHANGES, TABLES, Column, Table


def package(edition: Edition) -> dict[str, object]:
    """The content of `datapackage.json`."""
    return {
        "profile": "tabular-data-package",
        "name": "burden",
        "title": TITLE,
        "description": DESCRIPTION,
        "keywords": list(KEYWORDS),
        "contributors": [{"title": CREATOR, "role": "author"}],
        "version": edition.version,
        "created": text(edition.as_of),
        "licenses": [{"name": LICENCE_ID, "path": LICENCE_URL, "title": LICENCE}],
        "sources": [{"title": "arXiv", "path": "https://arxiv.org"}],
        "resources": [*(_resource(table, edition) for table in TABLES), *_changes(edition)],
    }


def _changes(edition: Edition) -> Iterator[dict[str, object]]:
    """The list of changes, which is there as CSV alone."""
    if f"{CHANGES.name}.csv" in edition.files:
        resource = _resource(CHANGES, edition)
        del resource["parquet"]
        yield resource


def _resource(table: Table, edition: Edition) -> dict[str, object]:
    stored = edition.files[f"{table.name}.csv"]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "description": table.meaning,
        "path": f"{table.name}.csv",
        "parquet": f"{table.name}.parquet",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": stored.size,
        "hash": f"sha256:{stored.sha256}",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {"fields": item.column, "reference": {"resource": item.table, "fields": item.column}}
                for item in table.references
            ],
        },
    }


def _field(column: Column) -> dict[str, object]:
    constraints: dict[str, object] = {
        "required": column.required or None,
        "enum": list(column.allowed) or None,
        "minimum": column.low,
        "maximum": column.high,
        "maxLength": column.longest,
    }
    described: dict[str, object] = {
        "name": column.name,
        "type": column.type,
        "description": column.meaning,
        "unit": column.unit or None,
        "field": column.field or None,
        "example": column.example,
        "constraints": {name: bound for name, bound in constraints.items() if bound is not None},
    }
    if column.type == "datetime":
        described["format"] = "any"  # with and without fractions of a second
    return {name: part for name, part in described.items() if part is not None}
