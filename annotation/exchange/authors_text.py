"""The page for a paper's authors as plain text, to be answered in any mail program, and the reply as answers.

A reply comes back quoted, wrapped and with blanks of other kinds; so every answer is a short line that begins with the
value's code. Square brackets stand only where an answer does: those of strangers' texts are made round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotation.exchange.answers import Answers, Refusal
from annotation.exchange.authors import AuthorAnswer, AuthorAnswers, AuthorPage, Listed
from annotation.exchange.files import parse_json
from annotation.exchange.questions import tidy
from annotation.safe_text import wrapped
from extractors.facts.errors import ParseError
from extractors.facts.ids import PaperId

KIND = "burden author answers"
"""What a saved file of answers says that it is."""
VERSION = 1
WIDTH = 68
"""Of a line; mail programs wrap at 72 to 78 and put signs in front."""
_ASK = (
    "A program read your paper for what its training took and what it reached. Is it right? Reply to this mail and put an x"
    " into one pair of brackets under each value; where it is wrong, write what is right behind it, in words like 3.5 days,"
    " 8 or 340M, or: not reported. Leave out what you do not want to answer. Leave the codes at the beginning of the lines."
)
_ROUND = str.maketrans("[]", "()")
_CODE = re.compile(r"(?P<code>[a-z2-7]{8})\s+(?P<rest>.*\[.*)", re.IGNORECASE)
_TICK = re.compile(r"\[(?P<tick>[^\[\]]{0,9})\]\s*(?P<word>right|wrong)\b", re.IGNORECASE)
_VALUE = re.compile(r"\]\s*wrong\b(?:\s*,)?(?:\s*it\s+is)?\s*:?(?P<value>.*)$", re.IGNORECASE)
_HEAD = re.compile(r"(?P<name>paper|your name|comment)\s*:(?P<text>.*)$", re.IGNORECASE)
_QUOTED = re.compile(r"^(?:\s*>)*\s*")


def write_mail(page: AuthorPage, contact: str = "") -> str:
    """The page as the text of a mail.

    Args:
        page: what burden read.
        contact: where the answer goes; empty where the mail says it.
    """
    lines = [*_wrap(page.title), page.link or page.paper, "", *_wrap(_ASK)]
    lines += [f"Answers go to {tidy(contact)}."] * bool(contact)
    lines += ["", f"paper: {page.paper}", "your name: "]
    number = 0
    for group in page.groups:
        lines += ["", "", *_wrap(f"== {group.heading}")]
        for listed in group.values:
            number += 1
            lines += ["", *_value_lines(number, listed)]
    return "\n".join([*lines, "", ""])


def _value_lines(number: int, listed: Listed) -> Iterator[str]:
    yield from _wrap(f"{number}. {listed.meaning}")
    yield from _wrap(f"We read: {listed.words}", "   ")
    yield from _wrap(f"On {listed.where}: “{listed.quote}”", "   ")
    yield ""
    yield f"{listed.code}  [ ] right   [ ] wrong, it is: ____"
    yield "comment: "


def _wrap(text: str, indent: str = "") -> list[str]:
    return wrapped(text.translate(_ROUND), WIDTH, indent=indent)


# Back


def read_answers(text: str) -> AuthorAnswers:
    """The answers of a mail, or of a file that the page saved.

    Raises:
        ParseError: it is neither, or does not say which paper it is about.
    """
    return _saved(text) if text.lstrip().startswith("{") else _mailed(text)


def _mailed(text: str) -> AuthorAnswers:
    paper = name = ""
    given: list[AuthorAnswer] = []
    refused: list[Refusal] = []
    blank = 0
    for number, line in enumerate(text.splitlines(), 1):
        bare = _QUOTED.sub("", " ".join(line.split()))
        if found := _CODE.match(bare):
            try:
                answer = _ticked(f"line {number}", found["code"].lower(), found["rest"])
            except ParseError as error:
                refused.append(Refusal(f"line {number}", str(error)))
                continue
            given += [answer] if answer else []
            blank += answer is None
        elif head := _HEAD.match(bare):
            said = tidy(head["text"].strip(" _"))
            match head["name"].lower():
                case "paper":
                    paper = paper or said
                case "your name":
                    name = name or said[:80]
                case _ if said and given:
                    given[-1] = _commented(given[-1], said)
    if not paper:
        raise ParseError("the text does not say which paper it answers", remedy="Keep the line paper: ID")
    return _answers(paper, name, given, refused, blank)


def _ticked(place: str, code: str, rest: str) -> AuthorAnswer | None:
    ticked = {found["word"].lower() for found in _TICK.finditer(rest) if found["tick"].strip(" _")}
    typed = _VALUE.search(rest)
    value = tidy(typed["value"].strip(" _.")) if typed else ""
    if "right" in ticked and ("wrong" in ticked or value):
        raise ParseError("both right and wrong are answered", remedy="Ask the author which")
    if not ticked and not value:
        return None
    return AuthorAnswer(place, code, "right" in ticked, value)


def _commented(answer: AuthorAnswer, comment: str) -> AuthorAnswer:
    return AuthorAnswer(answer.place, answer.code, answer.right, answer.value, comment)


def _saved(text: str) -> AuthorAnswers:
    item = parse_json(text)
    if not isinstance(item, dict) or item.get("kind") != KIND or item.get("version") != VERSION:
        raise ParseError("this is no file of answers from a page of burden", remedy="Take the file it saved")
    paper, listed = _said(item, "paper"), item.get("answers")
    if not paper or not isinstance(listed, list):
        raise ParseError("the file does not say which paper it answers")
    given: list[AuthorAnswer] = []
    refused: list[Refusal] = []
    blank = 0
    for number, entry in enumerate(listed, 1):
        place, told = f"answer {number}", entry if isinstance(entry, dict) else {}
        code, word, value = _said(told, "code").lower(), _said(told, "answer"), _said(told, "value")
        if not code or word not in ("", "right", "wrong"):
            refused.append(Refusal(place, "this is no answer"))
        elif word == "right" and value:
            refused.append(Refusal(place, "both right and wrong are answered"))
        elif word or value:
            given.append(AuthorAnswer(place, code, word == "right", value, _said(told, "comment")))
        else:
            blank += 1
    found = _answers(paper, _said(item, "name")[:80], given, refused, blank)
    return AuthorAnswers(found.paper, found.name, found.given, found.answers, _said(item, "remarks"))


def _said(item: dict[str, object], name: str) -> str:
    text = item.get(name)
    return tidy(text, 1000) if isinstance(text, str) else ""


def _answers(
    paper: str, name: str, given: list[AuthorAnswer], refused: list[Refusal], blank: int
) -> AuthorAnswers:
    """What was said, without values that are answered twice and differently."""
    first: dict[str, AuthorAnswer] = {}
    unclear: set[str] = set()
    for answer in given:
        known = first.setdefault(answer.code, answer)
        if (known.right, known.value, known.comment) != (answer.right, answer.value, answer.comment):
            unclear.add(answer.code)
            refused.append(
                Refusal(answer.place, f"{known.place} answers the same otherwise; neither is taken")
            )
    kept = tuple(answer for code, answer in first.items() if code not in unclear)
    return AuthorAnswers(PaperId(paper), name, kept, Answers(refused=tuple(refused), blank=blank))
