"""Matroska, WebM: every place where something can hide, and the same film afterwards."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from laws import assert_laws, clean, ledger_of
from matroska_files import CUE, Edit, after, bodies, change, el, mkv, parts, played, unsized
from mp4_files import film
from PIL import Image
from robustness import assert_robust

from scrubber.errors import Damaged, Encrypted, Held, Unsupported
from scrubber.formats.matroska import Matroska
from scrubber.identify import identify
from scrubber.readers.matroska import read
from scrubber.source import MemorySource

PLANTED = b"PLANTED-7f3a91"
TRACK = "Segment/Tracks/TrackEntry"
VIDEO, AUDIO = 1, 2


def cover() -> bytes:
    exif = Image.Exif()
    exif[0x013B] = PLANTED.decode()
    out = io.BytesIO()
    Image.new("RGB", (16, 16)).save(out, "JPEG", exif=exif.tobytes())
    return out.getvalue()


def tag(name: bytes, value: bytes) -> bytes:
    return el("Tags", el(0x7373, el(0x63C0), el(0x67C8, el(0x45A3, name), el(0x4487, value))))


def chapters(ordered: int = 0) -> bytes:
    atom = el(0xB6, el(0x73C4, b"\7"), el(0x91, b"\0"), el(0x80, el(0x85, PLANTED)))
    return el("Chapters", el(0x45B9, el(0x45DD, bytes([ordered])), atom))


def attachment(name: bytes, kind: bytes, data: bytes) -> bytes:
    return el(
        "Attachments",
        el(0x61A7, el(0x466E, name), el(0x4660, kind), el(0x46AE, b"\7"), el(0x465C, data)),
    )


def track(number: int, kind: int, codec: bytes, *more: bytes) -> bytes:
    return el(
        "TrackEntry", el(0xD7, bytes([number])), el(0x73C5, PLANTED[:8]),
        el(0x83, bytes([kind])), el(0x86, codec), *more,
    )  # fmt: skip


def block(number: int, payload: bytes, flags: int = 0x80) -> bytes:
    return bytes([0x80 | number]) + b"\0\1" + bytes([flags]) + payload


def with_subtitles(data: bytes) -> bytes:
    """A third track, with a block among the others and a cluster and a cue of its own."""
    data = after("Segment/Tracks", track(3, 17, b"S_TEXT/UTF8", el(0x536E, PLANTED)))(data)
    group = el("BlockGroup", el("Block", block(3, PLANTED)), el(0x9B, b"\x64"))
    data = after("Segment/Cluster", group, el("SimpleBlock", block(3, PLANTED)))(data)
    own = el("Cluster", el(0xE7, b"\x7f"), el("SimpleBlock", block(3, PLANTED)))
    return after("Segment", own)(data)


def in_avc(data: bytes) -> bytes:
    """A message in every picture of the film: SEI of a sort of its own."""
    sei = b"\x06\x05" + bytes([16 + len(PLANTED)]) + bytes(16) + PLANTED + b"\x80"
    unit = len(sei).to_bytes(4, "big") + sei

    def edit(body: bytes) -> bytes:
        return body[:4] + unit + body[4:] if body[0] == 0x81 else body

    return change(data, "Segment/Cluster/SimpleBlock", edit, every=True)


def grouped(*more: bytes, number: int = VIDEO) -> Edit:
    """The first block of a track stands in a group, beside `more`."""

    def edit(data: bytes) -> bytes:
        out, done = b"", False
        for name, body in parts(data):
            if name == 0xA3 and body[0] == 0x80 | number and not done:
                done = True
                plain = body[:3] + bytes([body[3] & 0x7F]) + body[4:]
                out += el("BlockGroup", el("Block", plain), *more)
            else:
                out += el(name, body)
        assert done
        return out

    return lambda data: change(data, "Segment/Cluster", edit)


def comments(data: bytes) -> bytes:
    """The comment header in the CodecPrivate of Vorbis, with a comment of more than 255 bytes."""

    def edit(body: bytes) -> bytes:
        if body[:1] != b"\2":
            return body
        first, second = body[1], body[2]
        head, rest = body[3 : 3 + first], body[3 + first + second :]
        row = b"ARTIST=" + PLANTED + bytes(300)
        text = b"\3vorbis" + len(PLANTED).to_bytes(4, "little") + PLANTED + b"\1\0\0\0"
        text += len(row).to_bytes(4, "little") + row + b"\1"
        size = b"\xff" * (len(text) // 255) + bytes([len(text) % 255])
        return b"\2" + bytes([first]) + size + head + text + rest

    return change(data, f"{TRACK}/CodecPrivate", edit, every=True)


def cue(*more: bytes, time: bytes = b"\0", number: int = 1, at: bytes = b"") -> bytes:
    place = el(0xF7, bytes([number])) + el(0xF1, at or PLANTED[:8])
    return el("CuePoint", el(0xB3, time), el("CueTrackPositions", place, *more))


def into(path: str, value: bytes) -> Edit:
    return lambda data: change(data, path, lambda body: value)


def video(*more: bytes) -> Edit:
    return after(f"{TRACK}/Video", *more)


HIDDEN = el(0x4F4F, PLANTED)  # no standard names it
VOID = el("Void", PLANTED)
PLACES: dict[str, Edit] = {
    "title": after("Segment/Info", el(0x7BA9, PLANTED)),
    "segment's id": after("Segment/Info", el(0x73A4, PLANTED)),
    "segment's file name": after("Segment/Info", el(0x7384, PLANTED)),
    "previous segment": after("Segment/Info", el(0x3CB923, PLANTED), el(0x3C83AB, PLANTED)),
    "next segment": after("Segment/Info", el(0x3EB923, PLANTED), el(0x3E83BB, PLANTED)),
    "family": after("Segment/Info", el(0x4444, PLANTED), el(0x6924, el(0x69FC, PLANTED))),
    "date": after("Segment/Info", el(0x4461, PLANTED[:8])),
    "muxer": into("Segment/Info/MuxingApp", PLANTED),
    "program": into("Segment/Info/WritingApp", PLANTED),
    "Void in Info": after("Segment/Info", VOID),
    "checksum in Info": after("Segment/Info", el(0xBF, PLANTED[:4])),
    "unknown in Info": after("Segment/Info", HIDDEN),
    "unknown in the header": after("EBML", HIDDEN),
    "extension of the header": after("EBML", el(0x4281, el(0x4283, PLANTED), el(0x4284, b"\1"))),
    "Void behind the header": lambda data: el("EBML", bodies(data, "EBML")[0]) + VOID
    + el("Segment", bodies(data, "Segment")[0]),
    "trailer": lambda data: data + PLANTED,
    "elements behind the Segment": lambda data: data + VOID + HIDDEN,
    "name of a track": after(TRACK, el(0x536E, PLANTED)),
    "name of a codec": after(TRACK, el(0x258688, PLANTED)),
    "settings of a codec": after(TRACK, el(0x3A9697, PLANTED), el(0x3B4040, PLANTED)),
    "link to an attachment": after(TRACK, el(0x7446, PLANTED[:8])),
    "caches of a track": after(TRACK, el(0x6DE7, PLANTED[:8]), el(0x6DF8, PLANTED[:8])),
    "id of a track": into(f"{TRACK}/TrackUID", PLANTED[:8]),
    "language that is none": into(f"{TRACK}/Language", PLANTED),
    "second language that is none": after(TRACK, el(0x22B59D, b"en-x-" + PLANTED)),
    "unknown in a track": after(TRACK, HIDDEN),
    "Void in a track": after(TRACK, VOID),
    "mapping of side data": after(TRACK, el(0x41E4, el(0x41A4, PLANTED), el(0x41E7, b"\4"))),
    "unknown in Video": video(HIDDEN),
    "unknown in Colour": video(el("Colour", el(0x55B1, b"\1"), HIDDEN)),
    "FourCC that is none": video(el(0x2EB524, PLANTED)),
    "behind the parameter sets": after(f"{TRACK}/CodecPrivate", PLANTED),
    "comments of Vorbis": comments,
    "tags": after("Segment", tag(b"ARTIST", PLANTED)),
    "tag with a name": after("Segment", tag(PLANTED, b"x")),
    "chapters": after("Segment", chapters()),
    "cover": after("Segment", attachment(b"cover.jpg", b"image/jpeg", cover())),
    "attached file": after("Segment", attachment(PLANTED, b"text/plain", PLANTED)),
    "Void in the Segment": after("Segment", VOID),
    "unknown in the Segment": after("Segment", HIDDEN),
    "an empty cluster": after("Segment", el("Cluster", el(0xE7, b"\7"), VOID)),
    "Void in a cluster": after("Segment/Cluster", VOID),
    "unknown in a cluster": after("Segment/Cluster", HIDDEN),
    "position of a cluster": after("Segment/Cluster", el(0xA7, PLANTED[:8])),
    "size of the one before": after("Segment/Cluster", el(0xAB, PLANTED[:8])),
    "silent tracks": after("Segment/Cluster", el(0x5854, el(0x58D7, PLANTED[:8]))),
    "blocks of no track": after("Segment/Cluster", el("SimpleBlock", block(9, PLANTED))),
    "unknown in a group": grouped(HIDDEN),
    "virtual block": grouped(el(0xA2, PLANTED), VOID),
    "slices": grouped(el(0x8E, el(0xE8, el(0xCC, PLANTED[:8])))),
    "side data": grouped(el("BlockAdditions", el(0xA6, el(0xEE, b"\4"), el(0xA5, PLANTED)))),
    "side data without a number": grouped(el("BlockAdditions", el(0xA6, el(0xA5, PLANTED)))),
    "message in the pictures": in_avc,
    "subtitles": with_subtitles,
    "unknown in the index": after("Segment/Cues", HIDDEN),
    "cue to nowhere": after("Segment/Cues", cue()),
    "time of a cue": lambda data: after("Segment/Cues", cue(
        time=PLANTED[:8], at=bodies(data, f"{CUE}/CueClusterPosition")[0],
    ))(data),
    "references in a cue": after(CUE, el(0xDB, el(0x96, PLANTED[:8])), el(0x5378, PLANTED[:8])),
    "place in a cluster": into(f"{CUE}/CueRelativePosition", PLANTED[:8]),
    "duration of a cue": after(CUE, el(0xB2, PLANTED[:8])),
    "seek to nowhere": after("Segment/SeekHead", el("Seek",
        el(0x53AB, b"\x15\x49\xa9\x66"), el(0x53AC, PLANTED[:8]))),
    "unknown in SeekHead": after("Segment/SeekHead", HIDDEN, el("Seek", HIDDEN)),
}  # fmt: skip


def traces(data: bytes) -> bool:
    forms = (PLANTED[:4], PLANTED.decode().encode("utf-16-be"))
    return any(form in data for form in forms)


@pytest.mark.parametrize("place", PLACES)
def test_nothing_hides(place: str) -> None:
    data = PLACES[place](mkv())
    assert traces(data)
    output = assert_laws(Matroska(), read, data)
    assert not traces(output)
    for maker in (b"x264", b"Lavf", b"Lavc"):
        assert maker not in output
    assert played(output) == played(mkv())


@pytest.mark.parametrize("place", PLACES)
def test_the_second_reader_sees_what_is_left(place: str) -> None:
    try:
        assert read(MemorySource(PLACES[place](mkv()))).leftovers
    except Held:
        pass  # it may also refuse to follow the file


@pytest.mark.parametrize("place", PLACES)
def test_the_second_reader_sees_it_in_an_otherwise_clean_file(place: str) -> None:
    """What a faulty writer would leave behind, alone."""
    try:
        data = PLACES[place](clean(Matroska(), mkv()))
        assert traces(data)
        assert read(MemorySource(data)).leftovers
    except Held:
        pass


CODINGS = [
    ("libx264", "aac", "matroska"),
    ("libx265", "flac", "matroska"),
    ("libsvtav1", "libopus", "matroska"),
    ("libvpx", "vorbis", "webm"),
    ("libvpx-vp9", "libopus", "webm"),
    ("mpeg4", "ac3", "matroska"),
    ("mpeg2video", "mp2", "matroska"),
    ("mpeg1video", "libmp3lame", "matroska"),
    ("ffv1", "pcm_s16le", "matroska"),
    ("prores_ks", "alac", "matroska"),
    ("", "eac3", "matroska"),
    ("", "wavpack", "matroska"),
    ("", "tta", "matroska"),
    ("", "pcm_f32le", "matroska"),
    ("", "libopus", "webm"),
]


@pytest.mark.parametrize("coding", CODINGS, ids=lambda row: "-".join(filter(None, row)))
def test_every_coding_plays_the_same(coding: tuple[str, str, str]) -> None:
    try:
        data = film(*coding)
    except (ValueError, OSError) as error:  # an encoder that this build of FFmpeg lacks
        pytest.skip(str(error))
    output = assert_laws(Matroska(), read, data)
    assert played(output) == played(data)
    for maker in (b"x264", b"x265", b"Lavf"):
        assert maker not in output
    if "aac" in coding:
        assert b"Lavc" in data
        assert b"Lavc" not in output
        named = output.replace(b"\xde\x02\0" + bytes(13), b"\xde\x02\0" + b"PLANTED words")
        assert read(MemorySource(named)).leftovers == ("a message in track 2",)
    assert identify(MemorySource(output)).container.name == {"webm": "webm"}.get(coding[2], "mkv")


TOLD = {  # what PyAV cannot encode
    "theora and vorbis": "-c:v libtheora -c:a libvorbis",
    "huffyuv and mp2": "-c:v huffyuv -c:a mp2",
    "raw and 24 bits": "-c:v rawvideo -pix_fmt yuv420p -c:a pcm_s24le",
    "interlaced, TrueHD": "-c:v libx264 -flags +ildct -x264opts tff=1 -c:a truehd -strict -2",
    "index before the film": "-c:v libx264 -c:a dca -strict -2 -cues_to_front 1",
    "live": "-c:v libvpx -c:a libopus -live 1 -cluster_time_limit 100",
    "transparency": "-pix_fmt yuva420p -c:v libvpx-vp9 -c:a libopus",
    "HDR": "-pix_fmt yuv420p10le -c:v libx265 -c:a flac -color_primaries bt2020 -x265-params "
    "log-level=0:master-display=G(1,2)B(3,4)R(5,6)WP(7,8)L(90,1):max-cll=10,9",
}


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="needs FFmpeg")
@pytest.mark.parametrize("case", TOLD)
def test_files_of_ffmpeg(case: str, tmp_path: Path) -> None:
    sources = [
        *("-f", "lavfi", "-i", "testsrc2=s=64x48:d=0.5", "-f", "lavfi", "-i", "sine=d=0.5"),
    ]
    made = subprocess.run(
        ["ffmpeg", "-v", "error", *sources, *TOLD[case].split(), "out.mkv"],
        cwd=tmp_path, check=False, capture_output=True, text=True,
    )  # fmt: skip
    if made.returncode:
        pytest.skip(made.stderr.splitlines()[0])
    data = (tmp_path / "out.mkv").read_bytes()
    output = assert_laws(Matroska(), read, data)
    assert b"Lavf" not in output
    assert played(output) == played(data)


@pytest.mark.parametrize("coding", [("libx264", "aac"), ("libvpx", "vorbis")])
def test_a_live_stream_without_sizes(coding: tuple[str, str]) -> None:
    data = unsized(with_subtitles(mkv(*coding)))
    output = assert_laws(Matroska(), read, data)
    assert not traces(output)
    assert played(output) == played(mkv(*coding))
    assert output.count(b"\x1f\x43\xb6\x75\x01" + b"\xff" * 7) == len(
        bodies(mkv(*coding), "Segment/Cluster")
    )


@pytest.mark.slow
def test_many_clusters_without_sizes() -> None:
    audio = el("Audio", el(0xB5, b"\x46\xfa\0\0"), el(0x9F, b"\1"), el(0x6264, b"\x10"))
    tracks = el("Tracks", track(1, 2, b"A_PCM/INT/LIT", audio))
    header, segment = [body for _, body in parts(mkv())]
    info = next(el("Info", body) for number, body in parts(segment) if number == 0x1549A966)
    clusters = [
        el(
            "Cluster",
            el(0xE7, bytes([n >> 8, n & 255])),
            el("SimpleBlock", block(1, b"ab")),
            wide=0,
        )
        for n in range(3000)
    ]
    data = el("EBML", header) + el("Segment", info, tracks, *clusters, wide=0)
    output = assert_laws(Matroska(), read, data, surgeries=4)
    assert output.count(b"ab") >= 3000


def test_a_language_that_is_none_does_not_become_english() -> None:
    output = clean(Matroska(), into(f"{TRACK}/Language", PLANTED)(mkv()))
    assert bodies(output, f"{TRACK}/Language")[0] == b"und"


def test_the_index_leads_to_the_same_pictures() -> None:
    data = PLACES["title"](mkv())  # what stands before the clusters becomes smaller
    output = assert_laws(Matroska(), read, mkv())
    assert len(bodies(output, CUE)) == len(bodies(mkv(), CUE)) > 0
    assert len(bodies(output, "Segment/SeekHead/Seek")) >= 3
    moved = f"{CUE}/CueClusterPosition"
    assert bodies(output, moved) != bodies(mkv(), moved)
    assert not bodies(clean(Matroska(), data), "Segment/Tags")


def test_languages_flags_and_colours_stay() -> None:
    stays = (
        el(0x22B59D, b"pt-BR"), el(0x55AA, b"\1"), el(0x55AE, b"\1"), el(0x56AA, b"\x65\0"),
    )  # fmt: skip
    light = el(0x55D0, el(0x55D9, b"\x43\x7a\0\0"))
    colours = el("Colour", el(0x55BA, b"\x10"), el(0x55BC, b"\x03\xe8"), light)
    turned = el(0x7670, el(0x7671, b"\1"), el(0x7672, bytes(20)), el(0x7673, bytes(4)))
    data = video(colours, turned, el(0x54AA, b"\2"))(after(TRACK, *stays)(mkv()))
    output = assert_laws(Matroska(), read, data)
    for row in (*stays, colours, turned):
        assert row in output


def stripped(data: bytes) -> bytes:
    """Every picture begins with the same byte, which is written once (header stripping)."""
    encodings = el(
        0x6D80, el(0x6240, el(0x5034, el(0x4254, b"\3"), el(0x4255, b"\0"))),
    )  # fmt: skip

    def edit(body: bytes) -> bytes:
        if body[0] != 0x81:
            return body
        assert body[4] == 0
        return body[:4] + body[5:]

    return change(after(TRACK, encodings)(data), "Segment/Cluster/SimpleBlock", edit, every=True)


def test_bytes_that_all_blocks_share_are_looked_into() -> None:
    def behind(data: bytes) -> bytes:
        """The message behind the picture."""
        sei = b"\x06\x05" + bytes([16 + len(PLANTED)]) + bytes(16) + PLANTED + b"\x80"
        unit = len(sei).to_bytes(4, "big") + sei
        return change(
            data, "Segment/Cluster/SimpleBlock",
            lambda body: body + unit if body[0] == 0x81 else body, every=True,
        )  # fmt: skip

    plain = clean(Matroska(), mkv())
    data = stripped(behind(plain))
    assert played(data) == played(mkv())
    output = assert_laws(Matroska(), read, data)
    assert not traces(output)
    assert played(output) == played(mkv())
    with pytest.raises(Unsupported):
        clean(Matroska(), stripped(in_avc(plain)))


def test_transparency_stays_and_what_stands_beside_it_goes() -> None:
    alpha = el(0xA6, el(0xEE, b"\1"), el(0xA5, b"coded transparency"))
    data = grouped(el("BlockAdditions", alpha, el(0xA6, el(0xEE, b"\4"), el(0xA5, PLANTED))))(
        video(el(0x53C0, b"\1"))(film("libvpx-vp9", "libopus", "webm"))
    )
    output = assert_laws(Matroska(), read, data)
    assert alpha in output
    assert not traces(output)
    without = grouped(el("BlockAdditions", alpha))(film("libvpx-vp9", "libopus", "webm"))
    assert b"coded transparency" not in assert_laws(Matroska(), read, without)


def test_the_layers_of_dolby_vision_stay() -> None:
    record = el(0x41E7, b"dvcC"), el(0x41ED, b"\1\0" + bytes(22))
    mapping = el(0x41E4, el(0x41A4, PLANTED), *record)
    try:
        data = after(TRACK, mapping)(mkv("libx265"))
    except (ValueError, OSError) as error:
        pytest.skip(str(error))
    output = assert_laws(Matroska(), read, data)
    assert el(0x41E4, *record) in output
    assert not traces(output)
    short = el(0x41E4, el(0x41E7, b"dvcC"), el(0x41ED, PLANTED))
    with pytest.raises(Unsupported):
        clean(Matroska(), after(TRACK, short)(mkv()))


def test_orders_of_fields_by_other_programs_stay() -> None:
    output = assert_laws(Matroska(), read, old_fields(b"Lavf58.10.100")(mkv()))
    assert el(0x9D, b"\x09") in output


def flac_with_picture(data: bytes) -> bytes:
    def edit(body: bytes) -> bytes:
        stream = b"\0" + body[5:8] + body[8:42]
        return b"fLaC" + stream + b"\x84" + len(PLANTED).to_bytes(3, "big") + PLANTED

    return change(data, f"{TRACK}/CodecPrivate", edit)


def test_what_sound_is_told_first_is_cleaned() -> None:
    data = flac_with_picture(film("", "flac", "matroska"))
    output = assert_laws(Matroska(), read, data)
    assert not traces(output)
    assert played(output) == played(film("", "flac", "matroska"))
    opus = after(f"{TRACK}/CodecPrivate", PLANTED)(film("", "libopus", "webm"))
    output = assert_laws(Matroska(), read, opus)
    assert not traces(output)
    assert played(output) == played(film("", "libopus", "webm"))


def encoding(*inner: bytes) -> Edit:
    return after(TRACK, el(0x6D80, el(0x6240, *inner)))


def old_fields(app: bytes) -> Edit:
    """FFmpeg 57.36 to 57.51 wrote two orders of fields the wrong way round."""
    return lambda data: into("Segment/Info/MuxingApp", app)(video(el(0x9D, b"\x09"))(data))


def with_mask(data: bytes) -> bytes:
    def edit(body: bytes) -> bytes:
        row = b"WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0x0603"
        words = bytes(4) + b"\1\0\0\0" + len(row).to_bytes(4, "little") + row
        return b"fLaC\0" + body[5:42] + b"\x84" + len(words).to_bytes(3, "big") + words

    return change(film("", "flac", "matroska"), f"{TRACK}/CodecPrivate", edit)


HELD: dict[str, tuple[Callable[[bytes], bytes], type[Held]]] = {
    "encrypted blocks": (encoding(el(0x5033, b"\1"), el(0x5035, b"")), Encrypted),
    "an encrypted block": (after("Segment/Cluster", el(0xAF, PLANTED)), Encrypted),
    "compressed blocks": (encoding(el(0x5034, el(0x4254, b"\0"))), Unsupported),
    "packed, but not how": (after(TRACK, el(0x6D80, el(0x6240))), Unsupported),
    "a second film": (lambda data: data + data, Unsupported),
    "a second Segment": (lambda data: data + el("Segment", PLANTED), Unsupported),
    "another DocType": (into("EBML/DocType", b"PLANTED"), Unsupported),
    "zeros behind the DocType": (into("EBML/DocType", b"webm\0\0" + PLANTED), Damaged),
    "an unknown version": (into("EBML/DocTypeVersion", b"\x77"), Unsupported),
    "an unknown coding": (into(f"{TRACK}/CodecID", b"V_PLANTED"), Unsupported),
    "film and sound in one track": (into(f"{TRACK}/TrackType", b"\3"), Unsupported),
    "ordered chapters": (after("Segment", chapters(1)), Unsupported),
    "a track made of others": (after(TRACK, el(0xE2, el(0xE3, b"\1"))), Unsupported),
    "a track that is off": (after(TRACK, el(0xB9, b"\0")), Unsupported),
    "two widths": (lambda data: video(el(0xB0, b"\1"))(data), Damaged),
    "a time that is none": (into("Segment/Info/Duration", PLANTED[:8]), Damaged),
    "a reference to nowhere": (grouped(el(0xFB, PLANTED[:8])), Damaged),
    "a clock that counts from 1970": (
        into("Segment/Cluster/Timestamp", (1_700_000_000_000).to_bytes(8, "big")), Unsupported,
    ),
    "orders of fields as one program wrote them": (old_fields(b"Lavf57.40.101"), Unsupported),
    "a layout of channels among comments": (with_mask, Unsupported),
    "a number too large": (after(TRACK, el(0x56AA, PLANTED[:8])), Damaged),
    "a new state of the decoder": (grouped(el(0xA4, PLANTED)), Unsupported),
    "unknown marks of a block": (
        after("Segment/Cluster", el("SimpleBlock", block(1, b"", 0x70))), Damaged,
    ),
    "several pictures in one block": (
        after("Segment/Cluster", el("SimpleBlock", block(1, b"\1\1ab", 0x06))), Unsupported,
    ),
    "two tables of tracks": (
        lambda data: after("Segment", el("Tracks", bodies(data, "Segment/Tracks")[0]))(data),
        Unsupported,
    ),
    "an element without an end": (
        lambda data: unsized(data) + el("Tags", wide=0), Unsupported,
    ),
    "no sound and no film": (
        lambda data: into("Segment/Tracks", track(3, 17, b"S_TEXT/UTF8"))(data), Unsupported,
    ),
    "cut off": (lambda data: data[: len(data) // 2], Damaged),
    "nothing but a header": (lambda data: el("EBML", bodies(data, "EBML")[0]), Held),
}  # fmt: skip


@pytest.mark.parametrize("case", HELD)
def test_what_cannot_be_followed_is_held(case: str) -> None:
    make, error = HELD[case]
    with pytest.raises(error):
        clean(Matroska(), make(mkv()))


def words_of(text: bytes) -> Edit:
    """User data behind every picture (ISO/IEC 13818-2 §6.2.2.2.2, 14496-2 §6.2.2.1)."""

    def edit(body: bytes) -> bytes:
        return body + b"\0\0\1\xb2" + text if body[0] == 0x81 else body

    return lambda data: change(data, "Segment/Cluster/SimpleBlock", edit, every=True)


@pytest.mark.parametrize("coding", ["mpeg1video", "mpeg2video"])
def test_words_among_the_pictures_of_mpeg_go(coding: str) -> None:
    data = words_of(b"GA94\3" + PLANTED)(mkv(coding))
    output = assert_laws(Matroska(), read, data)
    assert not traces(output)
    assert played(output) == played(mkv(coding))
    assert read(MemorySource(words_of(PLANTED)(output))).leftovers


@pytest.mark.parametrize("case", [("mpeg2video", b"DTG1\x41\xf8"), ("mpeg4", PLANTED)])
def test_words_that_decoders_heed_are_held(case: tuple[str, bytes]) -> None:
    coding, words = case
    with pytest.raises(Unsupported):
        clean(Matroska(), words_of(words)(mkv(coding)))


@pytest.mark.skipif(not shutil.which("mkvmerge"), reason="needs MKVToolNix")
def test_files_of_mkvmerge(tmp_path: Path) -> None:
    (tmp_path / "in.mkv").write_bytes(film("libx264", "ac3", "matroska"))
    (tmp_path / "in.srt").write_text("1\n00:00:00,100 --> 00:00:00,400\nPLANTED-7f3a91\n")
    (tmp_path / "cover.jpg").write_bytes(cover())
    done = subprocess.run(
        ["mkvmerge", "-q", "-o", "out.mkv", "--title", PLANTED, "in.mkv", "in.srt",
         "--attach-file", "cover.jpg"],
        cwd=tmp_path, check=False, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    data = (tmp_path / "out.mkv").read_bytes()
    assert traces(data)
    output = assert_laws(Matroska(), read, data)
    assert not traces(output)
    assert b"libmatroska" not in output
    assert played(output) == played(data)
    (tmp_path / "clean.mkv").write_bytes(output)
    said = subprocess.run(
        ["mkvinfo", "-v", "clean.mkv"], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout
    assert "rror" not in said
    assert "nknown" not in said


def test_any_damage_ends_in_a_reason() -> None:
    cleaned = assert_robust(Matroska(), read, with_subtitles(mkv()), seed=3, n=250, prefixes=120)
    assert cleaned
    assert_robust(Matroska(), read, unsized(mkv("libvpx")), seed=4, n=150, prefixes=60)


def test_what_goes_has_a_name() -> None:
    data = PLACES["tags"](PLACES["attached file"](with_subtitles(mkv())))
    ledger = ledger_of(Matroska(), data)
    said = {
        ledger.path(part.id): part.describe(b"".join(data[start:end] for start, end in part.spans))
        for part in ledger.parts
        if part.describe is not None and part.spans
    }
    assert said["Tags/ARTIST"] == PLANTED.decode()
    assert said["Attachments/FileName"] == PLANTED.decode()
    assert said["Info/MuxingApp"].startswith("Lavf")
