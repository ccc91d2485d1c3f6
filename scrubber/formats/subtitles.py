"""Subtitles: SubRip (by custom) and WebVTT (W3C, §4 and §6).

Timings, numbers and settings are coded and stay byte for byte. The text of a cue is a
passage whose label is its speaker; plain formatting tags and character references are
read through. In WebVTT what no player shows goes: the words behind the signature, header
lines other than language and kind, and notes; styles and regions stay and are inspected.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from scrubber.errors import Damaged, TooLarge
from scrubber.formats.charset import charset_of, claim_text
from scrubber.formats.passages import Unit, Written, markup_write, plain_write
from scrubber.formats.stretches import Stretch, emit, hide
from scrubber.ledger import Ledger, PartId
from scrubber.model import Context, Role, Source

_MAX = 64 << 20
_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")
_SRT_TIME = re.compile(
    r"[ \t]*\d{1,3}:\d\d:\d\d[,.]\d{1,3}[ \t]*-->[ \t]*\d{1,3}:\d\d:\d\d[,.]\d{1,3}"
    r"(?:[ \t]+[XY][12]:-?\d{1,5}){0,4}[ \t]*"
)
_VTT_TIME = re.compile(
    r"[ \t]*(?:\d{2,}:)?\d\d:\d\d\.\d{3}[ \t]*-->"
    r"[ \t]*(?:\d{2,}:)?\d\d:\d\d\.\d{3}(?P<more>[ \t].*)?"
)
_SETTING = re.compile(
    r"(?:vertical:(?:rl|lr)|line:-?[\d.]+%?(?:,(?:start|center|end))?|size:[\d.]+%|"
    r"position:[\d.]+%(?:,(?:line-left|center|line-right))?|"
    r"align:(?:start|center|middle|end|left|right)|region:[\w.-]{1,64})"
)
_HEADER = re.compile(
    r"Kind:[ \t]*(?:captions|subtitles|descriptions|chapters|metadata)[ \t]*|"
    r"Language:[ \t]*[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?[ \t]*|"
    r"X-TIMESTAMP-MAP=(?:MPEGTS:\d{1,12},LOCAL:[\d:.]{1,16}|"
    r"LOCAL:[\d:.]{1,16},MPEGTS:\d{1,12})[ \t]*"
)
_THROUGH = re.compile(
    r"</?(?:[ibusc]|font|ruby|rt|lang)(?:[.\s][^<>\n]{0,120})?>|\{\\an?\d\}|<\d\d:[\d:.]{1,12}>"
)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")
_VOICE = re.compile(r"<v(?:\.[\w.-]*)?[ \t]+([^<>\n]{1,80})>")
_SPEAKER = re.compile(r"\s*(?:-\s*)?[\[(]?([A-Z][\w.'’-]*(?: [\w.'’-]+){0,3})[\])]?:(?=\s)")


class _Line(NamedTuple):
    start: int
    end: int  # without the line end
    after: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


def _lines(text: str) -> list[_Line]:
    found, at = [], 0
    while at < len(text):
        match = _LINE.match(text, at)
        assert match is not None  # it also fits nothing
        found.append(_Line(at, match.end(1), match.end()))
        at = match.end()
    return found


class _Script:
    """What a walk over the lines collects, in characters of the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.stretches: list[Stretch] = []
        self.gone: list[tuple[str, int, int, str]] = []
        self.times: list[str] = []

    def read(self, start: int, end: int, context: Context, where: str) -> None:
        if not self.text[start:end].isspace() and start < end:
            self.stretches.append(
                Stretch(start, end, context, where, _units(self.text, start, end))
            )

    def cue(self, rows: list[_Line], time: str) -> None:
        """The text of one cue; `time` is its timing line."""
        self.times.append(time)
        if not rows:
            return
        start, end = rows[0].start, rows[-1].end
        match = _VOICE.search(self.text, start, end) or _SPEAKER.match(self.text, start, end)
        label = match.group(1) if match else ""
        self.read(start, end, Context("caption", label), f"cue {len(self.times)}")


def _units(text: str, start: int, end: int) -> tuple[Unit, ...]:
    marks = [Unit(*match.span(), "") for match in _THROUGH.finditer(text, start, end)]
    for match in _REFERENCE.finditer(text, start, end):
        reads = html.unescape(match.group())
        if reads != match.group():
            marks.append(Unit(match.start(), match.end(), reads))
    return tuple(sorted(marks))


class Srt:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        _split(source, ledger, markup=False)


class Vtt:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        _split(source, ledger, markup=True)


def _split(source: Source, ledger: Ledger, *, markup: bool) -> None:
    if source.size > _MAX:
        raise TooLarge(f"The subtitles have {source.size} bytes, more than {_MAX}.")
    charset = charset_of(source)
    part = claim_text(source, ledger, charset)
    script = _script(source, charset.mark, charset.codec, markup)
    spared = _drop(ledger, part, script, charset.mark, charset.codec)
    hide(source, ledger, part, charset, spared=spared)
    times = hashlib.sha256("\n".join(script.times).encode()).hexdigest()
    ledger.render(cues=len(script.times), timings=times)
    write = (markup_write if markup else plain_write)(charset.codec)

    def passages() -> Iterator[Written]:
        again = _script(source, charset.mark, charset.codec, markup)
        return emit(again.text, charset.mark, charset, part, again.stretches, write)

    ledger.passages = passages


def _script(source: Source, at: int, codec: str, markup: bool) -> _Script:
    script = _Script(source.read(at, source.size - at).decode(codec))
    lines = _lines(script.text)
    if markup:
        _walk_vtt(script, lines)
    else:
        _walk_srt(script, lines)
    script.stretches.sort(key=lambda stretch: stretch.start)
    return script


def _drop(
    ledger: Ledger, part: PartId, script: _Script, at: int, codec: str
) -> list[tuple[int, int]]:
    spared = []
    for name, start, end, entity in script.gone:
        low = at + len(script.text[:start].encode(codec))
        high = low + len(script.text[start:end].encode(codec))
        ledger.leaf(
            part, name, Role.PRIVATE, low, high, entity=entity,
            describe=lambda data: data.decode(codec, "replace").strip(),
        )  # fmt: skip
        spared.append((low, high))
    return spared


def _walk_srt(script: _Script, lines: list[_Line]) -> None:
    """Cues: an optional number, a timing line, text up to the next of these."""
    text = script.text
    stamps = [i for i, line in enumerate(lines) if "-->" in line.of(text)]
    for index in stamps:
        if not _SRT_TIME.fullmatch(lines[index].of(text)):
            raise Damaged(f"Line {index + 1} is no timing line.", "Its times cannot be read.")
    if not stamps and text.strip():
        raise Damaged("No cue stands in these subtitles.")
    heads = [i - 1 if i and _is_number(lines[i - 1].of(text)) else i for i in stamps]
    if stamps:
        before = lines[: heads[0]]
        if before:
            script.read(before[0].start, before[-1].end, Context("caption"), "before the first cue")
    for order, index in enumerate(stamps):
        stop = heads[order + 1] if order + 1 < len(heads) else len(lines)
        rows = _trim(text, lines[index + 1 : max(stop, index + 1)])
        script.cue(rows, lines[index].of(text).strip())


def _is_number(line: str) -> bool:
    return line.strip(" \t\ufeff").isdecimal()


def _trim(text: str, rows: list[_Line]) -> list[_Line]:
    """Without blank lines at both ends."""
    while rows and not rows[-1].of(text).strip():
        rows = rows[:-1]
    while rows and not rows[0].of(text).strip():
        rows = rows[1:]
    return rows


def _walk_vtt(script: _Script, lines: list[_Line]) -> None:
    """The header and the blocks between blank lines (WebVTT §4.1)."""
    text = script.text
    first = lines[0].of(text) if lines else ""
    if not re.match(r"WEBVTT(?:[ \t]|\Z)", first):
        raise Damaged("The subtitles do not begin with WEBVTT.")
    if len(first) > 6:
        script.gone.append(("header text", 6, lines[0].end, "CAPTION"))
    blocks = _blocks(text, lines[1:])
    for number, rows in enumerate(blocks):
        heading = rows[0].of(text)
        stamps = [i for i, row in enumerate(rows) if "-->" in row.of(text)]
        if number == 0 and rows[0] is lines[1] and not stamps:
            _header(script, rows)
        elif re.match(r"NOTE(?:[ \t]|\Z)", heading) and not stamps:
            _note(script, rows)
        elif re.fullmatch(r"(?:STYLE|REGION)[ \t]*", heading) and not stamps:
            script.read(rows[0].after, rows[-1].end, Context("code"), heading.strip().lower())
        else:
            _vtt_cue(script, rows, stamps, lines)


def _blocks(text: str, lines: list[_Line]) -> list[list[_Line]]:
    found: list[list[_Line]] = [[]]
    for line in lines:
        if line.start == line.end:
            found.append([])
        else:
            found[-1].append(line)
    return [rows for rows in found if rows]


def _header(script: _Script, rows: list[_Line]) -> None:
    for row in rows:
        if not _HEADER.fullmatch(row.of(script.text)):
            script.gone.append(("header line", row.start, row.after, "TAG"))


def _note(script: _Script, rows: list[_Line]) -> None:
    """A comment block, with the blank line behind it."""
    end = rows[-1].after
    match = _LINE.match(script.text, end)
    if match and match.group(1) == "":
        end = match.end()
    script.gone.append(("NOTE", rows[0].start, end, "CAPTION"))


def _vtt_cue(script: _Script, rows: list[_Line], stamps: list[int], lines: list[_Line]) -> None:
    text = script.text
    line = lines.index(rows[0]) + 1 if len(stamps) != 1 else 0
    if len(stamps) != 1 or stamps[0] > 1:
        raise Damaged(f"The block at line {line or 1} is no cue.", "It has not one timing line.")
    stamp = rows[stamps[0]].of(text)
    match = _VTT_TIME.fullmatch(stamp)
    if not match or not all(map(_SETTING.fullmatch, (match.group("more") or "").split())):
        raise Damaged(f"Line {lines.index(rows[stamps[0]]) + 1} is no timing line.")
    if stamps[0] and not _is_number(rows[0].of(text)):
        script.read(
            rows[0].start, rows[0].end, Context("name"), f"id of cue {len(script.times) + 1}"
        )
    script.cue(_trim(text, rows[stamps[0] + 1 :]), stamp.strip())
