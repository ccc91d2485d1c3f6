"""What the second reader knows of a Matroska file on the way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Source
from scrubber.readers.matroska_pictures import Look
from scrubber.readers.matroska_tree import Node


@dataclass(slots=True)
class Track:
    facts: list[str] = field(default_factory=list)
    number: int = 0
    kind: int = 0
    codec: str = ""
    uid: int = -1
    private: bytes = b""
    look: Look = field(default_factory=Look)
    alpha: bool = False
    text: bool = False
    blocks: int = 0
    times: hashlib._Hash = field(default_factory=hashlib.sha256)


@dataclass(slots=True)
class Group:
    duration: int = (1 << 64) - 1
    padding: int = 0
    refers: bool = False
    alpha: tuple[int, int] | None = None


@dataclass(slots=True)
class File:
    source: Source
    leftovers: list[str] = field(default_factory=list)
    tracks: dict[int, Track] = field(default_factory=dict)
    info: list[str] = field(default_factory=list)
    places: dict[int, str] = field(default_factory=dict)  # of what stands in the Segment
    clusters: dict[int, tuple[int, int]] = field(default_factory=dict)  # at: body, time
    blocks: dict[int, int] = field(default_factory=dict)  # only those the index names
    named: set[int] = field(default_factory=set)
    seeks: list[tuple[int, int]] = field(default_factory=list)
    cues: list[tuple[int, dict[str, int]]] = field(default_factory=list)
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    segment: int = 0
    words: str = ""  # the digest of chapters
    credited: bool = False

    def left(self, what: str) -> None:
        if len(self.leftovers) < 1000:
            self.leftovers.append(what)

    def uint(self, node: Node) -> int:
        if node.end - node.body > 8:
            raise Damaged("A number has more than eight bytes.")
        return int.from_bytes(self.bytes(node), "big")

    def bytes(self, node: Node) -> bytes:
        if node.end - node.body > 1 << 24:
            raise Unsupported("A description is too large.")
        return self.source.read(node.body, node.end - node.body)
