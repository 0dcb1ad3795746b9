"""Typesetting of the sample papers, at development time only.

The PDFs are committed and shipped; this module makes them anew from their sources after an edit
(`python -m flows.demo.typeset`). It needs the `typst` package, which only the development environment has, and
imports it when called. The same sources give the same bytes: the creation date is the date the catalogue gives,
and only the fonts that come with typst are used.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

PAPERS = Path(__file__).parent / "papers"
"""Folder of the catalogue, the sources (`src/`) and the PDFs."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One version of one sample paper."""

    id: str
    version: int
    updated: datetime

    @property
    def source(self) -> Path:
        """The typst source; all versions of a paper share it."""
        return PAPERS / "src" / f"{self.id}.typ"

    @property
    def pdf(self) -> Path:
        """Where the typeset paper is kept."""
        return PAPERS / f"{self.id}v{self.version}.pdf"


def samples() -> Iterator[Sample]:
    """Every version of every paper in the catalogue, in its order."""
    catalogue = json.loads((PAPERS / "catalogue.json").read_text(encoding="utf-8"))
    for entry in catalogue:
        yield Sample(entry["id"], entry["version"], datetime.fromisoformat(entry["updated"]))


def typeset(sample: Sample) -> bytes:
    """The PDF of a sample paper.

    Raises:
        ModuleNotFoundError: the `typst` package is not installed.
        typst.TypstError: the source does not compile.
    """
    import typst

    compiler = typst.Compiler(
        sample.source, root=PAPERS, ignore_system_fonts=True, sys_inputs={"version": str(sample.version)}
    )
    return cast(bytes, compiler.compile(format="pdf", timestamp=sample.updated, pdf_tags=False))


def main() -> None:
    """Typeset every sample paper into its place."""
    for sample in samples():
        sample.pdf.write_bytes(typeset(sample))


if __name__ == "__main__":
    main()
