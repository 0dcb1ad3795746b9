"""A paper is opened at its page where there is a window for it; addresses are ours, and no shell sees them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.opening import file_address, has_display, opener, web_address
from extractors.facts.errors import UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import PaperId

ADDRESS = "https://arxiv.org/pdf/2401.00001v2#page=4"


def cited(anchor: str = "") -> Evidence:
    return Evidence("0" * 64, 4, None, anchor, "a quote", "test.rule")


@pytest.mark.parametrize(
    ("paper", "media", "anchor", "address"),
    [
        ("2401.00001", "pdf", "4.1 Training", ADDRESS),
        ("hep-th/9901001", "pdf", "", "https://arxiv.org/pdf/hep-th/9901001v2#page=4"),
        ("2401.00001", "html", "S4.T2", "https://arxiv.org/html/2401.00001v2#S4.T2"),
        ("2401.00001", "html", "4.1 Training", "https://arxiv.org/html/2401.00001v2"),
        ("2401.00001", "html", "a#b&c;d", "https://arxiv.org/html/2401.00001v2#a%23b%26c%3Bd"),
        ("doi:10.1000/182", "pdf", "", ""),
        ("file:0123456789ab", "pdf", "", ""),
    ],
)
def test_a_paper_of_arxiv_has_an_address_at_its_page(
    paper: str, media: str, anchor: str, address: str
) -> None:
    assert web_address(PaperId(paper), 2, media, cited(anchor)) == address


def test_a_file_has_an_address_at_its_page() -> None:
    assert file_address(Path("/data/a b#c.pdf"), "pdf", cited()) == "file:///data/a%20b%23c.pdf#page=4"
    assert file_address(Path("/data/x.html"), "html", cited("S2")) == "file:///data/x.html#S2"


@pytest.mark.parametrize(
    ("environment", "platform", "command"),
    [
        ({"DISPLAY": ":0"}, "linux", ("xdg-open", ADDRESS)),
        ({"WAYLAND_DISPLAY": "w"}, "linux", ("xdg-open", ADDRESS)),
        ({"DISPLAY": "localhost:10", "SSH_CONNECTION": "x"}, "linux", ("xdg-open", ADDRESS)),
        ({}, "darwin", ("open", ADDRESS)),
        ({}, "win32", ("rundll32", "url.dll,FileProtocolHandler", ADDRESS)),
        ({"SSH_CONNECTION": "x"}, "darwin", ()),
        ({"SSH_TTY": "/dev/pts/1"}, "linux", ()),
        ({}, "linux", ()),
        ({"DISPLAY": ":0"}, "plan9", ()),
    ],
)
def test_the_command_is_that_of_the_system_or_none(
    environment: dict[str, str], platform: str, command: tuple[str, ...]
) -> None:
    assert opener(ADDRESS, environment, platform) == command
    assert has_display(environment, platform) or not command


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "http://x",
        "data:text/html,x",
        "-a",
        "/etc/passwd",
        "",
        "https://x y",
        "https://x\n-b",
    ],
)
def test_other_addresses_are_not_opened(address: str) -> None:
    with pytest.raises(UsageError, match="no address"):
        opener(address, {"DISPLAY": ":0"}, "linux")


@given(st.text(max_size=40))
def test_no_anchor_of_a_paper_leaves_its_address(anchor: str) -> None:
    address = web_address(PaperId("2401.00001"), 1, "html", cited(anchor.encode(errors="replace").decode()))
    assert address.startswith("https://arxiv.org/html/2401.00001v1")
    assert opener(address, {"DISPLAY": ":0"}, "linux") == ("xdg-open", address)
