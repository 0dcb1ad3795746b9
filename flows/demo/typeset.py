"""Typesetting of the sample papers, at development time only.

The PDFs are committed and shipped; this module makes them anew from their sources after an edit
(`python -m flows.demo.typeset`). It needs the `typst` package, which only the development environment has, and
imports it when called. The same sources give the same bytes: the creation date is the date the catalogue gives,
and only the fonts that come with typst are used.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

from flows.demo.catalogue import Sample, catalogue

PAPERS = Path(__file__).parent / "papers"
"""Folder of the catalogue, the sources (`src/`) and the PDFs."""


def typeset(sample: Sample) -> bytes:
    """The PDF of a sample paper; all versions of a paper share one source.

    Raises:
        ModuleNotFoundError: the `typst` package is not installed.
        typst.TypstError: the source does not compile.
    """
    import typst

    compiler = typst.Compiler(
        PAPERS / "src" / f"{sample.id}.typ",
        root=PAPERS,
        ignore_system_fonts=True,
        sys_inputs={"version": str(sample.version)},
    )
    return cast(bytes, compiler.compile(format="pdf", timestamp=sample.updated, pdf_tags=False))


def main() -> None:
    """Typeset every sample paper into its place."""
    for sample in catalogue():
        (PAPERS / sample.pdf).write_bytes(typeset(sample))


if __name__ == "__main__":
    main()
