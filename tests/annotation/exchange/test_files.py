"""Files come back in whatever encoding, and may be anything."""

import pytest

from annotation.exchange.files import decode
from extractors.facts.errors import ParseError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_is_read_as_it_was_written(encoding: str) -> None:
    assert decode("cell;8× V100 “so” 深\r\n".encode(encoding)) == "cell;8× V100 “so” 深\r\n"


def test_what_excel_saves_in_the_west_is_read() -> None:
    assert decode("8× “so” é".encode("cp1252")) == "8× “so” é"


@pytest.mark.parametrize("data", [b"", b" \r\n", b"%PDF\0\x81", b"\xff\xfe\x00", b"\x81\x8d"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        decode(data)


def test_a_file_beyond_the_limit_is_refused() -> None:
    assert decode(b"123456789", 9)
    with pytest.raises(ParseError, match="more than 9 bytes"):
        decode(b"1234567890", 9)
