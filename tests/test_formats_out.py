"""What `check` and `inspect` print for machines: JSON, JSON Lines, CSV, workflow commands."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from pathlib import Path

import pytest
from runs import LETTER, PLAIN, Runs, photo

from reports.annotations import SHOWN, Annotations, escape, escape_property
from reports.quote import from_csv
from reports.rows import COLUMNS, Csv, Document, Lines, Seen, Text, checked
from scrubber.model import Action, Finding

VALUES = ("Quillfeather", "SN839201", "555 0147", "jane.roe")
HOSTILE = (
    "=cmd|' /C calc'!A0.txt", "-1+1.txt", '@a,b\n"c".txt', "\u202egpj.txt", "raw\udcff.txt",
)  # fmt: skip


def finding(entity: str, line: int = 0, where: str = "APP1/Exif") -> Finding:
    return Finding(entity, where, Action.EDIT, "d", 40, line=line, column=2 if line else 0)


def seen(path: str, *findings: Finding) -> Seen:
    return Seen(path, changes=True, findings=findings)


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    made = Runs(tmp_path)
    made.write("b.jpg", photo())
    made.write("a.txt", PLAIN + LETTER)
    made.write("c.txt", PLAIN)
    made.write("d.jpg", photo()[:90])
    return made


@pytest.mark.slow
@pytest.mark.parametrize("command", ["check", "inspect"])
@pytest.mark.parametrize("shape", ["text", "json", "jsonl", "csv", "github", "sarif"])
def test_no_format_holds_a_value_or_the_place_of_the_user(
    runs: Runs, command: str, shape: str
) -> None:
    done = runs.scrub(command, "in", "--format", shape)
    assert done.returncode == (1 if command == "check" else 3)
    for value in VALUES:
        assert value not in done.stdout
    if command == "check" or shape in ("sarif", "github"):
        assert str(runs.base) not in done.stdout


# JSON ---------------------------------------------------------------------------


@pytest.mark.slow
def test_a_document_and_its_lines_say_the_same(runs: Runs) -> None:
    document = json.loads(runs.scrub("check", "in", "--format", "json").stdout)
    assert document["schema"] == "scrub.check/1"
    assert (document["findings"], document["held"]) == (2, 1)
    lines = runs.scrub("check", "in", "--format", "jsonl").stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    assert {row.pop("schema") for row in rows} == {"scrub.check/1"}
    assert rows == document["files"]
    assert runs.scrub("check", "in", "--json").stdout.startswith('{"schema": "scrub.check/1"')


@pytest.mark.slow
def test_places_of_a_text_have_lines_and_lengths_are_classes(runs: Runs) -> None:
    row = json.loads(runs.scrub("check", "in/a.txt", "--format", "jsonl").stdout)
    place = next(one for one in row["places"] if one["entity"] == "PHONE_NUMBER")
    assert (place["line"], place["column"]) == (2, LETTER.index("+1") + 1)
    assert place["length"] == "9-16"
    assert row["findings"]["PHONE_NUMBER"] == 1


@pytest.mark.slow
def test_inspect_lists_every_file(runs: Runs) -> None:
    document = json.loads(runs.scrub("inspect", "in", "--format", "json").stdout)
    assert document["schema"] == "scrub.inspect/1"
    files = {os.path.basename(row["path"]): row for row in document["files"]}
    assert set(files) == {"a.txt", "b.jpg", "c.txt", "d.jpg"}
    assert files["c.txt"]["findings"] == []
    assert files["d.jpg"]["held"] == "damaged"
    assert (document["findings"], document["held"]) == (2, 1)
    lines = runs.scrub("inspect", "in", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["path"] for line in lines] == [r["path"] for r in document["files"]]


def test_an_empty_folder_is_a_whole_document(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    for command in ("check", "inspect"):
        done = runs.scrub(command, "in", "--format", "json")
        assert done.returncode == 0
        assert json.loads(done.stdout)["files"] == []
        assert runs.scrub(command, "in", "--format", "jsonl").stdout == ""


def test_a_path_that_is_no_text_comes_with_its_bytes() -> None:
    lines: list[str] = []
    Lines(lines.append, "s/1", checked).file(seen("raw\udcff.txt", finding("PERSON", 1)))
    assert bytes.fromhex(json.loads(lines[0])["path_hex"]) == b"raw\xff.txt"


ROOT = Path(__file__).parent.parent


def test_every_schema_of_the_code_is_documented() -> None:
    page = (ROOT / "docs" / "json.md").read_text("utf-8")
    code = [*(ROOT / "scrubber").rglob("*.py"), *(ROOT / "reports").rglob("*.py")]
    names = {
        name for path in code for name in re.findall(r'"(scrub\.[a-z.-]+/\d+)"', path.read_text())
    }
    assert {"scrub.check/1", "scrub.inspect/1", "scrub.summary/1"} <= names
    assert not {name for name in names if f"`{name}`" not in page}


# streaming ----------------------------------------------------------------------


@pytest.mark.parametrize("make", [Text, Csv, lambda sink: Lines(sink, "s/1", checked),
                                  lambda sink: Annotations(sink, "scrub check x")])  # fmt: skip
def test_a_file_is_written_before_the_next_one_comes(make: type[Text]) -> None:
    lines: list[str] = []
    writer = make(lines.append)
    before = len(lines)
    for number in range(3):
        writer.file(seen(f"{number}.txt", finding("PERSON", 1)))
        assert len(lines) == before + number + 1


def test_a_document_keeps_one_file_at_most() -> None:
    lines: list[str] = []
    writer = Document(lines.append, "s/1", checked)
    for number in range(3):
        writer.file(seen(f"{number}.txt", finding("PERSON", 1)))
        assert len(lines) == number + 1
    writer.close(1)
    assert len(json.loads("\n".join(lines))["files"]) == 3


# CSV ----------------------------------------------------------------------------


@pytest.mark.slow
def test_csv_has_fixed_columns_and_a_row_a_finding(runs: Runs) -> None:
    rows = list(csv.DictReader(io.StringIO(runs.scrub("check", "in", "--format", "csv").stdout)))
    assert tuple(rows[0]) == COLUMNS
    assert [row["rule"] for row in rows if row["path"] == "d.jpg"] == ["held/damaged"]
    assert {row["line"] for row in rows if row["path"] == "a.txt"} == {"2"}
    assert {row["line"] for row in rows if row["path"] == "b.jpg"} == {""}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_cell_is_a_formula_and_every_name_comes_back(name: str) -> None:
    lines: list[str] = []
    row = Seen(name, "damaged", "=HYPERLINK(1)", "", "")
    Csv(lines.append).file(row)
    assert all("\n" not in line for line in lines)
    (cells,) = csv.reader(lines[1:])
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert from_csv(cells[0]) == name


# workflow commands ----------------------------------------------------------------


def annotations(*files: Seen) -> list[str]:
    lines: list[str] = []
    writer = Annotations(lines.append, "scrub check x")
    for one in files:
        writer.file(one)
    writer.close(1)
    return lines


def test_a_text_has_a_line_each_and_a_picture_one_in_all() -> None:
    picture = seen("p.jpg", finding("GPS_POSITION"), finding("GPS_POSITION"))
    text = seen("t.txt", finding("PERSON", 3), finding("PERSON", 7), finding("EMBEDDED_FILE"))
    held = Seen("h.docx", "unknown-container", "What.", "Why.", "Fix.")
    assert [line.split("::")[1] for line in annotations(picture, text, held)] == [
        "warning file=p.jpg",
        "warning file=t.txt,line=3,col=2",
        "warning file=t.txt,line=7,col=2",
        "warning file=t.txt",
        "error file=h.docx",
    ]
    assert annotations(Seen("fine.txt"), Seen("k.txt", kept=("CREATOR",))) == []


def test_what_a_runner_would_drop_is_counted() -> None:
    many = [seen(f"{n}.txt", finding("PERSON", 1)) for n in range(SHOWN + 5)]
    *shown, last = annotations(*many, Seen("h", "damaged", "w", "", ""))
    assert len(shown) == SHOWN + 1
    assert shown[-1].startswith("::error")
    assert last == "::notice::5 more are not shown here. `scrub check x` lists them all."


def test_nothing_in_a_name_is_a_command() -> None:
    name = "a\r\n::error::x%0A,b:c\x1b[2J"
    assert "\n" not in escape(name)
    assert escape_property("a%b,c:d\n") == "a%25b%2Cc%3Ad%0A"
    (line,) = annotations(seen(name, finding("GPS_POSITION")))
    assert line.isprintable()
    assert line.count("::") == 2


@pytest.mark.slow
def test_a_forge_gets_paths_from_where_the_command_ran(runs: Runs) -> None:
    said = runs.scrub("check", "in/b.jpg", "--format", "github").stdout
    assert said.startswith("::warning file=in/b.jpg::")
    said = runs.scrub("check", ".", "--format", "github", cwd=runs.inside).stdout
    assert "file=b.jpg::" in said
    done = runs.scrub("check", runs.inside, "--format", "github", cwd=runs.base.parent)
    assert f"file={runs.base.name}/in/b.jpg::" in done.stdout, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["json", "jsonl", "csv", "sarif", "github"])
def test_odd_names_break_no_format(runs: Runs, shape: str) -> None:
    for name in HOSTILE:
        runs.write(os.fsencode(name), LETTER)
    for command in ("check", "inspect"):
        done = runs.scrub(command, "in", "--format", shape)
        assert done.returncode in (1, 3)
        assert done.stderr == ""
        done.stdout.encode("utf-8")  # nothing but UTF-8 comes out
