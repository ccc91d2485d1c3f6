"""The ledger of what was sent: chained, locked, and honest about what is due."""

from __future__ import annotations

import json
import multiprocessing
import os
from datetime import date
from hashlib import sha256
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from reports.audit import AuditFolder
from reports.due import add_months, due
from reports.ledger import LEDGER, Ledger
from reports.manifest import parse_head
from scrubber.errors import FolderError, UsageError, VerificationError
from tests.runs import PLAIN, Runs, photo

HEAD = "ab" * 32
TERMS = """
[terms]
until = 2026-03-31
deletion = "at-end"
reports = "monthly"
"""


@pytest.fixture
def audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AuditFolder:
    monkeypatch.setenv("SCRUB_DATA_HOME", str(tmp_path / "home"))
    return AuditFolder.create(tmp_path / "in.audit")


@pytest.fixture
def ledger(audit: AuditFolder) -> Ledger:
    return Ledger(audit)


def note(ledger: Ledger, to: str = "Example Models", **fields: object) -> None:
    ledger.append("sent", HEAD, {"batch": "b-aaaaaaaaaaaaaaaa", "to": to, **fields})


def lines(ledger: Ledger) -> list[bytes]:
    return ledger.path.read_bytes().splitlines(keepends=True)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    runs = Runs(tmp_path_factory.mktemp("sent"))
    runs.write("a.jpg", photo())
    runs.write("b.txt", PLAIN)
    assert runs.scrub().returncode == 0
    done = runs.scrub("ledger", "sent", runs.out, "--to", "Example Models", "--on", "2026-01-31")
    assert done.returncode == 0, done.stderr
    return runs.base


@pytest.fixture
def sent(tmp_path: Path, template: Path) -> Runs:
    """A batch that has been sent once."""
    return Runs.copy(template, tmp_path)


def batch_of(runs: Runs) -> str:
    return parse_head((runs.out / "manifest.json").read_bytes()).batch_id


# the chain ----------------------------------------------------------------------------


def test_lines_follow_from_each_other_and_the_first_from_the_log(ledger: Ledger) -> None:
    for name in ("One", "Two", "Three"):
        note(ledger, name)
    first = json.loads(lines(ledger)[0])
    assert (first["event"], first["prev"], first["log_head"]) == ("open", HEAD, HEAD)
    for before, line in zip(lines(ledger), lines(ledger)[1:], strict=False):
        assert json.loads(line)["prev"] == sha256(before[:-1]).hexdigest()
    assert [row["to"] for row in ledger.events() if row["event"] == "sent"] == [
        "One", "Two", "Three",
    ]  # fmt: skip
    assert ledger.path.stat().st_mode & 0o777 == 0o600


def _edited(data: list[bytes]) -> list[bytes]:
    return [data[0], data[1].replace(b"One", b"Two"), *data[2:]]


def _without_first(data: list[bytes]) -> list[bytes]:
    return data[1:]


def _without_middle(data: list[bytes]) -> list[bytes]:
    return [*data[:1], *data[2:]]


def _without_last(data: list[bytes]) -> list[bytes]:
    return data[:-1]


def _reordered(data: list[bytes]) -> list[bytes]:
    return [data[0], data[2], data[1], *data[3:]]


def _doubled(data: list[bytes]) -> list[bytes]:
    return [*data, data[-1]]


def _binary(data: list[bytes]) -> list[bytes]:
    return [*data, b"\xff\xfe{}\n"]


def _list(data: list[bytes]) -> list[bytes]:
    return [*data, b"[1]\n"]


def _deep(data: list[bytes]) -> list[bytes]:
    return [*data, b"[" * 100_000 + b"\n"]


@pytest.mark.parametrize(
    "attack",
    [_edited, _without_first, _without_middle, _without_last, _reordered, _doubled, _binary,
     _list, _deep],
    ids=lambda attack: attack.__name__.strip("_"),
)  # fmt: skip
def test_an_altered_ledger_is_refused_for_reading_and_for_writing(
    ledger: Ledger, attack: object
) -> None:
    for name in ("One", "Two", "Three"):
        note(ledger, name)
    assert callable(attack)
    ledger.path.write_bytes(b"".join(attack(lines(ledger))))
    before = ledger.path.read_bytes()
    with pytest.raises(VerificationError, match=r"ledger\.jsonl"):
        ledger.events()
    with pytest.raises(VerificationError):
        note(ledger, "Four")
    assert ledger.path.read_bytes() == before


def test_a_ledger_written_anew_is_noticed_on_this_machine_only(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    note(ledger, "One")
    note(ledger, "Two")
    data = lines(ledger)
    row = json.loads(data[2])
    row["to"] = "Three"
    data[2] = json.dumps(row, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    ledger.path.write_bytes(b"".join(data))
    with pytest.raises(VerificationError, match="written anew"):
        ledger.events()
    # Elsewhere nothing is known of the end: the chain alone proves nothing against its owner.
    monkeypatch.setenv("SCRUB_DATA_HOME", str(tmp_path / "elsewhere"))
    assert ledger.events()[-1]["to"] == "Three"


def test_a_torn_last_line_is_not_there_yet_and_is_cut_off_by_the_next(ledger: Ledger) -> None:
    note(ledger, "One")
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole + b'{"at":"2026')
    assert len(ledger.events()) == 2
    note(ledger, "Two")
    assert ledger.path.read_bytes().startswith(whole)
    kinds = [row["event"] for row in ledger.events()]
    assert kinds == ["open", "sent", "resumed", "sent"]
    assert ledger.events()[2]["cut"] == 11


def test_a_crash_before_the_end_was_remembered_is_no_alteration(
    ledger: Ledger, tmp_path: Path
) -> None:
    note(ledger, "One")
    (anchor,) = (tmp_path / "home" / "ledgers").iterdir()
    older = anchor.read_bytes()
    note(ledger, "Two")
    anchor.write_bytes(older)
    assert len(ledger.events()) == 3
    assert b"in.audit" not in older  # no place, no name


def _many(audit: AuditFolder, name: str, together: Barrier) -> None:
    ledger = Ledger(audit)
    for _ in range(20):
        together.wait()
        note(ledger, name)


def test_writers_at_the_same_time_lose_nothing(ledger: Ledger) -> None:
    context = multiprocessing.get_context("fork")
    names, together = ("One", "Two", "Three"), context.Barrier(3)
    writers = [context.Process(target=_many, args=(ledger.audit, name, together)) for name in names]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    found = [row["to"] for row in ledger.events() if row["event"] == "sent"]
    assert sorted(map(str, found)) == sorted(names * 20)


def test_a_link_in_its_place_is_not_followed(ledger: Ledger, tmp_path: Path) -> None:
    ledger.path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FolderError):
        note(ledger)
    assert not (tmp_path / "elsewhere").exists()


def test_a_paper_named_outside_the_folder_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    note(ledger, file="../x", sha256=sha256(b"x").hexdigest())
    note(ledger, file="receipts/../../x", sha256=sha256(b"x").hexdigest())
    with pytest.raises(VerificationError):
        ledger.events()


# sent -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_sent_notes_what_was_verified(sent: Runs) -> None:
    row = json.loads(sent.scrub("ledger", "list", "--json").stdout)["events"][-1]
    head = parse_head((sent.out / "manifest.json").read_bytes())
    assert row["manifest_sha256"] == sha256((sent.out / "manifest.json").read_bytes()).hexdigest()
    assert (row["batch"], row["items"], row["to"]) == (head.batch_id, 2, "Example Models")
    first = json.loads((sent.audit / LEDGER).read_text().splitlines()[0])
    assert first["prev"] == head.log_head


def test_a_batch_that_does_not_verify_is_not_noted(sent: Runs) -> None:
    before = (sent.audit / LEDGER).read_bytes()
    (sent.out / "data" / "extra.jpg").write_bytes(photo())
    done = sent.scrub("ledger", "sent", sent.out, "--to", "Example Models")
    assert done.returncode == 5
    assert "extra.jpg" in done.stderr
    assert (sent.audit / LEDGER).read_bytes() == before


def test_a_log_that_was_cut_is_noticed(sent: Runs) -> None:
    (log,) = sent.audit.glob("batches/*/log.jsonl")
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))
    assert sent.scrub("ledger", "sent", sent.out, "--to", "B").returncode == 5


def test_a_second_head_for_one_batch_is_refused(sent: Runs) -> None:
    """Whole and clean by itself, with the same id and log; and other words."""
    head = sent.out / "manifest.json"
    before = sha256(head.read_bytes()).hexdigest()
    data = head.read_bytes().replace(b'"purpose":"licence"', b'"purpose":"trial"')
    head.write_bytes(data)
    tags = sent.out / "tagmanifest-sha256.txt"
    tags.write_text(tags.read_text().replace(before, sha256(data).hexdigest()))
    assert sent.verified()
    done = sent.scrub("ledger", "sent", sent.out, "--to", "Example Models")
    assert done.returncode == 5
    assert "Two heads" in done.stderr


def test_without_its_audit_folder_nothing_is_noted(sent: Runs) -> None:
    sent.audit.rename(sent.base / "lost")
    done = sent.scrub("ledger", "sent", sent.out, "--to", "B")
    assert done.returncode == 4
    assert "--audit-dir" in done.stderr
    named = sent.scrub("ledger", "sent", sent.out, "--to", "B", "--audit-dir", sent.base / "lost")
    assert named.returncode == 0, named.stderr


@pytest.mark.slow
def test_a_batch_made_for_another_is_a_warning(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.write("b.txt", PLAIN)
    runs.scrub(runs.inside, "--out", runs.out, "--for", "Example Models")
    done = runs.scrub("ledger", "sent", runs.out, "--to", "Example Models")
    assert "Note" not in done.stderr
    done = runs.scrub("ledger", "sent", runs.out, "--to", "Other Buyer")
    assert done.returncode == 0
    assert "made with --for 'Example Models'" in done.stderr


def test_two_recipients_of_the_same_placeholders_is_a_warning(sent: Runs) -> None:
    done = sent.scrub("ledger", "sent", sent.out, "--to", "Other Buyer")
    assert "could join" in done.stderr
    assert "Note" not in sent.scrub("ledger", "list").stderr


@pytest.mark.parametrize(
    "name", ["a\nb", "a\rb", "\u202egnp", "a\x1b[31m", "", "   ", "x" * 101, "a\u2028b"]
)
def test_hostile_names_of_recipients_are_refused(sent: Runs, name: str) -> None:
    before = (sent.audit / LEDGER).read_bytes()
    done = sent.scrub("ledger", "sent", sent.out, "--to", name)
    assert done.returncode == 2
    assert "\x1b" not in done.stderr
    assert "\u202e" not in done.stderr
    assert (sent.audit / LEDGER).read_bytes() == before


@pytest.mark.parametrize("name", ["../../x", "=cmd()", "--on", "<script>", "Ærøskøbing & Søn"])
def test_odd_names_are_only_names(sent: Runs, name: str) -> None:
    done = sent.scrub("ledger", "sent", sent.out, f"--to={name}")
    assert done.returncode == 0, done.stderr
    rows = json.loads(sent.scrub("ledger", "list", "--json").stdout)["events"]
    assert rows[-1]["to"] == name
    assert not (sent.base.parent / "x").exists()
    asked = sent.scrub("ledger", "delete-request", sent.out, f"--to={name}")
    assert asked.returncode == 0, asked.stderr


@pytest.mark.parametrize(
    "day", ["2026-13-01", "2026-02-30", "20260101", "1.2.2026", "x", "9999-01-01", "0001-01-01"]
)
def test_wrong_days_are_refused(sent: Runs, day: str) -> None:
    done = sent.scrub("ledger", "sent", sent.out, "--to", "B", "--on", day)
    assert done.returncode == 2
    assert "mistake of ours" not in done.stderr


# receipts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("coding", ["ascii", "utf-16", "utf-8"])
def test_a_receipt_that_quotes_the_manifest_is_known(sent: Runs, coding: str) -> None:
    digest = sha256((sent.out / "manifest.json").read_bytes()).hexdigest()
    paper = sent.base / "Jane Roe's receipt.TXT"
    paper.write_bytes(f"We have\n {digest[:32].upper()}\n{digest[32:]}\n".encode(coding))
    done = sent.scrub("ledger", "receipt", sent.out, paper)
    assert done.returncode == 0, done.stderr
    assert "It quotes" in done.stdout
    (kept,) = (sent.audit / "receipts").iterdir()
    assert kept.read_bytes() == paper.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "Jane" not in (sent.audit / LEDGER).read_text() + kept.name


def test_a_receipt_of_something_else_is_kept_and_said_so(sent: Runs) -> None:
    paper = sent.base / "receipt.pdf"
    paper.write_bytes(b"%PDF thanks")
    done = sent.scrub("ledger", "receipt", batch_of(sent), paper)
    assert done.returncode == 0, done.stderr
    assert "does not quote" in done.stdout


@pytest.mark.parametrize("attack", ["replaced", "gone"])
def test_a_receipt_that_was_replaced_is_noticed(sent: Runs, attack: str) -> None:
    paper = sent.base / "receipt.txt"
    paper.write_text("thanks")
    sent.scrub("ledger", "receipt", sent.out, paper)
    (kept,) = (sent.audit / "receipts").iterdir()
    if attack == "gone":
        kept.unlink()
    else:
        kept.write_text("thanks for two batches")
    for command in ("list", "due"):
        done = sent.scrub("ledger", command)
        assert done.returncode == 5
        assert kept.name in done.stderr


@pytest.mark.slow
def test_a_receipt_needs_a_batch_that_was_sent_and_a_file(sent: Runs) -> None:
    empty = sent.base / "empty"
    empty.write_bytes(b"")
    assert sent.scrub("ledger", "receipt", sent.out, empty).returncode == 2
    assert sent.scrub("ledger", "receipt", sent.out, sent.base / "none").returncode == 2
    assert sent.scrub("ledger", "receipt", "b-nosuchbatch", empty).returncode == 2
    assert sent.scrub("ledger", "receipt", "b-aaaaaaaaaaaaaaaa", empty).returncode == 4
    assert sent.scrub("ledger", "receipt", sent.inside, empty).returncode == 2
    wrong = sent.scrub("ledger", "receipt", sent.out, sent.base / "in" / "b.txt", "--from", "X")
    assert wrong.returncode == 2
    other = sent.base / "other"
    sent.scrub(sent.inside, "--out", other)
    never = sent.scrub("ledger", "receipt", other, sent.base / "in" / "b.txt")
    assert "was sent" in never.stderr


# due ----------------------------------------------------------------------------------------


def row(event: str, seq: int, on: str, **fields: object) -> dict[str, object]:
    return {"event": event, "seq": seq, "on": on, "batch": "b-1", "to": "B", **fields}


MONTHLY = {"until": "2026-06-30", "deletion": "at-end", "reports": "monthly"}
SENT = row("sent", 1, "2026-01-31", terms=MONTHLY)


def kinds(events: list[dict[str, object]], on: str) -> list[tuple[str, str]]:
    found = due(events, date.fromisoformat(on), 14)
    return [(one.kind, one.since.isoformat()) for one in found]


def test_months_end_where_they_end() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert add_months(date(2026, 1, 31), 12) == date(2027, 1, 31)


def test_what_is_due_and_what_clears_it() -> None:
    assert kinds([SENT], "2026-02-13") == []
    assert kinds([SENT], "2026-02-14") == [("receipt", "2026-02-14")]
    delivered = row("receipt", 2, "2026-02-14", kind="delivery")
    assert kinds([SENT, delivered], "2026-02-27") == []
    assert kinds([SENT, delivered], "2026-02-28") == [("report", "2026-02-28")]
    report = row("receipt", 3, "2026-03-02", kind="report")
    assert kinds([SENT, delivered, report], "2026-03-30") == []
    assert kinds([SENT, delivered, report], "2026-03-31") == [("report", "2026-03-31")]
    reports = [row("receipt", 3 + n, "2026-06-01", kind="report") for n in range(5)]
    assert kinds([SENT, delivered, *reports], "2026-06-30") == []
    ended = kinds([SENT, delivered, *reports], "2030-01-01")  # no report after the end
    assert ended == [("deletion", "2026-06-30")]
    gone = row("receipt", 20, "2026-07-02", kind="deletion")
    assert kinds([SENT, delivered, *reports, gone], "2030-01-01") == []


def test_a_deletion_that_was_asked_for_waits_for_a_later_answer() -> None:
    plain = row("sent", 1, "2026-01-31", terms={})
    delivered = row("receipt", 2, "2026-02-01", kind="delivery")
    asked = row("delete-request", 3, "2026-03-01")
    assert kinds([plain, delivered, asked], "2026-03-30") == []
    assert kinds([plain, delivered, asked], "2026-03-31") == [("deletion", "2026-03-31")]
    other = row("receipt", 4, "2026-03-10", kind="deletion", to="C")
    assert len(kinds([plain, delivered, asked, other], "2026-03-31")) == 1
    early = [plain, row("receipt", 2, "2026-02-01", kind="deletion"), delivered, asked]
    assert len(kinds(early, "2026-03-31")) == 1
    done = row("receipt", 4, "2026-03-10", kind="deletion")
    assert kinds([plain, delivered, asked, done], "2030-01-01") == []


def test_terms_without_words_owe_nothing() -> None:
    plain = row("sent", 1, "2026-01-31", terms={})
    assert kinds([plain, row("receipt", 2, "2026-02-01", kind="delivery")], "2099-01-01") == []


@pytest.mark.slow
def test_due_says_so_by_its_exit_code(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.write("b.txt", PLAIN)
    (runs.base / "scrub.toml").write_text(TERMS)
    assert runs.scrub().returncode == 0
    assert runs.scrub("ledger", "due").returncode == 0
    runs.scrub("ledger", "sent", runs.out, "--to", "B", "--on", "2026-01-31")
    assert runs.scrub("ledger", "due", "--on", "2026-02-01").returncode == 0
    done = runs.scrub("ledger", "due", "--on", "2026-07-01", "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["schema"] == "scrub.due/1"
    assert {one["kind"] for one in report["due"]} == {"receipt", "report", "deletion"}


def test_an_expired_release_is_due(sent: Runs) -> None:
    (sent.audit / "releases.toml").write_text(
        '[[release]]\nid = "mr-7f3a"\nkind = "model"\nsigned = 2024-01-01\n'
        'expires = 2025-01-01\ncovers = ["**"]\nscope = ["ai-training"]\n'
    )
    done = sent.scrub("ledger", "due", "--on", "2026-02-01")
    assert "mr-7f3a" in done.stdout, done.stderr
    assert done.returncode == 1


# requests to delete ----------------------------------------------------------------------------


def test_a_request_lists_hashes_and_paths_as_sha256sum_reads_them(sent: Runs) -> None:
    done = sent.scrub("ledger", "delete-request", sent.out)
    assert done.returncode == 0, done.stderr
    listed = {line for line in done.stdout.splitlines() if not line.startswith("#")}
    manifest = (sent.out / "manifest-sha256.txt").read_text().splitlines()
    assert listed == set(manifest)
    assert "these" not in done.stdout


def test_only_some_files_by_glob_or_hash(sent: Runs) -> None:
    lines = (sent.out / "manifest-sha256.txt").read_text().splitlines()
    photo_line = next(line for line in lines if line.endswith(".jpg"))
    for only in (photo_line[:64].upper(), "*.jpg", "data/*.jpg"):
        done = sent.scrub("ledger", "delete-request", batch_of(sent), "--only", only)
        assert [one for one in done.stdout.splitlines() if one[:1] != "#"] == [photo_line], only
    none = sent.scrub("ledger", "delete-request", batch_of(sent), "--only", "*.wav")
    assert none.returncode == 2


def test_all_that_somebody_got_as_files(sent: Runs) -> None:
    out = sent.base / "request.txt"
    done = sent.scrub("ledger", "delete-request", "--to", "Example Models", "--out", out)
    assert done.returncode == 0, done.stderr
    document = json.loads(Path(f"{out}.json").read_text("utf-8"))
    assert document["schema"] == "scrub.delete-request/1"
    assert [len(one["files"]) for one in document["requests"]] == [2]
    rows = json.loads(sent.scrub("ledger", "list", "--json").stdout)["events"]
    assert (rows[-1]["event"], rows[-1]["items"]) == ("delete-request", 2)
    assert sent.scrub("ledger", "delete-request", "--to", "X").returncode == 2
    again = sent.scrub("ledger", "delete-request", "--to", "Example Models", "--out", out)
    assert again.returncode == 4
    assert len(json.loads(sent.scrub("ledger", "list", "--json").stdout)["events"]) == len(rows)
    assert sent.scrub("ledger", "delete-request").returncode == 2


def test_it_works_when_the_clean_folder_is_gone(sent: Runs) -> None:
    batch = batch_of(sent)
    os.rename(sent.out, sent.base / "moved")
    assert sent.scrub("ledger", "delete-request", batch).returncode == 0
    assert sent.scrub("ledger", "list").returncode == 0


@pytest.mark.slow
def test_an_empty_ledger_says_what_to_do(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    none = runs.scrub("ledger", "list")
    assert none.returncode == 4
    runs.write("b.txt", PLAIN)
    runs.scrub()
    done = runs.scrub("ledger", "list")
    assert "scrub ledger sent" in done.stdout


def test_names_of_options_are_checked_alike() -> None:
    from scrubber.cli.ledgers import day_of, name_of

    assert name_of("  Example Models ", "--to", 100) == "Example Models"
    with pytest.raises(UsageError, match="--channel"):
        name_of("\u0007", "--channel", 10)
    assert day_of("2024-02-29") == date(2024, 2, 29)
