"""What a person names is brought in and read, whatever screening says; again changes nothing."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from db.engine import session, snapshot
from db.papers import Withdrawal, record_withdrawals
from db.runs import NIGHTLY, last_run, open_failures
from db.screenings import screening_of
from db.tables import FileRow, PaperRow, ReadingRow, RunRow, SourceStateRow
from extractors.facts.errors import ConflictError, UsageError
from extractors.facts.ids import ArxivId, PaperId
from flows.adding import Added, add_papers, wish_of
from flows.clock import PlayedClock
from flows.demo.catalogue import catalogue, pdf_of
from flows.demo.standin import Fault, StandIn
from flows.night import Order, Summary, open_night
from flows.settings import Settings

Add = Callable[..., Sequence[Added]]
FIRST, SECOND = "2403.99101", "2403.99102"


@pytest.fixture
def add(settings: Settings, clock: PlayedClock) -> Add:
    def added(*given: str, **changed: object) -> Sequence[Added]:
        clock.sleep(60)
        return add_papers(settings.model_copy(update=changed), given, "ann", clock=clock)

    return added


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    """A sample paper as a file whose name says nothing."""
    path = tmp_path / "download (3).pdf"
    path.write_bytes(pdf_of(catalogue()[0]))
    return path


def unstamped(data: bytes) -> bytes:
    """A paper without its first page, and so without arXiv's stamp."""
    written = BytesIO()
    with pypdfium2.PdfDocument(data) as whole, pypdfium2.PdfDocument.new() as part:
        part.import_pages(whole, [1, 2])
        part.save(written)
    return written.getvalue()


def rows(opened: Session) -> tuple[int, int, int]:
    return tuple(len(opened.exec(select(table)).all()) for table in (PaperRow, FileRow, ReadingRow))  # type: ignore[return-value]


def test_a_paper_of_arxiv_is_listed_fetched_and_read(add: Add, engine: Engine, arxiv: StandIn) -> None:
    (one,) = add(f"https://arxiv.org/abs/{FIRST}v1")
    assert (one.end, one.paper, one.version, one.error) == ("read", FIRST, 1, "")
    assert one.title.startswith("Larkspur")
    assert one.values > 20 and 0 < one.waiting < one.values and one.published > 0
    with snapshot(engine) as opened:
        assert rows(opened) == (1, 1, 1)
        assert screening_of(opened, FIRST) == ("relevant", "Added by ann.")
        run = opened.exec(select(RunRow)).one()
        assert (run.kind, run.outcome) == ("adding", "done")
        assert last_run(opened, NIGHTLY) is None
        assert not opened.exec(select(SourceStateRow)).all()
    assert [seen.path.partition("?")[0] for seen in arxiv.seen] == ["/api/query", f"/pdf/{FIRST}v1"]


def test_adding_again_asks_nobody_and_changes_nothing(add: Add, engine: Engine, arxiv: StandIn) -> None:
    (before,) = add(FIRST)
    asked = len(arxiv.seen)
    (after,) = add(FIRST)
    assert len(arxiv.seen) == asked
    assert (after.end, after.values, after.waiting) == ("known", before.values, before.waiting)
    with snapshot(engine) as opened:
        assert rows(opened) == (1, 1, 1)


def test_what_was_screened_out_is_read_because_a_person_says_so(
    night: Callable[..., Summary], add: Add, engine: Engine
) -> None:
    night()
    with snapshot(engine) as opened:
        out = next(
            paper
            for paper in opened.exec(select(PaperRow.paper_id)).all()
            if (found := screening_of(opened, paper)) and found[0] == "irrelevant"
        )
    one, other = add(out, FIRST)
    assert (one.end, one.paper, other.end) == ("read", out, "read")
    with snapshot(engine) as opened:
        for paper in (out, FIRST):
            assert screening_of(opened, paper) == ("relevant", "Added by ann."), "no rules overrule a person"
        read = opened.exec(select(ReadingRow.paper_id)).all()
    assert set(read) == {out, FIRST}, "the rest of what is unread is the night's"


def test_a_file_is_told_by_its_stamp_and_known_again_by_its_bytes(
    add: Add, pdf: Path, engine: Engine, arxiv: StandIn
) -> None:
    (one,) = add(str(pdf), contact="")
    assert (one.end, one.paper, one.version) == ("read", FIRST, 1)
    copy = pdf.with_name("other.pdf")
    shutil.copy(pdf, copy)
    (again,) = add(str(copy))
    assert (again.end, again.paper) == ("known", FIRST)
    assert arxiv.seen == []
    with snapshot(engine) as opened:
        assert rows(opened) == (1, 1, 1)


def test_a_paper_that_is_the_same_file_as_another_is_told_as_its_duplicate(
    add: Add, arxiv: StandIn, engine: Engine
) -> None:
    arxiv.pdf = lambda _: pdf_of(catalogue()[0])
    first, second = add(FIRST, SECOND)
    assert (first.end, second.end) == ("read", "duplicate")
    assert (second.why, second.values) == (f"the same file as {FIRST}v1", 0)
    with snapshot(engine) as opened:
        assert rows(opened) == (2, 2, 1)


def test_a_withdrawn_paper_is_told_as_withdrawn(add: Add, arxiv: StandIn, engine: Engine) -> None:
    (read,) = add(FIRST)
    at = datetime(2024, 3, 31, tzinfo=UTC)
    with session(engine) as opened:
        record_withdrawals(opened, [Withdrawal(PaperId(FIRST), at, "An error in Lemma 2.")])
    (one,) = add(FIRST)
    assert (one.end, one.why) == ("withdrawn", "withdrawn on 2024-03-31: An error in Lemma 2")
    assert one.values == read.values, "what was read is kept"


def test_a_notice_that_only_the_query_api_tells_of_is_said_to_seem_withdrawn(
    add: Add, arxiv: StandIn
) -> None:
    arxiv.samples = (replace(catalogue()[0], withdrawn=True, comment="Withdrawn: Lemma 2 is wrong."),)
    (one,) = add(FIRST)
    assert one.end == "failed"
    assert (
        "404" in one.error and "It seems to be withdrawn: arXiv's comment is “Withdrawn: Lemma" in one.error
    )


def test_another_file_of_a_version_that_is_here_changes_nothing(add: Add, pdf: Path, engine: Engine) -> None:
    add(str(pdf))
    pdf.write_bytes(pdf.read_bytes() + b"\n% touched\n%%EOF\n")
    (one,) = add(str(pdf))
    assert (one.end, "from another file" in one.error) == ("failed", True)
    with snapshot(engine) as opened:
        assert rows(opened) == (1, 1, 1)


def test_a_page_of_html_is_added_like_a_pdf(add: Add, page: bytes, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(page)
    (one,) = add(str(path))
    assert one.end == "read" and one.paper is not None and one.paper.startswith("file:")
    assert one.title.startswith("Larkspur") and one.values > 0


def test_a_pdf_from_elsewhere_is_added_and_leaves_the_next_night_alone(
    add: Add, arxiv: StandIn, engine: Engine, night: Callable[..., Summary]
) -> None:
    plain = unstamped(pdf_of(catalogue()[0]))
    arxiv.pdf = lambda sample: plain if sample.id == FIRST else pdf_of(sample)
    url = f"{arxiv.url}/pdf/{FIRST}v1"
    (one,) = add(f"{url}#page=2")
    assert (one.end, one.error, (one.paper or "")[:5]) == ("read", "", "file:")
    (again,) = add(url)
    assert (again.end, again.paper) == ("known", one.paper)
    with snapshot(engine) as opened:
        assert opened.exec(select(FileRow.url)).all() == [url]
    assert night(html="always").counts["listed"] > 0


def test_each_goes_its_own_way_and_failures_are_kept_until_they_work(
    add: Add, pdf: Path, arxiv: StandIn, engine: Engine
) -> None:
    broken = pdf.with_name("broken.pdf")
    broken.write_bytes(b"%PDF-1.7\nnothing more")
    arxiv.misbehave(Fault("broken", path="/pdf", times=9))
    told = add(str(broken), SECOND, "2403.00009", str(pdf), html="never", request_tries=2)
    assert [one.end for one in told] == ["failed", "failed", "failed", "read"]
    assert "breaks off" in told[0].error
    assert "500" in told[1].error
    assert "arXiv has no paper 2403.00009" in told[2].error
    with snapshot(engine) as opened:
        stages = {failure.stage for failure in open_failures(opened)}
        assert stages == {"add", "fetch"}
        assert last_run(opened, "adding").outcome == "partial"  # type: ignore[union-attr]
    arxiv._faults.clear()
    (one,) = add(SECOND)
    assert one.end == "read"
    with snapshot(engine) as opened:
        assert {failure.stage for failure in open_failures(opened)} == {"add"}


def test_a_paper_that_was_given_up_is_tried_again(add: Add, arxiv: StandIn) -> None:
    arxiv.misbehave(Fault("broken", path="/pdf", times=3))
    for _ in range(3):
        (one,) = add(FIRST, html="never", request_tries=1, tries_per_paper=1)
        assert one.end == "failed"
    assert add(FIRST, tries_per_paper=1)[0].end == "read"


def test_a_crawl_in_the_same_folder_goes_first(settings: Settings, add: Add, clock: PlayedClock) -> None:
    with open_night(settings, Order(), clock=clock), pytest.raises(ConflictError, match="another"):
        add(FIRST)


def test_arxiv_is_not_asked_without_a_contact_but_files_are_read(tmp_path: Path, pdf: Path) -> None:
    real = Settings(data_dir=tmp_path / "real", workers=1)
    with pytest.raises(UsageError, match="contact"):
        add_papers(real, [FIRST], "ann")
    assert add_papers(real, [str(pdf)], "ann")[0].end == "read"


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "neither a file"),
        ("nonsense", "neither a file"),
        ("no/such/file.pdf", "neither a file"),
        ("ftp://example.org/x.pdf", "neither a file"),
        ("file:///etc/passwd", "neither a file"),
        ("https://arxiv.org/list/cs.LG/recent", "no paper"),
    ],
)
def test_what_cannot_be_added_is_refused_before_anything_is_done(
    text: str, match: str, add: Add, settings: Settings
) -> None:
    with pytest.raises(UsageError, match=match):
        add(FIRST, text)
    assert not settings.data_dir.exists()


def test_a_folder_is_the_crawls(add: Add, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not one paper"):
        add(str(tmp_path))


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("2403.99101v2", ArxivId("2403.99101", 2)),
        ("arXiv:2403.99101", ArxivId("2403.99101")),
        ("https://arxiv.org/pdf/2403.99101v2#page=3", ArxivId("2403.99101", 2)),
        ("https://export.arxiv.org/abs/hep-th/9901001?context=cs", ArxivId("hep-th/9901001")),
        ("https://example.org/2403.99101.pdf#top", "https://example.org/2403.99101.pdf"),
    ],
)
def test_a_word_means_a_paper_or_an_address(text: str, wish: object) -> None:
    assert wish_of(text) == wish


def test_a_file_goes_before_an_id_of_the_same_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("2403.99101.pdf").write_bytes(b"")
    assert wish_of("2403.99101.pdf") == Path("2403.99101.pdf")
