"""`scrub prove`: proofs of real batches, what is refused, what is said, and what leaks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import scheme
from cheats import CHEATS, KEY, Bundle, Maker, mutations
from runs import PLAIN, Runs, photo

from reports.audit import AuditFolder
from reports.proof import Proven, check_line, check_original, check_value, read_proof
from reports.proving import open_case, proof_bytes, sightings
from scrubber.commit import class_range, length_class
from scrubber.confirm import Wanted, find_again
from scrubber.errors import VerificationError
from scrubber.keys import load_key
from scrubber.sweep import Sweep

ROOT = Path(__file__).parent.parent

# the reader ------------------------------------------------------------------------------


def judge(folder: Path, bundle: Bundle) -> Proven:
    """All that the reader checks, as `--check` with every option."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "items.jsonl").write_bytes(bundle.items)
    (folder / "original").write_bytes(bundle.original)
    proven = read_proof(bundle.proof, bundle.head)
    check_line(proven, folder / "items.jsonl")
    check_original(proven, folder / "original")
    if bundle.value:
        check_value(proven, bundle.value)
    return proven


@pytest.mark.parametrize("number", range(4))
def test_an_honest_proof(tmp_path: Path, number: int) -> None:
    proven = judge(tmp_path / "a", Maker(tmp_path / "b").bundle(number, (0, 1, 2, 3, 4)))
    assert (proven.line, proven.releases) == (number + 1, ("mr-7f3a",))
    assert proven.name == f"Jane Example/été {number}.txt"
    assert [one.entity for one in proven.findings] == ["CAMERA_SERIAL"]


def test_an_honest_proof_of_a_held_file(tmp_path: Path) -> None:
    proven = judge(tmp_path / "a", Maker(tmp_path / "b").held_bundle())
    assert (proven.line, proven.clean) == (None, None)


@pytest.mark.parametrize("name", CHEATS)
def test_cheats_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "b").mkdir()
    bundle = CHEATS[name](tmp_path / "b")
    with pytest.raises(VerificationError, match="does not hold"):
        judge(tmp_path / "a", bundle)


@pytest.mark.parametrize("seed", range(4))
def test_mutations_are_never_accepted(tmp_path: Path, seed: int) -> None:
    honest = Maker(tmp_path / "b").bundle()
    for proof in mutations(honest, seed, 800):
        try:
            judge(tmp_path / "a", replace(honest, proof=proof))
        except VerificationError:
            continue
        assert json.loads(proof) == json.loads(honest.proof)


@pytest.mark.parametrize("bits", [(1, 64), (7, 2048), (64, 3)])
def test_numbers_that_are_none(tmp_path: Path, bits: tuple[int, int]) -> None:
    honest = Maker(tmp_path / "b").bundle()
    wrongs: tuple[object, ...] = (10 ** bits[1], -1, True, 1.0, "1", None, [], {})
    for wrong in wrongs:
        for field in ("index", "size"):
            proof = json.loads(honest.proof)
            proof["leaf"][field] = wrong
            with pytest.raises(VerificationError):
                read_proof(json.dumps(proof).encode(), honest.head)


def test_opening_one_finding_tells_nothing_of_the_other(tmp_path: Path) -> None:
    """Not its salt, its key or its digest, and no hash of it that the value alone would give."""
    maker = Maker(tmp_path / "b")
    proof = maker.bundle(slots=(0, 1, 4)).proof.decode()
    other = json.loads(maker.facts[1][5])
    salt, key = scheme.secrets_of(KEY, "1", "finding", 1)
    for secret in (other["value"], salt.hex(), key.hex(), KEY.hex(), "PERSON", "Jane"):
        assert secret not in proof
    shown = scheme.secrets_of(KEY, "1", "finding", 0)[1]
    for guess in (b"Jane Example", b"jane example", b"Jane Example\0"):
        digests = [hmac.new(shown, guess, "sha256").hexdigest(), hashlib.sha256(guess).hexdigest()]
        unsalted = {name: value for name, value in other.items() if name != "salt"}
        digests.append(scheme.leaf(scheme.canonical(unsalted).encode()).hex())
        assert not any(digest in proof for digest in digests)
    assert scheme.leaf(maker.facts[1][5].encode()).hex() in proof  # salted, as a sibling


# the command -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    runs = Runs(tmp_path_factory.mktemp("proofs") / "w")
    runs.write("a b/IMG_0001.jpg", photo())
    runs.write("twin.jpg", photo())
    runs.write("IMG_0002.jpg", photo("Zebulon Quackenbush", 40, "SN839202"))
    runs.write("cut.jpg", photo()[:200])
    runs.write("plain.txt", PLAIN)
    runs.write("note.py", "# jane.roe@example.com wrote it\nx = 1\n")
    runs.write(".DS_Store", b"\0" * 8)
    runs.here()
    return runs


def prove(runs: Runs, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return runs.scrub("prove", *arguments)


def batch_of(runs: Runs) -> str:
    return AuditFolder.open(runs.audit).batches()[0]


def log_of(runs: Runs) -> Path:
    return runs.audit / "batches" / batch_of(runs) / "log.jsonl"


@pytest.fixture
def copied(batch: Runs, tmp_path: Path) -> Runs:
    """A copy that a test may spoil."""
    shutil.copytree(batch.base, tmp_path / "copy")
    env = {**batch.env, "SCRUB_DATA_HOME": str(tmp_path / "copy" / "home")}
    made = object.__new__(Runs)
    made.base, made.env = tmp_path / "copy", env
    return made


def test_list_prove_check(batch: Runs, tmp_path: Path) -> None:
    original = batch.inside / "IMG_0002.jpg"
    listed = prove(batch, "--original", original, "--list")
    assert listed.returncode == 0, listed.stderr
    assert "Quackenbush" not in listed.stdout
    row = re.search(r"^ +(\d+)  CAMERA_SERIAL .*BodySerialNumber$", listed.stdout, re.M)
    assert row is not None
    done = prove(batch, "--original", original, "--finding", row[1], "--out", tmp_path / "p.json")
    assert done.returncode == 0, done.stderr
    assert "value confirmed" in done.stdout
    assert "It does not show" in done.stdout
    assert "SN839202" not in done.stdout
    assert stat.S_IMODE((tmp_path / "p.json").stat().st_mode) == 0o600
    cut = re.search(r"\( tail .* \) > value", done.stdout)
    assert cut is not None
    subprocess.run(["sh", "-c", cut[0]], cwd=tmp_path, check=True)
    assert b"SN839202" in (tmp_path / "value").read_bytes()
    published: list[str | Path] = [
        "--manifest",
        batch.out / "manifest.json",
        "--items",
        batch.out / "items.jsonl",
    ]
    known: list[str | Path] = ["--original", original, "--value-file", tmp_path / "value"]
    checked = prove(batch, "--check", tmp_path / "p.json", *published, *known)
    assert checked.returncode == 0, checked.stderr
    assert "THE PROOF HOLDS" in checked.stdout
    assert "the value is that of CAMERA_SERIAL" in checked.stdout
    assert "Not checked: who signed" in checked.stdout
    (tmp_path / "value").write_bytes(b"SN839203")
    wrong = prove(batch, "--check", tmp_path / "p.json", *published, *known)
    assert (wrong.returncode, wrong.stdout) == (5, "")
    assert "does not hold" in wrong.stderr


@pytest.mark.skipif(not shutil.which("jq"), reason="jq is missing")
@pytest.mark.parametrize("name", ["IMG_0002.jpg", "a b/IMG_0001.jpg", "cut.jpg", "plain.txt"])
def test_the_arbiter_agrees(batch: Runs, tmp_path: Path, name: str) -> None:
    original = batch.inside / name
    done = prove(batch, "--original", original, "--name", "--out", tmp_path / "p.json")
    assert done.returncode == 0, done.stderr
    script = ROOT / "docs" / "arbiter.sh"
    files = [batch.out / "manifest.json", batch.out / "items.jsonl", original]
    judged = subprocess.run(
        ["sh", script, tmp_path / "p.json", *files], capture_output=True, text=True
    )
    assert judged.returncode == 0, judged.stderr
    assert f'"path":"{name}"' in judged.stdout


def test_a_proof_goes_into_the_private_folder_and_again(batch: Runs) -> None:
    original = batch.inside / "IMG_0002.jpg"
    for _ in range(2):
        done = prove(batch, "--original", original)
        assert done.returncode == 0, done.stderr
        path = Path(done.stdout.splitlines()[0].split("Proof: ")[1].split("  (")[0])
        assert path.parent == batch.audit / "batches" / batch_of(batch) / "proofs"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert b"IMG_0002" not in path.read_bytes()
    assert len(list(path.parent.glob(f"{path.stem}*"))) == 1


def test_reveal_shows_the_value_and_writes_it_nowhere(batch: Runs) -> None:
    original = batch.inside / "note.py"
    done = prove(batch, "--original", original, "--finding", "1", "--reveal")
    assert done.returncode == 0, done.stderr
    assert "jane.roe@example.com" in done.stdout
    for path in batch.audit.rglob("*"):
        assert path.is_dir() or b"jane.roe" not in path.read_bytes()


def test_a_held_file(batch: Runs) -> None:
    done = prove(batch, "--original", batch.inside / "cut.jpg")
    assert done.returncode == 0, done.stderr
    assert "was held back in batch" in done.stdout


def test_twins(batch: Runs) -> None:
    """Two originals with the same bytes: the one that was named."""
    for name in ("a b/IMG_0001.jpg", "twin.jpg"):
        done = prove(batch, "--original", batch.inside / name, "--list")
        assert "2 files of this batch" in done.stderr
        assert name in done.stderr


# what cannot be done, in words


def said(done: subprocess.CompletedProcess[str], code: int) -> str:
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_unknown_and_changed_files(batch: Runs, tmp_path: Path) -> None:
    other = batch.base / "other.jpg"
    other.write_bytes(photo(shade=99))
    text = said(prove(batch, "--original", other, "--audit-dir", batch.audit), 2)
    assert "No log knows" in text
    assert "There is no file" in said(prove(batch, "--original", tmp_path / "no"), 2)
    assert "not a file" in said(prove(batch, "--original", batch.inside), 2)
    lonely = tmp_path / "lonely.jpg"
    lonely.write_bytes(photo())
    assert "No audit folder" in said(prove(batch, "--original", lonely), 4)
    junk = prove(batch, "--original", batch.inside / ".DS_Store")
    assert junk.returncode == 2


def test_wrong_words(batch: Runs, tmp_path: Path) -> None:
    original = batch.inside / "IMG_0002.jpg"
    assert "Which original" in said(prove(batch), 2)
    assert "There is no finding 99" in said(
        prove(batch, "--original", original, "--finding", "99"), 2
    )
    assert "no finding 0" in said(prove(batch, "--original", original, "--finding", "0"), 2)
    assert "Which values" in said(prove(batch, "--original", original, "--reveal"), 2)
    assert "belong to --check" in said(prove(batch, "--original", original, "--items", original), 2)
    assert "only reads" in said(prove(batch, "--check", original, "--list"), 2)
    assert "Against which" in said(prove(batch, "--check", original), 2)
    assert "does not have" in said(prove(batch, "--original", original, "--batch", "b-x"), 2)
    taken = tmp_path / "taken.json"
    taken.write_text("mine")
    assert "something else" in said(prove(batch, "--original", original, "--out", taken), 2)
    assert taken.read_text() == "mine"
    inside = batch.out / "data" / "proof.json"
    assert "published batch" in said(prove(batch, "--original", original, "--out", inside), 2)
    nowhere = tmp_path / "no" / "p.json"
    assert "cannot be written" in said(prove(batch, "--original", original, "--out", nowhere), 4)
    garbage = prove(batch, "--check", original, "--manifest", batch.out / "manifest.json")
    assert "does not hold" in said(garbage, 5)


def test_wrong_key_and_lost_key(copied: Runs, tmp_path: Path) -> None:
    original = copied.inside / "IMG_0002.jpg"
    other = tmp_path / "other.key"
    other.write_bytes(os.urandom(32))
    other.chmod(0o600)
    text = said(prove(copied, "--original", original, "--key", other), 5)
    assert "not the one that this batch was made with" in text
    next((copied.base / "home" / "keys").glob("*.key")).unlink()
    text = said(prove(copied, "--original", original), 2)
    assert "key is not there" in text
    assert not list((copied.base / "home" / "keys").glob("*.key"))  # and none is made


def spoil(lines: list[bytes], how: str) -> list[bytes]:
    if how == "cut":
        return lines[:-1]
    if how == "altered":
        return [line.replace(b'"size":', b'"size":1', 1) for line in lines]
    return []


@pytest.mark.parametrize("how", ["cut", "altered"])
def test_a_log_that_is_not_whole(copied: Runs, how: str) -> None:
    path = log_of(copied)
    path.write_bytes(b"".join(spoil(path.read_bytes().splitlines(keepends=True), how)))
    text = said(prove(copied, "--original", copied.inside / "IMG_0002.jpg"), 5)
    assert "log" in text


def test_a_log_written_anew_does_not_end_in_the_published_head(copied: Runs) -> None:
    path, prev, lines = log_of(copied), scheme.first_link(batch_of(copied)), []
    for number, line in enumerate(path.read_bytes().splitlines()[:-1]):  # self-consistent, shorter
        event = json.loads(line)
        event.update(prev=prev, seq=number)
        lines.append(scheme.canonical(event).encode())
        prev = hashlib.sha256(lines[-1]).hexdigest()
    path.write_bytes(b"\n".join(lines) + b"\n")
    assert scheme.log_head(batch_of(copied), lines) == prev
    text = said(prove(copied, "--original", copied.inside / "IMG_0002.jpg"), 5)
    assert "not the one that the published manifest names" in text


@pytest.mark.parametrize("field", ["outcome", "root", "facts", "keys"])
@pytest.mark.parametrize("value", [None, 7, [], {}, "x"])
def test_a_log_of_another_form_is_refused_in_words(copied: Runs, field: str, value: object) -> None:
    path, prev, lines = log_of(copied), scheme.first_link(batch_of(copied)), []
    original = copied.inside / "IMG_0002.jpg"
    digest = hashlib.sha256(original.read_bytes()).hexdigest()
    seen = sightings(AuditFolder.open(copied.audit), digest)[0]
    for line in path.read_bytes().splitlines():
        event = json.loads(line)
        event["prev"] = prev
        if "item" in event and event["item"]["sha256"] == digest:
            (event if field == "facts" else event["item"])[field] = value
        lines.append(scheme.canonical(event).encode())
        prev = hashlib.sha256(lines[-1]).hexdigest()
    path.write_bytes(b"\n".join(lines) + b"\n")
    head = json.loads((path.parent / "manifest.json").read_bytes())
    head["predicate"]["private"]["log_head"] = prev
    key, _ = load_key(key_file=next((copied.base / "home" / "keys").glob("*.key")))
    with pytest.raises(VerificationError):
        open_case(
            AuditFolder.open(copied.audit), seen, scheme.canonical(head).encode() + b"\n", key
        )


def test_out_has_gone_away(copied: Runs) -> None:
    shutil.rmtree(copied.out)
    original = copied.inside / "IMG_0002.jpg"
    assert prove(copied, "--original", original).returncode == 0
    (log_of(copied).parent / "manifest.json").unlink()
    text = said(prove(copied, "--original", original), 4)
    assert "--out-folder" in text


def test_the_published_folder_can_be_named(copied: Runs) -> None:
    original = copied.inside / "IMG_0002.jpg"
    (log_of(copied).parent / "manifest.json").unlink()
    done = prove(copied, "--original", original, "--out-folder", copied.out)
    assert done.returncode == 0, done.stderr
    moved = json.loads((copied.out / "manifest.json").read_bytes())
    moved["predicate"]["private"]["root"] = "00" * 32
    (copied.out / "manifest.json").write_text(scheme.canonical(moved) + "\n")
    text = said(prove(copied, "--original", original, "--out-folder", copied.out), 5)
    assert "do not give the root" in text


# reused results --------------------------------------------------------------------------


def proven_here(runs: Runs, original: Path, number: int | None = None) -> Proven:
    """A proof of the newest batch, made and read in this process."""
    audit = AuditFolder.open(runs.audit)
    digest = hashlib.sha256(original.read_bytes()).hexdigest()
    seen = sightings(audit, digest)[0]
    key, _ = load_key(key_file=next((runs.base / "home" / "keys").glob("*.key")))
    head = (audit.batch(seen.batch) / "manifest.json").read_bytes()
    case = open_case(audit, seen, head, key)
    numbers = range(1, len(case.findings) + 1) if number is None else [number]
    return read_proof(proof_bytes(case, numbers, name=True), head)


def test_results_of_earlier_batches_prove_in_later_ones(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "w")
    for number in range(3):
        runs.write(f"m{number}.jpg", photo(shade=number, serial=f"SN83920{number}"))
    runs.here()
    runs.write("a.jpg", photo(shade=50))  # shifts the numbers of all others
    result, _ = runs.here()
    assert result.reused == 3
    runs.write("b.jpg", photo(shade=60))
    result, _ = runs.here()
    assert result.reused == 4
    events = [json.loads(line) for line in log_of(runs).read_bytes().splitlines()]
    keys = {event["item"].get("keys", {}).get("batch") for event in events if "item" in event}
    assert len(keys) == 3  # two earlier batches, and this one
    for name in ("a.jpg", "b.jpg", "m0.jpg", "m1.jpg", "m2.jpg"):
        original = runs.inside / name
        proven = proven_here(runs, original)
        assert proven.name == name
        check_line(proven, runs.out / "items.jsonl")
        check_original(proven, original)
        serial = next(one for one in proven.findings if one.where.endswith("BodySerialNumber"))
        wanted = [Wanted(1, serial.key or b"", serial.value, serial.length)]
        assert b"SN8392" in find_again(str(original), wanted)[1].data


def test_a_reused_result_that_a_sweep_holds_keeps_its_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = Runs(tmp_path / "w")
    runs.write("m.jpg", photo())
    runs.here()
    runs.write("a.jpg", photo(shade=50))
    hit = [SimpleNamespace(entity="PERSON")]
    monkeypatch.setattr(Sweep, "residue", lambda *_: hit)
    result, records = runs.here()
    assert (result.reused, records["m.jpg"].code) == (1, "swept-value")
    proven = proven_here(runs, runs.inside / "m.jpg")
    assert proven.clean is None
    serial = next(one for one in proven.findings if one.where.endswith("BodySerialNumber"))
    wanted = [Wanted(1, serial.key or b"", serial.value, serial.length)]
    assert b"SN839201" in find_again(str(runs.inside / "m.jpg"), wanted)[1].data


def test_an_original_in_two_batches(copied: Runs) -> None:
    copied.write("more.jpg", photo(shade=70))
    first = batch_of(copied)
    copied.here()
    assert batch_of(copied) != first
    original = copied.inside / "IMG_0002.jpg"
    done = prove(copied, "--original", original, "--list")
    assert f"Also in {first}" in done.stderr
    assert batch_of(copied) in done.stdout
    done = prove(copied, "--original", original, "--list", "--batch", first)
    assert first in done.stdout


# what a stolen private folder tells ------------------------------------------------------


def _digests(value: bytes, salts: list[bytes]) -> Iterator[bytes]:
    plain: list[Callable[[bytes], Any]] = [
        hashlib.md5, hashlib.sha1, hashlib.sha224, hashlib.sha256, hashlib.sha512, hashlib.blake2b,
        hashlib.sha3_256,
    ]  # fmt: skip
    for make in plain:
        yield make(value).digest()
        yield make(b"\0" + value).digest()
    for salt in salts:
        yield hashlib.sha256(salt + value).digest()
        yield hashlib.sha256(value + salt).digest()
        yield hmac.digest(salt, value, "sha256")
        yield hmac.digest(salt, value, "sha512")[:32]


def test_no_digest_in_the_private_folder_can_be_tried_without_the_key(batch: Runs) -> None:
    """Nobody who has the folder and guesses a value can see that the guess is right."""
    written = b"".join(path.read_bytes() for path in batch.audit.rglob("*") if path.is_file())
    salts = [
        bytes.fromhex(salt) for salt in re.findall(r'"salt":"(\w+)"', log_of(batch).read_text())
    ]
    salts += [batch_of(batch).encode(), b"scrub-log/v1" + batch_of(batch).encode()]
    values = [
        b"SN839201", b"SN839202", b"Zebulon Quackenbush", b"Marlowe Quillfeather",
        b"jane.roe@example.com",
    ]  # fmt: skip
    for value in values:
        for form in (value, value + b"\0", value.lower(), value.decode().encode("utf-16-le")):
            for digest in _digests(form, salts):
                assert digest not in written
                assert digest.hex().encode() not in written
                assert base64.b64encode(digest) not in written


def test_with_the_key_the_same_search_finds_it(batch: Runs) -> None:
    """Shows that the search above is not blind."""
    original = batch.inside / "note.py"
    proven = proven_here(batch, original)
    assert any(one.is_value(b"jane.roe@example.com") for one in proven.findings)


# values found again ----------------------------------------------------------------------


def test_length_classes_have_ranges() -> None:
    for length in range(1, 400):
        low, high = class_range(length_class(length))
        assert low <= length <= high
    assert class_range("what") == (0, -1)


def test_a_value_that_no_detector_sees_is_found_by_its_length(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b"some words, blue heron, and more\n")
    value = hmac.digest(b"k" * 32, b"blue heron", "sha256").hex()
    again = find_again(str(path), [Wanted(4, b"k" * 32, value, "9-16")])[4]
    assert (again.data, again.runs) == (b"blue heron", ((12, 10),))
    assert find_again(str(path), [Wanted(4, b"K" * 32, value, "9-16")]) == {}
    assert find_again(str(path), [Wanted(4, b"k" * 32, value, "???")]) == {}
