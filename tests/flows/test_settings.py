"""Settings come from the environment over the file over the defaults, and what is wrong is said in one sentence."""

from pathlib import Path

import pytest

from extractors.facts.errors import UsageError
from flows.settings import ARXIV_HOSTS, Settings, environment_of, load_settings


@pytest.fixture(autouse=True)
def empty_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory without settings, and no settings from outside."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"BURDEN_{name.upper()}", raising=False)
    monkeypatch.delenv("BURDEN_SETTINGS", raising=False)
    return tmp_path


def test_the_defaults_are_those_of_a_laptop_and_polite_to_arxiv(empty_place: Path) -> None:
    settings = load_settings()
    assert settings.database == f"sqlite:///{empty_place}/burden-data/burden.sqlite"
    assert settings.store == f"{empty_place}/burden-data/store"
    assert settings.politeness.interval_seconds == 3.0
    assert settings.politeness.html_interval_seconds == 15.0
    assert settings.politeness.hosts == ARXIV_HOSTS
    assert settings.is_real_arxiv


def test_the_environment_wins_over_the_file(empty_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (empty_place / "burden.toml").write_text('contact = "file@example.org"\nworkers = 3\n')
    monkeypatch.setenv("BURDEN_CONTACT", "me@example.org")
    settings = load_settings()
    assert (settings.contact, settings.workers) == ("me@example.org", 3)


def test_another_file_can_be_named(empty_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (empty_place / "night.toml").write_text('categories = ["cs.CV"]\n')
    monkeypatch.setenv("BURDEN_SETTINGS", "night.toml")
    assert load_settings().categories == ("cs.CV",)


def test_categories_in_the_environment_are_a_plain_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BURDEN_CATEGORIES", "cs.CV, cs.LG")
    assert load_settings().categories == ("cs.CV", "cs.LG")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "contcat = 'me@example.org'",
            r"unknown setting 'contcat' \(burden.toml\). The settings are alarm_errors_chance, .*arxiv_api_url",
        ),
        ("workers = 'many'", r"valid integer.* \(burden.toml: workers\)"),
        ("promised_precision = 1.5", r"less than or equal to 1 \(burden.toml: promised_precision\)"),
        ("workers = ", r"the settings file is not TOML"),
        ("request_interval_seconds = 1", r"at least 3 for arxiv.org, export.arxiv.org"),
    ],
)
def test_what_is_wrong_in_the_file_is_said_with_its_place(text: str, said: str, empty_place: Path) -> None:
    (empty_place / "burden.toml").write_text(text)
    with pytest.raises(UsageError, match=said):
        load_settings()


def test_no_category_at_all_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """No feed was asked for anything, and the night was done."""
    monkeypatch.setenv("BURDEN_CATEGORIES", " ")
    with pytest.raises(UsageError, match=r"at least one is needed, as cs.LG \(BURDEN_CATEGORIES\)"):
        load_settings()


def test_what_is_wrong_in_the_environment_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BURDEN_WORKERS", "0")
    with pytest.raises(UsageError, match=r"\(BURDEN_WORKERS\)"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("overlap_days", "6", "greater than or equal to 7"),
        ("request_tries", "11", "less than or equal to 10"),
        ("recheck_days", "-1", "greater than or equal to 0"),
        ("backoff_seconds", "-5", "greater than or equal to 0"),
        ("connect_seconds", "0", "greater than 0"),
        ("page_size", "2001", "less than or equal to 2000"),
        ("tries_per_paper", "0", "greater than or equal to 1"),
        ("paper_megabytes", "64", "greater than or equal to 256"),
        ("alarm_volume_fall", "1.2", "less than or equal to 0.95"),
        ("alarm_yield_chance", "0.5", "less than or equal to 0.05"),
        ("alarm_nights_failed", "0", "greater than or equal to 1"),
        ("second_share", "1.5", "less than or equal to 1"),
        ("whole_share", "half", "a valid number"),
        ("html", "sometimes", "'never', 'fallback' or 'always'"),
        ("graphics", "ascii", "'auto', 'kitty', 'sixel' or 'none'"),
        ("oai_sets", "cs.LG", "a set of the feed is written as cs or cs:cs:LG"),
        ("categories", "cs LG!", "a category is written as cs.LG"),
        ("arxiv_oai_url", "oaipmh.arxiv.org/oai", "https:// or http://"),
        ("arxiv_api_url", "ftp://export.arxiv.org", "https:// or http://"),
        ("second_fields", "run.colour", "run.count"),
        ("store_url", "s3:/bucket", "s3://bucket/prefix"),
    ],
)
def test_a_value_that_is_not_allowed_is_named_with_what_is(
    name: str, value: str, allowed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = f"BURDEN_{name.upper()}"
    monkeypatch.setenv(variable, value)
    with pytest.raises(UsageError) as raised:
        load_settings()
    said = str(raised.value)
    wrong = value.rsplit(maxsplit=1)[-1] if name == "categories" else value
    assert (f"({variable})" in said, repr(wrong) in said, allowed in said) == (True, True, True), said


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("alarm_webhook_url", "chat.example/secret", "http:// or https://"),
        ("alarm_mail_server", "imap://ada:secret@mail.example", "smtp:// or smtp+tls:// or smtps://"),
    ],
)
def test_of_a_value_that_may_hold_a_password_only_what_is_allowed_is_said(
    name: str, value: str, allowed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"BURDEN_{name.upper()}", value)
    with pytest.raises(UsageError) as raised:
        load_settings()
    assert "secret" not in str(raised.value) and allowed in str(raised.value)


def test_a_named_file_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BURDEN_SETTINGS", "nowhere.toml")
    with pytest.raises(UsageError, match=r"cannot be read.*nowhere.toml"):
        load_settings()


def test_the_interval_can_be_lowered_for_loopback_only() -> None:
    loopback = "http://127.0.0.1:1/api/query"
    settings = Settings(arxiv_api_url=loopback, arxiv_pdf_url=loopback, request_interval_seconds=0)
    assert not settings.is_real_arxiv
    with pytest.raises(ValueError, match="at least 3"):
        Settings(arxiv_api_url=loopback, request_interval_seconds=0)


def test_pages_are_asked_for_at_arxiv_or_beside_the_pdfs_that_are_not_arxivs() -> None:
    loopback = Settings(arxiv_api_url="http://127.0.0.1:1/api/query", arxiv_pdf_url="http://127.0.0.1:1/pdf/")
    assert (Settings().html_url, loopback.html_url) == ("https://arxiv.org/html", "http://127.0.0.1:1/html")
    elsewhere = loopback.model_copy(update={"arxiv_html_url": "http://pages.example/html"})
    assert elsewhere.service_hosts == {"127.0.0.1", "pages.example"}
    assert elsewhere.model_copy(update={"html": "never"}).service_hosts == {"127.0.0.1"}


def test_when_html_is_read_is_one_of_three_words(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().html == "fallback"
    monkeypatch.setenv("BURDEN_HTML", "sometimes")
    with pytest.raises(UsageError, match=r"'never', 'fallback' or 'always' \(BURDEN_HTML\)"):
        load_settings()


def test_settings_travel_through_the_environment_unchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(contact="me@example.org", categories=("cs.CV", "cs.LG"), promised_precision=0.8)
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)
    assert load_settings() == settings
