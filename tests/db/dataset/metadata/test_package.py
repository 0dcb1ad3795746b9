"""Frictionless, the real one, reads the data package and judges every row by it."""

from __future__ import annotations

from pathlib import Path

ROWS = {"papers": 2, "models": 2, "training_runs": 2, "results": 2, "evidence": 32}


def test_frictionless_finds_the_package_and_all_its_rows_valid(release: Path) -> None:
    import frictionless

    frictionless.system.trusted = True  # it reads what we wrote, by paths in its folder
    report = frictionless.validate(str(release / "datapackage.json"))
    assert report.flatten(["type", "title", "note"]) == []
    assert {task.name: task.stats["rows"] for task in report.tasks if task.name in ROWS} == ROWS


def test_frictionless_finds_what_is_wrong(release: Path) -> None:
    import frictionless

    runs = release / "training_runs.csv"
    runs.write_text(
        runs.read_text("utf-8").replace("2403.00042/model/sparsenet", "2403.00042/model/gone"), "utf-8"
    )
    found = {error[0] for error in frictionless.validate(str(release / "datapackage.json")).flatten(["type"])}
    assert {"hash-count", "foreign-key"} <= found
