"""How a picture looks, by decoders that are not ours: what a viewer shows of it, and how."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import resource
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FIRST_ALONE = ("JPEG", "MPO")  # further pictures of a multi-picture JPEG are not shown
_SHOWN_AS_RGBA = ("1", "L", "LA", "P", "PA", "RGB", "RGBX", "RGBA")
_GAIN_MAPS = (b"hdrgm:", b"ts:21496:-1", b"aux:hdrgainmap", b"HDRGainMap")
_MEMORY = 6 << 30  # bytes of addresses for one decoder
_STEPS = (0, 36, 73, 109, 146, 182, 219, 255)


@dataclass(frozen=True, slots=True)
class Look:
    """Frames as (size as displayed, digest of the pixels, milliseconds); `colours` are those of
    a ramp through the colour profile, as sRGB; `bits` those of a sample."""

    frames: tuple[tuple[tuple[int, int], str, int], ...]
    loop: int | None
    bits: str
    colours: bytes
    gain_map: bool


def looks(paths: Iterable[Path]) -> dict[Path, Look | None]:
    """None where it does not decode. Files with the same bytes are decoded once."""
    paths = list(paths)
    digests = {path: hashlib.sha256(path.read_bytes()).digest() for path in paths}
    first = {digest: path for path, digest in reversed(digests.items())}
    found = _in_processes(first)
    return {path: found[digest] for path, digest in digests.items()}


def _in_processes(files: dict[bytes, Path]) -> dict[bytes, Look | None]:
    """A decoder that a damaged file brings down takes only its own process with it."""
    found: dict[bytes, Look | None] = {}
    with ProcessPoolExecutor(os.cpu_count(), initializer=_limited) as pool:
        tasks = {digest: pool.submit(look, path) for digest, path in files.items()}
        for digest, task in tasks.items():
            with contextlib.suppress(BrokenProcessPool):
                found[digest] = task.result()
    for digest in files.keys() - found.keys():
        with ProcessPoolExecutor(1, initializer=_limited) as pool:
            try:
                found[digest] = pool.submit(look, files[digest]).result()
            except BrokenProcessPool:
                found[digest] = None
    return found


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def look(path: Path) -> Look | None:
    """The look of one picture; None where the decoder of its kind does not take it."""
    warnings.simplefilter("ignore")
    try:
        if path.suffix.lower() == ".svg":
            return _drawing(path)
        return _picture(path)
    except Exception:  # decoders of five libraries, each with errors of its own
        return None


def same(one: Look, other: Look) -> list[str]:
    """What differs between two looks, in words; empty where nothing does."""
    found = []
    if [frame[0] for frame in one.frames] != [frame[0] for frame in other.frames]:
        found.append("size, orientation or frames")
    elif [frame[1] for frame in one.frames] != [frame[1] for frame in other.frames]:
        found.append("pixels")
    if [frame[2] for frame in one.frames] != [frame[2] for frame in other.frames]:
        found.append("timing")
    if one.loop != other.loop:
        found.append("loop")
    if one.bits != other.bits:
        found.append("bit depth")
    if not _alike(one.colours, other.colours):
        found.append("colours")
    if one.gain_map != other.gain_map:
        found.append("gain map")
    return found


def _alike(one: bytes, other: bytes) -> bool:
    """Without a profile numbers are those of sRGB, grey or not; a step of 255 is not seen."""
    if one == other:
        return True
    if not one or not other:
        known = one or other
        grey = bytes(level for level in range(256) for _ in range(3))
        one, other = known, _ramp("RGB") if len(known) == 3 * len(_STEPS) ** 3 else grey
    return len(one) == len(other) and all(abs(a - b) < 2 for a, b in zip(one, other, strict=True))


def _drawing(path: Path) -> Look:
    import resvg_py

    drawn = resvg_py.svg_to_bytes(svg_path=str(path))
    from PIL import Image

    with Image.open(io.BytesIO(bytes(drawn))) as picture:
        digest = hashlib.sha256(picture.convert("RGBA").tobytes()).hexdigest()
        return Look(((picture.size, digest, 0),), None, "8", b"", False)


def _picture(path: Path) -> Look:
    from PIL import Image

    _plugins()
    data = path.read_bytes()
    with Image.open(io.BytesIO(data)) as picture:
        frames = tuple(_frames(picture))
        info = picture.info
        deep = _deep(picture.format, data)
        if deep:
            frames = tuple((size, deep, time) for size, _, time in frames)
        loop = info.get("loop") if len(frames) > 1 else None
        profile = info.get("icc_profile")
        colours = _colours(picture.mode, profile)
        if not profile and info.get("gamma") and not info.get("srgb"):
            colours = f"{info['gamma']:.3f} {info.get('chromaticity')}".encode()
    return Look(frames, loop, _bits(picture, data), colours, _gain_map(data))


def _plugins() -> None:
    import pillow_heif
    import pillow_jxl  # noqa: F401  # registers itself

    pillow_heif.register_heif_opener()


def _frames(picture: Any) -> Iterator[tuple[tuple[int, int], str, int]]:
    from PIL import ImageOps, ImageSequence

    if picture.format == "ICO":
        for number in range(len(picture.ico.entry)):
            yield _digest(picture.ico.frame(number), 0)
        return
    for frame in ImageSequence.Iterator(picture):
        if picture.format == "TIFF" and _is_copy(frame.tag_v2):
            continue
        time = round(frame.info.get("duration") or 0)
        if picture.format == "TIFF":
            frame.load()  # turns it by its orientation, which then is none
            yield _digest(frame, time)
        else:
            frame.info.pop("xmp", None)  # viewers turn by Exif, and by the boxes of HEIF
            yield _digest(ImageOps.exif_transpose(frame), time)
        if picture.format in _FIRST_ALONE:
            return


def _digest(frame: Any, time: int) -> tuple[tuple[int, int], str, int]:
    shown = frame.convert("RGBA") if frame.mode in _SHOWN_AS_RGBA else frame
    return frame.size, hashlib.sha256(shown.mode.encode() + shown.tobytes()).hexdigest(), time


def _is_copy(tags: Any) -> bool:
    """A smaller copy by NewSubfileType or SubfileType (TIFF 6.0 §8) is not shown."""
    return bool(tags.get(254, 0) & 1) or (254 not in tags and tags.get(255) == 2)


def _deep(kind: str | None, data: bytes) -> str:
    """A digest of samples of more than 8 bits where Pillow shows 8 of them; empty elsewhere."""
    import imagecodecs

    if kind == "PNG" and data[24:25] == b"\x10":  # W3C PNG §11.2.1: the depth
        return hashlib.sha256(imagecodecs.png_decode(data).tobytes()).hexdigest()
    if kind == "TIFF":
        import tifffile

        with tifffile.TiffFile(io.BytesIO(data)) as file:
            if file.pages[0].dtype is not None and file.pages[0].dtype.itemsize > 1:
                digest = hashlib.sha256()
                for page in file.pages:
                    digest.update(page.asarray().tobytes())
                return digest.hexdigest()
    return ""


def _bits(picture: Any, data: bytes) -> str:
    if picture.format == "PNG":
        return "16" if data[24] == 16 else "8"
    if picture.format == "TIFF":
        return str(max(picture.tag_v2.get(258, (1,))))
    return str(picture.info.get("bit_depth", picture.mode if ";" in picture.mode else "8"))


def _colours(mode: str, profile: bytes | None) -> bytes:
    """A ramp of numbers through the profile to sRGB; empty without one that fits the pixels."""
    from PIL import Image, ImageCms

    if not profile:
        return b""
    kind = {"CMYK": "CMYK", "L": "L", "LA": "L", "I;16": "L", "1": "L"}.get(mode, "RGB")
    ramp = _ramp(kind)
    patch = Image.frombytes(kind, (len(ramp) // len(kind), 1), ramp)
    try:
        shown = ImageCms.profileToProfile(
            patch,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except ImageCms.PyCMSError:  # a profile of another kind than the pixels: no viewer uses it
        return b""
    return shown.tobytes() if shown else b""


def _ramp(kind: str) -> bytes:
    if kind == "RGB":
        return bytes(level for r in _STEPS for g in _STEPS for b in _STEPS for level in (r, g, b))
    return bytes(range(256)) * len(kind)


def _gain_map(data: bytes) -> bool:
    if data[:2] == b"\xff\xd8":  # the numbers and the map behind the picture
        return any(mark in data for mark in _GAIN_MAPS) and data.count(b"\xff\xd8\xff") > 1
    return data[4:8] == b"ftyp" and any(mark in data for mark in (*_GAIN_MAPS[1:], b"tmap"))
