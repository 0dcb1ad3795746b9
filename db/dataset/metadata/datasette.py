"""What Datasette (https://docs.datasette.io) shows beside the rows of `burden.sqlite`: `datasette.json`, its metadata file.

Datasette reckons with units by Pint, which does not know ours: they are defined in the file. A unit that says how often, such as
FLOP/s, may have any prefix; what columns count in otherwise is in their descriptions.
"""

from __future__ import annotations

from db.dataset.edition import DESCRIPTION, LICENCE, LICENCE_URL, TITLE, Edition
from db.dataset.metadata.about import NAME, unit
from db.dataset.schema import TABLES, Column, Table

DATABASE_NAME = "burden"
_UNITS = {
    "FLOP": "FLOP",
    "FLOP/s": "FLOP / second",
    "kWh": "kilowatt_hour",
}
"""Units that are shown with the value; the others are in the descriptions alone, because their prefixes would puzzle (`1.2 kUSD`, `2.1 Ms`)."""
_DEFINITIONS = ("FLOP = [operation]",)
_FACETS: dict[str, tuple[str, ...]] = {
    "papers": ("source",),
    "models": ("role",),
    "training_runs": ("accelerator", "phase", "number_format"),
    "results": ("benchmark", "metric", "split"),
    "accelerators": ("kind", "vendor"),
    "benchmarks": ("domain", "unit"),
    "evidence": ("table_name", "column_name", "status"),
    "screening": ("step",),
}
_LABELS = {"papers": "title", "models": "name"}
"""The column that stands for a row where another table leads to it."""
_NEWEST_FIRST = {"papers": "published"}
_COSTLIEST = """\
select papers.title, papers.published, models.name as model, accelerator, count, wall_time_s,
  hardware_burden_flop, run_id
from training_runs join papers using (paper_id) left join models using (model_id)
where hardware_burden_flop is not null
order by hardware_burden_flop desc, run_id
limit 100"""
_EVIDENCE = """\
select column_name, value, printed, quote, page,
  case when paper_id like 'file:%' then null
    when paper_id like 'doi:%' then 'https://doi.org/' || substr(paper_id, 5)
    else 'https://arxiv.org/pdf/' || paper_id || 'v' || paper_version || '#page=' || page end as place,
  status, round(probability, 3) as probability, reviewers, rule
from evidence
where row_id = :row_id
order by cell"""
"""For whoever has a browser, the place is the page of the version that was read."""
_FIND = """\
select paper_id, papers.title, published, model_id, models.name as model, role, parameters
from papers left join models using (paper_id)
where papers.title like '%' || :words || '%' or models.name like '%' || :words || '%'
order by papers.title, models.name, model_id
limit 500"""


def datasette(edition: Edition) -> dict[str, object]:
    """The content of `datasette.json`."""
    return {
        "title": f"{NAME} {edition.version}",
        "description": f"{DESCRIPTION} State of {edition.as_of:%Y-%m-%d}.",
        "license": LICENCE,
        "license_url": LICENCE_URL,
        "custom_units": list(_DEFINITIONS),
        "databases": {
            DATABASE_NAME: {
                "description": TITLE,
                "tables": {table.name: _table(table) for table in TABLES},
                "queries": {
                    "find": {
                        "title": "Papers and models by words",
                        "description": "With the words in the title of the paper or the name of the model, in capitals or not; at most 500.",
                        "sql": _FIND,
                    },
                    "costliest": {
                        "title": "The costliest training runs",
                        "description": "By hardware burden, with paper and model.",
                        "sql": _COSTLIEST,
                    },
                    "evidence_of_row": {
                        "title": "The evidence of a row",
                        "description": "Every published cell of a model, run or result, by the row's key: place, words, rule and who confirmed it.",
                        "sql": _EVIDENCE,
                    },
                },
            }
        },
    }


def _table(table: Table) -> dict[str, object]:
    newest = _NEWEST_FIRST.get(table.name)
    described: dict[str, object] = {
        "description": table.meaning,
        "columns": {column.name: _said(column) for column in table.columns},
        "units": {column.name: _UNITS[column.unit] for column in table.columns if _has_unit(column)},
        "facets": list(_FACETS.get(table.name, ())),
        "label_column": _LABELS.get(table.name),
        "sort_desc": newest,
        "sort": None if newest else table.key[0],
    }
    return {name: part for name, part in described.items() if part}


def _said(column: Column) -> str:
    """What it means, its unit and its words; all else is in the dictionary, for these stand above the rows."""
    parts = [column.meaning]
    parts += [f"Unit: {unit(column).replace('`', '')}."] if column.unit else []
    parts += [f"One of: {', '.join(column.allowed)}."] if column.allowed else []
    return " ".join(parts)


def _has_unit(column: Column) -> bool:
    return column.type == "number" and column.unit in _UNITS
