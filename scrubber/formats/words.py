"""Words inside recordings and films that stay once names in them are masked: one list a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from scrubber.formats.invisible import invisible_runs
from scrubber.formats.passages import Written, plain_write
from scrubber.ledger import PartId
from scrubber.model import Context, Passage, Source


@dataclass(slots=True)
class Words:
    """What can be read in one file, in the order it was claimed."""

    source: Source
    rows: list[Passage] = field(default_factory=list)

    def add(
        self, part: PartId, start: int, end: int, where: str, kind: str = "caption",
        codec: str = "utf-8",
    ) -> None:  # fmt: skip
        """The text [start, end) of `part`, in a codec without a mark of its order."""
        text = self.source.read(start, end - start).decode(codec)
        if text.strip():
            self.rows.append(
                Written(text, Context(kind), part, where, start, text, codec, plain_write(codec))
            )

    def passages(self) -> Iterator[Passage]:
        """All of them, for the detectors."""
        return iter(self.rows)


def is_plain(data: bytes, codec: str = "utf-8") -> bool:
    """True for a text without NULs and without characters that nobody sees."""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return False
    return "\0" not in text and not invisible_runs(text) and text.encode(codec) == data
