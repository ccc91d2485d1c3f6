"""Bodies of a mail that are cleaned as files of their own: encoded texts, and web pages."""

from __future__ import annotations

from scrubber.codings import decode
from scrubber.errors import Damaged
from scrubber.formats.html import structure_of
from scrubber.formats.mail_text import charset_of, refuse_sealed
from scrubber.formats.mail_tree import Entity
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role

_CODINGS = {"base64": ("base64",), "quoted-printable": ("quoted-printable",)}


def nested_body(data: bytes, entity: Entity, ledger: Ledger, part: PartId, limit: int) -> str:
    """Nests the body of a text or page; the line that says what it is. Raises Damaged."""
    codec = charset_of(entity.type.parameters)
    body = data[entity.body : entity.end]
    codings = _CODINGS.get(entity.coding, ())
    start, end = entity.body, entity.end
    if entity.coding == "base64":
        end = start + len(body.rstrip(b" \t\r\n"))
    if codec not in ("ascii", "utf-8"):
        codings = (*codings, f"charset/{codec}")
    said = decode(data[start:end], codings, limit) if codings else data[start:end]
    try:
        text = said.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Damaged("A part of a mail is not in the charset that it declares.") from error
    refuse_sealed(text)
    page = entity.kind == "text/html"
    if start < end:
        where = f"{entity.where}{'page' if page else 'text'}"
        child = ledger.leaf(part, where, Role.CODED, start, end, entity="EMBEDDED_FILE")
        ledger.nest(child, codings, "html" if page else "text")
    return f"page {structure_of(text)}" if page else f"text {said.count(10)}"
