"""Strict decoding and faithful encoding, as properties."""

from __future__ import annotations

import base64
import gzip
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.codings import decode, encode
from scrubber.errors import Damaged, Held, TooLarge

LIMIT = 1 << 20
BREAKS = st.sampled_from((b"", b"\n", b"\r\n", b"\n  "))


def _wrapped(run: bytes, width: int, mark: bytes) -> bytes:
    if not mark or len(run) <= width:
        return run
    return mark.join(run[at : at + width] for at in range(0, len(run), width))


@given(st.binary(), st.booleans(), st.booleans(), BREAKS, st.sampled_from((4, 64, 76)))
def test_base64_comes_back_as_it_stood(
    data: bytes, url_safe: bool, padded: bool, mark: bytes, width: int
) -> None:
    run = base64.urlsafe_b64encode(data) if url_safe else base64.b64encode(data)
    run = run if padded else run.rstrip(b"=")
    run = _wrapped(run, width, mark)
    coding = "base64url" if url_safe else "base64"
    assert decode(run, (coding,), LIMIT) == data
    assert encode(data, (coding,), run) == run


@given(st.binary(), st.binary(min_size=1), st.sampled_from((76, 64)), BREAKS)
def test_other_bytes_get_the_same_style(new: bytes, old: bytes, width: int, mark: bytes) -> None:
    like = _wrapped(base64.b64encode(old), width, mark)
    coded = encode(new, ("base64",), like)
    assert decode(coded, ("base64",), LIMIT) == new
    assert all(len(row) <= max(width, len(like)) for row in coded.split(mark or b"\n"))


@pytest.mark.parametrize(
    "run",
    [b"QUJD!", b"QQ=", b"QR==", b"QUJDR", b"QQ==QQ==", b"+/-_", b"QUJD\nQU\nJDRA==", b"QUI D"],
)
def test_what_a_lax_decoder_would_skip_is_damaged(run: bytes) -> None:
    with pytest.raises(Damaged):
        decode(run, ("base64",), LIMIT)


@given(st.binary(), st.booleans())
def test_hex_and_percent_keep_their_case(data: bytes, upper: bool) -> None:
    run = data.hex().upper() if upper else data.hex()
    assert decode(run.encode(), ("hex",), LIMIT) == data
    assert encode(data, ("hex",), run.encode()) == run.encode()
    triplets = b"".join((b"%%%02X" if upper else b"%%%02x") % byte for byte in data)
    assert decode(triplets, ("percent",), LIMIT) == data
    assert encode(data, ("percent",), triplets) == triplets


@pytest.mark.parametrize(
    ("run", "coding"),
    [
        (b"abc", "hex"), (b"aB01Cd", "hex"), (b"zz", "hex"), (b"%4", "percent"),
        (b"%4g", "percent"), (b"%D0%b0", "percent"), (b"\\x", "json-string"),
        (b"\\ud800", "json-string"), (b'a"b', "json-string"), (b"\xff", "json-string"),
        (b"&nbsp;", "xml-text"), (b"a<b", "xml-text"), (b"&", "xml-text"),
        (b"\0", "utf-16-le"), (b"\0\xd8", "utf-16-le"), (b"x", "rot13"),
    ],
)  # fmt: skip
def test_broken_runs_are_damaged(run: bytes, coding: str) -> None:
    with pytest.raises(Damaged):
        decode(run, (coding,), LIMIT)


@given(
    st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\x7f")),
    st.booleans(),
)
def test_json_strings_keep_the_files_style(text: str, ascii_only: bool) -> None:
    run = json.dumps(text, ensure_ascii=ascii_only)[1:-1].encode()
    assert decode(run, ("json-string",), LIMIT) == text.encode()
    assert encode(text.encode(), ("json-string",), run) == run


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",))))
def test_text_codings_come_back(text: str) -> None:
    data = text.encode()
    for coding in ("xml-text", "utf-16-le", "utf-16-be", "json-string"):
        run = encode(data, (coding,), b"")
        assert decode(run, (coding,), 8 * LIMIT) == data
        assert encode(data, (coding,), run) == run


@given(st.binary())
def test_codings_nest_from_the_outside_in(data: bytes) -> None:
    like = base64.b64encode(zlib.compress(b"before"))
    run = encode(data, ("base64", "zlib"), like)
    assert zlib.decompress(base64.b64decode(run)) == data
    assert decode(run, ("base64", "zlib"), LIMIT) == data


def test_compressed_runs_are_bounded_and_end_where_they_end() -> None:
    bomb = zlib.compress(bytes(10 << 20))
    with pytest.raises(TooLarge):
        decode(bomb, ("zlib",), 1 << 20)
    for broken in (zlib.compress(b"x") + b"hidden", zlib.compress(b"x" * 99)[:-5], b"", b"x\x9c"):
        with pytest.raises(Held):
            decode(broken, ("zlib",), LIMIT)


def test_gzip_headers_carry_nothing() -> None:
    plain = gzip.compress(b"hello", mtime=0)
    assert decode(plain, ("gzip",), LIMIT) == b"hello"
    with pytest.raises(Damaged):
        decode(gzip.compress(b"hello", mtime=1_700_000_000), ("gzip",), LIMIT)
    named = plain[:3] + b"\x08" + plain[4:10] + b"jane.txt\0" + plain[10:]
    with pytest.raises(Damaged):
        decode(named, ("gzip",), LIMIT)
