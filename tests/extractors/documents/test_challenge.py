"""Pages meant for a person's browser, told from papers and from pages with content."""

import pytest

from extractors.documents.challenge import is_challenge_page, looks_like_html

PAGE = b"<!DOCTYPE html><html><head><title>Hello</title></head><body><p>%s</p></body></html>"


@pytest.mark.parametrize(
    "data",
    [
        PAGE,
        b"<html lang='en'>",
        b"  \n<HTML>",
        b"\xef\xbb\xbf<!doctype html>",
        b"<!-- generated --><html>",
        b"<?xml version='1.0' encoding='UTF-8'?>\n<!DOCTYPE html PUBLIC>",
        b"<body>",
    ],
)
def test_a_page_is_told_by_its_beginning(data: bytes) -> None:
    assert looks_like_html(data)


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.5", b"<?xml version='1.0'?><feed/>", b"text with <html> in it", b"<htmlish>"]
)
def test_what_is_no_page_is_none(data: bytes) -> None:
    assert not looks_like_html(data)


@pytest.mark.parametrize(
    "text",
    [
        b"Please complete the CAPTCHA to go on.",
        b"Are you human?",
        b"Confirm that you are not a robot",
        b"Checking your browser before you go on",
        b"Just a moment...",
        b"This site requires JavaScript",
        b"Please enable cookies",
    ],
)
def test_a_page_that_asks_for_a_person_is_a_challenge(text: bytes) -> None:
    assert is_challenge_page(PAGE % text)


def test_a_page_with_content_is_no_challenge() -> None:
    assert not is_challenge_page(PAGE % b"We train a network on 8 cards.")


def test_a_pdf_is_no_challenge() -> None:
    assert not is_challenge_page(b"%PDF-1.5 captcha")
