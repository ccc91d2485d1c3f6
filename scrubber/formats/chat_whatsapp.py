"""A chat that WhatsApp exported as text.

Times go: every stamp becomes the same one, in the form that it had. Who speaks becomes a tag,
alike wherever the same speaks. What the program itself says (who joined, which number changed)
goes but for a few sentences that name nobody. Words stay, and are read by the detectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrubber.errors import TooLarge
from scrubber.formats.charset import charset_of, claim_text
from scrubber.formats.chat_whatsapp_heads import MARK, Head, heads
from scrubber.formats.passages import Written
from scrubber.formats.stretches import Stretch, emit, hide
from scrubber.ledger import Ledger
from scrubber.model import Context, Role, Source

MAX_SIZE = 128 << 20
_FILE = re.compile(
    rf"{MARK}(?:<[^<>:\r\n]{{2,30}}: (?P<ios>[^<>\r\n]{{1,200}}\.\w{{1,5}})>"
    rf"|(?P<android>[^\r\n]{{1,200}}\.\w{{1,5}}) \([^()\r\n]{{4,30}}\)){MARK}[ \t]*(?=\r?$)",
    re.M,
)
_OWN = re.compile(r"\u200e(?![ \u200e])")
_KEPT = re.compile(
    r"\u200e(?:<[^<>\r\n]{1,40}>|(?:image|video|audio|GIF|sticker|document|Contact card) omitted"
    r"|(?:Missed|You missed a) (?:voice|video|group)(?: voice| video)? call\b.{0,40}"
    r"|(?:Voice|Video) call\b.{0,40}|This message was deleted\.|You deleted this message\."
    r"|POLL:|OPTION:|Location: |Live location shared)"
)


class WhatsApp:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        if source.size > MAX_SIZE:
            raise TooLarge(f"The chat has {source.size} bytes, more than scrub takes of a chat.")
        charset = charset_of(source)
        part = claim_text(source, ledger, charset)
        text = source.read(charset.mark, source.size - charset.mark).decode(charset.codec)
        found, new = heads(text)
        gone = ledger.part(part, "message of the program", Role.PRIVATE, entity="EDIT_HISTORY")
        place = _Places(text, charset.mark, charset.codec)
        spared: list[tuple[int, int]] = []
        kept = 0
        rows = list(_rows(text, found))
        for head, end, stays in rows:
            if not stays:
                span = place(head.start), place(end)
                ledger.claim(gone, *span)
                spared.append(span)
                continue
            kept += 1
            low, high = head.stamp
            if text[low:high] != new:
                span = place(low), place(high)
                ledger.leaf(part, "time", Role.PRIVATE, *span, entity="CAPTURE_TIME",
                            on_drop=new.encode(charset.codec))  # fmt: skip
                spared.append(span)
        hide(source, ledger, part, charset, spared=spared)
        ledger.render(messages=kept)

        def passages() -> Iterator[Written]:
            return emit(text, charset.mark, charset, part, _stretches(text, rows))

        ledger.passages = passages


class _Places:
    """Characters, asked for in order, as bytes."""

    def __init__(self, text: str, at: int, codec: str) -> None:
        self._text, self._byte, self._codec, self._last = text, at, codec, 0

    def __call__(self, index: int) -> int:
        self._byte += len(self._text[self._last : index].encode(self._codec))
        self._last = index
        return self._byte


def _rows(text: str, found: list[Head]) -> Iterator[tuple[Head, int, bool]]:
    """(head, where the next one begins, whether the message stays)."""
    ends = [head.start for head in found[1:]] + [len(text)]
    for head, end in zip(found, ends, strict=True):
        words = text[head.text : end]
        own = _OWN.match(words) and not _KEPT.match(words) and not _FILE.match(words)
        yield head, end, head.name[0] >= 0 and not own


def _stretches(text: str, rows: list[tuple[Head, int, bool]]) -> Iterator[Stretch]:
    number = 0
    for head, end, stays in rows:
        if not stays:
            continue
        number += 1
        speaker = text[slice(*head.name)]
        where = f"message {number}"
        yield Stretch(
            *head.name, Context("cell", "speaker", private_label="PERSON"), "message[*]/speaker"
        )
        at = head.text
        if match := _FILE.match(text, at, end):
            name = match.span("ios" if match["ios"] else "android")
            yield Stretch(
                *name, Context("cell", "file", private_label="FILE_PATH"), f"{where}/file"
            )
            at = match.end()
        stop = at + len(text[at:end].rstrip())
        if stop > at:
            yield Stretch(at, stop, Context("prose", speaker), where)
