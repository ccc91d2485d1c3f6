"""E-mail: a message (RFC 5322, MIME RFC 2045 to 2047) and a mailbox of them (RFC 4155).

An allow-list of fields: subject, who wrote to whom (as tags), what answers what (as tags), and
what is needed to read the body, written anew. Everything else of the header goes, with what
stands outside of the parts. Texts are read decoded and masked in place; pictures are cleaned as
pictures; other attachments go.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scrubber.errors import Damaged, TooLarge, Unsupported
from scrubber.formats.encoded_runs import encoded_runs
from scrubber.formats.invisible import invisible_runs
from scrubber.formats.mail_bodies import nested_body
from scrubber.formats.mail_head import Field, line_end
from scrubber.formats.mail_people import Named, ids, people
from scrubber.formats.mail_text import charset_of, refuse_sealed, text_units, text_write
from scrubber.formats.mail_tree import PICTURES, Entity, choose, read_tree
from scrubber.formats.passages import Unit, Write, Written, merged, read_units
from scrubber.formats.stretches import MARK, describe, divide, within
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Context, Role, Source

MAX_SIZE = 256 << 20
FROM_LINE = b"From MAILER-DAEMON Thu Jan  1 00:00:00 1970"
PEOPLE = frozenset(
    (
        "from", "to", "cc", "bcc", "reply-to", "sender",
        "resent-from", "resent-to", "resent-cc", "resent-sender",
    )
)  # fmt: skip
THREAD = frozenset(("message-id", "in-reply-to", "references"))
_FROM = re.compile(
    rb"From [^\r\n]{0,200}\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +"
    rb"[^\r\n]{0,60}\d\d:\d\d[^\r\n]{0,60}\Z"
)
_LINE = re.compile(rb"^From [^\n]*", re.M)
_FOLD = re.compile(r"\r?\n[ \t]+")
_BLANK = re.compile(r"\n[ \t\r]*(?:\n[ \t\r]*)+")
_ENTITIES = (
    (re.compile(r"date|time|expires|thread-index"), "CAPTURE_TIME"),
    (re.compile(r"received|originating|authentication|spf|arc-"), "PRIVATE_FIELD"),
    (re.compile(r"mailer|user-agent|mimeole|producer"), "SOFTWARE"),
    (re.compile(r"return-path|delivered|envelope|recipient|errors-to"), "EMAIL_ADDRESS"),
)
_SHOWN = frozenset(
    (
        "received", "return-path", "delivered-to", "date", "dkim-signature", "x-mailer",
        "user-agent", "x-originating-ip", "thread-index", "thread-topic", "list-unsubscribe",
        "list-id", "authentication-results", "arc-seal", "autocrypt", "organization", "keywords",
        "comments", "content-id", "content-description", "content-disposition", "content-location",
    )
)  # fmt: skip
"""Fields that go and whose names say nothing about anybody."""


class Eml:
    """One message. See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        data = _read(source)
        mail = _Mail(data, ledger)
        mail.message(0, len(data), "")
        mail.done()


class Mbox:
    """Messages, each behind a line that begins with From. See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        data = _read(source)
        mail = _Mail(data, ledger)
        starts = [match.start() for match in _LINE.finditer(data)]
        if not starts or data[: starts[0]].strip():
            raise Damaged("The mailbox does not begin with a From line.")
        if starts[0]:
            mail.gone("blanks", "PADDING", 0, starts[0])
        for number, start in enumerate(starts):
            after, stop = line_end(data, start, len(data))
            before = data[max(0, start - 4) : start].replace(b"\r", b"")
            if not _FROM.match(data[start:stop]) or (number and not before.endswith(b"\n\n")):
                raise Damaged(
                    "A line of the mailbox begins with From and begins no message.",
                    "Programs split the mailbox at different places.",
                )
            if data[start:stop] != FROM_LINE:
                mail.gone("From line", "CAPTURE_TIME", start, stop, FROM_LINE)
            end = starts[number + 1] if number + 1 < len(starts) else len(data)
            if number + 1 < len(starts):  # the blank line before the next
                end -= 2 if data[end - 2 : end - 1] == b"\r" else 1
            mail.message(after, end, "message[*]/")
        mail.done()


def _read(source: Source) -> bytes:
    if source.size > MAX_SIZE:
        raise TooLarge(f"The mail has {source.size} bytes, more than scrub takes of mail.")
    return source.read(0, source.size)


@dataclass(slots=True)
class _Said:
    """What becomes a passage: a place in the file and how it reads."""

    start: int
    raw: str
    text: str
    units: tuple[Unit, ...]
    context: Context
    where: str
    write: Write
    whole: bool = False


@dataclass(slots=True)
class _Mail:
    """One file of mail on its way into the ledger."""

    data: bytes
    ledger: Ledger
    part: PartId = ROOT
    said: list[_Said] = field(default_factory=list)
    texts: list[_Said] = field(default_factory=list)
    shape: list[str] = field(default_factory=list)
    shared: dict[tuple[str, str], PartId] = field(default_factory=dict)
    messages: int = 0
    boundaries: int = 0

    def __post_init__(self) -> None:
        self.part = self.ledger.leaf(ROOT, "mail", Role.CODED, 0, len(self.data))

    def message(self, start: int, end: int, where: str) -> None:
        tree = read_tree(self.data, start, end, where, [0])
        if not any(one.name in PEOPLE or one.name == "subject" for one in tree.fields):
            raise Damaged("The header of a mail says neither who wrote it nor what about.")
        choose(tree)
        self.messages += 1
        self.shape.append("message")
        self._entity(tree, None)

    def done(self) -> None:
        digest = hashlib.sha256("\n".join(self.shape).encode()).hexdigest()
        self.ledger.render(messages=self.messages, shape=digest)
        self.ledger.passages = self._passages

    # what goes ---------------------------------------------------------------

    def gone(self, name: str, entity: str, start: int, end: int, put: bytes | None = None) -> None:
        if start >= end:
            return
        if put is not None:
            self.ledger.leaf(self.part, name, Role.PRIVATE, start, end, entity=entity,
                             on_drop=put, describe=_words)  # fmt: skip
            return
        key = name, entity
        if key not in self.shared:
            self.shared[key] = self.ledger.part(
                self.part, name, Role.PRIVATE, entity=entity, describe=_words
            )
        self.ledger.claim(self.shared[key], start, end)

    # structure ---------------------------------------------------------------

    def _entity(self, entity: Entity, above: Entity | None) -> None:
        put = ""
        if entity.lines:
            self.boundaries += 1
            put = f"=_part-{self.boundaries}_"
        for one in entity.fields:
            self._field(one, entity, put)
        kind = entity.kind
        if kind == "text/plain":
            self._text(entity)
        elif kind == "text/html":
            self._nested(entity)
        elif kind in PICTURES:
            self._picture(entity)
        else:
            self.shape.append(kind)
            self._parts(entity, put)

    def _parts(self, entity: Entity, put: str) -> None:
        if entity.lines:
            self._boundary(entity, put.encode())
        for part in entity.parts:
            if part.gone:
                self.gone(f"{part.where}attachment ({_family(part.kind)})", "EMBEDDED_FILE",
                          part.first, part.last)  # fmt: skip
            else:
                self._entity(part, entity)
        if entity.lines:
            self.shape.append("/")

    def _boundary(self, entity: Entity, put: bytes) -> None:
        """Delimiter lines with the new boundary; what stands before and behind them goes."""
        data, lines = self.data, entity.lines
        own = sum(data.startswith(b"--" + put, start) for start, _ in lines)
        alike = re.compile(rb"^--" + put, re.M)
        if sum(1 for _ in alike.finditer(data, entity.body, entity.end)) != own:
            raise Unsupported("A text of the mail looks like a boundary that scrub writes.")
        self.gone(f"{entity.where}preamble", "HIDDEN_DATA", entity.body, lines[0][0])
        after = [part.first for part in entity.parts if part.gone]
        for number, (start, stop) in enumerate(lines):
            if start in after:
                continue  # goes with the part behind it
            new = b"--" + put + (b"--" if number + 1 == len(lines) else b"")
            if data[start:stop] != new:
                self.gone(f"{entity.where}boundary", "TECHNICAL", start, stop, new)
        rest = data.find(b"\n", lines[-1][1], entity.end) + 1 or entity.end
        self.gone(f"{entity.where}epilogue", "HIDDEN_DATA", rest, entity.end)

    # fields ------------------------------------------------------------------

    def _field(self, one: Field, entity: Entity, boundary: str) -> None:
        name, where = one.name, entity.where
        if name in PEOPLE:
            self._names(one, people(self._raw(one)), where)
        elif name in THREAD and (found := ids(_FOLD.sub(_same, self._raw(one)))) is not None:
            self._names(one, found, where)
        elif name == "subject":
            self._subject(one, where)
        elif name == "content-type":
            self._anew(one, _type(entity, boundary), where)
        elif name == "content-transfer-encoding":
            self._anew(one, entity.coding, where)
        elif name == "mime-version":
            self._anew(one, "1.0", where)
        else:
            said = name if name in _SHOWN else "other field"
            self.gone(f"{where}{said}", _entity_of(name), one.start, one.end)
            return
        spelt = self.data[one.start : one.value]
        right = _SPELT.get(name, name.title()).encode() + b":"
        if spelt != right:
            self.gone(f"{where}name of a field", "TECHNICAL", one.start, one.value, right)

    def _raw(self, one: Field) -> str:
        return self.data[one.value : one.stop].decode("latin-1")

    def _anew(self, one: Field, value: str, where: str) -> None:
        new = b" " + value.encode("ascii")
        if self.data[one.value : one.stop] != new:
            name = _SPELT.get(one.name, one.name.title())
            self.gone(f"{where}{name}", "TECHNICAL", one.value, one.stop, new)

    def _names(self, one: Field, found: list[Named], where: str) -> None:
        raw = self._raw(one)
        for name in found:
            label = one.name.title()
            context = Context("cell", label, private_label=name.entity)
            self.said.append(
                _Said(one.value + name.start, raw[name.start : name.end], name.text, (), context,
                      f"{where}{label}", name.write, True)
            )  # fmt: skip

    def _subject(self, one: Field, where: str) -> None:
        raw = self._raw(one)
        start = one.value + len(raw) - len(raw.lstrip())
        bare = raw.strip()
        if not bare:
            return
        if bare.isascii() and "=?" not in bare:
            if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", bare):
                raise Damaged("The subject of a mail holds control characters.")
            units = tuple(Unit(*fold.span(), " ") for fold in _FOLD.finditer(bare))
            self.said.append(
                _Said(start, bare, read_units(bare, units), units, Context("prose", "Subject"),
                      f"{where}Subject", text_write("ascii", False))
            )  # fmt: skip
            return
        child = self.ledger.leaf(
            self.part, f"{where}Subject", Role.CODED, start, start + len(bare), entity="TITLE"
        )
        self.ledger.nest(child, ("encoded-words",), "text")

    # bodies ------------------------------------------------------------------

    def _picture(self, entity: Entity) -> None:
        start, end = self._trimmed(entity)
        self.shape.append(f"{PICTURES[entity.kind]} picture")
        if start == end:
            return
        child = self.ledger.leaf(
            self.part, f"{entity.where}picture", Role.CODED, start, end, entity="EMBEDDED_FILE"
        )
        self.ledger.nest(child, ("base64",), PICTURES[entity.kind])

    def _trimmed(self, entity: Entity) -> tuple[int, int]:
        body = self.data[entity.body : entity.end]
        return entity.body, entity.body + len(body.rstrip(b" \t\r\n"))

    def _nested(self, entity: Entity) -> None:
        self.shape.append(nested_body(self.data, entity, self.ledger, self.part, MAX_SIZE))

    def _text(self, entity: Entity) -> None:
        codec = charset_of(entity.type.parameters)
        where = f"{entity.where}text"
        if entity.coding == "base64":
            self._nested(entity)
            return
        raw = self.data[entity.body : entity.end].decode("latin-1")
        quoted = entity.coding == "quoted-printable"
        units = text_units(raw, codec, quoted)
        text = read_units(raw, units)
        refuse_sealed(text)
        self.shape.append(f"text {text.count(chr(10))}")
        body = _Said(
            entity.body, raw, text, units, Context(), where, text_write(codec, quoted)
        )  # fmt: skip
        self.texts.append(self._hidden(body))

    def _hidden(self, body: _Said) -> _Said:
        """Without what nobody sees; encoded runs are nested and read as one mark."""
        gone = invisible_runs(body.text)
        runs = encoded_runs(body.text)
        if not gone and not runs:
            return body
        plan = self._written(body, 0, len(body.raw), body.units)
        units: list[Unit] = []
        for start, end in gone:
            low, high = plan.locate(start, end)
            self.ledger.leaf(
                self.part, "invisible characters", Role.PRIVATE, low, high,
                entity="INVISIBLE_TEXT", on_drop=b"", describe=describe,
            )  # fmt: skip
            units.append(Unit(low - body.start, high - body.start, ""))
        for run in runs:
            low, high = plan.locate(run.start, run.end)
            child = self.ledger.leaf(
                self.part, "encoded run", Role.CODED, low, high, entity="EMBEDDED_FILE"
            )
            verbatim = high - low == run.end - run.start and not run.opaque
            self.ledger.nest(child, run.codings if verbatim else (), None if verbatim else "opaque")
            units.append(Unit(low - body.start, high - body.start, MARK))
        taken = tuple(units)
        kept = tuple(
            unit for unit in body.units
            if not any(one.start < unit.end and unit.start < one.end for one in taken)
        )  # fmt: skip
        body.units = merged(kept, taken)
        body.text = read_units(body.raw, body.units)
        return body

    # passages ----------------------------------------------------------------

    def _passages(self) -> Iterator[Written]:
        for one in self.said:
            if one.text.strip():
                yield self._written(one, 0, len(one.raw), one.units)
        for one in self.texts:
            at = 0
            for gap in [*_BLANK.finditer(one.raw), None]:
                stop = gap.start() if gap else len(one.raw)
                for start, end in divide(one.raw, at, stop, one.units):
                    yield self._written(one, start, end, within(one.units, start, end))
                at = gap.end() if gap else stop

    def _written(self, one: _Said, start: int, end: int, units: tuple[Unit, ...]) -> Written:
        raw = one.raw[start:end]
        text = one.text if one.whole else read_units(raw, units)
        return Written(
            text, one.context, self.part, one.where, one.start + start, raw, "latin-1",
            one.write, units, one.whole,
        )  # fmt: skip


_SPELT = {"mime-version": "MIME-Version", "message-id": "Message-ID"}


def _type(entity: Entity, boundary: str) -> str:
    """The media type with nothing but what is needed to read the part."""
    kind = entity.kind
    if boundary:
        return f'{kind}; boundary="{boundary}"'
    said = [kind]
    if kind in ("text/plain", "text/html"):
        values = entity.type.parameters
        if "charset" in values:
            said.append(f"charset={_charset_name(charset_of(values))}")
        said += [
            f"{name}={values[name].lower()}"
            for name, good in (("format", ("flowed", "fixed")), ("delsp", ("yes", "no")))
            if values.get(name, "").lower() in good
        ]
    return "; ".join(said)


def _charset_name(codec: str) -> str:
    """As mail writes it (RFC 2046 §4.1.2; IANA)."""
    named = {"ascii": "us-ascii", "shift_jis": "shift_jis", "mac-roman": "macintosh"}
    if codec in named:
        return named[codec]
    if re.fullmatch(r"cp125\d", codec):
        return f"windows-{codec[2:]}"
    return re.sub(r"^iso8859-", "iso-8859-", codec).replace("_", "-")


def _same(match: re.Match[str]) -> str:
    """Blanks instead of a fold, as many as it has characters."""
    return " " * len(match[0])


def _entity_of(name: str) -> str:
    return next((entity for mark, entity in _ENTITIES if mark.search(name)), "PRIVATE_FIELD")


def _family(kind: str) -> str:
    family = kind.partition("/")[0]
    return family if family in ("text", "image", "audio", "video", "message") else "file"


def _words(data: bytes) -> str:
    text = " ".join(data[:400].decode("utf-8", "replace").split())
    return text if len(text) <= 200 else text[:199] + "…"
