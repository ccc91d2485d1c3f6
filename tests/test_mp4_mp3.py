"""MP3 in MP4: the frame without sound at its start loses the name and settings of the encoder."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from laws import assert_laws

from scrubber.errors import Unsupported
from scrubber.formats.mp4 import Mp4
from scrubber.formats.mp4_mp3 import info_notes
from scrubber.readers.mp3 import info_leftovers
from scrubber.readers.mp4 import read
from scrubber.source import MemorySource

needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="needs ffmpeg")


def planted(folder: Path, suffix: str) -> tuple[bytes, bytes]:
    """A film whose first sample of sound is an info frame, as in an MP3 file; and that frame."""
    song, film = folder / "a.mp3", folder / f"a.{suffix}"
    make = "ffmpeg -v error -y -f lavfi -i sine=d=1:r=44100 -c:a libmp3lame -b:a 128k"
    subprocess.run([*make.split(), str(song)], check=True)
    copy = ["ffmpeg", "-v", "error", "-y", "-i", str(song), "-c", "copy", str(film)]
    subprocess.run(copy, check=True)
    data, tagged = bytearray(film.read_bytes()), song.read_bytes()
    at = next(i for i in range(len(tagged)) if tagged[i : i + 2] == b"\xff\xfb")
    start = data.index(b"mdat") + 4
    start = data.index(b"\xff\xfb", start)
    size = struct.unpack(">I", data[data.index(b"stsz") + 16 :][:4])[0]
    frame = tagged[at : at + size]
    assert b"Info" in frame or b"Xing" in frame
    frame = frame.replace(b"Lavc", b"LAME").replace(b"Lavf", b"LAME")
    data[start : start + size] = frame
    data[start + size + 4] = 0  # the next frame borrows nothing
    data[start + size + 5] &= 0x7F
    return bytes(data), frame


@needs_ffmpeg
@pytest.mark.parametrize("suffix", ["mp4", "mov"])
def test_the_info_frame_becomes_canonical(suffix: str, tmp_path: Path) -> None:
    film, frame = planted(tmp_path, suffix)
    assert info_leftovers(frame)
    notes = info_notes(MemorySource(frame), 0, [len(frame)])
    assert notes
    output = assert_laws(Mp4(), read, film, surgeries=8)
    assert frame not in output
    assert b"LAME3.100" + bytes(12) in output
    at = output.index(b"LAME3.100" + bytes(12))
    told = output[:at] + b"LAME3.99r" + output[at + 9 :]
    assert read(MemorySource(told)).leftovers


@needs_ffmpeg
def test_an_info_frame_that_is_heard_holds_the_film(tmp_path: Path) -> None:
    _, frame = planted(tmp_path, "mp4")
    heard = frame[:6] + b"\1" + frame[7:]
    with pytest.raises(Unsupported):
        info_notes(MemorySource(heard), 0, [len(heard)])
    borrowing = frame[:4] + b"\x80" + bytes(7)
    with pytest.raises(Unsupported):
        info_notes(MemorySource(frame + borrowing), 0, [len(frame), 12])
