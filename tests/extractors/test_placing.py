"""Evidence without geometry, given its place in a PDF, or left as it was."""

from extractors.documents.model import Document, Page, Paragraph, Word, compose
from extractors.facts.evidence import Box, Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading, Rival
from extractors.facts.values import NotReported, Quantity, Value
from extractors.placing import placed

HTML, PDF = "a" * 64, "b" * 64
PAPER = PaperId("2403.99101")


def document(text: str) -> Document:
    words = tuple(
        Word(printed, Box(2, 50 * at, 100, 50 * at + 40, 110), 10) for at, printed in enumerate(text.split())
    )
    paragraph = Paragraph("text", "body", "Training", words, *compose(words))
    return Document(PDF, (Page(1, 612, 792), Page(2, 612, 792)), "", (paragraph,), ())


def reading(quote: str, value: Value, rivals: tuple[Rival, ...] = (), box: Box | None = None) -> Reading:
    evidence = Evidence(HTML, 1, box, "S3.p1", quote, "rule")
    proposal = Proposal(CellKey(EntityId(PAPER, "run", "a"), "wall_time"), value, evidence, rivals)
    return Reading(HTML, "x", PAPER, "", 1, (proposal,))


DAYS = Quantity.exact(345_600, "s", "4 days")
TEXT = "our largest model was trained for 4 days on eight cards and then tuned"


def test_evidence_that_is_found_names_page_box_and_words_of_the_pdf() -> None:
    found = placed(reading("model was trained for 4\u00a0days on eight cards", DAYS), document(TEXT))
    evidence = found.proposals[0].evidence
    assert evidence == Evidence(
        PDF, 2, Box(2, 300, 100, 390, 110), "S3.p1", "model was trained for 4 days on eight cards", "rule"
    )
    assert (found.sha256, found.pages) == (HTML, 2)


def test_evidence_that_is_not_found_stays() -> None:
    before = reading("a sentence that the other file does not have at all", DAYS)
    assert placed(before, document(TEXT)).proposals == before.proposals


def test_evidence_with_a_box_stays() -> None:
    before = reading("trained for 4 days on eight", DAYS, box=Box(1, 0, 0, 9, 9))
    assert placed(before, document(TEXT)).proposals == before.proposals


def test_of_a_value_that_is_not_printed_so_the_whole_quote_is_the_place() -> None:
    evidence = (
        placed(reading("trained for 4 days on eight", NotReported()), document(TEXT)).proposals[0].evidence
    )
    assert evidence.box == Box(2, 200, 100, 490, 110)


def test_rivals_are_placed_too() -> None:
    rival = Rival(DAYS, Evidence(HTML, 1, None, "S3.p1", "on eight cards and then tuned", "rule"))
    found = placed(reading("trained for 4 days on eight", DAYS, (rival,)), document(TEXT)).proposals[0]
    assert [rival.evidence.page for rival in found.rivals] == [2]
