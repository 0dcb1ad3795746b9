"""Passages are read in a process of their own; what cannot be read has none."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

from annotation.citing import Citation
from annotation.passage import InTable, InText
from db.store import open_store
from extractors.facts.evidence import Evidence
from extractors.facts.values import NotReported
from extractors.paper import read_paper
from flows.passages import Passages

PAPER = min((Path(__file__).parents[2] / "flows" / "demo" / "papers").glob("*.pdf"))


def test_a_passage_is_read_from_the_stored_paper_and_a_missing_paper_has_none(tmp_path: Path) -> None:
    data = PAPER.read_bytes()
    sha256 = open_store(tmp_path).put(data)
    place = read_paper(data).proposals[0].evidence
    passages = Passages(str(tmp_path))
    try:
        assert place.sha256 == sha256
        assert isinstance(passages.read(place), InText | InTable)
        assert (passages.pages(sha256) or 0) > 1
        words = Citation(place.quote, place.page)
        found = passages.place(sha256, words, (NotReported(),))
        assert found is not None and found.evidence[0].page == place.page
        assert passages.pages("0" * 64) is None
        assert passages.place("0" * 64, words, ()) is None
        assert passages.read(Evidence("0" * 64, 1, None, "", "anything", "test")) is None
    finally:
        passages.close()


def test_a_reader_that_was_killed_while_idle_is_started_again(tmp_path: Path) -> None:
    sha256 = open_store(tmp_path).put(PAPER.read_bytes())
    before = set(multiprocessing.active_children())
    passages = Passages(str(tmp_path))
    try:
        assert (passages.pages(sha256) or 0) > 1
        for child in set(multiprocessing.active_children()) - before:
            child.kill()
            child.join()
        # what is asked before anybody has noticed may have no answer, but no error either
        for _ in range(100):
            if passages.pages(sha256):
                return
            sleep(0.1)
        raise AssertionError("nobody reads any more")
    finally:
        passages.close()


def test_who_waits_for_a_passage_gets_none_when_the_reader_closes(tmp_path: Path) -> None:
    data = PAPER.read_bytes()
    open_store(tmp_path).put(data)
    passages = Passages(str(tmp_path))
    with ThreadPoolExecutor(1) as waiting:
        asked = waiting.submit(passages.read, read_paper(data).proposals[0].evidence)
        passages.close()
        assert asked.result(60) is None
    assert passages.read(read_paper(data).proposals[0].evidence) is None
