"""The second reader of chats and AI exports: the standard library's json, and tables of its own.

It says that only allowed keys are there, that ids, accounts and names are tags, and what the
structure is: brackets, keys, roles, and which ids are equal. The content digest is SHA-256 over
the bytes outside the edited spans.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.chat_paths import ROLES, TABLES, Table
from scrubber.readers.text import Edited, characters, label, outside
from scrubber.readers.text_checks import leftovers

_TAG = re.compile(r"\[[A-Z_]+-[a-z2-7]{10}\]")
_WORDS = {
    "i": "an id", "u": "an account", "w": "a person's name", "p": "a phone number",
    "m": "an e-mail address", "h": "a handle", "c": "a card number",
}  # fmt: skip
_STEP = 1 << 20


class _Pairs(list[tuple[str, Any]]):  # values are whatever JSON holds
    """An object with all its keys."""


class _Number(str):
    """A number as it is written."""


def _constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON value")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_int=_Number, parse_float=_Number, parse_constant=_constant
)


def reader(name: str, *, lines: bool = False) -> Any:
    """The reader of one row of the table of containers."""

    def read(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
        return _read(source, edited, name, lines, net)

    return read


def _read(source: Source, edited: Edited, name: str, lines: bool, net: bool) -> Reading:
    mark = 3 if source.read(0, min(3, source.size)) == b"\xef\xbb\xbf" else 0
    for _ in characters(source, "utf-8", mark):
        pass  # raises Damaged where it does not decode
    look = _Look(net)
    digest = hashlib.sha256()
    documents = 0
    for text in _texts(source, mark, lines):
        look.structure = hashlib.sha256()
        _document(look, text, TABLES[name])
        digest.update(look.structure.digest())
        documents += 1
    facts = {
        "encoding": label("utf-8", mark), "documents": documents, "structure": digest.hexdigest(),
    }  # fmt: skip
    return Reading(name, outside(source, edited), Rendering.of(**facts), tuple(look.found))


def _texts(source: Source, mark: int, lines: bool) -> Iterator[str]:
    """The file, or its lines that hold something."""
    if not lines:
        yield source.read(mark, source.size - mark).decode("utf-8")
        return
    rest, at = b"", mark
    while at < source.size:
        rest += source.read(at, min(_STEP, source.size - at))
        at += min(_STEP, source.size - at)
        whole, line_feed, rest = rest.rpartition(b"\n")
        for row in whole.split(b"\n") if line_feed else ():
            if row.strip():
                yield row.decode("utf-8")
    if rest.strip():
        yield rest.decode("utf-8")


def _document(look: _Look, text: str, table: Table) -> None:
    """An array is read value by value, so that a large one never stands in memory as objects."""
    at = _skip(text, 0)
    rows = table if isinstance(table, tuple) else (table,)
    arrays = [row for row in rows if isinstance(row, list)]
    if text[at : at + 1] != "[" or not arrays:
        value, at = _decode(text, at)
        look.value(value, table, "$")
    else:
        look.mark("[")
        at = _skip(text, at + 1)
        while text[at : at + 1] != "]":
            value, at = _decode(text, at)
            look.value(value, arrays[0][0], "$[]")
            at = _skip(text, at)
            if text[at : at + 1] == ",":
                at = _skip(text, at + 1)
            elif text[at : at + 1] != "]":
                raise Damaged("The JSON is refused by a second parser.")
        look.mark("]")
        at += 1
    if text[at:].strip():
        raise Damaged("Something follows the JSON value.")


def _skip(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t", "\r", "\n"):
        at += 1
    return at


def _decode(text: str, at: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except ValueError as error:
        raise Damaged("The JSON is refused by a second parser.") from error
    except RecursionError as error:
        raise Damaged("The JSON is nested too deep for a second parser.") from error


class _Look:
    """What is found on the way, and the structure."""

    def __init__(self, net: bool) -> None:
        self.net = net
        self.found: dict[str, None] = {}
        self.structure = hashlib.sha256()
        self.ids: dict[str, int] = {}
        self.cells: dict[str, int] = {}

    def mark(self, mark: str) -> None:
        self.structure.update(mark.encode() + b"\0")

    def value(self, value: Any, table: Table, where: str) -> None:
        """`value`, for which `table` says what may stand here."""
        rows = table if isinstance(table, tuple) else (table,)
        if self._anew(value, rows, where):
            return
        if value is None:
            self.mark("z")
        elif isinstance(value, bool):
            self.mark("t" if value else "f")
            self._refuse("f" in rows or "*" in rows, f"a flag at {where}")
        elif isinstance(value, _Pairs):
            self._object(value, next((row for row in rows if isinstance(row, dict)), None),
                         "*" in rows, where)  # fmt: skip
        elif isinstance(value, list):
            self._array(value, rows, where)
        else:
            self._scalar(value, rows, where)

    def _anew(self, value: Any, rows: tuple[Table, ...], where: str) -> bool:
        """What is written anew: one of the JSON texts behind =, or a number behind #."""
        texts = [row for row in rows if isinstance(row, str) and row[:1] == "="]
        counts = [row for row in rows if isinstance(row, str) and row[:1] == "#"]
        if not texts and not counts:
            return False
        plain = _plain(value)
        if counts:
            number = self.cells[where] = self.cells.get(where, 0) + 1
            good = plain == f"{counts[0][1:]}{number}"
        else:
            good = any(plain == json.loads(row[1:]) for row in texts)
        self._refuse(good, f"something that should be written anew at {where}")
        self.mark("z" if texts == ["=null"] else "=")
        return True

    def _object(
        self, value: _Pairs, table: dict[str, Table] | None, free: bool, where: str
    ) -> None:
        self._refuse(table is not None or free, f"an object at {where}")
        self.mark("{")
        keys = {key for key, _ in value}
        self._refuse(len(keys) == len(value), f"a doubled key at {where}")
        for name, inner in value:
            key = name
            if free and table is None:
                self.mark("k")
                self._scalar(name, ("*",), where)
                self.value(inner, "*", f"{where}.*")
                continue
            allowed = table or {}
            if key not in allowed and "{i}" in allowed:
                self.mark("k")
                self._scalar(name, ("i",), where)
                self.value(inner, allowed["{i}"], f"{where}.*")
                continue
            self._refuse(key in allowed, f"a key that is not allowed at {where}")
            self.mark(f"k{key}")
            if key in allowed:
                self.value(inner, allowed[key], f"{where}.{key}")
        self.mark("}")

    def _array(self, value: list[Any], rows: tuple[Table, ...], where: str) -> None:
        if any(isinstance(row, str) and row[:1] == "l" for row in rows):
            self._refuse(all(isinstance(row, str) for row in value), f"no line at {where}")
            self.mark("l")
            self._words("".join(row for row in value if isinstance(row, str)))
            return
        inner = next((row[0] for row in rows if isinstance(row, list)), None)
        self._refuse(inner is not None or "*" in rows, f"an array at {where}")
        self.mark("[")
        for row in value:
            self.value(row, "*" if inner is None else inner, f"{where}[]")
        self.mark("]")

    def _scalar(self, value: str, rows: tuple[Table, ...], where: str) -> None:
        number = isinstance(value, _Number)
        words = [row[0] for row in rows if isinstance(row, str)]
        text = value
        kinds = "iupc*n" if number else "iuwpmhc*rtl"
        kind = next((word for word in words if word in kinds), "")
        if not kind and not number and "n" in words:
            kind = "t"  # a number that was private is a tag now
        self._refuse(bool(kind), f"a value at {where}")
        if kind in ("r", "w") and text in ROLES:
            self.mark(f"r{text}")
            return
        if kind == "i":
            key = " ".join(text.casefold().split())
            self.mark(f"i{self.ids.setdefault(key, len(self.ids))}")
        else:
            self.mark("v")
        if kind in _WORDS and any(map(str.isalnum, _TAG.sub("", text))):
            self.found[_WORDS[kind]] = None
        self._words(_meant(text))

    def _words(self, text: str) -> None:
        self.found.update(dict.fromkeys(leftovers(text, net=self.net)))

    def _refuse(self, good: bool, words: str) -> None:
        if not good:
            self.found[words] = None


def _meant(text: str) -> str:
    """UTF-8 that was taken for Latin-1, read as it was meant."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _plain(value: Any) -> Any:
    if isinstance(value, _Pairs):
        return {key: _plain(inner) for key, inner in value}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, _Number) else value


read_chatgpt = reader("chatgpt")
read_claude_chats = reader("claude-chats")
read_claude_projects = reader("claude-projects")
read_slack_day = reader("slack-day")
read_discord_channel = reader("discord-channel")
read_discord_messages = reader("discord-messages")
read_telegram = reader("telegram")
read_meta_thread = reader("meta-thread")
read_google_chat = reader("google-chat")
read_prompt_rows = reader("prompt-rows", lines=True)
read_prompt_table = reader("prompt-table")
read_langsmith = reader("langsmith")
read_langsmith_rows = reader("langsmith-rows", lines=True)
read_langfuse = reader("langfuse")
read_langfuse_rows = reader("langfuse-rows", lines=True)
read_notebook = reader("ipynb")
