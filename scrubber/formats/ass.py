"""ASS and SSA subtitles (Sub Station Alpha v4.00, v4.00+, by custom).

Timings, styles and what says how to draw stay byte for byte. The text of an event is a passage
whose label is its actor; overrides (`{\\\\i1}`) are read through. What no player shows goes:
notes, comments, names of actors, everything in the header that does not say how to draw, and
sections of other programs, in which paths of the maker's computer stand.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scrubber.errors import Damaged, TooLarge, Unsupported
from scrubber.formats.charset import charset_of, claim_text
from scrubber.formats.passages import Unit, Written, plain_write
from scrubber.formats.stretches import Stretch, emit, hide
from scrubber.ledger import Ledger, PartId
from scrubber.model import Context, Role, Source

_MAX = 64 << 20
_LINE = re.compile(r"[^\n]*\n?")
_SECTION = re.compile(r"\[([^\]\r\n]{1,60})\][ \t\r]*\Z")
_DRAW = re.compile(
    r"(?:scripttype|playres[xy]|layoutres[xy]|playdepth|wrapstyle|scaledborderandshadow|"
    r"collisions|timer|ycbcr matrix|kerning):[ \t]*[\w.+ -]{0,40}\Z",
    re.IGNORECASE,
)
_STYLES = frozenset(("v4 styles", "v4+ styles", "v4 styles+"))
_DIALOGUE = (
    "layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"
)  # fmt: skip
_TIME = re.compile(r"\d{1,3}:\d\d:\d\d[.:]\d{1,3}")
_EFFECT = re.compile(r"(?:(?:banner|scroll up|scroll down)(?:;[-\d]{1,6}){0,5}|karaoke)?\Z", re.I)
_NOTE = re.compile(r"\{[^\\{}]*\}")
_MARK = re.compile(r"\{[^{}]*\}|\\[Nnh]")


class Ass:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        if source.size > _MAX:
            raise TooLarge(f"The subtitles have {source.size} bytes, more than {_MAX}.")
        charset = charset_of(source)
        part = claim_text(source, ledger, charset)
        script = _script(source, charset.mark, charset.codec)
        spared = _drop(ledger, part, script, charset.mark, charset.codec)
        hide(source, ledger, part, charset, spared=spared)
        times = hashlib.sha256("\n".join(script.times).encode()).hexdigest()
        ledger.render(cues=len(script.times), timings=times)
        write = plain_write(charset.codec)

        def passages() -> Iterator[Written]:
            again = _script(source, charset.mark, charset.codec)
            return emit(again.text, charset.mark, charset, part, again.stretches, write)

        ledger.passages = passages


@dataclass(slots=True)
class _Script:
    """What a walk over the lines collects, in characters of the text."""

    text: str
    section: str = ""
    order: tuple[str, ...] = _DIALOGUE
    stretches: list[Stretch] = field(default_factory=list)
    gone: list[tuple[str, int, int, str]] = field(default_factory=list)
    times: list[str] = field(default_factory=list)

    def line(self, start: int, end: int, after: int) -> None:
        """One line: [start, end) without its line end, which ends at `after`."""
        said = self.text[start:end]
        if (match := _SECTION.match(said)) is not None:
            self.section = match[1].strip().lower()
            if self.section in ("fonts", "graphics"):
                raise Unsupported(
                    "Fonts or pictures are packed into these subtitles.",
                    "scrub does not clean them.",
                    "Take them out in a subtitle editor, and scrub that.",
                )
            if not self._known():
                self._foreign(start, after, begins=True)
            return
        if not said.strip():
            return
        if not self._known():
            self._foreign(start, after, begins=not self.section)
        elif said.startswith((";", "!:")):
            self.gone.append(("comment", start, after, "CAPTION"))
        elif self.section == "script info":
            if not _DRAW.match(said.strip()):
                self.gone.append(("header line", start, after, "TAG"))
        elif self.section in _STYLES:
            self._style(start, end, after)
        else:
            self._event(start, end, after)

    def _foreign(self, start: int, after: int, *, begins: bool) -> None:
        """A section of another program goes as a whole: its lines mean nothing elsewhere."""
        if begins or not self.gone:
            self.gone.append(("section", start, after, "TAG"))
        else:
            name, first, _, entity = self.gone[-1]
            self.gone[-1] = (name, first, after, entity)

    def _known(self) -> bool:
        return self.section in _STYLES or self.section in ("script info", "events")

    def _style(self, start: int, end: int, after: int) -> None:
        key = self.text[start:end].partition(":")[0].strip().lower()
        if key in ("format", "style"):
            self.stretches.append(Stretch(start, end, Context("code"), "style"))
        else:
            self.gone.append(("style line", start, after, "TAG"))

    def _event(self, start: int, end: int, after: int) -> None:
        head, _, rest = self.text[start:end].partition(":")
        key = head.strip().lower()
        if key == "format":
            self.order = tuple(name.strip().lower() for name in rest.split(","))
            if self.order[-1:] != ("text",) or not {"start", "end"} <= set(self.order):
                raise Damaged("The subtitles do not say in which order their fields stand.")
        elif key == "comment":
            self.gone.append(("comment", start, after, "CAPTION"))
        elif key == "dialogue":
            self._dialogue(start + len(head) + 1, end)
        else:
            raise Unsupported("The subtitles hold an event that shows something else than text.")

    def _dialogue(self, start: int, end: int) -> None:
        fields: dict[str, tuple[int, int]] = {}
        at = start
        for name in self.order[:-1]:
            stop = self.text.find(",", at, end)
            if stop < 0:
                raise Damaged("An event of the subtitles lacks fields.")
            fields[name] = (at, stop)
            at = stop + 1
        value = {name: self.text[low:high].strip() for name, (low, high) in fields.items()}
        times = value["start"], value["end"]
        if not all(map(_TIME.fullmatch, times)):
            raise Damaged("An event of the subtitles has not two times.")
        self.times.append(" ".join(times))
        where = f"cue {len(self.times)}"
        for name, (low, high) in fields.items():
            if name in ("name", "actor") and low < high:
                self.gone.append(("name of an actor", low, high, "PERSON"))
            elif name == "effect" and not _EFFECT.match(value[name]):
                self.gone.append(("effect", low, high, "TAG"))
            elif name == "style" and value[name]:
                self.stretches.append(Stretch(low, high, Context("code"), where))
        self._text(at, end, value.get("name", ""), where)

    def _text(self, start: int, end: int, actor: str, where: str) -> None:
        units: list[Unit] = []
        for match in _MARK.finditer(self.text, start, end):
            if _NOTE.fullmatch(match[0]):
                self.gone.append(("note", *match.span(), "CAPTION"))
            reads = "\n" if match[0] in ("\\N", "\\n") else " " if match[0] == "\\h" else ""
            units.append(Unit(*match.span(), reads))
        if start < end:
            label = actor if len(actor) <= 80 else ""
            self.stretches.append(
                Stretch(start, end, Context("caption", label), where, tuple(units))
            )


def _script(source: Source, at: int, codec: str) -> _Script:
    script = _Script(source.read(at, source.size - at).decode(codec))
    for match in _LINE.finditer(script.text):
        bare = match[0].rstrip("\r\n")
        script.line(match.start(), match.start() + len(bare), match.end())
    if script.text.strip() and not script.times:
        raise Damaged("No event stands in these subtitles.")
    script.stretches.sort(key=lambda one: one.start)
    return script


def _drop(
    ledger: Ledger, part: PartId, script: _Script, at: int, codec: str
) -> list[tuple[int, int]]:
    spared, character = [], 0
    for name, start, end, entity in sorted(script.gone, key=lambda row: row[1]):
        at += len(script.text[character:start].encode(codec))
        high = at + len(script.text[start:end].encode(codec))
        ledger.leaf(
            part, name, Role.PRIVATE, at, high, entity=entity, on_drop=b"",
            describe=lambda data: data.decode(codec, "replace").strip(),
        )  # fmt: skip
        spared.append((at, high))
        at, character = high, end
    return spared
