"""Whose model is it: the names a paper proposes, and whether two printed names mean the same model.

Authors announce their models in the title ("BERT: ..."), and in the abstract ("we propose X", "called X", "a Feature
Net (FNet)"). Rows of tables say "ours". A citation behind a name says it is somebody else's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from extractors.documents.model import Document, Paragraph
from extractors.facts.benchmarks import catalogue
from extractors.facts.known_models import is_of_another_paper

NAME = r"(?<!\w)(?P<name>(?:[A-Z][\w+-]*[A-Z\d][\w+-]*|[A-Z][a-z]+(?:-?[A-Z\d][\w+-]*)+)(?:[ -](?:v?\d+(?![.-]?\w)|[A-Z][\w+-]*))?)"
"""A name as models have them, group `name`: a capital or digit inside the word, perhaps a size or version behind."""

_PROPOSES = r"(?:propos|present|introduc|develop|describ|contribut|releas)(?:e|es|ed|ing)?"
_KIND_OF = r"(?:model|network|method|approach|system|architecture|transformer|encoder|recogni[sz]er|detector|tagger|parser|estimator|generator|classifier)"
_ANNOUNCED = (
    re.compile(
        rf"\b(?:called|named|dubbed|termed|coined|denoted(?: as)?|refer to (?:it|this|our \w+) as) (?:the )?{NAME}"
    ),
    re.compile(
        r"\b(?:called|named|dubbed|termed|coined) (?:an?|the) (?:[A-Z][\w-]* ){1,6}\((?P<name>[A-Za-z]*[A-Z][\w-]*[A-Z\d][\w-]*)\)"
    ),
    re.compile(
        rf"\b(?:[Tt]he|[Oo]ur) (?:resulting|proposed|resultant|final|derived|new) (?:[\w-]+ ){{0,5}}{_KIND_OF}s? \((?P<name>[A-Za-z]*[A-Z][\w-]*[A-Z\d][\w-]*)\)"
    ),
    re.compile(rf"\b[Tt]he (?:resulting|proposed|resultant) {_KIND_OF}s? {NAME}"),
    re.compile(rf"\b[Ww]e (?:will )?refer to (?:[\w-]+ ){{1,8}}as (?:the )?{NAME}"),
    re.compile(rf"\b[Ww]e (?:\w+ ){{0,2}}{_PROPOSES} (?:\w+ ){{0,2}}?{NAME}"),
    re.compile(rf"\b[Ww]e (?:call|name|dub|term) (?:(?:it|this|the|our)(?: [\w-]+){{0,2}} )?(?:as )?{NAME}"),
    re.compile(
        r"\b[Ww]e (?:(?:pre-?)?train|propose|present|introduce|release) (?P<name>[A-Z]\w+(?:-\w+)*)(?: \(\w+\))?, an?"
        r" (?:[\w.-]+ ){0,6}(?:model|network|transformer|architecture|family|collection|suite|series)s?\b"
    ),
    re.compile(
        rf"\b[Ww]e (?:\w+ ){{0,1}}{_PROPOSES} (?P<name>[A-Z][a-z]+(?:-\w+)*)(?:(?:,? in (?:two|three|four|five) sizes|, (?:an?|the|our|which|that))\b|(?=[.;](?:\s|$)))"
    ),
    re.compile(rf"\b[Oo]ur (?:\w+ ){{0,2}}(?:model|network|method|approach|system|architecture),? {NAME}"),
    re.compile(
        rf"\b[Ww]e (?:\w+ ){{0,2}}{_PROPOSES} (?:the |an? )?(?P<name>(?:[A-Z][\w-]+ ){{1,3}}(?:Transformer|Network|Net)s?)\b"
    ),
    re.compile(
        r"\b(?:(?:[Ww]e|[Oo]ur|[Tt]his (?:paper|work))\b[^.;]{0,80}, called|which we (?:call|name|dub|term)|[Ww]e (?:call|name|dub|term) (?:it|this (?:\w+ )?\w+)) (?P<name>[A-Z][a-z]{2,}(?:-\w+)*)(?=[.,;])"
    ),
)
_RESULT = r"(?:reach|achiev|attain|obtain|outperform|surpass|improv|exceed|yield)\w*|sets|beats|matches|is at|has an?|gives an?"
_SUBJECT = re.compile(
    rf"(?:^|(?<=[.!?:]\s)){NAME}(?:,[^,.;]{{0,60}},)? (?:(?:also|further|now|even|thus|still) )?(?:{_RESULT})\b"
)
"""A sentence of the abstract that says what a model reaches speaks of the paper's own."""
_LED = r"(?:[A-Z][a-z]+\b[^.!?;:]{0,80}?, )?(?:the |our )?"
_LED_SUBJECTS = (
    re.compile(rf"(?:^|(?<=[.!?:]\s)){_LED}{NAME} (?:(?:also|further|even|thus|still) )?(?:{_RESULT})\b"),
    re.compile(
        rf"(?:^|(?<=[.!?:]\s)){_LED}(?:[A-Z][\w-]* ){{1,5}}\((?P<name>[A-Za-z]*[A-Z][\w-]*[A-Z\d][\w-]*)\),? (?:{_RESULT})\b"
    ),
)
"""The same behind a few words, `On ImageNet, ZipNet reaches`, or as a short form, if nothing cites it."""
_OUR_PLAIN = re.compile(
    rf"\b[Oo]ur (?:\w+ ){{0,2}}(?i:{_KIND_OF})(?:, (?P<between>[A-Z][a-z]{{2,}}(?:-\w+)*),| (?P<behind>[A-Z][a-z]{{2,}}(?:-\w+)*)) (?:{_RESULT})\b"
)
"""A plain word as a name: `our encoder, Quill, reaches`, `our tagger Quill has a`."""
_MAYBE = (
    re.compile(rf"\b[Oo]ur (?P<name>[A-Z][a-z]{{2,}}(?:-\w+)*) {_KIND_OF}\b"),
    re.compile(
        rf"(?:^|(?<=[.!?:]\s))(?P<name>[A-Z][a-z]{{3,}}) (?:(?:also|further|now|even|thus|still) )?(?:{_RESULT})\b"
    ),
    re.compile(rf"(?:^|(?<=[.!?:]\s)){NAME} [a-z]+s\b"),
)
"""Words of the abstract that are names of own models if tables print them as such: `our Ferry model`, `Ferry reaches`."""
_PROPOSING = re.compile(rf"\b(?:[Ww]e|[Tt]his (?:paper|work|report)) (?:\w+ ){{0,2}}{_PROPOSES}\b")
_SENTENCE = r"(?<=[.!?])\s"
_INTRODUCTION = re.compile(r"\bintroduction\b", re.IGNORECASE)
_SHORT_FORM = re.compile(r"\b[A-Z]\w*(?:[ -]\w+){1,6} \((?P<name>[A-Za-z]*[A-Z][\w-]*[A-Z\d][\w-]*)\)")
_CALLED = re.compile(
    r"\b(?:which|that) we (?:call|name|dub|term|refer to as) (?:the |an? )?(?:[\w-]+ ){1,6}\((?P<name>[A-Za-z]*[A-Z][\w-]*[A-Z\d][\w-]*)\)"
)
"""What authors call theirs where they describe it, far behind the abstract: `which we call gated feature exchange (GFX)`."""
_TITLE = re.compile(r"^(?P<name>[A-Z][\w+-]*(?: [A-Z\d][\w+-]*){0,2})\s*(?::|\s[\u2013\u2014-]\s)")
_WHOLE_TITLE = re.compile(r"^(?P<name>(?:[A-Z][\w+-]*|of|and)(?: (?:[A-Z][\w+-]*|\d+)){0,2})$")
KEYED = r"\[[A-Z][A-Za-z+]{1,7}\d{2}[a-z]?(?:[,;]\s?[A-Z][A-Za-z+]{1,7}\d{2}[a-z]?)*\]"
"""A citation by a key of initials and year: `[ABC+19]`, `[Mil20, ABC+19]`."""
_CITED = re.compile(rf"{KEYED}|\[\s*\d+[\d,\s\u2013-]*\]|\((?:[^()]*?\b(?:19|20)\d{{2}}[a-z]?)\)|\bet al\b")
_OURS = re.compile(r"\b(?:ours?|this (?:work|paper)|proposed)\b", re.IGNORECASE)
_DRESSING = re.compile(
    r"\((?:ours?|single(?: model)?|ensemble|this (?:work|paper))\)|[\u00a7\u00b6]+",
    re.IGNORECASE,
)
_NO_PART = re.compile(r"[^\w+.*\u2020\u2021\u2212]+")
"""What is no part of a name's key."""
_MARKED_OURS = re.compile(rf"{NAME}\s?\((?i:ours?|proposed|this work)\)")
_KIND = re.compile(r"\s(?:Transformer|Network|Net|Model|Flow)s?$")
_SIZE = re.compile(
    r"(?<=\w\w)-(?:XXL|XL|[TSBLHG]|Tiny|Small|Base|Medium|Large|Huge|tiny|small|base|medium|large|huge)$"
)
_BUILT_ON = re.compile(r"(?P<front>[A-Z]{2,4}-)[A-Z][A-Za-z]+")
"""A name made of an older one with letters in front: `GX-OldNet`."""
_OFTEN = 3
"""Times that a text prints the name of its own model at least."""
_OF_OTHERS = re.compile(rf"\s?(?:{_CITED.pattern})|\s[A-Z]")
"""What behind a name says that it is cited, or the beginning of the names of several models."""
_CITATION = 60
"""Characters behind a name in which its citation would stand."""
_COMMON = frozenset({
    "cnn", "rnn", "lstm", "mlp", "gan", "nlp", "gpu", "tpu", "cpu", "dnn", "sgd", "llm", "svm", "convnet", "fps", "nas", "rbm", "vae", "gru",
    "ai", "rl", "api", "sota", "asr", "nmt", "nlu", "ner", "qa", "ocr", "lm", "moe", "ddp", "dp", "mp", "pp", "tp", "relu",
})  # fmt: skip
"""Short forms that name a kind of thing, not a model."""


@dataclass(frozen=True, slots=True)
class Ownership:
    """What a paper says about which models are its own."""

    headline: tuple[str, ...] = ()
    """Proposed models as printed, first announced first; may be empty."""
    title: str = ""
    """What the paper is called."""

    def is_own(self, name: str | None) -> bool | None:
        """Whether a printed name is one of the paper's own models; None where nothing tells."""
        if name is None:
            return None
        if _OURS.search(name):
            return True
        if says_cited(name):
            return False
        return True if self.names_own(name) or name.startswith(self._marks) else None

    def names_own(self, text: str) -> bool:
        """Whether a text names one of the paper's own models."""
        return any(_said_as(own).search(text) for own in self.headline)

    def is_known_elsewhere(self, name: str) -> bool:
        """Whether a printed name is that of a well-known model which another paper introduced."""
        return self.is_own(name) is not True and is_of_another_paper(name, self.title)

    @property
    def _marks(self) -> tuple[str, ...]:
        """What own models have in front of older names: `GX-` where both `GX-OldNet` and `GX-PastNet` are proposed."""
        built = {found[0]: found["front"] for own in self.headline if (found := _BUILT_ON.match(own))}
        fronts = list(built.values())
        return tuple({front for front in fronts if fronts.count(front) > 1})

    def same(self, a: str, b: str) -> bool:
        """Whether two printed names mean the same model, citations, marks and spelling aside."""
        return name_key(a) == name_key(b)


@cache
def _said_as(own: str) -> re.Pattern[str]:
    """A proposed name as words print it, blanks, hyphens and case aside: `Zip Net` in `fast-zipnet-50`, `FastZipNet`; not in `unzipnet`.

    Also with a size for the word for its kind, or of another size: `Slim-B` of `Slim-XL`.
    """
    parts = re.findall(r"[\w+.*]", _singular(own))
    loose, exact = (r"[\W_]*".join(map(re.escape, parts)) for _ in range(2))
    ends = r"(?:s(?![a-z])|(?![a-z]))" if own[-1:].isupper() else ""
    stem = _KIND.sub("", _SIZE.sub("", own))
    sized = rf"|(?<!\w){re.escape(stem)}(?:-[A-Z\d]|\s?\()" if stem != own else ""
    return re.compile(rf"(?<![^\W_])(?i:{loose}){ends}|(?<=[a-z]){exact}{ends}{sized}")


def says_cited(text: str) -> bool:
    """Whether a text cites somebody."""
    return bool(_CITED.search(text))


def name_key(name: str) -> str:
    """A name without citations, case, blanks and hyphens: what two prints of one name share; marks tell names apart."""
    bare = _DRESSING.sub(" ", _CITED.sub(" ", name))
    plain = unicodedata.normalize("NFKC", bare).casefold().replace("\u2217", "*")
    return _NO_PART.sub("", plain) or plain.strip()


def own_models(document: Document) -> Ownership:
    """The models that the title and the abstract announce as this paper's own; where they name none, the introduction."""
    texts = [p.text for p in document.paragraphs if p.region in ("front", "abstract")]
    found = [*_titled(document), *(name for text in texts for name in _in_text(text))]
    found += [name["name"] for text in texts for name in _SUBJECT.finditer(text)]
    maybe = (name["name"] for text in texts for pattern in _MAYBE for name in pattern.finditer(text))
    found += filter(_printed_alone(document), maybe)
    led = (name["name"] for text in texts for pattern in _LED_SUBJECTS for name in pattern.finditer(text))
    found += (name for name in led if not _is_cited(name, document))
    if not any(map(may_be_model, found)):
        found = [name for sentence in _proposals(document) for name in _in_text(sentence)]
    if not any(map(may_be_model, found)):
        found = [name for name in _marked_in_tables(document) if not _is_cited(name, document)]
    if not any(map(may_be_model, found)):
        called = (name["name"] for p in document.statements() for name in _CALLED.finditer(p.text))
        found = list(filter(_printed_alone(document), called))
    named = {_singular(name): None for name in found if may_be_model(name)}
    keys = [name_key(name) for name in named]
    distinct = {
        name_key(name).removesuffix("s"): name
        for name in reversed(named)
        if name_key(name).removesuffix("s") == name_key(name) or name_key(name)[:-1] not in keys
    }
    return Ownership(tuple(reversed(distinct.values())), document.title)


def _printed_alone(document: Document) -> Callable[[str], bool]:
    """Whether tables print a name, or the text does several times, and never with a citation behind it."""
    cells = tuple(_cells(document))

    def printed(name: str) -> bool:
        begins = [text for text in cells if re.match(rf"{re.escape(name)}(?!\w)", text)]
        if begins or not re.fullmatch(NAME, name):
            return bool(begins) and not any(map(says_cited, begins))
        behind = [
            paragraph.text[found.end() : found.end() + _CITATION]
            for paragraph in document.statements()
            for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", paragraph.text)
        ]
        return len(behind) >= _OFTEN and not any(map(_OF_OTHERS.match, behind))

    return printed


def _is_cited(name: str, document: Document) -> bool:
    """Whether a text or a table prints a citation behind a name or another of its family: `OldNet-50 [3]` of `OldNet-101`."""
    family = re.match(r"[A-Za-z]{2,}", name)
    behind = re.compile(rf"(?<!\w){re.escape(family[0] if family else name)}[\w.+-]*\s?(?:{_CITED.pattern})")
    texts = (paragraph.text for paragraph in document.statements())
    return any(map(behind.search, texts)) or any(map(behind.search, _cells(document)))


def _cells(document: Document) -> Iterator[str]:
    return (cell.text for table in document.tables for row in table.rows for cell in row if cell)


def _marked_in_tables(document: Document) -> Iterator[str]:
    """The names that tables mark as the authors': `ZipNet (ours)`."""
    return (found["name"] for text in _cells(document) if (found := _MARKED_OURS.match(text)))


def _proposals(document: Document) -> Iterator[str]:
    """The sentences of the introduction in which the authors say what they propose."""
    for paragraph in document.statements():
        if _INTRODUCTION.search(paragraph.section):
            yield from filter(_PROPOSING.search, re.split(_SENTENCE, paragraph.text))


def _titled(document: Document) -> Iterator[str]:
    """The names in the title; words in front of a colon that no sentence prints as a name are its topic: `Free Form Pruning: ...`."""
    for name in _in_title(document.title):
        topic = " " in name and name != document.title.strip() and not re.search(NAME, name)
        if not topic or any(name in _bare(paragraph) for paragraph in document.statements()):
            yield name


def _bare(paragraph: Paragraph) -> str:
    """What a paragraph says, nothing if it is a title: of the paper or of a section."""
    return "" if paragraph.kind in ("title", "heading") or paragraph.region == "front" else paragraph.text


def _in_title(title: str) -> Iterator[str]:
    """What stands before a colon, or a title that is nothing but a name."""
    for pattern in (_TITLE, _WHOLE_TITLE):
        found = pattern.match(title.strip())
        if found and not (" " in found["name"] and found["name"].isupper()):
            yield found["name"]


def _in_text(text: str) -> Iterator[str]:
    for pattern in _ANNOUNCED:
        yield from (found["name"] for found in pattern.finditer(text))
    yield from (found["between"] or found["behind"] for found in _OUR_PLAIN.finditer(text))
    for sentence in re.split(_SENTENCE, text):
        if _PROPOSING.search(sentence):
            yield from (found["name"] for found in _SHORT_FORM.finditer(sentence))


def may_be_model(name: str) -> bool:
    """Whether a name can be a model's: neither a word for a kind of thing nor a data set."""
    key = name_key(name)
    return len(key) > 1 and key.removesuffix("s") not in _COMMON and key not in _benchmark_keys()


def _singular(name: str) -> str:
    return name[:-1] if re.search(r"[A-Z]\w*[a-zN]ets$|[A-Z]s$", name) else name


def is_benchmark(name: str) -> bool:
    """Whether a name is that of a benchmark in the catalogue."""
    return name_key(name) in _benchmark_keys()


@cache
def _benchmark_keys() -> frozenset[str]:
    """Names of data sets, which papers announce results on but do not propose."""
    return frozenset(name_key(alias) for benchmark in catalogue().benchmark for alias in benchmark.aliases)
