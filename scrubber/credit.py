"""The credit that a policy lets stay: one XMP packet of a fixed form, written anew.

Creator, copyright notice, credit line, licence and the data-mining property
(IPTC Photo Metadata Standard 2023.1; PLUS LDF) are taken from wherever the
original has them; nothing else comes along. A format says where the packet goes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from scrubber.errors import PolicyHold

_FIELDS = {  # name of the part → element of the packet
    "CREATOR": {
        "Artist": "creator", "XPAuthor": "creator", "Photographer": "creator", "By-line": "creator",
        "dc:creator": "creator", "tiff:Artist": "creator", "exifEX:Photographer": "creator",
        "Author": "creator", "Creator": "creator",
        "TPE1": "creator", "TP1": "creator", "ARTIST": "creator",  # ID3v2, Vorbis comments
        "©ART": "creator", "©aut": "creator", "auth": "creator", "perf": "creator",  # MP4
        "artist": "creator", "author": "creator",  # QuickTime, CAF
        "IART": "creator", "text": "creator",  # INFO; AUTH of AIFF
    },
    "COPYRIGHT_NOTICE": {
        "Copyright": "rights", "CopyrightNotice": "rights", "dc:rights": "rights",
        "tiff:Copyright": "rights", "Rights": "rights",
        "TCOP": "rights", "TCR": "rights", "COPYRIGHT": "rights",
        "cprt": "rights", "©cpy": "rights", "copyright": "rights",
        "ICOP": "rights", "text": "rights", "License": "licence",
        "WCOP": "licence", "WCP": "licence",
    },
    "CREDIT_LINE": {"Credit": "credit", "photoshop:Credit": "credit"},
    "USAGE_TERMS": {
        "xmpRights:UsageTerms": "terms", "xmpRights:WebStatement": "licence",
        "cc:license": "licence", "plus:DataMining": "mining",
        "LICENSE": "licence",
    },
}  # fmt: skip
ENTITIES = frozenset(_FIELDS)
_MOST = 2000  # code points of one text
_MINING = re.compile(r"https?://ns\.useplus\.org/ldf/vocab/(DMI-[A-Z-]{1,80})/?")
_LICENCE = re.compile(r"https?://[^\s<>\"']{1,500}")
_REACHABLE = re.compile(r"[\w.+-]+@[\w-]+\.\w|(?:\+|\b00)?\(?\d[\d ().\-/]{7,}\d")
_YEARS = re.compile(r"(?:1[89]|20)\d\d(?:\s*[-–,/]\s*(?:(?:1[89]|20)\d\d))+")
_HEAD = (
    "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>"
    "<x:xmpmeta xmlns:x='adobe:ns:meta/'>"
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    "<rdf:Description rdf:about=''"
    " xmlns:dc='http://purl.org/dc/elements/1.1/'"
    " xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/'"
    " xmlns:xmpRights='http://ns.adobe.com/xap/1.0/rights/'"
    " xmlns:plus='http://ns.useplus.org/ldf/xmp/1.0/'>"
)
_TAIL = "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"


@dataclass(slots=True)
class Credit:
    """What has been found so far, in the order of the file. `part` is one of those that go."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    part: int = -1

    def add(self, entity: str, name: str, words: str, part: int) -> bool:
        """Takes in one value. False when it is of a kind that no credit has.

        Raises PolicyHold for a text that reaches somebody: an address is more than a credit.
        """
        element = _FIELDS.get(entity, {}).get(name)
        text = " ".join(words.split())[:_MOST]
        if element is None or not text or not text.isprintable():
            return False
        if element == "mining" and not _MINING.fullmatch(text):
            return False
        if element == "licence" and not _LICENCE.fullmatch(text):
            return False
        if element not in ("mining", "licence") and _REACHABLE.search(_YEARS.sub("", text)):
            raise PolicyHold(
                f"The credit ({name}) holds an e-mail address or a phone number,",
                "which would stay in the file.",
                "Take it out of the field, or use --policy standard.",
            )
        known = self.texts.setdefault(element, [])
        # Exif parts several creators by a semicolon (MWG Guidelines 2.0 §5.8), as `text` does.
        for one in text.split(";") if element == "creator" else [text]:
            if (one := one.strip()) and one not in known:
                known.append(one)
        if not known:
            del self.texts[element]
            return False
        self.part = part
        return True


def packet(texts: dict[str, list[str]]) -> bytes:
    """The XMP packet (ISO 16684-1 §7) of `Credit.texts`; the same texts give the same bytes."""
    rows = []
    if names := texts.get("creator"):
        items = "".join(f"<rdf:li>{escape(name)}</rdf:li>" for name in names)
        rows.append(f"<dc:creator><rdf:Seq>{items}</rdf:Seq></dc:creator>")
    if notice := texts.get("rights"):
        rows.append(f"<dc:rights>{_alternatives(notice[0])}</dc:rights>")
    if line := texts.get("credit"):
        rows.append(f"<photoshop:Credit>{escape(line[0])}</photoshop:Credit>")
    if licence := texts.get("licence"):
        rows.append(f"<xmpRights:WebStatement>{escape(licence[0])}</xmpRights:WebStatement>")
    if terms := texts.get("terms"):
        rows.append(f"<xmpRights:UsageTerms>{_alternatives(terms[0])}</xmpRights:UsageTerms>")
    if mining := texts.get("mining"):
        code = _MINING.fullmatch(mining[0])
        assert code is not None  # `add` takes no other
        url = f"http://ns.useplus.org/ldf/vocab/{code[1]}"
        rows.append(f"<plus:DataMining>{url}</plus:DataMining>")
    return (_HEAD + "".join(rows) + _TAIL).encode("utf-8")


def _alternatives(text: str) -> str:
    return f"<rdf:Alt><rdf:li xml:lang='x-default'>{escape(text)}</rdf:li></rdf:Alt>"
