"""The place of a value, opened: its picture where the session can show one, or the whole paper at its page."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import resource_tracker
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotation.opening import file_address, opener, web_address
from annotation.picture.showing import Terminal, how_to_show
from extractors.facts.errors import UsageError
from flows.pictures import keep, keep_picture, launch, make_picture

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from textual.app import App

    from annotation.session import Item
    from db.papers import FileOf
    from db.store import Store
    from extractors.facts.evidence import Evidence
    from extractors.facts.ids import PaperId


@dataclass(frozen=True, slots=True)
class Places:
    """Opens the places of values from within a Textual application; what it returns is for the person to read.

    To be made before the application starts: it replaces standard error by something without a number, with which no
    process could be started if the tracker of processes did not run yet.
    """

    engine: Engine
    store: Store
    folder: Path
    """Where pictures are kept."""
    environment: Mapping[str, str]
    terminal: Terminal
    """As `flows.terminal.ask_terminal` found it."""

    def __post_init__(self) -> None:
        resource_tracker.ensure_running()

    async def picture(self, app: App[Any], item: Item) -> str:
        """Show the place of an item's value as a picture.

        Raises:
            BurdenError: there is no place, no picture of it, or nowhere to keep it.
        """
        return await self.picture_of(app, item.key.entity.paper, _evidence(item))

    async def picture_of(self, app: App[Any], paper: PaperId, evidence: Evidence) -> str:  # noqa: ARG002  # as `source_of`
        """Show a place of a paper as a picture; as `picture`."""
        data = await asyncio.to_thread(self.store.get, evidence.sha256)
        made = await asyncio.to_thread(make_picture, data, evidence)
        if how_to_show(self.environment, self.terminal.graphics, sys.platform) == "terminal":
            from annotation.picture.screen import PictureScreen

            place = f"page {evidence.page}, {evidence.anchor}".rstrip(", ")
            app.push_screen(PictureScreen(made, self.terminal.graphics, place))
            return ""
        path = (await asyncio.to_thread(keep_picture, made, self.folder)).absolute()
        opened = launch(opener(path.as_uri(), self.environment, sys.platform))
        return f"picture {'opened' if opened else 'written'}: {path}"

    async def source(self, app: App[Any], item: Item) -> str:
        """Open the paper at the item's page, or say its address.

        Raises:
            BurdenError: there is no place, or the file cannot be kept.
        """
        return await self.source_of(app, item.key.entity.paper, _evidence(item))

    async def source_of(self, app: App[Any], paper: PaperId, evidence: Evidence) -> str:  # noqa: ARG002  # as `picture_of`
        """Open a place of a paper; as `source`."""
        return await asyncio.to_thread(self._open, paper, evidence)

    def _open(self, paper: PaperId, evidence: Evidence) -> str:
        from db.engine import snapshot
        from db.papers import file_of

        with snapshot(self.engine) as session:
            file = file_of(session, paper, evidence.sha256)
        return open_paper(file, evidence, self.store, self.folder, self.environment)


def _evidence(item: Item) -> Evidence:
    if item.evidence is None:
        raise UsageError("no place in the paper is known for this cell", where=str(item.key))
    return item.evidence


def open_paper(
    file: FileOf | None, evidence: Evidence, store: Store, folder: Path, environment: Mapping[str, str]
) -> str:
    """Open arXiv's page of a paper, or a copy of its file; where no window can be, say where it is.

    Args:
        file: the paper's version that the evidence cites.
        evidence: the place.
        store: has the file's bytes.
        folder: where a copy of a paper from elsewhere is put, with an ending that viewers know.
        environment: the variables of the session.

    Returns:
        What was done, for the person.
    """
    media = file.media if file else "pdf"
    address = web_address(file.paper_id, file.version, media, evidence) if file else ""
    if not address:
        name = f"{evidence.sha256[:24]}.{media}"
        address = file_address(keep(store.get(evidence.sha256), folder, name), media, evidence)
    opened = launch(opener(address, environment, sys.platform))
    return f"{'opened' if opened else 'open'} {address} at page {evidence.page}"
