"""Clock times in picture timing messages of AVC: planted into a film, they become zero."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from laws import assert_laws
from robustness import assert_robust

from scrubber.containers import load_format, load_reader, table
from scrubber.errors import Damaged
from scrubber.formats.avc_clock import Timing, neutral, timing
from scrubber.readers.avc_clock import rules, tells_time
from scrubber.source import MemorySource

needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="needs ffmpeg")
START = b"\0\0\1"


def escaped(data: bytes) -> bytes:
    return re.sub(rb"\0\0(?=[\0-\3])", b"\0\0\3", data)


def message(index: int, delays: str, offset: int, hour: int = 17) -> bytes:
    """A unit with a picture timing message that has a clock: 17:45:09 and a frame."""
    full = f"{'0' * 2}{'0' * 1}{'0' * 5}1{'0' * 2}{index % 25:08b}{9:06b}{45:06b}{hour:05b}"
    bits = f"{delays}{0:04b}1{full}{0:0{offset}b}" if offset else f"{delays}{0:04b}1{full}"
    if len(bits) % 8:
        bits += "1"
    bits += "0" * (-len(bits) % 8)
    body = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return b"\6" + escaped(b"\1" + bytes((len(body),)) + body + b"\x80")


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("clock")
    made: dict[str, bytes] = {}
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        "testsrc=s=64x48:d=1:r=5",
        "-c:v",
        "libx264",
        "-bf",
        "0",
        "-pix_fmt",
        "yuv420p",
        "-bsf:v",
        "filter_units=remove_types=6",
    ]
    for name, more in (("plain", "pic-struct=1"), ("buffered", "nal-hrd=vbr:pic-struct=1")):
        rate = ["-maxrate", "200k", "-bufsize", "200k"]
        raw = folder / f"{name}.h264"
        subprocess.run([*command, *rate, "-x264-params", more, str(raw)], check=True)
        units = re.split(rb"\x00?\x00\x00\x01", raw.read_bytes())[1:]
        known = timing(next(unit for unit in units if unit[0] & 31 == 7))
        _DELAYS[name] = known.delays, known.offset
        out, index = b"", 0
        for unit in units:
            if unit[0] & 31 in (1, 5):
                out += b"\0" + START + message(index, "1" * known.delays, known.offset)
                index += 1
            out += b"\0" + START + unit
        raw.write_bytes(out)
        for kind in ("mp4", "mkv"):
            film = folder / f"{name}.{kind}"
            copy = ["ffmpeg", "-v", "error", "-r", "5", "-i", str(raw), "-c", "copy", str(film)]
            subprocess.run(copy, check=True)
            made[f"{name}.{kind}"] = film.read_bytes()
    return made


def shown(data: bytes, path: Path) -> set[str]:
    """Time codes that ffprobe sees beside the pictures."""
    path.write_bytes(data)
    command = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_frames", str(path)]
    said = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    return set(re.findall(r"timecode=(\S+)", said))


@needs_ffmpeg
@pytest.mark.parametrize("name", ["plain.mp4", "buffered.mp4", "plain.mkv", "buffered.mkv"])
def test_the_clock_stops_and_the_pictures_stay(
    name: str, films: dict[str, bytes], tmp_path: Path
) -> None:
    kind = name.rpartition(".")[2]
    path = tmp_path / f"film.{kind}"
    assert any(row.startswith("17:45:09") for row in shown(films[name], path))
    form, read = load_format(table()[kind]), load_reader(table()[kind])
    output = assert_laws(form, read, films[name], surgeries=8)
    assert shown(output, path) <= {"00:00:00:00", "00:00:00:01", "01:01:01:00", "01:01:01:01"}
    after = pictures(path)
    path.write_bytes(films[name])
    assert pictures(path) == after != b""
    known = Timing(*_DELAYS[name.partition(".")[0]], clocked=True)
    unit = message(1, "1" * known.delays, known.offset)
    assert neutral(unit, known) in output
    planted = output.replace(neutral(unit, known), unit, 1)
    said = read(MemorySource(planted)).leftovers
    assert any("clock" in row or "message" in row for row in said)


_DELAYS: dict[str, tuple[int, int]] = {}


def pictures(path: Path) -> bytes:
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:v", "-f", "framemd5", "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


@needs_ffmpeg
@pytest.mark.slow
def test_robust(films: dict[str, bytes]) -> None:
    for name in ("buffered.mp4", "plain.mkv"):
        kind = name.rpartition(".")[2]
        form, read = load_format(table()[kind]), load_reader(table()[kind])
        assert_robust(form, read, films[name], seed=3, n=150, prefixes=30)


@pytest.mark.parametrize("offset", [0, 24, 5])
def test_a_unit_keeps_its_size_and_all_else(offset: int) -> None:
    known = Timing(delays=9, offset=offset, clocked=True)
    for index in range(25):
        unit = message(index, "101010101", offset)
        new = neutral(unit, known)
        assert len(new) == len(unit)
        assert new != unit
        assert neutral(new, known) == new
        assert tells_time(unit, (9, offset))
        assert not tells_time(new, (9, offset))


def test_a_message_that_ends_too_early_is_damage() -> None:
    with pytest.raises(Damaged):
        neutral(b"\6\1\2\x1f\xff\x80", Timing(0, 24, clocked=True))
    assert rules([b"\x67"]) == (-1, -1)
