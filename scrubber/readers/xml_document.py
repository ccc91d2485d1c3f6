"""The second reader of XML documents: expat, which took no part in writing them.

The content digest is SHA-256 over the bytes outside the edited spans, the number of elements is a
fact: masking has made no markup and unmade none.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.text import Edited, label, outside, whole
from scrubber.readers.text_checks import leftovers

_DECLARED = re.compile(r"<\?xml[ \t\r\n][^<>]*\?>")


def read(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """What a document holds. Raises Damaged when it is not well-formed or declares entities."""
    text, codec, mark = whole(source)
    look = _Look(net)
    look.parse(_DECLARED.sub("", text.removeprefix("\ufeff"), count=1))
    look.found.update(dict.fromkeys(leftovers(text, net=net)))
    facts = Rendering.of(encoding=label(codec, mark), elements=look.elements)
    return Reading("xml", outside(source, edited), facts, tuple(look.found))


class _Look:
    """What is found on the way: shapes of private values also behind references."""

    def __init__(self, net: bool) -> None:
        self.found: dict[str, None] = {}
        self.elements = 0
        self._net = net
        self._said: list[str] = []

    def parse(self, text: str) -> None:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = lambda _: self._flush()
        parser.CharacterDataHandler = self._said.append
        parser.StartDoctypeDeclHandler = self._type
        try:
            parser.Parse(text.encode("utf-8", "surrogatepass"), True)
        except expat.ExpatError as error:
            raise Damaged(f"The document is no well-formed XML (line {error.lineno}).") from error

    def _start(self, _: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self._flush()
        self._said += attributes.values()
        self._flush()

    def _flush(self) -> None:
        said = " ".join(self._said)
        self._said.clear()
        if said and not said.isspace():
            self.found.update(dict.fromkeys(leftovers(said, net=self._net)))

    def _type(self, _name: str, _system: str | None, _public: str | None, subset: bool) -> None:
        if subset:
            raise Damaged("The document's type declares entities of its own.")
