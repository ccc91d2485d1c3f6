"""ICC profiles (ICC.1:2022; v2: ICC.1:2001-04), rebuilt.

A profile is needed for its colours and is a metadata file all the same:
monitor profiles name the screen, its serial and the day of calibration. The
numbers that a transform reads go into a new file in one fixed layout: header
fields that name a maker, a device, a time or a program are zero, the required
description and copyright are fixed words, tags are sorted by signature, equal
data stands once. Two profiles with the same colours so become the same bytes,
whatever texts they carried: a well-known profile needs no list to be canonical.

Content digest: SHA-256 over version, class, colour spaces, intent and
illuminant, then signature, length and canonical data of every colour tag in
the order of signatures.
"""

from __future__ import annotations

import functools
import hashlib
import struct

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.icc_tags import COLOUR_TAGS, canonical
from scrubber.model import Source

MAX_SIZE = 16 << 20
_CLASSES = (b"scnr", b"mntr", b"prtr", b"spac")
_CONNECTION = (b"XYZ ", b"Lab ")
_DATE = struct.pack(">6H", 1980, 1, 1, 0, 0, 0)
_MAX_TAGS = 256


class Icc:
    """See the module."""

    def rebuild(self, source: Source) -> bytes:
        """The canonical profile. Raises Damaged or Unsupported."""
        if source.size > MAX_SIZE:
            raise Unsupported(f"The colour profile has {source.size} bytes.")
        return canonical_profile(source.read(0, source.size))


@functools.lru_cache(maxsize=8)
def canonical_profile(profile: bytes) -> bytes:
    """`profile` in its canonical form. Raises Damaged or Unsupported."""
    head, tags = _parsed(profile)
    modern = profile[8] >= 4
    space = head[2].decode("ascii").strip()
    tags[b"desc"] = _mluc(f"{space} profile") if modern else _desc(f"{space} profile")
    tags[b"cprt"] = _mluc("Not stated") if modern else b"text" + bytes(4) + b"Not stated\0"
    at = 132 + 12 * len(tags)
    table, data, where = [], [], dict[bytes, int]()
    for signature, tag in sorted(tags.items()):
        if tag not in where:
            where[tag] = at
            padded = tag + bytes(-len(tag) % 4)
            data.append(padded)
            at += len(padded)
        table.append(struct.pack(">4sII", signature, where[tag], len(tag)))
    version, device, colours, connection, flags, attributes, intent, illuminant = head
    header = b"".join(
        (
            struct.pack(">I", at), bytes(4), version, bytes(2), device, colours, connection, _DATE,
            b"acsp", bytes(4), flags, bytes(8), attributes, intent, illuminant, bytes(48),
        )
    )  # fmt: skip
    return header + struct.pack(">I", len(tags)) + b"".join(table) + b"".join(data)


@functools.lru_cache(maxsize=8)
def colour_digest(profile: bytes) -> str:
    """The content digest (hex). Raises Damaged or Unsupported."""
    head, tags = _parsed(profile)
    digest = hashlib.sha256(b"".join((head[0], head[1], head[2], head[3], head[6], head[7])))
    for signature, tag in sorted(tags.items()):
        digest.update(signature + struct.pack(">I", len(tag)) + tag)
    return digest.hexdigest()


def _parsed(profile: bytes) -> tuple[tuple[bytes, ...], dict[bytes, bytes]]:
    """The header fields that stay, and the colour tags in canonical form."""
    if len(profile) < 132 or profile[36:40] != b"acsp":
        raise Damaged("The colour profile has no ICC header.")
    (size,) = struct.unpack_from(">I", profile)
    if size > len(profile) or size < 132:
        raise Damaged(f"The colour profile declares {size} bytes and has {len(profile)}.")
    if profile[8] not in (2, 4):
        raise Unsupported(f"The colour profile is of ICC version {profile[8]}.")
    if profile[12:16] not in _CLASSES or profile[20:24] not in _CONNECTION:
        raise Unsupported("The colour profile is not of a kind that belongs to a picture.")
    if not profile[16:20].isascii() or not profile[16:20].strip(b" \0").isalnum():
        raise Damaged("The colour profile names no colour space.")
    intent = profile[64:68]
    if intent[:3] != bytes(3) or intent[3] > 3:
        raise Damaged("The colour profile has an unknown rendering intent.")
    flags = bytes(3) + bytes((profile[47] & 3,))
    attributes = bytes(7) + bytes((profile[63] & 0x0F,))
    head = (
        profile[8:10], profile[12:16], profile[16:20], profile[20:24],
        flags, attributes, intent, profile[68:80],
    )  # fmt: skip
    return head, _tags(profile, size)


def _tags(profile: bytes, size: int) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">I", profile, 128)
    if count > _MAX_TAGS or 132 + 12 * count > size:
        raise Damaged(f"The colour profile declares {count} tags.")
    tags: dict[bytes, bytes] = {}
    for signature, at, length in struct.iter_unpack(">4sII", profile[132 : 132 + 12 * count]):
        kinds = COLOUR_TAGS.get(signature)
        if kinds is None or signature in tags:
            continue
        if at < 128 or at + length > size:
            raise Damaged(f"The colour profile's tag {signature.decode()} lies outside it.")
        data = profile[at : at + length]
        if data[:4] not in kinds:
            raise Unsupported(f"The colour profile's tag {signature.decode()} has another type.")
        tags[signature] = canonical(data)
    if not tags:
        raise Damaged("The colour profile holds no colours.")
    return tags


def _desc(text: str) -> bytes:
    """textDescriptionType of v2 (§6.5.17), its Unicode and ScriptCode parts empty."""
    words = text.encode("ascii") + b"\0"
    return b"desc" + bytes(4) + struct.pack(">I", len(words)) + words + bytes(4 + 4 + 2 + 1 + 67)


def _mluc(text: str) -> bytes:
    """multiLocalizedUnicodeType of v4 (§10.15) with one record."""
    words = text.encode("utf-16-be")
    return b"mluc" + bytes(4) + struct.pack(">II4sII", 1, 12, b"enUS", len(words), 28) + words
