"""Citation managers and archives are told who, what and when."""

from __future__ import annotations

import json
from pathlib import Path

import yaml


def test_citation_files_say_who_what_and_when(release: Path) -> None:
    cited = yaml.safe_load((release / "CITATION.cff").read_text("utf-8"))
    assert (cited["cff-version"], cited["type"], cited["version"]) == ("1.2.0", "dataset", "0.1.0")
    assert cited["license"] == "CC-BY-4.0" and cited["authors"] and cited["date-released"] == "2026-11-20"
    deposit = json.loads((release / ".zenodo.json").read_text("utf-8"))
    assert (deposit["upload_type"], deposit["version"], deposit["license"]) == (
        "dataset",
        "0.1.0",
        "cc-by-4.0",
    )
    assert deposit["creators"] and deposit["publication_date"] == "2026-11-20"
