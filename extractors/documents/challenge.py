"""HTML that comes where a paper should: told apart from content before anybody believes it.

Sources now and then answer with a page meant for a person's browser (a captcha, "enable JavaScript"), with
status 200. Papers in HTML are read in `documents.html`.
"""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_CHALLENGE = re.compile(
    r"captcha|are you (?:a )?human|not a robot|checking your browser|just a moment|access denied|unusual traffic"
    r"|(?:enable|requires?) (?:java ?script|cookies)",
    re.IGNORECASE,
)


def looks_like_html(data: bytes) -> bool:
    """Whether the bytes begin as an HTML page does."""
    return bool(_HTML_START.match(data.removeprefix(b"\xef\xbb\xbf")[:4096]))


def is_challenge_page(data: bytes) -> bool:
    """Whether the bytes are an HTML page that asks a person to prove to be one."""
    return looks_like_html(data) and bool(_CHALLENGE.search(BeautifulSoup(data, "lxml").get_text(" ")))
