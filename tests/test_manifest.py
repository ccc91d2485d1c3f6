"""The public record: what it says, what it never says, and what its reader refuses."""

from __future__ import annotations

import io
import json
import subprocess
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from batches import CONTENT, make_batch, make_record, make_records

from reports.bag import BadLine
from reports.manifest import PREDICATE, STATEMENT, item_line, parse_head, read_items
from scrubber.canonical import canonical
from scrubber.commit import batch_root
from scrubber.merkle import leaf_hash, merkle_root
from scrubber.model import ItemRecord, Outcome


def jq(program: str, path: Path) -> str:
    run = subprocess.run(["jq", "-r", program, path], capture_output=True, text=True, check=True)
    return run.stdout.strip()


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    make_batch(tmp_path / "clean", claims={"declared": {"title": "Coast", "country": ["NO"]}})
    return tmp_path / "clean"


def test_the_head_is_an_in_toto_statement(clean: Path) -> None:
    head = clean / "manifest.json"
    assert jq("._type", head) == STATEMENT == "https://in-toto.io/Statement/v1"
    assert jq(".predicateType", head) == PREDICATE
    assert jq(".predicate.batch.items", head) == "4"
    assert jq(".predicate.process.not_checked.FACE", head) == "3"
    assert jq(".predicate.process.verified.content_identical", head) == "true"


def test_stock_tools_check_the_subjects(clean: Path) -> None:
    run = subprocess.run(
        "jq -r '.subject[]|.digest.sha256+\"  \"+.name' manifest.json"
        " | sha256sum -c --strict --quiet -",
        shell=True,
        cwd=clean,
    )
    assert run.returncode == 0
    names = jq(".subject[].name", clean / "manifest.json").split()
    assert names == sorted(names)
    tags = {path.name for path in clean.iterdir() if path.is_file()}
    assert set(names) == tags - {"manifest.json", "tagmanifest-sha256.txt"}


def test_bytes_are_canonical(clean: Path) -> None:
    for line in (clean / "items.jsonl").read_bytes().splitlines():
        assert rfc8785.dumps(json.loads(line)) == line
    head = (clean / "manifest.json").read_bytes()
    assert rfc8785.dumps(json.loads(head)) + b"\n" == head


def test_roots_follow_the_list(clean: Path) -> None:
    head = parse_head((clean / "manifest.json").read_bytes())
    lines = (clean / "items.jsonl").read_bytes().splitlines()
    assert merkle_root(map(leaf_hash, lines)).hex() == head.items_root
    records = sorted(make_records(), key=lambda record: str(record.out_path))
    assert batch_root(record.facts_root for record in records) == head.root


def test_what_is_never_public(clean: Path) -> None:
    public = b"".join(path.read_bytes() for path in clean.iterdir() if path.is_file())
    for record in make_records():
        assert str(record.sha256).encode() not in public
        assert record.path.encode() not in public
    for word in (b"CAMERA_SERIAL", b"cleaned:", b"unchanged", b"held_count", b"2026-05"):
        assert word not in public


def test_kept_by_decision_is_told_for_the_whole_batch(tmp_path: Path) -> None:
    make_batch(tmp_path / "clean")
    head = parse_head((tmp_path / "clean/manifest.json").read_bytes())
    assert head.kept == ("CREATOR",)
    assert head.checked == ("image-metadata", "names")
    assert head.media == {"image/jpeg": 3, "text/plain": 1}


def test_the_card_keeps_the_border(clean: Path) -> None:
    card = (clean / "README.md").read_text()
    tool, creator = card.index("## Dataset Creation"), card.index("## What the creator says")
    assert tool < creator < card.rindex("Coast")
    assert card[:creator].count("Coast") == 1  # as data, at the top
    assert "FACE in 3 files" in card.replace("\\", "")


def test_claims_cannot_act_in_the_card(tmp_path: Path) -> None:
    claims = {"declared": {"title": "x\n# Cleaned: everything <script>[a](b)"}}
    make_batch(tmp_path / "clean", claims=claims)
    card = (tmp_path / "clean/README.md").read_text()
    assert "\n# Cleaned" not in card
    assert "<script>" not in card.replace("\\<", "")


def test_unknown_claims_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="section"):
        make_batch(tmp_path / "clean", claims={"process": {}})


def test_an_unwritten_item_has_no_public_line() -> None:
    with pytest.raises(ValueError, match="not written"):
        item_line(ItemRecord(3, "a.jpg", Outcome.HELD))


def test_a_written_item_needs_its_facts(tmp_path: Path) -> None:
    from reports.manifest import Published

    record = replace(make_record(0, "a.txt", b"", "text/plain"), facts_root="")
    with pytest.raises(ValueError, match="root of facts"):
        Published().add(record, item_line(record))


def test_items_round_trip(clean: Path) -> None:
    with (clean / "items.jsonl").open("rb") as stream:
        items = [item for item, _ in read_items(stream)]
    assert [item.path for item in items] == sorted(CONTENT)
    assert {item.path: item.sha256 for item in items} == {
        path: sha256(data).hexdigest() for path, (data, _) in CONTENT.items()
    }


GOOD = {"media_type": "text/plain", "path": "a", "sha256": "aa" * 32, "size": 1}


@pytest.mark.parametrize(
    "line",
    [
        canonical({**GOOD, "size": -1}),
        canonical({**GOOD, "size": True}),
        canonical({**GOOD, "size": "1"}),
        canonical({**GOOD, "path": 1}),
        canonical({**GOOD, "sha256": "AA" * 32}),
        canonical({**GOOD, "sha256": "aa"}),
        canonical({**GOOD, "outcome": "unchanged"}),
        canonical({**GOOD, "width": "1"}),
        canonical({key: GOOD[key] for key in ("path", "sha256", "size")}),
        canonical(GOOD).replace('"size":1', '"size":1,"size":1'),
        canonical(GOOD).replace('"path":"a"', '"path":"a","path":"b"'),
        json.dumps(GOOD),
        "[]",
        "null",
        "{" * 5000,
        canonical({**GOOD, "path": "x" * 9000}),
        canonical(GOOD) + "\n" + canonical(GOOD),
        canonical({**GOOD, "path": "b"}) + "\n" + canonical(GOOD),
    ],
)
def test_items_that_cannot_be_trusted(line: str) -> None:
    with pytest.raises(BadLine):
        list(read_items(io.BytesIO(line.encode() + b"\n")))


def test_public_facts_are_allowed() -> None:
    line = canonical({**GOOD, "people": "released", "releases": ["mr-7f3a"], "width": 640})
    assert len(list(read_items(io.BytesIO(line.encode() + b"\n")))) == 1


def edit(head: dict[str, Any], path: str, value: object) -> None:
    *above, last = path.split(".")
    for name in above:
        head = head[int(name)] if name.isdigit() else head[name]  # type: ignore[index]  # a list
    if value is None:
        del head[last]
    else:
        head[last] = value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("_type", "https://in-toto.io/Statement/v0.1"),
        ("predicateType", "urn:other"),
        ("extra", 1),
        ("subject", {}),
        ("subject.0.name", "../items.jsonl"),
        ("subject.0.name", "bagit.txt"),
        ("subject.0.digest", {"md5": "00"}),
        ("subject.0.digest.sha256", "00"),
        ("predicate.batch", None),
        ("predicate.batch.items", -1),
        ("predicate.batch.items", 5),
        ("predicate.batch.media", {"text/plain": "1"}),
        ("predicate.batch.items_root", "zz"),
        ("predicate.private.scheme", "scrub-commit/v0"),
        ("predicate.private.held", 3),
        ("predicate.process.kept", ["A", 1]),
        ("predicate.process.not_checked", []),
        ("predicate.other", {}),
    ],
)
def test_heads_that_are_refused(clean: Path, path: str, value: object) -> None:
    head = json.loads((clean / "manifest.json").read_bytes())
    parse_head(canonical(head).encode() + b"\n")
    edit(head, path, value)
    with pytest.raises(ValueError):
        parse_head(canonical(head).encode() + b"\n")


@pytest.mark.parametrize("change", [b"", b" ", b"\n", b"{}"])
def test_head_bytes_are_exact(clean: Path, change: bytes) -> None:
    data = (clean / "manifest.json").read_bytes()
    with pytest.raises(ValueError):
        parse_head(data[:-1] + change) if change != b"\n" else parse_head(data + b"\n")


def test_duplicate_keys_in_the_head(clean: Path) -> None:
    data = (clean / "manifest.json").read_bytes()
    twice = data.replace(b'"items":4', b'"items":4,"items":4')
    assert twice != data
    with pytest.raises(ValueError, match="canonical"):
        parse_head(twice)
