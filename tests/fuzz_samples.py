"""Small files of every kind that is cleaned, with planted words, for random damage.

Each row of the container table that can be written has an entry; the makers are those of the
tests of that format, and are loaded when they are asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

from chat_exports import EXPORTS

PORTFOLIO = Path(__file__).parent.parent / "sample_media" / "portfolio"
Rows = Iterator[bytes]


@cache
def samples(row: str) -> tuple[bytes, ...]:
    """Files of the kind `row`; none is larger than a few thousand bytes but films."""
    return tuple(MAKERS[row]())


def _of(module: str) -> Any:  # the modules of tests, whatever they hold
    return import_module(module)


def _jpeg() -> Rows:
    pictures, gain = _of("pictures"), _of("gain_maps")
    plain = pictures.jpeg(size=(16, 8), exif=pictures.exif_with(6), comment=pictures.PLANTED)
    xmp = pictures.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + pictures.xmp_with(6))
    yield plain[:2] + xmp + plain[2:] + pictures.PLANTED
    yield pictures.jpeg("L", size=(16, 16), progressive=True, icc_profile=pictures.srgb_profile())
    yield gain.ultra_hdr(size=(16, 8))
    yield gain.by_iso()


def _png() -> Rows:
    pictures, hidden = _of("pictures"), _of("test_png").HIDDEN
    chunk = pictures.chunk
    more = chunk(b"eXIf", pictures.exif_with(6)) + b"".join(
        hidden[name][0] for name in ("zTXt", "iTXt packed", "prompt", "raw profile", "private")
    )
    xmp = b"XML:com.adobe.xmp\0\0\0\0\0" + pictures.xmp_with(3)
    yield pictures.png(before=more, after=chunk(b"iTXt", xmp))
    yield pictures.png(3, 4, interlaced=True, before=hidden["palette name"][0])
    yield pictures.animation(3, (8, 6))
    import zlib

    profile = chunk(b"iCCP", b"x\0\0" + zlib.compress(pictures.srgb_profile()))
    yield pictures.png(0, 8, width=5, height=4, before=profile)


def _mp3() -> Rows:
    mp3 = _of("test_mp3")
    sound = mp3.made()[: mp3.frame_starts(mp3.made())[6]]
    for name in ("enhanced", "everything", "APEv2 without header", "appended without footer"):
        yield mp3.ARTIST + sound + mp3.AFTER[name]
    yield from (before + sound for before in list(mp3.BEFORE.values())[:6] if len(before) < 4096)


def _flac() -> Rows:
    flac = _of("test_flac")
    info, frames = flac.made(seconds=0.05)
    blocks = [row for name, row in flac.HIDING.items() if name != "PADDING"]
    yield flac.flac(*blocks, (4, flac.comments(flac.MASK)), info=info, frames=frames)
    yield flac.ARTIST + flac.flac((1, bytes(9)), info=info, frames=frames) + flac.ID3V1


def _wav() -> Rows:
    wav = _of("test_wav")
    hidden = {name: row for name, row in wav.HIDING.items() if name != "cart"}
    rows = wav.chunk(b"fmt ", wav.fmt()), wav.chunk(b"data", wav.samples(40))
    yield wav.riff(*hidden.values(), *rows, wav.chunk(b"data", b""))
    yield wav.riff(rows[0], hidden["LIST INFO"], rows[1], hidden["bext"])
    yield wav.riff(rows[0], rows[1], hidden["id3"], hidden["LIST adtl"])
    yield wav.rf64()


def _aiff() -> Rows:
    aiff = _of("test_aiff")
    comm, sound = aiff.chunk(b"COMM", aiff.comm(40)), aiff.ssnd(aiff.samples(40))
    yield aiff.form(*aiff.HIDING.values(), comm, sound)
    coded = aiff.chunk(b"COMM", aiff.comm_c(frames=40, name=aiff.PASCAL))
    yield aiff.form(aiff.VERSION, coded, aiff.HIDING["ID3"], sound, kind=b"AIFC")


def _au() -> Rows:
    au = _of("test_au")
    yield au.au(au.samples(40), au.PLANTED + b"\0\0\0")
    yield au.PLAIN[:60]


def _caf() -> Rows:
    caf = _of("test_caf")
    layout, sound = caf.chunk(b"chan", caf.STEREO), caf.sound(caf.samples(40), b"Jane")
    yield caf.caf(caf.desc(), *caf.HIDING.values(), layout, sound)
    yield caf.caf(caf.desc(), layout, caf.HIDING["info"], sound)


def _w64() -> Rows:
    w64 = _of("test_w64")
    yield w64.w64(w64.FMT, *w64.HIDING.values(), w64.chunk(b"data", w64.samples(40)))
    yield w64.w64(w64.FMT, w64.HIDING["marker"], w64.chunk(b"data", w64.samples(41), b"J"))


def _dsf() -> Rows:
    dsd = _of("test_dsd")
    yield dsd.dsf(900, 1, b"\0", dsd.ARTIST)


def _dff() -> Rows:
    dsd = _of("test_dsd")
    sound = dsd.chunk(b"DSD ", dsd.noise(100))
    yield dsd.dff(dsd.FVER, dsd.prop(), sound, *dsd.PRIVATE.values())
    yield dsd.dst(dsd.PRIVATE["tag"])


def _robust(module: str) -> Rows:
    yield from _of(module).robust_samples().values()


def _hiding(module: str, most: int = 8) -> Rows:
    rows = [row for row in _of(module).HIDING.values() if isinstance(row, bytes)]
    yield from rows[:: max(1, len(rows) // most)]


def _places(module: str, most: int = 8) -> Rows:
    rows = list(_of(module).PLACES.values())
    for make in rows[:: max(1, len(rows) // most)]:
        made = make() if callable(make) else make
        yield made.build() if hasattr(made, "build") else made


def _tiff(big: bool) -> Rows:
    tiff, files = _of("test_tiff"), _of("tiff_files")
    if big:
        for order in "<>":
            pages = [tiff.Page(trees={0x8769: tiff.exif_tree()}), tiff.copy()]
            yield files.File(pages, order, True).build()
        yield tiff.ROBUST["BigTIFF"]()
    else:
        yield from (make() for name, make in tiff.ROBUST.items() if name != "BigTIFF")


def _heif() -> Rows:
    yield from _places("test_heif", 6)
    yield _of("test_heif").tone_map().build()


def _heic() -> Rows:
    """The same boxes under the other brand: what is inside is told by the items."""
    for data in _heif():
        yield data.replace(b"ftypavif", b"ftypheic", 1)
    yield (PORTFOLIO / "photos/IMG_0051.heic").read_bytes()


def _dng() -> Rows:
    dng = _of("dng_files")
    yield from (dng.converter(), dng.camera("lossless"), dng.converter("deflate"))


def _ogg(kinds: tuple[str, ...], pages: int = 2) -> Rows:
    ogg = _of("ogg_files")
    for kind in kinds:
        sound = ogg.SOUNDS[kind]()
        start = b"\x84" if kind == "flac" else b"OpusTags" if kind == "opus" else b""
        note = ogg.comments(b"ARTIST=PLANTED-7f3a", vendor=b"PLANTED-7f3a")
        if kind == "vorbis":
            start, note = b"\x03vorbis", note + b"\x01"
        if kind == "flac":
            start += len(note).to_bytes(3, "big")
        kept = sound.pages[:pages]
        kept = (*kept[:-1], replace(kept[-1], flags=kept[-1].flags | 4))
        short = replace(sound, pages=kept)
        short = short.said(start + note) if kind != "speex" else short
        yield short.file()
        if kind == "vorbis":
            head, bone = ogg.skeleton()
            first, *rest = short.all()
            yield ogg.joined([head, first, bone, *rest])


def _film(form: str, video: str = "libx264", audio: str = "aac", flags: str = "") -> Rows:
    mp4 = _of("mp4_files")
    data = mp4.film(video, audio, form, flags)
    yield data
    words = mp4.box(b"meta", bytes(4), mp4.box(b"ilst", mp4.box(b"\xa9nam", bytes(20))))
    for hidden in (mp4.box(b"\xa9xyz", b"PLANTED-7f3a"), words, mp4.box(b"uuid", bytes(16))):
        yield mp4.change(data, "moov", lambda body, more=hidden: body + mp4.box(b"udta", more))


def _m4a() -> Rows:
    yield from _film("ipod", "", "aac")
    yield (PORTFOLIO / "recordings/memo.m4a").read_bytes()


def _matroska(form: str, codings: tuple[tuple[str, str], ...]) -> Rows:
    files = _of("matroska_files")
    for video, audio in codings:
        data = files.film(video, audio, form)
        yield data
        yield files.unsized(data)
        tag = files.el("Tags", files.el("Void", b"PLANTED-7f3a"))
        yield files.change(data, "Segment", lambda body, more=tag: body + more)


def _svg() -> Rows:
    svg = _of("test_svg")
    rows = [row for row in svg.PLACES.values() if isinstance(row, bytes)]
    yield from rows[:: max(1, len(rows) // 12)]


def _mail(name: str) -> Rows:
    mails = _of("mails")
    if name == "mbox":
        yield mails.mbox()
    else:
        yield from (mails.PLAIN, mails.mixed(), mails.mixed(crlf=False))


def _file(path: str) -> Rows:
    yield (PORTFOLIO / path).read_bytes()


def _texts(*rows: str) -> Rows:
    yield from (row.encode() for row in rows)


def _export(row: str) -> Rows:
    """The export of that kind; where only its list or its lines are known, those of the other."""
    known = {export.row: export for export in EXPORTS}
    if row in known:
        yield known[row].data
        return
    other = {"langsmith": "langsmith-rows", "langfuse-rows": "langfuse",
             "prompt-table": "prompt-rows"}[row]  # fmt: skip
    value = known[other].value
    if row.endswith("-rows"):
        yield b"".join(json.dumps(one).encode() + b"\n" for one in value)
    else:
        rows = [one for one in value if row != "prompt-table" or "prompt" in one]
        yield json.dumps(rows).encode()


_PROJECT = json.dumps(
    [{"uuid": "1111aaaa-0000-4000-8000-00000000c0de", "name": "Boats", "description": "Sails",
      "is_private": True, "is_starter_project": False, "prompt_template": "Be brief.",
      "created_at": "2024-05-01T10:00:00.123456+00:00",
      "updated_at": "2024-05-01T10:00:00.123456+00:00",
      "creator": {"uuid": "2222aaaa-0000-4000-8000-00000000c0de", "full_name": "Jane Roe"},
      "docs": [{"uuid": "3333aaaa-0000-4000-8000-00000000c0de", "filename": "jane.txt",
                "content": "They float.", "created_at": "2024-05-01T10:00:00+00:00"}]}]
)  # fmt: skip
_PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Boats of Jane Roe</title>'
    "<style>p { color: red }</style></head><body><!-- by Jane Roe -->"
    "<p title='jane.roe@example.com'>"
    "They &amp; float.<br>By <b>Jane Roe</b></p><script>let a = '<b>';</script></body></html>\n"
)
_CSV = 'name,mail,"a ""note"""\r\nJane Roe,jane.roe@example.com,"two\r\nlines"\r\n,,=1+1\r\n'

MAKERS: dict[str, Callable[[], Rows]] = {
    "jpeg": _jpeg, "png": _png, "mp3": _mp3, "flac": _flac, "wav": _wav,
    "text": partial(_file, "texts/transcript.txt"), "markdown": partial(_file, "texts/notes.md"),
    "csv": partial(_texts, _CSV), "tsv": partial(_texts, _CSV.replace(",", "\t")),
    "json": partial(_texts, '{"a": [1, -2.5e3, "\\u00e9 jane@example.com", null, {"b": {}}]}\n'),
    "jsonl": partial(_texts, '{"a": "jane@example.com"}\n["x", 1]\n"Jane Roe"\n'),
    "srt": partial(_file, "recordings/interview.srt"),
    "vtt": partial(_file, "recordings/interview.vtt"),
    "code": partial(_file, "texts/upload.py"),
    "settings": lambda: iter((_of("test_settings").SAMPLES["yaml"],)),
    "tex": lambda: iter((_of("test_tex").TEXT,)), "ass": lambda: iter((_of("test_ass").SCRIPT,)),
    "html": partial(_texts, _PAGE),
    "heic": _heic, "avif": _heif, "webp": partial(_places, "test_webp", 10),
    "gif": partial(_places, "test_gif", 10), "tiff": partial(_tiff, False),
    "bigtiff": partial(_tiff, True), "dng": _dng, "jxl": partial(_hiding, "test_jxl"),
    "jp2": partial(_hiding, "test_jp2", 10), "bmp": partial(_hiding, "test_bmp"),
    "ico": partial(_hiding, "test_ico"), "svg": _svg,
    "ogg": partial(_ogg, ("vorbis", "flac")), "opus": partial(_ogg, ("opus",)),
    "spx": partial(_ogg, ("speex",)),
    "aiff": _aiff, "aac": partial(_robust, "test_aac"), "m4a": _m4a,
    "wma": partial(_robust, "test_asf"), "ape": partial(_robust, "test_monkeys"),
    "wavpack": partial(_robust, "test_wavpack"), "musepack": partial(_robust, "test_musepack"),
    "tta": partial(_robust, "test_tta"), "dsf": _dsf, "dff": _dff,
    "midi": partial(_robust, "test_midi"), "amr": partial(_robust, "test_amr"),
    "au": _au, "caf": _caf, "w64": _w64, "ac3": partial(_robust, "test_ac3"),
    "mp4": partial(_film, "mp4"), "mov": partial(_film, "mov"),
    "3gp": partial(_film, "3gp", "mpeg4"),
    "mkv": partial(_matroska, "matroska", (("libx264", "vorbis"),)),
    "webm": partial(_matroska, "webm", (("libvpx", "libopus"), ("", "libopus"))),
    "eml": partial(_mail, "eml"), "mbox": partial(_mail, "mbox"),
    "lrc": lambda: iter((_of("test_lyrics").LRC.encode(),)),
    "sbv": lambda: iter((_of("test_lyrics").SBV.encode(),)),
    "claude-projects": partial(_texts, _PROJECT),
    "xml": lambda: iter((_of("test_xml_document").PEOPLE, _of("test_xml_document").LIST)),
    "whatsapp": lambda: iter((_of("test_chat_whatsapp").IOS, _of("test_chat_whatsapp").ANDROID)),
    "sms-backup": lambda: iter((_of("test_sms_backup").BACKUP,)),
    **{export.row: partial(_export, export.row) for export in EXPORTS},
    **{row: partial(_export, row) for row in ("langsmith", "langfuse-rows", "prompt-table")},
}  # fmt: skip

SUFFIXED = re.compile(r"[^a-z0-9-]")


def name_of(row: str) -> str:
    """A file name under which `row` is what it is."""
    from scrubber.containers import table

    for export in EXPORTS:
        if export.row == row:
            return export.name.rpartition("/")[2]
    return "WhatsApp Chat.txt" if row == "whatsapp" else f"sample{table()[row].suffix}"
