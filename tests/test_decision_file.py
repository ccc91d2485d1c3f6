"""The list of decisions: what may be made, and what a damaged, edited or hostile file meets."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.canonical import canonical
from scrubber.decision_file import read_decisions, write_decisions
from scrubber.decisions import (
    Decision,
    Decisions,
    Scope,
    Verdict,
    file_id,
    ids_of,
    row_of,
    value_id,
)
from scrubber.errors import UsageError

KEY = b"k" * 32
TEXT = "It was late in the evening when the Marlow Heron was late and the people waited for it."
START, END = TEXT.index("Marlow"), TEXT.index(" was late")


def ids(text: str = TEXT, path: str = "a.txt", sha256: str = "0" * 64, number: str = "0.0"):  # type: ignore[no-untyped-def]  # Ids
    at = text.index("Marlow Heron")
    return ids_of(KEY, path, sha256, number, text, at, at + len("Marlow Heron"), "PERSON")


def keep(scope: Scope, entity: str = "PERSON", name: str | None = None) -> Decision:
    one = ids()
    names = {Scope.SPAN: one.span, Scope.ITEM: one.item, Scope.VALUE: one.value}
    item = "" if scope is Scope.VALUE else "1" * 32
    return Decision(name or names[scope], scope, Verdict.KEEP, entity, item, "a ship")


def test_a_place_is_known_again_by_what_stands_around_it_not_by_where_it_is() -> None:
    assert ids().span == ids(TEXT + " Another line.", sha256="1" * 64, number="0.7").span
    assert ids().span != ids(TEXT.replace("evening when", "morning when")).span
    assert ids().span != ids(path="b.txt").span
    assert ids().item != ids(sha256="1" * 64).item


def test_a_place_with_nothing_around_it_dies_with_the_bytes_of_its_file() -> None:
    alone = [ids("Marlow Heron", sha256=digest * 64, number=n) for digest, n in ("00", "10", "01")]
    assert len({one.span for one in alone}) == 3


def test_the_narrowest_decision_counts() -> None:
    rows = (keep(Scope.VALUE), Decision(ids().span, Scope.SPAN, Verdict.REDACT, "PERSON", "1" * 32))
    found = Decisions(KEY, rows).about(ids(), "PERSON", "Marlow Heron")
    assert found is not None
    assert found.verdict is Verdict.REDACT


@pytest.mark.parametrize(
    ("entity", "value", "scope"),
    [
        ("PERSON", "Marlow", Scope.VALUE),
        ("API_KEY", "one two three", Scope.VALUE),
        ("COORDINATES", "48.1 11.5", Scope.ITEM),
        ("NO_SUCH_ENTITY", "one two", Scope.VALUE),
    ],
)
def test_an_authentic_row_that_reaches_too_far_does_not_count(
    entity: str, value: str, scope: Scope
) -> None:
    one = ids_of(KEY, "a.txt", "0" * 64, "0.0", f"x {value} y", 2, 2 + len(value), entity)
    name = one.value if scope is Scope.VALUE else one.item
    row = Decision(name, scope, Verdict.KEEP, entity, "", "r")
    assert Decisions(KEY, (row,)).about(one, entity, value) is None
    assert not Decisions(KEY, (row,)).keeps_value(entity, value)


def test_scopes_and_entities_are_not_exchanged() -> None:
    wide = Decision(ids().span, Scope.VALUE, Verdict.KEEP, "PERSON", "", "r")
    assert Decisions(KEY, (wide,)).about(ids(), "PERSON", "Marlow Heron") is None
    other = keep(Scope.SPAN, entity="LOCATION")
    assert Decisions(KEY, (other,)).about(ids(), "PERSON", "Marlow Heron") is None


def test_written_and_read_it_is_the_same_and_private(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    rows = (keep(Scope.SPAN), keep(Scope.VALUE), keep(Scope.ITEM))
    write_decisions(path, KEY, rows)
    assert path.stat().st_mode & 0o777 == 0o600
    assert set(read_decisions(path, KEY).rows) == set(rows)
    assert "Marlow" not in path.read_text()
    assert [p.name for p in tmp_path.iterdir()] == ["d.jsonl"]


def test_a_merge_by_union_is_a_list_again(tmp_path: Path) -> None:
    one, two, both = tmp_path / "1", tmp_path / "2", tmp_path / "3"
    write_decisions(one, KEY, [keep(Scope.SPAN), keep(Scope.ITEM)])
    write_decisions(two, KEY, [keep(Scope.VALUE), keep(Scope.ITEM)])
    both.write_text(two.read_text() + one.read_text())
    assert len(read_decisions(both, KEY).rows) == 3


def _edit(**fields: object) -> Callable[[str], str]:
    return lambda line: canonical({**json.loads(line), **fields})


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (_edit(verdict="redact"), "edited"),
        (_edit(reason="another"), "edited"),
        (_edit(scope="value"), "edited"),
        (_edit(entity="LOCATION"), "edited"),
        (_edit(mac="0" * 32), "edited"),
        (_edit(v=2), "version"),
        (_edit(scope="everything"), "Scope or verdict"),
        (_edit(verdict="allow"), "Scope or verdict"),
        (_edit(id=7), "lacks a field"),
        (_edit(more="x"), "one too many"),
        (lambda line: line[:-9], "canonical form"),
        (lambda line: line.replace('"v":1', '"v": 1'), "canonical form"),
        (lambda line: line.replace('"v":1', '"v":1,"v":1'), "canonical form"),
        (lambda _: "[" * 100_000, "canonical form"),
        (lambda line: f"<<<<<<< ours\n{line}", "mark of a merge"),
        (lambda line: f"{line}\n\ufffe\x00", "canonical form"),
    ],
)
def test_an_edited_or_hostile_file_is_refused_with_the_line(
    tmp_path: Path, edit: Callable[[str], str], words: str
) -> None:
    path = tmp_path / "d.jsonl"
    write_decisions(path, KEY, [keep(Scope.SPAN), keep(Scope.ITEM)])
    first, second = path.read_text().splitlines()
    path.write_text(f"{first}\n{edit(second)}\n")
    with pytest.raises(UsageError) as said:
        read_decisions(path, KEY)
    assert words in str(said.value)
    assert "ine 2" in str(said.value) or "ine 3" in str(said.value)
    assert said.value.fix


def test_bytes_that_are_no_text_and_another_key_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    write_decisions(path, KEY, [keep(Scope.SPAN)])
    with pytest.raises(UsageError, match="another project key"):
        read_decisions(path, b"o" * 32)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="UTF-8"):
        read_decisions(path, KEY)


def test_two_verdicts_about_one_thing_stop_the_run_and_can_be_mended(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    row = keep(Scope.SPAN)
    other = Decision(row.id, row.scope, Verdict.REDACT, row.entity, row.item, "no")
    write_decisions(path, KEY, [row, other])
    with pytest.raises(UsageError, match=r"Lines 1 and 2 .* contradict"):
        read_decisions(path, KEY)
    assert len(read_decisions(path, KEY, settled=False).rows) == 2


def test_an_authentic_row_that_no_command_makes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    bad = Decision("2" * 32, Scope.VALUE, Verdict.KEEP, "API_KEY", "", "all of them")
    path.write_text(canonical(row_of(KEY, bad)) + "\n")
    with pytest.raises(UsageError, match="not one that can be made"):
        read_decisions(path, KEY)


@given(st.lists(st.sampled_from([Scope.SPAN, Scope.ITEM, Scope.VALUE]), unique=True))
def test_the_digest_does_not_depend_on_the_order(scopes: list[Scope]) -> None:
    rows = [keep(scope) for scope in scopes]
    assert Decisions(KEY, tuple(rows)).digest == Decisions(KEY, tuple(reversed(rows))).digest
    assert (Decisions(KEY, tuple(rows)).digest == "") is not bool(rows)


def test_blanks_and_unicode_forms_do_not_tell_values_apart() -> None:
    assert value_id(KEY, "PERSON", "Zoe\u0301  Roe") == value_id(KEY, "PERSON", "Zo\u00e9 Roe")
    assert value_id(KEY, "PERSON", "Zoe Roe") != value_id(KEY, "PERSON", "zoe roe")
    assert file_id(KEY, "a", "bc") != file_id(KEY, "ab", "c")
