"""Attacks on a batch, each caught; the honest batch passes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from batches import CONTENT, make_batch
from hypothesis import given
from hypothesis import strategies as st

from reports.digest import file_digest
from reports.portable import unportable_part, unsafe_path
from reports.problems import LIMIT
from reports.verify import VerifyReport, verify_bag
from scrubber.canonical import canonical
from scrubber.portable import portable


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("honest") / "clean"
    make_batch(folder, exports={"croissant.json": b"{}\n"})
    return folder


@pytest.fixture
def clean(honest: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(honest, tmp_path / "clean", symlinks=True))


def codes(report: VerifyReport) -> set[tuple[str, str]]:
    return {(problem.path, problem.code) for problem in report.problems}


def sha256sum_accepts(folder: Path) -> bool:
    command = ["sha256sum", "-c", "--strict", "--quiet", "manifest-sha256.txt"]
    return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


def retag(folder: Path) -> None:
    """What an attacker does after editing a tag file: compute the tag manifest again."""
    lines = [
        f"{sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name != "tagmanifest-sha256.txt"
    ]
    (folder / "tagmanifest-sha256.txt").write_text("".join(lines))


def rehead(folder: Path) -> None:
    """What the signer of a bad batch does: vouch for everything that lies there."""
    head = json.loads((folder / "manifest.json").read_bytes())
    head["subject"] = [
        {"name": path.name, "digest": {"sha256": sha256(path.read_bytes()).hexdigest()}}
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name not in ("manifest.json", "tagmanifest-sha256.txt")
    ]
    (folder / "manifest.json").write_bytes(canonical(head).encode() + b"\n")
    retag(folder)


def test_honest(clean: Path) -> None:
    steps: list[tuple[int, int]] = []
    report = verify_bag(clean, progress=lambda done, total: steps.append((done, total)))
    assert report.problems == []
    assert (report.ok, report.items, report.signed) == (True, 4, False)
    assert steps[-1] == (4, 4)
    (clean / "manifest.json.sig").write_text("signature")
    assert verify_bag(clean).signed
    assert verify_bag(clean).ok


def test_honest_and_empty(tmp_path: Path) -> None:
    make_batch(tmp_path / "clean", content={})
    assert verify_bag(tmp_path / "clean").problems == []


def test_flat_layout(clean: Path, tmp_path: Path) -> None:
    (clean / "data").rename(tmp_path / "flat")
    assert verify_bag(clean, payload=tmp_path / "flat").ok
    (tmp_path / "flat" / "extra.txt").touch()
    assert not verify_bag(clean, payload=tmp_path / "flat").ok


def test_attack_1_byte_changed(clean: Path) -> None:
    target = clean / "data/coast/0001.jpg"
    data = bytearray(target.read_bytes())
    data[4] ^= 1
    target.write_bytes(data)
    assert codes(verify_bag(clean)) == {("data/coast/0001.jpg", "changed")}


def test_attack_1_file_removed(clean: Path) -> None:
    (clean / "data/coast/0001.jpg").unlink()
    assert codes(verify_bag(clean)) == {("data/coast/0001.jpg", "missing")}


@pytest.mark.parametrize("name", [".DS_Store", "zz.jpg", "coast/0001a.jpg", "new/x.jpg"])
def test_attack_2_extra_file_in_the_payload(clean: Path, name: str) -> None:
    (clean / "data" / name).parent.mkdir(exist_ok=True)
    (clean / "data" / name).write_bytes(b"unscrubbed")
    assert sha256sum_accepts(clean)
    assert codes(verify_bag(clean)) == {(f"data/{name}", "extra")}


def test_attack_3_extra_beside_the_payload(clean: Path) -> None:
    (clean / "notes.txt").write_text("Jane Example")
    assert ("notes.txt", "extra") in codes(verify_bag(clean))
    retag(clean)
    assert codes(verify_bag(clean)) == {("notes.txt", "extra")}


def test_attack_3_extra_folder_beside_the_payload(clean: Path) -> None:
    (clean / "originals").mkdir()
    (clean / "originals/a.jpg").touch()
    assert sha256sum_accepts(clean)
    assert codes(verify_bag(clean)) == {("originals", "extra")}


def test_attack_4_linked_folder(clean: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (clean / "data/link").symlink_to(tmp_path / "elsewhere")
    assert codes(verify_bag(clean)) == {("data/link", "link")}


def test_attack_4_empty_folder_with_a_name(clean: Path) -> None:
    (clean / "data/Jane Doe").mkdir()
    assert codes(verify_bag(clean)) == {("data/Jane Doe/", "empty-folder")}


def test_attack_4_payload_is_a_link(clean: Path, tmp_path: Path) -> None:
    (clean / "data").rename(tmp_path / "moved")
    (clean / "data").symlink_to(tmp_path / "moved")
    assert sha256sum_accepts(clean)
    assert ("data", "link") in codes(verify_bag(clean))


def test_attack_5_file_replaced_by_a_link_to_the_same_bytes(clean: Path, tmp_path: Path) -> None:
    target = clean / "data/coast/0001.jpg"
    target.rename(tmp_path / "same.jpg")
    target.symlink_to(tmp_path / "same.jpg")
    assert sha256sum_accepts(clean)
    assert ("data/coast/0001.jpg", "link") in codes(verify_bag(clean))


def test_attack_6_list_edited_and_tag_manifest_recomputed(clean: Path) -> None:
    items = clean / "items.jsonl"
    items.write_bytes(items.read_bytes().replace(b"text/plain", b"text/evil!"))
    retag(clean)
    found = codes(verify_bag(clean))
    assert ("items.jsonl", "changed") in found
    assert ("items.jsonl", "root") in found


def test_the_two_lists_must_agree(clean: Path) -> None:
    items = clean / "items.jsonl"
    digest = sha256(CONTENT["coast/0001.jpg"][0]).hexdigest()
    items.write_text(items.read_text().replace(digest, "00" * 32))
    rehead(clean)
    assert ("data/coast/0001.jpg", "changed") in codes(verify_bag(clean))


def test_a_file_larger_than_listed_is_not_hashed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert file_digest(tmp_path / "a", 4) is None
    assert file_digest(tmp_path / "a", 5) == (sha256(b"12345").hexdigest(), 5)


def test_attack_7_head_edited(clean: Path) -> None:
    head = clean / "manifest.json"
    head.write_bytes(head.read_bytes().replace(b'"items":4', b'"items":3'))
    assert not verify_bag(clean).ok
    retag(clean)
    assert ("manifest.json", "malformed") in codes(verify_bag(clean))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b'"bytes":', b'"bytes":1', ("items.jsonl", "count")),
        (b'"image/jpeg":3', b'"image/jpeg":2', ("items.jsonl", "count")),
        (b'"items_root":"', b'"items_root":"0', ("manifest.json", "malformed")),
    ],
)
def test_head_that_does_not_fit_its_list(
    clean: Path, old: bytes, new: bytes, problem: tuple[str, str]
) -> None:
    head = clean / "manifest.json"
    changed = head.read_bytes().replace(old, new)
    head.write_bytes(changed)
    retag(clean)
    assert problem in codes(verify_bag(clean))


def test_payload_oxum(clean: Path) -> None:
    info = clean / "bag-info.txt"
    info.write_bytes(info.read_bytes().replace(b".4\n", b".5\n"))
    rehead(clean)
    assert codes(verify_bag(clean)) == {("bag-info.txt", "count")}


@pytest.mark.parametrize("name", ["bagit.txt", "items.jsonl", "manifest.json", "README.md"])
def test_missing_tag_file(clean: Path, name: str) -> None:
    (clean / name).unlink()
    assert (name, "missing") in codes(verify_bag(clean))


def test_subject_left_out(clean: Path) -> None:
    head = json.loads((clean / "manifest.json").read_bytes())
    head["subject"] = [entry for entry in head["subject"] if entry["name"] != "README.md"]
    (clean / "manifest.json").write_bytes(canonical(head).encode() + b"\n")
    retag(clean)
    assert codes(verify_bag(clean)) == {("README.md", "unlisted")}


def add_lines(clean: Path, path: str) -> None:
    """List one path more, in both lists, in order; the signer is the attacker."""
    line = canonical({"media_type": "text/plain", "path": path, "sha256": "00" * 32, "size": 0})
    items = clean / "items.jsonl"
    lines = [*items.read_text().splitlines(), line]
    items.write_text("".join(f"{x}\n" for x in sorted(lines, key=lambda x: json.loads(x)["path"])))
    manifest = clean / "manifest-sha256.txt"
    lines = [*manifest.read_text().splitlines(), f"{'00' * 32}  data/{path}"]
    manifest.write_text("".join(f"{x}\n" for x in sorted(lines, key=lambda x: x[66:])))
    rehead(clean)


@pytest.mark.parametrize("path", ["../outside", "/etc/hostname", "a/../../b", "./a", "a//b"])
def test_attack_21_paths_that_leave(clean: Path, path: str) -> None:
    add_lines(clean, path)
    assert "unsafe-path" in {problem.code for problem in verify_bag(clean).problems}


def test_attack_21_manifest_outside_data(clean: Path) -> None:
    manifest = clean / "manifest-sha256.txt"
    manifest.write_text(f"{'00' * 32}  /etc/hostname\n" + manifest.read_text())
    rehead(clean)
    assert codes(verify_bag(clean)) == {("/etc/hostname", "unsafe-path")}


def test_attack_21_fetch(clean: Path) -> None:
    (clean / "fetch.txt").write_text("https://example.com/a 1 data/a\n")
    rehead(clean)
    assert ("fetch.txt", "fetch") in codes(verify_bag(clean))


def _huge(text: str) -> str:
    return text + "0" * 64 + "  data/" + "z" * 100_000 + "\n"


def _twice(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join([*lines, lines[-1]])


@pytest.mark.parametrize("change", [_huge, _twice, lambda text: text[:-1], lambda text: "\n"])
@pytest.mark.parametrize("name", ["manifest-sha256.txt", "items.jsonl", "tagmanifest-sha256.txt"])
def test_attack_21_lists(clean: Path, name: str, change: Callable[[str], str]) -> None:
    (clean / name).write_text(change((clean / name).read_text()))
    if name != "tagmanifest-sha256.txt":
        rehead(clean)
    assert (name, "malformed") in codes(verify_bag(clean))


def test_attack_21_duplicate_keys(clean: Path) -> None:
    items = clean / "items.jsonl"
    items.write_text(items.read_text().replace('"path":', '"path":"zz","path":', 1))
    rehead(clean)
    assert ("items.jsonl", "malformed") in codes(verify_bag(clean))


def test_a_list_too_large_to_be_true(clean: Path) -> None:
    with (clean / "manifest.json").open("r+b") as stream:
        stream.truncate(1 << 40)
    assert ("manifest.json", "too-large") in codes(verify_bag(clean))


def test_tag_file_is_a_link_or_a_pipe(clean: Path, tmp_path: Path) -> None:
    (clean / "README.md").rename(tmp_path / "README.md")
    (clean / "README.md").symlink_to(tmp_path / "README.md")
    os.mkfifo(clean / "pipe")
    os.mkfifo(clean / "data/pipe")
    found = codes(verify_bag(clean))
    assert {("README.md", "link"), ("pipe", "extra"), ("data/pipe", "special")} <= found


@pytest.mark.parametrize(
    "name",
    [
        b"new\nline.txt",
        b"100%.txt",
        b"back\\slash.txt",
        b"CON.txt",
        b"com1",
        b"trail.",
        b" lead",
        "right\u202eto-left.txt".encode(),
        "e\u0301.txt".encode(),
        b"caf\xe9.txt",
        b"\x1b[31mred",
        b"x" * 201,
        b"a:b",
    ],
)
def test_attack_20_names(clean: Path, name: bytes) -> None:
    with open(os.fsencode(clean / "data") + b"/" + name, "wb"):
        pass
    shown = "data/" + os.fsdecode(name)
    found = codes(verify_bag(clean))
    assert (shown, "name") in found


def test_names_that_differ_in_case_alone(clean: Path) -> None:
    (clean / "data/COAST").mkdir()
    (clean / "data/COAST/0009.jpg").touch()
    assert any(
        problem.code == "name" and "case" in problem.what for problem in verify_bag(clean).problems
    )


def test_the_second_reader_is_asked_about_every_item(clean: Path) -> None:
    seen: list[tuple[str, str]] = []

    def read_item(path: Path, media_type: str) -> tuple[str, ...]:
        seen.append((path.relative_to(clean / "data").as_posix(), media_type))
        return ("APP1/Exif",) if path.name == "0002.jpg" else ()

    report = verify_bag(clean, read_item=read_item)
    assert seen == [(path, CONTENT[path][1]) for path in sorted(CONTENT)]
    assert [(problem.path, problem.code, problem.what) for problem in report.problems] == [
        ("data/coast/0002.jpg", "not-clean", "APP1/Exif")
    ]


def test_problems_are_bounded(clean: Path) -> None:
    for number in range(LIMIT + 50):
        (clean / f"data/{number}").touch()
    report = verify_bag(clean)
    assert (len(report.problems), report.more) == (LIMIT, 50)
    assert not report.ok


def test_no_folder(tmp_path: Path) -> None:
    assert ("", "unreadable") in codes(verify_bag(tmp_path / "nowhere"))


def test_depth_does_not_matter(clean: Path) -> None:
    here = os.open(clean / "data", os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    assert not verify_bag(clean).ok
    subprocess.run(["rm", "-rf", clean / "data/d"], check=True)


@given(st.text(min_size=1, max_size=80))
def test_names_that_a_run_writes_are_accepted(name: str) -> None:
    if made := portable(name):
        assert unportable_part(made) is None
        assert unsafe_path(made) is None
