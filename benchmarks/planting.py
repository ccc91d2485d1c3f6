"""Puts a value of its own into every place of a recording or film that ffmpeg or mutagen writes."""

from __future__ import annotations

import base64
import importlib
import shutil
import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from benchmarks.codings import PICTURE, SOUND, Coding, encode
from benchmarks.measure import run
from benchmarks.needles import DATE, LATITUDE, LONGITUDE, Planter
from benchmarks.remnants import decoded

_FIELDS = ("title", "artist", "album", "comment", "copyright", "description", "genre")


def make(coding: Coding, folder: Path) -> tuple[Path, Planter, tuple[str, ...]]:
    """One file full of values, what to look for, and its frames before it was tagged.

    Raises RuntimeError if ffmpeg fails.
    """
    folder.mkdir(parents=True)
    path = folder / f"recording{coding.suffix}"
    planter = Planter(f"{coding.row}/{coding.name}")
    planter.fixed()
    inputs, options = _options(coding, folder, planter)
    encode(coding, path, options, inputs)
    plain = decoded(path)
    for tags in coding.tags:
        _WRITERS[tags](path, planter)
    for other in folder.iterdir():
        if other != path:
            other.unlink()
    return path, planter, plain


def _options(coding: Coding, folder: Path, planter: Planter) -> tuple[list[str], list[str]]:
    if isinstance(coding.make, Path):
        return [], []
    options = ["-map", "0:a"]
    if coding.film:
        options += ["-map", "1:v"]
    for key in _FIELDS:
        options += ["-metadata", f"{key}={planter.text(key)}"]
    options += ["-metadata", f"creation_time={DATE}", "-metadata", f"date={DATE[:10]}"]
    options += ["-metadata", f"location=+{LATITUDE}+0{LONGITUDE}/"]
    options += ["-metadata", f"note={planter.text('own field')}"]
    options += ["-metadata:s:0", f"title={planter.text('track title')}"]
    options += ["-metadata:s:0", f"handler_name={planter.text('handler name')}"]
    words = coding.make.split()
    names = {"originator": "originator", "history": "coding history"}
    for word in words:
        for key, place in names.items():
            if "{" + key + "}" in word:
                word = word.format(**{key: planter.text(place).replace(" ", "_")})
        options.append(word)
    chapters = folder / "chapters.txt"
    chapters.write_text(
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\n"
        f"title={planter.text('chapter')}\n",
        "utf-8",
    )
    number = [*SOUND, *(PICTURE if coding.film else [])].count("-i")
    inputs = ["-f", "ffmetadata", "-i", str(chapters)]
    options += ["-map_chapters", str(number)]
    if coding.attach and coding.row == "mkv":
        cover = folder / "cover.jpg"
        cover.write_bytes(picture(planter.text("cover's Exif")))
        name = planter.text("attachment's name").replace(" ", "_")
        options += ["-attach", str(cover), "-metadata:s:t", "mimetype=image/jpeg"]
        options += ["-metadata:s:t", f"filename={name}.jpg"]
    return inputs, options


def picture(author: str) -> bytes:
    """A small JPEG picture whose Exif names `author`."""
    from PIL import Image

    made = BytesIO()
    exif = Image.Exif()
    exif[0x013B] = author
    Image.new("RGB", (16, 16), (90, 120, 60)).save(made, "JPEG", exif=exif)
    return made.getvalue()


def _module(name: str) -> Any:  # mutagen has types for a part of itself only
    return importlib.import_module(f"mutagen.{name}".rstrip("."))


def _frames(tags: Any, planter: Planter, kind: str = "ID3") -> None:
    id3 = _module("id3")

    def text(place: str) -> str:
        return planter.text(f"{kind} {place}")

    tags.add(id3.TXXX(encoding=1, desc="note", text=[text("TXXX")]))
    tags.add(id3.TPE2(encoding=3, text=[text("TPE2")]))
    tags.add(id3.COMM(encoding=2, lang="eng", desc="", text=[text("COMM")]))
    tags.add(id3.USLT(encoding=3, lang="eng", desc="", text=text("USLT")))
    tags.add(id3.WXXX(encoding=3, desc="", url=text("WXXX")))
    tags.add(id3.PRIV(owner="example.com", data=text("PRIV").encode()))
    tags.add(id3.GEOB(encoding=3, mime="x/y", filename="", desc="", data=text("GEOB").encode()))
    tags.add(id3.UFID(owner="example.com", data=text("UFID").encode()))
    tags.add(id3.POPM(email=text("POPM"), rating=1, count=1))
    cover = picture(text("cover's Exif"))
    tags.add(id3.APIC(encoding=3, mime="image/jpeg", type=3, desc=text("APIC"), data=cover))


def _id3(path: Path, planter: Planter) -> None:
    id3 = _module("id3")

    try:
        tags = id3.ID3(path)
    except id3.ID3NoHeaderError:
        tags = id3.ID3()
    _frames(tags, planter)
    tags.save(path, v1=1)


def _id3_inside(module: str, name: str) -> Callable[[Path, Planter], None]:
    def write(path: Path, planter: Planter) -> None:
        file = getattr(_module(module), name)(path)
        if file.tags is None:
            file.add_tags()
        _frames(file.tags, planter)
        file.save()

    return write


def _ape(path: Path, planter: Planter) -> None:
    apev2 = _module("apev2")

    try:
        tags = apev2.APEv2(path)
    except apev2.APENoHeaderError:
        tags = apev2.APEv2()
    tags["Note"] = planter.text("APE text")
    cover = b"cover.jpg\0" + picture(planter.text("APE cover's Exif"))
    tags["Cover Art (Front)"] = apev2.APEValue(cover, apev2.BINARY)
    tags.save(path)


def _flac_picture(planter: Planter) -> Any:
    block = _module("flac").Picture()
    block.mime, block.type, block.desc = "image/jpeg", 3, planter.text("PICTURE description")
    block.data = picture(planter.text("PICTURE's Exif"))
    return block


def _flac(path: Path, planter: Planter) -> None:
    file = _module("flac").FLAC(path)
    file["performer"] = planter.text("comment of its own")
    file.add_picture(_flac_picture(planter))
    file.save()


def _ogg(path: Path, planter: Planter) -> None:
    file = _module("").File(path)
    file["performer"] = planter.text("comment of its own")
    block = base64.b64encode(_flac_picture(planter).write()).decode()
    file["metadata_block_picture"] = block
    file.save()


def _mp4(path: Path, planter: Planter) -> None:
    mp4 = _module("mp4")
    file = mp4.MP4(path)
    file["\xa9wrt"] = planter.text("ilst composer")
    file["ownr"] = planter.text("ilst owner")
    note = planter.text("ilst free form").encode()
    file["----:com.example:note"] = mp4.MP4FreeForm(note)
    cover = picture(planter.text("ilst cover's Exif"))
    file["covr"] = [mp4.MP4Cover(cover, mp4.MP4Cover.FORMAT_JPEG)]
    file.save()


def _asf(path: Path, planter: Planter) -> None:
    asf = _module("asf")
    file = asf.ASF(path)
    file["WM/Composer"] = asf.ASFUnicodeAttribute(planter.text("WM/Composer"))
    cover = picture(planter.text("WM/Picture's Exif"))
    name = "image/jpeg\0".encode("utf-16-le") + "\0".encode("utf-16-le")
    block = struct.pack("<BI", 3, len(cover)) + name + cover  # WM/Picture of the ASF SDK
    file["WM/Picture"] = asf.ASFByteArrayAttribute(block)
    file.save()


def _xmp(path: Path, planter: Planter) -> None:
    """What a camera's programme writes; ExifTool does it here."""
    if shutil.which("exiftool") is None:
        return
    values = [
        f"-XMP-dc:Creator={planter.text('XMP creator')}",
        f"-Keys:Author={planter.text('Keys author')}",
        f"-UserData:Artist={planter.text('UserData artist')}",
        "-overwrite_original",
    ]
    run(["exiftool", "-q", "-q", *values, str(path)])


_WRITERS: dict[str, Callable[[Path, Planter], None]] = {
    "id3": _id3,
    "riff": _id3_inside("wave", "WAVE"),
    "aiff": _id3_inside("aiff", "AIFF"),
    "dsf": _id3_inside("dsf", "DSF"),
    "dff": _id3_inside("dsdiff", "DSDIFF"),
    "ape": _ape,
    "flac": _flac,
    "ogg": _ogg,
    "mp4": _mp4,
    "asf": _asf,
    "xmp": _xmp,
}
