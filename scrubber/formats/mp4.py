"""MP4, M4A, QuickTime and 3GPP (ISO/IEC 14496-12, -14; QTFF; TS 26.244), also fragmented.

Kept: film and sound tracks with their samples, edit lists, colours, rotation and
what decoders need, and iTunes' gapless numbers. Everything else goes, with its
bytes in `mdat`: tags, times, names, other tracks (text, chapters, telemetry,
time code), messages in AVC, HEVC and AV1 pictures, and bytes that no sample has.

The content digest is over the samples of the kept tracks, in the order of the
file. Chunk offsets, sizes and fragments are mended, so nothing is re-ordered.
"""

from __future__ import annotations

from collections.abc import Iterator

from scrubber.errors import Damaged, Encrypted, Unsupported
from scrubber.formats.bmff import (
    Box,
    boxes,
    brands,
    open_box,
)
from scrubber.formats.mp4_credit import offer_credit
from scrubber.formats.mp4_fragments import claim_fragment
from scrubber.formats.mp4_movie import Movie, read_tracks
from scrubber.formats.mp4_render import render
from scrubber.formats.mp4_samples import Samples
from scrubber.formats.mp4_tree import LOCKED, chapters_of, claim_moov, claim_private
from scrubber.formats.mp4_words import (
    is_readable,
)
from scrubber.formats.words import Words
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Role, Source

BRANDS = {
    b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"avc1",
    b"mp41", b"mp42", b"M4A ", b"M4B ", b"M4V ", b"M4VH", b"M4VP", b"qt  ", b"3gp4", b"3gp5",
    b"3gp6", b"3gp7", b"3gp8", b"3gp9", b"3gr6", b"3gs6", b"3gg6", b"3g2a", b"3g2b", b"3g2c",
    b"dash", b"msdh", b"msix", b"cmfc", b"cmf2", b"hlsf", b"av01", b"dby1", b"hvc1", b"f4v ",
    b"mp71", b"MSNV", b"heic", b"mif1", b"miaf",
}  # fmt: skip


class Mp4:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        self._split(source, ledger, None)

    def split_words(self, source: Source, ledger: Ledger) -> None:
        """As `split`, but texts along the film, chapters and lyrics are passages."""
        words = Words(source)
        self._split(source, ledger, words)
        if words.rows:
            ledger.passages = words.passages

    def _split(self, source: Source, ledger: Ledger, words: Words | None) -> None:
        tops = list(_top(source, ledger))
        found = {box.kind: box for box in tops}
        if [box.kind for box in tops].count(b"moov") != 1:
            raise Damaged("The file has no description of a film, or two (moov).")
        movie = Movie(source, ledger, words=words)
        first = tops[0]
        movie.quicktime = first.kind != b"ftyp" or source.read(first.body, 4) == b"qt  "
        movie.payload = [(box.body, box.end) for box in tops if box.kind == b"mdat"]
        read_tracks(movie, found[b"moov"])
        _choose(movie)
        samples = Samples(movie)
        for box in tops:
            if box.kind in (b"ftyp", b"styp"):
                brands(ledger, source, box, BRANDS)
            elif box.kind == b"mdat" and box.end > box.body:
                open_box(ledger, ROOT, box)
            elif box.kind == b"moov":
                claim_moov(movie, samples, box)
            elif box.kind not in (b"moof",):
                claim_private(ledger, source, ROOT, box)
        for box in tops:
            if box.kind == b"moof":
                claim_fragment(movie, samples, box)
        samples.claim()
        render(movie)
        offer_credit(movie, found[b"moov"])


def _top(source: Source, ledger: Ledger) -> Iterator[Box]:
    """Boxes of the file; what follows the last whole one is a trailer."""
    end, seen = 0, set[bytes]()
    try:
        for box in boxes(source, 0, source.size):
            if box.kind in LOCKED:
                raise Encrypted("The film or recording is copy-protected.")
            end = box.end
            seen.add(box.kind)
            yield box
    except Damaged:
        if not {b"moov", b"mdat"} <= seen:
            raise
    if end < source.size:
        ledger.leaf(ROOT, "trailer", Role.PRIVATE, end, source.size, entity="TRAILER")


def _choose(movie: Movie) -> None:
    """Film and sound stay; not chapter pictures, nor what no player shows."""
    chapters = {
        number_
        for track in movie.tracks
        if "tref" in track.boxes
        for number_ in chapters_of(movie, track.boxes["tref"])
    }
    for track in movie.tracks:
        shown = track.enabled or track.alternate
        track.kept = (
            track.handler in (b"vide", b"soun") and bool(shown) and track.number not in chapters
        )
    if not any(track.kept for track in movie.tracks):
        raise Unsupported("The file holds neither film nor sound that a player would show.")
    kinds = {track.handler for track in movie.tracks if track.kept}
    for track in movie.tracks:
        track.words = is_readable(movie, track)
        track.kept = track.kept or track.words
    if b"vide" in kinds:
        movie.ledger.not_checked += ["FACE", "TEXT_IN_IMAGE"]
    if b"soun" in kinds:
        movie.ledger.not_checked.append("SPEECH")
