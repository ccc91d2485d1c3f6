"""Recordings made on the spot: tones and noise, encoded by the FFmpeg libraries through PyAV."""

from __future__ import annotations

import functools
import io

import numpy as np
import pytest

av = pytest.importorskip("av")


@functools.cache
def tone(seconds: float = 0.6, rate: int = 44100, channels: int = 2) -> np.ndarray:
    """Interleaved 16-bit samples of a chord with a little noise, the same every time."""
    at = np.arange(int(seconds * rate)) / rate
    noise = np.random.default_rng(7).normal(0, 0.02, (channels, at.size))
    wave = 0.4 * np.sin(2 * np.pi * 440 * at) + 0.2 * np.sin(2 * np.pi * 1234 * at) + noise
    return (wave * 20000).astype(np.int16).T.reshape(1, -1).copy()


@functools.cache
def encoded(
    container: str, codec: str, *, seconds: float = 0.6, rate: int = 44100, channels: int = 2,
    options: tuple[tuple[str, str], ...] = (), bit_rate: int = 96_000,
) -> bytes:  # fmt: skip
    """The chord in `container`, coded by `codec`."""
    out = io.BytesIO()
    samples = tone(seconds, rate, channels)
    layout = "stereo" if channels == 2 else "mono"
    with av.open(out, "w", format=container, options=dict(options)) as box:
        stream = box.add_stream(codec, rate=rate, layout=layout)
        stream.bit_rate = bit_rate
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout=layout)
        frame.sample_rate = rate
        resampler = av.AudioResampler(stream.format, layout, rate, stream.frame_size or 4096)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            box.mux(stream.encode(part))
        box.mux(stream.encode(None))
    return out.getvalue()


def decoded(data: bytes) -> np.ndarray:
    """All samples, after the player's own trimming."""
    with av.open(io.BytesIO(data), metadata_errors="replace") as box:
        frames = [frame.to_ndarray() for frame in box.decode(box.streams.audio[0])]
    return np.concatenate(frames, axis=1)


def packets(data: bytes) -> list[tuple[object, ...]]:
    """What a player is handed: time, duration and bytes of every packet, and the start."""
    with av.open(io.BytesIO(data), metadata_errors="replace") as box:
        stream = box.streams.audio[0]
        rows: list[tuple[object, ...]] = [(stream.start_time, stream.time_base)]
        rows += [(p.pts, p.duration, bytes(p)) for p in box.demux(stream)]
    return rows
