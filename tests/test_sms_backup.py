"""Backups of text messages: who wrote, what goes, what the words are, and what is held."""

from __future__ import annotations

import re
from functools import partial

import pytest
from laws import assert_laws
from mails import bent, cleaned

from scrubber.errors import Damaged, Held
from scrubber.formats.sms_backup import SmsBackup
from scrubber.identify import identify
from scrubber.readers.sms_backup import read
from scrubber.source import MemorySource

BACKUP = (
    "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n"
    "<!--File Created By PLANTED-a1 on 24/12/2023-->\n"
    '<?xml-stylesheet type="text/xsl" href="PLANTED-b2.xsl"?>\n'
    '<smses count="4" backup_set="PLANTED-c3" backup_date="1703441111000">\n'
    '  <sms protocol="0" address="+1 415 555 0132" date="1703441111000" type="1" subject="null"'
    ' body="Tom &amp; I: see &quot;you&quot; &#55357;&#56832;&#10;at 6?" service_center="PLANTED"'
    ' read="1" readable_date="PLANTED-e5" contact_name="Emma PLANTED-f6" />\n'
    '  <sms address="+1 415 555 0132" date="1" type="2" body=\'it\u2019s "ok" é\u200b\''
    ' contact_name="Emma PLANTED-f6" />\n'
    '  <sms address="PLANTED-g7" date="1" type="1" body="code" contact_name="(Unknown)" />\n'
    '  <mms date="1" address="PLANTED-h8"><parts><part ct="image/jpeg" data="UExBTlRFRA==" />'
    '</parts><addrs><addr address="PLANTED-i9" /></addrs></mms>\n</smses>\n'
).encode()


def test_people_and_times_go_and_words_stay() -> None:
    assert identify(MemorySource(BACKUP), "sms.xml").container.name == "sms-backup"
    out, _ = cleaned("sms-backup", BACKUP, "Tom & I", net=False)
    text = out.decode()
    for gone in ("PLANTED", "17034", "0132", "Tom", "\u200b", "mms", "UExB"):
        assert gone not in text, gone
    assert '<smses count="3">' in text
    assert re.search(
        r'body="\[PERSON-\w+\]: see &quot;you&quot; &#55357;&#56832;&#10;at 6\?"', text
    )
    assert "body='it\u2019s \"ok\" é'" in text
    assert len(set(re.findall(r"\[PHONE_NUMBER-\w+\]", text))) == 2
    assert len(set(re.findall(r'contact_name="(\[PERSON-\w+\])"', text))) == 1
    assert cleaned("sms-backup", out, net=False)[0] == out
    assert read(MemorySource(out)).leftovers == ()
    assert read(MemorySource(BACKUP)).leftovers


HELD = {
    "entity": BACKUP.replace(b"&amp;", b"&jane;"),
    "half": BACKUP.replace(b"&#56832;", b""),
    "control": BACKUP.replace(b"&#10;", b"&#0;"),
    "twice": BACKUP.replace(b'type="1"', b'type="1" type="2"'),
    "kind": BACKUP.replace(b'type="2"', b'type="x"'),
    "doctype": BACKUP.replace(b"<smses", b"<!DOCTYPE smses [<!ENTITY a 'b'>]><smses"),
    "call": BACKUP.replace(b"</smses>", b'<call number="1" /></smses>'),
    "text": BACKUP.replace(b"</smses>", b"jane</smses>"),
    "cut off": BACKUP[:-20],
    "after": BACKUP + b"<smses count='0'></smses>",
}


@pytest.mark.parametrize("name", HELD)
def test_held(name: str) -> None:
    with pytest.raises(Damaged):
        cleaned("sms-backup", HELD[name])


def test_laws() -> None:
    clean = cleaned("sms-backup", BACKUP, net=False)[0]
    assert_laws(SmsBackup(), partial(read, net=False), clean)


def test_damaged_backups_are_held_or_cleaned() -> None:
    for bad in bent(BACKUP, 200):
        try:
            once, _ = cleaned("sms-backup", bad, net=False)
        except Held:
            continue
        assert cleaned("sms-backup", once, net=False)[0] == once
