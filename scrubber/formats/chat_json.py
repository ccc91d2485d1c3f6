"""Chats and AI exports in JSON: an allow-list over the bytes of the file.

What the shape of the export does not name is cut out of the file; what it names stays byte for
byte, and is read by the detectors. Facts: the structure of what stays, with the roles, and which
ids are equal to which.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace

from scrubber.errors import Damaged, TooLarge
from scrubber.formats.charset import Charset, charset_of, claim_text
from scrubber.formats.chat_mojibake import repaired_units
from scrubber.formats.chat_shape import ENTITIES, Node
from scrubber.formats.chat_walk import Gone, Said, Walk
from scrubber.formats.json_grammar import string_units
from scrubber.formats.json_string import Hidden, look
from scrubber.formats.passages import Unit, Written, json_write, merged, read_units
from scrubber.formats.stretches import MARK, describe
from scrubber.ledger import Ledger, PartId
from scrubber.model import Context, Role, Source
from scrubber.source import blocks

MAX_SIZE = 1 << 30
_NOTHING = MARK + " \t\r\n"
_QUOTED = re.compile(r'[^"\\]++|\\.|(?P<between>"[ \t\r\n]*+,[ \t\r\n]*+")', re.DOTALL)
_MOST_NAMES = 4000


class ChatJson:
    """A format for one shape; subclasses say which, and whether every line is a document."""

    shape: Node
    lines = False

    def split(self, source: Source, ledger: Ledger) -> None:
        charset = charset_of(source)
        if charset.codec != "utf-8":
            raise Damaged("An export in JSON must be in UTF-8 (RFC 8259 §8.1), and this is not.")
        if source.size > MAX_SIZE:
            raise TooLarge(f"The export has {source.size} bytes, more than scrub takes of JSON.")
        part = claim_text(source, ledger, charset)
        claims = _Claims(ledger, part)
        structure = hashlib.sha256()
        documents = 0
        for walk, at, base in self._walks(source, charset.mark):
            for event in walk.events(at):
                if isinstance(event, Gone):
                    claims.gone(event, base)
                else:
                    claims.hidden(walk.text, event, base)
            walk.finish()
            structure.update(walk.marks.digest())
            documents += 1
        ledger.render(documents=documents, structure=structure.hexdigest())
        ledger.passages = lambda: self._passages(source, charset, part)

    def _walks(self, source: Source, mark: int) -> Iterator[tuple[Walk, int, int]]:
        """(walk, where its value begins, where its text begins): the file, or each line of it."""
        if not self.lines:
            yield Walk(source.read(0, source.size).decode("latin-1"), self.shape), mark, 0
            return
        ids: dict[str, int] = {}
        for number, (base, line) in enumerate(_rows(source, mark), 1):
            if line.strip(b" \t\r\n"):
                walk = Walk(line.decode("latin-1"), self.shape, f"line {number} $", ids)
                yield walk, 0, base

    def _passages(self, source: Source, charset: Charset, part: PartId) -> Iterator[Written]:
        for walk, at, base in self._walks(source, charset.mark):
            for event in walk.events(at):
                if isinstance(event, Said):
                    yield from _written(walk.text, event, part, charset.ascii_only, base)


def _rows(source: Source, mark: int) -> Iterator[tuple[int, bytes]]:
    """(byte, line) of every line."""
    at, held = mark, b""
    for block in blocks(source, mark):
        *rows, held = (held + block).split(b"\n")
        for row in rows:
            yield at, row
            at += len(row) + 1
    yield at, held


class _Claims:
    """Events into the ledger: one part for all that goes from one place of the shape."""

    def __init__(self, ledger: Ledger, part: PartId) -> None:
        self._ledger = ledger
        self._part = part
        self._parts: dict[tuple[str, str], PartId] = {}

    def gone(self, event: Gone, base: int) -> None:
        start, end = event.start + base, event.end + base
        if event.put is not None:
            self._ledger.leaf(
                self._part, event.where, Role.PRIVATE, start, end,
                entity=event.entity, on_drop=event.put, describe=_words,
            )  # fmt: skip
            return
        where = event.where.partition(" ")[2] or event.where  # without the number of the line
        key = where if len(self._parts) < _MOST_NAMES else "$.*", event.entity
        part = self._parts.get(key)
        if part is None:
            part = self._parts[key] = self._ledger.part(
                self._part, key[0], Role.PRIVATE, entity=event.entity, describe=_words
            )
        self._ledger.claim(part, start, end)

    def hidden(self, text: str, event: Said, base: int) -> None:
        """Characters that nobody sees, encoded runs and JSON inside of a string."""
        if event.bare or event.word in ENTITIES or event.entity:
            return
        raw = _utf8(text[event.start : event.end])
        hidden, _ = _read(raw, event)
        if not hidden.invisible and not hidden.nested:
            return
        first = event.start + base
        for start, end in hidden.invisible:
            self._ledger.leaf(
                self._part, "invisible characters", Role.PRIVATE,
                first + _width(raw, start), first + _width(raw, end),
                entity="INVISIBLE_TEXT", on_drop=b"", describe=describe,
            )  # fmt: skip
        for start, end, codings, container in hidden.nested:
            child = self._ledger.leaf(
                self._part, "encoded run", Role.CODED,
                first + _width(raw, start), first + _width(raw, end), entity="EMBEDDED_FILE",
            )  # fmt: skip
            if codings or container:
                self._ledger.nest(child, codings, container)


def _read(raw: str, event: Said) -> tuple[Hidden, list[tuple[int, int, str]]]:
    """How a string reads, and the ids that are mentioned in it: (start, end, word)."""
    read = repaired_units if event.node.mojibake else string_units
    if event.word in ENTITIES or event.entity:
        return Hidden(read(raw)), []
    hidden = look(raw, read=_joined if event.word == "lines" else read)
    if event.node.mention is None:
        return hidden, []
    found = [
        (*match.span(word), word)
        for match in event.node.mention.finditer(raw)
        for word, value in match.groupdict().items()
        if value is not None
    ]
    marks = tuple(Unit(start, end, MARK) for start, end, _ in found)
    kept = tuple(
        unit for unit in hidden.units
        if not any(start < unit.end and unit.start < end for start, end, _ in found)
    )  # fmt: skip
    return replace(hidden, units=merged(kept, marks)), found


def _joined(raw: str) -> tuple[Unit, ...]:
    """Several strings with their quotes and commas between them, read as one."""
    units: list[Unit] = []
    start = at = 0
    for match in _QUOTED.finditer(raw):
        if match["between"] is None:
            at = match.end()
            continue
        units += _moved(string_units(raw[start:at]), start)
        units.append(Unit(*match.span(), ""))
        start = at = match.end()
    units += _moved(string_units(raw[start:]), start)
    return tuple(units)


def _moved(units: tuple[Unit, ...], by: int) -> list[Unit]:
    return [Unit(unit.start + by, unit.end + by, unit.text) for unit in units]


def _written(
    text: str, event: Said, part: PartId, ascii_only: bool, base: int
) -> Iterator[Written]:
    raw = _utf8(text[event.start : event.end])
    entity = event.entity or ENTITIES.get(event.word)
    hidden, mentions = _read(raw, event)
    write = json_write("utf-8", ascii_only, quoted=event.bare)
    at = base + event.start
    reads = read_units(raw, hidden.units)
    if reads.strip(_NOTHING):
        context = Context(_kind(event, reads), event.label, None, (), None, entity)
        yield Written(
            reads, context, part, event.where, at, raw, "utf-8", write, hidden.units, event.bare
        )  # fmt: skip
    for start, end, word in mentions:
        context = Context("cell", event.label, private_label=ENTITIES[word])
        value = raw[start:end]
        place = at + _width(raw, start)
        yield Written(
            value, context, part, event.where, place, value, "utf-8", write, string_units(value)
        )  # fmt: skip


def _kind(event: Said, reads: str) -> str:
    if event.word == "key":
        return "key"
    if event.bare:
        return "number"
    if "code" in (event.word, event.node.string):
        return "code"
    if event.word in ("text", "lines") or " " in reads.strip():
        return "prose"
    return "cell"


def _utf8(raw: str) -> str:
    return raw if raw.isascii() else raw.encode("latin-1").decode("utf-8")


def _width(raw: str, characters: int) -> int:
    """Bytes of the first `characters` of `raw`."""
    return characters if raw.isascii() else len(raw[:characters].encode("utf-8"))


def _words(data: bytes) -> str:
    text = data.decode("utf-8", "replace").strip(" \t\r\n,")
    return text if len(text) <= 200 else text[:199] + "…"
