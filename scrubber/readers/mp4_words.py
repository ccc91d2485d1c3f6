"""Words in MP4 and QuickTime, for the second reader: texts along the film, chapters, lyrics.

3GPP timed text (TS 26.245 §5.16), QuickTime text (QTFF), `chpl`, iTunes' `\xa9lyr`.
"""

from __future__ import annotations

from scrubber.errors import Damaged
from scrubber.readers.mp4_grammar import LYRICS
from scrubber.readers.text_checks import leftovers

HANDLERS = ("sbtl", "subt", "text")
_ENCD = bytes.fromhex("0000000c656e636400000100")
_FONTS = frozenset(("", "Serif", "Sans-Serif", "Arial", "Helvetica", "Times", "Courier",
                    "Monospace"))  # fmt: skip


def check_words(text: bytes) -> tuple[str, ...]:
    """What must not stand in words that stay. Raises Damaged for what is no UTF-8."""
    try:
        return leftovers(text.decode("utf-8"), net=True)
    except UnicodeDecodeError as error:
        raise Damaged("A text along the film is no UTF-8.") from error


def text_of_sample(data: bytes) -> bytes:
    """The text of one sample. Raises Damaged when anything but QuickTime's mark follows it."""
    if data[4:8] in (b"vttc", b"vtte"):
        return _cues(data)
    size = int.from_bytes(data[:2], "big")
    if len(data) < 2 + size or data[2 + size :] not in (b"", _ENCD):
        raise Damaged("A text along the film is followed by something else.")
    return data[2 : 2 + size]


def _cues(data: bytes) -> bytes:
    """WebVTT (ISO/IEC 14496-30 §7.5): cues of a text each, or none; nothing else."""
    texts = []
    while data:
        size, kind = int.from_bytes(data[:4], "big"), data[4:8]
        body, data = data[8:size], data[max(size, 8) :]
        if kind == b"vttc" and body[4:8] == b"payl" and len(body) + 8 == size:
            if int.from_bytes(body[:4], "big") != len(body):
                raise Damaged("A cue along the film holds more than its text.")
            texts.append(body[8:])
        elif kind != b"vtte" or size != 8:
            raise Damaged("A cue along the film is not as it should be.")
    return b"\n".join(texts)


def text_of_tag(kind: str, data: bytes) -> bytes:
    """The text of the body of `\xa9lyr` or `chpl`. Raises Damaged when it holds more."""
    if kind == LYRICS:
        if int.from_bytes(data[:4], "big") != len(data) or data[4:16] != b"data\0\0\0\1\0\0\0\0":
            raise Damaged("The lyrics are not as they should be.")
        return data[16:]
    head = 9 if data[0] == 1 else 5
    titles, at = [], head
    for _ in range(data[head - 1]):
        size = data[at + 8]
        titles.append(data[at + 9 : at + 9 + size])
        at += 9 + size
    if at != len(data) or any(data[1 : head - 1]):
        raise Damaged("The chapters are not as they should be.")
    return b"\n".join(titles)


def is_text_entry(kind: str, data: bytes) -> bool:
    """True for the body of a sample entry of text that holds nothing but numbers and fonts."""
    if kind == "wvtt":
        return not any(data[:6]) and data[8:] == b"\0\0\0\x0evttCWEBVTT"
    if kind not in ("tx3g", "text") or any(data[:6]) or len(data) > 512:
        return False
    if data[42:46] == b"ftab":
        size = int.from_bytes(data[38:42], "big")
        return 38 + size == len(data) and _fonts_are_known(data[46:])
    name = data[51:]
    known = not name or (name[0] == len(name) - 1 and _is_font(name[1:]))
    return kind == "text" and len(data) >= 51 and known


def _fonts_are_known(table: bytes) -> bool:
    at = 2
    for _ in range(int.from_bytes(table[:2], "big")):
        if at + 3 > len(table) or not _is_font(table[at + 3 : at + 3 + table[at + 2]]):
            return False
        at += 3 + table[at + 2]
    return at == len(table)


def _is_font(name: bytes) -> bool:
    return name.decode("latin-1") in _FONTS


def is_media_header(data: bytes) -> bool:
    """`gmhd`: `gmin` and `text` of their fixed sizes, nothing else (QTFF)."""
    at = 0
    while at < len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if (kind, size) not in ((b"gmin", 24), (b"text", 44)):
            return False
        if kind == b"gmin" and any(data[at + 22 : at + 24]):
            return False
        at += size
    return at == len(data) > 0
