"""Positions as decimal pairs or degrees, minutes, seconds (ISO 6709)."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import re
from typing import Any

from detectors.rules import Family, Rule

_CONTEXT = ("lat", "latitude", "lon", "lng", "long", "longitude", "gps", "location", "coordinates", "coords", "position", "geo", "map", "maps", "at")  # fmt: skip


def _on_earth(value: str) -> bool:
    numbers = [float(number) for number in re.findall(r"-?\d+\.\d+", value)]
    return len(numbers) == 2 and min(map(abs, numbers)) <= 90 and max(map(abs, numbers)) <= 180


_OF_A_PATH = re.compile(r"[CcMmLlHhVvQqTtAa][-+]?\d+\.\d+[ ,]$")


def _no_drawing(match: Any) -> bool:
    """Not behind the first number of a curve (SVG 2, 9.3), which its letter touches."""
    return not _OF_A_PATH.search(match.string[max(0, match.start() - 24) : match.start()])


def _comma_on_earth(value: str) -> bool:
    return _on_earth(value.replace(",", "."))


FAMILY = Family(
    "coordinates",
    (
        Rule("decimal-pair", "COORDINATES", r"(?<![\w.,-])[-+]?\d{1,3}\.\d{4,}°?\s?[NSEW]?\s?[,;/| ]\s{0,2}[-+]?\d{1,3}\.\d{4,}°?\s?[EWNS]?(?![\w.,]*\d)", 0.75, 0.9, _CONTEXT, check=_on_earth, where=_no_drawing, needs=("0",), reach=(40, 40)),
        Rule("decimal-short", "COORDINATES", r"(?<![\w.-])[-+]?\d{1,2}\.\d{2,3}°?\s?[NS]?\s?,\s?[-+]?\d{1,3}\.\d{2,3}°?\s?[EW]?(?![\w.]*\d)", 0.1, 0.7, ("latitude", "longitude", "lat", "lng", "gps", "coordinates", "coords"), check=_on_earth),
        Rule("decimal-comma", "COORDINATES", r"(?<![\w.,-])[-+]?\d{1,2},\d{4,}°?\s?[NS]?\s?[;/ ]\s?[-+]?\d{1,3},\d{4,}°?\s?[EWO]?(?![\w.,]*\d)", 0.7, check=_comma_on_earth, needs=("0",), reach=(40, 40)),
        Rule("json-pair", "COORDINATES", r"(?i)\"coordinates\"\s?:\s?(?P<pos>\[{1,3}\s?-?\d{1,3}\.\d{2,},\s{0,3}-?\d{1,3}\.\d{2,}(?:,\s{0,3}-?\d+(?:\.\d+)?)?)", 0.9, group="pos", needs=("\"coordinates\"",), reach=(2, 120)),
        Rule("one-named", "COORDINATES", r"(?i)(?<![\w])[\"']?(?:gps_?)?(?:lat|latitude|lon|lng|longitude)[\"']?\s?(?:[:=]|is)\s?[\"']?(?P<pos>[-+]?\d{1,3}\.\d{3,}|\d{1,3}\s?(?:°|deg)\s?\d{1,2}(?:\.\d+)?\s?['′](?:\s?\d{1,2}(?:\.\d+)?\s?[\"″])?(?:\s?[NSEW])?)", 0.8, group="pos", needs=("lat", "lon", "lng"), reach=(6, 60)),
        Rule("one-dms", "COORDINATES", r"(?<![\w.])(?:[NSEW]\s?)?\d{1,3}\s?(?:°|º|deg)\s?\d{1,2}(?:\.\d{1,6})?\s?['′’]\s?(?:\d{1,2}(?:\.\d+)?\s?(?:\"|″|''|”)\s?)?[NSEWO](?!\w)", 0.8, needs=("°", "º", "deg"), reach=(8, 30)),
        Rule("ddm", "COORDINATES", r"(?<![\w.])\d{1,2}\s?[°º]\s?\d{1,2}\.\d{1,6}\s?['′’]?\s?[NS],?\s{0,3}\d{1,3}\s?[°º]\s?\d{1,2}\.\d{1,6}\s?['′’]?\s?[EWO](?!\w)", 0.9, needs=("°", "º"), reach=(8, 50)),
        Rule("hemisphere-first", "COORDINATES", r"(?<![\w.])[NS]\s?\d{1,2}(?:\s?[°º]\s?|\s)\d{1,2}(?:\.\d{1,6})?(?:\s?['′’]?\s?|\s)(?:\d{1,2}(?:\.\d+)?\s?[\"″]?)?[,; ]{0,3}[EW]\s?\d{1,3}(?:\s?[°º]\s?|\s)\d{1,2}(?:\.\d{1,6})?(?:\s?['′’]\s?|\s?)(?:\d{1,2}(?:\.\d+)?\s?[\"″]?)?(?!\w)", 0.85, needs=("0",), reach=(12, 50)),
        Rule("hemisphere-decimal", "COORDINATES", r"(?<![\w.])[NS]\s?\d{1,2}\.\d{3,}\s?°?,?\s{0,2}[EW]\s?\d{1,3}\.\d{3,}(?!\w)", 0.85, needs=("0",), reach=(8, 30)),
        Rule("map-link", "COORDINATES", r"(?i)\bhttps?://(?:[\w-]+\.)*(?:google\.[a-z.]{2,6}/maps|maps\.google\.[a-z.]{2,6}|openstreetmap\.org|osm\.org|bing\.com/maps|maps\.apple\.com|waze\.com|yandex\.[a-z]{2,3}/maps|here\.com|wego\.here\.com|mapy\.cz|windy\.com|gpx\.studio|komoot\.[a-z]{2,3})[^\s<>\"']{0,120}?-?\d{1,3}\.\d{2,}(?:,|%2C|/|~|&m?lon=|&lng=|_|%7E)-?\d{1,3}\.\d{2,}[^\s<>\"')]*", 0.95, needs=("map", "osm.org", "waze", "here.com", "windy", "gpx", "komoot"), reach=(60, 400)),
        Rule("map-short", "COORDINATES", r"(?i)\b(?:https?://)?(?:goo\.gl/maps|maps\.app\.goo\.gl|w3w\.co|what3words\.com|plus\.codes|osm\.org/go|her\.is|waze\.to)/[\w.+/-]{4,60}", 0.85, needs=("goo.gl", "w3w.co", "what3words.com", "plus.codes", "osm.org/go", "waze.to"), reach=(20, 80)),
        Rule("words-three", "COORDINATES", r"(?<![\w/])///\p{Ll}{3,20}\.\p{Ll}{3,20}\.\p{Ll}{3,20}(?![\w.])", 0.9, needs=("///",), reach=(2, 70)),
        Rule("words-three-cued", "COORDINATES", r"(?<![\w.@/])\p{Ll}{4,20}\.\p{Ll}{4,20}\.\p{Ll}{4,20}(?![\w.(])", 0.1, 0.8, ("what3words", "w3w", "what 3 words", "three words", "what three words"), needs=("what3words", "w3w", "what 3 words", "three words"), reach=(90, 90)),
        Rule("mgrs", "COORDINATES", r"(?<![\w-])(?:[1-9]|[1-5]\d|60)\s?[C-HJ-NP-X]\s?[A-HJ-NP-Z][A-HJ-NP-V]\s?(?:\d{5}\s?\d{5}|\d{4}\s?\d{4})(?![\w-])", 0.8, 0.9, ("mgrs", "grid"), needs=("0",), reach=(20, 20)),
        Rule("utm", "COORDINATES", r"(?<![\w-])(?:[1-9]|[1-5]\d|60)\s?[C-HJ-NP-X]\s{1,2}(?:E\s?)?\d{6}(?:\.\d+)?\s?m?E?[, ]{1,2}(?:N\s?)?\d{6,7}(?:\.\d+)?\s?m?N?(?!\w)", 0.8, 0.9, ("utm", "zone", "easting"), needs=("0",), reach=(24, 40)),
        Rule("os-grid", "COORDINATES", r"(?<![\w-])[HJNOST][A-HJ-Z]\s?(?:\d{5}\s?\d{5}|\d{4}\s?\d{4}|\d{3}\s?\d{3})(?![\w-])", 0.2, 0.8, ("grid", "os", "ngr", "grid ref", "grid reference", "os grid"), needs=("0",), reach=(20, 20)),
        Rule("geohash", "COORDINATES", r"(?<![\w-])(?=[a-z]*\d)[0-9b-hjkmnp-z]{6,12}(?![\w-])", 0.1, 0.75, ("geohash",), needs=("geohash",), reach=(40, 40)),
        Rule("hemisphere-pair", "COORDINATES", r"(?<![\w.-])\d{1,2}(?:\.\d+)?\s?°?\s?[NS],?\s{0,2}\d{1,3}(?:\.\d+)?\s?°?\s?[EW](?!\w)", 0.7),
        Rule("dms", "COORDINATES", r"(?<![\w.])\d{1,2}\s?[°d]\s?\d{1,2}\s?['′m]\s?(?:\d{1,2}(?:\.\d+)?\s?(?:\"|″|''|s)?\s?)?[NSns],?\s{0,3}\d{1,3}\s?[°d]\s?\d{1,2}\s?['′m]\s?(?:\d{1,2}(?:\.\d+)?\s?(?:\"|″|''|s)?\s?)?[EWOewo](?!\w)", 0.9),
        Rule("iso6709", "COORDINATES", r"(?<![\w.])[-+]\d{2}\.\d{2,}[-+]\d{3}\.\d{2,}(?:[-+]\d+(?:\.\d+)?)?/", 0.9),
        Rule("lat-lon-named", "COORDINATES", r"(?i)(?<![\w])[\"']?lat(?:itude)?[\"']?\s?[:=]\s?(?P<pos>[-+]?\d{1,2}\.\d{2,}\W{1,4}[\"']?(?:lon|lng|long|longitude)[\"']?\s?[:=]\s?[-+]?\d{1,3}\.\d{2,})", 0.9, group="pos", needs=("lat",)),
        Rule("geo-uri", "COORDINATES", r"\bgeo:-?\d{1,2}(?:\.\d+)?,-?\d{1,3}(?:\.\d+)?(?:,-?\d+(?:\.\d+)?)?(?:;[\w=.;-]+)?(?:\?[^\s\"'<>]*)?", 0.95, needs=("geo:",), code=True),
        Rule("plus-code", "COORDINATES", r"(?<![\w+])[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}(?![\w+])", 0.6, needs=("+",)),
    ),
)  # fmt: skip

POSITIVES = (
    ("48.858370, 2.294481", "COORDINATES", "48.858370, 2.294481"),
    ("we met at 51.5007 -0.1246", "COORDINATES", "51.5007 -0.1246"),
    ("gps 51.50, -0.12", "COORDINATES", "51.50, -0.12"),
    ("""48°51'30"N 2°17'40"E""", "COORDINATES", """48°51'30"N 2°17'40"E"""),
    ("lat: 48.8583, lon: 2.2944", "COORDINATES", "48.8583, lon: 2.2944"),
    ("geo:48.85,2.29", "COORDINATES", "geo:48.85,2.29"),
    ("8FW4V75V+8Q", "COORDINATES", "8FW4V75V+8Q"),
    ("48° 51.500' N, 2° 17.667' E", "COORDINATES", "48° 51.500' N, 2° 17.667' E"),
    ("N 48° 51.500 W 002° 17.667", "COORDINATES", "N 48° 51.500 W 002° 17.667"),
    (
        "https://www.google.com/maps/@48.8583,2.2944,17z",
        "COORDINATES",
        "https://www.google.com/maps/@48.8583,2.2944,17z",
    ),
    (
        "https://www.openstreetmap.org/#map=15/48.8583/2.2944",
        "COORDINATES",
        "https://www.openstreetmap.org/#map=15/48.8583/2.2944",
    ),
    ("meet at ///filled.count.soap", "COORDINATES", "///filled.count.soap"),
    ("what3words: filled.count.soap", "COORDINATES", "filled.count.soap"),
    ("MGRS 31U DQ 48251 11932", "COORDINATES", "31U DQ 48251 11932"),
    ("31U 448251 5411932", "COORDINATES", "31U 448251 5411932"),
    ("grid ref TQ 30080 80463", "COORDINATES", "TQ 30080 80463"),
    ('"coordinates": [2.2945, 48.8584]', "COORDINATES", "[2.2945, 48.8584"),
    ("48,8584; 2,2945", "COORDINATES", "48,8584; 2,2945"),
    ("GPSLatitude: 48 deg 51' 30.00\" N", "COORDINATES", "48 deg 51' 30.00\" N"),
)
NEGATIVES = (
    "1.25, 3.50",
    "0.95 and 0.85",
    "3.14159",
    "M1.9210 4.1C0.323418 1.34837 -0.522932 2.81429",
    "198.1234, 12.1234",
    "98.1234, 120.1234",
    "os.path.join",
    "three words",
    "version 1.2.3",
    "12.50, 13.50 EUR",
    "C++11",
    "2+2",
    "90° turn",
)
