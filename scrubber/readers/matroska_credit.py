"""A credit as the only thing that the tags of a Matroska file say, for its second reader."""

from __future__ import annotations

from scrubber.errors import Damaged
from scrubber.model import Source
from scrubber.readers.credit_tags import is_link, is_plain
from scrubber.readers.matroska_tree import Node, nodes

_NAMES = {b"ARTIST": "CREATOR", b"COPYRIGHT": "COPYRIGHT_NOTICE", b"LICENSE": "USAGE_TERMS"}
_LARGEST = 1 << 16


def tags_credit(source: Source, tags: Node) -> tuple[str, ...]:
    """Entities of tags that are a credit and nothing else; () for any others."""
    if tags.end - tags.body > _LARGEST:
        return ()
    try:
        rows = _rows(source, tags)
    except Damaged:
        return ()
    order = list(_NAMES)
    for name, text in rows:
        good = name in order and (is_link(text) if name == b"LICENSE" else is_plain(text))
        if not good:
            return ()
        order = order[order.index(name) + 1 :]
    again = _element("1254c367", _element("7373", _element("63c0", b"") + b"".join(
        _element("67c8", _element("45a3", name) + _element("4487", text)) for name, text in rows
    )))  # fmt: skip
    if not rows or again != source.read(tags.at, tags.end - tags.at):
        return ()
    return tuple(dict.fromkeys(_NAMES[name] for name, _ in rows))


def _rows(source: Source, tags: Node) -> list[tuple[bytes, bytes]]:
    """Names and texts; what else there is shows when they are written again."""
    found: list[tuple[bytes, bytes]] = []
    for tag in nodes(source, "Tags", tags.body, tags.end):
        for simple in nodes(source, "Tag", tag.body, tag.end):
            inner = list(nodes(source, "SimpleTag", simple.body, simple.end))
            if len(inner) == 2:
                name, text = (source.read(one.body, one.end - one.body) for one in inner)
                found.append((name, text))
    return found


def _element(name: str, body: bytes) -> bytes:
    width = 1
    while len(body) >= (1 << 7 * width) - 1:
        width += 1
    return bytes.fromhex(name) + (len(body) + (1 << 7 * width)).to_bytes(width, "big") + body
