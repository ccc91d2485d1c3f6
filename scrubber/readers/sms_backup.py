"""The second reader of backups of text messages: the standard library's parser of markup.

It takes the halves of surrogate pairs that the program writes, which parsers of XML refuse. The
content digest is SHA-256 over the bytes outside the edited spans.
"""

from __future__ import annotations

import hashlib
import re
from html.parser import HTMLParser

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.text import Edited, label, outside, whole
from scrubber.readers.text_checks import leftovers

_TAG = re.compile(r"\[[A-Z_]+-[a-z2-7]{10}\]")
_KEYS = {"smses": {"count"}, "sms": {"address", "type", "body", "contact_name"}}


def read(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """What a backup holds. Raises Damaged when it has no root."""
    text, codec, mark = whole(source)
    look = _Look(net)
    look.feed(text)
    look.close()
    if look.count < 0:
        raise Damaged("The backup of messages has no root.")
    if look.count != len(look.types):
        look.found["a count that is not true"] = None
    types = hashlib.sha256(",".join(look.types).encode()).hexdigest()
    facts = Rendering.of(encoding=label(codec, mark), messages=len(look.types), types=types)
    return Reading("sms-backup", outside(source, edited), facts, tuple(look.found))


class _Look(HTMLParser):
    """What is found on the way."""

    def __init__(self, net: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.net = net
        self.found: dict[str, None] = {}
        self.types: list[str] = []
        self.count = -1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if not values.keys() <= _KEYS.get(tag, set()) or len(values) != len(attrs):
            self.found[f"something that is not allowed in a {tag[:10]}"] = None
        if tag == "smses":
            self.count = int(values.get("count") or 0)
            return
        self.types.append(values.get("type") or "")
        for name in ("address", "contact_name"):
            if any(map(str.isalnum, _TAG.sub("", values.get(name) or ""))):
                self.found["a person or a number"] = None
        said = (values.get("body") or "").replace("\ufffd", "")
        self.found.update(dict.fromkeys(leftovers(said, net=self.net)))

    def handle_comment(self, data: str) -> None:
        self.found["a comment"] = None

    def handle_pi(self, data: str) -> None:
        if not data.startswith("xml version"):
            self.found["an instruction"] = None

    def handle_decl(self, decl: str) -> None:
        self.found["a declaration"] = None

    def handle_data(self, data: str) -> None:
        if data.strip("\ufeff \t\r\n"):
            self.found["text between messages"] = None
