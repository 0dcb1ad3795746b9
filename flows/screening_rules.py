"""By which rules papers are screened here: those that the settings name, else the packaged ones."""

from __future__ import annotations

from extractors.facts.errors import UsageError
from extractors.screening import Rules, packaged_rules, parse_rules
from flows.settings import Settings


def rules_of(settings: Settings) -> Rules:
    """The rules that the settings name, or the packaged ones.

    Raises:
        UsageError: the file cannot be read.
        OntologyError: it breaks the rules of such files.
    """
    file = settings.screening_rules
    if file is None:
        return packaged_rules()
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the rules of screening cannot be read: {error}", where=str(file)) from error
    return parse_rules(text, str(file))
