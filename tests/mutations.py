"""Damage that knows the structure: numbers of the frame, parts, tags, checksums made right again.

What a format says of an honest file (its ledger) tells where its lengths, offsets, counts and
parts stand, so one mutator serves all formats. Texts have tokens in place of parts, JSON a tree.
Deterministic in the seed.
"""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from ogg_files import crc
from robustness import _mutations

from scrubber.codings import decode, encode
from scrubber.containers import load_format, table
from scrubber.errors import Held
from scrubber.join import chunks, join, pack
from scrubber.ledger import Ledger, Tile
from scrubber.source import MemorySource

EDGES = (
    0, 1, 2, 3, 7, 8, 12, 16, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000,
    0xFFFFFFF0, 0xFFFFFFFF, 1 << 40, (1 << 63) - 1, 1 << 63, (1 << 64) - 1,
)  # fmt: skip
WORDS = (
    b"", b"\0", b"\0\0\0\0", b"\r", b"\n", b"\r\n\r\n", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\xed\xa0\x80", b"\xc0\x80", b"\xe2\x80\xae", b"\xe2\x80\xa8", b'"', b"'", b"\\",
    b"\\ud800", b"\\u0000", b"<", b">", b"-->", b"&#0;", b"&a;", b"<!--", b"]]>", b"<![CDATA[",
    b"<!DOCTYPE a [", b"%", b"{", b"}", b"[", b"]", b",", b";", b"\t", b":", b"=",
    b"=?utf-8?b?/w==?=", b"=?utf-8?q?=FF?=", b"--", b"From ", b"\nFrom x\n", b"1e999", b"-0",
    b"9" * 400, b"NaN", b"a" * 300, b"data:image/png;base64,iVBORw0KGgo=", b"=FF=\n",
    b"[PERSON-aaaaaaaaaa]", b"jane.roe@example.com", b"00:00:00,000 --> 99:99:99,999",
    b"\x1b[31m",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 1e308, 10**30, "", "\0", "\ud800", "jane.roe@example.com", "\u202e",
    [], {}, [[]], [None] * 40, {"": ""}, {"a": {"a": {"a": 1}}}, "data:image/png;base64,AAAA",
    "x" * 400, "{\"a\": 1}", "\U0001F600", "<b>", "1714557600",
)  # fmt: skip
LARGEST = 100_000
_TOKEN = re.compile(rb"[A-Za-z0-9_]+|\s+|.", re.S)
_TAG = re.compile(rb"[A-Za-z0-9 \xa9]{4}")
_FAILS = (
    Held, ValueError, IndexError, KeyError, OverflowError, AssertionError, struct.error, zlib.error,
)  # fmt: skip


@dataclass(frozen=True)
class Anatomy:
    """A sample and what is known of its structure."""

    data: bytes
    ledger: Ledger
    tiles: list[Tile]
    numbers: tuple[tuple[int, int, str], ...]  # at, width, byte order
    cuts: tuple[int, ...]
    tags: tuple[bytes, ...]
    trees: tuple[Any, ...]  # of JSON, a document each


def anatomy(row: str, data: bytes) -> Anatomy:
    ledger = Ledger(len(data))
    try:
        load_format(table()[row]).split(MemorySource(data), ledger)
        tiles = ledger.tile()
    except _FAILS:
        ledger, tiles = Ledger(len(data)), [Tile(0, len(data), (0,))] if data else []
    numbers = {(field.at, field.width, field.order) for field in ledger.fields}
    numbers |= {(row.at, row.width, row.order) for row in ledger.checksums}
    for one in ledger.tables:
        numbers |= {(one.at + i * one.width, one.width, one.order) for i in range(one.entries)}
    for link in ledger.chains:
        numbers |= {(at, link.width, link.order) for at in link.pointers}
    for mend in ledger.mends:
        numbers |= {(mend.at, width, "big") for width in (mend.width, 1) if width <= mend.width}
    cuts = {edge for tile in tiles for edge in (tile.start, tile.end)}
    if table()[row].textual or len(cuts) < 4:
        cuts |= {found.end() for found in _TOKEN.finditer(data[:20_000])}
    tags = {data[at : at + 4] for at in cuts if _TAG.fullmatch(data[at : at + 4])}
    tags |= {data[at + 4 : at + 8] for at in cuts if _TAG.fullmatch(data[at + 4 : at + 8])}
    return Anatomy(
        data, ledger, tiles, tuple(sorted(numbers)), tuple(sorted(cuts)), tuple(sorted(tags)),
        tuple(_trees(row, data)),
    )  # fmt: skip


def _trees(row: str, data: bytes) -> Iterator[Any]:
    name = table()[row].media_type
    try:
        if "jsonl" in name:
            yield from (json.loads(line) for line in data.splitlines())
        elif "json" in name:
            yield json.loads(data)
    except ValueError:
        return


def mutations(row: str, samples: tuple[bytes, ...], seed: int, n: int) -> Iterator[bytes]:
    """`n` damaged files of kind `row`, each from one of its `samples` in turn."""
    draw = Random(f"{row} {seed}")
    known = [anatomy(row, data) for data in samples]
    for index in range(n):
        yield bent(draw, row, known[index % len(known)], draw.choice(known))


def bent(draw: Random, row: str, one: Anatomy, other: Anatomy) -> bytes:
    """`one` damaged in one way, perhaps with parts of `other` in it."""
    ways = [_in_place, _in_place, _surgery, _bytes]
    if one.ledger.claims and not table()[row].textual:
        ways += [_framed, _framed]
    if one.trees:
        ways += [_tree, _tree, _tree]
    if table()[row].textual:
        ways += [_surgery, _words, _words]
    try:
        bad = draw.choice(ways)(draw, one, other)
    except RecursionError:  # a tree that json cannot write
        bad = b'{"a":' * 5000
    if len(bad) > max(LARGEST, 2 * len(one.data)):
        bad = _in_place(draw, one, other)  # size alone is no structure
    return paged(bad) if one.data.startswith(b"OggS") and draw.random() < 0.8 else bad


def _bytes(draw: Random, one: Anatomy, other: Anatomy) -> bytes:
    return next(_mutations(one.data, draw.randrange(1 << 30), 1))


def _in_place(draw: Random, one: Anatomy, other: Anatomy) -> bytes:
    """Numbers, bits and tags, at their length; most of the time the checksums are right after."""
    bad = bytearray(one.data)
    if not bad:
        return b"\0"
    for _ in range(draw.choice((1, 1, 1, 2, 3, 8))):
        kind = draw.randrange(5)
        if kind <= 1 and one.numbers:
            at, width, order = draw.choice(one.numbers)
            bad[at : at + width] = _number(draw, one, at, width, order)
        elif kind == 2 and one.tags:
            at = draw.choice(one.cuts) + draw.choice((0, 4))
            if at + 4 <= len(bad):
                bad[at : at + 4] = draw.choice((*one.tags, *other.tags))
        elif kind == 3:  # near the start of a part, where counts and kinds stand
            at = draw.choice(one.cuts) + draw.randrange(-8, 16)
            width = draw.choice((1, 2, 4, 8))
            if 0 <= at <= len(bad) - width:
                bad[at : at + width] = _number(draw, one, at, width, draw.choice(("big", "little")))
        else:
            bad[draw.randrange(len(bad))] ^= 1 << draw.randrange(8)
    return _summed(one, bad) if draw.random() < 0.8 else bytes(bad)


def paged(data: bytes) -> bytes:
    """Ogg: the checksum of every page right again (RFC 3533 §6), as far as there are pages."""
    out, at = bytearray(data), 0
    while data.startswith(b"OggS", at) and at + 27 <= len(data):
        lacing = data[at + 27 : at + 27 + data[at + 26]]
        end = min(at + 27 + len(lacing) + sum(lacing), len(data))
        out[at + 22 : at + 26] = bytes(4)
        out[at + 22 : at + 26] = crc(bytes(out[at:end])).to_bytes(4, "little")
        at = end
    return bytes(out)


def _number(draw: Random, one: Anatomy, at: int, width: int, order: str) -> bytes:
    """A number that lies: an edge, near the truth, the file's size, its own or a part's place."""
    size = len(one.data)
    value = draw.choice(
        (
            draw.choice(EDGES), size - at + draw.randrange(-9, 9), at, draw.choice(one.cuts),
            int.from_bytes(one.data[at : at + width], "little" if order == "little" else "big")
            + draw.choice((-8, -4, -2, -1, 1, 2, 4, 8, 1000)),
        )
    )  # fmt: skip
    if order == "quoted":
        return str(abs(value))[: width - 1].encode().ljust(width - 1, b"0") + b'"'
    most = 7 * width if order in ("syncsafe", "vint") else 8 * width
    value &= (1 << most) - 1
    if order == "vint" and value == (1 << most) - 1:  # of unknown size (RFC 8794 §6.2)
        return (1 << most | value).to_bytes(width, "big")
    return pack(value, width, order)


def _summed(one: Anatomy, bad: bytearray) -> bytes:
    """`bad` with the checksums over it right again."""
    for row in sorted(one.ledger.checksums, key=lambda row: row.end - row.start)[:200]:
        if row.end <= len(bad):
            value = row.algorithm([bytes(bad[row.start : row.end])])
            bad[row.at : row.at + row.width] = pack(value, row.width, row.order)
    return bytes(bad)


def _surgery(draw: Random, one: Anatomy, other: Anatomy) -> bytes:
    """Parts dropped, doubled, swapped, moved, repeated, put into others, or cut off."""
    data, cuts = one.data, one.cuts
    if len(cuts) < 3:
        return data[: draw.randrange(len(data) + 1)]
    low, high = sorted(draw.sample(range(len(cuts)), 2))
    if draw.random() < 0.7:
        high = min(low + draw.choice((1, 1, 2)), high)
    start, end = cuts[low], cuts[high]
    run, kind = data[start:end], draw.randrange(8)
    if kind == 0:
        return data[:start] + data[end:]
    if kind == 1:
        return data[:end] + run + data[end:]
    if kind == 2:
        return data[:end] + run * draw.choice((3, 20, max(3, min(300, 40_000 // max(1, len(run))))))
    if kind == 3:
        to = draw.choice(cuts)
        rest = data[:start] + data[end:]
        return rest[:to] + run + rest[to:]
    if kind == 4:
        a, b = sorted(draw.sample(range(len(other.cuts)), 2)) if len(other.cuts) > 1 else (0, 0)
        return data[:start] + other.data[other.cuts[a] : other.cuts[b]] + data[end:]
    if kind == 5:
        return data[: start + draw.randrange(-2, 9)]
    if kind == 6:
        return data[:start] + data + data[end:]
    return data[:start] + draw.choice(WORDS) + data[end if draw.random() < 0.5 else start :]


def _framed(draw: Random, one: Anatomy, other: Anatomy) -> bytes:
    """Other bytes in some parts, and lengths, offsets and checksums that fit them."""
    ledger = one.ledger
    parts = [part.id for part in ledger.parts if len(part.spans) == 1]
    if not parts:
        return _in_place(draw, one, other)
    packed = {nested.part: nested.codings for nested in ledger.nested if nested.codings}
    edits, dropped = dict[int, bytes](), set[int]()
    for _ in range(draw.choice((1, 1, 2, 4))):
        part = draw.choice([*packed, *packed, *parts] if packed else parts)
        if draw.random() < 0.2:
            dropped.add(part)
            continue
        old = b"".join(one.data[a:b] for a, b in ledger.parts[part].spans)
        try:
            if part in packed and draw.random() < 0.8:
                inner = decode(old, packed[part], 1 << 22)
                edits[part] = encode(_body(draw, inner, one), packed[part], old)
            else:
                edits[part] = _body(draw, old, one)
        except _FAILS:
            continue
    edits = {part: data for part, data in edits.items() if part not in dropped}
    try:
        source = MemorySource(one.data)
        joined = join(ledger, source, dropped, edits, tiles=one.tiles, force=True)
        return b"".join(chunks(joined, source))
    except _FAILS:
        return _in_place(draw, one, other)


def _body(draw: Random, old: bytes, one: Anatomy) -> bytes:
    kind = draw.randrange(9)
    if kind == 0:
        return b""
    if kind == 1:
        return old * draw.choice((2, 2, 50 if len(old) < 4096 else 2))
    if kind == 2:
        return old[: draw.randrange(len(old) + 1)]
    if kind == 3:
        return bytes(len(old))
    if kind == 4:
        return draw.randbytes(draw.choice((len(old), 1, 3, 40)))
    if kind == 5:
        return one.data[:20_000]
    if kind == 6:
        return old + draw.choice(WORDS)
    if kind == 7:
        a, b = sorted((draw.choice(one.cuts), draw.choice(one.cuts)))
        return one.data[a:b]
    return next(_mutations(old, draw.randrange(1 << 30), 1))


def _words(draw: Random, one: Anatomy, other: Anatomy) -> bytes:
    """Words put in, or in place of tokens."""
    data = one.data
    for _ in range(draw.choice((1, 1, 2, 5))):
        at = min(draw.choice(one.cuts), len(data))
        end = min(at + draw.choice((0, 0, 1, 1, 4)), len(data))
        data = data[:at] + draw.choice(WORDS) * draw.choice((1, 1, 1, 3, 9)) + data[end:]
    return data


def _tree(draw: Random, one: Anatomy, other: Anatomy) -> bytes:
    """Nodes of the tree replaced, dropped, doubled, wrapped, swapped, or under another key."""
    roots = json.loads(json.dumps(list(one.trees)))
    for _ in range(draw.choice((1, 1, 2, 4))):
        places = list(_places(roots))
        if places:
            _bend(draw, *draw.choice(places), places)
    ascii_only = draw.random() < 0.5
    if len(one.trees) == 1 and b"\n{" not in one.data[:-1]:
        text = json.dumps(roots[0] if roots else None, ensure_ascii=ascii_only)
    else:
        text = "".join(json.dumps(root, ensure_ascii=ascii_only) + "\n" for root in roots)
    if draw.random() < 0.1:  # a key twice
        text = re.sub(r'("[a-z_]+": )(\d+|"[^"\\]*")', r"\1\2, \1null", text, count=3)
    return text.encode("utf-8", "surrogatepass")


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, (dict, list)):
            for key in list(one) if isinstance(one, dict) else range(len(one)):
                yield one, key
                waiting.append(one[key])


def _bend(draw: Random, inside: Any, key: Any, places: list[tuple[Any, Any]]) -> None:
    kind = draw.randrange(7)
    if kind == 0:
        del inside[key]
    elif kind <= 2:
        inside[key] = deepcopy(draw.choice(VALUES))
    elif kind == 3:
        inside[key] = _deep(inside[key], draw.choice((1, 1, 2, 30, 300)))
    elif kind == 4:
        there, at = draw.choice(places)
        if at in there if isinstance(there, dict) else at < len(there):
            inside[key] = json.loads(
                json.dumps(there.get(at) if isinstance(there, dict) else there[at])
            )
    elif kind == 5 and isinstance(inside, dict):
        inside[draw.choice((str(key).upper(), "", "x", "constructor", "\u00e9"))] = inside.pop(key)
    elif isinstance(inside, list):
        inside.extend([inside[key]] * draw.choice((1, 3, 200)))
    else:
        inside["extra"] = inside[key]


def _deep(value: Any, levels: int) -> Any:
    for _ in range(levels):
        value = [value]
    return value
