"""The table of containers holds together, and docs/formats.md is made from it."""

from __future__ import annotations

import dataclasses
import importlib
from pathlib import Path

import pytest

from scrubber import containers
from scrubber.cli.formats import table_markdown
from scrubber.containers import Container, load_format, load_reader, match_signature, table
from scrubber.errors import MissingExtra, Unsupported

ROOT = Path(__file__).parents[1]
ROWS = tuple(table().values())


def test_rows_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ROWS[0].name = "x"  # type: ignore[misc]  # the point of the test


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_is_well_formed(row: Container) -> None:
    assert row.label.split()[0] in {"a", "an", "plain", "source", "model", "subtitles"} or (
        row.label[0].isupper()
    )
    assert "/" in row.media_type
    assert all(suffix[0] == "." and suffix == suffix.lower() for suffix in row.suffixes)
    assert len(set(row.suffixes)) == len(row.suffixes)
    assert not (row.textual and row.signatures)
    if row.format:
        assert row.format.startswith("scrubber.formats.")
        assert row.spec
    if row.reader:
        assert row.format
        assert row.reader.startswith("scrubber.readers.")


def test_every_signature_finds_its_own_row() -> None:
    for row in ROWS:
        for signature in row.signatures:
            head = bytearray(max(offset + len(magic) for offset, magic in signature))
            for offset, magic in signature:
                head[offset : offset + len(magic)] = magic
            found = match_signature(bytes(head))
            assert found is not None
            assert found.name == row.name, (row.name, found.name)


def test_the_asked_rows_are_there() -> None:
    handled = {row.name for row in ROWS if row.format and not row.nested}
    assert handled >= {
        "jpeg", "png", "mp3", "flac", "wav", "text", "markdown", "csv", "tsv", "json", "jsonl",
        "srt", "vtt", "code",
    }  # fmt: skip
    assert {row.name for row in ROWS if row.nested} == {"exif", "xmp", "icc"}


def test_a_known_row_says_what_it_is() -> None:
    with pytest.raises(Unsupported, match=r"a Canon CR3 raw picture.*maker.s own notes.*Develop"):
        load_format(table()["cr3"])
    with pytest.raises(Unsupported, match="a Canon CR3 raw picture"):
        load_reader(table()["cr3"])


def test_a_missing_library_is_our_own_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "needs_more.py").write_text("import a_library_nobody_has\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    row = dataclasses.replace(table()["png"], format="needs_more:Thing", extra="more")
    with pytest.raises(MissingExtra, match=r"a_library_nobody_has.*prescrub\[more\]"):
        load_format(row)


def test_a_format_is_made_and_a_reader_is_not_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "made_here.py").write_text("class Thing: ...\ndef read(): raise ValueError\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    row = dataclasses.replace(table()["png"], format="made_here:Thing", reader="made_here:read")
    assert type(load_format(row)).__name__ == "Thing"
    assert load_reader(row).__name__ == "read"


@pytest.mark.parametrize(
    "reference",
    [place for row in ROWS for place in (row.format, row.reader) if place],
)
def test_a_reference_leads_somewhere(reference: str) -> None:
    module, _, attribute = reference.partition(":")
    assert callable(getattr(importlib.import_module(module), attribute))


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a.JPG", ".jpg"), ("d.x/README", ""), (".gitignore", ""), ("a.tar.gz", ".gz"), ("a.", ".")],
)
def test_suffix_of(name: str, suffix: str) -> None:
    assert containers.suffix_of(name) == suffix


def test_docs_are_the_table() -> None:
    page = ROOT / "docs" / "formats.md"
    assert page.read_text(encoding="utf-8") == table_markdown(), "run: make docs"
