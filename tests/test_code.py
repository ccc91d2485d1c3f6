"""Source code: all of it is inspected, comments apart from code."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from laws import assert_laws, ledger_of
from robustness import assert_robust

from scrubber.formats.code import Code, family_of
from scrubber.formats.passages import Written
from scrubber.readers.code import read

structure = partial(read, net=False)
PYTHON = (
    b'#!/home/jane/bin/python\n# Author: Jane Doe\n# of Berlin\n\nURL = "http://x/#not-a-comment"\n'
)
SAMPLES = {
    "hash": PYTHON + b'def f():\n    """Doc by Ada."""\n    return 1  # trailing\n',
    "slash": b'/* (c) Jane\n * Doe */\n#include <x.h>\nint a; // call Bob\nchar *s = "// no";\n',
    "dash": b"-- made by Jane\nSELECT '--no' FROM t; -- Bob\n/* Ada */\n",
    "semicolon": b"; Jane wrote this\n[section]\nkey = value ; note\n",
    "percent": b"% Jane Doe\n\\begin{document}50\\% % Bob\n",
}


def passages(data: bytes) -> list[Written]:
    made = ledger_of(Code(), data).passages
    assert made is not None
    return list(made())  # type: ignore[arg-type]  # Written is the only passage here


@pytest.mark.parametrize("family", SAMPLES)
def test_families_and_comments(family: str) -> None:
    data = SAMPLES[family]
    assert family_of(data.decode()) == family
    comments = [p.text for p in passages(data) if p.context.kind == "comment"]
    assert any("Jane" in text for text in comments)
    code = "".join(p.text for p in passages(data) if p.context.kind == "code")
    for name in ("Jane", "Bob", "Ada", "trailing"):
        assert name not in code
    assert not any("no" in text.split() or "not-a-comment" in text for text in comments)


@pytest.mark.parametrize(
    "data",
    [*SAMPLES.values(), b"", b"\n\n", b"plain { code }", b"// a\n/* Jane */x = 1\n", b"x = '\\"],
)
def test_every_visible_character_is_in_a_passage(data: bytes) -> None:
    seen = bytearray(len(data))
    for passage in passages(data):
        low, high = passage.locate(0, len(passage.text))
        assert not any(seen[low:high])
        seen[low:high] = b"\1" * (high - low)
    assert all(seen[at] or data[at : at + 1].isspace() for at in range(len(data)))


def test_neighbouring_comment_lines_are_one_passage_with_the_shebang_in_it() -> None:
    first = passages(SAMPLES["hash"])[0]
    assert first.text == "#!/home/jane/bin/python\n# Author: Jane Doe\n# of Berlin"
    assert first.context.label == "author"


def test_escapes_read_as_their_characters() -> None:
    data = rb's = "jane\x40example.com \u0041da http://x/?q=a%40b"'
    (passage,) = passages(data)
    assert passage.text == 's = "jane@example.com Ada http://x/?q=a@b"'
    at = passage.text.index("@")
    low, high = passage.locate(at, at + 1)
    assert data[low:high] == rb"\x40"


@pytest.mark.parametrize("data", [*SAMPLES.values(), "x = 'a\u202eb' # \u200b\r\n".encode()])
def test_laws(data: bytes) -> None:
    output = assert_laws(Code(), structure, data)
    assert "\u202e" not in output.decode()


def test_trailing_blanks_in_code_stay() -> None:
    data = b"a \t \t \t \t \t \t\nb\n"
    assert assert_laws(Code(), structure, data) == data


def test_this_projects_own_sources() -> None:
    root = Path(__file__).parents[1]
    for path in sorted((root / "scrubber/formats").glob("*.py")):
        data = path.read_bytes()
        assert_laws(Code(), structure, data, surgeries=2)


def test_robust() -> None:
    data = SAMPLES["hash"] + "é\u200b".encode() + SAMPLES["slash"]
    assert assert_robust(Code(), structure, data, n=400) > 100


def test_long_lines_and_many_quotes_end() -> None:
    for data in (
        b"'" * 200_000,
        b'"\\' * 100_000,
        b"/*" * 100_000,
        b"a" * 400_000,
        b'"""' * 60_001,
    ):
        passages(data)


def test_rows_of_a_database_are_values_under_their_columns() -> None:
    data = (
        b"CREATE TABLE t (a TEXT);\nINSERT INTO `t` (`name`, phone, note) VALUES\n"
        b"('Ada Quill', '212-555-0147', 'it''s (late); ok'),\n(NULL,'','x');\n"
        b"('Bob Marlowe',1,'a'),\nIDENTIFIED BY 'secret9x';\n"
    )
    rows = [row for row in passages(data) if row.context.kind == "cell"]
    labels = {row.text: (row.context.label, row.context.private_label) for row in rows}
    assert labels["Ada Quill"] == ("name", "PERSON")
    assert labels["212-555-0147"] == ("phone", "PHONE_NUMBER")
    assert labels["it''s (late); ok"] == ("note", None)
    assert labels["Bob Marlowe"] == ("", None)
    assert "secret9x" not in labels
    assert_laws(Code(), structure, data)
