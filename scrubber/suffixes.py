"""Suffixes of file names: which of them say the same, and what kind of thing they promise."""

from __future__ import annotations

_FAMILIES = (
    ("photo", "jpg jpeg jpe jfif"),
    ("photo", "png apng"),
    ("photo", "gif"),
    ("photo", "webp"),
    ("photo", "tif tiff"),
    ("photo", "heic heif hif heics heifs"),
    ("photo", "avif"),
    ("photo", "bmp dib"),
    ("photo", "svg"),
    ("photo", "jxl"),
    ("photo", "jp2"),
    ("photo", "ico"),
    ("photo", "psd"),
    ("photo", "dng"),
    ("photo", "cr2"),
    ("photo", "cr3"),
    ("photo", "nef nrw"),
    ("photo", "arw"),
    ("photo", "raf"),
    ("photo", "orf"),
    ("photo", "rw2"),
    ("photo", "pef"),
    ("video", "mp4 m4v"),
    ("video", "mov qt"),
    ("video", "mkv"),
    ("video", "webm"),
    ("video", "avi"),
    ("video", "3gp"),
    ("video", "mts m2ts"),
    ("recording", "mp3"),
    ("recording", "wav wave"),
    ("recording", "flac"),
    ("recording", "ogg oga opus spx"),
    ("recording", "m4a m4b"),
    ("recording", "aac adts"),
    ("recording", "aif aiff"),
    ("recording", "wma wmv asf"),
    ("recording", "ape"),
    ("recording", "wv"),
    ("recording", "mpc mp+ mpp"),
    ("recording", "tta"),
    ("recording", "ac3 eac3 ec3"),
    ("recording", "amr awb"),
    ("recording", "dsf"),
    ("recording", "dff"),
    ("recording", "mid midi kar"),
    ("document", "pdf"),
    ("document", "docx"),
    ("document", "odt"),
    ("document", "rtf"),
    ("document", "epub"),
    ("document", "pptx"),
    ("table", "csv"),
    ("table", "tsv tab"),
    ("table", "xlsx"),
    ("table", "parquet"),
    ("data", "json ipynb geojson"),
    ("data", "jsonl ndjson"),
    ("data", "xml xhtml"),
    ("document", "html htm"),
    ("archive", "zip"),
    ("archive", "tar"),
    ("archive", "gz tgz"),
    ("data", "sqlite db"),
    ("text", "txt text md markdown rst log srt vtt tex lrc"),
)
_CODE = (
    "py js ts jsx tsx c h cc cpp hpp cs java go rs rb php sh bash ps1 sql css scss r swift kt lua"
    " pl toml yaml yml ini cfg conf env cmake gradle"
)
_SAME = {
    f".{suffix}": number for number, (_, row) in enumerate(_FAMILIES) for suffix in row.split()
}
_KIND = {f".{suffix}": kind for kind, row in _FAMILIES for suffix in row.split()}
_SAME |= {f".{suffix}": len(_FAMILIES) + n for n, suffix in enumerate(_CODE.split())}
_KIND |= {f".{suffix}": "code" for suffix in _CODE.split()}
_PLAIN = frozenset(suffix for suffix, kind in _KIND.items() if kind in ("text", "code")) | {
    ".csv",
    ".tsv",
    ".tab",
    ".json",
    ".jsonl",
    ".ndjson",
    ".xml",
    ".html",
    ".htm",
    ".geojson",
}


_MAX_INNER = 2


def is_known(suffix: str) -> bool:
    """Whether `suffix` (with its dot, in any case) is one of a format and so names nobody."""
    return suffix.lower() in _SAME


def kind_of(suffix: str) -> str:
    """photo, recording, text…; `file` for a suffix that is not known."""
    return _KIND.get(suffix.lower(), "file")


def agree(suffix: str, content: str) -> bool:
    """Whether a file whose content asks for the suffix `content` may be called `suffix`."""
    one, other = suffix.lower(), content.lower()
    if one == other or not content:
        return True
    if other == ".txt":
        return one in _PLAIN
    return one in _SAME and _SAME[one] == _SAME.get(other)


def split(name: str, content: str) -> tuple[str, str, str]:
    """Stem, inner suffixes and suffix of a file name: `a.jpg.txt` is `a`, `.jpg`, `.txt`.

    A suffix counts when it is known or the content's own; the stem is never empty.
    """
    stem, suffix = _last(name, content)
    inner = ""
    while suffix and inner.count(".") < _MAX_INNER:
        shorter, more = _last(stem, "")
        if not more:
            break
        stem, inner = shorter, more + inner
    return stem, inner, suffix


def _last(name: str, content: str) -> tuple[str, str]:
    stem, dot, end = name.rpartition(".")
    suffix = dot + end
    if stem.strip(". ") and end and (is_known(suffix) or suffix.lower() == content.lower()):
        return stem, suffix
    return name, ""
