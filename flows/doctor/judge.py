"""What the findings mean: pure functions from what was gathered to checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from extractors.facts.errors import RateLimitedError
from flows.doctor.checks import Check, Outcome, failed, skipped
from flows.doctor.gather import CellsFound, DatabaseFound, Installed, RoomFound, StoreFound, Strays
from flows.doctor.services import Answered, questions
from flows.settings import LOOPBACK, Settings

OFF_SECONDS = 5.0
"""A `Date` header has whole seconds and takes its time to come; beyond this a clock is off."""
WRONG_SECONDS = 60.0
"""From here on turns at a service, leases of reviewers and times of decisions are wrong."""
_SHOWN = 3


def readable(unknown: Mapping[str, str]) -> Check:
    """The settings, which could be read.

    Args:
        unknown: variables that look like settings and are none, each with the setting that may be meant.
    """
    if not unknown:
        return Check("settings", "ok", "readable")
    named = [f"{name} (is {meant} meant?)" if meant else name for name, meant in unknown.items()]
    return Check("settings", "warn", f"these are no settings: {', '.join(named)}", "Correct or unset them")


def contact(settings: Settings) -> Check:
    """Whether services are told who asks."""
    if settings.contact:
        return Check("contact", "ok", settings.contact)
    if settings.is_real_arxiv:
        remedy = "Set BURDEN_CONTACT to an e-mail or web address where arXiv can reach you"
        return Check("contact", "fail", "none is set, and arXiv is not asked without one", remedy)
    return Check("contact", "ok", "none is set, and none is needed on this machine")


def hosts(settings: Settings) -> Check:
    """Which services are asked, and whether it is in the clear."""
    addresses = [urlsplit(url) for url in questions(settings).values()]
    named = ", ".join(sorted({parts.netloc.rpartition("@")[2] for parts in addresses}))
    what = f"{named}; one request every {settings.politeness.interval_seconds:g} s"
    if any(parts.scheme == "http" and parts.hostname not in LOOPBACK for parts in addresses):
        return Check("hosts", "warn", f"{what}, some without encryption", "Use https:// in the settings")
    return Check("hosts", "ok", what)


def versions(installed: Sequence[Installed]) -> Check:
    """Whether the installed packages are those that work together."""
    wrong = [one for one in installed if one.version is None or one.version not in one.needed.specifier]
    if not wrong:
        return Check("versions", "ok", f"{len(installed)} packages are as needed")
    words = "; ".join(
        f"{one.needed.name} {one.version or 'is missing'}, needed {one.needed.specifier}" for one in wrong
    )
    return Check("versions", "fail", words, "Install the versions of requirements.txt again")


def room(found: RoomFound, largest_file: int, least_free: int) -> Check:
    """Whether there is room for the next nights.

    Args:
        found: the data folder.
        largest_file: most bytes of one paper.
        least_free: bytes below which the nights raise an alarm.
    """
    if not found.exists:
        return Check(
            "disk", "warn", f"there is no data folder yet ({found.folder})", "The first crawl makes it"
        )
    if not found.is_writable:
        remedy = "Set BURDEN_DATA_DIR to a folder of yours"
        return Check("disk", "fail", f"the data folder cannot be written ({found.folder})", remedy)
    if found.locked_store:
        remedy = "Let burden's account write there, or set BURDEN_STORE_URL to another place"
        return Check("disk", "fail", f"the store cannot be written ({found.locked_store})", remedy)
    what = f"{found.free / 1e9:,.1f} GB are free in {found.folder}"
    if found.free < least_free:
        outcome: Outcome = "fail" if found.free < largest_file else "warn"
        return Check("disk", outcome, what, "Make room, or move the data folder")
    return Check("disk", "ok", what)


def database(found: DatabaseFound) -> tuple[Check, ...]:
    """Whether the database is there, whole and up to date."""
    if found.state == "missing":
        remedy = "Run burden crawl or burden quickstart"
        missing = Check("database", "warn", f"there is none yet ({found.place})", remedy)
        return (missing, *skipped("there is no database yet", "schema", "foreign keys"))
    if found.damage:
        remedy = "Restore it from a backup; export what can be read with burden export log"
        return (
            Check("database", "fail", f"the file is damaged: {'; '.join(found.damage)}", remedy),
            Check("schema", "ok", "present"),
            _references(found),
        )
    reached = Check("database", "ok", found.place)
    if found.state == "behind":
        remedy = "The next night brings it up to date, or burden status now"
        behind = Check("schema", "warn", "older than this version of burden", remedy)
        return (reached, behind, *skipped("the schema is older", "foreign keys"))
    return reached, Check("schema", "ok", "present"), _references(found)


def _references(found: DatabaseFound) -> Check:
    if not found.broken:
        return Check("foreign keys", "ok", "every row that is named is there")
    words = ", ".join(f"{count} of {pair}" for pair, count in sorted(found.broken.items()))
    remedy = "Something else wrote to this database; restore it from a backup"
    return Check("foreign keys", "fail", f"rows name rows that are not there: {words}", remedy)


def cells(found: CellsFound) -> Check:
    """Whether the cache of cells is what readings and decisions make of them."""
    looked = f"{found.looked_at:,} of {found.papers:,} papers looked at"
    if found.stale:
        what = f"{sum(found.stale.values()):,} cells of {_some(list(found.stale))} are stale, {looked}"
        return Check("cell cache", "fail", what, "Run burden doctor --all --mend")
    if found.otherwise:
        what = f"{_some(found.otherwise)}: judged by another model, promise or policy, {looked}"
        return Check(
            "cell cache", "warn", what, "The next night brings them up to date, or burden doctor --mend"
        )
    return Check("cell cache", "ok", f"as readings and decisions make it, {looked}")


def store(found: StoreFound) -> tuple[Check, ...]:
    """Whether files and rows belong together, and files are what they were."""
    gone = f"; {found.gone:,} that were replaced are gone" if found.gone else ""
    missing = Check("missing files", "ok", f"every row has its file, {found.rows:,} in all{gone}")
    if found.missing:
        missing = _lost(
            found, "missing files", found.missing, "rows tell of them, and they are not in the store"
        )
    damaged = Check("damaged files", "ok", f"{found.read:,} of {found.rows:,} read again")
    if found.damaged:
        damaged = _lost(found, "damaged files", found.damaged, "not what was stored")
    return _orphans(found.strays), missing, damaged


def _lost(found: StoreFound, name: str, files: Mapping[str, str], how: str) -> Check:
    """Files that are to be fetched again; a warning where the next night does so anyway."""
    what = f"{_some([f'{of} ({sha256})' for sha256, of in files.items()])}: {how}"
    if found.is_elsewhere:
        remedy = "Check that BURDEN_STORE_URL is the store of this database; nothing is fetched again"
        return Check(name, "fail", f"{what}, more than are here", remedy)
    if files.keys() <= found.queued:
        remedy = "The next night asks arXiv for what came from there; add the rest again with burden add"
        return Check(name, "warn", f"{what}; to be fetched again", remedy)
    return Check(name, "fail", what, "Run burden doctor --mend, or restore them from a backup of the store")


def _orphans(found: Strays) -> Check:
    if not found.orphans:
        return Check("orphan files", "ok", "every file has a row")
    size = sum(one.size for one in found.orphans)
    what = f"{_some([one.name for one in found.orphans])}: no row tells of them, {size:,} bytes"
    if found.are_anothers:
        remedy = "Check that BURDEN_DATABASE_URL is the database of this store; nothing is removed"
        return Check("orphan files", "fail", f"{what}, more files than there are rows of", remedy)
    return Check("orphan files", "warn", what, "Run burden doctor --mend")


def services(found: Sequence[Answered]) -> tuple[Check, ...]:
    """Whether services answer, and whether our clock agrees with theirs."""
    return (*map(_reached, found), clock(found))


def _reached(one: Answered) -> Check:
    name = f"reach {one.host}"
    if one.trouble is None:
        return Check(name, "ok", "it answers")
    if isinstance(one.trouble, RateLimitedError):
        return Check(name, "warn", one.trouble.what, "The next night asks again")
    return failed(name, one.trouble)


def clock(found: Sequence[Answered]) -> Check:
    """Whether this machine's clock is right, by the first service that says what time it is."""
    told = next((one for one in found if one.ahead_seconds is not None), None)
    if told is None or told.ahead_seconds is None:
        return Check("clock", "skipped", "no service said what time it is")
    off = abs(told.ahead_seconds)
    side = "ahead of" if told.ahead_seconds > 0 else "behind"
    if off <= OFF_SECONDS:
        return Check("clock", "ok", f"within {OFF_SECONDS:g} s of {told.host}")
    outcome: Outcome = "fail" if off > WRONG_SECONDS else "warn"
    return Check("clock", outcome, f"{off:,.0f} s {side} {told.host}", "Set it by NTP, on every machine")


def _some(names: Sequence[object]) -> str:
    shown = ", ".join(map(str, names[:_SHOWN]))
    return f"{shown} and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else shown
