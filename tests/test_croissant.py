"""croissant.json: on request, bounded, the same each time, and accepted by its validator."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from batches import BATCH, CONTENT, make_batch, make_records
from runs import PLAIN, Runs, photo

from reports.croissant import CONFORMS, CROISSANT, croissant_json
from reports.manifest import Published, item_line, parse_head
from scrubber.model import ItemRecord

JUDGE = Path(__file__).parent.parent / ".judges" / "bin" / "mlcroissant"
judged = pytest.mark.skipif(not JUDGE.is_file(), reason="tests/judges/croissant.sh has not run")
DECLARED: dict[str, object] = {
    "title": 'Harbour "light" <b>\\ é 😀',
    "creator": "Grey Heron",
    "country": ["NO"],
    "captured": "2024-05/2025-01",
    "language": ["en", "pt-BR"],
    "synthetic": "none",
    "license": "CC-BY-4.0",
    "tasks": ["image-classification"],
}


def published(records: list[ItemRecord] | None = None) -> Published:
    found = Published()
    for record in records or make_records():
        found.add(record, item_line(record))
    return found


DIGESTS = {"items.jsonl": "ab" * 32, "manifest-sha256.txt": "cd" * 32}


def document(declared: dict[str, object] | None = None) -> dict[str, Any]:
    claims = {"declared": declared} if declared else None
    return dict(json.loads(croissant_json(BATCH, published(), DIGESTS, claims)))


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    make_batch(tmp_path / "clean", claims={"declared": DECLARED}, croissant=True)
    return tmp_path / "clean"


def test_it_is_a_subject_and_names_the_lists_by_their_digests(clean: Path) -> None:
    head = parse_head((clean / "manifest.json").read_bytes())
    data = (clean / CROISSANT).read_bytes()
    assert head.subjects[CROISSANT] == sha256(data).hexdigest()
    files = {one["@id"]: one for one in json.loads(data)["distribution"]}
    for name in ("items.jsonl", "manifest-sha256.txt"):
        assert files[name]["sha256"] == sha256((clean / name).read_bytes()).hexdigest()
        assert files[name]["contentUrl"] == name
    assert files["payload"]["encodingFormat"] == ["image/jpeg", "text/plain"]
    found = clean.glob(f"{files['payload']['includes']}/*")  # in Python, ** alone is folders
    assert {path for path in found if path.is_file()} == {clean / "data" / one for one in CONTENT}


def test_its_size_does_not_depend_on_the_batch() -> None:
    one = make_records()
    many = [replace(one[0], index=n, out_path=f"{n:06}.jpg") for n in range(2000)]
    small, large = (
        len(croissant_json(BATCH, published(rows), DIGESTS)) for rows in (one[:1], many)
    )
    assert abs(large - small) < 100


def test_the_record_set_has_the_fields_of_the_list(clean: Path) -> None:
    (items,) = json.loads((clean / CROISSANT).read_bytes())["recordSet"]
    columns = {one["source"]["extract"]["column"] for one in items["field"]}
    assert columns == set(json.loads((clean / "items.jsonl").read_text("utf-8").splitlines()[0]))


def test_nothing_stands_for_what_was_not_said() -> None:
    found = document()
    said = {"license", "creator", "inLanguage", "rai:dataUseCases", "rai:dataCollectionTimeFrame"}
    assert not said & set(found)
    assert not [name for name in found if name.lower().startswith("date")]
    assert found["name"] == f"Batch {BATCH.id}"


def test_what_is_declared_is_there() -> None:
    found = document(DECLARED)
    assert found["name"] == DECLARED["title"]
    assert found["license"] == "https://spdx.org/licenses/CC-BY-4.0"
    assert found["inLanguage"] == ["en", "pt-BR"]
    assert found["rai:dataCollectionTimeFrame"] == ["2024-05", "2025-01"]
    assert found["conformsTo"] == list(CONFORMS)
    assert any("FACE" in words for words in found["rai:personalSensitiveInformation"])


def test_the_same_batch_gives_the_same_bytes() -> None:
    one, other = (
        croissant_json(BATCH, published(), DIGESTS, {"declared": DECLARED}) for _ in range(2)
    )
    assert one == other
    assert b"CAMERA_SERIAL" not in one
    assert b"orig" not in one


# by command and configuration -------------------------------------------------------


def test_it_is_written_on_request_alone(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.write("a.jpg", photo())
    assert runs.scrub().returncode == 0
    assert not (runs.out / CROISSANT).exists()
    assert runs.scrub(runs.inside, "--out", runs.out, "--export", "croissant").returncode == 0
    assert (runs.out / CROISSANT).is_file()
    assert runs.verified()


def test_the_configuration_may_ask_for_it(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.write("a.jpg", photo())
    (runs.base / "scrub.toml").write_text('exports = ["croissant"]\n')
    assert runs.scrub().returncode == 0
    assert (runs.out / CROISSANT).is_file()
    for wrong in ('exports = ["croisant"]', 'exports = "croissant"', "exports = [1]"):
        (runs.base / "scrub.toml").write_text(wrong)
        done = runs.scrub()
        assert done.returncode == 2
        assert "exports" in done.stderr


# the validator ------------------------------------------------------------------------


def judge(*arguments: str | Path) -> str:
    """What the validator of Croissant says. It must end well."""
    done = subprocess.run([JUDGE, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "error" not in done.stderr.lower()
    return done.stdout


def loaded(folder: Path) -> list[str]:
    said = judge(
        "load", "--jsonld", folder / CROISSANT, "--record_set", "items", "--num_records", "9"
    )
    return [line for line in said.splitlines() if line.startswith("{")]


@pytest.mark.slow
@judged
def test_the_validator_accepts_it_and_reads_the_records(clean: Path) -> None:
    judge("validate", "--jsonld", clean / CROISSANT)
    rows = loaded(clean)
    assert len(rows) == len(CONTENT)
    for path, (data, media_type) in CONTENT.items():
        digest = sha256(data).hexdigest()
        (row,) = (row for row in rows if digest in row)
        assert f"'items/size': {len(data)}" in row
        assert media_type in row
        assert str(path.encode())[2:-1] in row


@pytest.mark.slow
@judged
def test_the_validator_notices_a_changed_list(clean: Path) -> None:
    list_file = clean / "items.jsonl"
    list_file.write_bytes(list_file.read_bytes().replace(b"0001", b"0009"))
    done = subprocess.run(
        [JUDGE, "load", "--jsonld", clean / CROISSANT, "--record_set", "items"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0


@pytest.mark.slow
@judged
def test_the_validator_accepts_it_without_claims_and_without_files(tmp_path: Path) -> None:
    make_batch(tmp_path / "plain", croissant=True)
    judge("validate", "--jsonld", tmp_path / "plain" / CROISSANT)
    make_batch(tmp_path / "empty", content={}, croissant=True)
    judge("validate", "--jsonld", tmp_path / "empty" / CROISSANT)


@pytest.mark.slow
@judged
def test_the_validator_accepts_a_real_run(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    for number in range(3):
        runs.write(f"p/{number}.jpg", photo(shade=number))
    runs.write("plain.txt", PLAIN)
    assert runs.scrub(runs.inside, "--out", runs.out, "--export", "croissant").returncode == 0
    judge("validate", "--jsonld", runs.out / CROISSANT)
    assert len(loaded(runs.out)) == 4
