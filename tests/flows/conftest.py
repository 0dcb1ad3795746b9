"""Fixtures for the flows: a running stand-in for arXiv, a clock that only moves when told, settings in a folder."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.clock import PlayedClock
from flows.demo.standin import StandIn, stand_in
from flows.progress import in_silence
from flows.serve import free_port, prefect_server
from flows.settings import Settings


@pytest.fixture
def clock() -> PlayedClock:
    return PlayedClock(datetime(2024, 3, 15, 2, 30, tzinfo=UTC))


@pytest.fixture
def arxiv() -> Iterator[StandIn]:
    with stand_in() as running:
        yield running


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one Prefect server for all tests that start flows in processes of their own."""
    settings, port = Settings(data_dir=tmp_path_factory.mktemp("prefect")), free_port()
    (settings.data_dir / "prefect").mkdir()
    with prefect_server(settings, port, in_silence()):
        yield f"http://127.0.0.1:{port}/api"


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
