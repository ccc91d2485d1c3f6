"""Sequences of pictures in HEIF: every place where something can hide beside items and frames."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import av
import pytest
from heif_files import Entry, box, full, u32
from laws import assert_laws, clean
from PIL import Image, ImageSequence
from robustness import assert_robust
from sequence_files import ALPHA, Sequence, alpha, animated, coded_frames, colour, plain, with_items
from test_heif import PLANTED, XMP, exif_tree, obu, traces

from scrubber.errors import Encrypted, Held, Unsupported
from scrubber.formats.heif import Heif
from scrubber.readers.decoded import decoded_digest
from scrubber.readers.heif import read
from scrubber.source import MemorySource

FRAMES, CONFIG = coded_frames()


def noted(unit: bytes) -> tuple[bytes, ...]:
    """The frames of colour with a unit more in the first and the third."""
    return tuple(frame + unit * (index in (0, 2)) for index, frame in enumerate(FRAMES))


def shared_and_noted() -> Sequence:
    frames = noted(obu(5, b"\x04" + PLANTED))
    sequence = replace(with_items(), tracks=[colour(samples=frames, shared=True), alpha()])
    assert sequence.picture is not None
    sequence.picture.entries[0].data = frames[0]
    return sequence


def film(**changes: object) -> Sequence:
    return Sequence([colour(**changes), alpha()])


def with_track(
    handler: bytes, reference: bytes, code: bytes = b"av01", **changes: object
) -> Sequence:
    """One more track, which refers to the first."""
    samples = tuple(frame + PLANTED for frame in FRAMES)
    tref = box(b"tref", box(reference, u32(1))) if reference else b""
    track = colour(number=3, handler=handler, code=code, samples=samples, tref=tref)
    return Sequence([colour(), replace(track, **changes), alpha()])


def with_item(entry: Entry, kind: bytes = b"cdsc") -> Sequence:
    sequence = with_items()
    assert sequence.picture is not None
    sequence.picture.entries.append(entry)
    sequence.picture.references.append((kind, len(sequence.picture.entries), (1,)))
    return sequence


def depth_entry() -> bytes:
    return full(b"auxi", b"urn:mpeg:mpegB:cicp:systems:auxiliary:depth\0")


def beside_the_frames() -> Sequence:
    """Times and names of frames, as GIMI has them: their bytes stand in mdat."""
    saiz = full(b"saiz", b"suid", u32(0), b"\x0e", u32(4), flags=1)
    saio = full(b"saio", b"suid", u32(0), u32(1), u32(0), flags=1)
    return replace(film(in_stbl=saiz + saio), loose=PLANTED * 4)


PLACES: dict[str, Callable[[], Sequence]] = {
    "handler name": lambda: film(name=PLANTED + b"\0"),
    "behind the handler name": lambda: film(name=b"\0" + PLANTED),
    "times of the track": lambda: film(times=PLANTED[:8]),
    "times of the film": lambda: replace(plain(), times=PLANTED[:8]),
    "vendor of the coding": lambda: film(vendor=PLANTED.ljust(16, b"\0")),
    "name of the coding": lambda: film(compressor=PLANTED.ljust(32, b"\0")),
    "user data of the track": lambda: film(in_trak=box(b"udta", box(b"\xa9cmt", PLANTED))),
    "items of the track": lambda: film(
        in_trak=full(b"meta", full(b"hdlr", bytes(4), b"pict", bytes(12), PLANTED + b"\0"))
    ),
    "user data of the film": lambda: replace(plain(), in_moov=box(b"udta", box(b"name", PLANTED))),
    "uuid box in the film": lambda: replace(plain(), in_moov=box(b"uuid", bytes(16), PLANTED)),
    "free box in a table": lambda: film(in_stbl=box(b"free", PLANTED)),
    "unknown box in the coding": lambda: film(in_entry=box(b"zzzz", PLANTED)),
    "behind the constraints": lambda: film(in_entry=full(b"ccst", b"\x7c\0\0\0", PLANTED)),
    "reserved bits": lambda: film(in_entry=full(b"ccst", b"\x7fPLA")),
    "flags of the constraints": lambda: film(in_entry=box(b"ccst", b"PLAN\x7c\0\0\0")),
    "behind the type of transparency": lambda: Sequence(
        [colour(), alpha(in_entry=full(b"auxi", ALPHA + b"\0" + PLANTED))]
    ),
    "flags of the type": lambda: Sequence(
        [colour(), alpha(in_entry=box(b"auxi", b"PLAN", ALPHA + b"\0"))]
    ),
    "reference to other things": lambda: film(tref=box(b"tref", box(b"cdsc", PLANTED[:4]))),
    "two references": lambda: Sequence(
        [colour(), alpha(tref=box(b"tref", box(b"auxl", u32(1)), box(b"cdsc", PLANTED[:4])))]
    ),
    "a reference of another kind": lambda: Sequence(
        [colour(), alpha(tref=box(b"tref", box(b"auxl", u32(1)), box(b"PLAN", u32(1))))]
    ),
    "thumbnails": lambda: with_track(b"pict", b"thmb"),
    "depth": lambda: with_track(b"auxv", b"auxl", in_entry=depth_entry()),
    "auxiliary without a type": lambda: with_track(b"auxv", b"auxl", in_entry=b""),
    "auxiliary without a master": lambda: with_track(
        b"auxv", b"", in_entry=full(b"auxi", ALPHA + b"\0")
    ),
    "hidden track": lambda: with_track(b"pict", b"", flags=0),
    "track of data": lambda: with_track(b"meta", b"cdsc", code=b"mett"),
    "metadata OBU in frames": lambda: film(samples=noted(obu(5, b"\x04" + PLANTED))),
    "padding OBU in frames": lambda: film(samples=noted(obu(15, PLANTED))),
    "metadata OBU in a frame that is a picture": shared_and_noted,
    "names of frames": beside_the_frames,
    "Exif item": lambda: with_item(Entry(b"Exif", exif_tree())),
    "XMP item": lambda: with_item(Entry(b"mime", XMP, more=b"application/rdf+xml\0")),
    "thumbnail item": lambda: with_item(
        Entry(b"av01", FRAMES[0] + obu(15, PLANTED), properties=(1, 3)), b"thmb"
    ),
    "item name": lambda: _named(with_items()),
    "bytes of mdat that nothing has": lambda: replace(with_items(), loose=PLANTED),
    "the same without items": lambda: replace(plain(), loose=PLANTED),
    "film before its description": lambda: replace(plain(), loose=PLANTED, first=True),
    "free box": lambda: replace(with_items(), between=box(b"free", PLANTED)),
    "second mdat": lambda: replace(with_items(), after=box(b"mdat", PLANTED)),
    "trailer": lambda: replace(with_items(), after=PLANTED),
    "vendor's brand": lambda: replace(plain(), brands=b"avismsf1" + PLANTED[:12]),
    "items without a first one": lambda: replace(
        plain(), between=full(b"meta", full(b"hdlr", bytes(4), b"pict", bytes(12), PLANTED))
    ),
}


def _named(sequence: Sequence) -> Sequence:
    assert sequence.picture is not None
    sequence.picture.entries[1].name = PLANTED
    return sequence


def shown(data: bytes) -> list[list[tuple[int | None, bytes]]]:
    """Times and pixels of the frames of each track or item that has four or one of them."""
    tracks = []
    with av.open(io.BytesIO(data), format="mov") as container:
        count = len(container.streams.video)
    for index in range(count):
        with av.open(io.BytesIO(data), format="mov") as container:
            frames = container.decode(video=index)
            tracks.append([(f.pts, f.to_ndarray().tobytes()) for f in frames])
    return tracks


COLOUR, ALPHA_FRAMES = shown(plain().build())


@pytest.mark.parametrize("place", PLACES)
def test_nothing_hides(place: str) -> None:
    sequence = PLACES[place]()
    data = sequence.build()
    assert traces(data) or b"PLA" in data
    output = assert_laws(Heif(), read, data)
    assert not traces(output)
    assert b"PLA" not in output
    kept = [track for track in shown(output) if len(track) > 1]
    assert kept == ([COLOUR, ALPHA_FRAMES] if "auxv" in str(sequence.tracks) else [COLOUR])
    if sequence.picture is not None:
        with Image.open(io.BytesIO(output)) as picture:
            assert picture.size == (64, 48)


@pytest.mark.parametrize("make", [plain, with_items])
def test_a_clean_one_stays_as_it_is(make: Callable[[], Sequence]) -> None:
    data = make().build()
    assert clean(Heif(), data) == data
    assert read(MemorySource(data)).leftovers == ()


@pytest.mark.parametrize("place", PLACES)
def test_the_second_reader_sees_what_is_left(place: str) -> None:
    try:
        assert read(MemorySource(PLACES[place]().build())).leftovers
    except Held:
        pass  # it may also refuse to follow the file


def test_what_a_browser_shows_stays() -> None:
    def frames(data: bytes) -> list[bytes]:
        with Image.open(io.BytesIO(data)) as picture:
            return [frame.convert("RGBA").tobytes() for frame in ImageSequence.Iterator(picture)]

    output = assert_laws(Heif(), read, animated())
    assert frames(output) == frames(animated())
    assert len(set(frames(output))) == 4


def test_a_frame_that_is_a_picture_stays_once() -> None:
    data = shared_and_noted().build()
    output = assert_laws(Heif(), read, data)
    assert output.count(FRAMES[0]) == 1
    with Image.open(io.BytesIO(output)) as after, Image.open(io.BytesIO(data)) as before:
        assert after.tobytes() == before.tobytes()


def test_another_picture_of_a_burst_goes_and_its_frame_stays() -> None:
    """A second item, not the primary one, is the bytes of a frame of the film."""
    sequence = with_items()
    assert sequence.picture is not None
    sequence.picture.entries.append(Entry(b"av01", FRAMES[1], properties=(1, 2, 3, 4)))
    data = sequence.build()
    at = data.index(b"iloc") + 4 + 4 + 4 + 2 * 16 + 8  # the offset of the third item
    item = data.index(FRAMES[1], data.index(b"moov"))
    places = [item, data.index(FRAMES[1], item + 1)]
    shared = data[:at] + u32(places[1]) + data[at + 4 :]
    output = assert_laws(Heif(), read, shared)
    assert output.count(b"infe") == 2
    assert output.count(FRAMES[1]) == 1
    assert [track for track in shown(output) if len(track) > 1] == [COLOUR, ALPHA_FRAMES]


HELD: dict[str, tuple[Callable[[], Sequence], type[Held]]] = {
    "fragments": (lambda: replace(plain(), in_moov=box(b"mvex")), Unsupported),
    "two films": (lambda: replace(plain(), after=box(b"moov")), Unsupported),
    "a film that is not announced": (lambda: replace(plain(), brands=b"avifmif1"), Unsupported),
    "nothing that is shown": (lambda: Sequence([colour(flags=0)]), Unsupported),
    "samples that are protected": (
        lambda: film(in_stbl=full(b"saiz", b"cenc", u32(0), b"\x08", u32(4), flags=1)),
        Encrypted,
    ),
    "another coding": (lambda: film(code=b"vvc1"), Unsupported),
    "transparency of two": (
        lambda: Sequence([colour(), alpha(tref=box(b"tref", box(b"auxl", u32(1), u32(9))))]),
        Unsupported,
    ),
    "samples in another file": (lambda: film(url=full(b"url ", PLANTED + b"\0")), Unsupported),
}


@pytest.mark.parametrize("case", HELD)
def test_what_cannot_be_followed_is_held(case: str) -> None:
    make, error = HELD[case]
    data = make().build()
    if "announced" in case:
        data = data.replace(b"ftypavis", b"ftypavif")
    with pytest.raises(error):
        clean(Heif(), data)


def test_a_picture_and_a_frame_share_all_bytes_or_none() -> None:
    data = with_items().build()
    at = data.index(b"iloc") + 4 + 4 + 4 + 12  # the length of the first item
    size = int.from_bytes(data[at : at + 4], "big")
    with pytest.raises(Unsupported, match="share"):
        clean(Heif(), data[:at] + u32(size - 4) + data[at + 4 :])


def test_a_picture_and_a_frame_are_coded_alike() -> None:
    sequence = with_items()
    sequence.tracks[0] = colour(shared=True, code=b"vp09")
    with pytest.raises(Unsupported, match="codings"):
        clean(Heif(), sequence.build())


def test_frames_of_hevc_lose_the_settings_of_their_encoder() -> None:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx265", rate=5, options={"x265-params": "log-level=0"})
        stream.width, stream.height, stream.pix_fmt, stream.codec_tag = 64, 48, "yuv420p", "hvc1"
        for index in range(3):
            picture = Image.radial_gradient("L").resize((64, 48)).rotate(index * 30).convert("RGB")
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode())
    data = out.getvalue()
    at = data.index(b"ftyp")
    size = int.from_bytes(data[at - 4 : at], "big")
    brands = b"hevc" + bytes(4) + (b"msf1hevc" + b"iso8" * 8)[: size - 16]
    data = data[:at] + b"ftyp" + brands + data[at - 4 + size :]
    handler = data.index(b"hdlr") + 12
    data = data[:handler] + b"pict" + data[handler + 4 :]
    assert b"x265" in data
    output = assert_laws(Heif(), read, data)
    assert b"x265" not in output
    assert shown(output) == shown(data)


@pytest.mark.parametrize("make", [plain, with_items, shared_and_noted])
def test_verify_decodes_the_frames(make: Callable[[], Sequence]) -> None:
    data = make().build()
    before = decoded_digest("avif", MemorySource(data))
    assert before == decoded_digest("avif", MemorySource(clean(Heif(), data)))
    later = data.replace(u32(1) + u32(200), u32(1) + u32(150))
    assert before != decoded_digest("avif", MemorySource(later))
    fewer = replace(make(), tracks=[colour(samples=(*FRAMES[:3], FRAMES[2]))], picture=None)
    assert before != decoded_digest("avif", MemorySource(fewer.build()))


def test_any_damage_ends_in_a_reason() -> None:
    assert_robust(Heif(), read, shared_and_noted().build(), seed=3, n=150, prefixes=60)


@pytest.mark.slow
@pytest.mark.parametrize("make", [plain, with_items, beside_the_frames])
def test_more_damage(make: Callable[[], Sequence]) -> None:
    assert_robust(Heif(), read, make().build(), seed=5, n=2000)


def test_a_credit_finds_its_place() -> None:
    from scrubber.formats.heif import Heif as Form
    from scrubber.ledger import Ledger

    data = with_item(Entry(b"Exif", exif_tree())).build()
    ledger = Ledger(len(data))
    Form().split(MemorySource(data), ledger)
    assert ledger.credit is not None
