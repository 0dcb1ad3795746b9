"""The README of a release: the page that it begins with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from db.dataset.checks import Check
from db.dataset.edition import LICENCE, LICENCE_URL, METHOD, Edition
from db.dataset.metadata.about import LIMITS, bibtex, citation
from db.dataset.metadata.examples import EXAMPLES, Example
from db.dataset.metadata.markdown import grid
from db.dataset.metadata.review import lines
from db.dataset.schema import SCREENING, TABLES, Row


def readme(edition: Edition) -> str:
    """The page that a release begins with."""
    rows = [
        (f"`{table.name}`", str(edition.statistics.tables[table.name]), table.meaning) for table in TABLES
    ]
    statuses = sorted(edition.statistics.statuses.items())
    said = [
        f"# burden dataset {edition.version}",
        "",
        "Hardware, training time, parameters, operations and benchmark scores of deep-learning papers, each cell with",
        f"its evidence. State of {edition.as_of:%Y-%m-%d}. Licence: [{LICENCE}]({LICENCE_URL}).",
        "",
        *grid(("table", "rows", "what a row is"), rows),
        "",
        f"Published cells: {', '.join(f'{count} {status}' for status, count in statuses) or 'none'}.",
        "",
        "## Reading it",
        "",
        "Each table is there as Parquet and as CSV (UTF-8, header, empty for missing). `data-dictionary.md` explains",
        "every column; `datapackage.json` (Data Package) and `croissant.json` (Croissant) say the same to programs, `datasette.json`",
        "to Datasette, which serves `burden.sqlite`; `index.html` shows people what is in it. `CHANGELOG.md` and `changes.csv` tell what changed and why, `computational_limits/`",
        "and `epoch.csv` have the models in the columns of others, `SHA256SUMS` seals all files. In the folder of the release:",
        "",
        *(line for example in EXAMPLES for line in _example(example)),
        "`evidence` tells of every published cell the page, the box, the words, the rule, how probable it is, and who",
        "confirmed it. `burden analyze` fits performance against compute from this folder.",
        "In CSV a text that a spreadsheet would take for a formula (it begins with = + - or @, also wide ones) has an apostrophe in",
        "front; Parquet has it as it is. Ids of papers look like numbers and lose their last zero if they are read as such, and a",
        "model may be called NA or None, which is no empty cell:",
        "",
        '`pandas.read_csv("papers.csv", dtype={"paper_id": str}, keep_default_na=False, na_values=[""])`.',
        "",
        "## How papers came here",
        "",
        "Of the versions that sources listed, by step, as PRISMA counts them; the table `screening` has the same.",
        "",
        *grid(("step", "outcome", "papers"), map(_flow_cells, edition.common.tables[SCREENING.name])),
        "",
        *lines(edition.quality),
        "## Checks",
        "",
        *grid(("check", "holds", "what it asks"), map(_outcome, edition.checks)),
        "",
        "## Known limits",
        "",
        *(f"- {limit}" for limit in LIMITS),
        "",
        "## How to cite",
        "",
        citation(edition),
        f"The method is that of {METHOD}. `CITATION.cff` says both to",
        "citation managers, and this to BibTeX:",
        "",
        "```bibtex",
        bibtex(edition),
        "```",
    ]
    return "\n".join(said) + "\n"


def _flow_cells(row: Row) -> Sequence[str]:
    return str(row["step"]), str(row["outcome"]), str(row["papers"])


def _outcome(check: Check) -> Sequence[str]:
    return check.name, "yes" if check.success else f"no, {check.observed} times", check.description


def _example(example: Example) -> Iterator[str]:
    yield from (f"{example.title}:", "", f"```{example.language}", example.code.rstrip(), "```", "")
