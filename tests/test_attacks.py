"""Every attack on a batch is a clear problem for verify_bag, for `scrub verify`, and, where stock
tools can see it, for docs/verify.sh."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from attacks import ATTACKS, PHOTO, TEXT, Attack, items_of, put, remake, vouch
from batches import make_batch
from PIL import Image
from runs import PLAIN, Runs, photo

from reports.verify import verify_bag
from scrubber import recheck
from scrubber.cli.app import run
from scrubber.recheck import Recheck, Wish, in_workers
from scrubber.workers import Failed, Pool, SerialPool

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "docs/verify.sh"
STOCK = pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")


def picture(shade: int) -> bytes:
    out = BytesIO()
    Image.new("RGB", (24, 16), (shade, 90, 20)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="session")
def batches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two batches that the main job has made: `clean` and `other`."""
    base = tmp_path_factory.mktemp("batches")
    for name, shade in (("clean", 10), ("other", 90)):
        runs = Runs(base / f"{name}-run")
        runs.write("coast/0001.jpg", photo(shade=shade))
        runs.write("coast/0002.jpg", photo(shade=shade + 5))
        runs.write("été.png", picture(shade))
        runs.write("notes.txt", PLAIN * (1 + shade // 50))
        if name == "other":
            runs.write("more.txt", PLAIN)
        runs.here()
        runs.out.rename(base / name)
    return base


@pytest.fixture
def clean(batches: Path, tmp_path: Path) -> Path:
    shutil.copytree(batches / "other", tmp_path / "other")
    return Path(shutil.copytree(batches / "clean", tmp_path / "clean"))


def script(folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", SCRIPT, folder],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
    )


def verdicts(folder: Path) -> dict[str, bool]:
    """What the tools say that a stranger has."""
    said = {"script": script(folder).returncode == 0}
    check = ["sha256sum", "-c", "--strict", "manifest-sha256.txt"]
    said["sha256sum"] = subprocess.run(check, cwd=folder, capture_output=True).returncode == 0
    return said


def test_the_honest_batch(clean: Path) -> None:
    assert verify_bag(clean).problems == []
    assert run(["verify", str(clean)]) == 0
    assert all(verdicts(clean).values())


class InThisProcess(SerialPool):
    """Stands in for the pool of workers: hundreds of attacks, and no process started for each."""

    def __init__(self, _: int, *, initialise: str, work: str, setup: object, memory: int) -> None:
        assert memory > 0
        super().__init__(initialise=initialise, work=work, setup=setup)

    def __enter__(self) -> InThisProcess:
        return self

    def __exit__(self, *_: object) -> None: ...


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack(
    attack: Attack,
    clean: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scrubber.workers.Pool", InThisProcess)
    attack.do(clean)
    wish = Wish(str(clean / "data"))
    problems = verify_bag(clean, check_files=in_workers(wish, 1, {})).problems
    assert attack.codes & {problem.code for problem in problems}, problems
    assert all(len(problem.what) > 10 and problem.what.isprintable() for problem in problems)
    assert run(["verify", str(clean), "--quiet"]) == 5
    said = capsys.readouterr().out
    assert "NOT A CLEAN BATCH" in said
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", said)


@STOCK
@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack_on_stock_tools(attack: Attack, clean: Path) -> None:
    attack.do(clean)
    done = script(clean)
    assert (done.returncode == 0) == ("script" in attack.blind), done.stdout + done.stderr
    assert done.stderr == ""
    if done.returncode:
        assert done.returncode == 1
        assert re.search(r"^FAILED: .{10,}", done.stdout, re.MULTILINE)
        assert "NOT A WHOLE BATCH" in done.stdout
        assert re.fullmatch(r"[\n\x20-\x7e\x80-\U0010ffff]*", done.stdout)


BLIND = [attack for attack in ATTACKS if attack.blind & {"sha256sum", "bagit"}]


@pytest.mark.slow
@pytest.mark.parametrize("attack", BLIND, ids=lambda attack: attack.name)
def test_where_stock_tools_are_blind(attack: Attack, clean: Path) -> None:
    attack.do(clean)
    check = ["sha256sum", "-c", "--strict", "manifest-sha256.txt"]
    if "sha256sum" in attack.blind:
        assert subprocess.run(check, cwd=clean, capture_output=True).returncode == 0
    judge = [sys.executable, "-m", "bagit", "--validate", str(clean)]
    accepted = subprocess.run(judge, capture_output=True).returncode == 0
    assert accepted == ("bagit" in attack.blind)


def memory_of(folder: Path, *options: str) -> int:
    """Most resident bytes of one `scrub verify` and its worker, which must find problems."""
    code = (
        "import resource, sys; sys.path.insert(0, sys.argv.pop(1));"
        "from scrubber.cli.app import run; code = run(sys.argv[1:]);"
        "own = open('/proc/self/status').read().split('VmHWM:')[1].split()[0];"
        "worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss;"
        "print(max(int(own), worker) * 1024); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, str(ROOT), "verify", str(folder), "-q", "-j1", *options],
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode in (0, 5), done.stderr
    return int(done.stdout.splitlines()[-1])


@pytest.mark.slow
def test_one_line_of_a_hundred_megabytes(clean: Path) -> None:
    usual = memory_of(clean)
    with (clean / "items.jsonl").open("ab") as stream:
        for _ in range(100):
            stream.write(b"z" * 1_000_000)
        stream.write(b"\n")
    vouch(clean)
    assert run(["verify", str(clean), "-q"]) == 5
    assert memory_of(clean) < usual + (8 << 20)
    assert "line of 8 KiB" in script(clean).stdout


def png_bomb(side: int) -> bytes:
    """A grey picture of side × side pixels, all black: a thousandth of its size when packed."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * (side + 1)) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


@pytest.mark.slow
def test_a_picture_that_unpacks_to_gigabytes(clean: Path) -> None:
    usual = memory_of(clean)
    put(clean, "bomb.png", png_bomb(20_000), "image/png")
    assert memory_of(clean) < usual + (64 << 20)


def test_a_list_of_many_items_that_are_not_there(clean: Path) -> None:
    many = [
        {"media_type": "text/plain", "path": f"zz/{i:06}.txt", "sha256": "0" * 64, "size": 10**11}
        for i in range(50_000)
    ]
    usual = memory_of(clean)
    remake(clean, [*items_of(clean), *many])
    report = verify_bag(clean)
    assert (len(report.problems), report.more) == (1000, 49_000)
    assert memory_of(clean) < usual + (16 << 20)


def test_a_hard_link_is_a_file_like_others(clean: Path) -> None:
    os.link(clean / "data" / PHOTO, clean.parent / "elsewhere.jpg")
    assert verify_bag(clean).ok


def test_a_device(clean: Path) -> None:
    try:
        os.mknod(clean / "data/zero", 0o20666, os.makedev(1, 5))
    except OSError:
        pytest.skip("only root may make devices")
    assert {problem.code for problem in verify_bag(clean).problems} == {"special"}
    assert "pipes or devices" in script(clean).stdout


def test_a_file_that_is_written_to_while_it_is_read(clean: Path) -> None:
    put(clean, TEXT, b"Write to jane.roe@example.com.\n", "text/plain")
    (item,) = (item for item in items_of(clean) if item["path"] == TEXT)
    listed = (TEXT, bytes.fromhex(item["sha256"]), item["size"], item["media_type"])
    seen = Recheck(Wish(str(clean / "data"))).check(listed)
    assert next(seen)[0] == "not-clean"
    (clean / "data" / TEXT).write_bytes(b"The boats were quiet, all of th")
    assert [code for code, _ in seen] == ["changed"]


def test_a_writer_that_does_not_stop(clean: Path) -> None:
    ended = threading.Event()

    def write() -> None:
        while not ended.is_set():
            with (clean / "data" / TEXT).open("ab") as stream:
                stream.write(b"more\n")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            report = verify_bag(clean, check_files=in_workers(Wish(str(clean / "data")), 1, {}))
    finally:
        ended.set()
        writer.join()
    assert {(problem.path, problem.code) for problem in report.problems} == {
        (f"data/{TEXT}", "changed")
    }


def test_a_file_that_ends_its_worker_is_named(
    clean: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A crash costs the file that makes it; those in the same group are read."""
    put(clean, PHOTO, photo(), "image/jpeg")
    (tmp_path / "crash.py").write_text(
        "import os\nfrom scrubber import recheck\nprepare = recheck.prepare\n"
        "def work(state, group):\n"
        f"    if any(listed[0] == {TEXT!r} for listed in group): os.abort()\n"
        "    return recheck.work(state, group)\n"
    )

    def crashing(jobs: int, **options: object) -> Pool:
        options |= {"work": "crash:work", "import_paths": (str(tmp_path),)}
        return Pool(jobs, **options)  # type: ignore[arg-type]  # as in_workers gives them

    monkeypatch.setattr("scrubber.workers.Pool", crashing)
    report = verify_bag(clean, check_files=in_workers(Wish(str(clean / "data")), 1, {}))
    assert {(problem.path, problem.code) for problem in report.problems} == {
        (f"data/{TEXT}", "worker-died"),
        (f"data/{PHOTO}", "not-clean"),
    }


def test_a_batch_that_ends_every_worker_is_given_up(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(InThisProcess):
        def run(self, tasks: Iterable[Any], **_: object) -> Iterator[Any]:
            return (Failed(task, "timed-out") for task in tasks)

    monkeypatch.setattr("scrubber.workers.Pool", Failing)
    monkeypatch.setattr(recheck, "PATIENCE", 2)
    report = verify_bag(clean, check_files=in_workers(Wish(str(clean / "data")), 1, {}))
    assert [problem.code for problem in report.problems].count("timed-out") == 2
    assert ("data/", "stopped") in {(problem.path, problem.code) for problem in report.problems}


def test_folders_that_are_no_batch(
    clean: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "p.audit").mkdir()
    (tmp_path / "p.audit/.scrub-audit").touch()
    (tmp_path / "out.partial-b-abc").mkdir()
    for given, code, words in (
        (tmp_path / "nowhere", 4, "There is no folder"),
        (clean / "manifest.json", 4, f"Give the folder it lies in: {clean}"),
        (tmp_path / "p.audit", 5, "do not upload it"),
        (tmp_path / "out.partial-b-abc", 5, "has not finished"),
        (clean / "data", 5, f"Give the folder it lies in: {clean}"),
        (tmp_path / "empty", 5, "is not a batch"),
        (clean / "data/coast", 5, "is not a batch"),
    ):
        assert run(["verify", str(given)]) == code
        assert words in capsys.readouterr().err
    assert run(["verify", str(clean), "--quick", "--deep"]) == 2


def test_quick_leaves_files_closed(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(clean, PHOTO, photo(), "image/jpeg")
    assert run(["verify", str(clean), "--quick"]) == 0
    assert "Not looked into" in capsys.readouterr().out
    (clean / "data" / PHOTO).write_bytes(photo(shade=11))
    assert run(["verify", str(clean), "--quick"]) == 5


def test_more_files_than_a_group(tmp_path: Path) -> None:
    content = {f"{i:03}.txt": (b"%d\n" % i, "text/plain") for i in range(450)}
    make_batch(tmp_path / "clean", content)
    assert run(["verify", str(tmp_path / "clean"), "-j2"]) == 0
    for number in (0, 199, 200, 449):
        (tmp_path / f"clean/data/{number:03}.txt").write_bytes(b"x\n")
    report = verify_bag(
        tmp_path / "clean", check_files=in_workers(Wish(str(tmp_path / "clean/data")), 2, {})
    )
    assert [problem.path for problem in report.problems] == [
        f"data/{number:03}.txt" for number in (0, 199, 200, 449)
    ]
