"""Settings files: keys that name private things, words as prose, programs' values as code."""

from __future__ import annotations

import tomllib
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import assert_laws, ledger_of
from robustness import assert_robust
from runs import Runs

from scrubber.formats.passages import Written
from scrubber.formats.settings import Settings
from scrubber.readers.code import read_settings
from scrubber.textual import recognise

structure = partial(read_settings, net=False)
SAMPLES = {
    "yaml": (
        b"# by Zinnia Hartwood\nowner:\n  name: Zinnia Hartwood\n  phone: 212-555-0147\n"
        b"people:\n  - name: 'Ada Quill'\n    dob: 1979-05-27\n  - Bob Marlowe\n"
        b"authors:\n- Ada Quill\n- Bob Marlowe\nnote: >\n  Dear Zinnia Hartwood,\n  come soon.\n"
        b"web:\n  name: frontend\n  image: nginx  # by Ada\n  password: ${PW}\n"
    ),
    "toml": (
        b'# by Ada\nauthors = ["Ada Quill <ada@example.com>", "Bob Marlowe"]\n[owner]\n'
        b'first_name = "Zinnia"\nname = "Zinnia \\u0048artwood"\nage = 34\n[tool.x]\n'
        b'line = """\nhello there all\n"""\nname = "widget"\n'
    ),
    "ini": (
        b"; by Ada\n[user]\nname = Zinnia Hartwood\nemail=zinnia@example.com\n\n[db]\n"
        b"name = orders\npassword = hunter2x\nhost = db.example.com\n"
    ),
    "properties": b"# by Ada\nuser.fullName=Zinnia Hartwood\ntitle=A walk \\\n  with Ada Quill\n",
    "odd": b"\n\n- \n: \n=\nkey:\n'a'\n[x]]\n{}\n? x\n\"un\nb: 'it''s' # c\nexport A=b\n",
}


def passages(data: bytes) -> list[Written]:
    made = ledger_of(Settings(), data).passages
    assert made is not None
    return list(made())  # type: ignore[arg-type]  # Written is the only passage here


def private(data: bytes) -> dict[str, str | None]:
    """What the keys of a file make private, by value."""
    rows = [row for row in passages(data) if row.context.private_label]
    return {row.text: row.context.private_label for row in rows}


def test_a_key_makes_its_value_private_and_name_does_beside_people() -> None:
    assert private(SAMPLES["yaml"]) == {
        "Zinnia Hartwood": "PERSON",
        "212-555-0147": "PHONE_NUMBER",
        "Ada Quill": "PERSON",
        "1979-05-27": "DATE_OF_BIRTH",
        "Bob Marlowe": "PERSON",
    }
    assert private(SAMPLES["toml"]) == {
        "Zinnia": "PERSON", "Zinnia Hartwood": "PERSON", "34": "AGE", "Bob Marlowe": "PERSON",
    }  # fmt: skip
    assert private(SAMPLES["ini"]) == {
        "Zinnia Hartwood": "PERSON", "zinnia@example.com": "EMAIL_ADDRESS",
    }  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        b"email: true", b"address: 0.0.0.0:8080", b"phone: ${PHONE}", b"author: {{ user }}",
        b"owner: null", b"address: localhost", b"age: 30d", b"phone: '*'",
    ],
)  # fmt: skip
def test_what_only_a_program_reads_stays(line: bytes) -> None:
    assert private(b"first_name: Ada\n" + line) == {"Ada": "PERSON"}


def test_secrets_are_read_with_their_key() -> None:
    texts = [row.text for row in passages(SAMPLES["ini"]) if row.context.kind == "code"]
    assert any("password = hunter2x" in text for text in texts)


def test_words_are_prose_and_comments_are_comments() -> None:
    rows = passages(SAMPLES["yaml"] + b"about: I met a man who knows the way to the sea\n")
    kinds = {row.text.strip(): row.context.kind for row in rows}
    assert kinds["# by Zinnia Hartwood"] == "comment"
    assert kinds["Dear Zinnia Hartwood,\n  come soon."] == "comment"
    assert kinds["I met a man who knows the way to the sea"] == "prose"


@pytest.mark.parametrize("data", SAMPLES.values(), ids=SAMPLES)
def test_laws_and_every_word_is_in_one_passage(data: bytes) -> None:
    assert_laws(Settings(), structure, data)
    seen = bytearray(len(data))
    for passage in passages(data):
        low, high = passage.locate(0, len(passage.text))
        assert not any(seen[low:high])
        seen[low:high] = b"\1" * (high - low)
    words = bytes(data[at] for at in range(len(data)) if not seen[at])
    assert not any(chr(byte).isalnum() for byte in words)


@given(st.lists(st.sampled_from([*b" \t\n-:=#;'\"[]{},aZ9@.\\$|>&!"]), max_size=60))
def test_any_text_is_covered(signs: list[int]) -> None:
    data = bytes(signs)
    read = "".join(row.raw for row in passages(data))
    assert [c for c in read if c.isalnum()] == [c for c in data.decode() if c.isalnum()]


def test_robust() -> None:
    assert_robust(Settings(), structure, SAMPLES["yaml"])


@pytest.mark.parametrize("name", ["a.yaml", "a.yml", "a.toml", "a.ini", "a.cfg", "a.conf"])
def test_they_are_told_by_their_suffix(name: str) -> None:
    assert recognise("name: x\n", "", name) == "settings"
    assert recognise("#!/bin/sh\n", "", "a.py") == "code"
    assert recognise("KEY=a\nNAME=b\n", "", ".env.example") == "settings"  # a template
    assert recognise("KEY=a\nNAME=b\n", "", "env.txt") == "dotenv"


@pytest.mark.slow
def test_one_file_alone_through_the_real_command(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.write("a.toml", SAMPLES["toml"] + b'[server]\nname = "web"\nport = 80\n')
    runs.write("b.yaml", SAMPLES["yaml"])
    assert runs.scrub().returncode == 0
    texts = {path.suffix: path.read_text() for path in (runs.out / "data").rglob("*.*")}
    for name in ("Hartwood", "Quill", "Marlowe", "0147", "1979", "ada@example.com"):
        assert name not in "".join(texts.values())
    assert tomllib.loads(texts[".toml"])["server"] == {"name": "web", "port": 80}
    assert "image: nginx" in texts[".yaml"]
