"""Plain words for the parts of recordings, and the likeness of what stands in them."""

from __future__ import annotations

import pytest

from scrubber.formats.vorbis_comment import entity_of_name
from scrubber.plain_words import BESIDE, looks_like, meaning


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("ID3v2.3/TPE1", "artist"),
        ("ID3v2.4/APIC picture", "cover picture"),
        ("ID3v2.3/APIC picture/APP1/Exif/IFD0/Artist", "in the cover picture"),
        ("PICTURE/picture/APP1/Exif/IFD0/GPS/GPSLatitude", "in the cover picture"),
        ("LIST INFO/IENG", "engineer"),
        ("moov/udta/loci", "place where it was made"),
        ("moov/track 3 (meta gpmd)", f"{BESIDE}: camera's measurements along the film, "
         "with its position"),
        ("moov/track 4 (sbtl tx3g)", f"{BESIDE}: subtitles"),
        ("Tracks/TrackEntry 3 (subtitle)", f"{BESIDE}: subtitles"),
        ("moov/track 9 (odd)", BESIDE),
        ("APP1/Exif/IFD0/GPS/GPSLatitude", ""),
    ],
)  # fmt: skip
def test_meaning(where: str, words: str) -> None:
    assert meaning(where) == words


def test_the_likeness_says_no_word_of_the_value() -> None:
    session = "/Users/annexample/Music/Heron/song.als"
    assert looks_like(session) == "a path on somebody's computer"
    assert looks_like(r"D:\Sessions\heron.ptx") == "a path on somebody's computer"
    assert looks_like("write to ann@example.com") == "an e-mail address"
    assert looks_like("+47.3769+008.5417/") == "a position"
    assert looks_like("a quiet song, take 3/4") == ""


def test_names_that_people_gave_to_fields_tell_what_stands_in_them() -> None:
    assert entity_of_name("Sound Engineer") == "CREATOR"
    assert entity_of_name("iTunes_CDDB_IDs") == "UNIQUE_ID"
    assert entity_of_name("GPS_Latitude") == "GPS_POSITION"
    assert entity_of_name("project path") == "FILE_PATH"
    assert entity_of_name("buyer") == "TAG"
