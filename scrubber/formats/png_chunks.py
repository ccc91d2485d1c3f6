"""PNG chunks that may stay, and what the others give away.

Names and lengths from W3C PNG, third edition, §11; the register of public
chunks; makers' chunks as the metadata tools of the field name them.
"""

from __future__ import annotations

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

_TABLE = """
CREATOR: Author, Artist, Creator, By-line
COPYRIGHT_NOTICE: Copyright, License, Licence, Rights
AI_PROMPT: parameters, prompt, workflow, negative_prompt, Dream, invokeai_metadata, invokeai_graph
AI_PROMPT: invokeai_workflow, sd-metadata, generation_data, postprocessing, extras, aesthetic_score
AI_PROMPT: fooocus_scheme, sui_image_params
CAPTION: Comment, Description, Caption, Disclaimer, Warning
TITLE: Title, Document, Label
KEYWORDS: Keywords, Subject, Rating
SOFTWARE: Software, Generator, Producer, Program
DEVICE_MODEL: Source, Make, Model, Camera
CAPTURE_TIME: Creation Time, date:create, create-date, exif:DateTimeOriginal, exif:DateTime
EDIT_TIME: date:modify, date:timestamp, modify-date, Thumb::MTime, tiff:timestamp
FILE_PATH: Thumb::URI, URL, URI, Filename, Path
TECHNICAL: Thumb::Image::Width, Thumb::Image::Height, Thumb::Mimetype, Thumb::Size
GPS_POSITION: Location, GPS, exif:GPSLatitude, exif:GPSLongitude, exif:GPSInfo
DEVICE_NAME: Hostname, HostComputer, Computer
EDIT_HISTORY: mxfile, mxGraphModel, application/vnd.excalidraw+json, Snipping
TAG: XML:com.adobe.xmp, Raw profile type exif, Raw profile type iptc, Raw profile type xmp
TAG: Raw profile type APP1, Raw profile type icc, Raw profile type 8bim
"""
_KEYWORDS = {
    name.strip().lower(): (name.strip(), entity)
    for entity, _, names in (line.partition(":") for line in _TABLE.strip().splitlines())
    for name in names.split(",")
}
_FAMILIES = (("exif:gps", "GPS_POSITION"), ("date:", "EDIT_TIME"), ("thumb::", "TECHNICAL"))


def known_keyword(keyword: str) -> tuple[str, str]:
    """Name and entity of a text chunk. A keyword is free text: only a known one is a name."""
    lowered = keyword.lower()
    for prefix, entity in _FAMILIES:
        if lowered.startswith(prefix) and lowered not in _KEYWORDS:
            return "other keyword", entity
    return _KEYWORDS.get(lowered, ("other keyword", "TAG"))


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
