"""What lies beside the content: junk, companions, and files that must be held."""

from __future__ import annotations

import io
import json
import struct
import zipfile

from sample_media.maker.photos import XMP
from sample_media.maker.planted import Plant, Sample

PLAIN_TIME = (1980, 1, 1, 0, 0, 0)


def finder_store() -> Sample:
    """The head of a Finder store and one record: it names a file that was taken away."""
    record = "removed Mary Bennet.jpg".encode("utf-16-be")
    data = b"\0\0\0\x01Bud1" + struct.pack(">III", 0x1000, 0x800, 0x1000) + bytes(44)
    data += struct.pack(">I", len(record) // 2) + record + b"Ilocblob" + struct.pack(">I", 16)
    return Sample(
        "photos/.DS_Store",
        data + bytes(4096 - len(data)),
        "dropped",
        "os-junk",
        planted=[Plant("PERSON", "record", "removed Mary Bennet.jpg", "utf-16-be")],
    )


def thumbs() -> Sample:
    """The head of a compound file (MS-CFB 2.2), as Windows keeps thumbnails in."""
    head = (
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    )
    name = "removed Mary Bennet.jpg".encode("utf-16-le")
    return Sample(
        "photos/Thumbs.db",
        head.ljust(512, b"\xff") + name.ljust(1024, b"\0"),
        "dropped",
        "os-junk",
        planted=[Plant("PERSON", "catalog", "removed Mary Bennet.jpg", "utf-16-le")],
    )


def sidecar() -> Sample:
    return Sample(
        "photos/IMG_0042.xmp",
        XMP.encode(),
        "dropped",
        "companion",
        planted=[Plant("CREATOR", "dc:creator", "Elizabeth Bennet")],
    )


def takeout() -> Sample:
    data = {
        "title": "IMG_0042.JPG",
        "photoTakenTime": {"timestamp": "1714558830"},
        "geoData": {"latitude": 48.8584, "longitude": 2.2945, "altitude": 35.0},
        "people": [{"name": "John Watson"}],
        "url": "https://example.com/photo/0042",
    }
    return Sample(
        "photos/IMG_0042.JPG.supplemental-metadata.json",
        json.dumps(data, indent=2).encode(),
        "dropped",
        "companion",
        planted=[
            Plant("PERSON_IN_IMAGE", "people", "John Watson"),
            Plant("GPS_POSITION", "geoData", '"latitude": 48.8584'),
        ],
    )


def contract() -> Sample:
    """The least that calls itself a text document, protected members and all left out."""
    sink = io.BytesIO()
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"/>',
        "docProps/core.xml": "<coreProperties><creator>Elizabeth Bennet</creator></coreProperties>",
        "word/document.xml": "<document><p>John Watson, 221B Baker Street</p></document>",
    }
    with zipfile.ZipFile(sink, "w") as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name, PLAIN_TIME), text)
    return Sample(
        "texts/contract.docx",
        sink.getvalue(),
        "held",
        "unknown-container",
        about="a document format that is not handled: held, never passed",
        planted=[Plant("CREATOR", "docProps/core.xml", "<creator>Elizabeth Bennet")],
    )


def cut_short() -> Sample:
    """A JPEG whose Exif segment says that it is longer than the file."""
    return Sample(
        "photos/cut short.jpg",
        b"\xff\xd8\xff\xe1\xff\xf0Exif\0\0MM\0\x2a\0\0\0\x08Elizabeth Bennet",
        "held",
        "damaged",
        planted=[Plant("CREATOR", "APP1/Exif", "Elizabeth Bennet")],
    )


def others() -> list[Sample]:
    return [finder_store(), thumbs(), sidecar(), takeout(), contract(), cut_short()]
