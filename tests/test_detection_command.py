"""The command of the detection benchmark: engines in their own processes, tables, the page."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.detection import command
from benchmarks.detection.command import BEGIN, END, page
from benchmarks.detection.engines import engines
from benchmarks.detection.entities import known_as
from benchmarks.detection.evaluate import chosen
from benchmarks.detection.hard_negatives import lock_files, notebooks, stdlib
from benchmarks.detection.passages import Places, passages
from benchmarks.measure import ROOT


def stranger(folder: Path) -> Path:
    row = {"text": "Mail ann@example.com or Bob.", "spans": [[5, 20, "EMAIL"], [24, 27, "PERSON"]]}
    (folder / "mine.jsonl").write_text(json.dumps(row) + "\n")
    return folder


def test_the_page_keeps_what_a_person_wrote() -> None:
    before = f"# Title\n\n{BEGIN}\nold\n{END}\n\nAfter.\n"
    assert page(before, "new\n") == f"# Title\n\n{BEGIN}\n\nnew\n\n{END}\n\nAfter.\n"
    with pytest.raises(ValueError, match="must hold"):
        page("# Title\n", "new\n")


def test_the_document_has_a_place_for_the_tables() -> None:
    assert command.PAGE.read_text("utf-8").count(BEGIN) == 1


def test_an_engine_without_its_folder_is_left_out_with_a_line() -> None:
    run, left_out = chosen(["rampart", "spacy-sm"], {})
    assert [engine.name for engine in run] == ["spacy-sm"]
    assert left_out == ["rampart is left out: give its folder with --rampart DIR"]
    with pytest.raises(ValueError, match="no engine 'x'"):
        chosen(["x"], {})


def test_an_engine_seen_otherwise_is_seen_through_one_that_exists() -> None:
    table = engines()
    assert all(engine.of in table for engine in table.values() if engine.of)


def test_names_of_engines_are_those_of_the_corpora() -> None:
    assert [known_as(name) for name in ("GPE", "GIVEN_NAME", "POSTCODE", "PASSPORT")] == [
        "LOCATION", "PERSON", "ADDRESS", "PASSPORT",
    ]  # fmt: skip


def test_made_files_are_the_same_every_time() -> None:
    assert lock_files() == lock_files()
    assert notebooks() == notebooks()
    assert all(json.loads(document.text)["nbformat"] == 4 for document in notebooks())
    assert len(stdlib()) == 10


def test_passages_lead_back_to_the_characters_of_the_file() -> None:
    text = '# é by Zoë\nname = "Zoë"  # ünd so\n'
    places = Places(text)
    for passage in passages(text, "a.py"):
        start, end = passage.locate(0, len(passage.text))
        assert text[places.of(start) : places.of(end)] == passage.text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "nothing-such"], "there is no set 'nothing-such'"),
        (["--engine", "best"], "there is no engine 'best'"),
        (["--write", "--quick"], "--write is for a whole run"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        command.main([*arguments, "--shared", str(tmp_path)], "here")
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_a_strangers_text_is_scored_by_an_engine_in_its_own_process(tmp_path: Path) -> None:
    asked = ["--shared", str(tmp_path), "--extra", str(stranger(tmp_path)), "--set", "extra"]
    base = [sys.executable, "-m", "benchmarks", "detection", *asked, "--engine", "scrub-patterns"]
    ended = subprocess.run([*base, "--json"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(ended.stdout)
    labels = found["sets"]["extra:mine.jsonl"]["engines"]["scrub-patterns"]["labels"]
    assert labels["EMAIL_ADDRESS"]["fully_masked"] == 1
    assert labels["EMAIL_ADDRESS"]["exact_f1"] == 1
    assert found["left_out"] == [f"no corpora in {tmp_path}: give their folder with --shared"]
    ended = subprocess.run(base, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "| scrub-patterns | 100.0 % · 0.000 |" in ended.stdout
