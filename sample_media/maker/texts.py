"""Texts: what is said, listed, asked and programmed."""

from __future__ import annotations

import base64
import hashlib
import json

from sample_media.maker.photos import gps_plants, small_jpeg_with_position
from sample_media.maker.planted import Plant, Sample

PHONE, MAIL = "+1 415-555-0132", "elizabeth.bennet@example.com"
CUES = (
    ("00:00:01", "00:00:04", "Elizabeth Bennet: Thank you for coming, Mr. Watson."),
    ("00:00:05", "00:00:09", "John Watson: You can reach me at +1 415-555-0132."),
    ("00:00:10", "00:00:14", "Elizabeth Bennet: The light was lovely that evening."),
)


def captions() -> list[Sample]:
    planted = [Plant("PERSON", "cue 1", "Elizabeth Bennet"), Plant("PHONE_NUMBER", "cue 2", PHONE)]
    stays = ["The light was lovely that evening."]
    srt = "\n".join(
        f"{number}\n{start},000 --> {end},000\n{text}\n"
        for number, (start, end, text) in enumerate(CUES, start=1)
    )
    vtt = "WEBVTT\n\nNOTE made for John Watson\n\n" + "\n".join(
        f"{start}.000 --> {end}.000\n<v {text.split(': ')[0]}>{text.split(': ')[1]}\n"
        for start, end, text in CUES
    )
    return [
        Sample("recordings/interview.srt", srt.encode(), "cleaned", planted=planted, stays=stays),
        Sample(
            "recordings/interview.vtt",
            vtt.encode(),
            "cleaned",
            planted=[*planted, Plant("PERSON", "NOTE", "made for John Watson")],
            stays=stays,
        ),
    ]


def transcript() -> Sample:
    text = f"""Interview, second session

Elizabeth Bennet: I was born on 6 January 1984 and moved to London as a child.
John Watson: And the studio?
Elizabeth Bennet: At 221B Baker Street, London NW1 6XE. The number is {PHONE}.
John Watson: We will send the contract to {MAIL}, then.
Elizabeth Bennet: My landscapes are about weather more than about places.
"""
    return Sample(
        "texts/transcript.txt",
        text.encode(),
        "cleaned",
        planted=[
            Plant("PERSON", "speaker", "Elizabeth Bennet"),
            Plant("PERSON", "speaker", "John Watson"),
            Plant("DATE_OF_BIRTH", "line 3", "6 January 1984"),
            Plant("ADDRESS", "line 5", "221B Baker Street"),
            Plant("PHONE_NUMBER", "line 5", PHONE),
            Plant("EMAIL_ADDRESS", "line 6", MAIL),
        ],
        stays=["My landscapes are about weather more than about places."],
    )


def notes() -> Sample:
    text = f"""---
author: Elizabeth Bennet
---

# Portfolio notes

Ask **John Watson** ({MAIL}) for prints. The gallery's router is 192.0.2.17.

- soft light, long exposure
- [licence](https://example.com/licence)

![harbour](../photos/DSC_1207.jpg)
"""
    return Sample(
        "texts/notes.md",
        text.encode(),
        "cleaned",
        planted=[
            Plant("PERSON", "front matter", "author: Elizabeth Bennet"),
            Plant("PERSON", "paragraph 1", "John Watson"),
            Plant("EMAIL_ADDRESS", "paragraph 1", MAIL),
            Plant("IP_ADDRESS", "paragraph 1", "192.0.2.17"),
        ],
        stays=["# Portfolio notes", "- soft light, long exposure"],
    )


def clients() -> Sample:
    rows = [
        "name,email,phone,iban,order,rating",
        "Elizabeth Bennet,elizabeth.bennet@example.com,+1 415-555-0132,GB82WEST12345698765432,3,5",
        '"Watson, John",john.watson@example.com,+1 415-555-0147,DE89370400440532013000,12,4',
        "Emma Woodhouse,emma@example.com,+1 415-555-0198,FR1420041010050500013M02606,7,5",
    ]
    return Sample(
        "texts/clients.csv",
        ("\r\n".join(rows) + "\r\n").encode(),
        "cleaned",
        about="columns, quoting and line ends must stay",
        planted=[
            Plant("PERSON", "row 1/name", "Elizabeth Bennet"),
            Plant("PERSON", "row 2/name", "Watson, John"),
            Plant("EMAIL_ADDRESS", "row 3/email", "emma@example.com"),
            Plant("PHONE_NUMBER", "row 2/phone", "+1 415-555-0147"),
            Plant("IBAN_CODE", "row 1/iban", "GB82WEST12345698765432"),
        ],
        stays=["name,email,phone,iban,order,rating", ",12,4\r\n"],
    )


def prompts() -> Sample:
    position = (40.6892, -74.0445)  # the Statue of Liberty
    picture = base64.b64encode(small_jpeg_with_position(*position)).decode()
    rows = [
        {"role": "user", "content": f"Write to Emma Woodhouse, {PHONE}, about the print."},
        {"role": "assistant", "content": "Dear Emma Woodhouse, your print is ready.", "rating": 5},
        {"role": "user", "content": "What is this?", "image": f"data:image/jpeg;base64,{picture}"},
    ]
    return Sample(
        "texts/prompts.jsonl",
        "".join(json.dumps(row) + "\n" for row in rows).encode(),
        "cleaned",
        about="the picture inside must still decode to the same pixels",
        planted=[
            Plant("PERSON", "row 1/content", "Emma Woodhouse"),
            Plant("PHONE_NUMBER", "row 1/content", PHONE),
            *gps_plants(*position, "row 3/image/APP1/Exif", inside="base64"),
        ],
        stays=['"role": "assistant"', '"rating": 5'],
    )


def script() -> Sample:
    # No provider's pattern and no secret of anybody: digits of a digest of a sentence.
    key = hashlib.sha256(b"nobody's key, made for a sample").hexdigest()[:40]
    text = f'''"""Upload the portfolio. Author: Elizabeth Bennet <{MAIL}>"""

import urllib.request
from pathlib import Path

API_KEY = "{key}"
PASSWORD = "Pemberley-4711-lake!"
DATABASE = "postgresql://emma:Hartfield-0815@db.example.com/prints"


def upload(path: str) -> None:
    """Send one file to /home/ebennet/outbox."""
    request = urllib.request.Request("https://example.com/upload", headers={{"X-Key": API_KEY}})
    urllib.request.urlopen(request, Path(path).read_bytes())
'''
    return Sample(
        "texts/upload.py",
        text.encode(),
        "cleaned",
        about="the program must still compile",
        planted=[
            Plant("API_KEY", "line 6", key),
            Plant("PASSWORD", "line 7", "Pemberley-4711-lake!"),
            Plant("CONNECTION_STRING", "line 8", "postgresql://emma:Hartfield-0815@db.example.com"),
            Plant("EMAIL_ADDRESS", "line 1", MAIL),
            Plant("FILE_PATH", "line 12", "/home/ebennet/outbox"),
        ],
        stays=["def upload(path: str) -> None:", "import urllib.request"],
    )


def texts() -> list[Sample]:
    return [*captions(), transcript(), notes(), clients(), prompts(), script()]
