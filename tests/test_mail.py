"""Mail: what goes, who is who, what stays to the letter, and what is held."""

from __future__ import annotations

import contextlib
import email
import email.policy
import mailbox
import re
import sysconfig
from functools import partial
from pathlib import Path

import mails
import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import assert_laws
from mails import PLAIN, cleaned, mbox, mixed

from scrubber.containers import load_reader, table
from scrubber.errors import Damaged, Encrypted, Held, NestedUnclean, OpaqueText, Unsupported
from scrubber.formats.mail import Eml, Mbox
from scrubber.formats.mail_people import people
from scrubber.formats.mail_text import text_units
from scrubber.formats.passages import read_units
from scrubber.identify import identify
from scrubber.nesting import parse
from scrubber.readers.mail import read_eml, read_mbox
from scrubber.source import MemorySource

KINDS = [("eml", PLAIN), ("eml", mixed()), ("eml", mixed(crlf=False)), ("mbox", mbox())]
NAMES = ["plain", "mixed", "mixed-lf", "mbox"]
HEAD = b"From: Emma <e@example.com>\nTo: a@example.com\nSubject: x\n"


@pytest.mark.parametrize(("row", "data"), KINDS, ids=NAMES)
def test_private_values_go_and_clean_mail_stays(row: str, data: bytes) -> None:
    assert identify(MemorySource(data), "x").container.name == row
    once, _ = cleaned(row, data)
    assert b"PLANTED" not in once
    assert b"Quillfeather" not in once
    assert identify(MemorySource(once), "x").container.name == row
    assert cleaned(row, once)[0] == once
    assert load_reader(table()[row])(MemorySource(data)).leftovers


def test_words_stay_to_the_letter() -> None:
    before, after = (
        email.message_from_bytes(data, policy=email.policy.default)
        for data in (mixed(), cleaned("eml", mixed())[0])
    )
    assert after["Subject"] == before["Subject"] == "Grüße aus Bath"
    texts = [
        [part.get_content() for part in mail.walk() if part.get_content_type() == "text/plain"]
        for mail in (before, after)
    ]
    assert texts[0] == texts[1]
    assert "Привет, Эмма." in texts[1][1]
    kinds = [part.get_content_type() for part in after.walk()]
    assert kinds == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/plain", "image/jpeg",
        "message/rfc822", "text/plain",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["Jürgen", "Эмма", "Grüße"])
def test_a_name_goes_from_every_encoding_and_nothing_else(name: str) -> None:
    before = email.message_from_bytes(mixed(), policy=email.policy.default)
    after = email.message_from_bytes(cleaned("eml", mixed(), name)[0], policy=email.policy.default)
    hit = False
    for one, other in zip(_texts(before), _texts(after), strict=True):
        masked = re.sub(r"\[PERSON-\w+\]", name, other)
        assert masked == one
        hit |= masked != other
    assert hit


def _texts(mail: email.message.EmailMessage) -> list[str]:
    found = [str(mail["Subject"])]
    return found + [
        part.get_content() for part in mail.walk() if part.get_content_type() == "text/plain"
    ]


def test_one_person_has_one_tag() -> None:
    mail = (
        b"From: Emma W <e@example.com>\nTo: H <h@example.com>\n"
        b'Cc: "Emma W" <e@example.com>, =?utf-8?q?Emma_W?= <e@example.com>\n\nx\n'
    )
    out = cleaned("eml", mail)[0]
    tags = re.findall(rb'"?(\[PERSON-\w+\])"? <"(\[EMAIL_ADDRESS-\w+\])"@mail.invalid>', out)
    assert len(tags) == 4
    assert len(set(tags)) == 2
    read = email.message_from_bytes(out, policy=email.policy.default)
    assert len(read["Cc"].addresses) == 2
    assert read["From"].addresses[0].domain == "mail.invalid"


def test_answers_still_fit(tmp_path: Path) -> None:
    first = HEAD + b"Message-ID: <1@example.com>\n\nhi\n"
    second = HEAD + b"In-Reply-To: <1@example.com>\nReferences: <0@x> <1@example.com>\n\nhi\n"
    box = b"".join(b"From x Mon Jan  1 00:00:00 2024\n" + mail + b"\n" for mail in (first, second))
    out = tmp_path / "box"
    out.write_bytes(cleaned("mbox", box)[0])
    one, two = mailbox.mbox(out)
    assert one["Message-ID"] == two["In-Reply-To"] == two["References"].split()[1]
    assert two["References"].split()[0] != one["Message-ID"]


@pytest.mark.parametrize(("row", "data"), KINDS, ids=NAMES)
def test_laws(row: str, data: bytes) -> None:
    form, read = (Eml(), read_eml) if row == "eml" else (Mbox(), read_mbox)
    data = cleaned(row, data)[0]  # labels are masked by a run, not by the structure
    assert_laws(form, partial(read, net=False), data)


@given(st.data())
def test_quoted_printable_reads_as_it_is_meant(draw: st.DataObject) -> None:
    import quopri

    text = draw.draw(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0")))
    raw = quopri.encodestring(text.encode()).decode("ascii")
    assert read_units(raw, text_units(raw, "utf-8", True)) == text


@given(st.binary(max_size=200))
def test_any_bytes_in_a_header_are_named_whole(value: bytes) -> None:
    raw = value.decode("latin-1")
    covered = list(raw)
    for one in people(raw):
        covered[one.start : one.end] = " " * (one.end - one.start)
    assert not any(map(str.isalnum, "".join(covered)))


HELD: dict[str, tuple[type[Held], bytes]] = {
    "no field": (Damaged, HEAD + b"no field\n\nx"),
    "blank continuation": (Damaged, HEAD + b" \nX-A: 1\n\nx"),
    "lone CR": (Damaged, HEAD + b"X-A: 1\rBcc: jane\n\nx"),
    "NUL": (Damaged, HEAD + b"X-A: 1\0\n\nx"),
    "two types": (Damaged, HEAD + b"Content-Type: text/plain\nContent-Type: text/html\n\nx"),
    "two boundaries": (
        Damaged,
        HEAD + b"Content-Type: multipart/mixed; boundary=a; boundary=b\n\n--a\n\nx\n--a--\n",
    ),
    "boundary in pieces": (
        Damaged, HEAD + b"Content-Type: multipart/mixed; boundary*0=a\n\n--a\n\nx\n--a--\n"
    ),
    "no boundary": (Damaged, HEAD + b"Content-Type: multipart/mixed\n\n--a\n\nx\n--a--\n"),
    "cut off": (Damaged, HEAD + b"Content-Type: multipart/mixed; boundary=a\n\n--a\n\nx\n"),
    "deep": (
        Held,
        HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=a%d\n\n--a%d\n" % (i, i)
                        for i in range(40)) + b"\nx"
        + b"".join(b"\n--a%d--" % i for i in reversed(range(40))),
    ),
    "fields": (Held, HEAD + b"X-A: 1\n" * 5000 + b"\nx"),
    "long field": (Held, HEAD + b"X-A: " + b"a" * (2 << 20) + b"\n\nx"),
    "encoding": (Damaged, HEAD + b"Content-Transfer-Encoding: x-uuencode\n\nx"),
    "charset": (Unsupported, HEAD + b"Content-Type: text/plain; charset=utf-7\n\n+AEA-"),
    "not the charset": (Damaged, HEAD + b"Content-Type: text/plain; charset=utf-8\n\n\xff\xfe"),
    "quoted-printable": (Damaged, HEAD + b"Content-Transfer-Encoding: quoted-printable\n\na=zz"),
    "base64": (Damaged, HEAD + b"Content-Transfer-Encoding: base64\n\nSGVsbG8=junk\n"),
    "html": (Unsupported, HEAD + b"Content-Type: text/html\n\n<p>x<plaintext>"),
    "signed": (
        Encrypted, HEAD + b"Content-Type: multipart/signed; boundary=a\n\n--a\n\nx\n--a--\n"
    ),
    "s/mime": (Encrypted, HEAD + b"Content-Type: application/pkcs7-mime\n\nAAAA"),
    "tnef": (Encrypted, HEAD + b"Content-Type: application/ms-tnef\n\nAAAA"),
    "pgp": (Encrypted, HEAD + b"\n-----BEGIN PGP MESSAGE-----\n"),
    "uuencode": (Unsupported, HEAD + b"\nbegin 644 jane.jpg\nM\n"),
    "card": (Unsupported, HEAD + b"\nBEGIN:VCARD\nFN:Jane\nEND:VCARD\n"),
    "pdf": (Unsupported, HEAD + b"Content-Type: application/pdf\n\nAAAA"),
    "only attachments": (
        Unsupported,
        HEAD + b"Content-Type: multipart/mixed; boundary=a\n\n--a\n"
        b"Content-Type: video/mp4\n\nx\n--a--\n",
    ),
    "picture": (
        NestedUnclean | OpaqueText,  # type: ignore[dict-item]  # pytest.raises wants a tuple
        HEAD + b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\nSGVsbG8=\n",
    ),
    "our boundary": (
        Unsupported,
        HEAD + b"Content-Type: multipart/mixed; boundary=a\n\n--a\n\nx\n--=_part-1_\n--a--\n",
    ),
    "encoded word": (Damaged | OpaqueText,  # type: ignore[dict-item]  # as above
                     b"From: e@x.example\nTo: a@example.com\nSubject: =?utf-8?b?Cg==?=\n\nx"),
}  # fmt: skip


@pytest.mark.parametrize("name", HELD)
def test_held(name: str) -> None:
    kind, data = HELD[name]
    kinds = getattr(kind, "__args__", (kind,))
    with pytest.raises(kinds):
        cleaned("eml", data)


@pytest.mark.parametrize(
    "data",
    [
        b"From x Mon Jan  1 00:00:00 2024\n" + HEAD + b"\nhi\nFrom me to you\n",
        b"From x Mon Jan  1 00:00:00 2024\n" + HEAD + b"\nhi\n\nFrom me to you\n",
        b"From x Mon Jan  1 00:00:00 2024\nno field\n\nhi\n",
        b"From x Mon Jan  1 00:00:00 2024\n" + HEAD + b"\nhi\n"
        b"From x Mon Jan  1 00:00:00 2024\n" + HEAD + b"\nhi\n",
    ],
)
def test_a_mailbox_that_programs_split_otherwise_is_held(data: bytes) -> None:
    with pytest.raises(Held):
        cleaned("mbox", data)


def _examples() -> list[Path]:
    folder = Path(sysconfig.get_path("stdlib")) / "test" / "test_email" / "data"
    return [path for path in sorted(folder.glob("msg_*.txt")) if _row(path.read_bytes())]


def _row(data: bytes) -> str:
    name = identify(MemorySource(data), "x.eml").container.name
    return name if name in ("eml", "mbox") else ""


@pytest.mark.parametrize("path", _examples(), ids=lambda path: path.stem)
def test_mails_of_the_standard_library(path: Path) -> None:
    """Each is held, or cleaned to the same words without what its header tells."""
    data = path.read_bytes()
    row = _row(data)
    try:
        out, _ = cleaned(row, data, net=False)
    except Held:
        return
    assert cleaned(row, out, net=False)[0] == out
    names = {name.lower() for name in email.message_from_bytes(out)}
    assert not names & {"date", "received", "return-path", "delivered-to", "x-mailer"}


def test_of_these_broken_mails_many_are_cleaned() -> None:
    good = 0
    if not _examples():
        pytest.skip("this Python has no tests of its own")
    rows = [path.read_bytes() for path in _examples()]
    for data in rows:
        with contextlib.suppress(Held):
            cleaned("eml", data, net=False)
            good += 1
    assert good * 5 >= len(rows) * 2


@pytest.mark.parametrize(("row", "data"), KINDS, ids=NAMES)
def test_damaged_mail_is_held_or_cleaned(row: str, data: bytes) -> None:
    for bad in mails.bent(data, 150):
        try:
            once, _ = cleaned(row, bad, net=False)
        except Held:
            continue
        assert cleaned(row, once, net=False)[0] == once


def test_what_is_not_listed_is_no_finding_of_its_name() -> None:
    parsed = parse(MemorySource(PLAIN), table()["eml"])
    assert not any("planted" in part.name.lower() for part in parsed.ledger.parts)
