"""Only papers that were named are fetched, and nothing where no paper of arXiv was."""

import pytest

from db.papers import FileOf, Validators
from extractors.facts.errors import RefusedRequestError
from extractors.facts.ids import PaperId
from flows.clock import PlayedClock
from flows.fetch import Fetched
from flows.gate import OpenGate
from flows.night import atom_source
from flows.settings import Settings
from flows.sources.single import SingleSource
from tests.fetched import bytes_of

NAMED = FileOf(PaperId("2403.99101"), 1, None, "https://arxiv.org/pdf/2403.99101v1")
OTHER = FileOf(PaperId("2403.99102"), 1, None, "https://arxiv.org/pdf/2403.99102v1")


def nothing(url: str, _: Validators) -> Fetched:
    raise AssertionError(f"{url} was asked for")


def test_a_named_paper_is_fetched_and_no_other(settings: Settings, clock: PlayedClock) -> None:
    source = SingleSource(atom_source(settings, clock, OpenGate()), nothing, {NAMED.paper_id})
    assert source.can_fetch(NAMED) and not source.can_fetch(OTHER)
    assert source.address(NAMED).endswith("/pdf/2403.99101v1")
    assert bytes_of(source.fetch(NAMED)).startswith(b"%PDF-")


def test_files_alone_need_no_arxiv(clock: PlayedClock) -> None:
    source = SingleSource(None, nothing, {NAMED.paper_id})
    assert not source.can_fetch(NAMED)
    with pytest.raises(RefusedRequestError):
        source.fetch(NAMED)


def test_nothing_is_listed_by_date() -> None:
    assert SingleSource(None, nothing).feeds == ()
