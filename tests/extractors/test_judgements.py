"""A judgement keeps what a confidence model needs of a proposal."""

from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Rival
from extractors.facts.values import Quantity
from extractors.judgements import Judgement

WORDS = Evidence("a" * 64, 1, None, "Training", "on 8 GPUs", "test.rule")


def test_a_judgement_has_the_paper_the_field_and_all_that_is_weighed() -> None:
    key = CellKey(EntityId(PaperId("2401.00001"), "run", "net"), "count")
    rival = Rival(Quantity.exact(4, "devices"), WORDS)
    proposal = Proposal(key, Quantity.exact(8, "devices"), WORDS, (rival,), {"distance": 2.0})
    inputs = {"distance": 2.0, "field:count": 1.0, "rule:test.rule": 1.0, "rivals": 1.0}
    found = Judgement.of(proposal, "audit", right=True, weight=20)
    assert found == Judgement(PaperId("2401.00001"), "run.count", inputs, True, 20, "audit")
