"""What a phone makes: a HEIC picture, a clip, a memo, and a picture for the web."""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path

from sample_media.maker.landscape import landscape
from sample_media.maker.photos import OWNER, XMP, gps_ifd, gps_plants
from sample_media.maker.planted import Plant, Sample
from sample_media.maker.recordings import wave_file
from sample_media.maker.tiff import ascii_, exif

ARTIST = 0x013B
TOWER = (51.5081, -0.0759)
PLACE = "+51.5081-000.0759/"


def picture() -> Sample:
    """HEIC with Exif, XMP and a thumbnail as items of their own."""
    import pillow_heif

    sink = io.BytesIO()
    file = pillow_heif.from_pillow(landscape(6, 320, 240))
    block = exif({ARTIST: ascii_(OWNER)}, gps=gps_ifd(*TOWER))
    file.save(sink, quality=55, exif=b"Exif\0\0" + block, xmp=XMP.encode(), thumbnails=[64])
    return Sample(
        "photos/IMG_0051.heic",
        sink.getvalue(),
        "cleaned",
        planted=[
            *gps_plants(*TOWER, "item/Exif"),
            Plant("CREATOR", "item/Exif/IFD0/Artist", OWNER),
            Plant("PLACE_NAME", "XMP/photoshop:City", 'photoshop:City="Paris"'),
        ],
    )


def story() -> Sample:
    """An extended WebP."""
    sink = io.BytesIO()
    block = exif({ARTIST: ascii_(OWNER)}, gps=gps_ifd(*TOWER))
    landscape(7, 200, 300).save(sink, "WEBP", quality=60, exif=block, xmp=XMP.encode())
    return Sample(
        "photos/story.webp",
        sink.getvalue(),
        "cleaned",
        planted=[
            *gps_plants(*TOWER, "EXIF/Exif"),
            Plant("CREATOR", "EXIF/Exif/IFD0/Artist", OWNER),
            Plant("PLACE_NAME", "XMP /photoshop:City", 'photoshop:City="Paris"'),
        ],
    )


def _made(suffix: str, *options: str, sound: bool = True) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        tone, target = Path(folder) / "in.wav", Path(folder) / f"out.{suffix}"
        tone.write_bytes(wave_file())
        command = ["ffmpeg", "-loglevel", "error", "-i", str(tone)]
        if not sound:
            command += ["-f", "lavfi", "-i", "testsrc2=s=96x64:r=12:d=1.5", "-shortest"]
        subprocess.run([*command, *options, str(target)], check=True, capture_output=True)
        return target.read_bytes()


def clip() -> Sample:
    """QuickTime: the encoder's own words in the film, a place, a title, a maker."""
    data = _made(
        *("mov", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "48k"),
        *("-metadata", f"location={PLACE}", "-metadata", "title=Mary at the tower"),
        *("-metadata", f"artist={OWNER}", "-metadata", "creation_time=2024-05-01T10:20:30Z"),
        sound=False,
    )
    return Sample(
        "films/tower.mov",
        data,
        "cleaned",
        about="the film's coded pictures hold a message of the encoder",
        planted=[
            Plant("GPS_POSITION", "moov/udta/©xyz", PLACE),
            Plant("TITLE", "moov/udta/©nam", "Mary at the tower"),
            Plant("CREATOR", "moov/udta/©ART", OWNER),
            Plant("ENCODER", "samples/messages", "x264 - core"),
        ],
    )


def memo() -> Sample:
    """M4A, as a voice recorder names it."""
    data = _made(
        *("m4a", "-c:a", "aac", "-b:a", "48k", "-metadata", "title=Memo for Mary Bennet"),
        *("-metadata", "comment=221B Baker Street"),
    )
    return Sample(
        "recordings/memo.m4a",
        data,
        "cleaned",
        planted=[
            Plant("TITLE", "moov/udta/meta/ilst/©nam", "Memo for Mary Bennet"),
            Plant("CAPTION", "moov/udta/meta/ilst/©cmt", "221B Baker Street"),
        ],
    )


def talk() -> Sample:
    """Opus in Ogg."""
    data = _made(
        *("opus", "-c:a", "libopus", "-b:a", "32k", "-metadata", f"artist={OWNER}"),
        *("-metadata", "location=Royal Albert Hall"),
    )
    return Sample(
        "recordings/talk.opus",
        data,
        "cleaned",
        about="pre-skip and end trim must stay, or players add silence",
        planted=[
            Plant("CREATOR", "OpusTags/ARTIST", OWNER),
            Plant("PLACE_NAME", "OpusTags/LOCATION", "Royal Albert Hall"),
        ],
    )


def phone() -> list[Sample]:
    return [picture(), story(), clip(), memo(), talk()]
