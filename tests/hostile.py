"""Files that somebody made to break us, by name: bombs, circles, lies, and two files in one.

Every one has the planted words somewhere. None is larger than a few megabytes.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from heif_files import Entry, plain
from matroska_files import el
from mp4_files import box, film
from ogg_files import Page, joined, laced, opus
from pictures import PNG_SIGNATURE, chunk, jpeg, png, segment, tiff

PLANTED = b"PLANTED-7f3a91"
HOSTILE: dict[str, Callable[[], bytes]] = {}


def hostile(name: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def add(make: Callable[[], bytes]) -> Callable[[], bytes]:
        HOSTILE[name] = make
        return make

    return add


def file(name: str, data: Callable[[], bytes]) -> None:
    HOSTILE[name] = data


# pictures -----------------------------------------------------------------------------------


def _bomb(n: int = 100 << 20) -> bytes:
    return zlib.compress(PLANTED + bytes(n), 9)


file("png-iccp-bomb.png", lambda: png(before=chunk(b"iCCP", b"x\0\0" + _bomb())))
file("png-ztxt-bomb.png", lambda: png(before=chunk(b"zTXt", b"Comment\0\0" + _bomb())))
file("png-itxt-bomb.png", lambda: png(after=chunk(b"iTXt", b"T\0\1\0\0\0" + _bomb())))
file("png-many-texts.png", lambda: png(before=chunk(b"tEXt", b"A\0" + PLANTED) * 100_000))
file("png-many-empty.png", lambda: png(after=chunk(b"zzZz") * 200_000))
file("png-empty-idat.png", lambda: png(after=chunk(b"IDAT") * 100_000))
file("png-frames.png", lambda: png(before=chunk(b"acTL", b"\xff" * 8) + chunk(b"tEXt", PLANTED)))
file("png-length.png", lambda: png() + b"\xff\xff\xff\xfftEXt" + PLANTED)
file("png-width.png", lambda: PNG_SIGNATURE
     + chunk(b"IHDR", struct.pack(">IIBBBBB", 0x7FFFFFFF, 0x7FFFFFFF, 8, 6, 0, 0, 0))
     + chunk(b"tEXt", b"A\0" + PLANTED) + chunk(b"IDAT", _bomb(1 << 20))
     + chunk(b"IEND"))  # fmt: skip


@hostile("jpeg-sixty-thousand-segments.jpg")
def _segments() -> bytes:
    data = jpeg()
    return data[:2] + segment(0xEC, PLANTED) * 60_000 + data[2:]


@hostile("jpeg-circle-in-exif.jpg")
def _circle() -> bytes:
    block = bytearray(tiff([(0x013B, 2, 15, PLANTED + b"\0"), (0x8769, 4, 1, b"\x08\0\0\0")]))
    block[8 + 2 + 24 : 8 + 2 + 28] = b"\x08\0\0\0"  # the next directory is the first
    data = jpeg()
    return data[:2] + segment(0xE1, b"Exif\0\0" + bytes(block)) + data[2:]


@hostile("jpeg-huge.jpg")
def _huge_jpeg() -> bytes:
    data = bytearray(jpeg() + PLANTED)
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    return bytes(data)


@hostile("jpeg-thousand-scans.jpg")
def _scans() -> bytes:
    data = jpeg("L", progressive=True)
    at = data.rindex(b"\xff\xda")
    return data[:at] + data[at:-2] * 5000 + data[-2:] + PLANTED


def _ifd(rows: list[tuple[int, int, int, int]], following: int) -> bytes:
    body = b"".join(struct.pack("<HHII", *row) for row in rows)
    return struct.pack("<H", len(rows)) + body + struct.pack("<I", following)


file("tiff-circle.tif", lambda: b"II*\0\x08\0\0\0" + _ifd([(256, 4, 1, 1)], 8) + PLANTED)
file("tiff-sub-circle.tif", lambda: b"II*\0\x08\0\0\0"
     + _ifd([(256, 4, 1, 1), (330, 4, 1, 8)], 0) + PLANTED)  # fmt: skip
file("tiff-chain.tif", lambda: b"II*\0\x08\0\0\0"
     + b"".join(_ifd([(315, 2, 4, 0x414E414A)], 8 + 18 * (i + 1)) for i in range(60_000))
     + PLANTED)  # fmt: skip
file("tiff-count.tif", lambda: b"II*\0\x08\0\0\0"
     + _ifd([(256, 4, 0xFFFFFFFF, 8), (273, 4, 0xFFFFFFFF, 8), (279, 4, 0xFFFFFFFF, 8)], 0)
     + PLANTED)  # fmt: skip
file("tiff-strip-outside.tif", lambda: b"II*\0\x08\0\0\0"
     + _ifd([(256, 4, 1, 9), (257, 4, 1, 9), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
             (273, 4, 1, 0xFFFFFF00), (277, 3, 1, 1), (279, 4, 1, 81)], 0) + PLANTED)  # fmt: skip
file("bigtiff-count.tif", lambda: b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, 1 << 63) + PLANTED)


@hostile("heif-outside.avif")
def _outside() -> bytes:
    data = plain().build()
    at = data.index(b"iloc") + 4 + 4 + 2 + 2 + 2 + 2 + 2 + 2
    return data[:at] + b"\xff\xff\xff\x00" + data[at + 4 :] + PLANTED


@hostile("heif-shared-bytes.avif")
def _shared() -> bytes:
    made = plain()
    made.entries.append(Entry(b"Exif", b"\0\0\0\0" + tiff([(0x013B, 2, 15, PLANTED + b"\0")])))
    data = bytearray(made.build())
    at = data.index(b"iloc") + 4 + 4 + 2 + 2
    first, second = at + 8, at + 8 + 16  # each row: id, method, reference, count, offset, length
    data[second : second + 8] = data[first : first + 8]
    return bytes(data)


file("heif-deep.heic", lambda: box(b"ftyp", b"heic", bytes(4), b"mif1")
     + _nested(b"meta", 3000, b"\0\0\0\0") + PLANTED)  # fmt: skip
file("mp4-deep.mp4", lambda: film()[:32] + _nested(b"moov", 20_000) + PLANTED)
file("mp4-wide-size.mp4", lambda: film() + b"\0\0\0\1free\x7f" + b"\xff" * 7 + PLANTED)
file("mp4-to-the-end.mp4", lambda: b"\0\0\0\0free" + film() + PLANTED)
file("mp4-tiny-size.mp4", lambda: film() + b"\0\0\0\4free" + PLANTED)
file("mp4-many-boxes.mp4", lambda: film() + box(b"free", PLANTED) * 100_000)


def _nested(kind: bytes, times: int, head: bytes = b"") -> bytes:
    sizes = ((8 + len(head)) * (times - i) + len(PLANTED) for i in range(times))
    return b"".join(size.to_bytes(4, "big") + kind + head for size in sizes) + PLANTED


@hostile("mp4-samples.mp4")
def _samples() -> bytes:
    data = bytearray(film())
    for kind in (b"stsz", b"stts", b"stsc", b"stco", b"elst"):
        at = data.index(kind) + (12 if kind == b"stsz" else 8)
        data[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(data) + box(b"free", PLANTED)


file("gif-canvas.gif", lambda: b"GIF89a\xff\xff\xff\xff\0\0\0!\xfe\x0e" + PLANTED
     + b"\0,\0\0\0\0\xff\xff\xff\xff\0\2\2D\1\0;")  # fmt: skip
file("gif-frames.gif", lambda: b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff!\xfe\x0e" + PLANTED
     + b"\0" + b",\0\0\0\0\1\0\1\0\0\2\2D\1\0" * 60_000 + b";")  # fmt: skip
file("gif-comments.gif", lambda: b"GIF89a\1\0\1\0\0\0\0" + (b"!\xfe\x0e" + PLANTED + b"\0") * 90_000
     + b",\0\0\0\0\1\0\1\0\0\2\2D\1\0;")  # fmt: skip
file("webp-canvas.webp", lambda: b"RIFF" + struct.pack("<I", 40) + b"WEBPVP8X\x0a\0\0\0\x02\0\0\0"
     + b"\xff" * 6 + b"zzzz\x0e\0\0\0" + PLANTED)  # fmt: skip
file("jp2-wide-size.jp2", lambda: b"\0\0\0\x0cjP  \r\n\x87\n" + box(b"ftyp", b"jp2 \0\0\0\0jp2 ")
     + b"\0\0\0\1xml \xff\xff\xff\xff\xff\xff\xff\xff" + PLANTED)  # fmt: skip
file("jp2-deep.jp2", lambda: b"\0\0\0\x0cjP  \r\n\x87\n" + box(b"ftyp", b"jp2 \0\0\0\0jp2 ")
     + _nested(b"jp2h", 5000))  # fmt: skip
file("jxl-many-boxes.jxl", lambda: b"\0\0\0\x0cJXL \r\n\x87\n" + box(b"ftyp", b"jxl \0\0\0\0jxl ")
     + box(b"brob", b"xml " + PLANTED) * 50_000)  # fmt: skip
file("bmp-huge.bmp", lambda: b"BM" + struct.pack("<IIIIiiHHIIiiII", 70, 0, 54, 40, 0x7FFFFFFF,
     -0x80000000, 1, 24, 0, 0, 0, 0, 0, 0) + PLANTED)  # fmt: skip
file("ico-overlap.ico", lambda: b"\0\0\1\0\xff\xff" + struct.pack("<BBBBHHII", 9, 9, 0, 0, 1, 32,
     14, 22) * 65535 + PLANTED)  # fmt: skip
file("svg-entities.svg", lambda: b"<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'>"
     + b"".join(b"<!ENTITY %c '%s'>" % (c, b"&%c;" % (c - 1) * 10) for c in range(98, 110))
     + b"]><svg xmlns='http://www.w3.org/2000/svg'><text>&m;" + PLANTED
     + b"</text></svg>")  # fmt: skip
file("svg-deep.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * 60_000
     + b"<title>" + PLANTED + b"</title>" + b"</g>" * 60_000 + b"</svg>")  # fmt: skip

# recordings and films -----------------------------------------------------------------------

FMT = b"fmt \x10\0\0\0" + struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)


def _wav(*chunks: bytes, size: int | None = None) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) if size is None else size) + body


SOUND = b"data\x40\0\0\0" + bytes(range(64))
file("wav-many-chunks.wav", lambda: _wav(FMT, b"LIST\0\0\0\0" * 200_000, SOUND))
file("wav-past-the-end.wav", lambda: _wav(FMT, SOUND, b"LIST\xff\xff\xff\x7f" + PLANTED))
file("wav-deep-lists.wav", lambda: _wav(FMT, SOUND, b"".join(
     b"LIST" + struct.pack("<I", 12 * (3000 - i) + 20) + b"INFO"
     for i in range(3000)) + PLANTED))  # fmt: skip
file("wav-rf64-lies.wav", lambda: b"RF64\xff\xff\xff\xffWAVEds64\x1c\0\0\0" + b"\xff" * 28 + FMT
     + b"data\xff\xff\xff\xff" + bytes(64) + PLANTED)  # fmt: skip
file("w64-zero-sizes.w64", lambda: bytes.fromhex("726966662e91cf11a5d628db04c10000") + bytes(8)
     + bytes.fromhex("77617665f3acd3118cd100c04f8edb8a") + PLANTED.ljust(16, b"\0")
     + bytes(24))  # fmt: skip
file("aiff-past-the-end.aiff", lambda: b"FORM\0\0\0\x1eAIFFNAME\x7f\xff\xff\xff" + PLANTED)
file("flac-block-past-the-end.flac", lambda: b"fLaC\0\0\0\x22" + bytes(34) + b"\x84\xff\xff\xff"
     + PLANTED)  # fmt: skip
file("flac-many-blocks.flac", lambda: b"fLaC\0\0\0\x22" + bytes(34)
     + (b"\1\0\0\x0e" + PLANTED) * 100_000)  # fmt: skip
file("flac-comment-count.flac", lambda: b"fLaC\0\0\0\x22" + bytes(34) + b"\x84\0\0\x16"
     + bytes(4) + b"\xff\xff\xff\xff" + PLANTED)  # fmt: skip
file("caf-sizes.caf", lambda: b"caff\0\1\0\0info\x7f" + b"\xff" * 7 + PLANTED)
file("dff-sizes.dff", lambda: b"FRM8\x7f" + b"\xff" * 7 + b"DSD COMT\x7f" + b"\xff" * 7 + PLANTED)
file("dsf-points-at-itself.dsf", lambda: b"DSD " + struct.pack("<QQQ", 28, 200, 28)
     + b"fmt " + struct.pack("<QIIIIIIQI", 52, 1, 0, 2, 1, 2822400, 1, 1 << 62, 4096) + bytes(4)
     + b"data" + struct.pack("<Q", 12) + PLANTED)  # fmt: skip
file("asf-zero-object.wma", lambda: bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
     + struct.pack("<QIBB", 78, 0xFFFFFFFF, 1, 2) + bytes(24)
     + PLANTED.ljust(24, b"\0"))  # fmt: skip
file("wavpack-size.wv", lambda: b"wvpk\0\0\0\0\x10\4" + b"\xff" * 22 + PLANTED)
file(
    "tta-samples.tta",
    lambda: b"TTA1\1\0\2\0\x10\0\x44\xac\0\0\xff\xff\xff\xff" + bytes(4) + PLANTED,
)
file("ape-frames.ape", lambda: b"MAC " + struct.pack("<HHIIIIIII", 3990, 0, 52, 24, 0xFFFFFFFF, 44,
     0xFFFFFFFF, 0, 0) + bytes(16) + struct.pack("<HHIIIHHI", 2000, 0, 73728, 1, 0xFFFFFFFF, 16, 2,
     44100) + PLANTED)  # fmt: skip
file("musepack-empty-packets.mpc", lambda: b"MPCK" + b"RG\3" * 100_000 + PLANTED)
file("midi-endless-number.mid", lambda: b"MThd\0\0\0\6\0\0\0\1\0\x60MTrk\0\1\0\0" + b"\x81" * 65_522
     + PLANTED)  # fmt: skip
file("au-offset.au", lambda: b".snd\xff\xff\xff\xff\xff\xff\xff\xff" + bytes(12) + PLANTED)
file("id3-over-the-file.mp3", lambda: b"ID3\4\0\0\x7f\x7f\x7f\x7fTIT2\0\0\0\x0f\0\0\3" + PLANTED)
file("id3-many.mp3", lambda: (b"ID3\4\0\0\0\0\0\x18TIT2\0\0\0\x0e\0\0" + PLANTED) * 60_000
     + b"\xff\xfb\x90\0" + bytes(413))  # fmt: skip


@hostile("ogg-endless-pages.opus")
def _pages() -> bytes:
    first, *rest = opus().all()
    empty = bytes(Page(b"", b"", 0, -1, 777, 1))
    return bytes(first) + empty * 60_000 + joined(rest) + PLANTED


@hostile("ogg-endless-header.opus")
def _header() -> bytes:
    first = opus().all()[0]
    part = b"OpusTags" + PLANTED.ljust(255 * 255 - 8, b"x")
    pages = [Page(b"\xff" * 255, part, 0, -1, 777, i + 1) for i in range(40)]
    return bytes(first) + joined(pages)


@hostile("ogg-many-streams.ogg")
def _streams() -> bytes:
    return b"".join(bytes(Page(laced(PLANTED), PLANTED, 2, 0, i)) for i in range(30_000))


file("mkv-nested-unknown-sizes.mkv", lambda: el("EBML", b"\x42\x82\x88matroska")
     + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" * 20_000 + PLANTED)  # fmt: skip
file("mkv-nested-clusters.mkv", lambda: el("EBML", b"\x42\x82\x88matroska")
     + b"\x18\x53\x80\x67\xff" + b"\x1f\x43\xb6\x75\xff" * 50_000 + PLANTED)  # fmt: skip
file("mkv-size.mkv", lambda: el("EBML", b"\x42\x82\x88matroska")
     + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xfe" + el("Void", PLANTED))  # fmt: skip

# two files in one ---------------------------------------------------------------------------


def _zip(name: str = "secret.txt") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(name, PLANTED)
    return out.getvalue()


PAGE = b"<html><script>alert('" + PLANTED + b"')</script></html>"
PDF = b"%PDF-1.4\n1 0 obj<</Title(" + PLANTED + b")>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
file("two-jpeg-zip.jpg", lambda: jpeg() + _zip())
file("two-jpeg-comment-zip.jpg", lambda: jpeg()[:2] + segment(0xFE, _zip()) + jpeg()[2:])
file("two-jpeg-pdf.jpg", lambda: jpeg()[:2] + segment(0xFE, PDF) + jpeg()[2:])
file("two-png-html.png", lambda: png(before=chunk(b"tEXt", b"A\0" + PAGE)))
file("two-png-after.png", lambda: png() + PAGE)
file("two-gif-script.gif", lambda: b"GIF89a=\0\1\0\x80\0\0\0\0\0\xff\xff\xff!\xfe\x1f=1;alert('"
     + PLANTED + b"');/*a\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;*/ //" + PLANTED)  # fmt: skip
file("two-mp3-pdf.mp3", lambda: b"ID3\4\0\0\0\0\1\0" + PDF.ljust(128, b"\0")
     + (b"\xff\xfb\x90\xc4" + bytes(413)) * 6)  # fmt: skip
file("two-wav-html.wav", lambda: _wav(FMT, SOUND) + PAGE)
file("two-mp4-zip.mp4", lambda: film() + _zip())
file("two-mkv-zip.mkv", lambda: el("EBML", b"\x42\x82\x88matroska") + _zip())
file("two-flac-zip.flac", lambda: b"fLaC\x80\0\0\x22" + bytes(34) + _zip())
file("two-bmp-script.bmp", lambda: b"BM/*" + bytes(6) + b"\x36\0\0\0" + struct.pack("<IiiHHIIiiII",
     40, 1, 1, 1, 24, 0, 4, 0, 0, 0, 0) + bytes(4) + b"*/=1;alert('" + PLANTED + b"')")  # fmt: skip
file("two-zip-first.png", lambda: _zip() + png())

# under another name -------------------------------------------------------------------------

file("named-jpeg.txt", lambda: jpeg(comment=PLANTED))
file("named-jpeg.png", lambda: jpeg(comment=PLANTED))
file("named-jpeg.mp3", lambda: jpeg(comment=PLANTED))
file("named-png.csv", lambda: png(before=chunk(b"tEXt", b"A\0" + PLANTED)))
file("named-zip.jpg", _zip)
file("named-pdf.jpg", lambda: PDF)
file("named-html.png", lambda: b"<html><body><p>Write to jane.roe@example.com</p></body></html>")
file("named-exe.mp3", lambda: b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0\x64\x86" + bytes(80) + PLANTED)
file("named-sqlite.txt", lambda: b"SQLite format 3\0" + bytes(84) + PLANTED)
file("named-film.jpg", lambda: film() + box(b"free", PLANTED))
file("named-wav.m4a", lambda: _wav(FMT, SOUND, b"LIST\x1a\0\0\0INFOIART\x0e\0\0\0" + PLANTED))
