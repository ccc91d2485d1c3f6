"""What a commit or tag says beside its files: a message, and who made it and where.

Object headers: the commit and tag objects that `git commit-tree` and `git mktag` write; a
merged tag stands whole in a `mergetag` header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SILENT = (b"tree", b"parent", b"object", b"type", b"encoding", b"gpgsig", b"gpgsig-sha256")
_PEOPLE = (b"author", b"committer", b"tagger")
_IDENT = re.compile(rb"[^<]*<([^>]*)>")
_IMPERSONAL = re.compile(
    rb"(?:.*@(?:users\.noreply\.\S+|noreply\.\S+|example\.(?:com|net|org)|\S+\.invalid)"
    rb"|(?:no-?reply|do-?not-?reply)@\S+|.*\bnoreply@\S+|)",
    re.IGNORECASE,
)
_MACHINE = re.compile(rb".*(?:\.\(none\)|\.local|\.lan|\.home|\.localdomain|@[^.@]+)", re.I)


# A signature that holds nothing but base64: with a comment in it, it stays in the text.
_SIGNATURE = re.compile(
    rb"^-----BEGIN (PGP|SSH) (SIGNATURE|MESSAGE)-----\n(?:[A-Za-z0-9+/=]{0,128}\n)+"
    rb"-----END \1 \2-----\n*\Z",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """The text of one commit or tag, and the addresses in its headers."""

    text: bytes
    addresses: tuple[bytes, ...]


def said(data: bytes) -> Said:
    """Reads a commit or tag object. Headers that are not known belong to the text."""
    head, _, message = data.partition(b"\n\n")
    addresses: list[bytes] = []
    told: list[bytes] = []
    silent = False
    for line in head.split(b"\n"):
        name, _, rest = line.partition(b" ")
        if name:  # a line that goes on begins with a space
            silent = name in _SILENT
        if name in _PEOPLE or (not name and rest.partition(b" ")[0] in _PEOPLE):
            match = _IDENT.search(line)
            if match:
                addresses.append(match.group(1).strip())
        elif not silent:
            told.append(rest if name in (b"tag", b"mergetag") else line)
    text = _SIGNATURE.sub(b"", b"\n".join([*told, message])).strip(b"\n")
    return Said(text + b"\n" if text else b"", tuple(dict.fromkeys(addresses)))


def is_personal(address: bytes) -> bool:
    """Whether an address may lead to somebody: not one of those made to say nothing."""
    return _IMPERSONAL.fullmatch(address) is None


def names_machine(address: bytes) -> bool:
    """Whether git made the address from the name of a computer."""
    return _MACHINE.fullmatch(address) is not None
