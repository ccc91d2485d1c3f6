"""DER, as much of it as time stamps need (ITU-T X.690): definite lengths, short tags.

The reader takes what somebody else has made: every length is checked against what is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

BOOLEAN, INTEGER, OCTETS, NULL, OID, TIME, SEQUENCE, SET = 1, 2, 4, 5, 6, 24, 0x30, 0x31


class BadDer(ValueError):
    """Bytes that are not the DER that should stand there."""


class Value(NamedTuple):
    """One value: its tag, its content, and all its bytes."""

    tag: int
    content: bytes
    whole: bytes

    def of(self, tag: int) -> bytes:
        """The content of a value that must have this tag. Raises BadDer."""
        if self.tag != tag:
            raise BadDer(f"tag {self.tag:#x} where {tag:#x} should be")
        return self.content

    def inner(self, tag: int = SEQUENCE) -> list[Value]:
        """The values in one that must be constructed with this tag. Raises BadDer."""
        return list(values(self.of(tag)))

    def integer(self) -> int:
        content = self.of(INTEGER)
        if not content or (
            len(content) > 1 and content[0] in (0, 255) and (content[0] ^ content[1]) < 0x80
        ):
            raise BadDer("an integer that is not in its shortest form")
        return int.from_bytes(content, "big", signed=True)


def values(data: bytes) -> Iterator[Value]:
    """The values that `data` is made of, one after the other. Raises BadDer."""
    at = 0
    while at < len(data):
        value = _value(data, at)
        yield value
        at += len(value.whole)


def one(data: bytes) -> Value:
    """The only value in `data`. Raises BadDer."""
    found = list(values(data))
    if len(found) != 1:
        raise BadDer("not one value")
    return found[0]


def _value(data: bytes, at: int) -> Value:
    head = data[at : at + 2]
    if len(head) < 2 or head[0] & 31 == 31:
        raise BadDer("a value that is cut, or with a long tag")
    size, start = head[1], at + 2
    if size >= 0x80:
        count = size & 0x7F
        raw = data[start : start + count]
        start += count
        size = int.from_bytes(raw, "big")
        if not 1 <= count <= 4 or len(raw) != count or raw[0] == 0 or size < 0x80:
            raise BadDer("a length that is not DER")
    content = data[start : start + size]
    if len(content) != size:
        raise BadDer("a value that is cut")
    return Value(head[0], content, data[at : start + size])


def encode(tag: int, *parts: bytes) -> bytes:
    """One value with the given tag; its content is `parts`."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    raw = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(raw)]) + raw + content


def integer(value: int) -> bytes:
    """An INTEGER that is not negative."""
    return encode(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(text: str) -> bytes:
    """An OBJECT IDENTIFIER from its dotted form."""
    first, second, *rest = map(int, text.split("."))
    return encode(OID, b"".join(_base128(number) for number in (first * 40 + second, *rest)))


def _base128(number: int) -> bytes:
    out = [number & 0x7F]
    while number := number >> 7:
        out.append(0x80 | number & 0x7F)
    return bytes(reversed(out))
