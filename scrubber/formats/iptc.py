"""IPTC-IIM datasets (IPTC Information Interchange Model 4.2, chapters 3, 5 and 6)."""

from __future__ import annotations

import functools

from scrubber.errors import Damaged
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

_NAMES: dict[tuple[int, int], tuple[str, str]] = {
    (1, 0): ("EnvelopeRecordVersion", "TECHNICAL"),
    (1, 5): ("Destination", "PRIVATE_FIELD"),
    (1, 20): ("FileFormat", "TECHNICAL"),
    (1, 22): ("FileVersion", "TECHNICAL"),
    (1, 30): ("ServiceIdentifier", "ORGANIZATION"),
    (1, 40): ("EnvelopeNumber", "UNIQUE_ID"),
    (1, 50): ("ProductID", "UNIQUE_ID"),
    (1, 70): ("DateSent", "EDIT_TIME"),
    (1, 80): ("TimeSent", "EDIT_TIME"),
    (1, 90): ("CodedCharacterSet", "TECHNICAL"),
    (1, 100): ("UniqueObjectName", "UNIQUE_ID"),
    (2, 0): ("ApplicationRecordVersion", "TECHNICAL"),
    (2, 3): ("ObjectTypeReference", "KEYWORDS"),
    (2, 5): ("ObjectName", "TITLE"),
    (2, 7): ("EditStatus", "EDIT_HISTORY"),
    (2, 10): ("Urgency", "KEYWORDS"),
    (2, 12): ("SubjectReference", "KEYWORDS"),
    (2, 15): ("Category", "KEYWORDS"),
    (2, 20): ("SupplementalCategories", "KEYWORDS"),
    (2, 22): ("FixtureIdentifier", "UNIQUE_ID"),
    (2, 25): ("Keywords", "KEYWORDS"),
    (2, 26): ("ContentLocationCode", "PLACE_NAME"),
    (2, 27): ("ContentLocationName", "PLACE_NAME"),
    (2, 30): ("ReleaseDate", "EDIT_TIME"),
    (2, 35): ("ReleaseTime", "EDIT_TIME"),
    (2, 40): ("SpecialInstructions", "CAPTION"),
    (2, 55): ("DateCreated", "CAPTURE_TIME"),
    (2, 60): ("TimeCreated", "CAPTURE_TIME"),
    (2, 62): ("DigitalCreationDate", "CAPTURE_TIME"),
    (2, 63): ("DigitalCreationTime", "CAPTURE_TIME"),
    (2, 65): ("OriginatingProgram", "SOFTWARE"),
    (2, 70): ("ProgramVersion", "SOFTWARE"),
    (2, 80): ("By-line", "CREATOR"),
    (2, 85): ("By-lineTitle", "CREATOR"),
    (2, 90): ("City", "PLACE_NAME"),
    (2, 92): ("Sub-location", "PLACE_NAME"),
    (2, 95): ("Province-State", "PLACE_NAME"),
    (2, 100): ("Country-PrimaryLocationCode", "PLACE_NAME"),
    (2, 101): ("Country-PrimaryLocationName", "PLACE_NAME"),
    (2, 103): ("OriginalTransmissionReference", "UNIQUE_ID"),
    (2, 105): ("Headline", "TITLE"),
    (2, 110): ("Credit", "CREDIT_LINE"),
    (2, 115): ("Source", "CREDIT_LINE"),
    (2, 116): ("CopyrightNotice", "COPYRIGHT_NOTICE"),
    (2, 118): ("Contact", "CREATOR"),
    (2, 120): ("Caption-Abstract", "CAPTION"),
    (2, 122): ("Writer-Editor", "CREATOR"),
    (2, 150): ("AudioType", "TECHNICAL"),
    (2, 200): ("ObjectPreviewFileFormat", "TECHNICAL"),
    (2, 201): ("ObjectPreviewFileVersion", "TECHNICAL"),
    (2, 202): ("ObjectPreviewData", "PREVIEW"),
    (2, 221): ("Prefs", "EDIT_HISTORY"),
    (2, 230): ("DocumentNotes", "CAPTION"),
    (2, 231): ("DocumentHistory", "EDIT_HISTORY"),
    (2, 232): ("ExifCameraInfo", "CAMERA_SETTINGS"),
}
_UTF8 = b"\x1b%G"
_MAX_DATASETS = 5000


def split_iptc(ledger: Ledger, source: Source, parent: PartId, start: int, end: int) -> None:
    """Claims the datasets in [start, end) below `parent`. Raises Damaged where one does not fit."""
    data = source.read(start, end - start)
    encoding, at = "latin-1", 0
    for _ in range(_MAX_DATASETS):
        if at + 5 > len(data) or data[at] != 0x1C:
            break
        record, dataset = data[at + 1], data[at + 2]
        size, head = int.from_bytes(data[at + 3 : at + 5], "big"), 5
        if size & 0x8000:  # extended dataset: the length of the length (§1.5 c)
            width = size & 0x7FFF
            if width > 4:
                raise Damaged("An IPTC dataset declares an impossible length.")
            size, head = int.from_bytes(data[at + 5 : at + 5 + width], "big"), 5 + width
        if at + head + size > len(data):
            raise Damaged("An IPTC dataset is cut off.")
        if (record, dataset) == (1, 90) and data[at + head : at + head + size] == _UTF8:
            encoding = "utf-8"
        name, entity = _NAMES.get((record, dataset), (f"{record}:{dataset}", "TAG"))
        ledger.leaf(
            parent, name, Role.PRIVATE, start + at, start + at + head + size,
            entity=entity, describe=functools.partial(_words, encoding, head),
        )  # fmt: skip
        at += head + size
    if data[at:].strip(b"\0"):
        raise Damaged("The IPTC block holds bytes that are no dataset.")


def _words(encoding: str, head: int, data: bytes) -> str:
    return data[head:].decode(encoding, "replace").strip("\0 ")
