"""The whole scan: whose rules count, what blocks, and what happens when it is cut short."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from gits import Repo, clean, isolate, private, scrub

from scrubber.errors import FolderError, UsageError
from scrubber.git.gate import check_staged
from scrubber.git.report import Report
from scrubber.git.repository import GitFailed, find
from scrubber.git.settings import DEFAULTS, hook_settings
from scrubber.git.wishes import Wishes
from scrubber.git.workspace import workspace

HOME = str(Path(__file__).parent.parent)
SETTINGS = "[hook]\nexclude = ['*.pdf']\n"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch, tmp_path / "home")
    made = Repo(tmp_path / "repo")
    monkeypatch.chdir(made.path)
    return made


def look() -> Report:
    return check_staged(find(), Wishes())


def test_what_cannot_be_looked_into_blocks(repo: Repo) -> None:
    repo.add("a.pdf", PDF)
    repo.add("b.jpg", clean())
    report = look()
    assert (report.exit_code, report.inside, report.files) == (3, 1, 2)


def test_a_large_file_is_held_not_skipped(repo: Repo, tmp_path: Path) -> None:
    repo.add("a.py", "x = 1\n" * 300_000)
    policy = tmp_path / "small.toml"
    policy.write_text("base = 'standard'\n[limits]\nmax_file_mib = 1\n")
    report = check_staged(find(), Wishes(policy=str(policy)))
    assert (report.exit_code, report.hits[0].verdict.code) == (3, "too-large")


def test_a_damaged_object_is_held(repo: Repo) -> None:
    repo.add("a.png", clean())
    repo.add("b.png", clean(2))
    oid = repo.oid(":a.png")
    place = repo.path / ".git" / "objects" / oid[:2] / oid[2:]
    place.chmod(0o600)
    place.write_bytes(place.read_bytes()[:-20])
    report = look()
    assert (report.exit_code, [hit.path for hit in report.hits]) == (3, ["a.png"])
    assert report.inside == 1


@pytest.mark.slow
def test_rules_of_the_change_itself_do_not_count(repo: Repo) -> None:
    repo.add("a.pdf", PDF)
    repo.add("scrub.toml", SETTINGS)
    report = look()
    assert report.exit_code == 3
    assert report.rules_changed == ["scrub.toml"]
    repo.git("rm", "-q", "--cached", "a.pdf")
    repo.commit()
    repo.git("add", "a.pdf")
    report = look()
    assert (report.exit_code, report.excluded) == (0, ["a.pdf"])
    assert report.origin == f"{repo.oid('HEAD')[:12]}:scrub.toml"
    repo.write("scrub.toml", "")
    assert look().exit_code == 0


@pytest.mark.slow
def test_rules_in_pyproject_and_a_policy_file(repo: Repo) -> None:
    repo.add("pyproject.toml", "[tool.scrub]\npolicy = 'rules/own.toml'\n")
    repo.add("rules/own.toml", "base = 'standard'\n[entities]\nGPS_POSITION = 'hold'\n")
    repo.commit()
    repo.add("a.jpg", private())
    repo.add("rules/own.toml", "base = 'keep-credit'\n")
    repo.write("pyproject.toml", "")
    report = look()
    assert report.exit_code == 3
    assert report.hits[0].verdict.code == "policy"
    assert report.rules_changed == ["rules/own.toml"]


def test_a_mistake_in_the_rules_names_the_revision(repo: Repo) -> None:
    repo.add("scrub.toml", "[hook]\nexclud = ['x']\n")
    repo.commit()
    with pytest.raises(UsageError, match=r"[0-9a-f]{12}:scrub\.toml.*Did you mean 'exclude'"):
        look()


def test_other_rules_make_other_verdicts(repo: Repo) -> None:
    repo.add("a.jpg", private())
    assert look().exit_code == 1
    policy = repo.path.parent / "own.toml"
    policy.write_text("base = 'standard'\n[entities]\nGPS_POSITION = 'hold'\n")
    report = check_staged(find(), Wishes(policy=str(policy)))
    assert (report.exit_code, report.looked) == (3, 1)
    assert look().exit_code == 1


@pytest.mark.slow
def test_the_users_own_list_is_looked_for(repo: Repo, tmp_path: Path) -> None:
    repo.add("a.py", "zebulonquux = 1\n")
    assert look().exit_code == 0
    listed = tmp_path / "home" / "config" / "prescrub" / "people.toml"
    listed.parent.mkdir(parents=True)
    listed.write_text("[[people]]\nname = 'zebulonquux'\n")
    report = look()
    assert (report.exit_code, report.hits[0].verdict.entities) == (1, (("PERSON", 1),))
    data = (repo.path / ".git" / "scrub" / "verdicts.sqlite").read_bytes()
    assert b"quux" not in data


def test_names_that_tell_something(repo: Repo) -> None:
    repo.add("marlowe@harbour.test.png", clean())
    report = look()
    assert (report.exit_code, [hit.kind for hit in report.hits]) == (0, ["name"])
    repo.add("scrub.toml", "[hook]\nnames = 'block'\n")
    repo.commit()
    repo.add("quill@harbour.test.png", clean())
    assert look().exit_code == 1


@pytest.mark.parametrize("name", [".env", "id_rsa", ".DS_Store", "old/.scrub-audit"])
def test_names_that_decide(repo: Repo, name: str) -> None:
    repo.add(name, "x = 1\n")
    assert look().exit_code in (1, 3)


def test_everything_in_an_audit_folder_is_private(repo: Repo) -> None:
    repo.add("x.audit/.scrub-audit", "")
    repo.add("x.audit/batch/log.jsonl", "{}\n")
    repo.add("x.auditor/a.png", clean())
    assert [hit.path for hit in look().hits] == ["x.audit/.scrub-audit", "x.audit/batch/log.jsonl"]


@pytest.mark.parametrize("name", [".gitattributes", ".gitignore", ".env.example", "poetry.lock"])
def test_names_that_belong_in_a_repository(repo: Repo, name: str) -> None:
    repo.add(name, "")
    report = look()
    assert (report.exit_code, report.inside) == (0, 1)


def test_settings() -> None:
    assert hook_settings({}, "hook") == DEFAULTS
    assert hook_settings({"author-email": "block"}, "hook").author_email == "block"
    for wrong in (
        {"held": "ignore"},
        {"exclude": "x"},
        {"exclude": [1]},
        {"nam": 1},
        [1],
        {"held": 3},
    ):
        with pytest.raises(UsageError):
            hook_settings(wrong, "hook")


# cut short ------------------------------------------------------------------------


def leftovers(tmp: Path) -> list[Path]:
    return list(tmp.glob("scrub-git-*"))


@pytest.fixture
def slow(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose scan takes seconds, and a place for temporary files."""
    tmp = tmp_path / "tmp"
    tmp.mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp))
    monkeypatch.setattr("tempfile.tempdir", str(tmp))
    for number in range(150):
        repo.write(f"{number}.txt", f"On the {number}. day Jane Roe went to the harbour.\n" * 40)
    repo.git("add", ".")
    return tmp


def start(repo: Repo) -> subprocess.Popen[bytes]:
    code = f"import sys; sys.path.append({HOME!r}); from scrubber.cli import main; main()"
    words = [sys.executable, "-I", "-c", code, "hook", "run", "pre-commit"]
    return subprocess.Popen(
        words,
        cwd=repo.path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def wait_for_work(tmp: Path) -> None:
    limit = time.monotonic() + 60
    while not any(len(list(path.iterdir())) > 1 for path in leftovers(tmp)):
        assert time.monotonic() < limit
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopped_by_a_signal_it_blocks_and_leaves_nothing(
    repo: Repo, slow: Path, number: int
) -> None:
    before = repo.state()
    process = start(repo)
    wait_for_work(slow)
    os.kill(process.pid, number)
    process.communicate()
    assert process.returncode != 0
    assert leftovers(slow) == []
    assert repo.state() == before


def test_killed_it_leaves_copies_outside_that_the_next_scan_removes(repo: Repo, slow: Path) -> None:
    before = repo.state()
    process = start(repo)
    wait_for_work(slow)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert leftovers(slow)
    assert oct(leftovers(slow)[0].stat().st_mode)[-3:] == "700"
    assert repo.state() == before
    with workspace(find()):
        assert len(leftovers(slow)) == 1  # its own
    assert leftovers(slow) == []


def test_copies_never_lie_in_the_repository(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    inside = repo.path / "tmp"
    inside.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(inside))
    with workspace(find()) as folder:
        assert not folder.is_relative_to(repo.path)


def test_a_full_disk_blocks(repo: Repo) -> None:
    with pytest.raises(GitFailed, match="nothing may pass"), workspace(find()):
        raise OSError(28, "No space left on device")


def test_no_home_means_no_kept_verdicts_but_a_scan(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRUB_DATA_HOME", "/dev/null/none")
    repo.add("a.jpg", private())
    assert (look().looked, look().looked) == (1, 1)
    assert look().exit_code == 1
    assert not (repo.path / ".git" / "scrub").exists()


def test_a_folder_called_hook_does_not_stop_every_commit(repo: Repo) -> None:
    repo.add("hook/a.png", clean())
    repo.add("run/a.png", clean())
    repo.add("check/a.png", clean())
    for words in (("hook", "run", "pre-commit"), ("check", "--staged")):
        done = scrub(*words, cwd=repo.path)
        assert done.returncode == 0, done.stderr


def test_by_hand_a_push_is_not_waited_for(repo: Repo) -> None:
    import pty

    end, terminal = pty.openpty()
    code = f"import sys; sys.path.append({HOME!r}); from scrubber.cli import main; main()"
    words = [sys.executable, "-I", "-c", code, "hook", "run", "pre-push", "origin", "x"]
    done = subprocess.run(words, stdin=terminal, capture_output=True, text=True, timeout=60)
    os.close(end)
    os.close(terminal)
    assert done.returncode == 2
    assert "scrub check --git RANGE" in done.stderr


def test_what_is_known_loads_no_library_and_starts_no_worker(repo: Repo) -> None:
    repo.add("a.jpg", private())
    assert look().looked == 1
    code = (
        f"import sys; sys.path.append({HOME!r})\n"
        "from scrubber.git.gate import check_staged\n"
        "from scrubber.git.repository import find\n"
        "from scrubber.git.wishes import Wishes\n"
        "report = check_staged(find(), Wishes())\n"
        "heavy = {'presidio_analyzer', 'spacy', 'numpy', 'PIL', 'mutagen'} & set(sys.modules)\n"
        "print(report.looked, report.exit_code, sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    assert done.stdout == "0 1 []\n", done.stderr


@pytest.mark.slow
def test_two_thousand_known_files_in_a_second(repo: Repo) -> None:
    for number in range(2000):
        repo.write(f"part{number % 40}/{number}.png", clean(number))
    repo.git("add", ".")
    assert look().looked == 2000
    before = os.times()
    done = scrub("hook", "run", "pre-commit", cwd=repo.path)
    after = os.times()
    assert done.returncode == 0
    assert "2000 of 2000" in done.stderr
    spent = after.children_user + after.children_system
    assert spent - before.children_user - before.children_system < 1.0


@pytest.mark.slow
def test_machine_formats(repo: Repo) -> None:
    repo.add("a.jpg", private())
    repo.add("b.pdf", PDF)
    done = scrub("hook", "run", "pre-commit", "--format", "json", cwd=repo.path)
    assert done.returncode == 1
    import json

    rows = {row["path"]: row for row in json.loads(done.stdout)["files"]}
    assert rows["a.jpg"]["findings"]["GPS_POSITION"] == 2
    assert rows["b.pdf"]["held"] == "unknown-container"
    assert rows["b.pdf"]["blocks"] is True
    for shape in ("sarif", "github", "jsonl", "csv"):
        done = scrub("hook", "run", "pre-commit", "--format", shape, cwd=repo.path)
        assert "a.jpg" in done.stdout, done.stderr


def test_a_scan_outside_a_repository_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    isolate(monkeypatch, tmp_path / "home")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    done = scrub("hook", "run", "pre-commit", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (FolderError.exit_code, "")
    assert done.stderr.startswith("scrub: This is no git repository.")
