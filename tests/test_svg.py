"""SVG: every place where something can hide, what is held, and the laws."""

# ruff: noqa: E501 - pictures stand in one line

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from laws import assert_laws, clean, ledger_of
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from robustness import assert_robust

from scrubber.bench import Bench, Setup, Task, prepare
from scrubber.errors import Damaged, Held, NestedUnclean, Unsupported
from scrubber.formats.svg import Svg
from scrubber.model import Item, Outcome
from scrubber.policy import load_policy
from scrubber.readers.svg import read
from scrubber.source import MemorySource
from scrubber.visit import visit

PLANTED = "PLANTED-7f3a"
SVG = 'xmlns="http://www.w3.org/2000/svg"'
LINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def picture() -> str:
    notes = PngInfo()
    notes.add_text("Author", PLANTED)
    out = io.BytesIO()
    Image.linear_gradient("L").resize((8, 8)).save(out, "PNG", pnginfo=notes)
    return base64.b64encode(out.getvalue()).decode()


def svg(inside: str = "", attributes: str = "", before: str = "", after: str = "") -> bytes:
    return (
        f'{before}<svg {SVG} {LINK} width="40" height="30" viewBox="0 0 40 30"{attributes}>'
        f'\n  <rect width="20" height="10" fill="#fa0"/>{inside}\n</svg>\n{after}'
    ).encode()


NESTED = base64.b64encode(svg(f"<title>{PLANTED}</title>")).decode()
PLACES = {
    "comment": svg(f"\n  <!-- {PLANTED} -->"),
    "comment before the root": svg(before=f"<!-- {PLANTED} -->\n"),
    "comment behind the root": svg(after=f"<!-- {PLANTED} -->"),
    "processing instruction": svg(f"<?note {PLANTED}?>"),
    "document type": svg(before=f'<!DOCTYPE svg PUBLIC "{PLANTED}" "http://example.com/x.dtd">\n'),
    "XML declaration": svg(before="<?xml version='1.0'   standalone='no' ?>"),
    "byte order mark": b"\xef\xbb\xbf" + svg(f"<desc>{PLANTED}</desc>"),
    "title": svg(f"<title>{PLANTED}</title>"),
    "desc": svg(f"<g><desc>{PLANTED}<b>x</b></desc><path d='M0 0h5'/></g>"),
    "metadata": svg(
        "<metadata><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
        f"xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:creator>{PLANTED}</dc:creator></r:RDF>"
        "</metadata>"
    ),
    "script": svg(f"<script>alert('{PLANTED}')</script>"),
    "handler": svg(f'<path d="M0 0h9" onclick="{PLANTED}"/>', f' onload="{PLANTED}"'),
    "editor": svg(
        f'<s:namedview s:x="{PLANTED}"><path/></s:namedview>',
        f' xmlns:s="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" s:docname="/home/{PLANTED}"',
    ),
    "data attribute": svg(f'<g data-name="{PLANTED}" aria-label="{PLANTED}"><path/></g>'),
    "unknown attribute": svg(f'<g t="{PLANTED}" p-id="3"><path/></g>'),
    "unused id and class": svg(f'<g id="{PLANTED}" class="{PLANTED} x"><path/></g>'),
    "used id": svg(
        f'<defs><linearGradient id="{PLANTED}"><stop offset="1"/></linearGradient></defs>'
        f'<path fill="url(#{PLANTED})" style="stroke:url(#{PLANTED})"/>'
        f'<use xlink:href="#{PLANTED}"/><set begin="{PLANTED}.begin" attributeName="x" to="1"/>'
    ),
    "used class": svg(
        f"<style>.{PLANTED},#{PLANTED} {{fill:#00f}} rect{{x:1}}</style>"
        f'<g class="{PLANTED} st9" id="{PLANTED}"><path d="M1 1h4v4"/></g>'
    ),
    "filter result": svg(
        f'<filter id="f"><feOffset dx="1" result="{PLANTED}"/><feTile in="{PLANTED}"/></filter>'
        '<path d="M0 0h3" filter="url(#f)"/>'
    ),
    "key frames": svg(
        f"<style>@keyframes {PLANTED}{{from{{x:1}}to{{x:2}}}} "
        f"rect{{animation:{PLANTED} 2s linear infinite}}</style>"
    ),
    "style comment": svg(f"<style>/* {PLANTED} */ rect{{x:1}}</style>"),
    "CDATA comment": svg(f"<style><![CDATA[ rect{{x:1}} /* {PLANTED} */ ]]></style>"),
    "editor's property": svg(
        f"<path style=\"fill:red;-inkscape-font-specification:'{PLANTED}';stroke:#000\"/>"
    ),
    "link": svg(f'<a xlink:href="https://example.com/{PLANTED}" target="x"><path/></a>'),
    "stray characters": svg(f"\n  {PLANTED}\n  <path/> {PLANTED}<!-- x -->\n"),
    "blanks between elements": svg(" \t \t\t  \t<path/>\t \n"),
    "blanks in a tag": svg('<path \t \t\t d = "M0 0h1"  \t />'),
    "embedded picture": svg(f'<image width="9" href="data:image/png;base64,{picture()}"/>'),
    "embedded picture in lines": svg(
        f'<image width="9" xlink:href="data:image/png;base64,{picture()[:76]}&#10;{picture()[76:152]}'
        f'&#10;{picture()[152:]}"/>'
        if len(picture()) <= 228
        else f'<image href="data:image/png;base64,{picture()}"/>'
    ),
    "embedded SVG": svg(f'<image width="9" href="data:image/svg+xml;base64,{NESTED}"/>'),
    "zero width in text": svg("<text x='1' y='9'>Ta\u200b\u200cg</text>"),
    "title in text": svg(f"<text y='9'>Sign<title>{PLANTED}</title><!-- {PLANTED} --></text>"),
    "Illustrator's switch": svg(
        "<switch><foreignObject requiredExtensions='http://ns.adobe.com/AdobeIllustrator/10.0/'>"
        f"<i:pgf xmlns:i='x'>{PLANTED}</i:pgf></foreignObject><g><path/></g></switch>"
    ),
}
HELD = {
    "entities": svg(before='<!DOCTYPE svg [<!ENTITY a "b">]>'),
    "undeclared entity": svg("<text>&nbsp;</text>", before='<!DOCTYPE svg SYSTEM "a.dtd">'),
    "style sheet outside": svg(before='<?xml-stylesheet href="a.css"?>'),
    "web page": svg('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>'),
    "element of a web page": svg('<p xmlns="http://www.w3.org/1999/xhtml">x</p>'),
    "linked picture": svg('<image href="file:///home/sam/cat.png"/>'),
    "linked symbol": svg('<use href="http://example.com/a.svg#b"/>'),
    "url": svg('<path fill="url(http://example.com/a.svg#b)"/>'),
    "import": svg("<style>@import 'a.css';</style>"),
    "font": svg("<style>@font-face{font-family:x;src:url(data:font/woff;base64,AAAA)}</style>"),
    "escapes in CSS": svg("<style>.a\\62 {x:1}</style>"),
    "attribute selector": svg("<style>[id^=x]{x:1}</style>"),
    "custom property": svg('<path style="--a:red;fill:var(--a)"/>'),
    "unknown value": svg('<path fill="sam-rivera"/>'),
    "words in a path": svg('<path transform="sam rivera"/>'),
    "base": svg(attributes=' xml:base="http://example.com/"'),
    "unknown element": svg("<flowRoot/>"),
    "CDATA in text": svg("<text><![CDATA[x]]></text>"),
    "UTF-16": svg().decode().encode("utf-16"),
    "other encoding": b'<?xml version="1.0" encoding="ISO-8859-1"?>\n' + svg("<text>é</text>"),
    "depth": svg("<g>" * 300 + "</g>" * 300),
    "no namespace": b"<svg><path/></svg>",
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_what_hides_goes_and_the_picture_stays(place: str) -> None:
    output = assert_laws(Svg(), read, PLACES[place])
    assert PLANTED.encode() not in output
    assert b'<rect width="20" height="10" fill="#fa0"/>' in output
    for encoded in (NESTED, picture()):
        assert encoded.encode() not in output
    assert "\u200b".encode() not in output
    assert b"\t \t" not in output


@pytest.mark.parametrize("place", HELD)
def test_what_cannot_be_looked_into_is_held(place: str) -> None:
    with pytest.raises(Unsupported) as held:
        clean(Svg(), HELD[place])
    assert "rivera" not in str(held.value)


def test_broken_xml_is_damaged() -> None:
    for data in (b"", b"<svg", svg()[:-9], svg() + b"<svg/>", svg("<g></path>")):
        with pytest.raises(Damaged):
            clean(Svg(), data)


def test_an_embedded_file_that_nothing_can_clean_holds_the_picture(tmp_path: Path) -> None:
    data = base64.b64encode(b"\0\0\1\0\1\0" + bytes(64)).decode()
    with pytest.raises(Held):
        clean(Svg(), svg(f'<image href="data:image/x-icon;base64,{data}"/>'))
    assert issubclass(NestedUnclean, Held)


def test_names_are_written_anew_everywhere() -> None:
    output = clean(Svg(), PLACES["used id"]).decode()
    assert output.count("i1") == 5
    output = clean(Svg(), PLACES["used class"]).decode()
    assert ".c1,#i1 {" in output
    assert '<g class="c1" id="i1">' in output


def test_two_names_that_change_places_do_not_meet() -> None:
    data = svg('<path id="b"/><path id="i1"/><use href="#b"/><use href="#i1"/>')
    output = clean(Svg(), data).decode()
    assert '<path id="i1"/><path id="i2"/><use href="#i1"/><use href="#i2"/>' in output


@pytest.mark.parametrize("place", ["comment", "title", "editor", "unused id and class", "handler"])
def test_the_reader_finds_what_stays(place: str) -> None:
    assert read(MemorySource(PLACES[place])).leftovers


@pytest.mark.parametrize(
    "inside",
    [
        f'<image href="data:image/png;base64,{picture()}"/>',
        '<image href="http://example.com/a.png"/>',
        "<style>/* x */</style>",
        "<text>sam.rivera@example.com</text>",
        "<foreignObject/>",
    ],
)
def test_the_reader_judges_for_itself(inside: str) -> None:
    assert read(MemorySource(svg(inside))).leftovers


def test_robust() -> None:
    whole = svg(
        "<style>.a{fill:red}</style><g class='a' id='x'><text y='9'>Sign <tspan>two</tspan></text>"
        "<!-- x --></g><use href='#x'/><path style='fill:#00f;-x-y:1' d='M0 0h3'/>"
    )
    assert assert_robust(Svg(), read, whole, seed=7, n=400) > 20


@pytest.mark.parametrize("place", PLACES)
def test_a_renderer_draws_the_same(place: str) -> None:
    resvg = pytest.importorskip("resvg_py")

    def drawn(data: bytes) -> bytes:
        return bytes(resvg.svg_to_bytes(svg_string=data.decode("utf-8-sig"), zoom=2))

    assert drawn(PLACES[place]) == drawn(clean(Svg(), PLACES[place]))


def test_passages_read_across_tags_and_mask_whole_elements() -> None:
    data = svg("<text y='9'>Call Sam <tspan fill='red'>Rivera</tspan> &amp; co</text>")
    ledger = ledger_of(Svg(), data)
    assert ledger.passages is not None
    (passage,) = ledger.passages()
    assert passage.text == "Call Sam Rivera & co"
    low, high = passage.locate(5, 15)
    assert data[low:high] == b"Sam <tspan fill='red'>Rivera</tspan>"
    low, high = passage.locate(9, 15)
    assert data[low:high] == b"Rivera"
    assert passage.encode("<a>") == b"&lt;a>"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    (tmp_path / "objects").mkdir()
    return prepare(
        Setup(load_policy("standard"), "b", b"c" * 32, b"t" * 32, str(tmp_path / "objects"), True, False)
    )  # fmt: skip


def test_words_in_a_picture_are_masked(bench: Bench, tmp_path: Path) -> None:
    text = "<text y='9'>Mail sam.<tspan>rivera</tspan>@example.com</text>"
    image = f'<image href="data:image/png;base64,{picture()}"/>'
    path = tmp_path / "card.svg"
    path.write_bytes(svg(text + image))
    item = Item(0, str(tmp_path), "card.svg", path.stat().st_size)
    made = visit(bench, Task(item, str(path)))
    assert made.record is None
    made = visit(bench, Task(item, str(path), True, made.learnt, made.sha256))
    assert made.record is not None
    assert made.record.outcome is Outcome.CLEANED, made.record.why
    output = (tmp_path / "objects" / "00000000").read_bytes()
    assert b"rivera" not in output
    assert b"Mail " in output
