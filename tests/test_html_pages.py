"""HTML: words and values are inspected in place, what speaks of the page alone goes."""

from __future__ import annotations

import binascii
import email
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import assert_laws, clean, ledger_of
from robustness import assert_robust
from runs import Runs

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.html import Html
from scrubber.formats.html_tokens import tokens
from scrubber.formats.mail import Eml
from scrubber.formats.passages import Written
from scrubber.readers.html import read
from scrubber.readers.mail import read_eml
from scrubber.textual import recognise

structure = partial(read, net=False)
PAGE = (
    b"<!-- saved from url=PLANTED-7f3a --><!DOCTYPE html>\n<html lang=en><head>"
    b'<meta charset="utf-8"><meta name="author" content="PLANTED-7f3a">'
    b'<meta name=viewport content="width=device-width"><meta name="description" content="By Ada">'
    b"<link rel='me author' href=https://example.com/PLANTED-7f3a><title>Ada &amp; Bob</title>"
    b"<style>/* Ada */ p > a { color: red }</style>"
    b'<script type="application/ld+json">{"name": "Ada Quill"}</script>'
    b"<script>// by Ada\nif (1 < 2) { f('<p>') }\n</script></head>\n"
    b'<body onload="f()"><p class=x>Dear &#90;innia <b>Hart</b>wood,<br/>hello<img alt="Ada" '
    b"src=a.jpg></p>1 < 2<textarea>Ada\n</textarea><input value='Zinnia Hartwood' hidden>"
    b'<div data-who=\'{"name":"Ada Quill"}\' data-n=1>x<!---->y</div><![endif]></body></html>\n'
).replace(b"<!---->", b"<!-- -->")


def passages(data: bytes) -> list[Written]:
    made = ledger_of(Html(), data).passages
    assert made is not None
    return list(made())  # type: ignore[arg-type]  # Written is the only passage here


def test_laws_and_what_goes() -> None:
    output = assert_laws(Html(), structure, PAGE)
    assert b"PLANTED-7f3a" not in output
    assert b"<!--" not in output
    assert b"[endif]" not in output
    assert b'content="width=device-width"' in output
    assert output.startswith(b"<!DOCTYPE html>\n<html lang=en><head><meta charset")


def test_texts_values_and_programs_are_passages() -> None:
    rows = [(row.context.kind, row.text.strip()) for row in passages(PAGE)]
    for row in (
        ("prose", "By Ada"), ("prose", "Ada & Bob"), ("comment", "/* Ada */"),
        ("comment", "// by Ada"), ("prose", "hello"), ("prose", "Ada"),
        ("prose", "Zinnia Hartwood"), ("comment", '{"name":"Ada Quill"}'), ("code", "f()"),
        ("prose", "Hartwood,"), ("prose", "Dear Zinnia"),
    ):  # fmt: skip
        assert row in rows


def test_data_in_a_script_is_json() -> None:
    nested = ledger_of(Html(), PAGE).nested
    assert [row.container for row in nested] == ["json"]


def test_every_word_is_in_one_passage_or_goes() -> None:
    out = clean(Html(), PAGE)
    seen = bytearray(len(out))
    for passage in passages(out):
        low, high = passage.locate(0, len(passage.text))
        assert not any(seen[low:high])
        seen[low:high] = b"\1" * (high - low)
    unread = bytes(byte if not seen[at] else 32 for at, byte in enumerate(out))
    for word in (b"Ada", b"innia", b"Hart", b"wood", b"red", b"jpg"):
        assert word not in unread.replace(b'{"name": "Ada Quill"}', b"")  # nested


@pytest.mark.parametrize(
    "page",
    [
        b"<p a=1 a=2>", b"<p <b>", b"<title>a", b"<script>a", b"<!-- a", b"<![CDATA[a]]>",
        b"<!ENTITY a>", b"<plaintext>a", b"<iframe src=a></iframe>", b"<p a='1>", b"</p a=1>",
        b"<script><!-- a --></script>", b"<title>a<b></title>", b"<!-- a <!-- b -->", b"<a\0>",
        b"<!-- a --!> b -->",
    ],
)  # fmt: skip
def test_what_parsers_read_otherwise_is_held(page: bytes) -> None:
    with pytest.raises((Damaged, Unsupported)):
        ledger_of(Html(), b"<html>" + page + b"</html>")


def test_another_encoding_than_it_is_read_in_is_held() -> None:
    page = "<meta charset=koi8-r><p>Привет</p>".encode("koi8-r")
    with pytest.raises(Held):
        ledger_of(Html(), page)
    assert_laws(
        Html(), structure, "<meta charset=windows-1252><p>caf\u00e9 \u2014</p>".encode("cp1252")
    )


def test_robust() -> None:
    assert_robust(Html(), structure, PAGE, n=300, prefixes=200)


@given(st.text("<>!-/a= '\"&;\n", max_size=40))
def test_tokens_have_no_gaps(text: str) -> None:
    try:
        found = list(tokens(text))
    except Held:
        return
    assert "".join(text[row.start : row.end] for row in found) == text


@pytest.mark.slow
def test_pages_and_mail_through_the_real_command(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    body = "<p>Dear Zinnia Hartwood, call (212)&nbsp;555-0147 or zinnia&#64;example.com.</p>"
    runs.write("a.html", f"<html><body>{body}<img alt='Ada Quill at sea'></body></html>")
    head = "From: Ada Quill <ada@example.com>\nTo: b@example.com\nSubject: x\nMIME-Version: 1.0\n"
    runs.write("b.eml", f"{head}Content-Type: text/html; charset=utf-8\n\n{body}\n")
    assert runs.scrub().returncode == 0
    rows = [path.read_text() for path in (runs.out / "data").rglob("*.*")]
    assert len(rows) == 2
    for name in ("Zinnia", "Hartwood", "0147", "example.com", "Quill"):
        assert name not in "".join(rows)
    assert all("<p>Dear [PERSON-" in row for row in rows)
    assert runs.verified()


@pytest.mark.parametrize("coding", ["7bit", "quoted-printable", "base64"])
def test_a_mail_that_is_a_page_only(coding: str) -> None:
    body = b"<p>caf\xc3\xa9 and a line that is long enough to be broken</p>\r\n"
    sent = {
        "7bit": body,
        "quoted-printable": binascii.b2a_qp(body, istext=True),
        "base64": binascii.b2a_base64(body),
    }[coding]
    head = "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n"
    head += f"Content-Transfer-Encoding: {coding}\r\n\r\n"
    output = assert_laws(Eml(), partial(read_eml, net=False), head.encode() + sent)
    page = email.message_from_bytes(output).get_payload(decode=True)
    assert isinstance(page, bytes)
    assert page.rstrip() == body.rstrip()
    again = clean(Eml(), (head.encode() + sent).replace(b"caf", b"<!-- x -->caf"))
    page = email.message_from_bytes(again).get_payload(decode=True)
    assert coding == "base64" or (isinstance(page, bytes) and page.rstrip() == body.rstrip())


def test_mail_in_related_parts_is_mail() -> None:
    head = "From: a@b.c\nTo: b@b.c\nSubject: x\nContent-Type: multipart/related; boundary=a\n\n"
    assert recognise(head, "", "a.eml") == "eml"
    assert recognise(head.replace("To:", "X:"), "", "a.mht") == "mhtml"
