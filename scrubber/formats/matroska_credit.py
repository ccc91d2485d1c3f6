"""The credit of a Matroska or WebM file: one element Tags before the first Cluster.

RFC 9559 §5.1.8; the names are those of draft-ietf-cellar-tags.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scrubber.formats.credit_tags import credit_rows
from scrubber.formats.ebml import Element
from scrubber.formats.matroska_names import CLUSTER
from scrubber.ledger import CreditTags, Ledger, PartId

_NAMES = {"creator": b"ARTIST", "rights": b"COPYRIGHT", "licence": b"LICENSE"}


def offer_credit(ledger: Ledger, rows: Sequence[Element]) -> None:
    """`rows` are the elements of the Segment."""
    places = [row.at for row in rows if row.id == CLUSTER]

    def write(texts: Mapping[str, Sequence[str]], _: PartId) -> bytes:
        simple = b"".join(
            _element("67c8", _element("45a3", _NAMES[name]) + _element("4487", text.encode()))
            for name, text in credit_rows(texts)
        )
        tag = _element("7373", _element("63c0", b"") + simple)
        return _element("1254c367", tag) if simple else b""

    if places:
        ledger.credit = CreditTags(min(places), write)


def _element(name: str, body: bytes) -> bytes:
    """RFC 8794 §4: the size in as few bytes as it takes."""
    width = next(width for width in range(1, 9) if len(body) < (1 << 7 * width) - 1)
    return bytes.fromhex(name) + (1 << 7 * width | len(body)).to_bytes(width, "big") + body
