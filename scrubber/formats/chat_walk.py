"""One pass over a JSON export along its shape: what goes, what is read, what stays.

The text is the file's bytes taken as Latin-1, so that characters are bytes and a large file
needs no more memory than it has bytes. What goes is skipped by the standard library's parser;
what stays is walked, and must be strict JSON without doubled keys.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Generator, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.chat_shape import ENTITIES, ROLES, Node
from scrubber.formats.json_grammar import string_units
from scrubber.formats.labels import private_entities, private_entity, safe_name
from scrubber.formats.passages import read_units

MAX_DEPTH = 100
_SPACE = re.compile(r"[ \t\r\n]*+")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?(?![\w.+-])")
_WORD = re.compile(r"(?:true|false|null)\b")
_TIME = re.compile(r"time|date|created|updated|_at$|_on$|^ts$|edited|expires|timestamp", re.I)
_EMPTY = Node()


class Gone(NamedTuple):
    """Bytes [start, end) that leave, or that `put` replaces."""

    start: int
    end: int
    where: str
    entity: str
    put: bytes | None = None


class Said(NamedTuple):
    """Bytes [start, end) of a scalar, quotes not included, that somebody reads."""

    start: int
    end: int
    word: str  # as chat_shape says it
    node: Node
    where: str
    label: str = ""
    entity: str | None = None
    bare: bool = False  # no quotes around it: a number


Event = Gone | Said
Steps = Generator[Event, None, int]
"""Events; the end of the value is what the generator returns."""


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON value")


_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_no_constant)


class Walk:
    """One JSON value of `text` along `shape`. `marks` are the structure of what stays."""

    def __init__(
        self, text: str, shape: Node, root: str = "$", ids: dict[str, int] | None = None
    ) -> None:
        self.text = text
        self.shape = shape
        self.root = root
        self.end = 0
        self.marks = hashlib.sha256()
        self.ids: dict[str, int] = {} if ids is None else ids  # id → when it first stood
        self.counts: dict[str, int] = {}

    def events(self, at: int = 0) -> Iterator[Event]:
        """In the order of the text. `end` is behind the value once they are all out."""
        at = self._blank(at)
        if not self._allowed(at, self.shape) or self.text[at : at + 1] == "n":
            raise Unsupported("A part of this export has another shape than the rest.")
        self.end = yield from self._value(at, self.shape, self.root, "", 0)

    def finish(self) -> None:
        """Raises Damaged when something follows the value."""
        if self._blank(self.end) != len(self.text):
            raise Damaged(f"Something follows the JSON value at character {self.end}.")

    # values ------------------------------------------------------------------

    def _value(self, at: int, node: Node, where: str, label: str, depth: int) -> Steps:
        """A value that is allowed here."""
        if depth > MAX_DEPTH:
            raise Damaged(f"The export is nested more than {MAX_DEPTH} deep.")
        if node.pick is not None:
            chosen = node.pick(self._parsed(at)[0])
            node = _EMPTY if chosen is None else chosen
        if node.fixed is not None or node.counted:
            return (yield from self._anew(at, node, where))
        kind = self.text[at : at + 1]
        if kind == "{":
            return (yield from self._object(at, node, where, label, depth))
        if kind == "[":
            if node.lines:
                return (yield from self._lines(at, node, where))
            return (yield from self._array(at, node, where, label, depth))
        if kind == '"':
            end = self._match(_STRING, at)
            yield from self._string(at, end, node, where, label)
            return end
        if kind in "tfn":
            end = self._match(_WORD, at)
            self._mark({"t": "t", "f": "f", "n": "z"}[kind])
            return end
        end = self._match(_NUMBER, at)
        yield from self._scalar(at, end, node.number or "free", node, where, label, bare=True)
        return end

    def _allowed(self, at: int, node: Node) -> bool:
        """Whether a value of the type that begins at `at` may stand here."""
        if node.free or node.fixed is not None or node.counted:
            return True
        if node.pick is not None:
            chosen = node.pick(self._parsed(at)[0])
            return chosen is not None and self._allowed(at, chosen)
        kind = self.text[at : at + 1]
        if kind == "{":
            return node.opens
        if kind == "[":
            return node.items is not None or node.lines
        if kind == '"':
            return bool(node.string)
        if kind == "n":
            return node is not _EMPTY
        return node.flag if kind in "tf" else bool(node.number)

    def _anew(self, at: int, node: Node, where: str) -> Steps:
        end = self._parsed(at)[1]
        put = node.fixed
        if put is None:
            number = self.counts[node.counted] = self.counts.get(node.counted, 0) + 1
            put = json.dumps(f"{node.counted}{number}")
        self._mark("z" if put == "null" else "=")
        if _bare(self.text[at:end]) != _bare(put):
            yield Gone(at, end, where, "TECHNICAL", put.encode("ascii"))
        return end

    def _string(self, at: int, end: int, node: Node, where: str, label: str) -> Iterator[Event]:
        word = node.string or "free"
        yield from self._scalar(at + 1, end - 1, word, node, where, label)

    def _scalar(
        self, start: int, end: int, word: str, node: Node, where: str, label: str = "",
        bare: bool = False, entity: str | None = None,
    ) -> Iterator[Event]:  # fmt: skip
        value = self.text[start:end]
        if word in ("role", "who") and value in ROLES:
            self._mark(f"r{value}")
            return
        if word in ENTITIES:
            where = _stars(where)  # one name for all of them in the record
        if word == "id":
            key = " ".join(self.read(start, end).casefold().split())
            self._mark(f"i{self.ids.setdefault(key, len(self.ids))}")
        else:
            self._mark("v")
        yield Said(start, end, word, node, where, label, entity, bare)

    def _lines(self, at: int, node: Node, where: str) -> Steps:
        """An array of strings that are one text."""
        at = self._blank(at + 1)
        first, last = at + 1, 0
        while self.text[at : at + 1] == '"':
            end = self._match(_STRING, at)
            last = end - 1
            at = self._blank(end)
            if self.text[at : at + 1] != ",":
                break
            at = self._blank(at + 1)
            if self.text[at : at + 1] != '"':
                raise Unsupported("A list of lines holds something that is no line.")
        if self.text[at : at + 1] != "]":
            raise Unsupported("A list of lines holds something that is no line.")
        self._mark("l")
        if last:
            yield Said(first, last, "lines", node, where)
        return at + 1

    # containers --------------------------------------------------------------

    def _array(self, at: int, node: Node, where: str, label: str, depth: int) -> Steps:
        self._mark("[")
        run = _Run(at + 1)
        inner = node if node.free else node.items or _EMPTY
        at, number = self._blank(at + 1), 0
        if self.text[at : at + 1] == "]":
            self._mark("]")
            return at + 1
        while True:
            here = f"{where}[{number}]"
            if self._allowed(at, inner):
                yield from run.stays(at)
                end = yield from self._value(at, inner, here, label, depth + 1)
                run.after = end
            else:
                end = self._parsed(at)[1]
                yield from run.goes(at, end, f"{where}[*]", "PRIVATE_FIELD")
            at, number = self._blank(end), number + 1
            mark = self.text[at : at + 1]
            if mark == "]":
                yield from run.closes()
                self._mark("]")
                return at + 1
            if mark != ",":
                raise Damaged(f"The JSON goes wrong at character {at}.", "A comma is missing.")
            at = self._blank(at + 1)

    def _object(self, at: int, node: Node, where: str, label: str, depth: int) -> Steps:
        self._mark("{")
        run = _Run(at + 1)
        seen: set[str] = set()
        secret = self._labelled(at) if node.free else {}
        at = self._blank(at + 1)
        closed = self.text[at : at + 1] == "}"
        while not closed:
            end = self._match(_STRING, at)
            key = self.read(at + 1, end - 1)
            if key in seen:
                raise Damaged("A key stands twice in one object.", "Parsers see one of them.")
            seen.add(key)
            value = self._blank(end)
            if self.text[value : value + 1] != ":":
                raise Damaged(f"The JSON goes wrong at character {value}.", "A colon is missing.")
            value = self._blank(value + 1)
            child = self._child(node, key)
            known = key in node.members
            name = "*" if node.keys and not known else _shown(key)
            if child is not None and self._allowed(value, child):
                yield from run.stays(at)
                yield from self._key(at, end, key, node, where)
                here = f"{where}.{name}"
                if (entity := secret.get(key)) and self.text[value] in '"-0123456789':
                    last = yield from self._private(value, entity, here, key)
                else:
                    last = yield from self._value(value, child, here, key, depth + 1)
                run.after = last
            else:
                last = self._parsed(value)[1]
                yield from run.goes(at, last, f"{_stars(where)}.{name}", _entity(key))
            at = self._blank(last)
            mark = self.text[at : at + 1]
            if mark not in ",}" or not mark:
                raise Damaged(f"The JSON goes wrong at character {at}.", "A comma is missing.")
            closed = mark == "}"
            if not closed:
                at = self._blank(at + 1)
        yield from run.closes()
        if not node.needs <= seen:
            raise Unsupported(
                "A part of this export has another shape than the rest.",
                f"{_stars(where)} lacks {', '.join(sorted(node.needs - seen))}.",
            )
        if node.one_of and not node.one_of & seen:
            raise Unsupported(
                "A part of this export has another shape than the rest.",
                f"{_stars(where)} has none of the keys that say what it is.",
            )
        self._mark("}")
        return at + 1

    def _child(self, node: Node, key: str) -> Node | None:
        if node.free:
            return node
        return node.members.get(key) or node.values

    def _key(self, at: int, end: int, key: str, node: Node, where: str) -> Iterator[Event]:
        if node.free or (node.keys and key not in node.members):
            self._mark("k")
            word = node.keys or "key"
            yield from self._scalar(at + 1, end - 1, word, node, _stars(where))
        else:
            self._mark(f"k{key}")

    def _private(self, at: int, entity: str, where: str, label: str) -> Steps:
        """A value whose key says in free JSON that it is private."""
        bare = self.text[at] != '"'
        end = self._match(_NUMBER if bare else _STRING, at)
        skip = not bare
        yield from self._scalar(
            at + skip, end - skip, "free", _EMPTY, where, label, bare, entity
        )  # fmt: skip
        return end

    def _labelled(self, at: int) -> dict[str, str]:
        """The keys of a free object that make their values private."""
        keys = list(json.loads(_utf8(self.text[at : self._parsed(at)[1]])))
        found = private_entities(keys, frozenset(("name", "owner", "author", "token")))
        return {key: entity for key, entity in zip(keys, found, strict=True) if entity}

    # characters --------------------------------------------------------------

    def read(self, start: int, end: int) -> str:
        """What the body of a string says. Raises Damaged for half a surrogate pair."""
        raw = _utf8(self.text[start:end])
        return read_units(raw, string_units(raw)) if "\\" in raw else raw

    def _parsed(self, at: int) -> tuple[Any, int]:
        """The value at `at`, by the standard library, and where it ends."""
        try:
            return _DECODER.raw_decode(self.text, at)
        except ValueError as error:
            raise Damaged(f"The JSON goes wrong behind character {at}.") from error
        except RecursionError as error:
            raise Damaged("The JSON is nested too deep.") from error

    def _match(self, pattern: re.Pattern[str], at: int) -> int:
        match = pattern.match(self.text, at)
        if match is None:
            raise Damaged(f"The JSON goes wrong at character {at}.")
        return match.end()

    def _blank(self, at: int) -> int:
        if self.text[at : at + 1] > " ":
            return at
        match = _SPACE.match(self.text, at)
        assert match is not None  # it may be empty
        return match.end()

    def _mark(self, mark: str) -> None:
        self.marks.update(mark.encode() + b"\0")


class _Run:
    """The members of one object or array: which commas leave with those that go."""

    def __init__(self, at: int) -> None:
        self.after = 0  # the end of the last one that stays, 0 while there is none
        self._held: list[tuple[int, int, str, str]] = []
        self._first = at

    def goes(self, start: int, end: int, where: str, entity: str) -> Iterator[Event]:
        if self.after:  # with the comma before it
            yield Gone(self.after, end, where, entity)
            self.after = end
        else:
            self._held.append((start, end, where, entity))

    def stays(self, start: int) -> Iterator[Event]:
        """Those before the first that stays leave with the comma behind them."""
        yield from self._out(start)

    def closes(self) -> Iterator[Event]:
        yield from self._out(self._held[-1][1] if self._held else 0)

    def _out(self, stop: int) -> Iterator[Event]:
        held, self._held = self._held, []
        for index, (start, _, where, entity) in enumerate(held):
            last = index + 1 == len(held)
            yield Gone(start, stop if last else held[index + 1][0], where, entity)


@lru_cache(maxsize=4096)
def _shown(key: str) -> str:
    return safe_name(key) or "*"


def _stars(where: str) -> str:
    """The path without numbers: one name for all that stands at one place of the shape."""
    return re.sub(r"\[\d+\]", "[*]", where)


def _bare(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", "", text)


def _utf8(raw: str) -> str:
    return raw if raw.isascii() else raw.encode("latin-1").decode("utf-8")


def _entity(key: str) -> str:
    """What a key that goes gives away."""
    if _TIME.search(key):
        return "CAPTURE_TIME"
    return "PRIVATE_FIELD" if private_entity(key) is None else str(private_entity(key))
