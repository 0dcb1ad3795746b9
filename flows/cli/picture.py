"""`burden review picture`: the place of a value as a picture, or the paper opened there; for slow lines and scripts."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.queue import open_data

if TYPE_CHECKING:
    from annotation.picture.crop import Picture
    from annotation.picture.showing import Terminal
    from db.papers import FileOf
    from extractors.facts.evidence import Evidence
    from flows.settings import Settings


def picture(
    cell: Annotated[
        str, typer.Argument(metavar="CELL", help="As `burden queue` lists it: 2007.05558/run/bert#count.")
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the picture (PNG) here, and show nothing.")
    ] = None,
    whole: Annotated[bool, typer.Option("--open", help="Open the whole paper at the page instead.")] = False,
) -> None:
    """Show the place in the paper where a value stands: in the terminal, in a window, or as a file's path."""
    from annotation.safe_text import safe
    from db.store import open_store
    from extractors.facts.errors import UsageError
    from flows.pictures import make_picture
    from flows.places import open_paper
    from flows.settings import load_settings

    if whole and out is not None:
        raise UsageError("--open and --out ask for different things", remedy="Choose one")
    settings = load_settings()
    found = _find(cell)
    store = open_store(settings.store)
    if whole:
        said = open_paper(found.file, found.evidence, store, settings.pictures, os.environ)
        sys.stdout.write(f"{safe(said)}\n")
        return
    made = make_picture(store.get(found.evidence.sha256), found.evidence)
    if out is not None:
        _write(made.png, out)
        sys.stdout.write(f"{out}\n")
        return
    _show(made, settings)


@dataclass(frozen=True, slots=True)
class _Place:
    evidence: Evidence
    file: FileOf | None


def _find(cell: str) -> _Place:
    """Where a cell's value stands, and in which version's file.

    Raises:
        UsageError: no such cell, or nothing is cited for it.
    """
    from db.engine import snapshot
    from db.papers import file_of
    from db.refresh import cell_state, options
    from extractors.facts.errors import UsageError
    from extractors.facts.ids import CellKey

    key = CellKey.parse(cell)
    engine = open_data()
    try:
        with snapshot(engine) as session:
            state = cell_state(session, key)
            if state is None:
                raise UsageError(f"there is no cell {cell}", remedy="`burden queue` lists those that wait")
            offered = options(session, key)
            evidence = state.evidence or (offered[0].evidence if offered else None)
            if evidence is None:
                raise UsageError("no place in the paper is known for this cell", where=cell)
            return _Place(evidence, file_of(session, key.entity.paper, evidence.sha256))
    finally:
        engine.dispose()


def _show(made: Picture, settings: Settings) -> None:
    from annotation.opening import opener
    from annotation.picture.showing import how_to_show
    from flows.pictures import keep_picture, launch

    terminal = _terminal(settings)
    if how_to_show(os.environ, terminal.graphics, sys.platform) == "terminal":
        _draw(made, terminal)
        return
    path = keep_picture(made, settings.pictures).absolute()
    launch(opener(path.as_uri(), os.environ, sys.platform))
    sys.stdout.write(f"{path}\n")


def _terminal(settings: Settings) -> Terminal:
    """What the terminal draws: as the settings say, or as it says itself; nothing where the output goes to a file."""
    from annotation.picture.showing import Terminal
    from flows.terminal import ask_terminal

    if not sys.stdout.isatty():
        return Terminal()
    return ask_terminal(os.environ, settings.graphics)


def _draw(made: Picture, terminal: Terminal) -> None:
    import io

    from rich.console import Console
    from textual_image.renderable import SixelImage, TGPImage

    console = Console()
    kind = TGPImage if terminal.graphics == "kitty" else SixelImage
    wide = min(console.width - 1, made.width // (terminal.cell or (10, 20))[0])
    console.print(kind(io.BytesIO(made.png), width=max(wide, 1), height="auto"))


def _write(data: bytes, out: Path) -> None:
    from extractors.facts.errors import StoreError

    try:
        out.write_bytes(data)
    except OSError as error:
        raise StoreError(f"the picture cannot be written: {error.strerror}", where=str(out)) from error
