"""Positions as decimal pairs or degrees, minutes, seconds (ISO 6709)."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import re

from detectors.rules import Family, Rule

_CONTEXT = ("lat", "latitude", "lon", "lng", "long", "longitude", "gps", "location", "coordinates", "coords", "position", "geo", "map", "maps", "at")  # fmt: skip


def _on_earth(value: str) -> bool:
    numbers = [float(number) for number in re.findall(r"-?\d+\.\d+", value)]
    return len(numbers) == 2 and abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180


FAMILY = Family(
    "coordinates",
    (
        Rule("decimal-pair", "COORDINATES", r"(?<![\w.,-])[-+]?\d{1,2}\.\d{4,}°?\s?[NS]?\s?[,;/ ]\s?[-+]?\d{1,3}\.\d{4,}°?\s?[EW]?(?![\w.,]*\d)", 0.75, 0.9, _CONTEXT, check=_on_earth),
        Rule("decimal-short", "COORDINATES", r"(?<![\w.-])[-+]?\d{1,2}\.\d{2,3}°?\s?[NS]?\s?,\s?[-+]?\d{1,3}\.\d{2,3}°?\s?[EW]?(?![\w.]*\d)", 0.1, 0.7, ("latitude", "longitude", "lat", "lng", "gps", "coordinates", "coords"), check=_on_earth),
        Rule("hemisphere-pair", "COORDINATES", r"(?<![\w.-])\d{1,2}(?:\.\d+)?\s?°?\s?[NS],?\s{0,2}\d{1,3}(?:\.\d+)?\s?°?\s?[EW](?!\w)", 0.7),
        Rule("dms", "COORDINATES", r"(?<![\w.])\d{1,2}\s?[°d]\s?\d{1,2}\s?['′m]\s?(?:\d{1,2}(?:\.\d+)?\s?(?:\"|″|''|s)?\s?)?[NSns],?\s{0,3}\d{1,3}\s?[°d]\s?\d{1,2}\s?['′m]\s?(?:\d{1,2}(?:\.\d+)?\s?(?:\"|″|''|s)?\s?)?[EWOewo](?!\w)", 0.9),
        Rule("iso6709", "COORDINATES", r"(?<![\w.])[-+]\d{2}\.\d{2,}[-+]\d{3}\.\d{2,}(?:[-+]\d+(?:\.\d+)?)?/", 0.9),
        Rule("lat-lon-named", "COORDINATES", r"(?i)(?<![\w])[\"']?lat(?:itude)?[\"']?\s?[:=]\s?(?P<pos>[-+]?\d{1,2}\.\d{2,}\W{1,4}[\"']?(?:lon|lng|long|longitude)[\"']?\s?[:=]\s?[-+]?\d{1,3}\.\d{2,})", 0.9, group="pos", needs=("lat",)),
        Rule("geo-uri", "COORDINATES", r"\bgeo:-?\d{1,2}\.\d+,-?\d{1,3}\.\d+", 0.95, needs=("geo:",), code=True),
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
)
NEGATIVES = (
    "1.25, 3.50",
    "0.95 and 0.85",
    "3.14159",
    "98.1234, 12.1234",
    "version 1.2.3",
    "12.50, 13.50 EUR",
    "C++11",
    "2+2",
    "90° turn",
)
