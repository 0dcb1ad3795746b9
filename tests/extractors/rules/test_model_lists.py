import pytest

from extractors.rules.model_lists import groups_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Zip-S, -M and -L were trained for 2, 3 and 6 days.", [("Zip-S", "Zip-M", "Zip-L")]),
        ("Zip-S/M/L were trained on 8 GPUs.", [("Zip-S", "Zip-M", "Zip-L")]),
        ("We train Zip-A and Zip-B on four K20 GPUs, or Zip-C on eight.", [("Zip-A", "Zip-B"), ("Zip-C",)]),
        ("The base and large models took 2 and 5 days.", [("base", "large")]),
        ("It takes 2 days on 8 GPUs for Zip-B and 5 on 16 GPUs for Zip-L.", [("Zip-B",), ("Zip-L",)]),
        ("Zip-B (8 GPUs, 2 days) was seen, and Zip-L (32 GPUs, 5 days).", [("Zip-B",), ("Zip-L",)]),
        ("Training Zip-S required 8 cores, Zip-M 16 cores.", [("Zip-S",), ("Zip-M",)]),
        ("Zip-small: 8 V100, 3 days.", [("Zip-small",)]),
    ],
)
def test_names_of_what_is_trained_are_found_group_by_group(text: str, names: list[tuple[str, ...]]) -> None:
    assert [group.names for group in groups_in(text)] == names


@pytest.mark.parametrize(
    "text",
    [
        "We train on ImageNet and COCO for 90 epochs.",
        "We use fewer GPUs (Holm and Berg 2017) than others.",
        "Zip-B/16 was seen on V100 and A100 GPUs.",
    ],
)
def test_data_devices_and_authors_are_no_models(text: str) -> None:
    assert groups_in(text) == []
