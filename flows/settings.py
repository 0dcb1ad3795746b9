"""Every setting of burden, read in this one place from `BURDEN_*` variables and an optional `burden.toml`.

Lower floors never read settings: they are given small frozen values made here (`Politeness`, `Promise`). What a
single run is asked to do (its dates, its folder) is not a setting but an argument of the command.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urljoin, urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from db.dataset.gate.bounds import Bounds
from db.policy import ReviewPolicy
from extractors.facts.errors import UsageError
from extractors.facts.fields import fields_meant
from extractors.promise import Promise
from flows.watch.thresholds import USUAL, Thresholds

PREFIX = "BURDEN_"
FILE_VARIABLE = "BURDEN_SETTINGS"
"""Names a settings file other than `burden.toml` in the working directory."""

ARXIV_INTERVAL_SECONDS = 3.0
"""arXiv's terms: no more than one request every three seconds (https://info.arxiv.org/help/api/tou.html)."""
ARXIV_HTML_INTERVAL_SECONDS = 15.0
"""For its website, the only place with pages of HTML: copies of its robots.txt ask for more than its terms do."""
ARXIV_HOSTS = frozenset({"arxiv.org", "export.arxiv.org", "oaipmh.arxiv.org", "www.arxiv.org"})

ARXIV_OAI_URL = "https://oaipmh.arxiv.org/oai"
"""Since March 2025; https://info.arxiv.org/help/oa/index.html."""
ARXIV_HTML_URL = "https://arxiv.org/html"
"""Where arXiv has the pages that it makes of papers; its hosts for machines are not said to have them."""

Html = Literal["never", "fallback", "always"]
Graphics = Literal["auto", "kitty", "sixel", "none"]

_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]+(?:-[A-Za-z]+)*)?")
_SET = re.compile(r"[a-z]+(?:-[a-z]+)*(?::[A-Za-z]+(?:-[A-Za-z]+)*){0,2}")

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""Hosts that are this machine, where a stand-in may answer and nobody listens in."""


@dataclass(frozen=True, slots=True)
class Politeness:
    """How requests behave towards the services they go to."""

    hosts: frozenset[str]
    """The only hosts that may be asked, redirects included."""
    contact: str = ""
    """Where the operator can be reached, for the user agent."""
    interval_seconds: float = ARXIV_INTERVAL_SECONDS
    """Least time between the starts of two requests to one service."""
    margin_seconds: float = 0.01
    """What is added to each interval, because requests take more or less long to arrive: under load, two came 1 ms too near."""
    html_interval_seconds: float = ARXIV_HTML_INTERVAL_SECONDS
    """The same before a request for a page of HTML."""
    html_path: str = "/html/"
    """How the paths of such pages begin."""
    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    """Longest silence while a body arrives."""
    total_seconds: float = 300.0
    """Longest time for one whole answer, so that a slow drip ends."""
    tries: int = 4
    backoff_seconds: float = 5.0
    """Wait before the second try where the service names none; it doubles with each try."""
    jitter: float = 0.5
    """How much of such a wait may be added by chance, as a share of it."""
    longest_wait_seconds: float = 600.0
    """A `Retry-After` beyond this ends the night as rate limited instead of being waited for."""
    max_bytes: int = 80_000_000


class Settings(BaseSettings):
    """The settings, checked; each field is also an environment variable with the prefix `BURDEN_`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, validate_default=True)

    data_dir: Path = Path("burden-data")
    """Database, files, releases and logs live here; nothing is written elsewhere."""
    database_url: str = ""
    """Empty for SQLite in `data_dir`."""
    store_url: str = ""
    """Where files are kept; empty for a folder in `data_dir`."""
    gate_url: str = Field(default="", repr=False)
    """Database in which turns at services are taken, for several with databases of their own; empty for one's own."""
    contact: str = ""
    """E-mail or web address for the user agent; the real arXiv is refused without one."""
    arxiv_api_url: str = "https://export.arxiv.org/api/query"
    arxiv_oai_url: str = ""
    """Of the nightly feed; empty for arXiv's own, or for `oai` beside an `arxiv_pdf_url` that is not arXiv's."""
    arxiv_pdf_url: str = "https://export.arxiv.org/pdf"
    arxiv_html_url: str = ""
    """Empty for arXiv's own, or for `html` beside an `arxiv_pdf_url` that is not arXiv's."""
    html: Html = "fallback"
    """When a paper's HTML is read: never, where its PDF cannot be, or always where it has some."""
    request_interval_seconds: float = Field(default=ARXIV_INTERVAL_SECONDS, ge=0)
    connect_seconds: float = Field(default=10.0, gt=0)
    read_seconds: float = Field(default=60.0, gt=0)
    request_tries: int = Field(default=4, ge=1, le=10)
    backoff_seconds: float = Field(default=5.0, ge=0)
    max_pdf_bytes: int = Field(default=80_000_000, gt=0)
    page_size: int = Field(default=200, ge=1, le=2000)
    """Listings per request; arXiv gives at most 2,000."""
    categories: Annotated[tuple[str, ...], NoDecode] = (
        "cs.CL",
        "cs.CV",
        "cs.LG",
        "cs.NE",
        "eess.AS",
        "stat.ML",
    )
    screening_rules: Path | None = None
    """A file of rules that say which papers to read (docs/screening.md); empty for the packaged ones."""
    oai_sets: Annotated[tuple[str, ...], NoDecode] = ()
    """Sets of the nightly feed, as `cs` or `cs:cs:LG`; empty for those of the categories."""
    oai_prefix: str = "arXivRaw"
    """Name of the feed's format; its layout has to be that of arXivRaw."""
    overlap_days: int = Field(default=7, ge=7)
    """How far a night looks back behind the last one, because arXiv fills ranges late."""
    bulk_metadata: str = ""
    """Folder or address of the metadata snapshot for `--source bulk`; empty where it lies beside the archives."""
    recheck_days: int = Field(default=0, ge=0)
    """After so many days a file is asked for again, unless it is as it was; 0: never. Some pages of HTML are mended later."""
    cron: str = "30 2 * * *"
    """When `burden serve` runs the night, in UTC."""
    promised_precision: float = Field(default=0.95, ge=0, le=1)
    reject_below: float = Field(default=0.1, ge=0, le=1)
    audit_share: float = Field(default=0.05, ge=0, le=1)
    most_unreviewed: float = Field(default=1.0, ge=0, le=1)
    """Share of a release's cells that may be published unseen; more refuses it."""
    second_fields: Annotated[tuple[str, ...], NoDecode] = ()
    """Fields (`run.count`, `score`) or families of which two people decide each doubtful value, blind."""
    second_share: float = Field(default=0.1, ge=0, le=1)
    """Share of the other doubtful values that two people decide, blind."""
    whole_share: float = Field(default=0.02, ge=0, le=1)
    """Share of the papers with nothing found in them, or left out by screening, that a person reads as a whole."""
    annotator: str = ""
    """Who decides where `--as` does not say; empty for the operating system's user."""
    workers: int = Field(default=2, ge=1, le=64)
    """Processes that read papers."""
    paper_seconds: float = Field(default=300.0, gt=0)
    """Longest time that reading one paper may take."""
    paper_megabytes: int = Field(default=1024, ge=256)
    """Most memory that a process may use to read one paper; 180 of them are its own."""
    graphics: Graphics = "auto"
    """By which protocol pictures of pages are drawn in the terminal, or that none are; `auto` asks the terminal."""
    tries_per_paper: int = Field(default=3, ge=1)
    """A paper that failed this often is left alone until somebody acknowledges the failure."""

    alarm_mail_to: Annotated[tuple[str, ...], NoDecode] = ()
    """Who is told of alarms by e-mail."""
    alarm_mail_from: str = ""
    alarm_mail_server: str = Field(default="", repr=False)
    """`smtps://user:password@host` (encrypted from the start), `smtp+tls://...` (by STARTTLS), or `smtp://host` without encryption."""
    alarm_webhook_url: str = Field(default="", repr=False)
    """Where alarms are posted as JSON."""
    alarm_yield_chance: float = Field(default=USUAL.yields, ge=1e-6, le=0.05)
    """Probability of crying wolf over yields in a night."""
    alarm_yield_fall: float = Field(default=USUAL.yield_fall, ge=0.1, le=0.95)
    """A yield above this share of the expected is no alarm."""
    alarm_volume_chance: float = Field(default=USUAL.volume, ge=1e-6, le=0.05)
    alarm_volume_fall: float = Field(default=USUAL.volume_fall, ge=0.1, le=0.95)
    alarm_listed_again: float = Field(default=USUAL.listed_again, ge=0.1, le=0.95)
    alarm_errors_chance: float = Field(default=USUAL.errors, ge=1e-6, le=0.05)
    alarm_failed_share: float = Field(default=USUAL.failed_share, ge=0.05, le=1)
    """So large a share of files or papers that fail is an alarm whatever was before."""
    alarm_nights_failed: int = Field(default=USUAL.nights_failed, ge=1, le=30)
    alarm_watermark_days: float = Field(default=USUAL.watermark_days, ge=1, le=60)
    alarm_free_gigabytes: float = Field(default=USUAL.free_bytes / 1e9, ge=0.1, le=10_000)
    alarm_free_nights: int = Field(default=USUAL.free_nights, ge=0, le=365)
    metrics_file: Path | None = None
    """Where each run leaves figures for Prometheus, as `.../burden.prom`; the one file outside the data folder."""

    @field_validator("categories", "oai_sets", "second_fields", "alarm_mail_to", mode="before")
    @classmethod
    def _split(cls, given: object) -> object:
        if isinstance(given, str):
            return tuple(part for part in given.replace(",", " ").split() if part)
        return given

    @field_validator("categories", "oai_sets")
    @classmethod
    def _named(cls, given: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        is_set = info.field_name == "oai_sets"
        if not given and not is_set:  # or nothing would be asked, and the night be done
            raise ValueError("at least one is needed, as cs.LG")
        for name in given:
            if not (_SET if is_set else _CATEGORY).fullmatch(name):
                example = (
                    "a set of the feed is written as cs or cs:cs:LG"
                    if is_set
                    else "a category is written as cs.LG"
                )
                raise ValueError(f"{name!r} is none: {example}")
        return given

    @field_validator("arxiv_api_url", "arxiv_oai_url", "arxiv_pdf_url", "arxiv_html_url")
    @classmethod
    def _of_the_web(cls, given: str, info: ValidationInfo) -> str:
        parts = urlsplit(given)
        may_be_empty = info.field_name in ("arxiv_oai_url", "arxiv_html_url")
        if (given or not may_be_empty) and not (parts.scheme in ("http", "https") and parts.hostname):
            raise ValueError("must be an address that begins with https:// or http://")
        return given

    @field_validator("store_url")
    @classmethod
    def _store(cls, given: str) -> str:
        if re.match(r"[a-z][a-z0-9+.-]+:(?!//)", given):  # or files would go into a folder of that name
            raise ValueError("must be a folder, or an address as s3://bucket/prefix")
        return given

    @field_validator("second_fields")
    @classmethod
    def _known(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return tuple(dict.fromkeys(path for words in given for path in fields_meant(words)))
        except UsageError as error:
            raise ValueError(str(error)) from error

    @field_validator("alarm_webhook_url", "alarm_mail_server")
    @classmethod
    def _addressed(cls, given: str, info: ValidationInfo) -> str:
        allowed = (
            ("http", "https") if info.field_name == "alarm_webhook_url" else ("smtp", "smtp+tls", "smtps")
        )
        try:
            parts = urlsplit(given)
            known = not given or (parts.scheme in allowed and bool(parts.hostname) and parts.port != 0)
        except ValueError:
            known = False
        if not known:  # not repeated: such addresses hold passwords
            raise ValueError(
                f"must be an address that begins with {' or '.join(f'{name}://' for name in allowed)}"
            )
        return given

    @model_validator(mode="after")
    def _mailed(self) -> Self:
        if self.alarm_mail_to and not (self.alarm_mail_server and self.alarm_mail_from):
            raise ValueError("alarm_mail_to needs alarm_mail_server and alarm_mail_from")
        server = urlsplit(self.alarm_mail_server)
        if server.scheme == "smtp" and server.password and server.hostname not in LOOPBACK:
            raise ValueError("a password goes to alarm_mail_server by smtps:// or smtp+tls:// only")
        return self

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        remote = self.service_hosts - LOOPBACK
        if remote and self.request_interval_seconds < ARXIV_INTERVAL_SECONDS:
            given = f"request_interval_seconds is {self.request_interval_seconds:g}"
            raise ValueError(
                f"{given} and must be at least {ARXIV_INTERVAL_SECONDS:g} for {', '.join(sorted(remote))}"
            )
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  # the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The constructor believes its arguments only; `load_settings` looks around."""
        return (init_settings,)

    @property
    def service_hosts(self) -> frozenset[str]:
        """Hosts that the settings name."""
        urls = [self.arxiv_api_url, self.oai_url, self.arxiv_pdf_url]
        if self.html != "never":
            urls.append(self.html_url)
        return frozenset(urlsplit(url).hostname or "" for url in urls)

    @property
    def oai_url(self) -> str:
        """Where the nightly feed is."""
        return self.arxiv_oai_url or self._beside_pdfs("oai", ARXIV_OAI_URL)

    @property
    def html_url(self) -> str:
        """Where papers are asked for as HTML."""
        return self.arxiv_html_url or self._beside_pdfs("html", ARXIV_HTML_URL)

    def _beside_pdfs(self, name: str, at_arxiv: str) -> str:
        is_arxiv = urlsplit(self.arxiv_pdf_url).hostname in ARXIV_HOSTS
        return at_arxiv if is_arxiv else urljoin(self.arxiv_pdf_url.rstrip("/"), name)

    @property
    def is_real_arxiv(self) -> bool:
        """Whether requests go to arXiv itself rather than to a stand-in."""
        return not self.service_hosts <= LOOPBACK

    @property
    def database(self) -> str:
        """Address of the database."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'burden.sqlite'}"

    @property
    def store(self) -> str:
        """Address or folder of the object store."""
        return self.store_url or str(self.data_dir.absolute() / "store")

    @property
    def releases(self) -> Path:
        """Folder of the releases."""
        return self.data_dir / "releases"

    @property
    def logs(self) -> Path:
        """Folder of the logs and of the runs' reports."""
        return self.data_dir / "logs"

    @property
    def pictures(self) -> Path:
        """Folder of the pictures made of pages."""
        return self.data_dir / "pictures"

    @property
    def bounds(self) -> Bounds:
        """What a release is held against."""
        return Bounds(self.promise, self.most_unreviewed)

    @property
    def promise(self) -> Promise:
        """What is promised of values that are published unseen."""
        return Promise(self.promised_precision, self.reject_below, self.audit_share)

    @property
    def policy(self) -> ReviewPolicy:
        """How many people look at what."""
        return ReviewPolicy(self.second_fields, self.second_share, self.whole_share)

    @property
    def thresholds(self) -> Thresholds:
        """When the nights raise an alarm."""
        return Thresholds(
            yields=self.alarm_yield_chance,
            yield_fall=self.alarm_yield_fall,
            volume=self.alarm_volume_chance,
            volume_fall=self.alarm_volume_fall,
            listed_again=self.alarm_listed_again,
            errors=self.alarm_errors_chance,
            failed_share=self.alarm_failed_share,
            nights_failed=self.alarm_nights_failed,
            watermark_days=self.alarm_watermark_days,
            free_bytes=round(self.alarm_free_gigabytes * 1e9),
            free_nights=self.alarm_free_nights,
        )

    @property
    def politeness(self) -> Politeness:
        """How requests behave."""
        siblings = ARXIV_HOSTS if self.service_hosts & ARXIV_HOSTS else frozenset[str]()
        html_least = ARXIV_HTML_INTERVAL_SECONDS if self.service_hosts - LOOPBACK else 0.0
        return Politeness(
            hosts=self.service_hosts | siblings,
            contact=self.contact,
            interval_seconds=self.request_interval_seconds,
            html_interval_seconds=max(self.request_interval_seconds, html_least),
            html_path=urlsplit(self.html_url).path.rstrip("/") + "/",
            connect_seconds=self.connect_seconds,
            read_seconds=self.read_seconds,
            tries=self.request_tries,
            backoff_seconds=self.backoff_seconds,
            max_bytes=self.max_pdf_bytes,
        )


def load_settings() -> Settings:
    """The settings of this process: environment over file over defaults.

    Raises:
        UsageError: the file cannot be read, names an unknown setting, or a value is not allowed.
    """
    file = Path(os.environ.get(FILE_VARIABLE, "burden.toml"))
    from_file = _from_file(file) if file.exists() or FILE_VARIABLE in os.environ else {}
    from_environment = EnvSettingsSource(Settings, env_prefix=PREFIX)()
    try:
        return Settings.model_validate(from_file | from_environment)
    except ValidationError as error:
        raise _as_usage_error(error, file, from_environment) from error


def unknown_variables() -> dict[str, str]:
    """Variables of the environment that begin as settings do and are none, each with the setting that it is most like, or nothing."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    strange = sorted(
        name for name in os.environ if name.startswith(PREFIX) and name not in {*known, FILE_VARIABLE}
    )
    return {name: next(iter(get_close_matches(name, known, 1, 0.8)), "") for name in strange}


def environment_of(settings: Settings) -> dict[str, str]:
    """Environment variables that make `load_settings` give these settings in this or another process."""
    given = settings.model_dump(mode="json")
    return {
        PREFIX + name.upper(): ",".join(value) if isinstance(value, list) else str(value)
        for name, value in given.items()
        if value is not None
    }


def _from_file(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the settings file cannot be read: {error}", where=str(file)) from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"the settings file is not TOML: {error}", where=str(file)) from error


def _as_usage_error(error: ValidationError, file: Path, from_environment: dict[str, object]) -> UsageError:
    first = error.errors()[0]
    name = ".".join(map(str, first["loc"]))
    if first["type"] == "extra_forbidden":
        known = ", ".join(sorted(Settings.model_fields))
        return UsageError(f"unknown setting {name!r}", where=str(file), remedy=f"The settings are {known}")
    place = (PREFIX + name.upper() if name in from_environment else f"{file}: {name}") if name else "settings"
    return UsageError(_refusal(name, first["msg"], first["input"]), where=place)


def _refusal(name: str, said: str, given: object) -> str:
    """What is wrong with a value, which is shown unless it may hold a password; a sentence of ours that names it is left as it is."""
    said = said.removeprefix("Value error, ").replace("Input should", "It should", 1)
    field = Settings.model_fields.get(name)
    if field is None or not field.repr or repr(given) in said:
        return said
    return f"{given!r} is not allowed: {said[0].lower()}{said[1:]}"
