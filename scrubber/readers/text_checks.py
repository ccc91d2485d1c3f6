"""What a second reader looks for in a cleaned text, with code of its own.

The checks know nothing of the format that cleaned it: characters that nobody sees, encoded
runs that hide a picture's metadata or an address, and shapes of private values that are
plain enough to be named without a model. Placeholders have none of these shapes.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator

_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_OTHER = re.compile("[\u0080-\U0010ffff]+")
_SHOWN_FORMATS = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"
    "\u2028\u2029\U000110bd\U000110cd"
) | {chr(point) for point in range(0x13430, 0x13440)}
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_SCRIPT_BOUND = frozenset("\u200c\u200d\u200e\u200f\u061c\u180e")
_TAG_FLAGS = tuple(
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(c)) for c in region) + "\U000e007f"
    for region in ("gbeng", "gbsct", "gbwls")
)
_RUN = 64  # characters of an encoded run; none of them is a space
_BLOB = re.compile(r"[A-Za-z0-9+/_-]{64,}={0,2}|data:[^,\s\"']{0,80};base64,[A-Za-z0-9+/=]+")
_HEX_BLOB = re.compile(r"\b(?:[0-9a-f]{2}){32,}\b|\b(?:[0-9A-F]{2}){32,}\b")
_MAIL = re.compile(
    r"(?<![\w.+%-])(?!git@)[A-Za-z0-9][\w.+%-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,8}"
    r"(?:com|org|net|edu|gov|mil|int|info|biz|name|email|mail|online|site|shop|store|cloud|blog|"
    r"[a-z]{2})(?![\w-])",
)
_CODE_SUFFIXES = frozenset(
    "bz cc cs db gz hh hs hz js kb ko kt ld md ml mm ms pl pm ps py rb rs sh so tf ts vb xz".split()  # noqa: SIM905 - one line, not thirty
)
_PHONE = re.compile(r"(?<![\w.+-])\+[1-9]\d{0,2}[ .-]\(?\d{2,4}\)?(?:[ .-]\d{2,4}){2,4}(?![\w+-])")
_SECRETS = (
    ("private key", ("PRIVATE KEY",),
     re.compile(r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----\s+[A-Za-z0-9+/=]{16}")),
    ("cloud key", ("AKIA", "ASIA", "AIza"),
     re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{35}\b")),
    ("service token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "xox"),
     re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}\b|\bxox[abprs]-\d{6,}-[\w-]{10,}")),
    ("payment key", ("k_live_",), re.compile(r"\b[sr]k_live_[A-Za-z0-9]{24,}\b")),
)  # fmt: skip
"""Name, what a text without it cannot hold, and the shape."""


def hidden_characters(text: str) -> str | None:
    """The first character that nobody sees and no script around it needs, as `U+200B`."""
    match = _CONTROLS.search(text)
    if match:
        return f"U+{ord(match.group()):04X}"
    if text.isascii():
        return None
    for flag in _TAG_FLAGS:
        text = text.replace(flag, "")
    for run in _OTHER.finditer(text):
        for character in run.group():
            if _is_hidden(character):
                return f"U+{ord(character):04X}"
    return None


def _is_hidden(character: str) -> bool:
    if character in _FILLERS:
        return True
    if "\U000e0000" <= character <= "\U000e0fff":
        return True
    category = unicodedata.category(character)
    if category == "Co":
        return True
    return category == "Cf" and character not in _SHOWN_FORMATS and character not in _SCRIPT_BOUND


def blobs(text: str) -> Iterator[str]:
    """What is hidden in encoded runs: a picture with metadata, an address, a number."""
    if ";base64," not in text and max(map(len, text.split()), default=0) < _RUN:
        return  # no run is long enough, which is told much faster so
    for match in _BLOB.finditer(text):
        data = _lax_base64(match.group().rpartition(",")[2])
        if data is not None:
            yield from _inside(data)
    for match in _HEX_BLOB.finditer(text):
        yield from _inside(bytes.fromhex(match.group()))


def _lax_base64(run: str) -> bytes | None:
    standard = run.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(standard + "=" * (-len(standard) % 4))
    except (binascii.Error, ValueError):
        return None


def _inside(data: bytes) -> Iterator[str]:
    if data[:3] == b"\xff\xd8\xff":
        if re.search(rb"\xff\xe1..(?:Exif\0\0|http://ns\.adobe)|\xff\xed..Photoshop", data, re.S):
            head = re.search(rb"Exif\0\0", data)
            if head is None or (data[head.end() - 10 : head.end() + 12] and not _turns_only(data)):
                yield "a picture with metadata in an encoded run"
        return
    if data[:4] == b"\x89PNG":
        if re.search(rb"tEXt|iTXt|zTXt|eXIf|tIME", data):
            yield "a picture with metadata in an encoded run"
        return
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    for name in private_shapes(text):
        yield f"{name} in an encoded run"


def _turns_only(data: bytes) -> bool:
    """An Exif block of 34 bytes with one entry: the orientation."""
    at = data.find(b"Exif\0\0")
    return data[at - 2 : at] == b"\0\x22" and data[at + 14 : at + 18] in (
        b"\x01\0\x12\x01",
        b"\0\x01\x01\x12",
    )


def private_shapes(text: str) -> Iterator[str]:
    """Shapes of private values that are still in `text`, each kind once."""
    if "@" in text and any(
        match.group().rpartition(".")[2] not in _CODE_SUFFIXES for match in _MAIL.finditer(text)
    ):
        yield "an e-mail address"
    if "+" in text and any(
        10 <= sum(map(str.isdigit, match.group())) <= 15 for match in _PHONE.finditer(text)
    ):
        yield "a phone number"
    for name, needles, pattern in _SECRETS:
        if any(needle in text for needle in needles) and pattern.search(text):
            yield f"a {name}"


def leftovers(text: str, *, net: bool) -> tuple[str, ...]:
    """Everything above for one text. `net` also looks for the shapes of private values."""
    found: dict[str, None] = {}
    hidden = hidden_characters(text)
    if hidden:
        found[f"an invisible character ({hidden})"] = None
    if net:
        found.update(dict.fromkeys(blobs(text)))
        found.update(dict.fromkeys(private_shapes(text)))
    return tuple(found)
