"""Who and what the fields of a mail name: names, addresses and message ids (RFC 5322 §3.4, §3.6.4).

Each becomes a tag that is alike wherever the same stands, so that it stays clear who answers
whom. A tag is written as a quoted string, since it has brackets; an address keeps the form of
one, at a domain that nobody has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from scrubber.codings import decode
from scrubber.errors import Held

DOMAIN = "mail.invalid"
_DONE = re.compile(rf'[ \t]*"([^"\\\r\n]*)"@{re.escape(DOMAIN)}[ \t]*')
_LEXEME = re.compile(
    r'(?P<quoted>"(?:[^"\\]|\\.)*"(?:@[^\s",<>():;]+)?)|(?P<angle><[^<>"]*(?:"[^"]*"[^<>"]*)?>)'
    r"|(?P<comment>\((?:[^()\\]|\\.)*\))|(?P<colon>:)|(?P<comma>[,;])"
    r'|(?P<atom>[^\s",<>():;]+)|(?P<blank>\s+)',
    re.DOTALL,
)
_ID = re.compile(r"<([^<>\s]+)>")
_NOBODY = re.compile(r"undisclosed[- ]recipients", re.I)


class Named(NamedTuple):
    """Characters [start, end) of a value that name somebody or something, and what they say."""

    start: int
    end: int
    entity: str
    text: str
    write: Callable[[str], bytes]


def _plain(text: str) -> bytes:
    return text.encode("ascii", "replace")


def _quoted(text: str) -> bytes:
    return b'"%s"' % _plain(text)


def _address(text: str) -> bytes:
    return b'"%s"@%s' % (_plain(text), DOMAIN.encode())


def _said(raw: str) -> str:
    """What a name says, encoded words and quoted pairs undone; as it stands where that fails."""
    try:
        data = decode(raw.encode("latin-1"), ("encoded-words",), 1 << 20)
        said = re.sub(r"\\(.)", r"\1", data.decode("utf-8"))
    except Held:
        said = raw
    return " ".join(said.split())


def people(value: str) -> list[Named]:
    """Names and addresses of a list of mailboxes; the whole value where it cannot be read."""
    try:
        return list(_mailboxes(value))
    except ValueError:
        start = len(value) - len(value.lstrip())
        end = len(value.rstrip())
        return [Named(start, end, "PERSON", _said(value[start:end]), _quoted)] if end else []


def _mailboxes(value: str) -> Iterator[Named]:
    at = 0
    phrase: list[re.Match[str]] = []
    while at < len(value):
        match = _LEXEME.match(value, at)
        if match is None:
            raise ValueError("no list of mailboxes")
        at = match.end()
        what = match.lastgroup
        if what == "angle":
            yield from _name(value, phrase)
            phrase = []
            if not (done := _one(value, match.start() + 1, match.end() - 1)):
                continue
            yield done
        elif what == "comment":
            if match[0][1:-1].strip():
                yield Named(match.start() + 1, match.end() - 1, "PERSON", _said(match[0][1:-1]),
                            _plain)  # fmt: skip
        elif what == "colon":
            yield from _name(value, phrase)
            phrase = []
        elif what == "comma":
            yield from _bare(value, phrase)
            phrase = []
        elif what != "blank":
            phrase.append(match)
    yield from _bare(value, phrase)


def _name(value: str, phrase: list[re.Match[str]]) -> Iterator[Named]:
    if not phrase:
        return
    start, end = phrase[0].start(), phrase[-1].end()
    raw = value[start:end]
    if _NOBODY.fullmatch(raw):
        return
    if len(phrase) == 1 and phrase[0].lastgroup == "quoted" and raw.endswith('"'):
        if len(raw) > 2:
            yield Named(start + 1, end - 1, "PERSON", _said(raw[1:-1]), _plain)
        return
    yield Named(start, end, "PERSON", _said(raw.replace('"', "")), _quoted)


def _bare(value: str, phrase: list[re.Match[str]]) -> Iterator[Named]:
    """What stands without angles: an address, or the name of an account."""
    if not phrase:
        return
    start, end = phrase[0].start(), phrase[-1].end()
    if len(phrase) == 1 and "@" in value[start:end]:
        if done := _one(value, start, end):
            yield done
    else:
        yield from _name(value, phrase)


def _one(value: str, start: int, end: int) -> Named | None:
    raw = value[start:end]
    if match := _DONE.fullmatch(raw):
        return Named(
            start + match.start(1), start + match.end(1), "EMAIL_ADDRESS", match[1], _plain
        )
    if not raw.strip():
        return None
    return Named(start, end, "EMAIL_ADDRESS", raw.strip(), _address)


def ids(value: str) -> list[Named] | None:
    """Message ids, None for a value that holds anything else."""
    if _ID.sub("", value).strip():
        return None
    found = []
    for match in _ID.finditer(value):
        done = _DONE.fullmatch(match[1])
        if done:
            low, high = match.start(1) + done.start(1), match.start(1) + done.end(1)
            found.append(Named(low, high, "UUID", done[1], _plain))
        else:
            found.append(Named(*match.span(1), "UUID", match[1], _address))
    return found
