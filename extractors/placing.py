"""Evidence from HTML, given its place in the PDF of the same paper: page and box, for people who check it.

What a rule read stays as it was read; only where its words stand is looked up. How words are found is in
`documents.locate`.
"""

from __future__ import annotations

from dataclasses import replace

from extractors.documents.locate import Places
from extractors.documents.model import Document
from extractors.facts.evidence import Evidence
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import NotReported, Value


def placed(reading: Reading, pdf: Document) -> Reading:
    """A reading of a page without geometry, with its evidence placed in the PDF of the same version.

    Where the quote is found, evidence names the PDF, its page, box and words, and keeps its anchor; elsewhere it stays
    with the page that it was read from, without a box.
    """
    places = Places(pdf)
    proposals = tuple(_placed(proposal, places, pdf.sha256) for proposal in reading.proposals)
    return replace(reading, proposals=proposals, pages=len(pdf.pages))


def _placed(proposal: Proposal, places: Places, sha256: str) -> Proposal:
    rivals = tuple(
        replace(rival, evidence=_evidence(rival.evidence, rival.value, places, sha256))
        for rival in proposal.rivals
    )
    evidence = _evidence(proposal.evidence, proposal.value, places, sha256)
    return replace(proposal, evidence=evidence, rivals=rivals)


def _evidence(evidence: Evidence, value: Value, places: Places, sha256: str) -> Evidence:
    found = places.find(evidence.quote) if evidence.box is None else None
    if found is None:
        return evidence
    box, quote = found.narrowed("" if isinstance(value, NotReported) else value.printed)
    return Evidence(sha256, found.page, box, evidence.anchor, quote, evidence.rule)
