"""Timed lines: SBV subtitles (YouTube's, by custom) and LRC lyrics (by custom).

Times are coded and stay byte for byte; the text of a line is a passage. Of the tags of LRC only
the offset and the length stay: the others name people and programs.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator

from scrubber.errors import Damaged, TooLarge
from scrubber.formats.charset import charset_of, claim_text
from scrubber.formats.passages import Unit, Written
from scrubber.formats.stretches import Stretch, emit, hide
from scrubber.ledger import Ledger
from scrubber.model import Context, Role, Source

_MAX = 64 << 20
_SBV = re.compile(r"^\d{1,3}:\d\d:\d\d\.\d{3},\d{1,3}:\d\d:\d\d\.\d{3}[ \t]*(?=\r?$)", re.M)
_LRC = re.compile(r"^[ \t]*(?:\[\d{1,3}:\d\d(?:[.:]\d{1,3})?\][ \t]*)+", re.M)
_TAG = re.compile(
    r"^[ \t]*\[(?P<key>[A-Za-z]{1,16}):[^\]\n]*\][ \t]*(?:\r?\n|\Z)|^[ \t]*\r?\n", re.M
)
_WORD = re.compile(r"<\d{1,3}:\d\d(?:[.:]\d{1,3})?>")
_KEPT = re.compile(
    r"[ \t]*\[(?:offset:[ ]?[+-]?\d{1,7}|length:[ ]?\d{1,3}:\d\d(?:\.\d{1,3})?)\]\s*"
)
_SPEAKER = re.compile(r"\s*(?:>>|-)?\s*([A-Z][\w.'’-]*(?: [\w.'’-]+){0,3}):(?=\s)")


class Sbv:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        _split(source, ledger, _SBV)


class Lrc:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        _split(source, ledger, _LRC, _tags)


Before = Callable[[str, int], Iterator[tuple[int, int]]]


def _nothing(text: str, end: int) -> Iterator[tuple[int, int]]:
    if text[:end].strip():
        raise Damaged("Something stands before the first time.")
    yield from ()


def _tags(text: str, end: int) -> Iterator[tuple[int, int]]:
    """The tags before the first line that go. Raises Damaged for what is no tag."""
    at = 0
    while at < end:
        match = _TAG.match(text, at)
        if match is None:
            raise Damaged("Something stands before the first time of the lyrics and is no tag.")
        if match["key"] is not None and not _KEPT.fullmatch(match[0]):
            yield match.span()
        at = match.end()


def _split(
    source: Source, ledger: Ledger, stamp: re.Pattern[str], before: Before = _nothing
) -> None:
    if source.size > _MAX:
        raise TooLarge(f"The subtitles have {source.size} bytes, more than {_MAX}.")
    charset = charset_of(source)
    part = claim_text(source, ledger, charset)
    text = source.read(charset.mark, source.size - charset.mark).decode(charset.codec)
    stamps = [match.span() for match in stamp.finditer(text)]
    if not stamps:
        raise Damaged("No time stands in these subtitles.")
    spared: list[tuple[int, int]] = []
    for start, end in before(text, stamps[0][0]):
        low = charset.mark + len(text[:start].encode(charset.codec))
        high = low + len(text[start:end].encode(charset.codec))
        ledger.leaf(part, "tag", Role.PRIVATE, low, high, entity="TAG")
        spared.append((low, high))
    hide(source, ledger, part, charset, spared=spared)
    times = "\n".join(text[start:end].strip() for start, end in stamps)
    ledger.render(cues=len(stamps), timings=hashlib.sha256(times.encode()).hexdigest())

    def passages() -> Iterator[Written]:
        return emit(text, charset.mark, charset, part, _stretches(text, stamps))

    ledger.passages = passages


def _stretches(text: str, stamps: list[tuple[int, int]]) -> Iterator[Stretch]:
    ends = [start for start, _ in stamps[1:]] + [len(text)]
    for number, ((_, start), end) in enumerate(zip(stamps, ends, strict=True), 1):
        bare = text[start:end]
        low = start + len(bare) - len(bare.lstrip())
        high = start + len(bare.rstrip())
        if low < high:
            speaker = _SPEAKER.match(text, low, high)
            context = Context("caption", speaker[1] if speaker else "")
            units = tuple(Unit(*word.span(), "") for word in _WORD.finditer(text, low, high))
            yield Stretch(low, high, context, f"cue {number}", units)
