"""CSV and TSV tables: spans, dialects, headers, hostile input."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laws import assert_laws, ledger_of
from robustness import assert_robust

from scrubber.errors import Damaged, Held
from scrubber.formats.csv_table import Csv, Tsv
from scrubber.formats.passages import Written
from scrubber.model import Role
from scrubber.readers.csv_table import read, read_tsv
from scrubber.source import MemorySource

structure = partial(read, net=False)
CELLS = st.text(
    alphabet=st.one_of(
        st.sampled_from('",;\r\n\t ab1é𝒳é'), st.characters(min_codepoint=0x20, max_codepoint=0x7E)
    ),
    max_size=8,
)


def passages(data: bytes, form: object = None) -> list[Written]:
    made = ledger_of(form or Csv(), data).passages
    assert made is not None
    return list(made())  # type: ignore[arg-type]  # Written is the only passage here


def replaced(data: bytes, passage: Written, start: int, end: int, text: str) -> bytes:
    low, high = passage.locate(start, end)
    return data[:low] + passage.encode(text) + data[high:]


def parsed(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_replaced_span_reads_back_exactly(draw: st.DataObject) -> None:
    width = draw.draw(st.integers(2, 4))
    rows = draw.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=2))
    quoting = draw.draw(st.sampled_from((csv.QUOTE_ALL, csv.QUOTE_MINIMAL)))
    ending = draw.draw(st.sampled_from(("\n", "\r\n")))
    out = io.StringIO()
    csv.writer(out, quoting=quoting, lineterminator=ending).writerows(
        [["k1", *"abc"[: width - 1]], *rows]
    )
    data = out.getvalue().encode()
    before = parsed(data)
    ledger = ledger_of(Csv(), data)
    if "delimiter" not in dict(ledger.rendering.facts) or ledger.passages is None:
        return
    if dict(ledger.rendering.facts)["delimiter"] != "','":
        return
    found = list(ledger.passages())
    passage = draw.draw(st.sampled_from(found))
    number = int(passage.where.removeprefix("row ").split("/")[0]) - 1
    start = draw.draw(st.integers(0, len(passage.text) - 1))
    end = draw.draw(st.integers(start + 1, len(passage.text)))
    new = replaced(data, passage, start, end, "[X-a]")  # type: ignore[arg-type]  # as above
    after = parsed(new)
    assert len(after) == len(before)
    changed = [
        (old, now)
        for row_old, row_new in zip(before, after, strict=True)
        for old, now in zip(row_old, row_new, strict=True)
        if old != now
    ]
    assert changed == [(passage.text, passage.text[:start] + "[X-a]" + passage.text[end:])]
    assert 0 <= number < len(before)


def test_cells_know_their_column_row_and_neighbours() -> None:
    data = b'id,E-Mail,note\n1,jane@example.com,"says ""hi"", twice"\n2,,\n'
    found = passages(data)
    by_where = {passage.where: passage for passage in found}
    mail = by_where["row 2/E-Mail"]
    assert mail.context.private_label == "EMAIL_ADDRESS"
    assert mail.context.neighbours == ("1", "jane@example.com", 'says "hi", twice')
    assert by_where["row 2/note"].text == 'says "hi", twice'
    assert by_where["row 2/id"].context.kind == "number"
    assert by_where["row 1/3"].context.kind == "key"
    assert "row 3/E-Mail" not in by_where


@pytest.mark.parametrize(
    ("header", "entity"),
    [
        ("Correo Electrónico", "EMAIL_ADDRESS"), ("Straße", "ADDRESS"),
        ("homePhone_2", "PHONE_NUMBER"),
        ("first_name", "PERSON"), ("DOB", "DATE_OF_BIRTH"), ("client.ip-address", "IP_ADDRESS"),
        ("mot de passe", "PASSWORD"), ("SSN", "NATIONAL_ID"), ("名前", "PERSON"), ("colour", None),
        ("file name", None), ("product_id", None),
    ],
)  # fmt: skip
def test_headers_make_columns_private_in_several_languages(header: str, entity: str | None) -> None:
    found = passages(f"nr,{header}\n1,x\n2,y\n".encode())
    assert found[3].context.private_label == entity


def test_notes_before_the_header_do_not_hide_it() -> None:
    data = b"# made by Jane Doe\n#id,phone\n1,555-0100\n2,555-0101\n"
    found = passages(data)
    assert found[0].context.kind == "comment"
    assert found[0].text == "# made by Jane Doe"
    assert [p.context.private_label for p in found if p.text.startswith("555")] == [
        "PHONE_NUMBER"
    ] * 2


def test_sep_line_decides_and_ambiguous_tables_are_text() -> None:
    data = b"sep=;\nname;v\nAda;1,5\nBob;2,5\n"
    assert dict(ledger_of(Csv(), data).rendering.facts)["delimiter"] == "';'"
    ambiguous = b"a,b;c\nd,e;f\n"
    assert "delimiter" not in dict(ledger_of(Csv(), ambiguous).rendering.facts)
    assert [p.text for p in passages(ambiguous)] == ["a,b;c\nd,e;f\n"]


FILES = [
    b"a,b\r\n1,2\r\n",
    b"a,b\n1,2,3\n4\n\n5,6\n7,8\n9,10\n11,12\n13,14\n15,16\n17,18\n",
    b'\xef\xbb\xbfa,b\n"x\ny",2\n"",3,,\n1,2\n3,4\n5,6\n7,8\n',
    "a\tb\n\u00e9\t𝒳\u200b\n".encode(),
    "name;ort\r\nJosé;Köln\r\n".encode("cp1252"),
    "a,b\n1,é\n".encode("utf-16"),
    b"single\ncolumn\n",
    b"",
    b"a,b\r1,2\r3,4\r",
    b'a,"b"junk\n1,"2"x"y\n3,4\n',
    b"=HYPERLINK(1),'quoted\n+1,-2\n",
]


@pytest.mark.parametrize("data", FILES)
def test_laws(data: bytes) -> None:
    output = assert_laws(Csv(), structure, data)
    assert "\u200b".encode() not in output
    assert_laws(Tsv(), partial(read_tsv, net=False), data)


@pytest.mark.parametrize("data", FILES)
def test_both_sides_see_the_same_table(data: bytes) -> None:
    theirs = dict(read(MemorySource(data)).rendering.facts)
    assert dict(ledger_of(Csv(), data).rendering.facts).items() >= theirs.items() or not data


def test_robust() -> None:
    data = 'id,name,"no\nte"\n1,"J ""x"" é",\u200b\n2,b,c\n3,d,e\n'.encode()
    assert assert_robust(Csv(), structure, data, n=400) > 100


@pytest.mark.parametrize(
    "data", [b'a,b\n1,"never closed\n2,3\n', b"a,b\n1,\0\n", b"\xff,\xc3\xa9\n"]
)
def test_broken_tables_are_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        ledger_of(Csv(), data)


class _Endless:
    """A table of `n` rows that is made while it is read."""

    def __init__(self, n: int) -> None:
        self.row = b'1234567,Ada Example,"a, b",0.5\n'
        self.size = n * len(self.row)

    def read(self, offset: int, n: int) -> bytes:
        if offset < 0 or offset + n > self.size:
            raise Damaged("beyond the end")
        first = offset // len(self.row)
        skip = offset - first * len(self.row)
        return (self.row * (n // len(self.row) + 2))[skip : skip + n]


@pytest.mark.slow
def test_rows_are_lazy() -> None:
    from scrubber.ledger import Ledger

    source = _Endless(100_000)
    ledger = Ledger(source.size)
    tracemalloc.start()
    Csv().split(source, ledger)
    assert ledger.passages is not None
    rows: Iterator[object] = iter(ledger.passages())
    for _ in range(20_000):
        next(rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24 << 20
    assert len(ledger.parts) == 2
    assert dict(ledger.rendering.facts)["rows"] == "100000"


def test_hidden_runs_leave_and_the_cell_reads_without_them() -> None:
    data = "mail,x\njane\u200b@example.com,1\n".encode()
    ledger = ledger_of(Csv(), data)
    assert [part.entity for part in ledger.parts if part.role is Role.PRIVATE] == ["INVISIBLE_TEXT"]
    assert ledger.passages is not None
    assert "jane@example.com" in [passage.text for passage in ledger.passages()]


def test_a_cell_with_a_million_quotes_ends() -> None:
    with pytest.raises(Held):
        ledger_of(Csv(), b'a,b\n"' + b'""' * 500_000 + b"\n")


@pytest.mark.parametrize("data", [b'1,\x7f"x,y"\n', b"\x7f", b"\x1b[0m\n1,2\n"])
def test_invisible_characters_that_change_the_table_hold_it(data: bytes) -> None:
    with pytest.raises(Damaged, match="nobody sees"):
        ledger_of(Csv(), b"a,b\n" + b"3,4\n" * 9 + data)
