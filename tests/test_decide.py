"""Doubt, decisions and the run that obeys them, through the real command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from runs import PLAIN, Runs, lists

from scrubber.api import Result

DOUBTFUL = "\n\n".join(
    f"Stave {n} is here. Then Quorlith was there and {word} said that it was late."
    for n, word in enumerate(["Zanthor", "Vexmoor", "Brindlewick", "Oskarion", "Thelwyn"] * 6)
)
MAIL = "Please write to office@harbour.example about the boats in the harbour this morning.\n"
SHIP = "In the evening the Marlow Heron was late and the people in the harbour waited for it.\n"
VALUES = ("office@harbour.example", "Quorlith", "Zanthor", "Vexmoor", "Marlow", "Tide2Rise")


pytestmark = pytest.mark.slow  # a language model is loaded, and most tests are two runs


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """A run over a doubtful text, a letter and a table."""
    runs = Runs(tmp_path_factory.mktemp("decide"))
    careful = '[text]\nmodel = "small"\n[review]\nweak_per_1000_words = 12\nweak_least = 5\n'
    (runs.base / "careful.toml").write_text(careful)
    (runs.base / "scrub.toml").write_text('policy = "careful.toml"\n')
    runs.write("doubtful.txt", DOUBTFUL)
    runs.write(
        "letter.txt", f"{PLAIN}\n{MAIL}\n{SHIP}\nThe password is Tide2Rise!x today, mind it.\n"
    )
    runs.write("table.csv", "name,note\nAnn Example,boats\nBob Sample,+1 212 555 0147\n")
    assert codes(runs) == {"needs-review": 1}
    return runs


@pytest.fixture
def runs(first: Runs, tmp_path: Path) -> Runs:
    return Runs.copy(first.base, tmp_path / "copy")


def go(runs: Runs, **options: object) -> Result:
    """The main job in this process, where the language model is loaded once."""
    options.setdefault("policy", str(runs.base / "careful.toml"))
    return runs.here(**options)[0]  # type: ignore[arg-type]  # the fields of Options


def codes(runs: Runs) -> dict[str, int]:
    return go(runs).tally.codes


def rows(runs: Runs, *more: str | Path) -> list[dict[str, object]]:
    said = runs.scrub("decide", "in", "--json", *more)
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout)["entries"]  # type: ignore[no-any-return]  # as docs/json.md says


def number(runs: Runs, entity: str | None, path: str) -> str:
    """The number of the first passage of `entity` in a file, or of the file itself."""
    for row in rows(runs):
        if row.get("entity") == entity and row["path"] == path:
            return str(row["number"])
    raise AssertionError(f"no {entity} in {path}")


def decided(runs: Runs, **options: object) -> dict[str, int]:
    """What became of the decisions in a new run."""
    obeyed = go(runs, **options).decided
    return {name: n for name, n in obeyed.counts().items() if n} if obeyed is not None else {}


def letter(runs: Runs) -> str:
    (found,) = (
        path.read_text()
        for path in (runs.out / "data").rglob("*.txt")
        if "harbour" in path.read_text()
    )
    return found


def written(runs: Runs) -> bytes:
    """Everything that the runs have written outside the originals."""
    return b"".join(
        path.read_bytes()
        for folder in (runs.audit, runs.out, runs.base / "home")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "last.sqlite"  # sealed, and compressed by its pages
    )


def test_hold_decide_and_the_next_run_is_clean_through_the_real_command(runs: Runs) -> None:
    held = runs.scrub()
    assert held.returncode == 3
    assert "Held back, needs-review: 1 file" in held.stdout
    assert "doubtful passages stand in" in held.stdout
    assert "line 1 column" in held.stdout
    assert "Next: scrub decide " in held.stdout
    listed = runs.scrub("decide", "in")
    assert "doubtful.txt" in listed.stdout
    assert "rule people/" in listed.stdout
    assert "Next: scrub decide " in listed.stdout
    said = runs.scrub("decide", "in", "--set", f"{number(runs, None, 'doubtful.txt')}=redact")
    assert said.returncode == 0, said.stderr
    again = said.stdout.splitlines()[-1].removeprefix("Next: scrub ")
    assert "(with your policy careful)" in again  # which scrub.toml names
    again = again.partition("   (")[0]
    done = runs.scrub(*again.split())
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Decisions: 1 applied." in done.stdout
    assert runs.verified()
    for said in (held, listed, done):
        assert not [value for value in VALUES if value in said.stdout + said.stderr]


def test_redacting_the_passages_also_lets_the_text_go(runs: Runs) -> None:
    numbers = [
        str(row["number"])
        for row in rows(runs)
        if row["path"] == "doubtful.txt" and row.get("weak")
    ]
    assert runs.scrub("decide", "in", "--set", f"{','.join(numbers)}=redact").returncode == 0
    assert codes(runs) == {}
    assert not any(value.encode() in written(runs) for value in VALUES[1:4])


def test_dropping_a_held_file_leaves_it_out_until_it_changes(runs: Runs) -> None:
    file = number(runs, None, "doubtful.txt")
    assert (
        runs.scrub("decide", "in", "--set", f"{file}=drop", "--reason", "a draft").returncode == 0
    )
    result = go(runs)
    assert result.tally.codes == {"decided": 1}
    assert result.decided is not None
    assert result.decided.words() == "Decisions: 1 applied."
    runs.write("doubtful.txt", DOUBTFUL + "\n\nMore of it.\n")
    result = go(runs)
    assert result.tally.codes == {"needs-review": 1}
    assert result.decided is not None
    assert result.decided.words() == "Decisions: 0 applied, 1 stale."


def test_a_kept_address_passes_every_look_and_only_where_it_was_decided(runs: Runs) -> None:
    runs.write("other.txt", "Or write to office@harbour.example when the boats are all at home.\n")
    mail = number(runs, "EMAIL_ADDRESS", "letter.txt")
    said = runs.scrub("decide", "in", "--set", f"{mail}=keep", "--reason", "it is on the door")
    assert said.returncode == 0, said.stderr
    result = go(runs)
    assert result.tally.codes == {"needs-review": 1}  # the doubtful text, as before
    assert result.decided is not None
    assert result.decided.words() == "Decisions: 1 applied (they keep 1 place)."
    assert "office@harbour.example" in letter(runs)
    out = b"".join(path.read_bytes() for path in (runs.out / "data").rglob("*") if path.is_file())
    assert out.count(b"office@harbour.example") == 1
    assert runs.verified()
    process = json.loads((runs.out / "manifest.json").read_bytes())["predicate"]["process"]
    assert process["decided"] == {"EMAIL_ADDRESS": 1}
    assert "EMAIL_ADDRESS" in process["kept"]
    runs.write(
        "letter.txt", (runs.inside / "letter.txt").read_text().replace("Please", "Do please")
    )
    assert decided(runs) == {"stale": 1}
    assert "office@harbour.example" not in letter(runs)


def test_a_value_of_two_words_is_kept_everywhere_and_the_places_are_counted(runs: Runs) -> None:
    runs.write("crew/list.csv", "name,note\nAnn Example,boats\nCid Example,nets\n")
    go(runs)
    ann = number(runs, "PERSON", "table.csv")
    said = runs.scrub(
        "decide", "in", "--set", f"{ann}=keep", "--scope", "value", "--reason", "she wants it"
    )
    assert "2 places of the last run" in said.stdout, said.stdout + said.stderr
    assert decided(runs) == {"applied": 1, "kept_places": 2}
    tables = [path.read_text() for path in (runs.out / "data").rglob("*.csv")]
    assert sorted("Ann Example" in text for text in tables) == [True, True]
    assert not any("Bob Sample" in text or "Cid Example" in text for text in tables)


def test_cells_alike_are_decided_one_by_one(runs: Runs) -> None:
    runs.write("crew.csv", "name,age\nAnn Example,41\nBob Sample,52\nAnn Example,63\n")
    go(runs)
    ann = [r for r in rows(runs) if r["path"] == "crew.csv" and r.get("entity") == "PERSON"]
    assert [row["where"] for row in ann] == ["row 2/name", "row 3/name", "row 4/name"]
    said = runs.scrub(
        "decide", "in", "--set", f"{ann[2]['number']}=keep", "--reason", "asked to stay"
    )
    assert said.returncode == 0, said.stderr
    assert decided(runs) == {"applied": 1, "kept_places": 1}
    kept = [path.read_text() for path in (runs.out / "data").rglob("*.csv")]
    (table,) = (text for text in kept if "age" in text)
    lines = table.splitlines()
    assert "Ann Example" not in lines[1]
    assert lines[3].startswith("Ann Example")


@pytest.mark.parametrize(
    ("target", "scope", "words"),
    [
        ("PASSWORD", "value", "too much harm"),
        ("PASSWORD", "item", "too much harm"),
        ("EMAIL_ADDRESS", "item", ""),
    ],
)
def test_what_does_much_harm_is_kept_one_place_at_a_time(
    runs: Runs, target: str, scope: str, words: str
) -> None:
    one = number(runs, target, "letter.txt")
    said = runs.scrub(
        "decide", "in", "--set", f"{one}=keep", "--scope", scope, "--reason", "a sample"
    )
    assert (said.returncode, words in said.stderr) == (2 if words else 0, True)


def test_a_secret_is_not_kept_with_others_nor_without_a_reason(runs: Runs) -> None:
    secret, mail = (
        number(runs, "PASSWORD", "letter.txt"),
        number(runs, "EMAIL_ADDRESS", "letter.txt"),
    )
    said = runs.scrub("decide", "in", "--set", f"{secret},{mail}=keep", "--reason", "samples")
    assert (said.returncode, "decide it alone" in said.stderr) == (2, True)
    said = runs.scrub("decide", "in", "--set", f"{secret}=keep")
    assert (said.returncode, "Why does it stay?" in said.stderr) == (2, True)
    said = runs.scrub("decide", "in", "--set", f"{mail}=keep", "--reason", f"{VALUES[0]} is known.")
    assert (said.returncode, "repeats the value" in said.stderr) == (2, True)
    assert not (runs.audit / "scrub-decisions.jsonl").exists()


def test_the_policy_and_the_users_own_list_are_stricter_than_a_decision(runs: Runs) -> None:
    mail = number(runs, "EMAIL_ADDRESS", "letter.txt")
    runs.scrub("decide", "in", "--set", f"{mail}=keep", "--reason", "it is on the door")
    strict = runs.base / "mine.toml"
    strict.write_text('[review]\nweak_least = 99\n[entities]\nEMAIL_ADDRESS = "hold"\n')
    assert decided(runs, policy=str(strict)) == {"overruled": 1}
    (runs.audit / "people.toml").write_text(
        '[[people]]\nname = "Office Ofelia"\naliases = ["office@harbour.example"]\n'
    )
    assert decided(runs) == {"overruled": 1}
    assert "office@harbour.example" not in letter(runs)


def test_the_words_are_shown_on_a_terminal_alone(runs: Runs) -> None:
    said = runs.scrub("decide", "in", "--list", "--show")
    assert (said.returncode, "terminal" in said.stderr) == (2, True)
    assert "[Tide2Rise!x]" in runs.at_terminal("decide", "in", "--list", "--show")


def test_nothing_that_is_written_holds_a_value(runs: Runs) -> None:
    mail = number(runs, "EMAIL_ADDRESS", "letter.txt")
    runs.scrub("decide", "in", "--set", f"{mail}=redact", "--reason", "no need")
    runs.scrub("decide", "in", "--set", f"{number(runs, None, 'doubtful.txt')}=redact")
    go(runs)
    everything = written(runs)
    assert not [value for value in VALUES if value.encode() in everything]
    assert b"Masked on a guess" in everything  # the private page
    listed = (
        runs.scrub("decide", "in", "--all").stdout + runs.scrub("decide", "in", "--decided").stdout
    )
    assert not [value for value in VALUES if value in listed]


def test_decisions_are_obeyed_alike_whatever_their_order_and_the_workers(runs: Runs) -> None:
    for one in (number(runs, "EMAIL_ADDRESS", "letter.txt"), number(runs, "PERSON", "table.csv")):
        runs.scrub("decide", "in", "--set", f"{one}=keep", "--reason", "asked to stay")
    file = runs.audit / "scrub-decisions.jsonl"
    sorted_lines = file.read_text().splitlines()
    assert sorted_lines == sorted(sorted_lines, key=lambda line: json.loads(line)["id"])
    shutil.copy(file, runs.base / "one.jsonl")
    (runs.base / "two.jsonl").write_text("\n".join([*reversed(sorted_lines), sorted_lines[0], ""]))
    made = []
    for name, workers in (("one", {}), ("two", {"isolate": True, "jobs": 2})):
        out = runs.base / f"out-{name}"
        file = runs.base / f"{name}.jsonl"
        found = decided(runs, out=out, decisions=file, fresh=True, **workers)
        assert found == {"applied": 2, "kept_places": 2}
        made.append(lists(out)[1])
    assert made[0] == made[1]


def test_a_dry_run_obeys_too(runs: Runs) -> None:
    file = number(runs, None, "doubtful.txt")
    runs.scrub("decide", "in", "--set", f"{file}=drop")
    assert decided(runs, dry_run=True) == {"applied": 1}


def test_what_is_reused_is_what_was_decided(runs: Runs) -> None:
    one = number(runs, "EMAIL_ADDRESS", "letter.txt")
    runs.scrub("decide", "in", "--set", f"{one}=keep", "--reason", "it is on the door")
    assert go(runs).reused == 0  # texts know the decisions
    assert "office@harbour.example" in letter(runs)
    assert go(runs).reused == 2
    assert "office@harbour.example" in letter(runs)
    assert decided(runs) == {"applied": 1, "kept_places": 1}
    assert runs.scrub("decide", "in", "--unset", one).returncode == 0
    go(runs)
    assert "office@harbour.example" not in letter(runs)


def test_another_key_is_told_at_once(runs: Runs) -> None:
    mail = number(runs, "EMAIL_ADDRESS", "letter.txt")
    runs.scrub("decide", "in", "--set", f"{mail}=keep", "--reason", "it is on the door")
    shutil.rmtree(runs.base / "home")
    said = runs.scrub()
    assert said.returncode == 2
    assert "another project key" in said.stderr
    said = runs.scrub("decide", "in")
    assert (said.returncode, "another project key" in said.stderr) == (2, True)


def test_without_a_run_the_next_step_is_said(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.write("a.txt", PLAIN)
    said = runs.scrub("decide", "in")
    assert said.returncode == 4
    assert "scrub PATH --out DIR" in said.stderr
