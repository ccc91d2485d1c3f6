"""The command line as a user meets it: exit codes, words, streams, configuration."""

from __future__ import annotations

import json
import os
import pty
import re
import resource
import struct
import subprocess
from pathlib import Path

import pytest
from runs import LETTER, PLAIN, SCRUB, Runs, photo, snapshot

from scrubber import __version__
from scrubber.cli import app

HELD = b"\xff\xd8\xff\xe0broken"
ACCEPT = '[accept]\nnot_checked = ["FACE", "TEXT_IN_IMAGE", "SPEECH", "PROSE_NAMES"]\n'


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    runs = Runs(tmp_path / "w")
    runs.write("IMG_0001.jpg", photo())
    return runs


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """A finished run that tests only look at."""
    runs = Runs(tmp_path_factory.mktemp("done") / "w")
    runs.write("Anne Elliot/IMG_0001.jpg", photo())
    runs.write("plain.txt", PLAIN)
    runs.write("letter.txt", LETTER)
    runs.here()
    return runs


# exit codes -------------------------------------------------------------------------------


def test_0_when_all_is_clean(runs: Runs) -> None:
    said = runs.scrub()
    assert (said.returncode, said.stderr) == (0, "")


def test_1_when_check_finds_something_and_0_when_not(runs: Runs) -> None:
    found = runs.scrub("check", runs.inside)
    assert found.returncode == 1
    assert "GPS_POSITION" in found.stdout
    runs.scrub()
    assert runs.scrub("check", runs.out / "data").returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("--no-such-option", "in"),
        ("in", "--policy", "standart"),
        ("in", "--keep", "GPS_POSITON"),
        ("in", "--out", "in/clean"),
        ("in", "--out", "."),
        ("in", "--jobs", "0"),
        ("inspct", "in"),
        ("verify",),
        ("explain", "no-such-code"),
        ("in", "--exclude", "!IMG_0001.jpg"),
        ("in", "--out", "out", "--audit-dir", "in/audit"),
        ("in", "--out", "out", "--audit-dir", "out/audit"),
        ("in", "--out", "out/clean", "--audit-dir", "out"),
        ("in", "--out", "out", "--key", "no-such.key"),
    ],
)
def test_2_for_a_mistake_in_the_command(runs: Runs, arguments: tuple[str, ...]) -> None:
    before = snapshot(runs.base)
    said = runs.scrub(*arguments)
    assert said.returncode == 2, said.stderr
    assert said.stdout == ""
    assert said.stderr
    assert snapshot(runs.base) == before


def test_3_when_something_is_held_and_the_rest_is_usable(runs: Runs) -> None:
    runs.write("broken.jpg", HELD)
    said = runs.scrub()
    assert said.returncode == 3
    assert said.stdout.startswith("NOT YET: 1 file needs you")
    assert "broken.jpg" in said.stdout
    assert runs.verified()
    assert runs.scrub("check", runs.inside, "--exclude", "IMG*").returncode == 3
    assert runs.scrub("inspect", runs.inside).returncode == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-folder", "--out", "out"),
        ("no-such-folder",),
        ("check", "no-such-folder"),
        ("inspect", "no-such-folder"),
        ("verify", "no-such-folder"),
        ("in", "--out", "file"),
        ("in", "--out", "full"),
        ("in", "--out", "file/below"),
        ("in", "--out", "out", "--audit-dir", "file"),
        ("in", "--out", "out", "--audit-dir", "full"),
        ("in", "--config", "no-such.toml"),
        ("in", "--policy", "no-such.toml"),
    ],
)
def test_4_when_a_folder_cannot_be_used(runs: Runs, arguments: tuple[str, ...]) -> None:
    (runs.base / "file").write_text("a file")
    (runs.base / "full").mkdir()
    (runs.base / "full/holiday.jpg").write_bytes(b"somebody's")
    before = snapshot(runs.base)
    said = runs.scrub(*arguments)
    assert said.returncode == 4, said.stderr
    assert said.stdout == ""
    assert any(word in said.stderr for word in ("no-such", "file", "full"))
    after = snapshot(runs.base)
    assert {name: after.get(name) for name in before} == before


def test_a_link_as_out_is_refused(runs: Runs) -> None:
    (runs.base / "real").mkdir()
    (runs.base / "link").symlink_to("real")
    (runs.base / "loop").symlink_to("loop")
    for name in ("link", "loop"):
        said = runs.scrub("in", "--out", name)
        assert said.returncode == 2, said.stderr
        assert "symbolic link" in said.stderr


def test_5_when_a_batch_is_not_what_it_says(runs: Runs) -> None:
    runs.scrub()
    (runs.out / "data/IMG_0001.jpg").write_bytes(photo())
    said = runs.scrub("verify", runs.out)
    assert said.returncode == 5
    assert "NOT A CLEAN BATCH" in said.stdout
    assert "IMG_0001.jpg" in said.stdout
    row = json.loads(runs.scrub("verify", runs.out, "--json").stdout)
    assert (row["schema"], row["ok"]) == ("scrub.verify/1", False)


def test_70_for_a_bug_without_the_words_of_the_file(
    runs: Runs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def bug(*_: object) -> None:
        raise RuntimeError("Jane Roe, 555-0147")

    monkeypatch.setattr("scrubber.api.clean", bug)
    assert app.run([str(runs.inside)]) == 70
    said = capsys.readouterr()
    assert "RuntimeError" in said.err
    assert "Jane" not in said.err + said.out
    assert "Traceback" not in said.err


def test_130_when_interrupted(
    runs: Runs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("scrubber.api.clean", stop)
    assert app.run([str(runs.inside)]) == 130
    assert app.run(["check", str(runs.inside)]) == 130
    assert "Traceback" not in capsys.readouterr().err


# words and paths --------------------------------------------------------------------------


def test_a_word_that_is_a_command_and_a_path_stops_and_asks(runs: Runs) -> None:
    (runs.base / "check").mkdir()
    (runs.base / "check/IMG_0001.jpg").write_bytes(photo())
    said = runs.scrub("check")
    assert said.returncode == 2
    assert "./check" in said.stderr
    assert runs.scrub("./check").returncode == 0


def test_a_typo_of_a_command_gets_the_nearest_one(runs: Runs) -> None:
    for typo, meant in (("verfy", "verify"), ("explan", "explain"), ("inspekt", "inspect")):
        said = runs.scrub(typo, "x")
        assert said.returncode == 2
        assert f"Did you mean {meant}?" in said.stderr


def test_the_version_comes_at_once(runs: Runs) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = runs.scrub("--version")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert said.stdout == f"scrub {__version__}\n"
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


def test_help_names_every_command(runs: Runs) -> None:
    said = runs.scrub()
    text = runs.scrub("--help").stdout
    assert all(name in text for name in app.COMMANDS)
    for name in (*app.COMMANDS, "clean"):
        said = runs.scrub(name, "--help")
        assert said.returncode == 0
        assert "Usage: scrub" in said.stdout


@pytest.mark.slow
def test_modules_in_the_working_folder_are_never_run(runs: Runs) -> None:
    trap = "import pathlib; pathlib.Path('trapped').write_text('x')\n"
    for name in ("scrubber", "detectors", "reports", "json", "click", "sitecustomize", "regex"):
        (runs.base / f"{name}.py").write_text(trap)
    runs.write("note.txt", PLAIN)
    assert runs.scrub().returncode == 0
    assert not list(runs.base.rglob("trapped"))


# what is said -----------------------------------------------------------------------------


@pytest.mark.slow
def test_safe_to_upload_is_said_only_when_all_was_looked_at_or_accepted(runs: Runs) -> None:
    said = runs.scrub()
    assert said.stdout.startswith("METADATA CLEAN: 1 picture was not looked at (faces,")
    (runs.base / "mine.toml").write_text(ACCEPT)
    said = runs.scrub("in", "--out", "out", "--policy", "mine.toml")
    assert said.stdout.startswith("SAFE TO UPLOAD\n")
    assert "FACE: accepted without looking" in said.stdout
    assert "Looked inside 1 of 1." in said.stdout
    runs.write("broken.jpg", HELD)
    said = runs.scrub("in", "--out", "out", "--policy", "mine.toml")
    assert said.stdout.startswith("NOT YET: 1 file needs you")


def test_nothing_unfound_counts_as_looked_into(runs: Runs) -> None:
    runs.write("busy.ani", b"RIFF\x68\0\0\0ACON" + bytes(100))
    runs.write("broken.jpg", HELD)
    os.mkfifo(runs.inside / "pipe")
    said = runs.scrub()
    assert "Looked inside 2 of 4." in said.stdout  # the broken one was opened


SUMMARY_KEYS = {
    *("schema", "verdict", "verdict_text", "dry_run", "outcomes", "codes", "entities", "media"),
    *("not_checked", "not_accepted", "items_out", "bytes_in", "bytes_out", "looked_inside"),
    *("content_identical", "decoded_identical", "held", "notes", "weaker", "next"),
    *("out", "audit", "config", "report", "signed_with", "doubtful", "decisions", "groups"),
}


def test_json_is_one_document_with_a_schema_and_nothing_else(runs: Runs) -> None:
    runs.write("broken.jpg", HELD)
    said = runs.scrub("in", "--out", "out", "--json")
    assert said.stderr == ""
    row = json.loads(said.stdout)
    assert set(row) == SUMMARY_KEYS
    assert row["schema"] == "scrub.summary/1"
    assert row["verdict"] == "not-yet"
    assert row["outcomes"] == {"cleaned": 1, "held": 1}
    assert row["looked_inside"] == {"opened": 2, "of": 2}
    (held,) = row["held"]
    assert (held["code"], held["items"][0]["path"]) == ("damaged", "broken.jpg")
    assert row["items_out"] == 1


def test_a_dry_run_says_the_same_and_writes_nothing(runs: Runs) -> None:
    runs.write("broken.jpg", HELD)
    before = snapshot(runs.base)
    dry = runs.scrub("in", "--out", "out", "--dry-run", "--json")
    assert snapshot(runs.base) == before
    plain = runs.scrub("in", "--json")
    assert snapshot(runs.base) == before
    real = runs.scrub("in", "--out", "out", "--json")
    assert dry.returncode == plain.returncode == real.returncode == 3
    rows = [json.loads(said.stdout) for said in (dry, plain, real)]
    for key in ("outcomes", "codes", "entities", "items_out", "bytes_out", "not_checked"):
        assert rows[0][key] == rows[1][key] == rows[2][key]
    assert [row["dry_run"] for row in rows] == [True, True, False]


def test_a_dry_run_over_texts_counts_what_the_real_run_does(runs: Runs) -> None:
    runs.write("letter.txt", LETTER)
    real, _ = runs.here()
    (runs.audit / "people.toml").write_text('[[words]]\nname = "about"\nentity = "PLACE_NAME"\n')
    dry, _ = runs.here(dry_run=True)
    again, _ = runs.here()
    assert dry.tally == again.tally != real.tally


def test_progress_goes_to_a_terminal_alone_and_results_to_stdout_alone(runs: Runs) -> None:
    for number in range(30):
        runs.write(f"IMG_1{number:03d}.jpg", photo(shade=number))
    master, slave = pty.openpty()
    process = subprocess.Popen(
        runs.command(), env=runs.env, cwd=runs.base, stdout=subprocess.PIPE, stderr=slave
    )
    os.close(slave)
    out, _ = process.communicate(timeout=60)
    shown = b""
    while True:
        try:
            shown += os.read(master, 65536)
        except OSError:
            break
    os.close(master)
    assert b"\r" in shown
    assert re.search(rb"\d+/31", shown)
    assert out.startswith(b"METADATA CLEAN")
    assert b"\r" not in out
    again = runs.scrub("in", "--out", "out", "--fresh")
    assert again.stderr == ""


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_without_the_letters_of_a_name_is_no_bug(runs: Runs, encoding: str) -> None:
    runs.write("caf\u00e9 \u6771\u4eac.mkv", b"\x1a\x45\xdf\xa3")
    runs.env["PYTHONIOENCODING"] = encoding
    assert runs.scrub().returncode == 3
    for arguments in (("in", "--out", "out"), ("check", "in"), ("inspect", "in")):
        assert runs.scrub(*arguments).returncode in (1, 3)
    done = subprocess.run(
        runs.command("in", "--out", "out", "--json"), env=runs.env, cwd=runs.base,
        capture_output=True,
    )  # fmt: skip
    (held,) = json.loads(done.stdout)["held"]
    assert held["items"][0]["path"] == "caf\u00e9 \u6771\u4eac.mkv"


def test_an_empty_word_is_not_the_working_folder(runs: Runs) -> None:
    for arguments in (("", "--out", "out"), ("in", "--out", ""), ("check", "")):
        said = runs.scrub(*arguments)
        assert said.returncode == 2
        assert "empty" in said.stderr
    assert not runs.out.exists()


def test_a_reader_that_goes_away_is_no_bug(runs: Runs) -> None:
    process = subprocess.Popen(
        [SCRUB, "formats"], env=runs.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert process.wait(30) == 141


# configuration ----------------------------------------------------------------------------


def test_rules_that_come_with_the_input_do_not_count(runs: Runs) -> None:
    hostile = 'keep = ["GPS_POSITION"]\nexclude = ["*"]\nout = "/tmp/elsewhere"\n'
    runs.write("scrub.toml", hostile)
    runs.write("pyproject.toml", "[tool.scrub]\n" + hostile)
    quick = ("--exclude", "*.toml")
    said = runs.scrub(runs.inside, "--out", runs.out, *quick, cwd=runs.inside)
    assert "1  cleaned" in said.stdout
    assert "Configuration" not in said.stdout
    said = runs.scrub("in", "--out", "out", "--config", "in/scrub.toml")
    assert said.returncode == 2
    assert "inside the input" in said.stderr


def test_the_configuration_that_counts_is_named_with_what_it_weakens(runs: Runs) -> None:
    (runs.base / "scrub.toml").write_text(
        '[overrides.names]\nmode = "keep"\n[overrides.accept]\nnot_checked = ["FACE"]\n'
    )
    said = runs.scrub()
    assert f"Configuration: {runs.base}/scrub.toml" in " ".join(said.stdout.split())
    assert "Weaker than the preset: names.mode: 'keep' instead of 'private'" in said.stdout
    assert "Weaker than the preset: FACE: accepted without looking" in said.stdout


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('people = ["Jane Roe"]\n', "people.toml"),
        ('polic = "strict"\n', "policy"),
        ('policy = "strct"\n', "strict"),
        ('keep = ["GPS_POSITON"]\n', "GPS_POSITION"),
        ('[overrides.kinds]\nlocaton = "keep"\n', "location"),
        ('[overrides.entities]\nPERSON = "kep"\n', "keep"),
        ("jobs = true\n", "number"),
        ("not toml at all", "TOML"),
    ],
)
def test_a_mistake_in_the_configuration_gets_the_nearest_name(
    runs: Runs, text: str, hint: str
) -> None:
    (runs.base / "scrub.toml").write_text(text)
    said = runs.scrub()
    assert said.returncode == 2, said.stdout
    assert hint in said.stderr
    assert "scrub.toml" in said.stderr or "overrides" in said.stderr or hint in said.stderr
    assert "Jane" not in said.stderr
    assert not runs.out.exists()


def test_a_mistake_in_the_people_list_names_the_row_and_no_value(runs: Runs) -> None:
    runs.scrub()
    (runs.audit / "people.toml").write_text('[[people]]\nname = "Jane Roe"\nalias = "JR"\n')
    said = runs.scrub()
    assert said.returncode == 2
    assert "row 1" in said.stderr
    assert "Jane" not in said.stderr
    assert runs.verified()  # the batch of before still stands


def test_keep_credit_holds_what_has_a_credit_and_cleans_the_rest(runs: Runs) -> None:
    told = struct.pack(">I", 1) + b"artist\0Marlowe Quillfeather\0"
    form = struct.pack(">d4s5I", 8000.0, b"lpcm", 0, 2, 1, 1, 16)
    rows = ((b"desc", form), (b"info", told), (b"data", bytes(12)))
    chunks = [name + struct.pack(">q", len(body)) + body for name, body in rows]
    runs.write("REC_0002.caf", b"caff\0\1\0\0" + b"".join(chunks))
    said = runs.scrub("in", "--out", "out", "--policy", "keep-credit")
    assert said.returncode == 3
    assert "Held back, policy: 1 file." in said.stdout
    (path,) = (runs.out / "data").iterdir()
    assert path.name == "IMG_0001.jpg"
    assert b"Quillfeather" in path.read_bytes()
    assert b"GPS" not in path.read_bytes()


# the other commands -----------------------------------------------------------------------


def test_inspect_says_what_a_file_gives_away_and_values_only_when_asked(runs: Runs) -> None:
    photo_path = runs.inside / "IMG_0001.jpg"
    said = runs.scrub("inspect", photo_path)
    assert said.returncode == 0
    assert "GPS_POSITION" in said.stdout
    assert "Quillfeather" not in said.stdout
    piped = runs.scrub("inspect", photo_path, "--show")
    assert piped.returncode == 2
    assert "terminal" in piped.stderr
    assert "Quillfeather" not in piped.stdout + piped.stderr
    assert "Quillfeather" in runs.at_terminal("inspect", photo_path, "--show")
    row = json.loads(runs.scrub("inspect", photo_path, "--json").stdout)
    assert row["schema"] == "scrub.inspect/1"
    assert {found["entity"] for found in row["files"][0]["findings"]} >= {"CREATOR", "GPS_POSITION"}


def test_inspect_says_why_a_word_of_a_text_is_taken_for_private(runs: Runs) -> None:
    runs.write(
        "letter.txt", "The account number is AB-48213377 here.\nCall +1 212 555 0147 today.\n"
    )
    said = runs.scrub("inspect", "in/letter.txt").stdout
    account = next(line for line in said.splitlines() if "documents/" in line)
    assert "line 1 column 23" in account
    assert "with a word near it such as account" in account
    assert "weak)" in account
    phone = next(line for line in said.splitlines() if "rule phone/" in line)
    assert "strong)" in phone
    assert "48213377" not in said
    (row,) = json.loads(runs.scrub("inspect", "in/letter.txt", "--json").stdout)["files"]
    assert {(one["entity"], one["weak"]) for one in row["findings"]} == {
        ("ACCOUNT_ID", True), ("PHONE_NUMBER", False)
    }  # fmt: skip


def test_check_speaks_json_lines_and_the_language_of_a_forge(runs: Runs) -> None:
    runs.write("a%b,c\nd.jpg", photo())
    row = json.loads(runs.scrub("check", "in", "--format", "json").stdout)
    assert (row["schema"], row["findings"], row["held"]) == ("scrub.check/1", 2, 0)
    lines = runs.scrub("check", "in", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["path"] for line in lines] == ["IMG_0001.jpg", "a%b,c\nd.jpg"]
    said = runs.scrub("check", "in", "--format", "github").stdout.splitlines()
    assert len(said) == 2
    assert said[1].startswith("::warning file=in/a%25b%2Cc%0Ad.jpg::")
    assert not runs.out.exists()
    assert not runs.audit.exists()


def test_where_names_the_original(done: Runs) -> None:
    (picture,) = (done.out / "data").rglob("*.jpg")
    said = done.scrub("where", picture)
    assert said.returncode == 0
    assert "Anne Elliot/IMG_0001.jpg" in said.stdout
    assert done.scrub("where", done.inside / "plain.txt").returncode == 2


def test_verify_deep_finds_nothing_in_what_was_cleaned(done: Runs) -> None:
    said = done.scrub("verify", done.out, "--deep")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("WHOLE AND CLEAN: 3 files")


def test_verify_judges_by_what_the_batch_says_it_keeps(runs: Runs) -> None:
    runs.write("letter.txt", LETTER)
    runs.here(keep=("PHONE_NUMBER",))
    assert "212 555 0147" in (runs.out / "data/letter.txt").read_text()
    assert runs.verified()
    said = runs.scrub("in", "--out", "out", "--keep", "PHONE_NUMBER")
    assert "Weaker than the preset: PHONE_NUMBER: keep instead of remove" in said.stdout


def test_explain_knows_every_hold_code_and_entity(done: Runs) -> None:
    from scrubber.entities import CATALOGUE
    from scrubber.errors import HOLD_CODES

    listed = done.scrub("explain").stdout
    assert all(name in listed for name in (*HOLD_CODES, *CATALOGUE))
    for name in ("damaged", "GPS_POSITION", "verify-failed"):
        assert done.scrub("explain", name).returncode == 0
    assert "Did you mean damaged?" in done.scrub("explain", "damagd").stderr


def test_formats_lists_what_can_be_cleaned(done: Runs) -> None:
    said = done.scrub("formats")
    assert said.returncode == 0
    assert all(name in said.stdout for name in ("jpeg", "png", "csv", "text"))
