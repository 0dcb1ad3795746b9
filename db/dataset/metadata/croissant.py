"""The description for programs that train on data: Croissant 1.0 (https://docs.mlcommons.org/croissant/docs/croissant-spec.html).

Records are those of the Parquet files, whose types are the schema's: a reader of CSV would take the paper 2403.10050 for a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from db.dataset.edition import DESCRIPTION, LICENCE_URL, Edition
from db.dataset.metadata.about import CREATOR, KEYWORDS, LIMITS, NAME, bibtex, in_a_sentence
from db.dataset.schema import TABLES, Column, ColumnType, Table

_CONFORMS = "http://mlcommons.org/croissant/1.0"
_RESPONSIBLE = "http://mlcommons.org/croissant/RAI/1.0"
_TYPES: dict[ColumnType, str] = {
    "string": "sc:Text",
    "number": "sc:Float",
    "integer": "sc:Integer",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
}
_FORMATS = {
    ".csv": "text/csv",
    ".parquet": "application/x-parquet",
    ".sqlite": "application/vnd.sqlite3",
}
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(edition: Edition) -> dict[str, object]:
    """The content of `croissant.json`."""
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": NAME,
        "description": DESCRIPTION,
        "conformsTo": [_CONFORMS, _RESPONSIBLE],
        "license": LICENCE_URL,
        "citeAs": bibtex(edition),
        "datePublished": f"{edition.as_of:%Y-%m-%d}",
        "version": edition.version,
        "creator": {"@type": "sc:Organization", "name": CREATOR},
        "publisher": {"@type": "sc:Organization", "name": CREATOR},
        "keywords": list(KEYWORDS),
        "inLanguage": "en",
        "isLiveDataset": False,
        "rai:dataCollection": "Papers are listed by their sources, screened by rules, and read by a program; people review what it is unsure of.",
        "rai:dataCollectionMissingData": LIMITS[0],
        "rai:dataLimitations": list(LIMITS),
        "distribution": list(_files(edition)),
        "recordSet": [*_lists(), *map(_record_set, TABLES)],
    }


def _files(edition: Edition) -> Iterator[dict[str, object]]:
    for name, stored in edition.files.items():
        path = PurePosixPath(name)
        yield {
            "@type": "cr:FileObject",
            "@id": name,
            "name": name,
            "description": f"{_meanings().get(path.stem, 'All tables.')} As {path.suffix[1:]}.",
            "contentUrl": name,
            "contentSize": f"{stored.size} B",
            "encodingFormat": _FORMATS.get(path.suffix, "application/octet-stream"),
            "sha256": stored.sha256,
        }


def _meanings() -> Mapping[str, str]:
    return {table.name: table.meaning for table in TABLES}


def _lists() -> Iterator[dict[str, object]]:
    """The closed lists of words, each as an enumeration."""
    for table in TABLES:
        for column in table.columns:
            if column.allowed:
                id = _list(table, column)
                yield {
                    "@type": "cr:RecordSet",
                    "@id": id,
                    "name": id,
                    "description": f"All that `{column.name}` of `{table.name}` may be. {column.meaning}",
                    "dataType": "sc:Enumeration",
                    "key": {"@id": f"{id}/name"},
                    "field": [
                        {
                            "@type": "cr:Field",
                            "@id": f"{id}/name",
                            "name": f"{id}/name",
                            "description": "One of the words.",
                            "dataType": "sc:Text",
                        }
                    ],
                    "data": [{f"{id}/name": word} for word in column.allowed],
                }


def _list(table: Table, column: Column) -> str:
    return f"{table.name}_{column.name}_words"


def _record_set(table: Table) -> dict[str, object]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.meaning,
        "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
        "field": [_field(table, column) for column in table.columns],
        "examples": [{f"{table.name}/{column.name}": column.example for column in table.columns}],
    }


def _field(table: Table, column: Column) -> dict[str, object]:
    leads_to = {item.column: item.table for item in table.references}
    described: dict[str, object] = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": f"{table.name}/{column.name}",
        "description": in_a_sentence(column),
        "dataType": _TYPES[column.type],
        "source": {
            "fileObject": {"@id": f"{table.name}.parquet"},
            "extract": {"column": column.name},
        },
    }
    if column.name in leads_to:
        described["references"] = {"field": {"@id": f"{leads_to[column.name]}/{column.name}"}}
    return described
