"""Our bags, judged by the reference BagIt tool and by sha256sum."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import bagit
import pytest
from batches import BATCH, CONTENT, KEY, make_batch, make_records, tally_of

from reports.bag import (
    EPOCH,
    BadLine,
    bag_info,
    manifest_line,
    parse_bag_info,
    read_manifest,
    settle,
)
from reports.batch import write_bag
from scrubber.commit import held_root
from scrubber.errors import VerificationError
from scrubber.model import ItemRecord

PRIVATE = {"held_root": held_root(KEY, []), "log_head": "33" * 32}


def test_bagit_validates(tmp_path: Path) -> None:
    make_batch(tmp_path / "clean", exports={"rights.json": b"{}\n"})
    bag = bagit.Bag(str(tmp_path / "clean"))
    assert bag.validate()
    assert bag.info == {
        "Bag-Software-Agent": "scrub 0.1.0",
        "Payload-Oxum": f"{sum(len(data) for data, _ in CONTENT.values())}.4",
    }


def test_sha256sum_checks_payload_and_tag_files(tmp_path: Path) -> None:
    make_batch(tmp_path / "clean")
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        run = subprocess.run(
            ["sha256sum", "-c", "--strict", "--quiet", name],
            cwd=tmp_path / "clean",
            capture_output=True,
        )
        assert (run.returncode, run.stdout, run.stderr) == (0, b"", b"")


def test_lists_are_sorted_by_bytes(tmp_path: Path) -> None:
    make_batch(tmp_path / "clean")
    lines = (tmp_path / "clean/manifest-sha256.txt").read_bytes().splitlines()
    paths = [line[66:] for line in lines]
    assert paths == sorted(paths)
    assert paths[0] == b"data/coast-east/0003.jpg"


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    make_batch(tmp_path / "one")
    make_batch(tmp_path / "two")
    for path in sorted((tmp_path / "one").rglob("*")):
        if path.is_file():
            other = tmp_path / "two" / path.relative_to(tmp_path / "one")
            assert path.read_bytes() == other.read_bytes()


def test_modes_and_times_tell_nothing(tmp_path: Path) -> None:
    clean = tmp_path / "clean"
    before = os.umask(0o077)
    try:
        make_batch(clean)
    finally:
        os.umask(before)
    for path in [clean, *clean.rglob("*")]:
        found = path.stat()
        assert found.st_mtime == EPOCH
        assert stat.S_IMODE(found.st_mode) == (0o755 if path.is_dir() else 0o644)


def test_unfinished_is_no_bag(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()

    def cut() -> Iterable[ItemRecord]:
        yield make_records()[0]
        raise KeyboardInterrupt

    records = make_records()
    with pytest.raises(KeyboardInterrupt):
        write_bag(tmp_path, BATCH, cut(), tally_of(records), PRIVATE)
    assert not (tmp_path / "bagit.txt").exists()


@pytest.mark.parametrize("fault", ["unsorted", "twice", "tally", "unwritten", "root"])
def test_records_that_do_not_fit_are_refused(tmp_path: Path, fault: str) -> None:
    (tmp_path / "data").mkdir()
    records = make_records()
    tally, private = tally_of(records), dict(PRIVATE)
    if fault == "unsorted":
        records.reverse()
    elif fault == "twice":
        records[1] = records[0]
    elif fault == "tally":
        records.pop()
    elif fault == "unwritten":
        records[0] = ItemRecord(0, "a", records[0].outcome)
    else:
        private["root"] = "00" * 32
    with pytest.raises(ValueError):
        write_bag(tmp_path, BATCH, records, tally, private)
    assert not (tmp_path / "bagit.txt").exists()


@pytest.mark.parametrize("name", ["manifest.json", "../up.json", "fetch.txt/", "data", "a b.json"])
def test_exports_have_names_of_their_own(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="export"):
        make_batch(tmp_path / "clean", exports={name: b""})


def test_an_empty_batch_is_a_bag(tmp_path: Path) -> None:
    make_batch(tmp_path / "clean", content={})
    assert bagit.Bag(str(tmp_path / "clean")).validate()


def test_links_are_not_settled(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("/etc/hostname")
    with pytest.raises(VerificationError):
        settle(tmp_path)


@pytest.mark.parametrize("path", ["a\nb", "a\rb", "100%25"])
def test_names_that_tools_disagree_about(path: str) -> None:
    with pytest.raises(ValueError):
        manifest_line("00" * 32, path)


A, B = "aa" * 32, "bb" * 32


@pytest.mark.parametrize(
    "text",
    [
        f"{A}  data/b\n{B}  data/a\n",
        f"{A}  data/a\n{B}  data/a\n",
        f"{A}  data/a",
        f"{A} *data/a\n",
        f"{A[:-1]}  data/a\n",
        f"{A.upper()}  data/a\n",
        f"{A}  \n",
        f"{A}  {'x' * 9000}\n",
        "\n",
    ],
)
def test_lists_that_cannot_be_trusted(text: str) -> None:
    with pytest.raises(BadLine):
        list(read_manifest(io.BytesIO(text.encode())))


def test_a_path_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(BadLine):
        list(read_manifest(io.BytesIO(A.encode() + b"  data/\xff\n")))


def test_a_list_without_end_is_cut(tmp_path: Path) -> None:
    endless = tmp_path / "list"
    with endless.open("wb") as stream:
        stream.truncate(1 << 32)
    with endless.open("rb") as stream, pytest.raises(BadLine, match="longer"):
        list(read_manifest(stream))


def test_bag_info_round_trip() -> None:
    assert parse_bag_info(bag_info(5, 2, "scrub 0.1.0"))["Payload-Oxum"] == "5.2"
    for bad in (b"a: 1\na: 2\n", b"no colon\n"):
        with pytest.raises(ValueError):
            parse_bag_info(bad)


def test_the_reports_import_late(tmp_path: Path) -> None:
    code = "import sys, reports.batch, reports.verify; print('cryptography' in sys.modules)"
    root = Path(__file__).parent.parent
    out = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert out.stdout.strip() == "False"


def test_digests_are_those_of_the_files(tmp_path: Path) -> None:
    records = make_batch(tmp_path / "clean")
    for record in records:
        data = (tmp_path / "clean/data" / str(record.out_path)).read_bytes()
        assert sha256(data).hexdigest() == record.out_sha256
