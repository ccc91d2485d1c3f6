"""A credit as the only thing that the tags of a recording hold, for second readers.

An order, a coding and a spelling are let through, no other.
"""

from __future__ import annotations

import re

_LONGEST = 1 << 16
_FRAMES = {b"TPE1": "CREATOR", b"TCOP": "COPYRIGHT_NOTICE", b"WCOP": "COPYRIGHT_NOTICE"}
_ITEMS = {b"Artist": "CREATOR", b"Copyright": "COPYRIGHT_NOTICE", b"License": "USAGE_TERMS"}
_FIELDS = {"ARTIST": "CREATOR", "COPYRIGHT": "COPYRIGHT_NOTICE", "LICENSE": "USAGE_TERMS"}
_LINK = re.compile(r"https?://[!#-&(-;=?-~]{1,500}")


def id3_credit(data: bytes) -> tuple[str, ...]:
    """Entities of a tag that is a credit and nothing else; () for any other."""
    if data[:6] != b"ID3\4\0\0" or len(data) > _LONGEST or _size(data[6:10]) != len(data) - 10:
        return ()
    at, found, order = 10, list[str](), list(_FRAMES)
    while at < len(data):
        name, size, flags = data[at : at + 4], _size(data[at + 4 : at + 8]), data[at + 8 : at + 10]
        body = data[at + 10 : at + 10 + size]
        if name not in order or flags != b"\0\0" or len(body) != size or not size:
            return ()
        coded = name != b"WCOP"
        if (coded and body[:1] != b"\3") or not _is_text(body[coded:], link=not coded):
            return ()
        order = order[order.index(name) + 1 :]
        found.append(_FRAMES[name])
        at += 10 + size
    return tuple(dict.fromkeys(found))


def ape_credit(data: bytes) -> tuple[str, ...]:
    """Entities of an APEv2 tag that is a credit and nothing else; () for any other."""
    if not 64 < len(data) < _LONGEST:
        return ()
    size, count = (int.from_bytes(data[at : at + 4], "little") for at in (12, 16))
    end = b"APETAGEX\xd0\7\0\0" + data[12:20]
    if size != len(data) - 32 or data[:32] != end + b"\0\0\0\xa0" + bytes(8):
        return ()
    if data[-32:] != end + b"\0\0\0\x80" + bytes(8):
        return ()
    at, found, order = 32, list[str](), list(_ITEMS)
    while at < len(data) - 32:
        length, flags = int.from_bytes(data[at : at + 4], "little"), data[at + 4 : at + 8]
        key, _, text = data[at + 8 : -32].partition(b"\0")
        if key not in order or any(flags) or length > len(text):
            return ()
        if not _is_text(text[:length], link=key == b"License"):
            return ()
        order = order[order.index(key) + 1 :]
        found.append(_ITEMS[key])
        at += 8 + len(key) + 1 + length
    return tuple(dict.fromkeys(found)) if len(found) == count else ()


def vorbis_credit(fields: list[bytes]) -> tuple[str, ...]:
    """Entities of comment fields that are a credit and nothing else; () for any others."""
    found, order = list[str](), list(_FIELDS)
    for row in fields:
        key, _, text = row.partition(b"=")
        name = key.decode("latin-1")
        if name not in order or not _is_text(text, link=name == "LICENSE"):
            return ()
        order = order[order.index(name) + 1 :]
        found.append(_FIELDS[name])
    return tuple(dict.fromkeys(found))


def _size(data: bytes) -> int:
    """A syncsafe integer; -1 when it is none."""
    if len(data) != 4 or max(data) > 127:
        return -1
    return data[0] << 21 | data[1] << 14 | data[2] << 7 | data[3]


def is_plain(data: bytes) -> bool:
    """A text in UTF-8 that can be printed, in one spelling of its blanks."""
    return _is_text(data, link=False)


def is_link(data: bytes) -> bool:
    """A link to a licence."""
    return _is_text(data, link=True)


def _is_text(data: bytes, *, link: bool) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if link:
        return _LINK.fullmatch(text) is not None
    return bool(text) and text.isprintable() and " ".join(text.split()) == text
