"""Only the families that are fitted anew change; the others keep what the present model has for them."""

from benchmarks.confidence import FITTED, renewed
from extractors.confidence import Linear, Model, Proof
from extractors.facts.fields import Family

PROOF = Proof(0.5, 10, 3, 1.0, 0.9)


def model(version: str, number: float) -> Model:
    linear = Linear(number)
    pools = {"costs": (PROOF,), "run.count": (PROOF,)} if number else {}
    fields = {"model.parameters": linear, "run.count": linear}
    families: dict[Family, Linear] = {"costs": linear, "training": linear}
    return Model(
        version,
        families,
        fields,
        pools,
        (version,),
        {"method": version, "costs.skill": number, "training.skill": 1},
    )


def test_a_family_that_is_not_fitted_keeps_its_weights_and_proofs() -> None:
    present, new = model("old", 0.0), model("new", 1.0)
    found = renewed(present, new)
    assert FITTED == ("costs",)
    assert (found.families["costs"], found.families["training"]) == (Linear(1.0), Linear(0.0))
    assert (found.fields["model.parameters"], found.fields["run.count"]) == (Linear(1.0), Linear(0.0))
    assert dict(found.pools) == {"costs": (PROOF,)}
    assert found.seen == ("new", "old")
    assert dict(found.report) == {"method": "new", "costs.skill": 1.0}
