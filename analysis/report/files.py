"""All files of a report, and the writing of them."""

from __future__ import annotations

from pathlib import Path

from analysis.report.charts import charts
from analysis.report.contents import Contents
from analysis.report.latex import latex_files
from analysis.report.page import PAGE, page
from analysis.report.tables import as_csv, json_file, tables
from extractors.facts.errors import UsageError


def write_report(contents: Contents, folder: Path) -> tuple[str, ...]:
    """Writes all files of a report and returns their names, the page first.

    Raises:
        UsageError: the folder cannot be made or written to.
    """
    files = report_files(contents)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise UsageError(
            f"the report cannot be written: {error.strerror}",
            where=str(folder),
            remedy="Give a folder that can be written to",
        ) from error
    return tuple(files)


def report_files(contents: Contents) -> dict[str, bytes]:
    """Every file of a report by its name, the page first."""
    made = charts(contents)
    beside = {
        "fits.json": json_file(contents),
        **{f"{name}.csv": as_csv(name, rows) for name, rows in tables(contents).items()},
        **latex_files(contents),
        **{name: content for chart in made.values() for name, content in chart.files()},
    }
    shown = "".join(page(contents, made, tuple(beside)))
    return {PAGE: shown.encode(), **beside}
