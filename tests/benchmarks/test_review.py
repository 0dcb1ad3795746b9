"""Review in simulation: labels answer, and what they confirm is published."""

from benchmarks.review import Case, _case, _published
from extractors.confidence import Linear
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Name, Quantity, Value
from extractors.labels import Labels
from tests.models import model_of

PAPER = PaperId("2401.00001")
RUN = EntityId(PAPER, "run", "net")
MODEL = model_of({"training": Linear(0.0, {"sure": 9.0})})
LABELS = Labels("paper.pdf", {"run.count": (Quantity.exact(8, "devices"),), "run.accelerator": ()}, None)


def said(field: str, value: Value, sure: float = 0.0) -> Proposal:
    evidence = Evidence("a" * 64, 1, None, "Training", field, "test.rule")
    return Proposal(CellKey(RUN, field), value, evidence, features={"sure": sure})


def case() -> Case:
    facts = (
        said("accelerator", Name("nvidia-v100", "V100")),
        said("count", Quantity.exact(8, "devices")),
        said("epochs", Quantity.exact(3, "epochs")),
        said("wall_time", Quantity.exact(60, "s"), sure=1.0),
    )
    return _case("paper.pdf", Reading("a" * 64, "test", PAPER, "A Net", 9, facts), LABELS, MODEL)


def published(looked_at: set[str]) -> dict[str, object]:
    training = _published(case(), {CellKey(RUN, field) for field in looked_at})["training"]
    assert isinstance(training, list)
    return {key: training[0][key] for key in ("accelerator", "count", "epochs", "time_seconds")}


def test_what_matters_most_is_asked_first_and_what_is_proven_not_at_all() -> None:
    assert [cell.field for cell in case().queue] == ["accelerator", "count", "epochs"]
    assert {cell.field for cell in case().published} == {"wall_time"}


def test_a_confirmed_value_is_published_and_a_wrong_one_is_not() -> None:
    unseen = {"accelerator": None, "count": None, "epochs": None, "time_seconds": 60}
    assert published(set()) == unseen
    assert published({"accelerator", "count"}) == {**unseen, "count": 8}
