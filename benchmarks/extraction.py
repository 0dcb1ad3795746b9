"""Speed of everything after reading: sentences, rules, tables, scores and linking, in processor time over the corpus.

`python -m benchmarks extraction` reads the papers first, untimed, then takes their facts several times over. Tokens are
made where a rule asks for them, so their time is part of that rule's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import TypeVar

from benchmarks.corpus import Corpus
from extractors.context import context_of
from extractors.costs import cost_drafts
from extractors.documents.media import read_document
from extractors.documents.model import Document
from extractors.facts.errors import DocumentError
from extractors.facts.records import Proposal
from extractors.linking import link
from extractors.linking.asides import set_aside
from extractors.paper import paper_id
from extractors.physics import checked
from extractors.rules.training import trainings
from extractors.scores import score_drafts
from extractors.surroundings import surrounded

ROUNDS = 5
"""How often the corpus is gone through, of which the median counts."""
TARGET = 100.0
"""Pages per second that the whole has to reach on one core."""
STAGES = ("sentences", "training", "costs", "scores", "linking", "physics", "surroundings", "asides")

Seconds = dict[str, float]
"""Processor time by stage."""

T = TypeVar("T")


def report(corpus: Corpus, *, rounds: int = ROUNDS) -> None:
    """Print pages per second in total, and milliseconds a page of each stage."""
    documents = list(_read(corpus))
    extracted(documents[0])  # patterns and matchers are made once a process
    pages = sum(len(document.pages) for document in documents)
    print("\n".join(table(pages, [measured(documents) for _ in range(rounds)])))


def _read(corpus: Corpus) -> Iterator[Document]:
    for path in corpus.pdfs:
        try:
            yield read_document(path.read_bytes())
        except DocumentError as error:
            print(f"unreadable: {path.name}: {error}")


def measured(documents: Sequence[Document]) -> Seconds:
    """What each stage takes for some documents together."""
    seconds: Seconds = dict.fromkeys(STAGES, 0.0)
    for document in documents:
        extracted(document, seconds)
    return seconds


def extracted(document: Document, seconds: Seconds | None = None) -> tuple[Proposal, ...]:
    """What `extractors.paper` proposes for a document, the time of each stage added to `seconds`."""
    spent = seconds if seconds is not None else dict.fromkeys(STAGES, 0.0)

    def timed(stage: str, work: Callable[[], T]) -> T:
        start = time.process_time()
        done = work()
        spent[stage] += time.process_time() - start
        return done

    context = timed("sentences", lambda: context_of(document))
    training = timed("training", lambda: trainings(context))
    costs = timed("costs", lambda: cost_drafts(context))
    scores = timed("scores", lambda: score_drafts(context))
    drafts = (*training.own, *costs, *scores)
    paper = paper_id(document)
    proposals = timed("linking", lambda: link(paper, drafts, context.ownership))
    compared = timed("physics", lambda: checked(proposals))
    own = timed("surroundings", lambda: surrounded(compared, context.ownership))
    return (*own, *timed("asides", lambda: set_aside(paper, training.aside, own)))


def table(pages: int, rounds: Sequence[Seconds]) -> list[str]:
    """One line a stage with its median of several rounds, then the whole, and whether it is quick enough."""
    whole = [sum(spent.values()) for spent in rounds]
    spent = {stage: median(each[stage] for each in rounds) for stage in STAGES} | {"all": median(whole)}
    rates = [pages / seconds for seconds in whole]
    met = "met" if median(rates) >= TARGET else "MISSED"
    return [
        f"{'stage':<12}{'ms a page':>10}",
        *(f"{stage:<12}{1000 * seconds / pages:>10.2f}" for stage, seconds in spent.items()),
        f"{pages} pages, {median(rates):.0f} a second ({min(rates):.0f} to {max(rates):.0f})",
        f"{met:<7}at least {TARGET:.0f} pages a second",
    ]
