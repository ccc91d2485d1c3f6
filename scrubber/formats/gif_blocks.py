"""Blocks of a GIF: introducers, and chains of sub-blocks (GIF89a §15, §16)."""

from __future__ import annotations

from typing import NamedTuple

from scrubber.errors import Damaged

EXTENSION, IMAGE, TRAILER = 0x21, 0x2C, 0x3B
CONTROL, COMMENT, PLAIN_TEXT, APPLICATION = 0xF9, 0xFE, 0x01, 0xFF


class Chain(NamedTuple):
    """The data of each sub-block, and where the chain ends, behind its terminator."""

    blocks: list[tuple[int, int]]
    end: int


def chain_at(data: bytes, at: int) -> Chain:
    """The chain that starts at `at`. Raises Damaged when it has no terminator."""
    blocks: list[tuple[int, int]] = []
    try:
        while size := data[at]:
            blocks.append((at + 1, at + 1 + size))
            at += 1 + size
    except IndexError as error:
        raise Damaged("The picture is cut off.", "A chain of blocks does not end.") from error
    return Chain(blocks, at + 1)


def read_chain(data: bytes, chain: Chain) -> bytes:
    """The data of all its blocks. Raises Damaged when there are none."""
    if not chain.blocks:
        raise Damaged("A frame has no data.")
    return b"".join([data[start:end] for start, end in chain.blocks])


def framed(data: bytes, size: int) -> bytes:
    """`data` as a chain of blocks of `size` bytes, of which the last may be shorter."""
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join([bytes((len(piece),)) + piece for piece in pieces]) + b"\0"
