"""What a backfill will take: requests to arXiv, and the hours that they take at the pace it allows. Only arithmetic.

Before anything was asked, what nights of the same source brought is all that is known; once the papers are listed and
screened, the files to be fetched are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flows.progress import spoken
from flows.sources import Window
from flows.watch.report import RunReport

RECORDS_A_PAGE = 1000
"""Of arXiv's OAI-PMH feed, about: all of it has some 2,500 pages (https://info.arxiv.org/help/oa/index.html)."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is expected of a window."""

    papers: int
    """That the source lists."""
    pages: int
    """Requests for these."""
    files: int
    """Requests for the papers that are worth reading."""

    @property
    def requests(self) -> int:
        """All of them."""
        return self.pages + self.files


def expected(window: Window, nights: Sequence[RunReport], a_page: int) -> Estimate | None:
    """What a window should bring, by what nights brought a day; None where no night tells.

    Args:
        window: the days.
        nights: reports of nights of the same source and selection.
        a_page: papers that a page lists.
    """
    telling = [night for night in nights if night.steps.identified]
    if not telling:
        return None
    days = sum((night.until - night.since) / _DAY for night in telling)
    papers = round(
        sum(night.steps.identified for night in telling) / days * ((window.until - window.since) / _DAY)
    )
    screened = sum(night.steps.screened for night in telling)
    share = sum(night.steps.chosen for night in telling) / screened if screened else 1.0
    return Estimate(papers, -(-papers // a_page), round(papers * share))


def foretold(estimate: Estimate | None, seconds_each: float) -> str:
    """The estimate in a sentence, before anything is asked."""
    if estimate is None:
        return (
            "No night has asked this source yet: what it will take is told once the papers are listed, "
            f"about {RECORDS_A_PAGE:,} with a request."
        )
    return (
        f"By the nights so far, about {estimate.papers:,} papers, {estimate.files:,} of them to be read: "
        f"{estimate.requests:,} requests to arXiv, {_lasting(estimate.requests, seconds_each)}."
    )


def counted(files: int, seconds_each: float, *, is_asked: bool) -> str:
    """What is left, once the papers are listed."""
    if not files:
        return "No file is missing."
    if not is_asked:
        return f"{files:,} files to read, without a request."
    return f"{files:,} files to fetch: {_lasting(files, seconds_each)}."


def _lasting(requests: int, seconds_each: float) -> str:
    return f"{spoken(requests * seconds_each)} at one request every {seconds_each:g} s"
