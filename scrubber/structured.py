"""JSON, XML and tables: whether a text is one, and what the JSON or XML is about.

A text longer than the window is judged by its beginning: it must be a correct prefix.
"""

from __future__ import annotations

import json
import re
from collections import Counter

from scrubber import chats
from scrubber.errors import Damaged

# --- JSON (RFC 8259) --------------------------------------------------------------------------

_TOKEN = re.compile(
    r'[ \t\r\n]*(?:(?P<string>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|'
    r"(?P<number>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)|(?P<word>true|false|null)|"
    r"(?P<mark>[{}\[\],:]))"
)
_JSON_SUFFIXES = frozenset(
    (".json", ".geojson", ".ipynb", ".har", ".jsonld", ".webmanifest", ".topojson")
)
_LINE_SUFFIXES = frozenset((".jsonl", ".ndjson", ".jsonlines"))
_COMMENT = re.compile(r"//|/\*|,\s*[}\]]|'|[{,]\s*[A-Za-z_$]\w*\s*:")


def json_kind(start: str, tail: str, suffix: str) -> str | None:
    """The row of a JSON text, None when the text is not JSON.

    Raises Damaged when only the suffix says JSON: what a parser refuses may hide anything.
    """
    promised = suffix in _JSON_SUFFIXES or suffix in _LINE_SUFFIXES
    if not start:
        return "jsonl" if suffix in _LINE_SUFFIXES else ("json" if promised else None)
    if start[0] in "{[" or promised:
        if _is_lines(start, tail, suffix):
            return chats.kind_of_lines(_whole_lines(start, tail)) or "jsonl"
        if _is_json(start, bool(tail)):
            return _about(start, tail)
    if suffix in (".jsonc", ".json5") or (promised and _COMMENT.search(start[:4096])):
        return "json-comments"
    if promised:
        raise Damaged("The file is named as JSON but is not.", "A JSON parser refuses it.")
    return None


def _parse(text: str) -> object:
    """RFC 8259 strictly: numbers of any length, no NaN. Raises ValueError, RecursionError."""
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=_no_constant)


def _no_constant(word: str) -> object:
    raise ValueError(f"{word} is no JSON value")


def _is_json(text: str, cut: bool) -> bool:
    if not cut:
        try:
            _parse(text)
        except (ValueError, RecursionError):
            return False
        return True
    at, marks = 0, 0
    while match := _TOKEN.match(text, at):
        at = match.end()
        marks += match.lastgroup == "mark"
    rest = text[at:].strip()
    return marks > 3 and (not rest or rest[0] == '"' or len(rest) < 24)


def _is_lines(text: str, tail: str, suffix: str) -> bool:
    """Two or more lines, each a JSON object or array of its own (one is enough by suffix)."""
    lines = [line for line in text.split("\n") if line.strip()]
    if tail and len(lines) > 1:
        lines.pop()
    if len(lines) < (1 if suffix in _LINE_SUFFIXES else 2):
        return False
    if tail and len(lines) == 1:
        return _is_json(lines[0], True)
    try:
        rows = [_parse(line) for line in lines]
    except (ValueError, RecursionError):
        return False
    return suffix in _LINE_SUFFIXES or all(isinstance(row, dict | list) for row in rows)


def _whole_lines(text: str, tail: str) -> list[str]:
    """The lines that hold something, without the last one if it was cut."""
    lines = [line for line in text.split("\n") if line.strip()]
    return lines[:-1] if tail and len(lines) > 1 else lines


def _paths(text: str) -> set[str]:
    """Key paths of depth three at most, `a/b/c`; array levels are skipped."""
    stack: list[str] = []
    found: set[str] = set()
    at, key, named = 0, "", 0
    while match := _TOKEN.match(text, at):
        at = match.end()
        kind, token = match.lastgroup, match.group().strip()
        if kind == "string":
            key = token[1:-1]
        elif token in "{[" and kind == "mark":
            stack.append(key)
            named += bool(key)
            key = ""
        elif token in "}]" and kind == "mark":
            named -= bool(stack and stack.pop())
            key = ""
        elif token == ",":
            key = ""
        elif token == ":" and named < 3:
            found.add("/".join(part for part in (*stack, key) if part))
    return found


SIDECAR_KEYS = frozenset(("photoTakenTime", "geoData", "geoDataExif", "googlePhotosOrigin"))
_GEOMETRY = re.compile(
    r'"type"\s*:\s*"(?:FeatureCollection|Feature|GeometryCollection|Point|LineString|Polygon|'
    r'MultiPoint|MultiLineString|MultiPolygon)"'
)


def _about(start: str, tail: str) -> str:
    keys = _paths(start)
    top = {path for path in keys if "/" not in path}
    if len(top & SIDECAR_KEYS) >= 2:
        return "takeout-sidecar"
    notebook = "nbformat" in top or '"nbformat"' in tail
    if notebook and ("cells" in top or "worksheets" in top):
        return "ipynb"
    if "log/entries" in keys or {"log/creator", "log/version"} <= keys:
        return "har"
    if _GEOMETRY.search(start) and top & {"features", "coordinates", "geometry", "geometries"}:
        return "geojson"
    if top & {"timelineObjects", "semanticSegments", "timelineEdits"}:
        return "takeout"
    if {"locations/latitudeE7", "locations/timestampMs"} & keys or "locations/longitudeE7" in keys:
        return "takeout"
    if {"title", "titleUrl", "time", "products"} <= top or {"header", "time", "products"} <= top:
        return "takeout"
    return chats.kind(start, not tail) or "json"


# --- XML (XML 1.0) ----------------------------------------------------------------------------

_PROLOG = re.compile(
    r"(?:\s+|<\?(?!xpacket).*?\?>|<!--.*?-->|<!DOCTYPE\s+[^\[>]*(?:\[.*?\]\s*)?>)", re.DOTALL | re.I
)
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)((?:\s[^<>]*)?)/?>")
_XML_ROOTS = {
    "svg": "svg", "gpx": "gpx", "kml": "kml", "trainingcenterdatabase": "tcx", "html": "html",
    "xmpmeta": "xmp", "xapmeta": "xmp", "fictionbook": "fb2", "document": "xml",
    "smses": "sms-backup",
}  # fmt: skip
_HTML_START = re.compile(
    r"<(?:!doctype\s+html|html|head|body|meta|title|script|style|table|div|center|font)\b", re.I
)
_HTML_SUFFIXES = frozenset((".html", ".htm", ".xhtml", ".shtml"))


def xml_kind(start: str, suffix: str) -> str | None:
    """The row of a text that begins as markup, None when it does not."""
    if not start.startswith("<"):
        return "html" if suffix in _HTML_SUFFIXES and "<" in start else None
    if start.startswith("<?xpacket"):
        return "xmp"
    at = 0
    while match := _PROLOG.match(start, at):
        at = match.end()
    declared = start[:5].lower() == "<?xml"
    if re.search(r"<!doctype\s+html", start[:at], re.I) or re.search(
        r"<!doctype\s+svg", start[:at], re.I
    ):
        return "svg" if re.search(r"<!doctype\s+svg", start[:at], re.I) else "html"
    if start.startswith("<?xpacket", at):
        return "xmp"
    root = _ROOT.match(start, at)
    name = root.group(1).lower() if root else ""
    if name == "plist":
        return "aae" if "adjustmentFormatIdentifier" in start else "xml"
    if name == "document" and root and "office" in root.group()[:32].lower():
        return "fodf"
    if name == "rdf" and "ns.adobe.com" in start:
        return "xmp"
    if name in _XML_ROOTS:
        return _XML_ROOTS[name]
    if _HTML_START.match(start, at) or suffix in _HTML_SUFFIXES:
        return "html" if suffix not in (".md", ".markdown", ".mdx") else None
    if declared:
        return "xml"
    return "xml" if root and (suffix == ".xml" or "xmlns" in root.group(2)) else None


# --- tables (RFC 4180) ------------------------------------------------------------------------


def table_agrees(start: str, cut: bool, suffix: str) -> bool:
    """Whether rows have as many columns as each other: four of five do, by the best delimiter.

    One column throughout is a table too. An empty file is an empty table.
    """
    if not start:
        return True
    delimiters = "\t" if suffix != ".csv" else ",;\t|"
    rows = {mark: _widths(start, mark, cut) for mark in delimiters}
    for widths in rows.values():
        if widths:
            width, often = Counter(widths).most_common(1)[0]
            if width > 1 and often >= 0.8 * len(widths):
                return True
    return all(set(widths) == {1} for widths in rows.values())


def _widths(text: str, delimiter: str, cut: bool) -> list[int]:
    """Columns of each row, comment lines and blank lines left out."""
    widths: list[int] = []
    width, quoted, filled, comment = 1, False, False, False
    for character in text:
        if character == '"':
            quoted = not quoted
            filled = True
        elif quoted:
            continue
        elif character == "\n":
            if filled and not comment:
                widths.append(width)
            width, filled, comment = 1, False, False
        elif character == delimiter:
            width += 1
            filled = True
        elif character != "\r":
            comment = comment or (character == "#" and not filled)
            filled = True
    if filled and not comment and not cut and not quoted:
        widths.append(width)
    return widths
