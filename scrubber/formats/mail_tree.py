"""The parts of a mail (RFC 2046 §5): which there are, and which of them can stay.

Text stays, and pictures that scrub can clean; of alternatives the plain one stays alone. What
is signed or encrypted as a whole is held: half of it would be worth nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from scrubber.errors import Damaged, Encrypted, TooLarge, Unsupported
from scrubber.formats.mail_head import PLAIN, Field, Type, fields_of, type_of

MAX_DEPTH = 10
MAX_PARTS = 1000
CODINGS = frozenset(("7bit", "8bit", "binary", "quoted-printable", "base64"))
PICTURES = {
    "image/jpeg": "jpeg", "image/jpg": "jpeg", "image/pjpeg": "jpeg", "image/png": "png",
    "image/gif": "gif", "image/webp": "webp",
}  # fmt: skip
"""Media types of pictures that stay, and the rows that clean them."""

MAIL = Type("message/rfc822", {})
"""What a part of a digest is unless it says something else (RFC 2046 §5.1.5)."""

_MULTIPART = frozenset(("mixed", "alternative", "related", "parallel", "report", "digest"))
_SEALED = (
    "multipart/signed", "multipart/encrypted", "application/pkcs7", "application/x-pkcs7",
    "application/pgp", "application/ms-tnef", "application/vnd.ms-tnef",
)  # fmt: skip


@dataclass(slots=True)
class Entity:
    """A mail, or a part of one. `lines` are the delimiter lines of a multipart: (start, stop)."""

    fields: list[Field]
    start: int
    body: int
    end: int
    type: Type
    coding: str
    where: str
    attached: bool = False
    parts: list[Entity] = field(default_factory=list)
    lines: list[tuple[int, int]] = field(default_factory=list)
    first: int = 0  # the delimiter line before it, and the one behind it
    last: int = 0
    gone: bool = False

    @property
    def kind(self) -> str:
        return self.type.kind


def read_tree(
    data: bytes, start: int, end: int, where: str, count: list[int], depth: int = 0,
    default: Type = PLAIN,
) -> Entity:  # fmt: skip
    """The mail in [start, end) with its parts. `count` holds how many parts there are so far."""
    count[0] += 1
    if depth > MAX_DEPTH or count[0] > MAX_PARTS:
        raise TooLarge("A mail is nested deeper, or has more parts, than scrub takes.")
    fields, body = fields_of(data, start, end)
    said = {one.name: one.of(data) for one in fields}
    kind = type_of(said["content-type"]) if said.get("content-type") else default
    coding = re.sub(r"\([^()]*\)", "", said.get("content-transfer-encoding", "7bit"))
    coding = coding.strip(" \t;").lower() or "7bit"
    if coding not in CODINGS:
        raise Damaged("A part of a mail is in a transfer encoding that no standard names.")
    if kind.kind.startswith(_SEALED):
        raise Encrypted(
            "A part of this mail is signed, encrypted, or packed by Outlook (winmail.dat).",
            "Its seal would be broken by cleaning it.",
            "Save the text of the mail, and scrub that.",
        )
    attached = said.get("content-disposition", "").lower().startswith("attachment")
    made = Entity(fields, start, body, end, kind, coding, where, attached)
    major, _, minor = kind.kind.partition("/")
    if major == "multipart" or kind.kind == "message/rfc822":
        if coding not in ("7bit", "8bit", "binary"):
            raise Damaged("A part of a mail that holds others is encoded as a whole.")
        if major == "message":
            made.parts = [read_tree(data, body, end, f"{where}mail/", count, depth + 1)]
        elif minor not in _MULTIPART:
            raise Unsupported(f"A mail is of the kind multipart/{minor[:20]}.")
        else:
            _split(data, made, count, depth)
    return made


def _split(data: bytes, made: Entity, count: list[int], depth: int) -> None:
    boundary = made.type.parameters.get("boundary", "")
    if not re.fullmatch(r"[ -~]{0,199}[!-~]", boundary):
        raise Damaged("A mail with several parts does not say what stands between them.")
    line = re.compile(
        rb"^--" + re.escape(boundary.encode("latin-1")) + rb"(--)?[ \t]*(?=\r?\n|\Z)", re.M
    )
    marks: list[tuple[int, int, int]] = []  # line, its end, where the next begins
    closed = False
    for match in line.finditer(data, made.body, made.end):
        if match.start() != made.body and data[match.start() - 1] != 10:
            continue
        feed = data.find(b"\n", match.end(), made.end)
        marks.append((match.start(), match.end(), feed + 1 if feed >= 0 else made.end))
        closed = match[1] is not None
        if closed:
            break
    if not closed or len(marks) < 2:
        raise Damaged("A mail with several parts is cut off, or has no parts.")
    default = MAIL if made.kind == "multipart/digest" else PLAIN
    made.lines = [(start, stop) for start, stop, _ in marks]
    for number, (one, other) in enumerate(pairwise(marks), 1):
        stop = other[0]
        for mark in (b"\n", b"\r"):
            if stop > one[2] and data[stop - 1 : stop] == mark:
                stop -= 1
        where = f"{made.where}part {number}/"
        part = read_tree(data, one[2], stop, where, count, depth + 1, default)
        part.first, part.last = one[0], other[0]
        made.parts.append(part)


def choose(entity: Entity) -> None:
    """Marks what goes. Raises Unsupported for a mail of which nothing that can be read stays."""
    kind = entity.kind
    if kind == "message/rfc822":
        choose(entity.parts[0])
    elif kind.startswith("multipart/"):
        plain = [part for part in entity.parts if part.kind == "text/plain"]
        for part in entity.parts:
            alternative = kind == "multipart/alternative" and plain
            if (alternative and part not in plain) or _goes(part):
                part.gone = True
            else:
                choose(part)
        if all(part.gone for part in entity.parts):
            raise Unsupported("A mail holds nothing but attachments that scrub does not clean.")
    elif kind != "text/html" and _goes(entity):
        raise Unsupported("A mail is nothing but an attachment that scrub does not clean.")


def _goes(part: Entity) -> bool:
    """Attachments that scrub does not clean."""
    kind = part.kind
    if kind == "text/html":
        return part.attached
    if kind.startswith("multipart/") or kind in ("text/plain", "message/rfc822"):
        return False
    return kind not in PICTURES or part.coding != "base64"
