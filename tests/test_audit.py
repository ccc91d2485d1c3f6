"""The private record: chained, private, continued after a crash, without values."""

from __future__ import annotations

import csv
import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from batches import KEY, make_record, make_records, tally_of

from reports.audit import LOG, AuditFolder
from reports.exports import write_private_lists
from reports.log import LogWriter, first_link, log_head
from reports.quote import from_csv
from scrubber.canonical import canonical
from scrubber.commit import facts_root, item_facts
from scrubber.errors import FolderError, UsageError, VerificationError
from scrubber.model import ItemRecord, Outcome, Skipped

ID = "b-k7q2m9xa"


@pytest.fixture
def audit(tmp_path: Path) -> AuditFolder:
    return AuditFolder.create(tmp_path / "portfolio.audit")


def write(audit: AuditFolder, records: list[ItemRecord]) -> str:
    with audit.log(ID) as log:
        log.event("started", policy="standard")
        for record in records:
            log.item(record)
        log.skipped(Skipped(".DS_Store", Outcome.DROPPED, "os-junk", "A system file."))
        return log.close(tally_of(records))


def test_the_folder_is_private(audit: AuditFolder) -> None:
    assert stat.S_IMODE(audit.path.stat().st_mode) == 0o700
    assert (audit.path / ".gitignore").read_text() == "*\n"
    assert (audit.path / ".scrub-audit").is_file()
    write(audit, make_records())
    write_private_lists(audit, ID)
    for path in audit.path.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert AuditFolder.create(audit.path) == AuditFolder.open(audit.path) == audit


def test_git_ignores_it(audit: AuditFolder) -> None:
    write(audit, make_records())
    run = ["git", "-C", str(audit.path.parent)]
    subprocess.run([*run, "init", "-q"], check=True)
    out = subprocess.run([*run, "status", "--porcelain"], capture_output=True, check=True)
    assert out.stdout == b""


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()
    with pytest.raises(FolderError, match="something else"):
        AuditFolder.create(tmp_path)
    with pytest.raises(FolderError, match="no audit folder"):
        AuditFolder.open(tmp_path)


@pytest.mark.parametrize("name", ["../x", "", "B", "a/b", "a\n"])
def test_batch_ids(audit: AuditFolder, name: str) -> None:
    with pytest.raises(UsageError):
        audit.batch(name)


def test_stock_tools_follow_the_chain(audit: AuditFolder) -> None:
    head = write(audit, make_records())
    lines = (audit.batch(ID) / LOG).read_bytes().splitlines()
    prev = sha256(b"scrub-log/v1" + ID.encode()).hexdigest()
    assert prev == first_link(ID)
    for seq, line in enumerate(lines):
        run = subprocess.run(
            ["jq", "-r", ".prev, .seq"], input=line, capture_output=True, check=True
        )
        assert run.stdout.decode().split() == [prev, str(seq)]
        assert canonical(json.loads(line)).encode() == line
        prev = sha256(line).hexdigest()
    assert prev == head == log_head(audit.batch(ID) / LOG, ID)


def test_events_come_back(audit: AuditFolder) -> None:
    records = make_records()
    write(audit, records)
    events = list(audit.read(ID))
    assert [event["event"] for event in events] == [
        "started", *["item"] * len(records), "skipped", "close",
    ]  # fmt: skip
    counts = events[-1]["counts"]
    assert isinstance(counts, dict)
    assert counts["outcomes"] == {"cleaned": 4}


def test_facts_stand_as_they_were_committed(audit: AuditFolder) -> None:
    records = make_records()
    write(audit, records)
    items = [event for event in audit.read(ID) if event["event"] == "item"]
    for record, event in zip(records, items, strict=True):
        facts = event["facts"]
        assert isinstance(facts, list)
        stored = [canonical(fact) for fact in facts]
        assert tuple(stored) == record.facts
        assert facts_root(KEY, str(record.index), stored).hex() == record.facts_root


def test_no_value_anywhere(audit: AuditFolder) -> None:
    write(audit, make_records())
    write_private_lists(audit, ID)
    for path in audit.path.rglob("*"):
        if path.is_file():
            assert b"55501234" not in path.read_bytes()


@pytest.mark.parametrize("line", [0, 2, 5])
@pytest.mark.parametrize("change", ["edit", "remove", "swap"])
def test_altered_logs_are_noticed(audit: AuditFolder, line: int, change: str) -> None:
    head = write(audit, make_records())
    path = audit.batch(ID) / LOG
    lines = path.read_bytes().splitlines(keepends=True)
    if change == "edit":
        lines[line] = lines[line].replace(b'"at":"2', b'"at":"1')
    elif change == "remove":
        del lines[line]
    else:
        lines[line], lines[line + 1] = lines[line + 1], lines[line]
    path.write_bytes(b"".join(lines))
    with pytest.raises(VerificationError, match="altered"):
        log_head(path, ID)
    path.write_bytes(b"".join(lines[:0]))
    assert log_head(path, ID) != head


def test_a_cut_log_has_another_head(audit: AuditFolder) -> None:
    head = write(audit, make_records())
    path = audit.batch(ID) / LOG
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    assert log_head(path, ID) != head


def test_a_log_belongs_to_its_batch(audit: AuditFolder) -> None:
    write(audit, make_records())
    with pytest.raises(VerificationError):
        log_head(audit.batch(ID) / LOG, "b-other")


def test_a_closed_log_stays_closed(audit: AuditFolder) -> None:
    write(audit, make_records())
    before = (audit.batch(ID) / LOG).read_bytes()
    with pytest.raises(FolderError, match="closed"):
        audit.log(ID)
    assert (audit.batch(ID) / LOG).read_bytes() == before


def test_continued_after_a_kill(audit: AuditFolder) -> None:
    code = """
import os, sys
from pathlib import Path
from reports.audit import AuditFolder
from batches import make_records
log = AuditFolder.open(Path(sys.argv[1])).log(sys.argv[2])
for record in make_records()[:2]:
    log.item(record)
log.sync()
os.write(log._handle, b'{"at":"torn')
os._exit(9)
"""
    root = Path(__file__).parent.parent
    env = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'tests'}"}
    run = subprocess.run([sys.executable, "-c", code, audit.path, ID], env=env)
    assert run.returncode == 9
    head = write(audit, make_records()[2:])
    events = list(audit.read(ID))
    assert events[2]["event"] == "resumed"
    assert events[2]["cut"] == len(b'{"at":"torn')
    assert sum(event["event"] == "item" for event in events) == 4
    assert log_head(audit.batch(ID) / LOG, ID) == head


def test_only_a_torn_line(audit: AuditFolder) -> None:
    audit.batch(ID).mkdir()
    (audit.batch(ID) / LOG).write_bytes(b"x" * 200_000)
    with audit.log(ID) as log:
        log.event("started")
    assert [event["event"] for event in audit.read(ID)] == ["started"]


def test_two_runs_do_not_share_a_log(audit: AuditFolder) -> None:
    with audit.log(ID), pytest.raises(FolderError, match="Another run"):
        audit.log(ID)


def test_where(audit: AuditFolder) -> None:
    records = make_records()
    write(audit, records)
    found = audit.where("coast/0002.jpg")
    assert found is not None
    by_path = {record.out_path: record for record in records}
    assert (found.batch, found.path) == (ID, by_path["coast/0002.jpg"].path)
    assert found.sha256 == by_path["coast/0002.jpg"].sha256
    assert audit.where("coast/none.jpg") is None
    assert audit.where("coast/0002.jpg", ID) == found


NAMES = [
    "plain.txt",
    "a\nb.txt",
    "back\\slash",
    "caf\udce9.jpg",
    "=1+1.txt",
    "cr\r",
    "-n",
    "q'\",.x",
]


def records_named(folder: Path) -> list[ItemRecord]:
    records = []
    for index, name in enumerate(NAMES):
        data = name.encode("utf-8", "surrogateescape")
        (folder / name).write_bytes(data)
        record = make_record(index, f"{index}.txt", b"clean", "text/plain")
        record = replace(record, path=name, size=len(data), sha256=sha256(data).hexdigest())
        facts, root = item_facts(KEY, record)
        records.append(replace(record, facts=facts, facts_root=root))
    return records


def test_sha256sum_checks_the_originals(audit: AuditFolder, tmp_path: Path) -> None:
    folder = tmp_path / "originals"
    folder.mkdir()
    write(audit, records_named(folder))
    write_private_lists(audit, ID)
    checksums = audit.batch(ID) / "originals.sha256"
    command = ["sha256sum", "-c", "--strict", "--quiet", str(checksums)]
    assert subprocess.run(command, cwd=folder).returncode == 0
    (folder / "a\nb.txt").write_bytes(b"changed")
    assert subprocess.run(command, cwd=folder, capture_output=True).returncode == 1


def test_findings_csv(audit: AuditFolder, tmp_path: Path) -> None:
    (tmp_path / "originals").mkdir()
    write(audit, records_named(tmp_path / "originals"))
    write_private_lists(audit, ID)
    with (audit.batch(ID) / "findings.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [from_csv(row["path"]) for row in rows] == NAMES
    assert {row["entity"] for row in rows} == {"CAMERA_SERIAL"}
    assert {row["length"] for row in rows} == {"5-8"}
    assert all(row["path"][0] not in "=+-@" for row in rows)


def test_an_unwritable_place(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderError, match="cannot be written"):
        AuditFolder.create(tmp_path / "file" / "audit")
    with pytest.raises(FolderError, match="cannot be read"):
        log_head(tmp_path / "none", ID)


def test_a_writer_that_fails_lets_go(audit: AuditFolder) -> None:
    audit.batch(ID).mkdir()
    path = audit.batch(ID) / LOG
    path.write_bytes(b"{}\n")
    with pytest.raises(VerificationError):
        LogWriter(path, ID)
    path.write_bytes(b"")
    LogWriter(path, ID).stop()
