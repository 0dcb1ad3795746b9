"""Formulas read as they are printed: powers, blanks around operators, and nothing that only machines read."""

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag

from extractors.documents.latexml.mathml import tokens_of

TIMES = "<mrow><mn>2.3</mn><mo>×</mo><msup><mn>10</mn><mn>18</mn></msup></mrow>"


def element(html: str) -> Tag:
    found = BeautifulSoup(f"<html><body>{html}</body></html>", "lxml").select_one("math, .mjx-math")
    assert found is not None
    return found


def printed(html: str) -> str:
    """The tokens in one line, raised ones after `^` and lowered ones after `_`."""
    marks = {"super": "^", "sub": "_", "normal": "", "note": "!"}
    return "".join(marks[token.script] + token.text for token in tokens_of(element(html)))


def mjx(kind: str, *content: str) -> str:
    return f'<span class="mjx-{kind}">{"".join(content)}</span>'


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (TIMES, "2.3 × 10^18"),
        ("<msup><mn>10</mn><mrow><mo>−</mo><mn>3</mn></mrow></msup>", "10^−^3"),
        ("<msub><mi>x</mi><mi>i</mi></msub>", "x_i"),
        ("<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>", "x_i^2"),
        ("<mn>8</mn><mo>×</mo>", "8×"),
        ("<mo>(</mo><mn>8</mn><mo>×</mo><mo>)</mo>", "(8×)"),
        ("<mo>−</mo><mn>0.8</mn>", "−0.8"),
        ("<mi>a</mi><mo>=</mo><mo>−</mo><mn>1</mn>", "a = −1"),
        ("<mn>12.4</mn><mo>±</mo><mn>0.3</mn>", "12.4 ± 0.3"),
        ("<mo>∼</mo><mn>10</mn>", "∼ 10"),
        ("<mn>1</mn><mo>,</mo><mn>000</mn>", "1,000"),
        ("<mn>82.3</mn><mo>%</mo>", "82.3%"),
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1/2"),
        ("<mfrac><mn>1</mn><mrow><mi>n</mi><mo>+</mo><mn>1</mn></mrow></mfrac>", "1/(n + 1)"),
        ("<msqrt><mn>2</mn></msqrt>", "√2"),
        ("<mi>log</mi><mo>\u2061</mo><mi>n</mi>", "log n"),
        ("<mn>2</mn><mo>\u2062</mo><mi>x</mi>", "2x"),
        ("<msup><mn>10</mn><mn>23</mn></msup><mo>\u2062</mo><mtext>FLOPs</mtext>", "10^23 FLOPs"),
        ("<mn>25</mn><mo>\u2062</mo><mtext>M</mtext>", "25M"),
        ("<mover><mi>x</mi><mo>¯</mo></mover>", "x"),
        ("<munderover><mo>∑</mo><mi>i</mi><mi>N</mi></munderover>", "∑_i^N"),
        ("<mn>8</mn><mtext>\u00a0hours of <math><mi>t</mi></math></mtext>", "8\u00a0hours of t"),
        ("<mn>8</mn><mspace width='0.25em'></mspace><mi>h</mi>", "8 h"),
        ("<mn>8</mn><mspace width='0.167em'></mspace><mi>h</mi>", "8h"),
        ("<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr></mtable>", "  a b"),
        ("<mi>a</mi><mphantom><mi>b</mi></mphantom>", "a"),
    ],
)
def test_a_formula_reads_as_printed(formula: str, expected: str) -> None:
    assert printed(f"<math>{formula}</math>") == expected


def test_annotations_are_for_machines() -> None:
    content = "<annotation-xml><apply><times></times><cn>7</cn></apply></annotation-xml>"
    source = '<annotation encoding="application/x-tex">2.3\\times 10^{18}</annotation>'
    assert printed(f"<math><semantics>{TIMES}{content}{source}</semantics></math>") == "2.3 × 10^18"


def test_a_formula_typeset_into_spans_reads_the_same() -> None:
    def char(kind: str, text: str) -> str:
        return mjx(kind, mjx("char", text))

    power = mjx("msubsup", mjx("base", char("mn", "10")), mjx("sup", mjx("texatom", char("mn", "18"))))
    assert printed(mjx("math", char("mn", "2.3"), char("mo", "×"), power)) == "2.3 × 10^18"
    both = mjx("stack", mjx("sup", char("mi", "N")), mjx("sub", char("mi", "i")))
    assert printed(mjx("math", mjx("msubsup", mjx("base", char("mi", "x")), both))) == "x_i^N"
    half = mjx("box", mjx("numerator", char("mn", "1")), mjx("denominator", char("mn", "2")))
    assert printed(mjx("math", mjx("mfrac", half, mjx("vsize")))) == "1/2"


@pytest.mark.parametrize(
    "formula",
    [
        '<mn mathvariant="bold">82.3</mn>',
        '<mstyle class="ltx_font_bold"><mn>82.3</mn></mstyle>',
        "<mn>\U0001d7d6\U0001d7d0</mn>",
    ],
)
def test_bold_numbers_are_known(formula: str) -> None:
    assert all(token.bold for token in tokens_of(element(f"<math>{formula}</math>")))


def test_a_formula_in_a_superscript_is_raised_as_a_whole() -> None:
    tokens = list(tokens_of(element(f"<math>{TIMES}</math>"), "super"))
    assert {token.script for token in tokens} == {"super"}
    assert " " not in [token.text for token in tokens]


def test_parts_that_are_missing_leave_what_is_there() -> None:
    assert printed("<math><msup></msup><mfrac><mn>1</mn></mfrac><msub><mi>x</mi></msub></math>") == "1x"
