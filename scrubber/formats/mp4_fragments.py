"""Fragments of a film (ISO/IEC 14496-12 §8.8): where their samples lie, and what moves."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

from scrubber.errors import Damaged, Encrypted, Unsupported
from scrubber.formats.bmff import Box, boxes, number, open_box, version_and_flags
from scrubber.formats.mp4_extent import claim_table
from scrubber.formats.mp4_movie import Movie, Track, integers
from scrubber.formats.mp4_samples import Samples
from scrubber.ledger import ROOT, PartId
from scrubber.model import Role

_KEPT = {b"tfdt", b"sbgp", b"sgpd", b"sdtp"}


@dataclass(slots=True)
class _Fragment:
    moof: Box
    base: int
    following: int  # where the next run starts unless it says so
    size: int = 0
    track: Track | None = None


def claim_fragment(movie: Movie, samples: Samples, moof: Box) -> None:
    """Claims one `moof`. Fragments of tracks that go, go with their samples."""
    ledger, source = movie.ledger, movie.source
    part = open_box(ledger, ROOT, moof)
    fragment = _Fragment(moof, moof.at, moof.at)
    for box in boxes(source, moof.body, moof.end):
        if box.kind == b"mfhd":
            claim_table(ledger, source, part, box)
        elif box.kind == b"traf":
            _track(movie, samples, fragment, part, box)
        else:
            ledger.leaf(part, box.name, Role.PRIVATE, box.at, box.end, entity="HIDDEN_DATA")


def _track(movie: Movie, samples: Samples, fragment: _Fragment, parent: PartId, traf: Box) -> None:
    ledger, source = movie.ledger, movie.source
    inside = list(boxes(source, traf.body, traf.end))
    if not inside or inside[0].kind != b"tfhd":
        raise Damaged("A fragment does not start with its header (tfhd).")
    track = movie.track(number(source, inside[0].body + 4, 4))
    fragment.track = track
    part = open_box(ledger, parent, traf) if track.kept else 0
    if not track.kept:
        ledger.claim(track.part, traf.at, traf.end)
    counted = sum(number(source, box.body + 4, 4) for box in inside if box.kind == b"trun")
    for box in inside:
        if box.kind == b"tfhd":
            _header(movie, fragment, part, box)
        elif box.kind == b"trun":
            _run(movie, samples, fragment, part, box)
        elif box.kind in (b"senc", b"saiz", b"saio"):
            raise Encrypted("The film or recording is copy-protected.")
        elif not track.kept:
            continue
        elif box.kind in _KEPT:
            claim_table(ledger, source, part, box, counted)
        else:
            ledger.leaf(part, box.name, Role.PRIVATE, box.at, box.end, entity="HIDDEN_DATA")


def _header(movie: Movie, fragment: _Fragment, part: PartId, box: Box) -> None:
    """§8.8.7."""
    ledger, source = movie.ledger, movie.source
    track = fragment.track
    assert track is not None
    _, flags = version_and_flags(source, box)
    if track.kept:
        claim_table(ledger, source, part, box)
    at = box.body + 8
    fragment.size = movie.sample_sizes.get(track.number, 0)
    if flags & 1:
        fragment.base = fragment.following = number(source, at, 8)
        ledger.offset(at, 8, "big", 0, fragment.base)
        at += 8
    elif flags & 0x20000:
        fragment.base = fragment.following = fragment.moof.at
    else:
        fragment.base = fragment.following
    at += 4 * bool(flags & 2) + 4 * bool(flags & 8)
    if flags & 0x10:
        fragment.size = number(source, at, 4)
        at += 4
    at += 4 * bool(flags & 0x20)
    if at > box.end:
        raise Damaged("The header of a fragment is cut off.")


def _run(movie: Movie, samples: Samples, fragment: _Fragment, part: PartId, box: Box) -> None:
    """§8.8.8."""
    ledger, source = movie.ledger, movie.source
    track = fragment.track
    assert track is not None
    _, flags = version_and_flags(source, box)
    count, at = number(source, box.body + 4, 4), box.body + 8
    start = fragment.following
    if track.kept:
        claim_table(ledger, source, part, box)
    if flags & 1:
        raw = number(source, at, 4)
        start = fragment.base + (raw - (1 << 32) if raw >> 31 else raw)
        ledger.offset(at, 4, "big", fragment.base, start)
        at += 4
    at += 4 * bool(flags & 4)
    fields = sum(bool(flags & bit) for bit in (0x100, 0x200, 0x400, 0x800))
    if at + 4 * fields * count > box.end:
        raise Damaged("A run of samples (trun) is cut off.")
    if not flags & 0x200:
        sizes = [fragment.size] * min(count, 1 << 24)
        if not fragment.size and count:
            raise Damaged("A fragment states no sample sizes.")
        place = None
    else:
        rows = integers(source.read(at, 4 * fields * count), 4)
        first = int(bool(flags & 0x100))
        sizes = rows[first::fields].tolist()
        place = (at + 4 * first, 4 * fields)
    end = start + sum(sizes)
    track.runs.append((start, end))
    fragment.following = end
    if track.kept:
        removed = samples.look_into(track, track.entries[0], start, sizes)
        if removed and place is None:
            raise Unsupported("A message in the film cannot go: its fragments have one size.")
        for index, size in removed.items():
            if place is not None:
                position = place[0] + place[1] * index
                ledger.mend(position, 4, functools.partial(_smaller, samples.part_of(track), size))


def _smaller(part: PartId, size: int, alive: Callable[[PartId], bool], old: bytes) -> bytes:
    if alive(part):
        return old
    return (int.from_bytes(old, "big") - size).to_bytes(4, "big")
