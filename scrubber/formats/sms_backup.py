"""Text messages that SMS Backup & Restore saved from an Android phone (its XML, by custom).

Of a message stay its words, whether it came or went, and as tags its number and the name in the
address book. Messages with pictures (MMS) go, and everything else that the phone noted.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import NamedTuple

from scrubber.errors import Damaged, TooLarge, Unsupported
from scrubber.formats.charset import charset_of, claim_text
from scrubber.formats.passages import Unit, Written
from scrubber.formats.stretches import Stretch, emit, hide
from scrubber.formats.xml_reference import REFERENCE, point_of
from scrubber.ledger import Ledger
from scrubber.model import Context, Role, Source

MAX_SIZE = 256 << 20
_NOBODY = ("(Unknown)", "null", "")
_ATTRIBUTE = r"[ \t\r\n]+[A-Za-z_][\w.-]*=(?:\"[^\"<]*\"|'[^'<]*')"
_TOKEN = re.compile(
    rf"(?P<declaration><\?xml[ \t\r\n][^<>]*\?>)|(?P<comment><!--.*?-->|<\?.*?\?>)"
    rf"|(?P<open><smses(?P<all>(?:{_ATTRIBUTE})*)[ \t\r\n]*>)|(?P<close></smses[ \t\r\n]*>)"
    rf"|(?P<sms><sms(?P<one>(?:{_ATTRIBUTE})*)(?P<end>[ \t\r\n]*(?:/>|>[ \t\r\n]*</sms>)))"
    rf"|(?P<mms><mms(?:{_ATTRIBUTE})*[ \t\r\n]*(?:/>|>.*?</mms[ \t\r\n]*>))|(?P<blank>[ \t\r\n]+)",
    re.DOTALL,
)
_PAIR = re.compile(r"[ \t\r\n]+([A-Za-z_][\w.-]*)=(?:\"([^\"<]*)\"|'([^'<]*)')")
_DECLARATION = re.compile(
    r"<\?xml version=['\"]1\.0['\"](?: encoding=['\"][Uu][Tt][Ff]-?8['\"])?"
    r"(?: standalone=['\"](?:yes|no)['\"])? ?\?>"
)
_ENTITIES = {
    "date": "CAPTURE_TIME", "readable_date": "CAPTURE_TIME", "date_sent": "CAPTURE_TIME",
    "service_center": "PHONE_NUMBER", "backup_date": "CAPTURE_TIME", "backup_set": "UUID",
}  # fmt: skip


class _Gone(NamedTuple):
    start: int
    end: int
    where: str
    entity: str
    put: str | None = None


class _Backup:
    """What a walk over the file finds, in characters of its text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.gone: list[_Gone] = []
        self.said: list[Stretch] = []
        self.types: list[str] = []
        self._count: tuple[int, int] | None = None
        self._walk()

    def _walk(self) -> None:
        at, level = 0, 0
        while at < len(self.text):
            match = _TOKEN.match(self.text, at)
            if match is None:
                raise Damaged(f"The backup of messages cannot be read at character {at}.")
            what = next(
                name
                for name in ("declaration", "comment", "open", "close", "sms", "mms", "blank")
                if match[name] is not None
            )
            if what == "declaration" and (at or not _DECLARATION.fullmatch(match[0])):
                raise Damaged("The backup of messages has an unusual XML declaration.")
            if what == "open":
                self._root(match)
            elif what == "sms":
                self._message(match)
            elif what in ("comment", "mms"):
                entity = "EMBEDDED_MEDIA" if what == "mms" else "SOFTWARE"
                self.gone.append(_Gone(*match.span(), what, entity))
            level += (what == "open") - (what == "close")
            if (what in ("sms", "mms") and level != 1) or level not in (0, 1):
                raise Damaged("The elements of the backup do not close in order.")
            at = match.end()
        if level or self._count is None:
            raise Damaged("The backup of messages is cut off.")
        low, high = self._count
        if self.text[low:high] != str(len(self.types)):
            self.gone.append(_Gone(low, high, "smses/count", "TECHNICAL", str(len(self.types))))

    def _root(self, match: re.Match[str]) -> None:
        if self._count is not None:
            raise Damaged("The backup of messages begins twice.")
        for start, end, name, low, high in _pairs(self.text, *match.span("all")):
            if name == "count":
                self._count = low, high
            else:
                self._drop(name, start, end, "smses")
        if self._count is None:
            raise Unsupported("The backup does not say how many messages it has.")

    def _message(self, match: re.Match[str]) -> None:
        pairs = list(_pairs(self.text, *match.span("one")))
        values = {name: (low, high) for _, _, name, low, high in pairs}
        if len(values) != len(pairs) or not {"type", "body", "address"} <= values.keys():
            raise Damaged("A message of the backup has an attribute twice, or lacks one.")
        kind = self.text[slice(*values["type"])]
        if kind not in ("1", "2", "3", "4", "5", "6"):
            raise Damaged("A message of the backup neither came nor went.")
        self.types.append(kind)
        name = self.text[slice(*values.get("contact_name", (0, 0)))].strip()
        for start, end, key, low, high in pairs:
            if key == "contact_name" and name in _NOBODY:
                self._drop(key, start, end, "sms")
            elif key == "address":
                self._say(low, high, Context("cell", key, private_label="PHONE_NUMBER"), "address")
            elif key == "contact_name":
                self._say(low, high, Context("cell", key, private_label="PERSON"), key)
            elif key == "body":
                speaker = name if kind == "1" and name not in _NOBODY else ""
                self._say(low, high, Context("prose", speaker), "body")
            elif key != "type":
                self._drop(key, start, end, "sms")

    def _say(self, start: int, end: int, context: Context, key: str) -> None:
        number = str(len(self.types)) if context.private_label is None else "*"
        if self.text[start:end].strip():
            units = _units(self.text, start, end)
            self.said.append(Stretch(start, end, context, f"sms[{number}]/{key}", units))

    def _drop(self, name: str, start: int, end: int, element: str) -> None:
        entity = _ENTITIES.get(name, "TECHNICAL")
        known = name if name in _ENTITIES else "other attribute"
        self.gone.append(_Gone(start, end, f"{element}/{known}", entity))


def _pairs(text: str, start: int, end: int) -> Iterator[tuple[int, int, str, int, int]]:
    """Where an attribute begins and ends, its name, and where its value does."""
    for match in _PAIR.finditer(text, start, end):
        yield *match.span(), match[1], *match.span(2 if match[2] is not None else 3)


def _units(text: str, start: int, end: int) -> tuple[Unit, ...]:
    """References (XML 1.0 §4.1); the program writes emoji as two halves of a surrogate pair."""
    found: list[Unit] = []
    at = start
    while (at := text.find("&", at, end)) >= 0:
        match = REFERENCE.match(text, at, end)
        if match is None:
            raise Damaged("A message of the backup holds a reference that XML does not define.")
        point, stop = point_of(match), match.end()
        if 0xD800 <= point < 0xDC00:
            other = REFERENCE.match(text, stop, end)
            low = point_of(other) if other else 0
            if other is None or not 0xDC00 <= low < 0xE000:
                raise Damaged("A message of the backup holds half a character.")
            point, stop = 0x10000 + ((point - 0xD800) << 10) + low - 0xDC00, other.end()
        if (
            point > 0x10FFFF
            or 0xDC00 <= point < 0xE000
            or (point < 32 and point not in (9, 10, 13))
        ):
            raise Damaged("A message of the backup holds a character that XML does not have.")
        found.append(Unit(at, stop, chr(point)))
        at = stop
    return tuple(found)


def _write(text: str) -> bytes:
    for mark, name in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;"), ("'", "&apos;")):
        text = text.replace(mark, name)
    return text.encode("utf-8", "replace")


class SmsBackup:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        if source.size > MAX_SIZE:
            raise TooLarge(f"The backup has {source.size} bytes, more than scrub takes of one.")
        charset = charset_of(source)
        if charset.codec != "utf-8":
            raise Damaged("The backup of messages is not in UTF-8.")
        part = claim_text(source, ledger, charset)
        text = source.read(charset.mark, source.size - charset.mark).decode("utf-8")
        backup = _Backup(text)
        spared: list[tuple[int, int]] = []
        at, last = charset.mark, 0
        for one in sorted(backup.gone):
            low = at + len(text[last : one.start].encode())
            high = low + len(text[one.start : one.end].encode())
            at, last = high, one.end
            put = None if one.put is None else one.put.encode()
            ledger.leaf(part, one.where, Role.PRIVATE, low, high, entity=one.entity, on_drop=put)
            spared.append((low, high))
        hide(source, ledger, part, charset, spared=spared)
        types = hashlib.sha256(",".join(backup.types).encode()).hexdigest()
        ledger.render(messages=len(backup.types), types=types)
        said = backup.said

        def passages() -> Iterator[Written]:
            return emit(text, charset.mark, charset, part, said, _write)

        ledger.passages = passages
