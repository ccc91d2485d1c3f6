"""Mails for tests, with private values in every hiding place, and how a run cleans them."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Iterator
from pathlib import Path

from robustness import _mutations as mutations
from robustness import _prefixes as prefixes
from runs import photo

from detectors.placeholders import placeholder, without_placeholders
from scrubber.containers import load_reader, table
from scrubber.errors import VerifyFailed
from scrubber.model import Action, Reading
from scrubber.nesting import Parsed, parse
from scrubber.plan import Masked, output_of, plan
from scrubber.source import MemorySource
from scrubber.transfer import content_digest

KEY = b"k" * 32
DATA = Path(__file__).parent / "data"

PLAIN = (
    "Return-Path: <PLANTED-a1@example.com>\n"
    "Received: from PLANTED-b2 (192.0.2.17) by mx.example.com; Mon, 1 Jan 2024 10:00:00 +0000\n"
    "\tfolded PLANTED-c3\n"
    'From: "Emma PLANTED-d4 Woodhouse" <PLANTED-e5@example.com>\n'
    "To: Harriet PLANTED-f6 <PLANTED-g7@example.com>, PLANTED-h8@example.com (PLANTED-i9 home)\n"
    "Cc: =?utf-8?Q?J=C3=B6rg_PLANTED-j1?= <PLANTED-k2@example.com>\n"
    "Subject: About the\n\tpictures\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n"
    "Message-ID: <PLANTED-l3@PLANTED-m4.example.com>\n"
    "References: <PLANTED-n5@example.com>\n <PLANTED-l3@example.com>\n"
    "X-Mailer: PLANTED-o6\nX-PLANTED-p7: 1\nMIME-Version: 1.0 (PLANTED-q8)\n"
    "Content-Type: text/plain; charset=UTF-8; name=PLANTED-r9\n"
    "Content-Transfer-Encoding: 8bit\nContent-Disposition: inline; filename=PLANTED-s1\n\n"
    "Dear Harriet,\u200b\n\nhére is what I wrote.\n> an answer\n-- \nEmma\n"
).encode()


def mixed(crlf: bool = True) -> bytes:
    """Alternatives, a picture, an attachment, quoted-printable and base64."""
    qp = quopri.encodestring("Grüße, Jürgen = ich. ".encode() * 6).decode()
    koi = base64.encodebytes("Привет, Эмма. Фото готово.\n".encode("koi8-r")).decode()
    picture = base64.encodebytes(photo("Marlowe Quillfeather")).decode()
    text = (
        "From: emma@example.com\nTo: undisclosed-recipients:;\n"
        "Subject: =?iso-8859-1?Q?Gr=FC=DFe?= =?iso-8859-1?Q?_aus_Bath?=\n"
        'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="PLANTED-b1"\n\n'
        "PLANTED-preamble\n--PLANTED-b1\n"
        'Content-Type: multipart/alternative; boundary="PLANTED-b1b"\n\n'
        "--PLANTED-b1b\nContent-Type: text/plain; charset=utf-8\n"
        f"Content-Transfer-Encoding: Quoted-Printable\n\n{qp}\n"
        "--PLANTED-b1b\nContent-Type: text/html; charset=utf-8\n\n<p>PLANTED-html</p>\n"
        "--PLANTED-b1b--\nPLANTED-epilogue\n"
        "--PLANTED-b1\nContent-Type: text/plain; charset=koi8-r\n"
        f"Content-Transfer-Encoding: base64\n\n{koi}"
        "--PLANTED-b1\nContent-Type: image/jpeg; name=PLANTED-c2.jpg\nContent-ID: <PLANTED-d3@x>\n"
        f"Content-Transfer-Encoding: base64\n\n{picture}"
        "--PLANTED-b1\nContent-Type: application/pdf; name=PLANTED-e4.pdf\n"
        "Content-Transfer-Encoding: base64\n\nUExBTlRFRA==\n"
        "--PLANTED-b1\nContent-Type: message/rfc822\n\nFrom: PLANTED-f5@example.com\n"
        "Date: PLANTED-g6\n\nforwarded words\n"
        "--PLANTED-b1--\nPLANTED-epilogue\n"
    )
    return (text.replace("\n", "\r\n") if crlf else text).encode("latin-1")


def mbox() -> bytes:
    return (
        b"From PLANTED-x1@example.com Mon Jan  1 00:00:00 2024\n" + PLAIN + b"\n"
        b"From PLANTED-x2 Tue Jan  2 10:00:00 2024\n" + mixed(crlf=False) + b"\n"
        b"From PLANTED-x3@example.com Tue Jan  2 10:00:00 2024 +0100\nFrom: Emma <e@example.com>\n"
        b"Subject: x\n\n>From here on it is quoted.\n"
    )


def remove(entity: str, value: bytes = b"") -> Action:
    return Action.DROP


def masks(parsed: Parsed, words: tuple[str, ...] = ()) -> dict[int, list[Masked]]:
    """What a label makes private, and every one of `words`, replaced as a run does it."""
    made: dict[int, list[Masked]] = {}
    for _, child in parsed.walk():
        for passage in child.ledger.passages() if child.ledger.passages else ():
            entity, text = passage.context.private_label, passage.text
            spans: list[tuple[int, int, str]] = []
            if entity and any(map(str.isalnum, without_placeholders(text))):
                spans = [(0, len(text), entity)]
            elif not entity:
                spans = [
                    (at, at + len(word), "PERSON")
                    for word in words
                    for at in [text.find(word)]
                    if at >= 0
                ]
            for start, end, name in spans:
                low, high = passage.locate(start, end)
                new = passage.encode(placeholder(KEY, name, text[start:end]))
                made.setdefault(id(child), []).append(
                    Masked(passage.part, low, high, name, passage.where, new, "label")
                )
    return made


def cleaned(row: str, data: bytes, *words: str, net: bool = True) -> tuple[bytes, Reading]:
    """The cleaned copy, which the second reader has seen, and its reading."""
    container = table()[row]
    parsed = parse(MemorySource(data), container)
    made = plan(parsed, remove, masks(parsed, words))
    assert made.joined is not None
    out = output_of(parsed, made)
    reading: Reading = load_reader(container)(MemorySource(out), made.joined.edited, net=net)
    if reading.leftovers:  # as a run does
        raise VerifyFailed(f"The second reader still found {reading.leftovers}.")
    if reading.content != content_digest(data, made.joined):
        raise VerifyFailed("The content is another.")
    theirs = dict(reading.rendering.facts)
    for name, value in parsed.ledger.rendering.facts:
        if theirs[name] != value:
            raise VerifyFailed(f"It would be shown differently ({name}).")
    return out, reading


def bent(data: bytes, n: int) -> Iterator[bytes]:
    """Damaged copies of `data`: cut off, and changed at random but always alike."""
    yield from prefixes(data, 60)
    yield from mutations(data, 1, n)
