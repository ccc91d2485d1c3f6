"""The form in which two spellings of one value are equal, with the way back to the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from detectors.traced import Traced, Tracing

_SEPARATOR = re.compile(r"[\s\-._\u2010-\u2015\u2212\x00]+")
_FOREIGN = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
_MAX_GAP = 3
_BLOCK = 4096
_COUNTRY_2 = re.compile(r"2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]")  # ITU-T E.164


def fold(text: str) -> Traced:
    """NFKC (Unicode Annex 15) and case folding; format characters vanish."""
    if text.isascii():
        return Traced(text.lower())
    copy = Tracing()
    done = 0
    for match in _foreign_runs(text):
        copy.plain(text[done : match.start()].lower(), done)
        at = match.start()
        for unit in _units(match.group()):
            copy.unit(_fold_unit(unit), at, at + len(unit))
            at += len(unit)
        done = match.end()
    copy.plain(text[done:].lower(), done)
    return copy.traced(copy.text)


def _foreign_runs(text: str) -> Iterator[re.Match[str]]:
    """Runs that are not ASCII, each with the character before it; ASCII blocks cost nothing."""
    start = 0
    while start < len(text):
        end = min(start + _BLOCK, len(text))
        if text[start:end].isascii() and (end == len(text) or text[end].isascii()):
            start = end
            continue
        while end < len(text) and not (text[end - 1].isascii() and text[end].isascii()):
            end += 1
        yield from _FOREIGN.finditer(text, start, end)
        start = end


def _units(run: str) -> Iterator[str]:
    """Base characters with what combines with them; Hangul jamo stay together."""
    start = 0
    for at in range(1, len(run)):
        char = run[at]
        if char < "\u0300" or not (unicodedata.combining(char) or "\u1160" <= char <= "\u11ff"):
            yield run[start:at]
            start = at
    yield run[start:]


@lru_cache(maxsize=8192)
def _fold_unit(unit: str) -> str:
    composed = unicodedata.normalize("NFKC", unit).casefold()
    composed = unicodedata.normalize("NFKC", composed)
    return "".join(
        c if unicodedata.category(c) != "Nd" else str(unicodedata.decimal(c))
        for c in composed
        if unicodedata.category(c) != "Cf" and not "\ufe00" <= c <= "\ufe0f"
    )


_OTHER_SEPARATORS = re.compile(r"[\u0085\u1680\u2010-\u2015\u2028\u2029\u2212]")
_DELETED = b"\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \0-._"
_DELETED_LATIN1 = _DELETED + b"\x85\xa0"
_LATIN1 = str.maketrans({c: chr(c).lower() for c in range(256) if len(chr(c).lower()) == 1})
LOWER_LATIN1 = bytes(ord(chr(c).translate(_LATIN1)) for c in range(256))


class Squashed:
    """Bytes without separators, and the way back to the text that they came from."""

    def __init__(self, source: bytes, deleted: bytes, wide: bool) -> None:
        self.data = source.translate(None, deleted)
        self._source, self._deleted, self._wide = source, deleted, wide
        self._places: Any = None
        self._characters: Any = None

    @classmethod
    def of_text(cls, folded: str) -> Squashed:
        """Of a folded text: places are its code points."""
        if folded.isascii():
            return cls(folded.encode("ascii"), _DELETED, False)
        text = _OTHER_SEPARATORS.sub("\0", folded)
        return cls(text.encode("utf-8", "surrogatepass"), _DELETED, True)

    @classmethod
    def of_bytes(cls, data: bytes) -> Squashed:
        """Of bytes read as Latin-1 without case: places are bytes."""
        return cls(data.translate(LOWER_LATIN1), _DELETED_LATIN1, False)

    def place(self, at: int) -> int:
        """Where the squashed byte `at` stands in the text."""
        if self._places is None:
            self._index()
        byte = int(self._places[at])
        return byte if self._characters is None else int(self._characters[byte])

    def gaps(self, first: int, last: int) -> frozenset[int] | None:
        """Offsets from `first` before which separators stand; None if a gap is too wide."""
        if self._places is None:
            self._index()
        steps = self._places[first + 1 : last + 1] - self._places[first:last]
        if steps.size and int(steps.max()) - 1 > _MAX_GAP:
            return None
        return frozenset(int(at) + 1 for at in (steps > 1).nonzero()[0])

    def _index(self) -> None:
        import numpy

        kept = numpy.ones(256, dtype=bool)
        kept[list(self._deleted)] = False
        source = numpy.frombuffer(self._source, dtype=numpy.uint8)
        self._places = kept[source].nonzero()[0]
        if self._wide:
            self._characters = numpy.cumsum((source & 0xC0) != 0x80) - 1


def squash_value(folded: str, coding: str = "utf-8") -> tuple[bytes, frozenset[int]]:
    """A value's bytes without separators, and the offsets at which one of its tokens begins."""
    tokens = [token for token in _SEPARATOR.split(folded) if token]
    borders, at = set(), 0
    for token in tokens:
        for match in re.finditer(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])|(?<!\w)(?=\w)", token):
            borders.add(at + len(_coded(token[: match.start()], coding)))
        borders.add(at)
        at += len(_coded(token, coding))
    return b"".join(_coded(token, coding) for token in tokens), frozenset(borders - {0})


def _coded(token: str, coding: str) -> bytes:
    return token.encode(coding, "surrogatepass" if coding == "utf-8" else "strict")


def spellings(text: str) -> Iterator[str]:
    """The folded value, also without its accents, and as a camel-cased name comes apart."""
    folded = fold(text).text
    yield folded
    if not folded.isascii():
        plain = unicodedata.normalize("NFKD", folded)
        yield unicodedata.normalize(
            "NFKC", "".join(c for c in plain if not unicodedata.combining(c))
        )


def byte_spellings(text: str) -> Iterator[str]:
    """The value as its UTF-8, Latin-1 and UTF-16 bytes read in Latin-1 lower case."""
    plain = unicodedata.normalize("NFC", text)
    forms = {text, plain, plain.lower(), plain.upper(), plain.casefold(), plain.title()}
    forms.update(spellings(text))
    forms.update({unicodedata.normalize("NFD", form) for form in set(forms)})
    for form in sorted(forms):
        codings = ["utf-8", "latin-1"] if form.isascii() or max(form) < "\u0100" else ["utf-8"]
        if not form.isascii() and max(form) >= "\u0100":
            codings += ["utf-16-le", "utf-16-be"]
        for coding in codings:
            yield (
                form.encode(coding, "surrogatepass" if coding[:3] == "utf" else "replace")
                .decode("latin-1")
                .translate(_LATIN1)
            )


def is_border(text: str, at: int) -> bool:
    """Whether a word may begin or end before `text[at]`: no letters or digits run on there."""
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if before.isalpha() and after.isalpha():
        if before >= "\u2e80" or after >= "\u2e80":  # scripts written without spaces
            return True
        if at > 1 and before in "abfnrtv" and text[at - 2] == "\\":  # an escape in code or JSON
            return True
        if before.islower() and after.isupper():
            return True
        following = text[at + 1] if at + 1 < len(text) else ""
        return before.isupper() and after.isupper() and following.islower()
    return not (before.isdigit() and after.isdigit())


def phone_digits(text: str) -> str:
    """The digits of a phone number without trunk and exit zeros."""
    digits = "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())
    return digits.lstrip("0")


def same_phone(one: str, other: str) -> bool:
    """Whether two numbers agree, one of them perhaps without its country code."""
    short, long = sorted((one, other), key=len)
    if not long.endswith(short) or len(short) < 7:
        return False
    code = long[: len(long) - len(short)].rstrip("0")
    return code in ("", "1", "7") or len(code) == 3 or _COUNTRY_2.fullmatch(code) is not None
