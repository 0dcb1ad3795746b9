"""Where a paper can be opened at a page, and with which command. Pure: nothing is opened here.

Addresses are made of a paper's id or of a file's place, never taken from a paper; none goes through a shell.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from extractors.facts.errors import UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import PaperId

SCHEMES = frozenset({"https", "file"})
"""Kinds of address that are opened."""
_ARXIV = "https://arxiv.org"
_OPENERS = {
    "linux": ("xdg-open",),
    "darwin": ("open",),
    "win32": ("rundll32", "url.dll,FileProtocolHandler"),  # `start` is a word of the shell
}
"""Commands that open an address with the program the person chose for it, by `sys.platform`."""


def web_address(paper: PaperId, version: int, media: str, evidence: Evidence) -> str:
    """The address of a paper at a page, or at an element of its HTML, on arXiv; empty for papers from elsewhere.

    Args:
        paper: the paper.
        version: the one whose bytes the evidence cites.
        media: `pdf` or `html`.
        evidence: what is to be seen.
    """
    if paper.startswith(("doi:", "file:")):
        return ""
    name = f"{quote(paper)}v{version}"
    if media == "html":
        return f"{_ARXIV}/html/{name}{_anchor(evidence)}"
    return f"{_ARXIV}/pdf/{name}#page={evidence.page}"


def file_address(path: Path, media: str, evidence: Evidence) -> str:
    """The address of a file on this machine, at a page or an element."""
    fragment = _anchor(evidence) if media == "html" else f"#page={evidence.page}"
    return path.absolute().as_uri() + fragment


def _anchor(evidence: Evidence) -> str:
    """The element, where the evidence names one: an id has no blanks, a section's title mostly has."""
    anchor = evidence.anchor
    return f"#{quote(anchor, safe='')}" if anchor and not any(map(str.isspace, anchor)) else ""


def has_display(environment: Mapping[str, str], platform: str) -> bool:
    """Whether this session can show a window: not over ssh, unless it brings the person's display along.

    Args:
        environment: the variables of the session.
        platform: as `sys.platform`.
    """
    if environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"):
        return True
    over_ssh = environment.get("SSH_CONNECTION") or environment.get("SSH_TTY")
    return platform in ("darwin", "win32") and not over_ssh


def opener(address: str, environment: Mapping[str, str], platform: str) -> tuple[str, ...]:
    """The command that opens an address, or none where a person can only be shown it.

    Raises:
        UsageError: an address that is not one of `SCHEMES`, or that has blanks or control characters.
    """
    if urlsplit(address).scheme not in SCHEMES or not address.isprintable() or " " in address:
        raise UsageError(f"no address to open: {address!r}", remedy="Open the paper by hand")
    if platform not in _OPENERS or not has_display(environment, platform):
        return ()
    return (*_OPENERS[platform], address)
