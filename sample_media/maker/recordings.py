"""Recordings: synthesised tones with what recorders and players write around them."""

from __future__ import annotations

import io
import struct
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from mutagen import apev2, flac, id3

from sample_media.maker.photos import OWNER, gps_plants, small_jpeg_with_position
from sample_media.maker.planted import Plant, Sample

RATE = 22_050
ALBERT_HALL = (51.5009, -0.1774)


def tone(seconds: float = 1.5) -> bytes:
    """16-bit samples, mono: three partials that fade."""
    t = np.arange(int(RATE * seconds)) / RATE
    wave = sum(np.sin(2 * np.pi * 220 * n * t) / n for n in (1, 2, 3)) * np.exp(-1.5 * t)
    return bytes((wave * 12_000).astype("<i2").tobytes())


def chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def wave_file(*extra: bytes) -> bytes:
    body = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, RATE, RATE * 2, 2, 16))
    body = b"WAVE" + body + b"".join(extra) + chunk(b"data", tone())
    return b"RIFF" + struct.pack("<I", len(body)) + body


def field_recording() -> Sample:
    """EBU Tech 3285 `bext`, LIST/INFO and iXML, as a field recorder writes them."""
    bext = b"Interview, take 1".ljust(256, b"\0") + OWNER.encode().ljust(32, b"\0")
    bext += b"SN0042-000042".ljust(32, b"\0") + b"2024-05-01" + b"10:20:30"
    bext += bytes(602 - len(bext))
    info = b"INFO" + chunk(b"IART", OWNER.encode() + b"\0") + chunk(b"ICMT", b"at Mary's, 221B\0")
    ixml = (
        b'<?xml version="1.0" encoding="UTF-8"?><BWFXML><PROJECT>Bennet family</PROJECT>'
        b"<LOCATION><LOCATION_GPS>51.5009,-0.1774</LOCATION_GPS></LOCATION></BWFXML>"
    )
    return Sample(
        "recordings/take1.wav",
        wave_file(chunk(b"bext", bext), chunk(b"LIST", info), chunk(b"iXML", ixml)),
        "cleaned",
        planted=[
            Plant("CREATOR", "bext/Originator", OWNER),
            Plant("DEVICE_NAME", "bext/OriginatorReference", "SN0042-000042"),
            Plant("CAPTURE_TIME", "bext/OriginationDate", "2024-05-01"),
            Plant("CAPTION", "LIST/INFO/ICMT", "at Mary's, 221B"),
            Plant("TITLE", "iXML", "Bennet family"),
            Plant("GPS_POSITION", "iXML", "51.5009,-0.1774"),
        ],
    )


def _encoded(suffix: str, *command: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.wav", Path(folder) / f"out.{suffix}"
        source.write_bytes(wave_file())
        filled = [part.format(source=source, target=target) for part in command]
        subprocess.run(filled, check=True, capture_output=True)
        return target.read_bytes()


def interview() -> Sample:
    """ID3v2.3 with a cover that has a position of its own, APEv2, and ID3v1 at the very end."""
    coded = _encoded(
        *("mp3", "ffmpeg", "-loglevel", "error", "-i", "{source}", "-b:a", "64k"),
        *("-bitexact", "-id3v2_version", "0", "-write_id3v1", "0", "{target}"),
    )
    cover = small_jpeg_with_position(*ALBERT_HALL)
    tags = id3.ID3()
    tags.add(id3.TIT2(encoding=1, text="Interview with Mary Bennet"))
    tags.add(id3.TPE1(encoding=0, text=OWNER))
    tags.add(id3.COMM(encoding=0, lang="eng", desc="", text="recorded at 221B Baker Street"))
    tags.add(id3.TXXX(encoding=0, desc="device", text="recorder 0042-000042"))
    tags.add(id3.PRIV(owner="www.example.com", data=b"account-0042"))
    tags.add(id3.APIC(encoding=0, mime="image/jpeg", type=3, desc="", data=cover))
    sink = io.BytesIO(coded)
    ape = apev2.APEv2()
    ape["Artist"], ape["Location"] = OWNER, "221B Baker Street"
    ape.save(sink)
    sink.seek(0)
    tags.save(sink, v1=2, v2_version=3)
    title = "Interview with Mary Bennet"
    return Sample(
        "recordings/interview.mp3",
        sink.getvalue(),
        "cleaned",
        about="the encoder's delay (Xing/LAME frame) must stay, or players add silence",
        planted=[
            Plant("TITLE", "ID3v2/TIT2", title, "utf-16-le"),
            Plant("TITLE", "ID3v1", title, "latin-1"),
            Plant("CREATOR", "ID3v2/TPE1", OWNER),
            Plant("CAPTION", "ID3v2/COMM", "recorded at 221B Baker Street"),
            Plant("UNIQUE_ID", "ID3v2/TXXX", "recorder 0042-000042"),
            Plant("UNIQUE_ID", "ID3v2/PRIV", "account-0042"),
            Plant("PLACE_NAME", "APEv2/Location", "221B Baker Street"),
            *gps_plants(*ALBERT_HALL, "ID3v2/APIC/APP1/Exif"),
        ],
    )


def song() -> Sample:
    """Vorbis comments and a picture (FLAC format, metadata blocks 4 and 6)."""
    sink = io.BytesIO(_encoded("flac", "flac", "--silent", "-o", "{target}", "{source}"))
    file = flac.FLAC(sink)
    file["ARTIST"], file["LOCATION"] = OWNER, "Royal Albert Hall"
    file["COMMENT"] = "for mary@example.com"
    picture = flac.Picture()
    picture.type, picture.mime, picture.desc = 3, "image/jpeg", "Mary on stage"
    picture.data = small_jpeg_with_position(*ALBERT_HALL)
    file.add_picture(picture)
    sink.seek(0)
    file.save(sink)
    return Sample(
        "recordings/song.flac",
        sink.getvalue(),
        "cleaned",
        planted=[
            Plant("CREATOR", "VORBIS_COMMENT/ARTIST", OWNER),
            Plant("PLACE_NAME", "VORBIS_COMMENT/LOCATION", "Royal Albert Hall"),
            Plant("CAPTION", "VORBIS_COMMENT/COMMENT", "for mary@example.com"),
            Plant("COVER_ART", "PICTURE", "Mary on stage"),
            *gps_plants(*ALBERT_HALL, "PICTURE/APP1/Exif"),
        ],
    )


def recordings() -> list[Sample]:
    return [field_recording(), interview(), song()]
