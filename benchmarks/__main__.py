"""Runs one benchmark, or all: `python -m benchmarks [speed|extraction|agreement|tables|score|domains|screening|authors|confidence|review|pace|crowd|politeness|alarms|strangers|fuzz|soak|kills|flowkills|faults|overhead|releases|layouts|slips|analysis]`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.corpus import find_corpus
from extractors.facts.errors import BurdenError

_MODEL = Path(__file__).resolve().parents[1] / "extractors" / "ontology" / "confidence.json"
_PAPERS = Path(__file__).resolve().parents[1] / "flows" / "demo" / "papers"


def main(arguments: list[str]) -> int:
    """Run the named benchmarks; `confidence` writes the packaged model, `fuzz` takes an hour, `soak` and `kills` as long, `flowkills`, `crowd`, `alarms` and `releases` some minutes: they run only when named."""
    from benchmarks import (
        agreement,
        alarms,
        analysis,
        authors,
        confidence,
        crowd,
        domains,
        extraction,
        faults,
        fuzzing,
        kills,
        layouts,
        overhead,
        pace,
        politeness,
        reading,
        releases,
        review,
        scores,
        screening,
        slips,
        soak,
        strangers,
        tables,
    )

    whole = "--all" in arguments
    pages = agreement.everything if whole else agreement.sample
    names = [name for name in arguments if name != "--all"]
    known: dict[str, Callable[[], object]] = {
        "score": lambda: scores.report(find_corpus()),
        "speed": lambda: reading.compare(find_corpus(), every=1 if whole else reading.EVERY),
        "extraction": lambda: extraction.report(find_corpus()),
        "agreement": lambda: agreement.report(pages(find_corpus())),
        "tables": lambda: tables.report(find_corpus()),
        "domains": lambda: domains.report(find_corpus(), misses=whole),
        "screening": lambda: screening.report(find_corpus()),
        "authors": lambda: authors.report(find_corpus()),
        "layouts": lambda: layouts.report(find_corpus()),
        "slips": lambda: slips.report(find_corpus()),
        "review": lambda: review.report(find_corpus()),
        "pace": lambda: pace.report(find_corpus()),
        "crowd": crowd.report,
        "politeness": lambda: politeness.report(find_corpus()),
        "alarms": alarms.report,
        "strangers": strangers.report,
        "fuzz": lambda: fuzzing.report(_PAPERS, range(50_000)),
        "soak": soak.report,
        "kills": kills.report,
        "faults": faults.report,
        "releases": releases.report,
        "analysis": analysis.report,
        "flowkills": kills.report_flow,
        "overhead": lambda: overhead.report(_PAPERS),
        "confidence": lambda: confidence.fit(find_corpus(), _MODEL),
    }
    wanted = names or ["speed", "extraction", "agreement", "tables", "score", "domains", "authors"]
    for name in wanted:
        if name not in known:
            sys.stderr.write(f"no benchmark {name!r}; there are {', '.join(known)}\n")
            return 2
        print(f"== {name}")
        known[name]()
    return 0


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except BurdenError as error:
        sys.stderr.write(f"benchmarks: {error}\n")
        raise SystemExit(error.exit_code) from error
