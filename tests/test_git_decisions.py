"""What a person has decided counts before a commit and a push as it does in a run."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from gits import Repo, isolate, scrub

from scrubber.decision_file import NAME, write_decisions
from scrubber.decisions import Decision, Scope, Verdict, file_id, ids_of, item_id
from scrubber.errors import UsageError
from scrubber.git.fix import fix_staged
from scrubber.git.gate import check_staged
from scrubber.git.report import Report
from scrubber.git.repository import find
from scrubber.git.wishes import Wishes
from scrubber.keys import ProjectKey, load_key

MAIL = "office@harbour.example"
OTHER = "boats@harbour.example"
LINE = f'contact = "{MAIL}"  # the address on the sign at the harbour, for everybody\n'
SECOND = f'second = "{OTHER}"  # the address on the other sign, for everybody as well\n'


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch, tmp_path / "home")
    made = Repo(tmp_path / "repo")
    monkeypatch.chdir(made.path)
    return made


def look(**wishes: object) -> Report:
    return check_staged(find(), Wishes(**wishes))  # type: ignore[arg-type]  # its own fields


def audit(repo: Repo) -> Path:
    folder = repo.path.with_name("repo.audit")
    folder.mkdir(exist_ok=True)
    return folder / NAME


def keep(path: str, text: str, value: str = MAIL, *, entity: str = "EMAIL_ADDRESS") -> Decision:
    """A decision to keep `value` in the file at `path`, by the key of this machine."""
    key = load_key()[0].decisions_key
    start = text.index(value)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    ids = ids_of(key, path, sha256, "0.0", text, start, start + len(value), entity)
    item = item_id(key, path)
    return Decision(ids.span, Scope.SPAN, Verdict.KEEP, entity, item, "it is on the sign")


def decide(place: Path, *rows: Decision) -> None:
    write_decisions(place, load_key()[0].decisions_key, rows)


def test_what_was_decided_to_stay_does_not_stop_the_next_commit(repo: Repo) -> None:
    repo.add("a/sign.py", LINE)
    assert look().exit_code == 1
    decide(audit(repo), keep("a/sign.py", LINE))
    report = look()
    assert (report.exit_code, report.decided, report.looked) == (0, 1, 1)
    assert look().looked == 0  # the verdict is kept under these decisions
    decide(audit(repo), replace(keep("a/sign.py", LINE), verdict=Verdict.REDACT))
    assert look().exit_code == 1  # and not under others


@pytest.mark.slow
def test_it_stays_in_that_file_alone(repo: Repo) -> None:
    repo.add("a/sign.py", LINE)
    repo.add("b/sign.py", LINE)
    repo.add("c/sign.py", LINE + SECOND)
    decide(audit(repo), keep("a/sign.py", LINE), keep("c/sign.py", LINE + SECOND))
    report = look()
    assert [hit.path for hit in report.hits] == ["b/sign.py", "c/sign.py"]
    assert [hit.verdict.entities for hit in report.hits] == [(("EMAIL_ADDRESS", 1),)] * 2
    assert report.decided == 2


@pytest.mark.slow
def test_a_list_of_the_repository_counts_as_it_is_on_disk(repo: Repo) -> None:
    repo.add("scrub.toml", "decisions = 'lists/decided.jsonl'\n")
    repo.commit()
    repo.add("sign.py", LINE)
    (repo.path / "lists").mkdir()
    decide(repo.path / "lists" / "decided.jsonl", keep("sign.py", LINE))
    assert look().exit_code == 0
    repo.add("lists/decided.jsonl", (repo.path / "lists" / "decided.jsonl").read_bytes())
    repo.commit()
    (repo.path / "lists" / "decided.jsonl").unlink()  # as on a server, only the base has it
    repo.git("rm", "-q", "--cached", "sign.py")
    repo.commit()
    repo.git("add", "sign.py")
    assert look().exit_code == 0


@pytest.mark.slow
def test_a_list_of_another_key_counts_as_none_and_is_named(repo: Repo) -> None:
    repo.add("sign.py", LINE)
    strange = ProjectKey(b"\7" * 32).decisions_key
    write_decisions(audit(repo), strange, [keep("sign.py", LINE)])
    report = look()
    assert report.exit_code == 1
    assert report.strange.endswith(NAME)
    with pytest.raises(UsageError, match="another project key"):
        look(decisions=audit(repo))


def test_a_line_that_was_edited_stops_everything(repo: Repo) -> None:
    repo.add("sign.py", "x = 1\n")
    decide(audit(repo), keep("sign.py", LINE), keep("other.py", LINE))
    first, second = audit(repo).read_text().splitlines()
    edited = {**json.loads(second), "entity": "PERSON"}
    audit(repo).write_text(
        f"{first}\n{json.dumps(edited, sort_keys=True, separators=(',', ':'))}\n"
    )
    with pytest.raises(UsageError, match="was edited"):
        look()


def test_a_file_that_was_dropped_does_not_go_out(repo: Repo) -> None:
    text = "x = 1\n"
    repo.add("draft.py", text)
    key = load_key()[0].decisions_key
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    name = file_id(key, "draft.py", sha256)
    decide(audit(repo), Decision(name, Scope.ITEM, Verdict.DROP, "", item_id(key, "draft.py")))
    report = look()
    assert (report.exit_code, report.hits[0].verdict.code) == (1, "decided")


@pytest.mark.slow
def test_cleaning_what_is_staged_leaves_what_was_decided_to_stay(repo: Repo) -> None:
    text = LINE + SECOND
    repo.add("a/sign.py", text)
    decide(audit(repo), keep("a/sign.py", text))
    fixed = fix_staged(find(), Wishes())
    after = repo.git("cat-file", "blob", ":a/sign.py")
    assert MAIL in after
    assert OTHER not in after
    assert fixed.after.exit_code == 0


@pytest.mark.slow
def test_blocked_decided_committed(repo: Repo) -> None:
    repo.write("a/sign.py", LINE)
    repo.git("add", "a")
    assert scrub("hook", "install", cwd=repo.path).returncode == 0
    repo.git("commit", "-qm", "the sign", fails=True)
    out = repo.path.with_name("out")
    assert scrub(".", "--out", str(out), "--exclude", ".git", cwd=repo.path).returncode == 0
    listed = json.loads(scrub("decide", ".", "--all", "--json", cwd=repo.path).stdout)
    (row,) = (row for row in listed["entries"] if row.get("entity") == "EMAIL_ADDRESS")
    wish = f"{row['number']}=keep"
    done = scrub("decide", ".", "--set", wish, "--reason", "it is on the sign", cwd=repo.path)
    assert done.returncode == 0, done.stderr
    repo.git("commit", "-qm", "the sign")
    assert "Decided to stay: 1 place" in scrub("check", "--git", "HEAD", cwd=repo.path).stderr
