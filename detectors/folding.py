"""The form in which two spellings of one value are equal, with the way back to the text."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_SEPARATOR = re.compile(r"[\s\-._\u2010-\u2015\u2212\x00]+")
_FOREIGN = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
_MAX_GAP = 3
_COUNTRY_2 = re.compile(r"2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]")  # ITU-T E.164


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is NFKC, case-folded, without invisible characters; None means one to one."""

    text: str
    anchors: array[int] | None = None  # start in `text` of every run
    origins: array[int] | None = None  # start in the original of every run
    rigid: array[int] | None = None  # original length of a run that is one unit, else 0

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Original code points of [start, end), grown to whole units."""
        if self.anchors is None:
            return start, end
        return self._origin(start, False), self._origin(end - 1, True)

    def _origin(self, at: int, after: bool) -> int:
        assert self.anchors is not None
        assert self.origins is not None
        assert self.rigid is not None
        run = bisect_right(self.anchors, at) - 1
        if self.rigid[run]:
            return self.origins[run] + (self.rigid[run] if after else 0)
        return self.origins[run] + at - self.anchors[run] + after


def fold(text: str) -> Folded:
    """NFKC (Unicode Annex 15) and case folding; format characters vanish."""
    if text.isascii():
        return Folded(text.lower())
    pieces: list[str] = []
    anchors, origins, rigid = array("q"), array("q"), array("q")
    size = done = 0

    def add(piece: str, at: int, unit: int) -> None:
        nonlocal size
        if piece:
            pieces.append(piece)
            anchors.append(size)
            origins.append(at)
            rigid.append(unit)
            size += len(piece)

    for match in _FOREIGN.finditer(text):
        add(text[done : match.start()].lower(), done, 0)
        at = match.start()
        for unit in _units(match.group()):
            add(_fold_unit(unit), at, len(unit))
            at += len(unit)
        done = match.end()
    add(text[done:].lower(), done, 0)
    if not pieces:
        return Folded("")
    return Folded("".join(pieces), anchors, origins, rigid)


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


_LATIN1 = str.maketrans({c: chr(c).lower() for c in range(256) if len(chr(c).lower()) == 1})


def fold_latin1(text: str) -> Folded:
    """One to one lower case of text that holds bytes."""
    return Folded(text.translate(_LATIN1))


class Squashed:
    """A folded text without separators."""

    def __init__(self, text: str) -> None:
        self.text = _SEPARATOR.sub("", text)
        self._source = text
        self._anchors: list[int] | None = None
        self._shifts: list[int] = []

    def place(self, at: int) -> int:
        """Where the squashed character `at` stands in the folded text."""
        if self._anchors is None:
            self._index()
        assert self._anchors is not None
        return at + self._shifts[bisect_right(self._anchors, at) - 1]

    def gaps(self, first: int, last: int) -> frozenset[int] | None:
        """Offsets from `first` before which separators stand; None if a gap is too wide."""
        assert self._anchors is not None
        found = set()
        run = bisect_right(self._anchors, first)
        while run < len(self._anchors) and self._anchors[run] <= last:
            if self._shifts[run] - self._shifts[run - 1] > _MAX_GAP:
                return None
            found.add(self._anchors[run] - first)
            run += 1
        return frozenset(found)

    def _index(self) -> None:
        self._anchors, self._shifts = [0], [0]
        shift = 0
        for match in _SEPARATOR.finditer(self._source):
            start, end = match.span()
            anchor = start - shift
            shift += end - start
            if self._anchors[-1] == anchor:
                self._shifts[-1] = shift
            else:
                self._anchors.append(anchor)
                self._shifts.append(shift)


def squash_value(folded: str) -> tuple[str, frozenset[int]]:
    """A value without separators, and the offsets at which one of its tokens begins."""
    tokens = [token for token in _SEPARATOR.split(folded) if token]
    borders, at = set(), 0
    for token in tokens:
        for match in re.finditer(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])|(?<!\w)(?=\w)", token):
            borders.add(at + match.start())
        borders.add(at)
        at += len(token)
    return "".join(tokens), frozenset(borders - {0})


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
