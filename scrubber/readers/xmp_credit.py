"""A credit as the only thing that an XMP packet holds, for second readers.

The packet is read as XML, and written again from what was found: anything that
is not of the one form that a credit has makes another text.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from scrubber.model import Source

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
}
_ELEMENTS = {  # in their order: what they give away, and how the text stands in them
    "dc:creator": ("CREATOR", "Seq"),
    "dc:rights": ("COPYRIGHT_NOTICE", "Alt"),
    "photoshop:Credit": ("CREDIT_LINE", ""),
    "xmpRights:WebStatement": ("USAGE_TERMS", ""),
    "xmpRights:UsageTerms": ("USAGE_TERMS", "Alt"),
    "plus:DataMining": ("USAGE_TERMS", ""),
}
_BODY = re.compile(
    rb"<\?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'\?>(<x:xmpmeta .*</x:xmpmeta>)"
    rb"<\?xpacket end='w'\?>",
    re.DOTALL,
)
_LONGEST = 1 << 16


def credit_in(packet: bytes) -> tuple[str, ...]:
    """Entities of a packet that is a credit and nothing else; () for any other."""
    match = _BODY.fullmatch(packet) if len(packet) <= _LONGEST else None
    if match is None or b"<!" in packet:
        return ()
    try:
        description = ElementTree.fromstring(match[1].decode("utf-8"))[0][0]
    except (ElementTree.ParseError, IndexError, UnicodeDecodeError):
        return ()
    if not all(text.isprintable() and " ".join(text.split()) == text
               for text in description.itertext()):  # fmt: skip
        return ()
    found: dict[str, ElementTree.Element] = {}
    for child in description:
        name = _short(child.tag)
        if name not in _ELEMENTS or name in found:
            return ()
        found[name] = child
    rows = [_written(name, found[name]) for name in _ELEMENTS if name in found]
    spaces = "".join(f" xmlns:{prefix}='{uri}'" for prefix, uri in _SPACES.items())
    again = (
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'>"
        f"<rdf:RDF xmlns:rdf='{_RDF[1:-1]}'><rdf:Description rdf:about=''{spaces}>"
        + "".join(rows)
        + "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    if not rows or again.encode("utf-8") != match[1]:
        return ()
    return tuple(dict.fromkeys(_ELEMENTS[name][0] for name in _ELEMENTS if name in found))


def credit_chunk(source: Source, at: int, size: int) -> str:
    """What a chunk of a recording with a packet says, as a leftover."""
    found = credit_in(source.read(at, size)) if size <= _LONGEST else ()
    return f"credit: {', '.join(found)}" if found else "chunk XMP"


def _short(tag: str) -> str:
    uri, _, local = tag.removeprefix("{").partition("}")
    return next((f"{prefix}:{local}" for prefix, known in _SPACES.items() if known == uri), "")


def _written(name: str, element: ElementTree.Element) -> str:
    _, kind = _ELEMENTS[name]
    if not kind:
        return f"<{name}>{_text(element)}</{name}>"
    language = " xml:lang='x-default'" if kind == "Alt" else ""
    items = element.findall(f"{_RDF}{kind}/{_RDF}li")
    inner = "".join(f"<rdf:li{language}>{_text(item)}</rdf:li>" for item in items)
    return f"<{name}><rdf:{kind}>{inner}</rdf:{kind}></{name}>"


def _text(element: ElementTree.Element) -> str:
    return escape(element.text or "", {'"': "&quot;", "'": "&#x27;"})
