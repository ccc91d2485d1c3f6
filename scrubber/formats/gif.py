"""GIF (GIF87a, GIF89a).

Kept: the screen, the colour tables (entries that no pixel uses are zero), each frame with its
control block, the loop count, a colour profile (made canonical), the trailer. Everything else
goes: comments, plain text, application blocks (XMP among them), reserved bits, a transparent
index that no flag announces, codes behind the last pixel, blocks behind the end code, bytes
behind the trailer. Blocks of picture data have one length, as encoders write them.

Content digest: SHA-256 over name, length (8 bytes) and data of `screen` (the first 13 bytes),
for each frame `control` (flags, delay, transparent index), `frame` (descriptor), `colours`
(its own table), `pixels` (minimum code size and codes up to the last pixel, with the end
code), and at the end `palette` (the global table). Unused colours count as zero, and so do
reserved bits. The profile's colours are the fact `profile`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.gif_blocks import (
    APPLICATION,
    COMMENT,
    CONTROL,
    EXTENSION,
    IMAGE,
    PLAIN_TEXT,
    TRAILER,
    Chain,
    chain_at,
    framed,
    read_chain,
)  # fmt: skip
from scrubber.formats.gif_coding import measure
from scrubber.formats.gif_extensions import application, credit_block, loop_of, spoken
from scrubber.formats.icc import canonical_profile, colour_digest
from scrubber.formats.png_chunks import trailer_of
from scrubber.ledger import ROOT, CreditSlot, Ledger
from scrubber.model import Role, Source

_MOST = 1 << 30  # bytes
_MAX_BLOCKS = 100_000


class _Control(NamedTuple):
    """A graphic control extension: where it stands, and its four bytes in canonical form."""

    start: int
    end: int
    data: bytes


@dataclass(slots=True)
class _Gif:
    ledger: Ledger
    data: bytes
    width: int = 0
    height: int = 0
    background: int | None = None
    palette: tuple[int, int] = (0, 0)
    used: bytearray = field(default_factory=lambda: bytearray(256))  # of the global table
    frames: int = 0
    controls: list[_Control] = field(default_factory=list)  # before the next frame
    instant: bool = False  # the last frame has no time of its own
    passing: bool = False  # and another one follows such a frame
    loop: int | None = None
    profile: bool = False
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def record(self, name: bytes, data: bytes) -> None:
        self.digest.update(name + len(data).to_bytes(8, "big") + data)

    def keep(self, name: str, start: int, canonical: bytes, end: int) -> None:
        """[start, end) stays if it is canonical already, else what is canonical replaces it."""
        if self.data[start:end] == canonical:
            self.ledger.leaf(ROOT, name, Role.CODED, start, end)
        else:
            self.ledger.leaf(
                ROOT, f"{name} (not canonical)", Role.PRIVATE, start, end,
                entity="HIDDEN_DATA", on_drop=canonical,
            )  # fmt: skip


class Gif:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        if source.size > _MOST:
            raise Unsupported(f"The picture has {source.size} bytes.")
        gif = _Gif(ledger, source.read(0, source.size))
        at, blocks = _screen(gif), 0
        ledger.credit = CreditSlot(at, credit_block)
        while at < source.size and gif.data[at] != TRAILER:
            at = _block(gif, at)
            blocks += 1
            if blocks > _MAX_BLOCKS:
                raise Unsupported(f"The picture has more than {_MAX_BLOCKS} blocks.")
        if not gif.frames:
            raise Damaged("The file has no picture.")
        _spare_controls(gif)
        if at < source.size:
            ledger.leaf(ROOT, "trailer", Role.FRAME, at, at + 1)
            _behind(gif, at + 1)
        _finish(gif)


def _screen(gif: _Gif) -> int:
    """Header, screen and where the global table stands (§17, §18). Returns what comes next."""
    data = gif.data
    if data[:6] not in (b"GIF87a", b"GIF89a") or len(data) < 13:
        raise Damaged("A GIF must start with its header.")
    gif.width, gif.height = (int.from_bytes(data[i : i + 2], "little") for i in (6, 8))
    flags = data[10] & 0xF7  # whether colours are sorted says nothing to a decoder
    gif.ledger.leaf(ROOT, "header", Role.CODED, 0, 10)
    gif.keep("screen flags", 10, bytes((flags,)), 11)
    gif.ledger.leaf(ROOT, "background and aspect", Role.CODED, 11, 13)
    gif.record(b"screen", data[:10] + bytes((flags,)) + data[11:13])
    if not flags & 0x80:
        return 13
    gif.background = data[11]
    gif.palette = (13, 13 + (6 << (flags & 7)))
    return gif.palette[1]


def _block(gif: _Gif, at: int) -> int:
    kind = gif.data[at]
    if kind == IMAGE:
        return _frame(gif, at)
    if kind != EXTENSION or at + 2 > len(gif.data):
        raise Damaged(f"No block of a GIF starts at offset {at}.")
    label, chain = gif.data[at + 1], chain_at(gif.data, at + 2)
    if label == CONTROL:
        _control(gif, at, chain)
    elif label == APPLICATION:
        _application(gif, at, chain)
    else:
        name, entity = {
            COMMENT: ("comment", "CAPTION"), PLAIN_TEXT: ("plain text", "CAPTION"),
        }.get(label, (f"extension 0x{label:02X}", "HIDDEN_DATA"))  # fmt: skip
        gif.ledger.leaf(
            ROOT, name, Role.PRIVATE, at, chain.end, entity=entity, describe=spoken(label)
        )
    return chain.end


# --- frames -----------------------------------------------------------------------------------


def _control(gif: _Gif, at: int, chain: Chain) -> None:
    """§23: flags, delay, transparent index; the index counts only with its flag."""
    if not chain.blocks or chain.blocks[0][1] - chain.blocks[0][0] < 4:
        raise Damaged(f"The control block at offset {at} is too short.")
    start = chain.blocks[0][0]
    flags = gif.data[start] & 0x1F
    index = gif.data[start + 3] if flags & 1 else 0
    data = bytes((flags, gif.data[start + 1], gif.data[start + 2], index))
    gif.controls.append(_Control(at, chain.end, data))


def _spare_controls(gif: _Gif) -> None:
    for control in gif.controls:
        gif.ledger.leaf(
            ROOT, "spare control", Role.PRIVATE, control.start, control.end, entity="TECHNICAL"
        )
    gif.controls.clear()


def _frame(gif: _Gif, at: int) -> int:
    """§20 to §22: a descriptor, perhaps a table, codes."""
    data = gif.data
    if at + 11 > len(data):
        raise Damaged("The last frame is cut off.")
    left, top, width, height = (
        int.from_bytes(data[i : i + 2], "little") for i in range(at + 1, at + 9, 2)
    )
    _placed(gif, left, top, width, height)
    gif.passing = gif.passing or gif.instant
    gif.instant = True  # until a control block gives it time
    gif.frames += 1
    name = f"frame {gif.frames}"
    transparent = _controlled(gif, name)
    own = data[at + 9] & 0x80
    flags = data[at + 9] & (0xC7 if own else 0x40)
    gif.ledger.leaf(ROOT, f"{name} place", Role.CODED, at, at + 9)
    gif.keep(f"{name} flags", at + 9, bytes((flags,)), at + 10)
    gif.record(b"frame", data[at + 1 : at + 9] + bytes((flags,)))
    start = at + 10 + (6 << (flags & 7) if own else 0)
    if start >= len(data):
        raise Damaged("The last frame is cut off.")
    chain = chain_at(data, start + 1)
    codes = read_chain(data, chain)
    measured = measure(codes, data[start], width * height)
    used = bytearray(measured.used.ljust(256, b"\0"))
    if transparent is not None:
        used[transparent] = 1
    if own:
        if gif.background is not None:
            used[gif.background] = 1  # some viewers clear to it through the frame's own table
        gif.record(b"colours", _table(gif, f"{name} colours", at + 10, start, used))
    else:
        gif.used = bytearray(a | b for a, b in zip(gif.used, used, strict=True))
    gif.record(b"pixels", data[start : start + 1] + measured.codes)
    _codes(gif, f"{name} pixels", start, chain, measured.codes)
    return chain.end


def _placed(gif: _Gif, left: int, top: int, width: int, height: int) -> None:
    """Viewers enlarge the screen for the first frame, and cut off all others."""
    if not width or not height:
        raise Unsupported("The picture has a frame without a size, which viewers read differently.")
    if gif.frames and (left + width > gif.width or top + height > gif.height):
        raise Unsupported(
            "A frame reaches beyond the picture, where most viewers do not show it.",
            fix="Export the animation as a new file.",
        )
    gif.width, gif.height = max(gif.width, left + width), max(gif.height, top + height)


def _controlled(gif: _Gif, name: str) -> int | None:
    """The control block of this frame. Returns its transparent index."""
    if not gif.controls:
        return None
    last = gif.controls.pop()
    if any(control.data != last.data for control in gif.controls):
        raise Unsupported("A frame has two control blocks that contradict each other.")
    _spare_controls(gif)
    canonical = bytes((EXTENSION, CONTROL, 4)) + last.data + b"\0"
    gif.keep(f"{name} control", last.start, canonical, last.end)
    gif.record(b"control", last.data)
    gif.instant = last.data[1:3] == bytes(2)
    return last.data[3] if last.data[0] & 1 else None


def _codes(gif: _Gif, name: str, start: int, chain: Chain, codes: bytes) -> None:
    """Codes as they stand up to where the canonical ones differ."""
    first = chain.blocks[0][1] - chain.blocks[0][0]
    canonical = gif.data[start : start + 1] + framed(codes, 254 if first == 254 else 255)
    old = gif.data[start : chain.end]
    if old == canonical:
        gif.ledger.leaf(ROOT, name, Role.CODED, start, chain.end)
        return
    low, high = 1, min(len(old), len(canonical))
    while low < high:  # the first byte that differs lies at `low` or behind it
        middle = (low + high + 1) // 2
        low, high = (middle, high) if old[:middle] == canonical[:middle] else (low, middle - 1)
    gif.ledger.leaf(ROOT, name, Role.CODED, start, start + low)
    gif.ledger.leaf(
        ROOT, f"{name} (end)", Role.PRIVATE, start + low, chain.end,
        entity="HIDDEN_DATA", on_drop=canonical[low:],
    )  # fmt: skip


def _table(gif: _Gif, name: str, start: int, end: int, used: bytearray) -> bytes:
    """A colour table (§19, §21). Returns it with unused entries zero."""
    if end > len(gif.data):
        raise Damaged("A colour table is cut off.")
    shown = bytearray(gif.data[start:end])
    runs: list[tuple[int, int, bool]] = []  # start, end, whether it goes
    for index in range(len(shown) // 3):
        at = 3 * index
        goes = not used[index] and any(shown[at : at + 3])
        if goes:
            shown[at : at + 3] = bytes(3)
        if runs and runs[-1][2] == goes:
            runs[-1] = (runs[-1][0], at + 3, goes)
        else:
            runs.append((at, at + 3, goes))
    for low, high, goes in runs:
        if goes:
            gif.ledger.leaf(
                ROOT, f"{name} (unused)", Role.PRIVATE, start + low, start + high,
                entity="HIDDEN_DATA", on_drop=bytes(high - low),
            )  # fmt: skip
        else:
            gif.ledger.leaf(ROOT, name, Role.CODED, start + low, start + high)
    return bytes(shown)


# --- application blocks -----------------------------------------------------------------------


def _application(gif: _Gif, at: int, chain: Chain) -> None:
    """§26. Two of them steer what is shown: the loop count and the colour profile."""
    data, ledger = gif.data, gif.ledger
    first = data[slice(*chain.blocks[0])] if chain.blocks else b""
    loop = loop_of(data, first, chain)
    if loop is not None:
        if gif.loop not in (None, loop):
            raise Unsupported("The picture has two loop counts.")
        if gif.loop is None:
            canonical = b"\x21\xff\x0b" + first + b"\x03\x01" + loop.to_bytes(2, "little") + b"\0"
            gif.keep("loop count", at, canonical, chain.end)
            gif.loop = loop
            return
    if first == b"ICCRGBG1012" and not gif.profile:
        profile = b"".join(data[start:end] for start, end in chain.blocks[1:])
        ledger.render(profile=colour_digest(profile))
        canonical = b"\x21\xff\x0b" + first + framed(canonical_profile(profile), 255)
        gif.profile = True
        if data[at : chain.end] == canonical:
            ledger.leaf(ROOT, "ICC_PROFILE", Role.DISPLAY, at, chain.end)
        else:
            ledger.leaf(
                ROOT, "ICC_PROFILE", Role.PRIVATE, at, chain.end,
                entity="COLOR_PROFILE", on_drop=canonical,
            )  # fmt: skip
        return
    application(ledger, data, at, chain, first)


def _behind(gif: _Gif, at: int) -> None:
    if at < len(gif.data):
        name, entity = trailer_of(gif.data[at : at + 32], gif.data[max(at, len(gif.data) - 4096) :])
        gif.ledger.leaf(ROOT, name, Role.PRIVATE, at, len(gif.data), entity=entity)


def _finish(gif: _Gif) -> None:
    ledger = gif.ledger
    if gif.background is not None:
        gif.used[gif.background] = 1
        gif.record(b"palette", _table(gif, "colours", *gif.palette, gif.used))
    facts = {} if gif.loop is None else {"loop": gif.loop}
    ledger.render(width=gif.width, height=gif.height, frames=gif.frames, **facts)
    digest = gif.digest.hexdigest()
    ledger.content = lambda _: digest
    ledger.not_checked += ["FACE", "TEXT_IN_IMAGE"]
    if gif.passing:  # what the next frame covers at once
        ledger.not_checked.append("HIDDEN_PIXELS")
