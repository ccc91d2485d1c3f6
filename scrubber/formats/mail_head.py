"""Header fields of a mail (RFC 5322 §2.2, §3.6; RFC 2045 §5): where they stand and what they say.

Structure is read strictly. What two readers of mail could take differently is refused, since
then nobody could say what of it is seen.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from scrubber.errors import Damaged, TooLarge

MAX_FIELDS = 2000
MAX_HEAD = 1 << 20  # bytes
_NAME = re.compile(rb"([!-9;-~]+)[ \t]*:")
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_TOKEN = r"[!#$%&'*+.0-9A-Z^_`a-z{|}~-]+"
_TYPE = re.compile(rf"[ \t]*({_TOKEN})/({_TOKEN})[ \t]*")
_PARAMETER = re.compile(
    rf";[ \t]*(?:({_TOKEN})[ \t]*=[ \t]*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;\"()<>]+))[ \t]*)?"
)
_COMMENT = re.compile(r"\([^()\"\\]*\)")
SINGLE = frozenset(
    (
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "content-disposition",
        "message-id",
        "subject",
    )
)


class Field(NamedTuple):
    """One field: its name in lower case, where it begins, its value, and the next one."""

    name: str
    start: int
    value: int
    stop: int  # without the line end
    end: int

    def of(self, data: bytes) -> str:
        """Its value as Latin-1, unfolded."""
        return _FOLD.sub("", data[self.value : self.stop].decode("latin-1")).strip(" \t")


class Type(NamedTuple):
    """A media type with its parameters, names in lower case."""

    kind: str  # "text/plain"
    parameters: dict[str, str]


PLAIN = Type("text/plain", {})


def fields_of(data: bytes, start: int, end: int) -> tuple[list[Field], int]:
    """The fields from `start`, and where the body begins. Raises Damaged, TooLarge."""
    found: list[Field] = []
    at = start
    while at < end:
        after, stop = line_end(data, at, end)
        if stop == at:
            return _checked(found), after
        if data[at] in b" \t":
            if not found or not data[at:stop].strip(b" \t"):
                raise Damaged("The header of a mail holds a line that is no field.")
            found[-1] = found[-1]._replace(stop=stop, end=after)
        else:
            match = _NAME.match(data, at, stop)
            if match is None:
                raise Damaged("The header of a mail holds a line that is no field.")
            name = match[1].decode("ascii").lower()
            found.append(Field(name, at, match.end(), stop, after))
        at = after
        if len(found) > MAX_FIELDS or at - start > MAX_HEAD:
            raise TooLarge("The header of a mail is longer than any mail's.")
    return _checked(found), end


def _checked(fields: list[Field]) -> list[Field]:
    names = [field.name for field in fields if field.name in SINGLE]
    if len(set(names)) != len(names):
        raise Damaged("A mail has a field twice that it may have once.", "Readers see one of them.")
    return fields


def line_end(data: bytes, at: int, end: int) -> tuple[int, int]:
    """Where the next line begins, and where this one ends. Raises Damaged for a lone CR or NUL."""
    feed = data.find(b"\n", at, end)
    after = feed + 1 if feed >= 0 else end
    stop = feed if feed >= 0 else end
    if stop > at and data[stop - 1] == 13:
        stop -= 1
    if data.find(b"\r", at, stop) >= 0 or data.find(b"\0", at, stop) >= 0:
        raise Damaged("A mail holds a carriage return without a line feed, or a NUL.")
    return after, stop


def type_of(value: str) -> Type:
    """A Content-Type value (RFC 2045 §5.1). Raises Damaged."""
    bare = _COMMENT.sub(" ", value) if '"' not in value else value
    match = _TYPE.match(bare)
    if match is None:
        raise Damaged("A part of a mail has a Content-Type that cannot be read.")
    found: dict[str, str] = {}
    at = match.end()
    while at < len(bare):
        row = _PARAMETER.match(bare, at)
        if row is None:
            raise Damaged("A part of a mail has a Content-Type that cannot be read.")
        at = row.end()
        if row[1] is None:
            continue
        name = row[1].lower()
        said = re.sub(r"\\(.)", r"\1", row[2]) if row[2] is not None else row[3]
        if name in found or (name.split("*")[0] in ("boundary", "charset") and "*" in name):
            raise Damaged("A part of a mail has a Content-Type that readers take differently.")
        found[name] = said
    return Type(f"{match[1]}/{match[2]}".lower(), found)
