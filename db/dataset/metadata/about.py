"""What every description of a release says alike: who made it, its keywords, how to cite it, and what it cannot do."""

from __future__ import annotations

from db.dataset.edition import LICENCE, TITLE, Edition
from db.dataset.schema import Column

NAME = "burden dataset"
CREATOR = "The burden authors"
METHOD_TITLE = "The Computational Limits of Deep Learning"
METHOD_AUTHORS = (
    ("Thompson", "Neil C."),
    ("Greenewald", "Kristjan"),
    ("Lee", "Keeheon"),
    ("Manso", "Gabriel F."),
)
METHOD_ARXIV = "2007.05558"
METHOD_YEAR = 2020
KEYWORDS = (
    "deep learning",
    "computing power",
    "training cost",
    "scaling",
    "hardware",
    "benchmarks",
    "information extraction",
    "provenance",
)
LIMITS = (
    (
        "An empty cell is not a zero and not a no: the paper does not say it, nobody read it yet, or a person is still to decide. Where a paper was"
        " found to be silent, `evidence` has a row with the value `not reported`."
    ),
    (
        "Cells of status `automatic` were read by a program and published unseen, because the confidence model is proven precise enough there. Some"
        " of them are wrong; `review.json` has what audits found, where there were any."
    ),
    (
        "Papers are those that the sources listed and the screening rules kept. They are no random sample of deep learning, and papers that report"
        " their hardware differ from those that do not."
    ),
    (
        "A hardware burden follows the convention that is named beside it, and has columns for other peak rates and other TPUs. Peak rates are not"
        " what a training reached, and what a paper leaves out (failed runs, search, other machines) is not counted."
    ),
    "Scores are as the papers print them. Splits, settings and pre-training differ between papers; compare rows whose columns say the same.",
    "Quotes are capped and serve to find the place: read the paper before you rely on a single cell.",
)
"""What a reader must know before relying on it; backquotes are around names of tables and values."""


def citation(edition: Edition) -> str:
    """How to cite a release, as a sentence."""
    return f"{CREATOR} ({edition.as_of:%Y}). {NAME}, version {edition.version}. {TITLE}. {LICENCE}."


def bibtex(edition: Edition) -> str:
    """How to cite a release, as BibTeX."""
    parts = {
        "author": "{The burden authors}",
        "title": f"{NAME}: {TITLE}",
        "year": f"{edition.as_of:%Y}",
        "version": edition.version,
        "note": f"State of {edition.as_of:%Y-%m-%d}. {LICENCE}",
    }
    lines = "".join(f"  {name} = {{{part}}},\n" for name, part in parts.items())
    return f"@misc{{burden-{edition.version},\n{lines}}}"


def unit(column: Column) -> str:
    """The unit of a column, or which column beside it says so; empty where it has none."""
    return f"see `{column.unit}`" if column.unit.endswith("unit") else column.unit


def allowed(column: Column) -> str:
    """What may stand in a column, in words; empty where anything may."""
    parts = ["never empty"] if column.required else []
    if column.allowed:
        parts.append(", ".join(column.allowed))
    if column.low is not None or column.high is not None:
        low = "" if column.low is None else f"{column.low:g}"
        high = "" if column.high is None else f"{column.high:g}"
        parts.append(f"{low} to {high}" if low and high else f"{low} or more" if low else f"{high} or less")
    if column.longest is not None:
        parts.append(f"at most {column.longest} characters")
    return "; ".join(parts)


def in_a_sentence(column: Column) -> str:
    """All that is to be said of a column, for formats that have one text for it."""
    parts = [column.meaning]
    parts += [f"Unit: {unit(column)}."] if column.unit else []
    parts += [f"Allowed: {said}."] if (said := allowed(column)) else []
    parts.append(f"Example: {column.example}")
    return " ".join(parts)
