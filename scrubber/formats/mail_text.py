"""The text of a mail as it reads, over the bytes that are sent (RFC 2045 §6.7, RFC 2046 §4.1).

The bytes are taken as Latin-1, so that a character is a byte; what is written in a charset, or
quoted-printable, becomes units. So a name is masked in place, and all other bytes stay.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator

from scrubber.codings import CHARSETS
from scrubber.errors import Damaged, Encrypted, Unsupported
from scrubber.formats.passages import Unit, read_units

_QUOTED = re.compile(r"(?:=(?:[0-9A-Fa-f]{2}|[ \t]*\r?\n)|[\x80-\xff])+|=")
_TOKEN = re.compile(r"=([0-9A-Fa-f]{2})|(=[ \t]*\r?\n)|(.)", re.DOTALL)
_HIGH = re.compile(r"[\x80-\xff]+")
_ALL = re.compile(r".+", re.DOTALL)
_ONE_BYTE = re.compile(r"iso8859|cp|koi8|mac-|tis-|utf-8|ascii")
_SEALED = re.compile(
    r"^[ \t]*(?:-----BEGIN PGP |begin(?:-base64)? 0?[0-7]{3} \S|=ybegin |BEGIN:V(?:CARD|CALENDAR))",
    re.M | re.I,
)


def charset_of(parameters: dict[str, str]) -> str:
    """Python's name of the charset that a part declares. Raises Unsupported for one of the rest."""
    said = parameters.get("charset", "us-ascii").strip() or "us-ascii"
    try:
        name = codecs.lookup(said).name
    except (LookupError, ValueError):
        name = ""
    if name not in CHARSETS and name not in ("ascii", "utf-8"):
        raise Unsupported("A part of a mail is in a charset that scrub does not read.")
    return name


def text_units(raw: str, codec: str, quoted: bool) -> tuple[Unit, ...]:
    """Where `raw` reads otherwise than it is written. Raises Damaged, Unsupported.

    Without a declared charset, bytes above 0x7F that are UTF-8 are read as such.
    """
    if codec == "iso2022_jp" and "\x1b" in raw:
        raise Unsupported("A part of a mail is in ISO-2022-JP, which scrub does not edit in place.")
    codec = "utf-8" if codec == "ascii" else codec
    runs = _QUOTED if quoted else _HIGH
    if not _ONE_BYTE.match(codec):
        runs = _ALL  # second bytes of a character can look like ASCII
    units: list[Unit] = []
    try:
        for run in runs.finditer(raw):
            units += _decoded(raw, *run.span(), codec, quoted)
    except UnicodeDecodeError as error:
        raise Damaged("A part of a mail is not in the charset that it declares.") from error
    return tuple(unit for unit in units if raw[unit.start : unit.end] != unit.text)


def _decoded(raw: str, at: int, end: int, codec: str, quoted: bool) -> Iterator[Unit]:
    decoder = codecs.getincrementaldecoder(codec)()
    begin = -1
    while at < end:
        match = _TOKEN.match(raw, at, end) if quoted else None
        if match and match[2] is not None:  # a soft line break
            if begin < 0:
                yield Unit(at, match.end(), "")
            at = match.end()
            continue
        if quoted and raw[at] == "=" and (match is None or match[1] is None):
            raise Damaged("A quoted-printable part of a mail is broken.")
        stop = match.end() if match else at + 1
        byte = int(match[1], 16) if match and match[1] else ord(raw[at])
        begin = at if begin < 0 else begin
        if text := decoder.decode(bytes((byte,))):
            yield Unit(begin, stop, text)
            begin = -1
        at = stop
    decoder.decode(b"", final=True)


def text_write(codec: str, quoted: bool) -> Callable[[str], bytes]:
    """A replacement as it must stand in such a text."""
    charset = "utf-8" if codec == "ascii" else codec

    def write(text: str) -> bytes:
        data = text.encode(charset, "replace")
        if not quoted:
            return data
        return b"".join(
            bytes((byte,)) if 32 <= byte < 127 and byte != 61 else b"=%02X" % byte for byte in data
        )

    return write


def refuse_sealed(text: str) -> None:
    """Raises for what in a mail's text is no text. NUL and other controls are left to be found."""
    if "\0" in text:
        raise Damaged("The text of a mail holds NUL characters.")
    if match := _SEALED.search(text):
        if "PGP" in match[0]:
            raise Encrypted("A mail holds a PGP block.", "", "Save the decrypted text.")
        raise Unsupported("A mail holds a file, a card or an appointment written into its text.")


def reads(raw: str, units: tuple[Unit, ...]) -> str:
    return read_units(raw, units)
