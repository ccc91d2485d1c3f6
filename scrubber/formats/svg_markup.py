"""Whether a file is XML that an SVG picture may be, and its pieces as words for people."""

from __future__ import annotations

import re
from xml.parsers import expat

from scrubber.errors import Damaged, Unsupported

MAX_DEPTH = 200
_REFERENCE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_TAG = re.compile(r"<[^>]*>")


def well_formed(data: bytes) -> None:
    """Raises Damaged for what is no XML, Unsupported for document types with declarations."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:64]:
        raise Unsupported("The picture is not in UTF-8.", "", "Save it again as UTF-8.")
    parser = expat.ParserCreate("utf-8")
    depth = 0

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise Unsupported(f"The picture is nested deeper than {MAX_DEPTH} elements.")

    def end(_: object) -> None:
        nonlocal depth
        depth -= 1

    def doctype(_name: str, _system: str | None, _public: str | None, subset: bool) -> None:
        if subset:
            raise Unsupported(
                "The picture's document type declares entities of its own.",
                "scrub does not expand them.",
                "Save it as plain SVG in the editor that made it.",
            )

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Damaged(f"The picture is no well-formed XML (line {error.lineno}).") from error
    if _REFERENCE.search(
        re.sub(rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?.*?\?>", b"", data, flags=re.S)
    ):
        raise Unsupported("The picture uses entities that it does not declare.")


def raw_value(row: re.Match[bytes]) -> bytes:
    """An attribute's value as it is written, without its quotes."""
    single: bytes
    double: bytes | None
    double, single = row["double"], row["single"]
    return single if double is None else double


def words(data: bytes) -> str:
    """The text in a piece of markup."""
    text = data.decode("utf-8", "replace").strip()
    if "<" not in text:
        return text
    return "; ".join(said for run in _TAG.split(text) if (said := " ".join(run.split())))


def comment_words(data: bytes) -> str:
    """What a comment says."""
    return " ".join(data.decode("utf-8", "replace").strip().removeprefix("<!--")[:-3].split())
