"""Decodes pictures and sound, for `--verify=decode` and the suite's own proof.

Pictures by Pillow (libjpeg-turbo, libpng, libavif, libwebp, its own GIF), pillow-heif (libheif)
and tifffile, sound and sequences of pictures by the FFmpeg libraries through PyAV, where
they are installed.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import itertools
import logging
import struct
from collections.abc import Iterator, Mapping

from scrubber.errors import Damaged, MissingExtra
from scrubber.model import Source
from scrubber.readers.source_file import SourceFile

_PICTURES = ("jpeg", "png", "avif", "webp", "gif")
_SOUNDS = (
    "mp3",
    "flac",
    "wav",
    "ogg",
    "opus",
    "spx",
    "aiff",
    "au",
    "caf",
    "w64",
    "aac",
    "wavpack",
    "tta",
    "ape",
    "ac3",
    "amr",
    "musepack",
    "dff",
)
_RAW = (32803, 34892)  # DNG 1.7.1: colour filter array, linear raw
_FILMS = ("mp4", "mov", "m4a", "3gp", "mkv", "webm", "wma")


def decoded_digest(container: str, source: Source) -> str | None:
    """SHA-256 over decoded pixels or samples, with their shape; None for other containers.

    Raises Damaged when it does not decode, MissingExtra without PyAV for sound.
    """
    if container in ("heic", "avif") and _holds_film(source):
        return _sequence(container, source)
    if container in _PICTURES:
        return _pixels(source)
    if container in ("bmp", "jp2"):
        return _bitmap(source)
    if container == "ico":
        return _icon(source)
    if container in ("tiff", "bigtiff"):
        return _pages(source)
    if container == "heic":
        return _heic(source)
    if container == "dng":
        return _raw(source)
    if container in _SOUNDS:
        return _samples(source, _au_end(source) if container == "au" else source.size)
    if container in _FILMS:
        return _frames(source)
    return None


def _pixels(source: Source) -> str:
    from PIL import Image, ImageOps, ImageSequence

    digest = hashlib.sha256()
    try:
        with Image.open(io.BytesIO(source.read(0, source.size))) as picture:
            for frame in ImageSequence.Iterator(picture):
                turned = ImageOps.exif_transpose(frame)
                if picture.format in ("GIF", "BMP"):  # modes P and L follow from the palette alone
                    turned = turned.convert("RGBA")
                digest.update(str(frame.info.get("duration")).encode())
                digest.update(f"{turned.mode} {turned.size}".encode())
                digest.update(turned.tobytes())
                if picture.format in ("JPEG", "MPO"):
                    break  # further pictures of an MPO are parts that go
    except (OSError, SyntaxError, ValueError, RuntimeError) as error:
        raise Damaged("The picture does not decode.") from error
    return digest.hexdigest()


def _bitmap(source: Source) -> str | None:
    """None for a kind that Pillow does not know, as odd runs of four bits in BMP."""
    with contextlib.suppress(Damaged):
        return _pixels(source)
    return None


def _icon(source: Source) -> str | None:
    """Every picture of an icon, the largest of a pointer; None where Pillow knows one of them not.

    Pillow takes their order from the directory.
    """
    from PIL import IcoImagePlugin, Image

    digest = hashlib.sha256()
    try:
        with Image.open(io.BytesIO(source.read(0, source.size)), formats=("ICO", "CUR")) as icon:
            frames: list[Image.Image] = [icon]
            if isinstance(icon, IcoImagePlugin.IcoImageFile):
                frames = [icon.ico.frame(n) for n in range(len(icon.ico.entry))]
            for frame in frames:
                digest.update(f"{frame.size}".encode() + frame.convert("RGBA").tobytes())
    except (OSError, SyntaxError, ValueError, TypeError, IndexError):
        return None
    return digest.hexdigest()


def _pages(source: Source) -> str | None:
    """Of a TIFF, every page that is no smaller copy; None for samples that Pillow does not know."""
    from PIL import Image, UnidentifiedImageError

    digest = hashlib.sha256()
    try:
        with Image.open(
            io.BufferedReader(SourceFile(source), 1 << 20), formats=("TIFF",)
        ) as picture:
            for number in itertools.count():
                known = True
                try:
                    picture.seek(number)
                except EOFError:
                    break
                except (SyntaxError, KeyError, TypeError):
                    known = False  # its tags have been read all the same
                if _is_copy(picture.tag_v2):  # type: ignore[attr-defined]  # of a TIFF
                    continue
                if not known:
                    return None
                digest.update(f"{picture.mode} {picture.size}".encode())
                digest.update(picture.tobytes())  # Pillow has turned it by its orientation
    except (UnidentifiedImageError, Image.DecompressionBombError):
        return None
    except (OSError, ValueError, TypeError) as error:
        raise Damaged("The picture does not decode.") from error
    return digest.hexdigest()


def _is_copy(tags: Mapping[int, int]) -> bool:
    """Of a page: NewSubfileType, else SubfileType, says so; or it has no size, as a thumbnail."""
    return bool(tags.get(254, 0) & 1) or (254 not in tags and tags.get(255) == 2) or 256 not in tags


def _heic(source: Source) -> str:
    try:
        import pillow_heif
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "Decoding HEIC needs the package pillow-heif.", fix="Install prescrub[decode]."
        ) from error

    try:
        picture = pillow_heif.open_heif(io.BytesIO(source.read(0, source.size)))
        shape = f"{picture.mode} {picture.size} {picture.stride}"
        return hashlib.sha256(shape.encode() + bytes(picture.data)).hexdigest()
    except (OSError, ValueError, RuntimeError, EOFError) as error:
        raise Damaged("The picture does not decode.") from error


def _holds_film(source: Source) -> bool:
    """Whether a HEIF file has a film beside or instead of its pictures, by its outer boxes."""
    return any(kind == b"moov" for kind, _ in _outer_boxes(source))


def _outer_boxes(source: Source) -> Iterator[tuple[bytes, int]]:
    """Kind and start of each (ISO/IEC 14496-12 §4.2), as far as their sizes lead."""
    at = 0
    while at + 16 <= source.size:
        head = source.read(at, 16)
        size, kind = int.from_bytes(head[:4], "big"), head[4:8]
        yield kind, at
        size = int.from_bytes(head[8:], "big") if size == 1 else size or source.size
        at += max(size, 8)


def _sequence(container: str, source: Source) -> str:
    """The still picture, where there is one, and the track of pictures with the most frames."""
    still = ""
    with contextlib.suppress(Damaged):  # a film alone
        still = _heic(source) if container == "heic" else _pixels(source)
    try:
        import av
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "Decoding a sequence of pictures needs the package av.",
            fix="Install prescrub[decode].",
        ) from error

    digest = hashlib.sha256(still.encode())
    try:
        with av.open(io.BufferedReader(SourceFile(source), 1 << 20), "r", format="mov") as box:
            tracks = [track for track in box.streams.video if track.frames > 1 or not still]
            shown = max(
                tracks,
                key=lambda track: (track.frames, track.width * track.height, -track.index),
                default=None,
            )
            for frame in box.decode(shown) if shown is not None else ():
                assert isinstance(frame, av.VideoFrame)
                digest.update(str(frame.pts).encode())
                try:
                    digest.update(frame.to_ndarray().tobytes())
                except ValueError:  # twelve bits: PyAV has no array for them as they are
                    digest.update(frame.to_ndarray(format="rgb48le").tobytes())
    except (av.error.FFmpegError, ValueError, OSError) as error:
        raise Damaged("The sequence of pictures does not decode.") from error
    return digest.hexdigest()


def _raw(source: Source) -> str | None:
    """Of a DNG the samples of its raw picture; None for a coding that nobody here decodes."""
    try:
        import imagecodecs  # noqa: F401  without it tifffile knows few codings
        import tifffile
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "Decoding DNG needs the packages tifffile and imagecodecs.",
            fix="Install prescrub[decode].",
        ) from error

    logging.getLogger("tifffile").setLevel(logging.CRITICAL)  # it names what a DNG may lack
    digest, found = hashlib.sha256(), False
    try:
        with tifffile.TiffFile(io.BytesIO(source.read(0, source.size))) as file:
            for page in (file.pages[0], *(file.pages[0].pages or ())):
                if int(page.photometric) in _RAW and not int(page.subfiletype) & 1:
                    found = True
                    samples = page.asarray()
                    digest.update(f"{samples.shape} {samples.dtype}".encode() + samples.tobytes())
    except (NotImplementedError, tifffile.TiffFileError):
        return None
    except (OSError, ValueError, RuntimeError, IndexError, struct.error) as error:
        raise Damaged("The raw picture does not decode.") from error
    return digest.hexdigest() if found else None


def _au_end(source: Source) -> int:
    """FFmpeg plays an AU to the end of the file, whatever its head states."""
    head = source.read(0, min(source.size, 12))
    end = int.from_bytes(head[4:8], "big") + int.from_bytes(head[8:12], "big")
    return end if 24 <= end < source.size else source.size


def _samples(source: Source, end: int) -> str:
    try:
        import av
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "Decoding sound needs the package av.", fix="Install prescrub[decode]."
        ) from error

    digest = hashlib.sha256()
    try:
        with av.open(io.BytesIO(source.read(0, end)), "r", metadata_errors="replace") as box:
            stream = next(iter(box.streams.audio))
            # Delay and padding are numbers that the other reader compares. FFmpeg's own trim
            # of an MP3 depends on how large the tags are, which is what goes.
            stream.codec_context.options = {"flags2": "+skip_manual"}
            digest.update(f"{stream.rate} {stream.channels}".encode())
            for frame in box.decode(stream):
                digest.update(frame.to_ndarray().tobytes())
    except (av.error.FFmpegError, StopIteration, OSError) as error:
        raise Damaged("The recording does not decode.") from error
    return digest.hexdigest()


def _frames(source: Source) -> str:
    """Of a film or recording: every frame of every film and sound track, with its time."""
    try:
        import av
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "Decoding a film needs the package av.", fix="Install prescrub[decode]."
        ) from error

    digests: dict[int, hashlib._Hash] = {}
    try:
        with av.open(
            io.BufferedReader(SourceFile(source), 1 << 20), "r", metadata_errors="replace"
        ) as box:
            cover = av.stream.Disposition.attached_pic
            shown = [
                stream
                for stream in (*box.streams.video, *box.streams.audio)
                if not stream.disposition & cover
            ]
            ranks = {stream.index: rank for rank, stream in enumerate(shown)}
            for packet in box.demux(shown):
                digest = digests.setdefault(ranks[packet.stream_index], hashlib.sha256())
                for frame in packet.decode():
                    assert isinstance(frame, (av.VideoFrame, av.AudioFrame))
                    digest.update(str(frame.pts).encode())
                    digest.update(frame.to_ndarray().tobytes())
    except (av.error.FFmpegError, ValueError, OSError) as error:
        raise Damaged("The film does not decode.") from error
    rows = sorted((rank, digest.hexdigest()) for rank, digest in digests.items())
    return hashlib.sha256(str(rows).encode()).hexdigest()
