"""Matroska files made by an encoder, with something hidden in any element, for tests."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import av
from mp4_files import film

NAMES = {
    "EBML": 0x1A45DFA3, "Segment": 0x18538067, "SeekHead": 0x114D9B74, "Seek": 0x4DBB,
    "Info": 0x1549A966, "Tracks": 0x1654AE6B, "TrackEntry": 0xAE, "Video": 0xE0, "Audio": 0xE1,
    "Colour": 0x55B0, "Cluster": 0x1F43B675, "BlockGroup": 0xA0, "SimpleBlock": 0xA3,
    "Block": 0xA1, "Cues": 0x1C53BB6B, "CuePoint": 0xBB, "CueTrackPositions": 0xB7,
    "Tags": 0x1254C367, "Chapters": 0x1043A770, "Attachments": 0x1941A469, "Void": 0xEC,
    "CodecPrivate": 0x63A2, "MuxingApp": 0x4D80, "WritingApp": 0x5741, "TrackUID": 0x73C5,
    "BlockAdditions": 0x75A1, "CodecID": 0x86, "TrackType": 0x83, "Language": 0x22B59C,
    "DocType": 0x4282, "CueClusterPosition": 0xF1, "CueRelativePosition": 0xF0, "CueTime": 0xB3,
    "DocTypeVersion": 0x4287, "SeekPosition": 0x53AC, "Timestamp": 0xE7, "Duration": 0x4489,
}  # fmt: skip
MASTERS = {
    "EBML", "Segment", "SeekHead", "Seek", "Info", "Tracks", "TrackEntry", "Video", "Audio",
    "Colour", "Cluster", "BlockGroup", "Cues", "CuePoint", "CueTrackPositions", "Tags",
    "BlockAdditions",
}  # fmt: skip
IDS = {number: name for name, number in NAMES.items()}

CUE = "Segment/Cues/CuePoint/CueTrackPositions"

Edit = Callable[[bytes], bytes]


def el(name: str | int, *body: bytes, wide: int = 4) -> bytes:
    """An element; `wide`: bytes of its size, 0 for one that does not say how long it is."""
    number = NAMES[name] if isinstance(name, str) else name
    data = b"".join(body)
    head = number.to_bytes((number.bit_length() + 7) // 8, "big")
    size = b"\x01" + b"\xff" * 7 if not wide else (1 << 7 * wide | len(data)).to_bytes(wide, "big")
    return head + size + data


def parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Id and body of the elements that fill `data`."""
    return ((number, body) for number, body, _ in sized(data))


def sized(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Id, body, and the bytes of the size."""
    at = 0
    while at < len(data):
        width = 9 - data[at].bit_length()
        number = int.from_bytes(data[at : at + width], "big")
        at += width
        wide = 9 - data[at].bit_length()
        size = int.from_bytes(data[at : at + wide], "big") & (1 << 7 * wide) - 1
        at += wide
        if size == (1 << 7 * wide) - 1:
            size = len(data) - at
        yield number, data[at : at + size], wide
        at += size


def change(data: bytes, path: str, edit: Edit, *, every: bool = False) -> bytes:
    """`edit` takes the body of the first element at `path` (or of all).

    Sizes and the positions of SeekHead and Cues are mended.
    """
    return _indexed(data, _change(data, path, edit, every))


def _change(data: bytes, path: str, edit: Edit, every: bool) -> bytes:
    first, _, rest = path.partition("/")
    out, done = b"", False
    for number, body, wide in sized(data):
        if number == NAMES[first] and (every or not done):
            done = True
            body = _change(body, rest, edit, every) if rest else edit(body)
        out += el(number, body, wide=wide if len(body) < (1 << 7 * wide) - 1 else 4)
    assert done or every, path
    return out


def _tops(data: bytes) -> list[int]:
    """Where what stands in the Segment begins, from the body of the Segment."""
    (segment,) = bodies(data, "Segment")
    places, at = [], 0
    for number, body, wide in sized(segment):
        places.append(at)
        at += len(el(number, body, wide=wide))
    return places


def _indexed(old: bytes, new: bytes) -> bytes:
    """`new` with positions that lead where they led in `old`."""
    paths = ("Segment/SeekHead/Seek/SeekPosition", f"{CUE}/CueClusterPosition")
    if any(len(bodies(data, "Segment")) != 1 for data in (old, new)):
        return new
    for path in paths:  # as wide as they can be, so that they can have any value
        new = _change(new, path, lambda body: body.rjust(8, b"\0"), True)
    moved = dict(zip(_tops(old), _tops(new), strict=False))

    def to(body: bytes) -> bytes:
        value = int.from_bytes(body, "big")
        return moved.get(value, value).to_bytes(8, "big")

    for path in paths:
        new = _change(new, path, to, True)
    return new


def bodies(data: bytes, path: str) -> list[bytes]:
    """Of all elements at `path`."""
    first, _, rest = path.partition("/")
    found = [body for number, body in parts(data) if number == NAMES[first]]
    return [inner for body in found for inner in bodies(body, rest)] if rest else found


def after(path: str, *more: bytes) -> Edit:
    return lambda data: change(data, path, lambda body: body + b"".join(more))


def unsized(data: bytes) -> bytes:
    """As a live stream: neither the Segment nor its clusters say how long they are."""
    header, segment = [body for _, body in parts(data)]
    inner = b"".join(
        el(number, body, wide=0 if number == NAMES["Cluster"] else 4)
        for number, body in parts(segment)
        if number not in (NAMES["Cues"], NAMES["SeekHead"])
    )
    return el("EBML", header) + el("Segment", inner, wide=0)


def mkv(video: str = "libx264", audio: str = "vorbis") -> bytes:
    return film(video, audio, "matroska")


def played(data: bytes) -> list[tuple[int, int | None, bytes]]:
    """Every frame that a player would see or hear: track, time, content. No covers, no words."""
    found = []
    with av.open(io.BytesIO(data), "r", metadata_errors="replace") as container:
        cover = av.stream.Disposition.attached_pic
        streams = [
            stream
            for stream in (*container.streams.video, *container.streams.audio)
            if not stream.disposition & cover
        ]
        for packet in container.demux(streams):
            found += [
                (packet.stream_index, frame.pts, frame.to_ndarray().tobytes())
                for frame in packet.decode()
            ]
    return sorted(found, key=lambda row: (row[0], row[1] or 0))
