"""Texts: their encodings, and every text-shaped container under a false name."""

from __future__ import annotations

import codecs
import json
import time

import pytest

from scrubber.errors import Damaged, Held
from scrubber.identify import Identity, identify
from scrubber.source import MemorySource

DASHES = "-" * 5


def see(data: bytes | str, hint: str = "notes.txt") -> Identity:
    return identify(MemorySource(data.encode() if isinstance(data, str) else data), hint)


def name_of(data: bytes | str, hint: str = "notes.txt") -> str:
    return see(data, hint).container.name


PROSE = "Jane Roe met the café owner at noon — they talked.\n" * 4

SHAPED = {
    "rtf": "{\\rtf1\\ansi{\\info{\\author Jane Roe}}Hello\\par}",
    "html": "<!DOCTYPE html>\n<html><body>x</body></html>",
    "svg": '<svg xmlns="http://www.w3.org/2000/svg" width="1"><text>x</text></svg>',
    "xml": '<?xml version="1.0"?>\n<notes><a/></notes>',
    "vcard": "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Jane Roe\r\nEND:VCARD\r\n",
    "icalendar": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
    "gpx": '<?xml version="1.0"?>\n<!-- made -->\n<gpx version="1.1"><wpt lat="1" lon="2"/></gpx>',
    "kml": '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"></kml>',
    "tcx": '<?xml version="1.0"?><TrainingCenterDatabase></TrainingCenterDatabase>',
    "nmea": "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\n",
    "igc": "AXXX001\nB1101355206343N00006198WA0058700558\nB1101455206259N00006295WA0059300556\n",
    "geojson": '{"type": "FeatureCollection", "features": []}',
    "har": '{"log": {"version": "1.2", "creator": {"name": "x"}, "entries": []}}',
    "ipynb": '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "takeout-sidecar": '{"title": "a", "photoTakenTime": {}, "geoData": {"latitude": 1.0}}',
    "takeout": '{"locations": [{"latitudeE7": 1, "longitudeE7": 2, "timestampMs": "3"}]}',
    "eml": "From: jane@example.com\nTo: bob@example.com\nSubject: x\nDate: now\n\nHello\n",
    "mbox": "From jane@example.com Mon Jan  1 00:00:00 2024\nFrom: jane@example.com\n\nHi\n",
    "postscript": "%!PS-Adobe-3.0\n%%Creator: x\n",
    "pem": f"{DASHES}BEGIN CERTIFICATE{DASHES}\nTUlJQw==\n{DASHES}END CERTIFICATE{DASHES}\n",
    "pgp": f"{DASHES}BEGIN PGP MESSAGE{DASHES}\n\nhQEMA\n{DASHES}END PGP MESSAGE{DASHES}\n",
    "telemetry-subtitle": "1\n00:00:01,000 --> 00:00:02,000\n[latitude: 52.1] [longitude: 4.3]\n",
    "ass": "[Script Info]\nTitle: x\n",
    "lrc": "[ti:x]\n[00:01.00]one\n[00:02.00]two\n",
    "sbv": "0:00:01.000,0:00:02.000\nHello\n",
    "microdvd": "{1}{25}Hello\n{26}{50}Bye\n",
    "xmp": '<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>',
    "uuencode": "begin 644 a.jpg\nM" + "A" * 60 + "\nend\n",
    "yenc": "=ybegin line=128 size=3 name=a.bin\nabc\n=yend size=3\n",
    "git-patch": "From " + "0" * 40 + " Mon Sep 17 00:00:00 2001\nFrom: J <j@example.com>\n",
    "dotenv": "# mine\nAPI_URL=https://example.com\nexport DEBUG=1\n",
    "netrc": "machine example.com login jane password x\n",
    "aae": '<?xml version="1.0"?><plist><dict><key>adjustmentFormatIdentifier</key></dict></plist>',
    "url-file": "[InternetShortcut]\nURL=https://example.com\n",
    "vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n",
    "srt": "1\n00:00:01,000 --> 00:00:02,000\nHi\n",
    "json": '{"a": [1, 2, {"b": null}]}',
    "jsonl": '{"a": 1}\n{"a": 2}\n',
    "text": PROSE,
}


@pytest.mark.parametrize("name", SHAPED)
@pytest.mark.parametrize("hint", ["notes.txt", "README", "photo.jpg"])
def test_content_decides_whatever_the_name(name: str, hint: str) -> None:
    assert name_of(SHAPED[name], hint) == name


@pytest.mark.parametrize("name", sorted(set(SHAPED) - {"text"}))
@pytest.mark.parametrize("before", ["\n\n  \n", "\ufeff", "\ufeff\r\n\r\n"])
def test_blank_lines_and_a_mark_hide_nothing(name: str, before: str) -> None:
    assert name_of(before + SHAPED[name]) == name


@pytest.mark.parametrize("name", sorted(SHAPED))
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_wide_text_hides_nothing(name: str, encoding: str) -> None:
    found = see(SHAPED[name].encode(encoding))
    assert (found.container.name, found.encoding) == (name, encoding)


@pytest.mark.parametrize("name", ["rtf", "html", "svg", "gpx", "kml", "vcard", "icalendar", "ass"])
def test_letter_case_hides_nothing(name: str) -> None:
    assert name_of(SHAPED[name].lower()) == name
    assert name_of(SHAPED[name].upper()) == name


@pytest.mark.parametrize(
    "name",
    [
        "vcard",
        "icalendar",
        "rtf",
        "svg",
        "gpx",
        "kml",
        "tcx",
        "nmea",
        "igc",
        "pgp",
        "uuencode",
        "yenc",
        "telemetry-subtitle",
    ],
)
def test_a_line_of_prose_before_it_hides_nothing(name: str) -> None:
    assert name_of("Here is what you asked for:\n" + SHAPED[name]) == name
    assert name_of(PROSE * 3000 + SHAPED[name]) == name
    assert name_of("Here is what you asked for:\n" + SHAPED[name], "x.md") == name


def test_code_and_fences_may_show_markers() -> None:
    assert name_of("CARD = '''\nBEGIN:VCARD\n'''\n", "x.py") == "code"
    assert name_of(f"# How\n\n```\n{SHAPED['vcard']}```\n", "x.md") == "markdown"


def test_an_open_fence_hides_nothing() -> None:
    assert name_of(f"# How\n\n```\n{SHAPED['vcard']}", "x.md") == "vcard"


@pytest.mark.parametrize(
    "unit",
    ["```a\n", "-----BEGIN X-----\n", "[ti:]", "<a " + " " * 99, "<!--", "0" * 99, "{\"a\":", "[",
     "=ybegin", "$GPGGA,", "1\n00:00:01,000 --> ", "\"", "<!DOCTYPE x [", "From: a\n ", "a,\"b"],
)  # fmt: skip
@pytest.mark.parametrize("hint", ["x.txt", "x.json", "x.csv", "x.srt", "x.xml"])
def test_no_pattern_costs_more_than_the_window(unit: str, hint: str) -> None:
    started = time.process_time()
    try:
        see(unit * (200_000 // len(unit)), hint)
    except Held:
        pass
    assert time.process_time() - started < 2


def test_numbers_of_any_length_are_json_and_nan_is_not() -> None:
    assert name_of('{"a": ' + "9" * 6000 + "}") == "json"
    assert name_of('{"a": NaN}') == "text"


def test_a_key_inside_prose_stays_text_for_the_detectors() -> None:
    assert name_of(PROSE * 5 + SHAPED["pem"]) == "text"


@pytest.mark.parametrize(
    ("text", "hint", "name"),
    [
        ("print(1)\n", "x.py", "code"),
        ("#!/bin/sh\necho\n", "run", "code"),
        ("a: 1\n", "x.yaml", "settings"),
        ("A=1\nB=2\n", "Makefile", "code"),
        ("A=1\nB=2\n", "x.sh", "code"),
        ("# Title\n\nText.\n", "x.md", "markdown"),
        ("a,b\n1,2\n3,4\n", "x.csv", "csv"),
        ("a;b\n1;2\n", "x.csv", "csv"),
        ('a,b\n"1\n2, 3",4\n', "x.csv", "csv"),
        ("name\nJane\n", "x.csv", "csv"),
        ("a\tb\n1\t2\n", "x.tsv", "tsv"),
        ("a,b\n1,2\n", "x.txt", "text"),
        ("Dear Jane, hello.\nI write, as ever, late, sorry.\nBye\n", "x.csv", "text"),
        ('{"a": 1}', "x.jsonl", "jsonl"),
        ("<div>hi</div>", "x.html", "html"),
        ("<div align=center>\n# Hi\n</div>", "README.md", "markdown"),
        ('{"a": 1, // why\n}', "tsconfig.json", "json-comments"),
        ("[note] buy milk\n", "x.txt", "text"),
        ("", "x.csv", "csv"),
    ],
)
def test_the_suffix_chooses_between_look_alikes(text: str, hint: str, name: str) -> None:
    assert name_of(text, hint) == name


def test_a_name_that_promises_json_must_hold_it() -> None:
    with pytest.raises(Damaged):
        name_of('{"a": [1, 2', "x.json")
    with pytest.raises(Damaged):
        name_of("Hello.\n", "x.srt")


def test_long_structured_texts_are_told_by_their_beginning() -> None:
    rows = [{"id": i, "note": 'café " \\ text', "n": [1.5e3, None]} for i in range(9000)]
    assert name_of(json.dumps(rows), "x.txt") == "json"
    assert name_of("\n".join(map(json.dumps, rows)), "x.txt") == "jsonl"
    book = {"cells": [{"source": "x" * 80} for _ in range(4000)], "nbformat": 4}
    assert name_of(json.dumps(book)) == "ipynb"
    cells = "\n".join(f"{i},{i * 2},x" for i in range(30000))
    assert name_of(cells, "x.csv") == "csv"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (PROSE.encode(), "utf-8"),
        (codecs.BOM_UTF8 + PROSE.encode(), "utf-8-sig"),
        (PROSE.encode("utf-16"), "utf-16"),
        (PROSE.encode("utf-16-be"), "utf-16-be"),
        ("Le café était fermé à Noël.\n".encode("latin-1"), "latin-1"),
        ("“Café” – 5 €, said Zoë.\n".encode("cp1252"), "cp1252"),
        (b"plain\n", "utf-8"),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    found = see(data)
    assert (found.container.name, found.encoding) == ("text", encoding)
    assert data.decode(encoding)


@pytest.mark.parametrize(
    "data",
    [
        b"some text\0with a NUL\n" * 4,
        PROSE.encode() + "café und Größe".encode("latin-1"),
        codecs.BOM_UTF8 + b"caf\xe9\n",
        "Привет, мир. Это письмо.\n".encode("koi8-r"),
        "こんにちは、世界。元気ですか。\n".encode("shift-jis"),
        b"overlong \xc0\xaf here\n",
        "text".encode("utf-32"),
        "text\n".encode("utf-16")[:-1],
        b"a text with \x01\x02 controls in the middle of much else\n" * 3,
    ],
)
def test_what_does_not_decode_is_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        see(data)


def test_a_window_may_cut_a_letter() -> None:
    for shift in range(4):
        data = b"x" * shift + "€".encode() * 90_000
        assert see(data).encoding == "utf-8"
        wide = ("y" * shift + "ab" * 90_000).encode("utf-16")
        assert see(wide).encoding == "utf-16"


@pytest.mark.parametrize("size", [20, 300, 70_000])
def test_bytes_that_are_no_text_are_held(size: int) -> None:
    data = bytes((i * 73 + i // 7) % 256 for i in range(size))
    with pytest.raises(Held):
        see(data)
