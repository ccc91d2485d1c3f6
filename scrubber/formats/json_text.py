"""JSON (RFC 8259) and JSON lines (jsonlines.org).

Strings, keys and numbers are passages over their own bytes: numbers, escapes and layout
stay as written. A key that names something private makes its value private. A string that
is JSON itself, or holds an encoded run, is a part of its own. Both values of a doubled key
are inspected. Facts: values, keys and the structure without the contents of strings.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from scrubber.errors import Damaged
from scrubber.formats.charset import Charset, charset_of, claim_text, windows
from scrubber.formats.encoded_runs import positions
from scrubber.formats.json_grammar import Token, string_units, tokens
from scrubber.formats.json_string import look
from scrubber.formats.labels import is_login, private_entities, safe_name
from scrubber.formats.passages import Write, Written, json_write, read_units
from scrubber.formats.stretches import MARK, describe
from scrubber.ledger import Ledger, PartId
from scrubber.model import Context, Role, Source

_GROUP = 64
_NEAR = 40
_NOTHING = MARK + " \t\r\n"
_SURE = frozenset(("name", "owner", "author", "token"))


class Json:
    """See the module."""

    lines = False

    def split(self, source: Source, ledger: Ledger) -> None:
        charset = charset_of(source)
        if charset.codec in ("cp1252", "latin-1"):
            raise Damaged("JSON must be in UTF-8 (RFC 8259 §8.1), and this is not.")
        part = claim_text(source, ledger, charset)
        shape = _Shape()
        for at, text, number in _documents(source, charset, self.lines):
            line = number if self.lines else 0
            _claim(ledger, part, charset, _Document(text, line), at, shape)
        ledger.render(
            documents=shape.documents, values=shape.values, keys=shape.keys,
            structure=shape.digest.hexdigest(),
        )  # fmt: skip
        writes = (
            json_write(charset.codec, charset.ascii_only),
            json_write(charset.codec, charset.ascii_only, quoted=True),
        )

        def passages() -> Iterator[Written]:
            for at, text, number in _documents(source, charset, self.lines):
                document = _Document(text, number if self.lines else 0)
                yield from _passages(document, at, charset, part, writes)

        ledger.passages = passages


class Jsonl(Json):
    """See the module."""

    lines = True


@dataclass(slots=True)
class _Shape:
    documents: int = 0
    values: int = 0
    keys: int = 0
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)


def _documents(source: Source, charset: Charset, lines: bool) -> Iterator[tuple[int, str, int]]:
    """(byte, text, line) of every JSON value: one in the file, or one a line."""
    if not lines:
        at = charset.mark
        data = source.read(at, source.size - at)
        yield at, data.decode(charset.codec), 1
        return
    number = 0
    for at, text in windows(source, charset):
        rows = text.split("\n")
        if not rows[-1]:
            rows.pop()
        for row in rows:
            number += 1
            if row.strip(" \t\r"):
                yield at, row, number
            at += len((row + "\n").encode(charset.codec))


class _Scalar(NamedTuple):
    """A string, key or number with all that its place says of it."""

    token: Token
    context: Context
    where: str


@dataclass(slots=True)
class _Level:
    """An open object or array on the way to a value."""

    kind: str
    label: str  # the key that leads here, "" in an array
    key: str = ""  # of the value that comes next
    index: int = 0
    pending: list[tuple[Token, str]] = field(default_factory=list)


class _Document:
    """One JSON value; the scalars of one object are given out together."""

    def __init__(self, text: str, line: int) -> None:
        self.text = text
        self.line = line
        self._prefix = f"line {line} $" if line else "$"
        self._stack: list[_Level] = []
        self.marks: list[str] = []

    def scalars(self) -> Iterator[_Scalar]:
        """In the order of the text. `marks` is the structure once they are all out."""
        self._stack = [_Level("", "")]
        self.marks = []
        try:
            for token in tokens(self.text):
                self.marks.append("v" if token.kind in "sn" else token.kind)
                yield from self._token(token)
            yield from self._flush(self._stack[0])
        except Damaged as error:
            if self.line:
                raise Damaged(f"Line {self.line} is no JSON:", error.what) from error
            raise

    def _token(self, token: Token) -> Iterator[_Scalar]:
        level = self._stack[-1]
        if token.kind in "{[":
            yield from self._flush(level)
            self._stack.append(_Level(token.kind, level.key or level.label))
        elif token.kind in "}]":
            yield from self._flush(level)
            self._stack.pop()
            self._stack[-1].index += 1
        elif token.kind == "k":
            if len(level.pending) >= 2 * _GROUP:
                yield from self._flush(level)
            level.key = self._value(token)
            level.pending.append((token, ""))
        else:
            level.pending.append((token, level.key))
            if level.kind == "[":
                yield from self._flush(level)
                level.index += 1

    def _value(self, token: Token) -> str:
        raw = self.text[token.start + 1 : token.end - 1]
        return read_units(raw, string_units(raw)) if "\\" in raw else raw

    def _flush(self, level: _Level) -> Iterator[_Scalar]:
        rows, level.pending = level.pending, []
        if not rows:
            return
        listed = level.kind == "["
        near: tuple[str, ...] = ()
        if not listed:
            short = [t for t, _ in rows[:48] if t.kind in "sn" and t.end - t.start <= _NEAR]
            near = tuple(self.text[t.start : t.end].strip('"') for t in short[:12])
        labels = [level.label if listed else label for _, label in rows]
        found = private_entities(labels, _SURE if listed else frozenset())
        steps = itertools.pairwise(self._stack)
        path = ".".join(row.label for above, row in steps if above.kind == "{")
        for (token, _), label, entity in zip(rows, labels, found, strict=True):
            if token.kind == "k":
                yield _Scalar(token, Context("key", "", None, near), self._where(""))
            elif token.kind in "sn":
                name = path if listed else f"{path}.{label}".strip(".")
                kind = "number" if token.kind == "n" else "cell"
                if token.kind == "s" and self.text.find(" ", token.start, token.end) > 0:
                    kind = "prose"
                elif token.kind == "s" and is_login(label, self._value(token)):
                    entity = "PASSWORD"
                context = Context(kind, name, None, near, None, entity, name)
                yield _Scalar(token, context, self._where(label))

    def _where(self, label: str) -> str:
        """The path of the value; keys that could be values themselves are a star."""
        steps = [self._prefix]
        for above, row in itertools.pairwise(self._stack):
            if above.kind == "{":
                steps.append(f".{safe_name(row.label) or '*'}")
            elif above.kind == "[":
                steps.append(f"[{above.index}]")
        last = self._stack[-1]
        if last.kind == "{":
            steps.append(f".{safe_name(label) or '*'}")
        elif last.kind == "[":
            steps.append(f"[{last.index}]")
        return "".join(steps)


def _claim(
    ledger: Ledger, part: PartId, charset: Charset, document: _Document, at: int, shape: _Shape
) -> None:
    """One document into the ledger: its hidden runs, its facts."""
    text = document.text
    shape.documents += 1
    for scalar in document.scalars():
        token = scalar.token
        if token.kind == "n":
            continue
        first = token.start + 1
        nest = scalar.context.private_label is None
        hidden = look(text[first : token.end - 1], nest=nest)
        if not hidden.invisible and not hidden.nested:
            continue
        spans = (*hidden.invisible, *(row[:2] for row in hidden.nested))
        edges = [first + edge for span in spans for edge in span]
        where = positions(text, at, charset.codec, edges)
        for start, end in hidden.invisible:
            ledger.leaf(
                part, "invisible characters", Role.PRIVATE, where[first + start],
                where[first + end], entity="INVISIBLE_TEXT", on_drop=b"", describe=describe,
            )  # fmt: skip
        for start, end, codings, container in hidden.nested:
            child = ledger.leaf(
                part, "encoded run", Role.CODED, where[first + start], where[first + end],
                entity="EMBEDDED_FILE",
            )  # fmt: skip
            ledger.nest(child, (*charset.codings, *codings) if codings else (), container)
    marks = "".join(document.marks)
    shape.values += sum(map(marks.count, "vtfz"))
    shape.keys += marks.count("k")
    shape.digest.update(marks.encode() + b"\n")


def _passages(
    document: _Document, at: int, charset: Charset, part: PartId, writes: tuple[Write, Write]
) -> Iterator[Written]:
    text, character = document.text, 0
    for token, context, where in document.scalars():
        quotes = token.kind != "n"
        start = token.start + quotes
        raw = text[start : token.end - quotes]
        units = look(raw, nest=context.private_label is None).units if quotes else ()
        reads = read_units(raw, units)
        if not reads.strip(_NOTHING):
            continue
        at += len(text[character:start].encode(charset.codec))
        character = start
        yield Written(
            reads, context, part, where, at, raw, charset.codec,
            writes[0 if quotes else 1], units, not quotes,
        )  # fmt: skip
