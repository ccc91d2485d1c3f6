"""The codings of sound and film that are compared: what ffmpeg makes, and real short files.

One row is one file. `row` is the container it is a case of in scrubber.container_rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.material import SHARED
from benchmarks.measure import run


@dataclass(frozen=True, slots=True)
class Coding:
    """`make` are options of ffmpeg, or the path of a file to start from.

    `tags` name the writers of benchmarks.planting that put values in as well.
    """

    row: str
    name: str
    suffix: str
    make: str | Path
    tags: tuple[str, ...] = ()
    film: bool = False
    attach: bool = False  # ffmpeg can attach files and write chapters


def _sound(row: str, name: str, suffix: str, make: str, *tags: str) -> Coding:
    return Coding(row, name, suffix, make, tags)


def _film(row: str, name: str, suffix: str, make: str, *tags: str, attach: bool = False) -> Coding:
    return Coding(row, name, suffix, make, tags, True, attach)


_X264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p"
_BEXT = "-write_bext 1 -metadata originator={originator} -metadata coding_history={history}"

MADE = (
    _sound("mp3", "MP3", ".mp3", "-c:a libmp3lame -write_id3v1 1", "id3", "ape"),
    _sound("mp3", "MP3 variable rate", ".mp3", "-c:a libmp3lame -q:a 4 -id3v2_version 3", "id3"),
    _sound("mp3", "MP2", ".mp2", "-c:a mp2", "id3"),
    _sound("flac", "FLAC", ".flac", "-c:a flac", "flac"),
    _sound("flac", "FLAC 24 bit", ".flac", "-c:a flac -sample_fmt s32", "flac"),
    _sound("wav", "16 bit", ".wav", "-c:a pcm_s16le", "riff"),
    _sound("wav", "24 bit, bext", ".wav", f"-c:a pcm_s24le {_BEXT}"),
    _sound("wav", "float", ".wav", "-c:a pcm_f32le", "riff"),
    _sound("wav", "8 bit", ".wav", "-c:a pcm_u8"),
    _sound("wav", "A-law", ".wav", "-c:a pcm_alaw"),
    _sound("wav", "µ-law", ".wav", "-c:a pcm_mulaw"),
    _sound("wav", "MS ADPCM", ".wav", "-c:a adpcm_ms"),
    _sound("wav", "IMA ADPCM", ".wav", "-c:a adpcm_ima_wav"),
    _sound("wav", "GSM", ".wav", "-ar 8000 -ac 1 -c:a libgsm_ms"),
    _sound("wav", "RF64", ".wav", f"-c:a pcm_s16le -rf64 always {_BEXT}"),
    _sound("w64", "16 bit", ".w64", "-c:a pcm_s16le"),
    _sound("aiff", "16 bit", ".aiff", "-c:a pcm_s16be -write_id3v2 1", "aiff"),
    _sound("aiff", "AIFF-C float", ".aiff", "-c:a pcm_f32be", "aiff"),
    _sound("aiff", "AIFF-C A-law", ".aiff", "-c:a pcm_alaw"),
    _sound("au", "16 bit", ".au", "-c:a pcm_s16be"),
    _sound("au", "µ-law", ".au", "-c:a pcm_mulaw"),
    _sound("caf", "16 bit", ".caf", "-c:a pcm_s16be"),
    _sound("caf", "ALAC", ".caf", "-c:a alac"),
    _sound("caf", "IMA4", ".caf", "-c:a adpcm_ima_qt"),
    _sound("ogg", "Vorbis", ".ogg", "-c:a libvorbis", "ogg"),
    _sound("ogg", "FLAC", ".oga", "-c:a flac -f ogg", "ogg"),
    _sound("opus", "Opus", ".opus", "-c:a libopus -ar 48000", "ogg"),
    _sound("spx", "Speex", ".spx", "-c:a libspeex -ar 16000 -ac 1", "ogg"),
    _sound("m4a", "AAC", ".m4a", "-c:a aac", "mp4"),
    _sound("m4a", "ALAC", ".m4a", "-c:a alac", "mp4"),
    _sound("aac", "ADTS", ".aac", "-c:a aac -write_id3v2 1", "id3"),
    _sound("ac3", "AC-3", ".ac3", "-c:a ac3", "ape"),
    _sound("ac3", "E-AC-3", ".eac3", "-c:a eac3", "ape"),
    _sound("wavpack", "WavPack", ".wv", "-c:a wavpack", "ape"),
    _sound("tta", "TTA", ".tta", "-c:a tta", "id3", "ape"),
    _sound("wma", "WMA", ".wma", "-c:a wmav2", "asf"),
    _film("wma", "WMV", ".wmv", "-c:v wmv2 -c:a wmav2", "asf"),
    _film("mp4", "H.264, AAC", ".mp4", f"{_X264} -c:a aac", "mp4", "xmp", attach=True),
    _film("mp4", "keys", ".mp4", f"{_X264} -c:a aac -movflags use_metadata_tags+faststart"),
    _film("mp4", "fragments", ".mp4", f"{_X264} -c:a aac -movflags frag_keyframe+empty_moov"),
    _film("mp4", "MPEG-4, MP3", ".mp4", "-c:v mpeg4 -c:a libmp3lame", "mp4"),
    _film("mov", "H.264, PCM", ".mov", f"{_X264} -c:a pcm_s16le", "xmp", attach=True),
    _film("mov", "Motion JPEG, keys", ".mov", "-c:v mjpeg -c:a aac -movflags use_metadata_tags"),
    _film("3gp", "H.264, AAC", ".3gp", f"{_X264} -c:a aac"),
    _film("mkv", "H.264, AAC", ".mkv", f"{_X264} -c:a aac", attach=True),
    _film("mkv", "FFV1, FLAC", ".mkv", "-c:v ffv1 -c:a flac", attach=True),
    _film("mkv", "VP9, Opus", ".mkv", "-c:v libvpx-vp9 -cpu-used 8 -c:a libopus -ar 48000"),
    _sound("mkv", "sound alone", ".mka", "-c:a libvorbis"),
    _film("webm", "VP8, Vorbis", ".webm", "-c:v libvpx -cpu-used 8 -c:a libvorbis"),
    _film("webm", "VP9, Opus", ".webm", "-c:v libvpx-vp9 -cpu-used 8 -c:a libopus -ar 48000"),
)  # fmt: skip

_FOUND = (  # short real files: ffmpeg writes no such coding
    ("ape", "Monkey's Audio", "mac-399.ape", "ape"),
    ("musepack", "SV7", "click.mpc", "ape"),
    ("dsf", "DSD", "2822400-1ch-0s-silence.dsf", "dsf"),
    ("dff", "DSD", "5644800-2ch-s01-silence.dff", "dff"),
)
TINY = ("MP3", "16 bit", "FLAC", "AAC")


def codings(small: bool) -> Iterator[Coding]:
    """All of them; when `small` only four kinds of sound."""
    if small:
        seen: set[str] = set()
        for coding in MADE:
            if coding.name in TINY and coding.name not in seen:
                seen.add(coding.name)
                yield coding
        return
    yield from MADE
    folder = SHARED / "corpora" / "mutagen" / "tests" / "data"
    for row, name, file, *tags in _FOUND:
        if (folder / file).is_file():
            yield Coding(row, name, Path(file).suffix, folder / file, tuple(tags))


SOUND = ["-f", "lavfi", "-i", "sine=440:r=48000:d=1.2,aformat=channel_layouts=stereo"]
PICTURE = ["-f", "lavfi", "-i", "testsrc2=s=128x96:r=15:d=1.2"]


def encode(coding: Coding, path: Path, options: list[str], inputs: list[str]) -> None:
    """Makes `path` by ffmpeg, or copies the real file. Raises RuntimeError with what it said."""
    if isinstance(coding.make, Path):
        path.write_bytes(coding.make.read_bytes())
        return
    streams = [*SOUND, *(PICTURE if coding.film else [])]
    run(["ffmpeg", "-v", "error", "-y", *streams, *inputs, *options, str(path)])
