"""docs/arbiter.sh accepts what is true and refuses every cheat, with stock tools alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from cheats import CHEATS, Bundle, Maker, mutations

SCRIPT = Path(__file__).parent.parent / "docs" / "arbiter.sh"
TOOLS = ("sha256sum", "xxd", "jq", "openssl")
needs_tools = pytest.mark.skipif(
    not all(shutil.which(tool) for tool in TOOLS), reason="a tool of the arbiter is missing"
)
pytestmark = needs_tools


def judged(
    folder: Path, bundle: Bundle, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    names = ("proof.json", "manifest.json", "items.jsonl", "the original", "value")
    data = (bundle.proof, bundle.head, bundle.items, bundle.original, bundle.value)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in zip(names, data, strict=True):
        (folder / name).write_bytes(content)
    shell = shutil.which("dash") or "sh"
    return subprocess.run(
        [shell, SCRIPT, *names[: 5 if bundle.value else 4]],
        cwd=folder, env={**os.environ, **(env or {})}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_an_honest_proof(tmp_path: Path) -> None:
    done = judged(tmp_path / "a", Maker(tmp_path / "b").bundle(slots=(0, 1, 2, 3, 4)))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("HOLDS") == 3
    assert "line 2 of items.jsonl" in done.stdout
    assert "été 1.txt" in done.stdout
    assert "CAMERA_SERIAL at part 0" in done.stdout
    assert "NOT CHECKED: who signed" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("number", range(4))
def test_every_line(tmp_path: Path, number: int) -> None:
    done = judged(tmp_path / "a", Maker(tmp_path / "b").bundle(number))
    assert done.returncode == 0, done.stderr


def test_a_held_file(tmp_path: Path) -> None:
    done = judged(tmp_path / "a", Maker(tmp_path / "b").held_bundle())
    assert done.returncode == 0, done.stderr
    assert "was held back" in done.stdout


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if number % 6 == 0 else pytest.mark.slow)
        for number, name in enumerate(CHEATS)  # the reader meets all of them
    ],
)
def test_cheats_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "batch").mkdir()
    done = judged(tmp_path / "a", CHEATS[name](tmp_path / "batch"))
    assert done.returncode == 1, done.stdout
    assert "REFUSED" in done.stderr


@pytest.mark.slow
def test_a_name_with_del_and_other_controls(tmp_path: Path) -> None:
    """jq 1.6 writes U+007F as an escape; the bytes that count are those of the proof."""
    maker = Maker(tmp_path / "b")
    fact = json.loads(maker.facts[1][2])
    fact["path"] = "a\x7f\u2028\x00\n%s\\u0041 $(id) `id` 'x'.txt"
    maker.facts[1][2] = json.dumps(fact, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    valued = replace(maker.bundle(slots=(0, 1, 2)), value=b"a value")  # but no key to test it
    done = judged(tmp_path / "a", valued)
    assert done.returncode == 1
    assert "another value" in done.stderr
    done = judged(tmp_path / "c", replace(valued, value=b""))
    assert done.returncode == 0, done.stderr
    assert "uid=" not in done.stdout


@pytest.mark.parametrize("count", [10, pytest.param(150, marks=pytest.mark.slow)])
def test_mutations_are_never_accepted(tmp_path: Path, count: int) -> None:
    honest = Maker(tmp_path / "b").bundle()
    for number, proof in enumerate(mutations(honest, seed=count, count=count)):
        done = judged(tmp_path / "a", replace(honest, proof=proof))
        same = _same(proof, honest.proof)
        assert (done.returncode == 0) == same, (number, proof)


def _same(proof: bytes, honest: bytes) -> bool:
    """A change that JSON does not see, such as a space between two values."""
    try:
        value = json.loads(proof, object_pairs_hook=_once)
    except ValueError:
        return False
    return bool(value == json.loads(honest))


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="ssh-keygen is missing")
def test_the_signature(tmp_path: Path) -> None:
    folder, bundle = tmp_path / "a", Maker(tmp_path / "b").bundle()
    folder.mkdir()
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key], check=True)
    signers = tmp_path / "signers"
    signers.write_text(f"creator {key.with_suffix('.pub').read_text()}")
    (folder / "manifest.json").write_bytes(bundle.head)
    sign = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(key), "-n", "scrub-batch"]
    subprocess.run([*sign, str(folder / "manifest.json")], check=True, capture_output=True)
    env = {"SIGNERS": str(signers), "SIGNER": "creator"}
    assert judged(folder, bundle, env).returncode == 0
    assert judged(folder, bundle, {**env, "SIGNER": "somebody"}).returncode == 1
    (folder / "manifest.json.sig").unlink()
    assert judged(folder, bundle, env).returncode == 1


def test_what_nobody_can_refuse(tmp_path: Path) -> None:
    """A maker who writes log and head anew can commit to anything: only a copy or a time tells."""
    maker = Maker(tmp_path / "b")
    before = maker.head()
    other = b"another original\n"
    facts = json.loads(maker.facts[1][1])
    facts.update(sha256=sha256(other).hexdigest(), size=len(other))
    maker.facts[1][1] = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    rewritten = replace(maker.bundle(slots=(0, 1)), original=other, value=b"")
    assert judged(tmp_path / "a", rewritten).returncode == 0
    assert judged(tmp_path / "c", replace(rewritten, head=before)).returncode == 1


@pytest.mark.parametrize("missing", ["proof.json", "manifest.json", "items.jsonl"])
def test_missing_files(tmp_path: Path, missing: str) -> None:
    bundle = Maker(tmp_path / "b").bundle()
    judged(tmp_path / "a", bundle)
    (tmp_path / "a" / missing).unlink()
    names = ["proof.json", "manifest.json", "items.jsonl"]
    done = subprocess.run(["sh", SCRIPT, *names], cwd=tmp_path / "a", capture_output=True)
    assert done.returncode != 0
    assert b"HOLDS" not in done.stdout


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is missing")
def test_shellcheck() -> None:
    subprocess.run(["shellcheck", SCRIPT], check=True)
