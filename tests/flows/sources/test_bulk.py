"""Bulk files are read where they lie, and nothing that an archive or a line says is believed beyond its use."""

import io
import json
import tarfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import md5
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import select

from db.engine import snapshot
from db.papers import FileOf, Listing, to_fetch
from db.tables import FileRow, PaperVersionRow
from extractors.facts.errors import (
    DocumentError,
    ParseError,
    RefusedRequestError,
    RepeatedRunError,
    UsageError,
)
from extractors.facts.ids import PaperId
from flows.backfill import PLAIN_BACKFILL, open_backfill
from flows.clock import PlayedClock
from flows.demo.catalogue import Sample, catalogue, pdf_of
from flows.demo.standin import StandIn
from flows.files import due, fetched
from flows.night import Night, Order, Summary, run
from flows.settings import Settings
from flows.sources import Page, Window
from flows.sources.bulk import BulkSource, Place, _listed
from tests.fetched import bytes_of

NOW = datetime(2024, 4, 1, tzinfo=UTC)
ALWAYS = Window(NOW, NOW)
FIRST, SECOND = catalogue()[:2]
REVISED = tuple(sample for sample in catalogue() if sample.id == "2403.99115")
MOST = 10_000_000


def line(*versions: Sample) -> str:
    newest = versions[-1]
    told = {
        "id": newest.id,
        "authors": ", ".join(newest.authors),
        "title": newest.title.replace(" ", "\n  ", 1),
        "comments": newest.comment,
        "categories": " ".join(newest.categories),
        "license": newest.licence,
        "abstract": f"  {newest.abstract}\n",
        "versions": [
            {"version": f"v{one.version}", "created": one.updated.strftime("%a, %d %b %Y %H:%M:%S GMT")}
            for one in versions
        ],
    }
    return json.dumps(told)


def pack(path: Path, members: Iterable[tuple[str, bytes]], at: datetime = NOW) -> None:
    with tarfile.open(path, "w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), int(at.timestamp())
            archive.addfile(info, io.BytesIO(data))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two archives, and lines for their papers and another."""
    pack(
        tmp_path / "arXiv_pdf_2403_001.tar",
        [(f"2403/{one.name}.pdf", pdf_of(one)) for one in (FIRST, SECOND)],
    )
    pack(tmp_path / "arXiv_pdf_2403_002.tar", [(f"2403/{REVISED[1].name}.pdf", pdf_of(REVISED[1]))])
    lines = [line(FIRST), line(replace(FIRST, id="2403.00009")), line(*REVISED), line(SECOND)]
    (tmp_path / "arxiv-metadata-oai-snapshot.json").write_text("\n".join(lines) + "\n")
    return tmp_path


def pages(folder: Path) -> list[Page]:
    return list(BulkSource(folder, MOST).pages(ALWAYS))


def listings(folder: Path) -> dict[str, Listing]:
    return {f"{one.paper_id}v{one.version}": one for page in pages(folder) for one in page.listings}


def problems(folder: Path) -> str:
    return " ".join(problem for page in pages(folder) for problem in page.problems)


def file_of(listing: Listing) -> FileOf:
    return FileOf(listing.paper_id, listing.version, None, listing.pdf_url)


def test_papers_that_have_a_pdf_and_a_line_are_listed_in_all_versions(folder: Path) -> None:
    found = listings(folder)
    assert list(found) == [FIRST.name, REVISED[0].name, REVISED[1].name, SECOND.name]
    assert problems(folder) == ""
    one = found[FIRST.name]
    assert (one.title, one.abstract, one.authors) == (FIRST.title, FIRST.abstract, FIRST.authors)
    assert (one.categories, one.comment, one.licence) == (FIRST.categories, FIRST.comment, FIRST.licence)
    assert (one.published, one.updated) == (FIRST.published, FIRST.updated)
    assert (found[REVISED[0].name].title, found[REVISED[0].name].updated) == ("", REVISED[0].updated)


def test_a_pdf_is_read_from_its_place_and_only_from_this_folder(folder: Path, tmp_path: Path) -> None:
    source, found = BulkSource(folder, MOST), listings(folder)
    for sample in (FIRST, SECOND, REVISED[1]):
        file = file_of(found[sample.name])
        assert source.can_fetch(file)
        assert bytes_of(source.fetch(file)) == pdf_of(sample)
    assert not source.can_fetch(file_of(found[REVISED[0].name])), "the older version lies with arXiv"
    assert not source.can_fetch(replace(file_of(found[FIRST.name]), media="html"))
    assert not source.can_fetch(FileOf(PaperId(FIRST.id), 1, None, "tar:///etc/passwd?offset=0&size=9"))


def test_an_archive_that_changed_meanwhile_gives_an_error_and_no_other_bytes(folder: Path) -> None:
    file, archive = file_of(listings(folder)[SECOND.name]), folder / "arXiv_pdf_2403_001.tar"
    pack(archive, [("2403/other.txt", b"x" * 2_000_000)])
    with pytest.raises(DocumentError):
        BulkSource(folder, MOST).fetch(file)
    archive.unlink()
    with pytest.raises(RefusedRequestError, match="cannot be read"):
        BulkSource(folder, MOST).fetch(file)


@pytest.mark.parametrize(("packed", "version"), [(REVISED[0].updated, 1), (REVISED[1].updated, 2), (NOW, 2)])
def test_a_file_without_a_version_in_its_name_is_the_newest_when_it_was_packed(
    packed: datetime, version: int, folder: Path
) -> None:
    pack(folder / "arXiv_pdf_2403_002.tar", [(f"2403/{REVISED[0].id}.pdf", b"%PDF-")], at=packed)
    here = [
        name
        for name, found in listings(folder).items()
        if (found.pdf_url or "").startswith("tar:") and REVISED[0].id in name
    ]
    assert here == [f"{REVISED[0].id}v{version}"]


def test_old_ids_are_told_from_their_file_names(folder: Path) -> None:
    pack(folder / "arXiv_pdf_0001_001.tar", [("0001/hep-th0001001.pdf", b"%PDF-")])
    (folder / "old-snapshot.json").write_text(line(replace(FIRST, id="hep-th/0001001")))
    assert "hep-th/0001001v1" in listings(folder)


def test_links_outsiders_and_giants_in_an_archive_are_left_out(folder: Path) -> None:
    with tarfile.open(folder / "arXiv_pdf_2403_001.tar", "w") as archive:
        link = tarfile.TarInfo(f"2403/{FIRST.name}.pdf")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        for name in (f"../../{SECOND.name}.pdf.exe", "2403/notes.txt", f"2403/{SECOND.name}.pdf"):
            info = tarfile.TarInfo(name)
            info.size = MOST + 1 if name.endswith(".pdf") else 0
            archive.addfile(info, io.BytesIO(b"\0" * info.size))
    assert set(listings(folder)) == {REVISED[0].name, REVISED[1].name}
    assert "4 members that are no whole PDF of a paper, or too large, were left out" in problems(folder)


@pytest.mark.parametrize(("cut", "kept"), [("rindex", [FIRST.name]), ("index", [])])
def test_an_archive_that_breaks_off_gives_what_is_whole(cut: str, kept: list[str], folder: Path) -> None:
    archive = folder / "arXiv_pdf_2403_001.tar"
    whole = archive.read_bytes()
    archive.write_bytes(whole[: getattr(whole, cut)(b"%%EOF")])
    assert list(listings(folder)) == [*kept, REVISED[0].name, REVISED[1].name]
    assert "arXiv_pdf_2403_001.tar" in problems(folder)


def test_what_is_no_archive_is_said(folder: Path) -> None:
    (folder / "arXiv_pdf_2403_001.tar").write_bytes(b"not a tar" * 200)
    assert "breaks off or is none" in problems(folder)


def test_an_archive_unlike_the_manifest_is_said(folder: Path) -> None:
    size = (folder / "arXiv_pdf_2403_002.tar").stat().st_size
    manifest = "".join(
        f"<file><filename>{name}</filename><size>{said}</size></file>"
        for name, said in (
            ("pdf/arXiv_pdf_2403_001.tar", 7),
            ("pdf/arXiv_pdf_2403_002.tar", size),
            ("pdf/arXiv_pdf_2403_003.tar", 9),
            ("../../../etc/passwd", 1),
        )
    )
    (folder / "arXiv_pdf_manifest.xml").write_text(f"<arXivPDF>{manifest}</arXivPDF>")
    said = "not the 7 of the manifest, and is left out (arXiv_pdf_2403_001.tar)"
    assert said in problems(folder) and problems(folder).count("manifest") == 1
    assert list(listings(folder)) == [REVISED[0].name, REVISED[1].name]


def md5s(folder: Path, **other: str) -> None:
    """A manifest that is right but for some sums."""
    said = "".join(
        f"<file><filename>pdf/{path.name}</filename><md5sum>{other.get(path.stem) or md5(path.read_bytes()).hexdigest()}"
        f"</md5sum><size>{path.stat().st_size}</size></file>"
        for path in sorted(folder.glob("*.tar"))
    )
    (folder / "arXiv_pdf_manifest.xml").write_text(f"<arXivPDF>{said}</arXivPDF>")


def test_an_archive_whose_md5_is_not_that_of_the_manifest_is_named_and_nothing_in_it_is_used(
    folder: Path,
) -> None:
    md5s(folder)
    assert (len(listings(folder)), problems(folder)) == (4, "")
    before = file_of(listings(folder)[FIRST.name])
    md5s(folder, arXiv_pdf_2403_001="0" * 32)
    assert f"not the {'0' * 32} of the manifest, and it is left out (arXiv_pdf_2403_001.tar)" in problems(
        folder
    )
    source = BulkSource(folder, MOST)
    assert [one.paper_id for page in source.pages(ALWAYS) for one in page.listings] == [REVISED[0].id] * 2
    with pytest.raises(RefusedRequestError, match="the archive is damaged"):
        source.fetch(before)


def test_archives_that_the_manifest_does_not_know_are_counted_and_used(folder: Path) -> None:
    md5s(folder)
    pack(folder / "arXiv_pdf_2404_001.tar", [("2404/2404.00001v1.pdf", b"%PDF-")])
    assert "1 archives are not in the manifest" in problems(folder)
    (folder / "arXiv_pdf_manifest.xml").write_text("<arXivPDF>")
    assert "the manifest cannot be used" in problems(folder)
    assert len(listings(folder)) == 4


def test_the_metadata_may_lie_elsewhere(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("metadata")
    (folder / "arxiv-metadata-oai-snapshot.json").rename(elsewhere / "a-snapshot.json")
    found = list(BulkSource(folder, MOST, elsewhere).pages(ALWAYS))
    assert sum(len(page.listings) for page in found) == 4


def test_lines_that_are_none_spoil_no_other(folder: Path) -> None:
    bad = ["{", "[]", '{"id": "2403.99101"}', '{"id": 7}', line(FIRST).replace(" GMT", " soon")]
    snapshot_file = folder / "arxiv-metadata-oai-snapshot.json"
    snapshot_file.write_text("\n".join([*bad, "", snapshot_file.read_text()]))
    assert SECOND.name in listings(folder)
    assert problems(folder).count("a line was left out") >= 4


def test_pdfs_without_a_line_are_counted(folder: Path) -> None:
    (folder / "arxiv-metadata-oai-snapshot.json").write_text(line(FIRST))
    assert set(listings(folder)) == {FIRST.name}
    assert "2 PDFs have no line of metadata and were left out, as 2403.99102, 2403.99115" in problems(folder)


@given(
    st.binary(max_size=80)
    | st.recursive(
        st.none() | st.integers() | st.text(max_size=9) | st.just("2403.99101"),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "versions", "version", "created", "title"]), inner)
        ),
        max_leaves=8,
    ).map(lambda found: json.dumps(found).encode())
)
def test_any_line_is_read_or_refused(data: bytes) -> None:
    here = Place("tar:///a.tar", 512, 9, None, 0)
    with suppress(ParseError):
        assert {one.paper_id for one in _listed(data, {PaperId("2403.99101"): here})} <= {"2403.99101"}


@pytest.mark.parametrize("missing", ["arXiv_pdf_*.tar", "*.json", "*"])
def test_a_folder_without_archives_or_metadata_is_refused(missing: str, folder: Path) -> None:
    for path in folder.glob(missing):
        path.unlink()
    with pytest.raises(UsageError, match="lies here"):
        BulkSource(folder, MOST)


def only_fetch(night: Night) -> None:
    for _ in fetched(night, due(night)):
        pass


def test_a_backfill_of_bulk_files_brings_the_papers_that_were_submitted_on_its_days(
    folder: Path, settings: Settings, engine: Engine, clock: PlayedClock, arxiv: StandIn
) -> None:
    earlier = replace(SECOND, updated=datetime(2024, 2, 2, tzinfo=UTC))
    (folder / "arxiv-metadata-oai-snapshot.json").write_text(
        "\n".join([line(FIRST), line(earlier), line(*REVISED)])
    )
    march = Order("bulk", folder, date(2024, 3, 1), date(2024, 3, 31))
    with open_backfill(settings, march, clock=clock) as opened_run:
        summary = run(opened_run, replace(PLAIN_BACKFILL, read=only_fetch, close=lambda _: None))
    assert (summary.outcome, summary.counts["listed"], summary.counts["fetched"]) == ("done", 2, 2)
    with snapshot(engine) as opened:
        assert {row.paper_id for row in opened.exec(select(PaperVersionRow))} == {FIRST.id, REVISED[0].id}
    assert not arxiv.seen
    with pytest.raises(RepeatedRunError), open_backfill(settings, march, clock=clock):
        pass


def test_a_night_over_bulk_files_screens_them_and_fetches_without_asking_anybody(
    folder: Path, night: Callable[..., Summary], engine: Engine, clock: PlayedClock
) -> None:
    strange = json.loads(line(SECOND)) | {"title": "half \ud800 and zero \0 here"}
    (folder / "arxiv-metadata-oai-snapshot.json").write_text(
        "\n".join([line(FIRST), json.dumps(strange), line(*REVISED)])
    )
    summary = night(Order("bulk", folder))
    assert (summary.counts["listed"], summary.counts["new"]) == (3, 3)
    assert summary.counts["fetched"] == summary.counts["relevant"] > 0
    with snapshot(engine) as opened:
        assert not to_fetch(opened)
        assert all((row.url or "").startswith("tar:") for row in opened.exec(select(FileRow)))
        assert opened.get_one(PaperVersionRow, (SECOND.id, 1)).title == "half ? and zero here"
    again = night(Order("bulk", folder))
    assert not {"new", "fetched"} & set(again.counts)
