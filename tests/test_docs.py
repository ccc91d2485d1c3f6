"""The documents say what the code does, and lead somewhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import scrubber
from scrubber.errors import HOLD_CODES
from scrubber.policy import load_policy
from scrubber.policy_file import KEYS, PRESETS

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("sample_media/*.md")])
SOURCE = "".join(path.read_text("utf-8") for path in sorted((ROOT / "scrubber").glob("*.py")))
DROP_REASONS = sorted(
    set(re.findall(r'Outcome\.(?:DROPPED|EXCLUDED),\s+"([a-z-]+)"', SOURCE))
    | set(re.findall(r'"([a-z]+-junk)"', SOURCE))
)


def sections(path: Path) -> dict[str, str]:
    parts = re.split(r"^## (.+)$", path.read_text("utf-8"), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), flags=re.M)
    return {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("code", [*HOLD_CODES, *DROP_REASONS])
def test_every_reason_is_explained(code: str) -> None:
    assert len(sections(ROOT / "docs" / "held-back.md")[code].split()) >= 8


def test_every_explained_reason_exists() -> None:
    assert set(sections(ROOT / "docs" / "held-back.md")) == {*HOLD_CODES, *DROP_REASONS}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]*(?:#[\w-]+)?)\)", path.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file) if file else path
        assert there.exists(), f"{path.name} links to {target}"
        assert not anchor or anchor in anchors(there), f"{path.name} links to {target}"


def test_the_policy_that_the_document_shows_is_one(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "policy.md").read_text("utf-8")
    shown = re.findall(r"```toml\n(.*?)```", text, flags=re.S)[0]
    file = tmp_path / "shown.toml"
    file.write_text(shown, encoding="utf-8")
    assert load_policy(str(file)).name == "client-work"
    assert set(tomllib.loads(shown)) - {"name", "base"} == set(KEYS)
    assert all(f"`{preset}`" in text for preset in PRESETS)


def test_the_changelog_knows_this_version() -> None:
    assert f"## {scrubber.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_guarantees_are_numbered_and_limits_are_named() -> None:
    parts = sections(ROOT / "docs" / "threat-model.md")
    numbers = [int(n) for n in re.findall(r"^(\d+)\. \*\*", parts["Guaranteed"], flags=re.M)]
    assert numbers == list(range(1, len(numbers) + 1))
    for word in ("Style", "Voice", "PRNU", "Steganography", "Names that a model misses"):
        assert word in parts["Not promised"]


def test_no_document_shows_a_bare_scrub_of_a_file() -> None:
    # Debian's command of that name would erase it.
    for path in DOCUMENTS:
        for line in re.findall(r"^(?: {4}|\$ )scrub (.+)$", path.read_text("utf-8"), flags=re.M):
            first = line.split()[0]
            assert "--out" in line or first.isalpha() or first.startswith("-"), (
                f"{path.name}: {line}"
            )
