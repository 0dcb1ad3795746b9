"""Fixtures for the flows: a running stand-in for arXiv, a clock that only moves when told, settings in a folder."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db.engine import open_database
from flows.clock import PlayedClock
from flows.demo.standin import StandIn, stand_in
from flows.files import due, fetched
from flows.night import Night, Order, Steps, Summary, open_night, run
from flows.progress import in_silence
from flows.serve import free_port, prefect_server
from flows.settings import Settings
from flows.steps import PLAIN
from tests.databases import migrated

NOW = datetime(2024, 4, 1, 2, 30, tzinfo=UTC)
"""When all sample papers have come."""
MARCH = Order(since=date(2024, 3, 1), until=date(2024, 3, 31))


def _only_fetch(night: Night) -> None:
    for _ in fetched(night, due(night)):
        pass


UNREAD = replace(PLAIN, read=_only_fetch)
"""The night without reading, for what happens before."""


@pytest.fixture
def clock() -> PlayedClock:
    return PlayedClock(NOW)


@pytest.fixture
def arxiv() -> Iterator[StandIn]:
    with stand_in(as_of=NOW) as running:
        yield running


@pytest.fixture(scope="module")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one Prefect server for all tests of a module that start flows in processes of their own.

    It does not outlive them: it takes a fortieth of a core for as long as it is there.
    """
    settings, port = Settings(data_dir=tmp_path_factory.mktemp("prefect")), free_port()
    (settings.data_dir / "prefect").mkdir()
    with prefect_server(settings, port, in_silence()):
        yield f"http://127.0.0.1:{port}/api"


PAGE = """<!DOCTYPE html><html><head><title>Larkspur</title></head><body><article class="ltx_document">
<h1 class="ltx_title ltx_title_document">Larkspur: Gated Residual Stages for Image Recognition</h1>
<section id="S3" class="ltx_section"><h2 class="ltx_title ltx_title_section">3 Training</h2>
<div id="S3.p1" class="ltx_para"><p class="ltx_p">Larkspur-101 was trained for 4.5&nbsp;days on 8 NVIDIA V100 GPUs with
32&nbsp;GB of memory each.</p></div>
<figure id="S3.T1" class="ltx_table"><figcaption class="ltx_caption"><span class="ltx_tag ltx_tag_table">Table 1: </span>
Accuracy on the ImageNet validation set.</figcaption><table class="ltx_tabular"><thead class="ltx_thead">
<tr class="ltx_tr"><th class="ltx_td ltx_th">Model</th><th class="ltx_td ltx_th">Params (M)</th>
<th class="ltx_td ltx_th">Top-1 (%)</th></tr></thead><tbody>
<tr class="ltx_tr"><td class="ltx_td">Larkspur-101 (ours)</td><td class="ltx_td">46.8</td><td class="ltx_td">82.3</td></tr>
</tbody></table></figure></section></article></body></html>"""


@pytest.fixture
def page() -> bytes:
    """The first sample paper in short, as LaTeXML would print it."""
    return PAGE.encode()


@pytest.fixture
def settings(tmp_path: Path, arxiv: StandIn) -> Settings:
    """Settings for the stand-in, with a folder of their own and no waiting."""
    return Settings(
        data_dir=tmp_path / "data",
        arxiv_api_url=arxiv.api_url,
        arxiv_pdf_url=arxiv.pdf_url,
        request_interval_seconds=0,
        backoff_seconds=0,
        contact="ops@example.org",
        workers=1,
    )


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """The database of the settings."""
    found = open_database(settings.database)
    yield found
    found.dispose()


@pytest.fixture
def night(settings: Settings, engine: Engine, clock: PlayedClock) -> Callable[..., Summary]:
    """Runs a night, a minute after the one before; by default over the papers of March, without reading them.

    The first finds an empty database: making one takes longer than most nights here, and `tests.db.test_engine` tests it.
    """
    if not settings.data_dir.exists():
        settings.data_dir.mkdir()
        migrated(engine)

    def ran(order: Order = MARCH, do: Steps = UNREAD, **changed: object) -> Summary:
        clock.sleep(60)
        with open_night(settings.model_copy(update=changed), order, clock=clock) as opened:
            return run(opened, do)

    return ran
