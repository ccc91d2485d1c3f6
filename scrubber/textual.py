"""Text-shaped containers, recognised by their decoded text; plain text is what is left.

Where a marker may stand. At the start of the file, after blank lines and a byte-order
mark, every kind is recognised, in any letter case its readers accept. Kinds that are
personal data or hide other files (vCard, iCalendar, RTF, GPX, KML, TCX, SVG, NMEA, IGC,
PGP, uuencode, yEnc, subtitles with positions) are also recognised at the start of any
line of the first or last window of prose or Markdown, outside fenced blocks: a sentence
before a vCard does not make it prose. In source code a marker inside the file is code.
A PEM block inside prose stays text, since a detector masks it, unless it is more than
half of what was seen.
"""

from __future__ import annotations

import re

from scrubber import telemetry
from scrubber.chats import markup_kind
from scrubber.containers import by_suffix, suffix_of
from scrubber.encoding import detect
from scrubber.errors import Damaged
from scrubber.formats.chat_whatsapp_heads import is_export
from scrubber.structured import json_kind, table_agrees, xml_kind


def recognise_bytes(head: bytes, tail: bytes, size: int, name_hint: str = "") -> tuple[str, str]:
    """Row name and codec of a text seen through its first and last window.

    Raises UnknownContainer for bytes that are no text, Damaged for a text that is broken.
    """
    if not printable(head):
        from scrubber.identify import unknown

        raise unknown(head)
    encoding = detect(head, tail, size)
    text = _decode(head, encoding)
    if len(head) >= size:
        return recognise(text, "", name_hint), encoding
    tail_encoding = encoding
    if encoding == "utf-16":
        tail_encoding = "utf-16-le" if head.startswith(b"\xff\xfe") else "utf-16-be"
    wide = tail_encoding.startswith("utf-16") and (size - len(tail)) % 2
    return recognise(text, _decode(tail[1:] if wide else tail, tail_encoding), name_hint), encoding


def printable(head: bytes) -> bool:
    """Whether the window is text, a damaged text included: at most 5 % odd controls.

    Zero bytes at one parity are UTF-16 and count for nothing.
    """
    wide = head[0::2].count(0), head[1::2].count(0)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or (
        max(wide) > len(head) * 0.2 and min(wide) < len(head) * 0.01
    ):
        return True
    odd = len(head) - len(head.translate(None, _ODD))
    return odd <= len(head) * 0.05


_ODD = bytes([*range(7), 11, *range(14, 27), 28, 29, 30, 31, 127])


def _decode(data: bytes, encoding: str) -> str:
    return data.decode(encoding, errors="ignore").removeprefix("\ufeff")


def recognise(head: str, tail: str = "", name_hint: str = "") -> str:
    """The row name of decoded text: `head` from the start, `tail` from the end ("" if whole)."""
    suffix = suffix_of(name_hint)
    head, tail = (re.sub(r"\r\n?", "\n", text) for text in (head, tail))
    start = head.lstrip(" \t\n\f\ufeff\x1a")
    code = is_code(start, name_hint)
    return (
        _at_start(start)
        or json_kind(start, tail, suffix)
        or markup_kind(start)
        or xml_kind(start, suffix)
        or ("whatsapp" if is_export(start) else None)
        or _lines(start, tail, code)
        or _captions(start, tail, suffix)
        or (_program(name_hint) if code else _settings(start, tail))
        or _by_suffix(start, tail, suffix)
    )


_START = (
    ("rtf", r"\{\\rtf"),
    ("postscript", r"(\x04|\x1b%-12345X\S*\s*)?%!(PS|Adobe)"),
    ("pgp", r"-----BEGIN PGP "),
    ("pem", r"-{4,5} ?BEGIN [A-Z0-9 ]+-{4,5}|PuTTY-User-Key-File-\d|Bag Attributes"),
    ("pem", r"(ssh-(rsa|dss|ed25519)|ecdsa-sha2-\S+|sk-\S+@openssh\.com) AAAA[A-Za-z0-9+/]"),
    ("git-patch", r"From [0-9a-f]{40} Mon Sep 17 00:00:00 2001|diff --git |commit [0-9a-f]{40}\b"),
    ("git-patch", r"(Index: \S.*\n=+\n|--- \S.*\n\+\+\+ \S)"),
    ("mbox", r"From \S+ +(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} +\d+ \d\d:\d\d(:\d\d)? "),
    ("ass", r"\[Script Info\]"),
    ("microdvd", r"\{\d+\}\{\d+\}.*\r?\n\{\d+\}\{\d+\}"),
    ("url-file", r"\[(InternetShortcut|Desktop Entry)\]"),
    ("netrc", r"(machine\s+\S+|default)\s+(login|account|password)\s+\S+"),
)
_STARTS = tuple(
    (name, re.compile(pattern, re.IGNORECASE if name in ("rtf", "ass") else 0))
    for name, pattern in _START
)

_ANYWHERE = re.compile(
    r"^[ \t]*(?:<\?xml[^>\n]*>[ \t]*)?(?:"
    r"(?P<vcard>BEGIN:VCARD)[ \t]*$|(?P<icalendar>BEGIN:VCALENDAR)[ \t]*$|"
    r"(?P<rtf>\{\\rtf[01])|(?P<gpx><gpx[\s>])|(?P<kml><kml[\s>])|(?P<svg><svg[\s>])|"
    r"(?P<tcx><TrainingCenterDatabase[\s>])|(?P<pgp>-----BEGIN PGP [A-Z ]+-----)|"
    r"(?P<uuencode>begin(?:-base64)? 0?[0-7]{3} \S+[ \t]*\r?\n[M\x20-\x60])|(?P<yenc>=ybegin )"
    r")",
    re.MULTILINE | re.IGNORECASE,
)
_HEADER = re.compile(r"([!-9;-~]+):[ \t]?(?:.*(?:\r?\n[ \t].*)*)\r?\n?")
_MAIL = frozenset(
    (
        "from",
        "to",
        "cc",
        "subject",
        "date",
        "message-id",
        "received",
        "return-path",
        "delivered-to",
        "mime-version",
        "content-type",
        "reply-to",
        "sender",
        "dkim-signature",
        "x-mailer",
        "in-reply-to",
        "references",
    )
)


_SENT = frozenset(("to", "cc", "received", "delivered-to", "message-id"))
"""Fields that a page that a browser saved does not have."""


def _at_start(start: str) -> str | None:
    for name, pattern in _STARTS:
        if pattern.match(start):
            return name
    return _mail(start)


def _mail(start: str) -> str | None:
    """An RFC 5322 header block: three mail fields at the start, one of them From or Received."""
    at, fields = 0, set()
    for _ in range(200):
        match = _HEADER.match(start, at)
        if match is None or match.end() == at:
            break
        fields.add(match.group(1).lower())
        at = match.end()
    known = fields & _MAIL
    if len(known) < 3 or not known & {"from", "received", "return-path", "delivered-to"}:
        return None
    related = "multipart/related" in start[:at].lower() and not fields & _SENT
    saved = "snapshot-content-location" in fields or related
    return "mhtml" if saved else "eml"


def _lines(start: str, tail: str, code: bool) -> str | None:
    if code:
        match = _ANYWHERE.match(start)
        return match.lastgroup if match else None
    for text in (start, tail) if tail else (start,):
        bare = _unfenced(text) if "```" in text or "~~~" in text else text
        if match := _ANYWHERE.search(bare):
            return match.lastgroup
        if kind := telemetry.position_log(bare):
            return kind
        if (
            "-->" in bare
            and (cue := _CUE_LINE.search(bare))
            and telemetry.subtitle(bare[cue.start() :], "")
        ):
            return "telemetry-subtitle"
    return "pem" if "-----END " in start and _armoured(start) > len(start) / 2 else None


def _unfenced(text: str) -> str:
    """The text without what stands between two fences; an open fence hides nothing."""
    kept: list[str] = []
    fenced: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        mark = line[:3] if line.startswith(("```", "~~~")) else ""
        if not fence and mark:
            fence, fenced = mark, [line]
        elif fence:
            fenced.append(line)
            if mark == fence and not line[3:].strip():
                fence, fenced = "", []
        else:
            kept.append(line)
    return "".join(kept + fenced)


def _armoured(text: str) -> int:
    """Characters between the BEGIN and END lines of PEM blocks, these lines included."""
    total = block = 0
    for line in text.splitlines(keepends=True):
        if line.startswith("-----BEGIN "):
            block = 0
        block += len(line)
        if line.startswith("-----END "):
            total, block = total + block, 0
    return total


_CUE = re.compile(
    r"(?:\d+[ \t]*\r?\n)?\d{1,2}:\d\d:\d\d[,.]\d{1,3}[ \t]*-->[ \t]*\d{1,2}:\d\d:\d\d[,.]\d{1,3}"
)
_CUE_LINE = re.compile("^" + _CUE.pattern, re.MULTILINE)
_VTT = re.compile(r"WEBVTT(?:[ \t\r\n]|\Z)")
_LRC = re.compile(
    r"(?:\[(?:ti|ar|al|by|re|ve|offset|length):[^\]\n]*\]\s*)*(?:\[\d{1,3}:\d\d(?:[.:]\d+)?\].*\r?\n?\s*){2}",
    re.I,
)
_SBV = re.compile(r"\d+:\d\d:\d\d\.\d{3},\d+:\d\d:\d\d\.\d{3}[ \t]*\r?\n")


def _captions(start: str, tail: str, suffix: str) -> str | None:
    if _VTT.match(start):
        return telemetry.subtitle(start, tail) or "vtt"
    if _CUE.match(start):
        return telemetry.subtitle(start, tail) or "srt"
    if suffix == ".srt" and (match := _CUE.search(start[:4096])):
        return telemetry.subtitle(start[match.start() :], tail) or "srt"
    if _SBV.match(start):
        return "sbv"
    return "lrc" if _LRC.match(start) else None


_ASSIGN = re.compile(r"(?:export[ \t]+)?[A-Z][A-Z0-9_]*=\S?.*")


def _settings(start: str, tail: str) -> str | None:
    """Environment variables: two or more lines, every one NAME=value or a comment."""
    lines = [line.strip() for line in start.splitlines()]
    lines = [line for line in (lines[:-1] if tail else lines) if line and line[0] != "#"]
    return "dotenv" if len(lines) >= 2 and all(map(_ASSIGN.fullmatch, lines)) else None


_PROGRAMS = frozenset(("code", "settings", "tex"))
CODE_NAMES = frozenset(
    (
        "makefile",
        "gnumakefile",
        "dockerfile",
        "containerfile",
        "vagrantfile",
        "rakefile",
        "gemfile",
        "procfile",
        "jenkinsfile",
        "cmakelists.txt",
        "requirements.txt",
        ".gitignore",
        ".gitattributes",
        ".editorconfig",
        ".dockerignore",
        ".clang-format",
    )
)


def is_code(start: str, name_hint: str) -> bool:
    """Source or settings: a #! line, a suffix of source code, or a well-known name."""
    leaf = name_hint.replace("\\", "/").rsplit("/", 1)[-1].lower()
    rows = by_suffix().get(suffix_of(name_hint), ())
    return (
        (start.startswith("#!") and "/" in start[:80].split("\n", 1)[0])
        or leaf in CODE_NAMES
        or any(row.name in _PROGRAMS for row in rows)
    )


def _program(name_hint: str) -> str:
    rows = by_suffix().get(suffix_of(name_hint), ())
    return next((row.name for row in rows if row.name in _PROGRAMS), "code")


def _by_suffix(start: str, tail: str, suffix: str) -> str:
    if suffix == ".srt" or suffix == ".vtt":
        if start:
            raise Damaged("This is no subtitle file.", "No cue with its times stands in it.")
        return suffix[1:]
    if suffix in (".csv", ".tsv", ".tab") and table_agrees(start, bool(tail), suffix):
        return "csv" if suffix == ".csv" else "tsv"
    rows = by_suffix().get(suffix, ())
    return "markdown" if any(row.name == "markdown" for row in rows) else "text"
