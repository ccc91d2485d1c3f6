"""What a reader sees is what a pattern reads, and every hit finds its way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.normalised import normalise
from detectors.recognizers import email, phone

MAIL = "jane.doe@example.com"


def _found(text: str) -> list[str]:
    copy = normalise(text)
    return [
        text[slice(*copy.back(hit.start, hit.end))]
        for hit in email.FAMILY.hits(copy.text)
        if hit.rule.score > 0.5
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "jane.\u200bdoe@exam\u200dple.com",  # zero width
        "ja\u00adne.doe@example.com",  # soft hyphen
        "jane.d\u043ee@example.com",  # Cyrillic o
        "jan\u0435.doe@example.com",  # Cyrillic e
        "jane.d\u03bfe@ex\u03b1mple.com",  # Greek omicron and alpha
        "ｊａｎｅ．ｄｏｅ＠ｅｘａｍｐｌｅ．ｃｏｍ",  # full width
        "jane.doe%40example.com",
        "jane%2Edoe%40example%2Ecom",
        "jane.doe&#64;example.com",
        "jane.doe&commat;example&period;com",
        "jane.doe&#x40;example&#x2E;com",
        "jane.doe\\u0040example.com",
        "jane.doe\\x40example.com",
        "\u202ajane.doe@example.com\u202c",  # bidi marks
        "jane.doe@ex-\nample.com",  # a line end
        "jane.doe@ex\u00ad\nample.com",
        "𝗃𝖺𝗇𝖾.𝖽𝗈𝖾@𝖾𝗑𝖺𝗆𝗉𝗅𝖾.𝖼𝗈𝗆",  # mathematical letters
    ],
)
def test_disguised_mail_is_seen_whole(hidden: str) -> None:
    text = f"écrivez à {hidden} svp"
    found = max(_found(text), key=len)
    assert found.strip("\u202a\u202c") == hidden.strip("\u202a\u202c")


def test_copy_of_a_disguise_reads_like_the_plain_text() -> None:
    for hidden in (
        "jane.d\u043ee@example.com",
        "jane.doe&#64;example.com",
        "jane.doe%40example.com",
    ):
        assert normalise(hidden).text == MAIL


@pytest.mark.parametrize(
    "text",
    [
        "Мама мыла раму",  # a word of one script stays
        "Καλημέρα κόσμε",
        "100% sure",
        "AT&T & co",
        "a well-\nKnown thing",
        "C:\\users\\xavier",
    ],
)
def test_plain_text_stays(text: str) -> None:
    assert normalise(text).text == text


def test_digits_of_other_scripts_make_a_phone() -> None:
    text = "اتصل +٤٩ ٣٠ ٢٣١٢٥ ٠٠٠"
    copy = normalise(text)
    (hit,) = phone.FAMILY.hits(copy.text)
    assert text[slice(*copy.back(hit.start, hit.end))] == "+٤٩ ٣٠ ٢٣١٢٥ ٠٠٠"


def test_word_broken_at_a_line_end_is_one_word() -> None:
    copy = normalise("in Spring-\n  field now")
    assert copy.text == "in Springfield now"
    assert copy.back(3, 14) == (3, 18)


@given(st.text(max_size=60) | st.text("a@.-\n&#64;%0\\u\u200bо", max_size=60))
def test_every_character_has_its_place(text: str) -> None:
    copy = normalise(text)
    if copy.anchors is None:
        assert copy.text == text
    places = [copy.back(at, at + 1) for at in range(len(copy.text))]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)
