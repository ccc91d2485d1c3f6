"""The second reader of mail: the standard library's `email` package, with tables of its own.

It says that only allowed fields are there, that people and ids are tags, that parts are texts or
clean pictures, and what the mails are made of. The content digest is SHA-256 over the bytes
outside the edited spans.
"""

from __future__ import annotations

import email.header
import email.parser
import email.policy
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from importlib import import_module

from scrubber.errors import Damaged, Held
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.html import page
from scrubber.readers.text import Edited, outside
from scrubber.readers.text_checks import leftovers, private_shapes

_TAG = re.compile(r"\[[A-Z_]+-[a-z2-7]{10}\]")
_FROM_LINE = b"From MAILER-DAEMON Thu Jan  1 00:00:00 1970"
_FIELDS = frozenset(
    """from to cc bcc reply-to sender resent-from resent-to resent-cc resent-sender message-id
    in-reply-to references subject content-type content-transfer-encoding mime-version""".split()  # noqa: SIM905 - three lines, not twenty
)
_FREE = frozenset(("subject", "content-type", "content-transfer-encoding", "mime-version"))
_TYPE = re.compile(
    r"text/(?:plain|html)(; charset=[a-z0-9_-]{2,20})?(; format=(flowed|fixed))?(; delsp=(yes|no))?"
    r'|multipart/(mixed|alternative|related|parallel|report|digest); boundary="=_part-\d+_"'
    r"|message/rfc822|image/(jpeg|jpg|pjpeg|png|gif|webp)"
)
_PICTURES = {
    b"\xff\xd8\xff": "jpeg", b"\x89PNG": "png", b"GIF8": "gif", b"RIFF": "webp",
}  # fmt: skip
_NAMES = {"jpg": "jpeg", "pjpeg": "jpeg"}
_PARSER = email.parser.BytesParser(policy=email.policy.compat32)


def read_eml(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """One message. Raises Damaged when it cannot be read."""
    look = _Look(net)
    look.message(source.read(0, source.size))
    return look.reading("eml", source, edited, 1)


def read_mbox(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """A mailbox. Raises Damaged when it cannot be read."""
    look = _Look(net)
    count = 0
    for line, mail in _messages(source.read(0, source.size)):
        if line.rstrip(b"\r\n") != _FROM_LINE:
            look.found["a From line"] = None
        look.message(mail)
        count += 1
    return look.reading("mbox", source, edited, count)


def _messages(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(From line, message), split at every line that begins with From."""
    rows: list[bytes] = []
    for row in _rows(data):
        if row.startswith(b"From ") and rows:
            yield rows[0], _without_blank(rows[1:])
            rows = []
        rows.append(row)
    if not rows or not rows[0].startswith(b"From "):
        raise Damaged("The mailbox does not begin with a From line.")
    yield rows[0], b"".join(rows[1:])


def _rows(data: bytes) -> list[bytes]:
    rows = [row + b"\n" for row in data.split(b"\n")]
    rows[-1] = rows[-1][:-1]
    return [row for row in rows if row]


def _without_blank(rows: list[bytes]) -> bytes:
    return b"".join(rows[:-1] if rows and not rows[-1].strip(b"\r\n") else rows)


@dataclass(frozen=True, slots=True)
class _Bytes:
    """A part of a mail as a source."""

    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)

    def read(self, offset: int, n: int) -> bytes:
        found = self.data[offset : offset + n]
        if len(found) != n:
            raise Damaged("A picture in a mail is cut off.")
        return found


class _Look:
    """What is found on the way, and what the mails are made of."""

    def __init__(self, net: bool) -> None:
        self.net = net
        self.found: dict[str, None] = {}
        self.shape: list[str] = []

    def reading(self, name: str, source: Source, edited: Edited, count: int) -> Reading:
        digest = hashlib.sha256("\n".join(self.shape).encode()).hexdigest()
        facts = Rendering.of(messages=count, shape=digest)
        return Reading(name, outside(source, edited), facts, tuple(self.found))

    def message(self, data: bytes) -> None:
        self.shape.append("message")
        try:
            self._part(_PARSER.parsebytes(data))
        except (ValueError, LookupError, RecursionError) as error:
            raise Damaged("A mail is refused by a second parser.") from error

    def _part(self, part: Message) -> None:
        for name, value in part.raw_items():
            self._field(name.lower(), str(value))
        self._refuse(not part.defects, "a mail that is not well formed")
        kind = part.get_content_type()
        if kind == "text/plain":
            self._text(part)
        elif kind == "text/html":
            self._page(part)
        elif kind.startswith("image/"):
            self._picture(part, kind)
        elif part.is_multipart():
            self.shape.append(kind)
            self._refuse(not (part.preamble or "").strip(), "text before the parts of a mail")
            self._refuse(not (part.epilogue or "").strip(), "text behind the parts of a mail")
            children = part.get_payload()
            assert isinstance(children, list)
            for child in children:
                self._part(child)  # type: ignore[arg-type]  # compat32 makes Message only
            if kind.startswith("multipart/"):
                self.shape.append("/")
        else:
            self.found["an attachment"] = None

    def _field(self, name: str, value: str) -> None:
        self._refuse(name in _FIELDS, "a field that is not allowed")
        value = re.sub(r"\r?\n(?=[ \t])", "", value).strip()
        if name == "content-type":
            self._refuse(_TYPE.fullmatch(value) is not None, "a Content-Type that is not canonical")
        elif name == "mime-version":
            self._refuse(value == "1.0", "a version of MIME")
        elif name == "content-transfer-encoding":
            good = value in ("7bit", "8bit", "binary", "quoted-printable", "base64")
            self._refuse(good, "a transfer encoding")
        elif name == "subject":
            self._words(_decoded(value))
        elif name in _FIELDS:
            bare = re.sub(r"(?i)undisclosed[- ]recipients", "", _TAG.sub("", value))
            bare = bare.replace('""@mail.invalid', "")
            self._refuse(not any(map(str.isalnum, bare)), "a person or an id in the header")

    def _text(self, part: Message) -> None:
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        charset = part.get_content_charset("us-ascii")
        text = data.decode("utf-8" if charset == "us-ascii" else charset)
        self.shape.append(f"text {text.count(chr(10))}")
        self._words(text)
        if part.get("content-transfer-encoding", "").strip() == "quoted-printable" and self.net:
            self._words(str(part.get_payload()), shapes=True)

    def _page(self, part: Message) -> None:
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        charset = part.get_content_charset("us-ascii")
        said = data.decode("utf-8" if charset == "us-ascii" else charset)
        look = page(said, net=self.net)
        self.shape.append(f"page {look.structure}")
        self.found.update(dict.fromkeys(look.found))

    def _picture(self, part: Message, kind: str) -> None:
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        name = kind.partition("/")[2]
        name = _NAMES.get(name, name)
        self.shape.append(f"{name} picture")
        if not data:
            return
        seen = next((row for magic, row in _PICTURES.items() if data.startswith(magic)), "")
        self._refuse(seen == name, "a picture of another kind than is said")
        if seen != name:
            return
        read: Callable[[Source], Reading] = import_module(f"scrubber.readers.{name}").read
        try:
            self.found.update(dict.fromkeys(read(_Bytes(data)).leftovers))
        except Held:
            self.found["a picture that cannot be read"] = None

    def _words(self, text: str, *, shapes: bool = False) -> None:
        if shapes:
            self.found.update(dict.fromkeys(private_shapes(text)))
        else:
            self.found.update(dict.fromkeys(leftovers(text, net=self.net)))

    def _refuse(self, good: bool, words: str) -> None:
        if not good:
            self.found[words] = None


def _decoded(value: str) -> str:
    """A value with its encoded words read."""
    try:
        rows = email.header.decode_header(value)
        return "".join(
            row.decode(charset or "utf-8", "replace") if isinstance(row, bytes) else row
            for row, charset in rows
        )
    except (email.errors.HeaderParseError, LookupError, ValueError):
        return value
