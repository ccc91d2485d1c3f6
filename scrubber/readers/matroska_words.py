"""Subtitles and chapters in Matroska in the one form that they may have, for the second reader."""

from __future__ import annotations

import hashlib
import re

from scrubber.errors import Damaged
from scrubber.model import Source
from scrubber.readers.matroska_tree import Node, nodes
from scrubber.readers.text_checks import leftovers

_EVENT = re.compile(r"[0-9]{1,9},0,Default,,0,0,0,,(.*)", re.S)
_STYLE_SHA256 = "c28bbd1fff368801c691d93df2bcf11cd1fc5880a2643305a4851c1e7249a3a6"
_TEXTS = {"S_TEXT/UTF8", "S_TEXT/ASS", "S_TEXT/WEBVTT", "D_WEBVTT/SUBTITLES"}
_LONG = 1 << 62


def is_text(kind: int, codec: str) -> bool:
    """True for a track of subtitles that can be read."""
    return kind == 17 and codec in _TEXTS


def private_is_plain(codec: str, data: bytes | None) -> bool:
    """CodecPrivate of a track of text: one style, or the name of the format, or nothing."""
    if codec == "S_TEXT/ASS":
        return hashlib.sha256(data or b"").hexdigest() == _STYLE_SHA256
    return data is None or (codec == "S_TEXT/WEBVTT" and data == b"WEBVTT")


def text_leftovers(codec: str, data: bytes) -> tuple[str, ...]:
    """What must not stand in a block of text. Raises Damaged for one of another form."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Damaged("A subtitle is no UTF-8.") from error
    if codec == "S_TEXT/ASS":
        event = _EVENT.fullmatch(text)
        if event is None or "{" in event[1]:
            return ("a style of a subtitle",)
        text = re.sub(r"\\[Nnh]", "\n", event[1])
    elif codec.startswith("D_") and not text.startswith("\n\n"):
        return ("settings of a subtitle",)
    return leftovers(text, net=True)


class Chapters:
    """What the chapters say: `told` are times, nesting and languages; `left` what is too much."""

    def __init__(self, source: Source, node: Node) -> None:
        self.source = source
        self.told: list[str] = []
        self.texts: list[str] = []
        self.left: list[str] = []
        editions = list(nodes(source, "Chapters", node.body, node.end))
        if [one.name for one in editions] != ["45b9"]:
            self.left.append("editions of chapters")
            return
        for atom in nodes(source, "Edition", editions[0].body, editions[0].end):
            self._atom(atom, 1)
        self.left += leftovers("\n".join(self.texts), net=True)

    def digest(self) -> str:
        return hashlib.sha256("\n".join(self.told).encode()).hexdigest()

    def _bytes(self, node: Node) -> bytes:
        if node.end - node.body > 1 << 16:
            raise Damaged("A chapter says too much.")
        return self.source.read(node.body, node.end - node.body)

    def _atom(self, atom: Node, depth: int) -> None:
        rows = list(nodes(self.source, "Atom", atom.body, atom.end))
        if atom.name != "b6" or depth > 8:
            self.left.append(f"chapters: {atom.name}")
            return
        place = len(self.told)
        self.told.append("")
        values: dict[str, int] = {}
        spoken: list[str] = []
        for row in rows:
            if row.name in ("73c4", "91", "92") and row.name not in values:
                values[row.name] = int.from_bytes(self._bytes(row), "big")
            elif row.name == "80":
                spoken += self._display(row)
            elif row.name == "b6":
                self._atom(row, depth + 1)
            else:
                self.left.append(f"chapters: {row.name}")
        if values.get("73c4") != place + 1 or max(values.values()) > _LONG:
            self.left.append("numbers of a chapter")
        self.told[place] = (
            f"chapter {depth} {values.get('91')} {values.get('92', '')} {' '.join(spoken)}"
        )

    def _display(self, node: Node) -> list[str]:
        rows = {row.name: self._bytes(row) for row in nodes(self.source, "", node.body, node.end)}
        language = rows.get("437c", b"")
        if list(rows) != ["85", "437c"] or not re.fullmatch(rb"[a-z]{3}", language):
            self.left.append("a title of a chapter")
            return []
        try:
            self.texts.append(rows["85"].decode("utf-8"))
        except UnicodeDecodeError as error:
            raise Damaged("A title of a chapter is no UTF-8.") from error
        return [language.decode()]
