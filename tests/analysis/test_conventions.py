from dataclasses import replace

import pytest

from analysis.conventions import Burden, Options, Trained, burden_of, processors
from analysis.load import Accelerator, Model, Run
from extractors.facts.errors import DatasetError
from extractors.facts.measures import AUTHORS_CONVERSION, Convention

RATED = processors(
    [
        Accelerator("Graphics 1", "GPU", 1e13, 8e13, 1, 1),
        Accelerator("Tensor 2", "TPU", None, 4e13, 4, 2),
        Accelerator("Mystery", "GPU", None, None, 1, 1),
    ]
)
MODEL = Model("p/model/net", "p", "Net", "headline", 1e8, 4e9, None)
RUN = Run(
    run_id="p/run/net", paper_id="p", model_id="p/model/net", phase="training", accelerator="Graphics 1", count=8.0,
    count_unit="devices", wall_time_s=3600.0, device_time_s=None, device_time_unit=None, epochs=None, steps=1000.0,
    batch_size=256.0, batch_unit="examples", number_format=None, training_set_size=None, training_set_unit=None,
)  # fmt: skip
TPU_RUN = replace(RUN, accelerator="Tensor 2")


def burden(*runs: Run, **choices: object) -> Burden | str:
    convention = Convention(**choices)  # type: ignore[arg-type]
    return burden_of(Trained(MODEL, runs, runs), RATED, Options(convention))


def test_a_burden_is_the_sum_over_the_runs_of_the_model() -> None:
    assert burden(RUN, replace(RUN, phase="finetuning", wall_time_s=360.0)) == Burden(
        3960.0 * 8 * 1e13, "reported"
    )


def test_device_time_is_taken_where_it_is_printed() -> None:
    run = replace(RUN, count=None, wall_time_s=None, device_time_s=7200.0, device_time_unit="device-s")
    assert burden(run) == Burden(7200.0 * 1e13, "reported")


@pytest.mark.parametrize(
    ("choices", "rate"),
    [
        ({}, 1.6e14),
        ({"tpu": "chip"}, 4e13),
        ({"utilisation": 0.5}, 8e13),
        ({"tpu": "chip", "rate": "tensor"}, 4e13),
    ],
)
def test_a_tpu_follows_the_convention(choices: dict[str, object], rate: float) -> None:
    assert burden(TPU_RUN, **choices) == Burden(3600.0 * 8 * rate, "reported")


@pytest.mark.parametrize(
    ("runs", "reason"),
    [
        ((), "no training run is reported"),
        ((replace(RUN, accelerator=None),), "the accelerator is not reported"),
        ((replace(RUN, wall_time_s=None),), "the training time is not reported"),
        (
            (replace(RUN, phase="pretraining"), replace(RUN, count=None)),
            "the number of devices is not reported",
        ),
        ((replace(RUN, count_unit="nodes"),), "devices are counted in nodes, whose size is not reported"),
        ((replace(RUN, accelerator="Abacus"),), "no peak rate is known for Abacus"),
        ((replace(RUN, accelerator="Mystery"),), "no peak rate is known for Mystery"),
    ],
)
def test_a_run_that_lacks_something_says_what(runs: tuple[Run, ...], reason: str) -> None:
    assert burden(*runs) == reason


def test_search_alone_is_no_training_where_it_does_not_count() -> None:
    assert burden(replace(RUN, phase="search"), search="exclude") == "only an architecture search is reported"


def test_a_gap_is_converted_only_if_asked() -> None:
    run = replace(RUN, wall_time_s=None)
    found = burden_of(Trained(MODEL, [run], [run]), RATED, Options(conversion=AUTHORS_CONVERSION))
    assert found == Burden(AUTHORS_CONVERSION.burden(4e9 * 3 * 256e3), "converted")


def test_a_reported_burden_is_never_converted() -> None:
    found = burden_of(Trained(MODEL, [RUN], [RUN]), RATED, Options(conversion=AUTHORS_CONVERSION))
    assert isinstance(found, Burden)
    assert found.basis == "reported"


def test_operations_and_six_n_d_count_what_was_shown() -> None:
    assert burden(RUN, method="operations") == Burden(4e9 * 3 * 256e3, "reported")
    assert burden(replace(RUN, batch_unit="tokens"), method="6nd") == Burden(6 * 1e8 * 256e3, "reported")
    assert burden(RUN, method="6nd") == "parameters or tokens are not reported"
    assert burden(replace(RUN, batch_unit="tokens"), method="operations") == (
        "operations per pass, epochs and training set, or updates and batch size are not reported"
    )


def test_a_negative_time_is_refused() -> None:
    with pytest.raises(DatasetError, match="wall time of -1"):
        burden(replace(RUN, wall_time_s=-1.0))


def test_epochs_of_a_training_set_count_as_what_was_shown() -> None:
    run = replace(RUN, epochs=90.0, training_set_size=1e6, training_set_unit="examples")
    assert burden(run, method="operations") == Burden(4e9 * 3 * 90e6, "reported")
    tokens = replace(RUN, steps=None, epochs=2.0, training_set_size=1e9, training_set_unit="tokens")
    assert burden(tokens, method="6nd") == Burden(6 * 1e8 * 2e9, "reported")


@pytest.mark.parametrize(
    ("number_format", "rate"), [("bf16", 8e13), ("mixed", 8e13), ("fp32", 1e13), (None, 1e13)]
)
def test_stated_rates_follow_the_number_format_of_the_run(number_format: str | None, rate: float) -> None:
    run = replace(RUN, number_format=number_format)
    assert burden(run, rate="stated") == Burden(3600.0 * 8 * rate, "reported")


def test_the_name_tells_of_the_conversion() -> None:
    assert (
        "gaps converted by 10^(3.1337 + 0.8716 log10 operations)"
        in Options(conversion=AUTHORS_CONVERSION).name
    )
    assert "converted" not in Options().name
