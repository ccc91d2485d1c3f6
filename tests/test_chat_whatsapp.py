"""WhatsApp exports in many languages: who speaks, when, what the program says, and the words."""

from __future__ import annotations

from functools import partial

import pytest
from laws import assert_laws
from mails import bent, cleaned

from scrubber.errors import Damaged, Held
from scrubber.formats.chat_whatsapp import WhatsApp
from scrubber.identify import identify
from scrubber.readers.chat_whatsapp import read
from scrubber.source import MemorySource

IOS = (
    "[24/12/2023, 18:05:11] The PLANTED-a1 family: \u200eMessages and calls are end-to-end"
    " encrypted. No one outside of this chat can read them.\r\n"
    "[24/12/2023, 18:05:11] The PLANTED-a1 family: \u200ePLANTED-a2 added \u202a+1 415 555 0132"
    "\u202c\r\n"
    "[24/12/2023, 18:06:00] Emma PLANTED-b2: see you: at 6?\r\nbring a pie\r\n\r\n12 of them\r\n"
    "\u200e[24/12/2023, 18:07:00] ~\u202fPLANTED-c3: \u200e<attached: 001-PLANTED-d4.jpg>"
    "\r\n"
    "[24/12/2023, 18:08:09] \u202a+1 415 555 0132\u202c: \u200eimage omitted\r\n"
    "[24/12/2023, 18:09:00] Emma PLANTED-b2: ok \u200e<This message was edited>\r\n"
).encode()
ANDROID = (
    "12/24/23, 6:05\u202fPM - Messages and calls are end-to-end encrypted. Tap to learn more.\n"
    "12/24/23, 6:05\u202fPM - PLANTED-a1 added +1 415 555 0132\n"
    "12/24/23, 6:06\u202fPM - Emma PLANTED-b2: see you: at 6?\nand bring a pie\n\n12 of them\n"
    "12/24/23, 6:07\u202fPM - +1 415 555 0132: <Media omitted>\n"
    "12/24/23, 6:08\u202fPM - Emma PLANTED-b2: IMG-20231224-WA0001-PLANTED-c3.jpg (file attached)\n"
    "look\n"
    "12/24/23, 6:09\u202fPM - Emma PLANTED-b2: \n"
).encode()
STAMPS = [
    "[24/12/2023, 18:05:11] ", "[24.12.23, 18:05:11] ", "[12/24/23, 6:05:11\u202fPM] ",
    "[2023-12-24, 18:05:11] ", "[24/12/2023 18:05:11] ", "[24/12/23, 6:05:11 p.\u00a0m.] ",
    "[2023/12/24, 下午6:05:11] ", "\u200e[24. 12. 2023, 18:05:11] ", "[24-12-2023, 18:05:11] ",
    "24.12.23, 18:05 - ", "24/12/2023, 18:05 - ", "24/12/2023 18:05 - ", "24/12/2023 à 18:05 - ",
    "12/24/23, 6:05 PM - ", "24/12/23, 6:05 p. m. - ", "2023-12-24, 18:05 - ",
    "24.12.2023 klo 18.05 - ", "2023. 12. 24. 오후 6:05 - ", "24-12-2023 18:05 - ",
]  # fmt: skip


@pytest.mark.parametrize("data", [IOS, ANDROID], ids=["ios", "android"])
def test_people_and_times_go_and_words_stay(data: bytes) -> None:
    assert identify(MemorySource(data), "WhatsApp Chat.txt").container.name == "whatsapp"
    out, _ = cleaned("whatsapp", data, net=False)
    text = out.decode()
    for gone in ("PLANTED", "2023", "12/24", "18:0", "6:0", "555 0132", "\u200e", "added"):
        assert gone not in text, gone
    for word in (": see you: at 6?", "bring a pie", "12 of them"):
        assert word in text, word
    assert cleaned("whatsapp", out, net=False)[0] == out
    assert identify(MemorySource(out), "x.txt").container.name == "whatsapp"
    assert read(MemorySource(out)).leftovers == ()


def test_one_speaker_has_one_tag() -> None:
    lines = cleaned("whatsapp", ANDROID, net=False)[0].decode().split("\n")
    emma = [line.split(" - ")[1].split(":")[0] for line in (lines[0], lines[5], lines[7])]
    assert len(set(emma)) == 1
    assert lines[4].startswith("01/01/00, 00:00 - [PERSON-")
    assert lines[4].endswith("]: <Media omitted>")
    assert emma[0] not in lines[4]
    assert lines[5].endswith("] (file attached)")


@pytest.mark.parametrize("stamp", STAMPS)
def test_stamps_of_many_languages(stamp: str) -> None:
    data = f"{stamp}Emma Woodhouse: hi\n{stamp}George: hello\n".encode()
    assert identify(MemorySource(data), "x").container.name == "whatsapp"
    text = cleaned("whatsapp", data)[0].decode()
    assert "Emma" not in text
    assert "18" not in text
    assert text.endswith(": hello\n")


@pytest.mark.parametrize(
    "text",
    [
        "2023-12-24 18:05:11 - root: started\n2023-12-24 18:05:12 - root: done\n",
        "[2023-12-24 18:05:11] local.ERROR: bad\n[2023-12-24 18:05:11] local.ERROR: bad\n",
        "24.12.23, 18:05 - one line: alone\n",
        "Emma: hi\nGeorge: hello\n",
        "Speaker 1 [00:01:02]\nhi\n",
        "24/12/2023, 18:05 - no\n24/12/2023, 18:06 - body\n",
    ],
)
def test_logs_and_transcripts_are_texts(text: str) -> None:
    assert identify(MemorySource(text.encode()), "x.txt").container.name == "text"


@pytest.mark.parametrize(
    "odd", ["[24/12/2023, 18:06:00] ", "12/24/2023 (18:06) - ", "2023.12.24 18:06:11 - "]
)
def test_a_head_that_is_written_otherwise_holds(odd: str) -> None:
    with pytest.raises(Damaged):
        cleaned("whatsapp", ANDROID + odd.encode() + b"Jane: hi\n")


@pytest.mark.parametrize("data", [IOS, ANDROID], ids=["ios", "android"])
def test_laws(data: bytes) -> None:
    assert_laws(WhatsApp(), partial(read, net=False), cleaned("whatsapp", data, net=False)[0])


@pytest.mark.parametrize("data", [IOS, ANDROID], ids=["ios", "android"])
def test_damaged_exports_are_held_or_cleaned(data: bytes) -> None:
    for bad in bent(data, 150):
        try:
            once, _ = cleaned("whatsapp", bad, net=False)
        except Held:
            continue
        assert cleaned("whatsapp", once, net=False)[0] == once
