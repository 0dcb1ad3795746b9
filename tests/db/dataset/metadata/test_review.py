"""Figures from review are shown with their intervals, and where there are none it is said plainly."""

from __future__ import annotations

from lxml import html

from db.agreement.agreed import Agreed
from db.agreement.coefficients import TOO_FEW, Agreement, Estimate
from db.dataset.metadata.review import NO_AGREEMENT, NO_AUDITS, lines, section
from db.dataset.quality import AuditFigure, Quality

FEW = Estimate(None, why=TOO_FEW)
FOUND = Quality(
    0.95,
    0.05,
    (AuditFigure("training", 1240, 1198, 0.9661, 0.9586, 0.9724),),
    (
        Agreed("all", None, Agreement(40, 12, Estimate(0.9, 0.8, 0.975), Estimate(0.874, 0.76, 0.95))),
        Agreed("costs", None, Agreement(3, 2, Estimate(2 / 3, why=TOO_FEW), FEW)),
        Agreed("all", ("<i>ann</i>", "bob|by"), Agreement(9, 4, Estimate(1.0, why=TOO_FEW), FEW, FEW)),
    ),
)


def rows(found: Quality) -> list[list[str]]:
    page = html.fromstring(f"<main>{''.join(section(found))}</main>")
    return [[cell.text_content() for cell in row] for row in page.xpath(".//tbody/tr")]


def test_audits_and_agreement_stand_with_their_intervals() -> None:
    assert rows(FOUND) == [
        ["training", "1,240", "1,198", "96.6%", "95.9%", "97.2%"],
        ["all", "40", "12", "90.0% [80.0%, 97.5%]", "0.87 [0.76, 0.95]"],
        ["costs", "3", "2", "66.7% (too few)", "too few"],
        ["<i>ann</i> and bob|by", "9", "4", "100.0% (too few)", "too few"],
    ]
    said = html.fromstring("".join(section(FOUND))).text_content()
    assert "A lot sent 5% of the values" in said and "promised to be 95% or more" in said
    assert "too few: fewer than 10 items or 5 papers." in said


def test_it_is_said_that_there_were_none() -> None:
    said = html.fromstring("".join(section(Quality(0.95, 0.05)))).text_content()
    assert NO_AUDITS in said and NO_AGREEMENT in said
    assert rows(Quality()) == []


def test_the_readme_says_the_same() -> None:
    said = "\n".join(lines(FOUND))
    assert "| training | 1,240 | 1,198 | 96.6% | 95.9% | 97.2% |" in said
    assert "| all | 40 | 12 | 90.0% [80.0%, 97.5%] | 0.87 [0.76, 0.95] |" in said
    assert NO_AUDITS in "\n".join(lines(Quality()))
