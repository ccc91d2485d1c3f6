"""Codings that hide one run of bytes in another: strict to read, faithful to write.

`decode` peels a tuple of codings from the outside in. It is strict, because what a lax
decoder skips can hold anything: foreign characters, bits behind the padding, bytes after
the end of a compressed stream. `encode` puts them back in the style of what stood there.
"""

from __future__ import annotations

import binascii
import codecs
import gzip
import html
import json
import re
import urllib.parse
import zlib
from collections.abc import Callable

from scrubber.errors import Damaged, TooLarge

_STANDARD = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
_URL_SAFE = re.compile(rb"[A-Za-z0-9_-]*={0,2}")
_TO_URL = bytes.maketrans(b"+/", b"-_")
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_BREAK = re.compile(rb"\r?\n[ \t]*")
_PERCENT = re.compile(rb"(?:%(?:[0-9A-F]{2})|[^%])*|(?:%(?:[0-9a-f]{2})|[^%])*")
_TRIPLETS = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")
_JSON_BODY = re.compile(r'(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*')
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);")


def decode(data: bytes, codings: tuple[str, ...], limit: int) -> bytes:
    """`data` without its codings, the outermost named first; at most `limit` bytes.

    Raises Damaged for anything that a faithful encoder would not have written, TooLarge
    when it expands beyond `limit`.
    """
    for name in codings:
        decoder = _DECODERS.get(name)
        if decoder is None:
            raise Damaged(f"There is no coding named {name}.")
        data = decoder(data, limit)
        if len(data) > limit:
            raise TooLarge("An encoded run expands to more than the limit.")
    return data


def encode(data: bytes, codings: tuple[str, ...], like: bytes) -> bytes:
    """`data` behind `codings` again, in the style of `like`, which stood there before.

    Style is the alphabet, padding, letter case, line length and line ending. Raises Damaged
    when `like` is not in these codings.
    """
    styles = [like]
    for name in codings[:-1]:
        styles.append(decode(styles[-1], (name,), 1 << 31))
    for name, style in zip(reversed(codings), reversed(styles), strict=True):
        data = _ENCODERS[name](data, style)
    return data


# base64 (RFC 4648 §4, §5; lines as in RFC 2045 §6.8) -------------------------------------------


def _lines(data: bytes) -> tuple[bytes, int, bytes]:
    """`data` without line breaks, the line length (0: one line) and the break itself."""
    first = _BREAK.search(data)
    if first is None:
        return data, 0, b""
    mark, width = first.group(), first.start()
    rows = data.split(mark)
    tail = rows.pop() if not rows[-1] else b""
    if any(len(row) != width for row in rows[:-1]) or not 0 < len(rows[-1]) <= width:
        raise Damaged("A base64 run has lines of different lengths.")
    return b"".join(rows) + tail, width, mark


def _base64(data: bytes, alphabet: re.Pattern[bytes]) -> bytes:
    run, _, _ = _lines(data)
    if not alphabet.fullmatch(run):
        raise Damaged("A base64 run holds a character outside its alphabet.")
    bare = run.rstrip(b"=")
    if (len(run) != len(bare) and len(run) % 4) or len(bare) % 4 == 1:
        raise Damaged("A base64 run has a wrong length.")
    standard = bare.translate(_TO_STANDARD)
    padded = standard + b"=" * (-len(bare) % 4)
    decoded = binascii.a2b_base64(padded, strict_mode=True) if padded else b""
    if binascii.b2a_base64(decoded, newline=False) != padded:
        raise Damaged("A base64 run holds bits behind its end.")
    return decoded


def _to_base64(data: bytes, like: bytes, url_safe: bool) -> bytes:
    run, width, mark = _lines(like)
    coded = binascii.b2a_base64(data, newline=False)
    if url_safe:
        coded = coded.translate(_TO_URL)
    padded = run.endswith(b"=") or (not url_safe and len(run) % 4 == 0)
    if not padded:
        coded = coded.rstrip(b"=")
    if not width:
        return coded
    ends = like.endswith(mark)
    rows = [coded[at : at + width] for at in range(0, len(coded), width)]
    return mark.join(rows) + (mark if ends else b"")


# hex and percent (RFC 4648 §8, RFC 3986 §2.1) -----------------------------------------------


def _hex(data: bytes, limit: int) -> bytes:
    if not re.fullmatch(rb"(?:[0-9A-F]{2})*|(?:[0-9a-f]{2})*", data):
        raise Damaged("A hexadecimal run mixes letter cases or has half a byte.")
    return binascii.unhexlify(data)


def _to_hex(data: bytes, like: bytes) -> bytes:
    coded = binascii.hexlify(data)
    return coded.upper() if re.search(rb"[A-F]", like) else coded


def _percent(data: bytes, limit: int) -> bytes:
    if not _PERCENT.fullmatch(data):
        raise Damaged("A percent-encoded run is broken or mixes letter cases.")
    return urllib.parse.unquote_to_bytes(data)


def _to_percent(data: bytes, like: bytes) -> bytes:
    lower = bool(re.search(rb"%(?:[a-f]|.[a-f])", like))
    if _TRIPLETS.fullmatch(like) or not like:
        coded = b"".join(b"%%%02X" % byte for byte in data)
    else:
        literal = _TRIPLETS.sub(b"", like).decode("latin-1")
        coded = urllib.parse.quote_from_bytes(data, safe=literal).encode()
    if lower:
        coded = _TRIPLETS.sub(lambda match: match.group().lower(), coded)
    return coded


# compression (RFC 1950, 1951, 1952) ---------------------------------------------------------


def _inflate(window: int) -> Callable[[bytes, int], bytes]:
    def inflate(data: bytes, limit: int) -> bytes:
        stream = zlib.decompressobj(window)
        try:
            found = stream.decompress(data, limit + 1)
        except zlib.error as error:
            raise Damaged("A compressed run does not unpack.") from error
        if len(found) > limit:
            raise TooLarge("A compressed run expands to more than the limit.")
        if not stream.eof or stream.unused_data:
            raise Damaged("A compressed run is cut off, or bytes follow its end.")
        return found

    return inflate


def _deflate(window: int) -> Callable[[bytes, bytes], bytes]:
    def deflate(data: bytes, like: bytes) -> bytes:
        stream = zlib.compressobj(9, zlib.DEFLATED, window)
        return stream.compress(data) + stream.flush()

    return deflate


def _gunzip(data: bytes, limit: int) -> bytes:
    """One member whose header (RFC 1952 §2.3) carries no name, comment, time or extra field."""
    if len(data) < 18 or data[:3] != b"\x1f\x8b\x08" or data[3] or any(data[4:8]):
        raise Damaged("A gzip run carries a name, a time or a comment in its header.")
    return _inflate(31)(data, limit)


# text codings --------------------------------------------------------------------------------


def _text(data: bytes, codec: str = "utf-8") -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise Damaged(f"An encoded run is not valid {codec.upper()}.") from error


def _json_string(data: bytes, limit: int) -> bytes:
    body = _text(data)
    if not _JSON_BODY.fullmatch(body):
        raise Damaged("A JSON string holds a wrong escape.")
    value: str = json.loads(f'"{body}"')
    try:
        return value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Damaged("A JSON string holds half a surrogate pair.") from error


def _to_json_string(data: bytes, like: bytes) -> bytes:
    escape = like.isascii() and b"\x7f" not in like  # a writer that escapes all escapes DEL too
    body = json.dumps(_text(data), ensure_ascii=escape)[1:-1]
    if b"\\/" in like:
        body = body.replace("/", "\\/")
    return body.encode("utf-8")


def _xml_text(data: bytes, limit: int) -> bytes:
    text = _text(data)
    if "<" in text or "&" in _REFERENCE.sub("", text):
        raise Damaged("An XML text holds a reference that XML does not define.")
    value = _REFERENCE.sub(lambda match: html.unescape(match.group()), text)
    return value.encode("utf-8")


def _to_xml_text(data: bytes, like: bytes) -> bytes:
    text = _text(data).replace("&", "&amp;").replace("<", "&lt;")
    for mark, name in ((">", "&gt;"), ('"', "&quot;"), ("'", "&apos;")):
        if mark == ">" or name.encode() in like:
            text = text.replace(mark, name)
    return text.encode("utf-8")


def _utf16(codec: str) -> Callable[[bytes, int], bytes]:
    return lambda data, limit: _text(data, codec).encode("utf-8")


def _to_utf16(codec: str) -> Callable[[bytes, bytes], bytes]:
    return lambda data, like: _text(data).encode(codec)


# mail (RFC 2045 §5.1, RFC 2047) -----------------------------------------------------------------

CHARSETS = frozenset(
    (
        "iso8859-1", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-7", "iso8859-9",
        "iso8859-10", "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", "cp1250", "cp1251",
        "cp1252", "cp1253", "cp1254", "cp1257", "cp1258", "cp866", "koi8-r", "koi8-u", "mac-roman",
        "gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "iso2022_jp",
        "tis-620",
    )
)  # fmt: skip
"""Codecs, by Python's names for them, that a mail may declare beside ASCII and UTF-8."""

_WORD = re.compile(r"=\?([A-Za-z0-9_.:+-]+)(?:\*[A-Za-z0-9-]*)?\?([bBqQ])\?([!->@-~]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?[^?\s]+\?[bBqQ]\?)")
_FOLD = re.compile(r"\r?\n(?=[ \t])")


def _charset(name: str) -> Callable[[bytes, int], bytes]:
    def decode(data: bytes, limit: int) -> bytes:
        text = _text(data, name)
        if text.encode(name) != data:
            raise Damaged(f"An encoded run is not written as {name} is written.")
        return text.encode("utf-8")

    return decode


def _to_charset(name: str) -> Callable[[bytes, bytes], bytes]:
    return lambda data, like: _text(data).encode(name, "replace")


def _encoded_words(data: bytes, limit: int) -> bytes:
    text = _BETWEEN.sub(r"\1", _FOLD.sub("", _text(data)))
    found = _WORD.sub(_word, text)
    if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", found):
        raise Damaged("An encoded word holds control characters.")
    return found.encode("utf-8")


def _quoted(data: bytes, limit: int) -> bytes:
    """RFC 2045 §6.7, strictly: what programs could read in two ways is refused."""
    if re.search(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|\Z)|[\x80-\xff]", data):
        raise Damaged("A quoted-printable run is broken.")
    return binascii.a2b_qp(data)


def _to_quoted(data: bytes, like: bytes) -> bytes:
    return binascii.b2a_qp(data, quotetabs=False, istext=True)


def _word(match: re.Match[str]) -> str:
    name, how, body = match.groups()
    try:
        if how in "bB":
            data = binascii.a2b_base64(body + "=" * (-len(body) % 4), strict_mode=True)
        elif re.search(r"=(?![0-9A-Fa-f]{2})", body):
            raise Damaged("An encoded word is broken.")
        else:
            data = binascii.a2b_qp(body.encode("ascii"), header=True)
        codec = codecs.lookup(name).name
        if codec not in CHARSETS and codec not in ("utf-8", "ascii"):
            raise Damaged("An encoded word is in a charset that scrub does not read.")
        return data.decode(codec)
    except (binascii.Error, LookupError, UnicodeDecodeError) as error:
        raise Damaged("An encoded word is broken.") from error


def _to_encoded_words(data: bytes, like: bytes) -> bytes:
    """Words of at most 75 characters, folded as `like` is, or plain text where that says it."""
    text = _text(data)
    if text.isascii() and "=?" not in text:
        return data
    words, held = [], b""
    for character in text:
        coded = character.encode("utf-8")
        if len(held) + len(coded) > 45:
            words.append(held)
            held = b""
        held += coded
    fold = b"\r\n " if b"\r\n" in like else b"\n "
    return fold.join(
        b"=?utf-8?B?%s?=" % binascii.b2a_base64(word, newline=False) for word in (*words, held)
    )


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "base64": lambda data, limit: _base64(data, _STANDARD),
    "base64url": lambda data, limit: _base64(data, _URL_SAFE),
    "hex": _hex,
    "percent": _percent,
    "zlib": _inflate(15),
    "deflate": _inflate(-15),
    "gzip": _gunzip,
    "json-string": _json_string,
    "xml-text": _xml_text,
    "utf-16-le": _utf16("utf-16-le"),
    "utf-16-be": _utf16("utf-16-be"),
    "encoded-words": _encoded_words,
    "quoted-printable": _quoted,
    **{f"charset/{name}": _charset(name) for name in sorted(CHARSETS)},
}

_ENCODERS: dict[str, Callable[[bytes, bytes], bytes]] = {
    "base64": lambda data, like: _to_base64(data, like, url_safe=False),
    "base64url": lambda data, like: _to_base64(data, like, url_safe=True),
    "hex": _to_hex,
    "percent": _to_percent,
    "zlib": _deflate(15),
    "deflate": _deflate(-15),
    "gzip": lambda data, like: gzip.compress(data, 9, mtime=0),
    "json-string": _to_json_string,
    "xml-text": _to_xml_text,
    "utf-16-le": _to_utf16("utf-16-le"),
    "utf-16-be": _to_utf16("utf-16-be"),
    "encoded-words": _to_encoded_words,
    "quoted-printable": _to_quoted,
    **{f"charset/{name}": _to_charset(name) for name in sorted(CHARSETS)},
}
