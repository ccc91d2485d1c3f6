"""What commits and tags say beside their files."""

from __future__ import annotations

import pytest

from scrubber.git.commits import is_personal, names_machine, said

COMMIT = b"""tree 1
parent 2
author Marlowe Quill <marlowe@harbour.test> 1700000000 +0200
committer A. Tester <tester@example.com> 1700000000 +0200
gpgsig -----BEGIN PGP SIGNATURE-----
 Comment: not told
 -----END PGP SIGNATURE-----
mergetag object 3
 type commit
 tag v1
 tagger Roe <roe@laptop.local> 1700000000 +0000
\x20
 words of the tag
HG:rename-source from the desk of Quill

A subject

A body
"""


def test_a_commit_with_everything() -> None:
    told = said(COMMIT)
    assert told.addresses == (b"marlowe@harbour.test", b"tester@example.com", b"roe@laptop.local")
    assert b"A subject\n\nA body\n" in told.text
    assert b"words of the tag" in told.text
    assert b"desk of Quill" in told.text  # a header nobody knows
    assert b"not told" not in told.text


SIGNED = b"object 1\ntype commit\ntag v1\ntagger A <a@example.com> 1 +0\n\nWords\n"
ARMOUR = b"-----BEGIN SSH SIGNATURE-----\n%bAAAA\nBBBB==\n-----END SSH SIGNATURE-----\n"


def test_a_signature_is_no_text_unless_it_holds_one() -> None:
    assert said(SIGNED + ARMOUR % b"").text == b"v1\nWords\n"
    assert b"Quill" in said(SIGNED + ARMOUR % b"Comment: Quill\n").text
    assert b"Quill" in said(SIGNED + ARMOUR % b"" + b"Quill\n").text


def test_headers_alone() -> None:
    assert said(b"tree 1\nauthor A <> 1 +0\n\n").text == b""
    assert said(b"").addresses == ()


@pytest.mark.parametrize(
    ("address", "personal"),
    [
        (b"marlowe@harbour.test", True),
        (b"me@localhost", True),
        (b"noreply@harbour.test", False),
        (b"12+quill@users.noreply.github.com", False),
        (b"tester@example.com", False),
        (b"quill@box.invalid", False),
        (b"", False),
        (b"\xff\xfe@harbour.test", True),
    ],
)
def test_addresses_that_lead_to_somebody(address: bytes, personal: bool) -> None:
    assert is_personal(address) is personal


def test_addresses_made_from_a_computers_name() -> None:
    for address in (b"quill@laptop.local", b"quill@box.(none)", b"quill@box", b"q@desk.lan"):
        assert names_machine(address)
    assert not names_machine(b"quill@harbour.test")
