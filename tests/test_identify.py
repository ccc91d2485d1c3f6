"""Identification by content: real files of every kind we can make or have."""

from __future__ import annotations

import io
import os
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scrubber.errors import Damaged, Held, UnknownContainer
from scrubber.identify import identify
from scrubber.source import FileSource, MemorySource

SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))
CORPORA = SHARED / "corpora"


def name_of(data: bytes, hint: str = "") -> str:
    return identify(MemorySource(data), hint).container.name


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (16, 12), (9, 80, 200)).save(out, kind)
    return out.getvalue()


def archive(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, data in members:
            target.writestr(name, data)
    return out.getvalue()


def riff(magic: bytes, form: bytes, body: bytes = b"fmt \x10\0\0\0" + bytes(16)) -> bytes:
    return magic + struct.pack("<I", len(body) + 4) + form + body


def frames(count: int) -> bytes:
    """MPEG-1 layer III at 128 kbit/s and 44.1 kHz: 417 bytes each."""
    return (b"\xff\xfb\x90\x00" + bytes(413)) * count


def id3(body: bytes = bytes(20)) -> bytes:
    return b"ID3\x04\0\0" + bytes([0, 0, len(body) >> 7, len(body) & 127]) + body


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("JPEG", "jpeg"), ("PNG", "png"), ("GIF", "gif"), ("TIFF", "tiff"), ("WEBP", "webp"),
        ("BMP", "bmp"), ("ICO", "ico"), ("PPM", "pnm"), ("JPEG2000", "jp2"), ("ICNS", "icns"),
        ("PDF", "pdf"), ("EPS", "postscript"), ("DDS", "dds"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("hint", ["", "x.txt", "x.mp3"])
def test_pictures_whatever_the_name(kind: str, name: str, hint: str) -> None:
    if kind == "ICNS":
        out = io.BytesIO()
        Image.new("RGBA", (64, 64)).save(out, "ICNS")
        assert name_of(out.getvalue(), hint) == name
        return
    assert name_of(picture(kind), hint) == name


@pytest.mark.parametrize(
    ("magic", "form", "name"),
    [
        (b"RIFF", b"WAVE", "wav"), (b"RF64", b"WAVE", "wav"), (b"BW64", b"WAVE", "wav"),
        (b"RIFF", b"WEBP", "webp"), (b"RIFF", b"AVI ", "avi"), (b"RIFF", b"RMP3", "rmp3"),
        (b"RIFF", b"ACON", "ani"), (b"FORM", b"AIFF", "aiff"),
    ],
)  # fmt: skip
def test_riff_goes_by_its_form(magic: bytes, form: bytes, name: str) -> None:
    assert name_of(riff(magic, form), "x.wav") == name


def test_a_riff_of_no_known_form_is_unknown() -> None:
    with pytest.raises(UnknownContainer):
        name_of(riff(b"RIFF", b"ABCD", bytes(64)))


def test_mp3_needs_a_chain() -> None:
    assert name_of(frames(3) + b"\0" * 50) == "mp3"
    assert name_of(id3() + frames(4)) == "mp3"
    assert name_of(id3() + id3() + b"\0" * 100 + frames(4)) == "mp3"
    assert name_of(frames(2)) == "mp3"  # two frames that end where the file ends
    for lone in (frames(1), frames(1) + bytes(2000), b"\xff\xfb\x90\x00" * 3 + bytes(900)):
        with pytest.raises(UnknownContainer):
            name_of(lone)


def test_a_stream_that_changes_its_rate_is_no_chain() -> None:
    mixed = frames(1) + b"\xff\xfb\x94\x00" + bytes(380) + frames(1) + bytes(40)
    with pytest.raises(UnknownContainer):
        name_of(mixed)


def test_a_tag_is_not_yet_an_mp3() -> None:
    flac = b"fLaC\x80\0\0\x22" + bytes(34)
    adts = (b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(9)) * 4
    assert name_of(id3() + flac) == "flac"
    assert name_of(id3() + adts) == "aac"
    assert name_of(id3(), "x.mp3") == "id3-tag"


def test_junk_before_a_picture_is_no_picture() -> None:
    with pytest.raises(Held):
        name_of(b"\0\x01\x02junk" + picture("JPEG"), "x.jpg")


def test_an_empty_picture_is_damaged_and_an_empty_text_a_text() -> None:
    with pytest.raises(Damaged):
        name_of(b"", "x.jpg")
    assert name_of(b"", "x.txt") == name_of(b"") == "text"


@pytest.mark.parametrize(
    ("members", "name"),
    [
        ((("a.txt", b"x"),), "zip"),
        ((("[Content_Types].xml", b"x"), ("word/document.xml", b"x")), "docx"),
        ((("[Content_Types].xml", b"x"), ("xl/workbook.xml", b"x")), "xlsx"),
        ((("[Content_Types].xml", b"x"), ("ppt/presentation.xml", b"x")), "pptx"),
        ((("mimetype", b"application/epub+zip"),), "epub"),
        ((("mimetype", b"application/vnd.oasis.opendocument.text"),), "odf"),
        ((("doc.kml", b"x"),), "kmz"),
        ((("META-INF/MANIFEST.MF", b"x"),), "jar"),
        ((("model/data.pkl", b"x"),), "torch"),
    ],
)
def test_zips_go_by_their_members(members: tuple[tuple[str, bytes], ...], name: str) -> None:
    assert name_of(archive(*members)) == name


def test_other_containers(tmp_path: Path) -> None:
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as target:
        target.addfile(tarfile.TarInfo("a"))
    npz, npy = io.BytesIO(), io.BytesIO()
    np.savez(npz, a=np.arange(3))
    np.save(npy, np.arange(3))
    with sqlite3.connect(tmp_path / "x.db") as base:
        base.execute("create table t (a)")
    base.close()
    assert name_of(tar.getvalue()) == "tar"
    assert name_of(npz.getvalue()) == "npz"
    assert name_of(npy.getvalue()) == "npy"
    assert identify(FileSource(tmp_path / "x.db")).container.name == "sqlite"
    assert name_of(b"\x1f\x8b\x08\0" + bytes(6)) == "gzip"
    assert name_of(Path("/bin/sh").read_bytes()[:4096]) == "elf"


def test_iso_files_go_by_brand() -> None:
    def file(brand: bytes, *others: bytes) -> bytes:
        size = 16 + 4 * len(others)
        return struct.pack(">I", size) + b"ftyp" + brand + bytes(4) + b"".join(others) + bytes(64)

    assert name_of(file(b"heic")) == "heic"
    assert name_of(file(b"avif")) == "avif"
    assert name_of(file(b"mif1", b"mif1", b"avif")) == "avif"
    assert name_of(file(b"crx ")) == "cr3"
    assert name_of(file(b"qt  ")) == "mov"
    assert name_of(file(b"M4A ")) == "m4a"
    assert name_of(file(b"isom")) == "mp4"
    assert name_of(file(b"isom"), "x.m4a") == "m4a"
    assert name_of(file(b"isom") + b"hdlr vide", "x.m4a") == "mp4"


def test_raw_pictures_go_by_tag_then_by_suffix() -> None:
    dng = b"II*\0\x08\0\0\0" + b"\x01\0" + struct.pack("<HHI", 50706, 1, 4) + b"\1\4\0\0" + bytes(4)
    plain = b"II*\0\x08\0\0\0" + b"\x01\0" + struct.pack("<HHI", 256, 3, 1) + b"\1\0\0\0" + bytes(4)
    assert name_of(dng, "x.tif") == "dng"
    assert name_of(plain, "x.nef") == "nef"
    assert name_of(plain, "x.tif") == "tiff"
    assert name_of(b"II*\0\x10\0\0\0CR\x02\0" + bytes(60), "x.tif") == "cr2"


def test_polyglots_are_named() -> None:
    jpeg = picture("JPEG")
    zipped = archive(("a.txt", b"x"))
    comment = b"\xff\xfe" + struct.pack(">H", 40) + b"%PDF-1.7 ".ljust(38)

    def others(data: bytes) -> tuple[str, ...]:
        return identify(MemorySource(data), "x.jpg").polyglots

    assert others(jpeg) == ()
    assert others(jpeg + zipped) == ("zip",)
    assert others(jpeg[:2] + comment + jpeg[2:]) == ("pdf",)
    assert others(jpeg + b"\0\0\0\x18ftypmp42" + bytes(16)) == ("mp4",)
    assert others(jpeg + b"Rar!\x1a\x07\0") == ("rar",)
    assert others(jpeg + b"7z\xbc\xaf\x27\x1c") == ("7z",)
    assert others(jpeg + picture("PNG")) == ("png",)
    script = b"<html><script>1</script>".ljust(38)
    assert others(jpeg[:2] + comment[:4] + script + jpeg[2:]) == ("html",)
    assert identify(MemorySource(zipped)).polyglots == ()


class _Counted:
    """A source of any size that says how much was read."""

    def __init__(self, head: bytes, size: int) -> None:
        self.head, self.size, self.read_bytes = head, size, 0

    def read(self, offset: int, n: int) -> bytes:
        self.read_bytes += n
        return self.head[offset : offset + n].ljust(n, b"\0")


@pytest.mark.parametrize(
    "head", [b"RIFF\0\0\0\0WAVEfmt ", b"ID3\x04\0\0\x7f\x7f\x7f\x7f", b"abc\n"]
)
def test_a_huge_file_costs_nothing(head: bytes) -> None:
    source = _Counted(head, 4 << 30)
    try:
        identify(source)
    except Held:
        pass
    assert source.read_bytes < 400_000


def test_the_suffix_that_lies_is_noted() -> None:
    assert not identify(MemorySource(picture("PNG")), "x.jpg").suffix_agrees
    assert identify(MemorySource(picture("PNG")), "x.png").suffix_agrees
    assert identify(MemorySource(picture("PNG")), "x").suffix_agrees


_KINDS = {
    ".jpg": {"jpeg"}, ".jpeg": {"jpeg"}, ".heic": {"heic"}, ".heif": {"heic"}, ".tiff": {"tiff"},
    ".conllu": {"text"}, ".conll": {"text"}, ".txt": {"text"}, ".md": {"markdown"},
    ".rst": {"text"}, ".json": {"json"}, ".mp3": {"mp3"}, ".flac": {"flac"}, ".wav": {"wav"},
    ".wma": {"wma"}, ".aif": {"aiff"}, ".m4a": {"m4a"}, ".m4b": {"m4a"}, ".mp4": {"mp4"},
    ".ogg": {"ogg"}, ".opus": {"opus"}, ".oggtheora": {"ogv"}, ".oggflac": {"ogg"},
    ".spx": {"spx"}, ".ape": {"ape"}, ".wv": {"wavpack"}, ".tta": {"tta"}, ".tak": {"tak"},
    ".ofr": {"optimfrog"}, ".ofs": {"optimfrog"}, ".dsf": {"dsf"}, ".dff": {"dff"},
    ".mid": {"midi"}, ".ac3": {"ac3"}, ".eac3": {"ac3"}, ".aac": {"aac"}, ".3g2": {"3gp"},
    ".id3": {"id3-tag", "mp3"}, ".apev2": {"ape-tag"}, ".mpc": {"musepack"},
}  # fmt: skip
_ODD = {
    "emptyfile.mp3": "damaged",
    "too-short.mp3": "id3-tag",  # a tag and less than one frame
    "almostempty.mpc": "id3-tag",
    "sv4_header.mpc": "unknown-container",  # headers without any mark
    "sv5_header.mpc": "unknown-container",
}


@pytest.mark.skipif(not CORPORA.is_dir(), reason="no corpora here")
def test_every_corpus_file_is_what_it_is() -> None:
    wrong = []
    files = [path for path in sorted(CORPORA.rglob("*")) if path.is_file()]
    assert len(files) > 200
    for path in files:
        try:
            found = identify(FileSource(path), path.name)
            name = found.container.name
            assert found.polyglots == (), path
        except Held as held:
            name = held.code
        expected = (
            {_ODD[path.name]} if path.name in _ODD else _KINDS.get(path.suffix.lower(), {"text"})
        )
        if name not in expected:
            wrong.append((path.name, name))
    assert wrong == []


def test_deflated_noise_is_unknown() -> None:
    noise = zlib.compress(bytes(range(256)) * 64)[2:]
    with pytest.raises(UnknownContainer):
        name_of(noise, "x.txt")
