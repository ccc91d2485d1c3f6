"""XML documents: what they say goes, what they are made of stays, what is unclear is held."""

from __future__ import annotations

from functools import partial
from xml.etree import ElementTree

import pytest
from laws import assert_laws
from mails import cleaned
from robustness import assert_robust

from scrubber.errors import Damaged, Held
from scrubber.formats.xml_document import XmlDocument
from scrubber.identify import identify
from scrubber.readers.xml_document import read
from scrubber.source import MemorySource

PEOPLE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE people SYSTEM "file:///Users/zquist/people.dtd">\n'
    "<!-- made by Zoltana Quist for zoltana@quist-gallery.com -->\n"
    '<?editor path="/home/zquist/work"?>\n'
    '<people xmlns:x="urn:example">\n'
    '  <person id="p1"><name>Zoltana Quist</name><email>zq&#64;example.com</email>'
    "<phone>+1 202 555 0142</phone></person>\n"
    '  <x:note author="Elizabeth Bennet">Met <b>John Watson</b> &amp; '
    "ann&#64;example.org.\u200b</x:note>\n"
    '  <setting name="password" value="hV7q!Lw2z-9"/><user\n/>\n'
    '  <code><![CDATA[ if (a < b && mail == "john.watson@example.org") {} ]]></code>\n'
    "  <title>Harbour light</title>\n</people>\n"
).encode()
PLANTED = (
    "zquist", "Zoltana Quist", "zoltana@quist-gallery.com", "zq@example.com", "Elizabeth Bennet",
    "John Watson", "john.watson@example.org", "ann@example.org",
)  # fmt: skip
LIST = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN"'
    b' "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n<plist version="1.0"><dict>'
    b"<key>FullName</key><string>Mary O&apos;Sample</string>"
    b"<key>Email</key><string>mary@sample.example</string>"
    b"<key>Count</key><integer>3</integer></dict></plist>\n"
)
LATIN = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<a><b>ni\xf1o</b></a>\n'.encode("latin-1")
structure = partial(read, net=False)


def test_what_a_document_says_is_masked_wherever_it_stands() -> None:
    assert identify(MemorySource(PEOPLE), "people.xml").container.name == "xml"
    out, _ = cleaned("xml", PEOPLE, *PLANTED)
    text = out.decode()
    for gone in (*PLANTED, "zq&#64;", "ann", "0142", "hV7q", "\u200b"):
        assert gone not in text, gone
    before, after = ElementTree.fromstring(PEOPLE), ElementTree.fromstring(out)
    shape = [(one.tag, sorted(one.attrib)) for one in before.iter()]
    assert [(one.tag, sorted(one.attrib)) for one in after.iter()] == shape
    assert after.find("title").text == "Harbour light"  # type: ignore[union-attr]  # it stands there
    assert after.find("setting").attrib["name"] == "password"  # type: ignore[union-attr]  # likewise
    assert read(MemorySource(PEOPLE)).leftovers
    assert read(MemorySource(out)).leftovers == ()


def test_the_key_of_a_property_list_names_its_value() -> None:
    out, _ = cleaned("xml", LIST, net=False)
    root = ElementTree.fromstring(out)
    assert [one.text for one in root.iter("key")] == ["FullName", "Email", "Count"]
    name, mail = (one.text or "" for one in root.iter("string"))
    assert name.startswith("[PERSON-")
    assert mail.startswith("[EMAIL_ADDRESS-")
    assert root.find("dict/integer").text == "3"  # type: ignore[union-attr]  # it stands there


def test_a_declared_encoding_is_obeyed() -> None:
    assert cleaned("xml", LATIN, net=False)[0] == LATIN
    with pytest.raises(Held):
        cleaned("xml", LATIN.replace(b"ISO-8859-1", b"UTF-8"), net=False)


HELD = {
    "entities": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY who "Jane Doe">]><a>&who;</a>',
    "undeclared": b"<a>&nbsp;</a>",
    "crossed": b"<a><b></a></b>",
    "cut off": PEOPLE[:-20],
    "two roots": b"<a/><b/>",
    "twice": b'<a x="1" x="2"/>',
    "words behind": b"<a/>Jane",
    "comment": b"<a><!-- a -- b --></a>",
    "character": b"<a>&#0;</a>",
    "late declaration": b'<a><?xml version="1.0"?></a>',
    "utf-7": b'<?xml version="1.0" encoding="UTF-7"?><a>+AEo-ane</a>',
    "deep": b"<a>" * 300 + b"</a>" * 300,
}


@pytest.mark.parametrize("data", HELD.values(), ids=HELD)
def test_what_parsers_could_read_in_two_ways_is_held(data: bytes) -> None:
    with pytest.raises(Held):
        cleaned("xml", data, net=False)


def test_the_second_reader_expands_nothing() -> None:
    with pytest.raises(Damaged):
        read(MemorySource(HELD["entities"]))
    assert read(MemorySource(b"<a>jane&#64;example.com</a>")).leftovers
    assert read(MemorySource(b"<a x='jane&#64;example.com'/>")).leftovers


@pytest.mark.parametrize("data", [PEOPLE, LIST, LATIN], ids=["people", "list", "latin"])
def test_laws_and_damage(data: bytes) -> None:
    assert_laws(XmlDocument(), structure, data)
    assert_robust(XmlDocument(), structure, data, n=150, prefixes=60)
