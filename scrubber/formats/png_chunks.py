"""PNG chunks that may stay, and what the others give away.

Names and lengths from W3C PNG, third edition, §11; the register of public
chunks; makers' chunks as the metadata tools of the field name them.
"""

from __future__ import annotations

import re

COLOUR: dict[bytes, int] = {
    b"cICP": 4,
    b"mDCV": 24,
    b"cLLI": 8,
    b"cHRM": 32,
    b"gAMA": 4,
    b"sRGB": 1,
    b"pHYs": 9,
}
"""Chunks with numbers that steer how the picture is shown, with their exact length."""

SIGNIFICANT_BITS = {0: 1, 2: 3, 3: 3, 4: 2, 6: 4}  # sBIT by colour type (§11.3.2.4)
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}

UNSUPPORTED = {
    b"CgBI": "This PNG was rewritten for an Apple device: its pixels are no PNG pixels any more.",
    b"npTc": "This is an Android nine-patch picture: its stretch marks would be lost.",
    b"npLb": "This is an Android nine-patch picture: its stretch marks would be lost.",
    b"npOl": "This is an Android nine-patch picture: its stretch marks would be lost.",
}

PRIVATE: dict[bytes, str] = {
    b"tIME": "EDIT_TIME",
    b"bKGD": "TECHNICAL",
    b"hIST": "TECHNICAL",
    b"sPLT": "TITLE",
    b"PLTE": "TECHNICAL",
    b"oFFs": "TECHNICAL",
    b"pCAL": "CAPTION",
    b"sCAL": "TECHNICAL",
    b"sTER": "TECHNICAL",
    b"gIFg": "TECHNICAL",
    b"gIFt": "CAPTION",
    b"gIFx": "HIDDEN_DATA",
    b"fRAc": "TECHNICAL",
    b"dSIG": "PROVENANCE",
    b"SEAL": "PROVENANCE",
    b"seAl": "PROVENANCE",
    b"caBX": "PROVENANCE",
    b"cpIp": "EMBEDDED_FILE",
    b"meTa": "TAG",
    b"tXMP": "TAG",
    b"caNv": "TECHNICAL",
    b"orNT": "TECHNICAL",
    b"vpAg": "TECHNICAL",
    b"iDOT": "TECHNICAL",
    b"gdAT": "EMBEDDED_MEDIA",
    b"gmAP": "EMBEDDED_MEDIA",
    b"skRf": "PREVIEW",
    b"skMf": "EDIT_HISTORY",
    b"prVW": "PREVIEW",
    b"mkBF": "EDIT_HISTORY",
    b"mkTS": "EDIT_HISTORY",
    b"mkBS": "EDIT_HISTORY",
    b"mkBT": "EDIT_HISTORY",
    b"exIf": "TAG",
    b"zxIf": "TAG",
}
"""Other chunks that are known, all of which go."""

_KEYWORDS: tuple[tuple[str, str], ...] = (
    (r"author|artist|creator|by-?line", "CREATOR"),
    (r"copyright|license|licence|rights", "COPYRIGHT_NOTICE"),
    (r"parameters|prompt|workflow|negative.?prompt|dream|invokeai.*|sd-metadata|generation_data"
     r"|postprocessing|extras|aesthetic_score|fooocus.*|sui_image_params", "AI_PROMPT"),
    (r"comment|description|caption|disclaimer|warning", "CAPTION"),
    (r"title|document|label", "TITLE"),
    (r"keywords|subject|rating", "KEYWORDS"),
    (r"software|generator|producer|program", "SOFTWARE"),
    (r"source|make|model|camera.*", "DEVICE_MODEL"),
    (r"creation.?time|date:create|create-date|exif:datetime.*", "CAPTURE_TIME"),
    (r"date:.*|modify-date|timestamp|thumb::mtime|tiff:timestamp", "EDIT_TIME"),
    (r"thumb::uri|thumb::.*path|url|uri|file.?name|path", "FILE_PATH"),
    (r"thumb::.*", "TECHNICAL"),
    (r"exif:gps.*|gps.*|location|geo.*", "GPS_POSITION"),
    (r"hostname|host.?computer|computer", "DEVICE_NAME"),
    (r"mxfile|mxgraphmodel|application/vnd\.excalidraw.*|excalidraw.*|snipping.*", "EDIT_HISTORY"),
    (r"xml:com\.adobe\.xmp|raw profile type.*", "TAG"),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), name) for pattern, name in _KEYWORDS)


def entity_of_keyword(keyword: str) -> str:
    """The entity that a text chunk with `keyword` gives away, `TAG` if nothing tells."""
    for pattern, entity in _COMPILED:
        if pattern.fullmatch(keyword):
            return entity
    return "TAG"


_TRAILERS: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "ZIP archive", "POLYGLOT"),
    (b"Rar!", "RAR archive", "POLYGLOT"),
    (b"%PDF-", "PDF document", "POLYGLOT"),
    (b"\x89PNG", "second picture", "PREVIEW"),
    (b"\xff\xd8\xff", "second picture", "PREVIEW"),
)


def trailer_of(head: bytes, tail: bytes) -> tuple[str, str]:
    """Name and entity of what stands after IEND."""
    for signature, name, entity in _TRAILERS:
        if head.startswith(signature):
            return name, entity
    if b"SEFT" in tail:
        return "Samsung trailer", "EDIT_HISTORY"
    if b"IEND" in tail:
        return "rest of an earlier picture", "PREVIEW"  # CVE-2023-21036
    return "trailer", "TRAILER"
