"""MP4 files made by an encoder, with something hidden in any box, for tests."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import av
import numpy as np

_PIXELS = {"prores_ks": "yuv422p10le", "mjpeg": "yuvj420p"}


def box(kind: bytes, *body: bytes) -> bytes:
    data = b"".join(body)
    return (8 + len(data)).to_bytes(4, "big") + kind + data


@cache
def film(video: str = "libx264", audio: str = "aac", form: str = "mp4", flags: str = "") -> bytes:
    """Half a second of a moving pattern with a tone, as FFmpeg writes it: `moov` at the end."""
    with tempfile.TemporaryDirectory() as folder:  # `faststart` opens the file a second time
        path = Path(folder) / "film"
        _write(path, video, audio, form, {"movflags": flags} if flags else {})
        return path.read_bytes()


def _write(path: Path, video: str, audio: str, form: str, options: dict[str, str]) -> None:
    with av.open(str(path), "w", format=form, options=options) as container:
        streams = []
        if video:
            picture = container.add_stream(video, rate=25)
            picture.width, picture.height = 64, 64  # the least that SVT-AV1 takes
            picture.pix_fmt = _PIXELS.get(video, "yuv420p")
            streams.append(picture)
        if audio:
            trial = {"strict": "experimental"} if audio == "vorbis" else {}
            streams.append(container.add_stream(audio, rate=48000, options=trial))
        for stream in streams:
            for frame in _frames(stream):
                for packet in stream.encode(frame):
                    container.mux(packet)
            for packet in stream.encode(None):
                container.mux(packet)


def _frames(stream: av.stream.Stream) -> list[av.frame.Frame]:
    frames: list[av.frame.Frame] = []
    if stream.type == "video":
        for index in range(12):
            grey = (np.add.outer(np.arange(64), np.arange(64)) * 3 + index * 9) % 256
            rgb = np.stack([grey, grey[::-1], 255 - grey], axis=2).astype(np.uint8)
            frames.append(
                av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="yuv420p")
            )
            frames[-1].pts = index
        return frames
    tone = np.sin(np.arange(24000) / 17)
    layout = stream.codec_context.format.name if stream.codec_context.format else "fltp"
    for start in range(0, 23040, 960):
        part = tone[start : start + 960]
        if "flt" in layout:
            samples = part.astype(np.float32)
        else:
            kind = np.uint8 if "u8" in layout else np.int32 if "32" in layout else np.int16
            samples = (part * 90 + 128 if kind is np.uint8 else part * 9000).astype(kind)
        planar = layout.endswith("p")
        shape = np.stack([samples, samples]) if planar else np.repeat(samples, 2)[None, :]
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(shape), format=layout, layout="stereo"
        )
        frame.sample_rate, frame.pts = 48000, start
        frames.append(frame)
    return frames


def decoded(data: bytes) -> list[tuple[str, int | None, bytes]]:
    """Every frame that a player would see or hear: kind, time, content."""
    found = []
    with av.open(io.BytesIO(data), "r", metadata_errors="replace") as container:
        for frame in container.decode():
            kind = "v" if isinstance(frame, av.VideoFrame) else "a"
            found.append((kind, frame.pts, frame.to_ndarray().tobytes()))
    return sorted(found, key=lambda row: (row[0], row[1] or 0))


def change(data: bytes, path: str, edit: Callable[[bytes], bytes]) -> bytes:
    """`edit` takes the body of the first box at `path` (`moov/trak/tkhd`); sizes are mended.

    Offsets are not, so what lies before the samples must keep its size.
    """
    first, _, rest = path.partition("/")
    out, at, done = b"", 0, False
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + size]
        if kind.decode("latin-1").strip() == first and not done:
            done = True
            body = change(body, rest, edit) if rest else edit(body)
            out += box(kind, body)
        else:
            out += data[at : at + size]
        at += size
    assert done, path
    return out


def body_of(data: bytes, path: str) -> bytes:
    found: list[bytes] = []

    def keep(body: bytes) -> bytes:
        found.append(body)
        return body

    change(data, path, keep)
    return found[0]
