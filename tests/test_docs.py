"""The documents say what the code does, and lead somewhere."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import pytest

import scrubber
from scrubber.canonical import canonical
from scrubber.cli import app
from scrubber.errors import HOLD_CODES, ScrubError
from scrubber.explanations import section
from scrubber.policy import load_policy
from scrubber.policy_file import KEYS, PRESETS

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("sample_media/*.md")])
SOURCE = "".join(path.read_text("utf-8") for path in sorted((ROOT / "scrubber").glob("*.py")))
DROP_REASONS = sorted(
    set(re.findall(r'Outcome\.(?:DROPPED|EXCLUDED),\s+"([a-z-]+)"', SOURCE))
    | set(re.findall(r'_drop\("([a-z-]+)"\)', SOURCE))
    | set(re.findall(r'outcome, "([a-z-]+)"', SOURCE))
    | set(re.findall(r'dropped_record\(self\.task\.item, "([a-z-]+)"', SOURCE))
    | set(re.findall(r'drop="([a-z-]+)"', SOURCE))
)


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def sections(path: Path) -> dict[str, str]:
    parts = re.split(r"^## (.+)$", path.read_text("utf-8"), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), flags=re.M)
    return {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads}


def first_cells(text: str) -> list[str]:
    """What stands between backticks in the first cell of each table row."""
    rows = re.findall(r"^\| (`[^|]*) \|", text, flags=re.M)
    return [name for cell in rows for name in re.findall(r"`([^`]+)`", cell)]


def commands(text: str) -> list[str]:
    """The lines of blocks that a shell would take, without their comments."""
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.S)
    lines = [line.split(" #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


# reasons ------------------------------------------------------------------------


def names_loaded(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield f'"{node.value}"'


@cache
def raised_today() -> set[str]:
    """Hold codes whose class is used, or that the walk or the workers give by name."""
    by_name = {"junk", "walk", "workers", "worker_process"}
    used: set[str] = set()
    for path in (ROOT / "scrubber").rglob("*.py"):
        if path.name != "errors.py":
            found = set(names_loaded(path))
            used |= {
                code
                for code, kind in HOLD_CODES.items()
                if kind.__name__ in found or (path.stem in by_name and f'"{code}"' in found)
            }
    return used


@pytest.mark.parametrize("code", [*HOLD_CODES, *DROP_REASONS])
def test_every_reason_is_explained(code: str) -> None:
    assert len(sections(ROOT / "docs" / "held-back.md")[code].split()) >= 8


def test_every_explained_reason_exists() -> None:
    assert set(sections(ROOT / "docs" / "held-back.md")) == {*HOLD_CODES, *DROP_REASONS}


@pytest.mark.parametrize("code", HOLD_CODES)
def test_a_hold_code_says_when_and_what_next(code: str) -> None:
    section = sections(ROOT / "docs" / "held-back.md")[code]
    assert "**When:**" in section
    assert "**Next:**" in section
    assert ("Not raised\ntoday" in section or "Not raised today" in section) is (
        code not in raised_today()
    )


@pytest.mark.parametrize("code", [*HOLD_CODES, *DROP_REASONS])
def test_a_section_is_printed_alone_and_without_marks(code: str) -> None:
    words = section(code)
    assert len(words.split()) >= 8
    assert not re.search(r"\*\*|^#|\]\(|\*Not", words, flags=re.M)
    raw = sections(ROOT / "docs" / "held-back.md")[code].split("\n# ")[0]
    assert re.findall(r"`[^`]+`", words) == re.findall(r"`[^`]+`", raw)


def test_there_is_no_section_for_what_is_no_code() -> None:
    assert section("damage") == ""
    assert section("d.maged") == ""


def test_the_readme_says_what_each_reason_means() -> None:
    parts = sections(ROOT / "README.md")
    table = parts["What is held back, and why"]
    assert [name for name in first_cells(table) if name in HOLD_CODES] == list(HOLD_CODES)
    for code in HOLD_CODES:
        line = next(line for line in table.splitlines() if line.startswith(f"| `{code}`"))
        assert ("not used yet" in line) is (code not in raised_today()), line


# links, names, commands -----------------------------------------------------------


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]*(?:#[\w-]+)?)\)", without_blocks(path)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file) if file else path
        assert there.exists(), f"{path.name} links to {target}"
        assert not anchor or anchor in anchors(there), f"{path.name} links to {target}"


def without_blocks(path: Path) -> str:
    return re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.S | re.M)


ROOMS = "scrubber|detectors|reports|tests|docs|sample_media|benchmarks"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_only_files_that_exist(path: Path) -> None:
    for name in re.findall(rf"`((?:{ROOMS})/[\w./-]+)`", path.read_text("utf-8")):
        if not re.search(r"\bX\.py|test_X", name):
            found = (ROOT / name).exists() or (ROOT / f"{name}.py").exists()
            assert found, f"{path.name} names {name}"


def test_the_architecture_knows_every_file_at_the_top() -> None:
    text = text_of("docs/ARCHITECTURE.md")
    for name in re.findall(r"`(\w+\.py)`", text):
        assert list((ROOT / "scrubber").rglob(name)), name
    for path in (ROOT / "scrubber").glob("*.py"):
        assert path.stem == "__init__" or re.search(rf"\b{path.stem}\b", text), path.name


def test_make_targets_in_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), flags=re.M))
    for path in DOCUMENTS:
        text = path.read_text("utf-8")
        named = {
            *re.findall(r"^(?: {4})?make ([a-z-]+)", text, flags=re.M),
            *re.findall(r"`make ([a-z-]+)`", text),
        }
        assert named <= targets, path.name


def test_no_document_shows_a_bare_scrub_of_a_file() -> None:
    # Debian's command of that name would erase it.
    for path in DOCUMENTS:
        for line in re.findall(r"^(?: {4}|\$ )?scrub (.+)$", path.read_text("utf-8"), flags=re.M):
            first = line.split()[0]
            assert "--out" in line or first.isalpha() or first.startswith("-"), (
                f"{path.name}: {line}"
            )


# what the documents show ------------------------------------------------------------


@pytest.fixture(scope="module")
def refresh() -> ModuleType:
    spec = importlib.util.spec_from_file_location("refresh", ROOT / "docs" / "refresh.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ran = pytest.mark.slow  # needs a run over the samples
GENERATED = (
    "README.md", "docs/record.md", "docs/json.md", "docs/detection.md", "docs/disputes.md",
    "docs/exports.md", "docs/ledger.md", "docs/sample.md",
)  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [name if "detection" in name else pytest.param(name, marks=ran) for name in GENERATED],
)
def test_generated_parts_are_what_a_run_gives_today(refresh: ModuleType, name: str) -> None:
    assert text_of(name) == refresh.refreshed(text_of(name)), "run: python docs/refresh.py"


@ran
def test_every_generated_part_is_shown_somewhere(refresh: ModuleType) -> None:
    shown = re.findall(
        r"generated by docs/refresh\.py: ([a-z-]+) -->", "".join(map(text_of, GENERATED))
    )
    assert sorted(shown) == sorted({**refresh.parts_of_tables(), **refresh.parts_of_run()})


@pytest.fixture(scope="module")
def done(refresh: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the samples, cleaned by the commands of the README."""
    folder = tmp_path_factory.mktemp("docs")
    run = refresh.Run(folder)
    for line in commands(text_of("README.md")):
        if line.startswith(("scrub ", "prescrub ")):
            ended = subprocess.run(
                ["bash", "-c", line], cwd=folder, env=run.environment, capture_output=True,
                text=True, check=False,
            )  # fmt: skip
            assert ended.returncode in (0, 3), f"{line}: {ended.stderr}"
    return folder


@ran
def test_the_commands_of_the_readme_do_the_main_job(done: Path) -> None:
    assert (done / "clean" / "manifest.json").is_file()
    assert (done / "portfolio.audit").is_dir()


@ran
@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
@pytest.mark.parametrize("line", commands(text_of("docs/record.md")))
def test_a_stranger_can_check_a_batch(done: Path, line: str) -> None:
    lines = commands(text_of("docs/record.md"))
    before = [one for one in lines[: lines.index(line)] if ">" in one]
    script = "\n".join(["set -euo pipefail", *before, line])
    ended = subprocess.run(
        ["bash", "-c", script], cwd=done / "clean", capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


@ran
@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_these_checks_find_a_changed_batch(done: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean"
    shutil.copytree(done / "clean", clean)
    (clean / "data" / "texts" / "more.txt").write_text("x", "utf-8")
    (clean / "README.md").write_text("x", "utf-8")
    failed = [
        subprocess.run(["bash", "-c", f"set -o pipefail; {line}"], cwd=clean, capture_output=True).returncode  # noqa: E501
        for line in commands(text_of("docs/record.md"))
    ]  # fmt: skip
    assert failed[0] != 0
    assert failed[3] != 0


@ran
def test_a_bag_tool_agrees(done: Path) -> None:
    bagit = pytest.importorskip("bagit")
    assert bagit.Bag(str(done / "clean")).is_valid()


def keys_of(value: object, above: str = "") -> Iterator[str]:
    """Dotted names of all keys, those of maps with free keys left out."""
    if isinstance(value, dict) and above not in (
        "predicate.batch.media",
        "predicate.process.not_checked",
    ):
        for name, one in value.items():
            path = f"{above}.{name}" if above else name
            inner = list(keys_of(one, path)) if isinstance(one, dict) else []
            yield from inner or [path]


def tree(leaves: list[bytes]) -> bytes:
    """The root as RFC 9162 section 2.1.1 defines it, by recursion."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + tree(leaves[:half]) + tree(leaves[half:])).digest()


def leaf(data: bytes) -> bytes:
    return sha256(b"\0" + data).digest()


@ran
def test_the_roots_are_made_as_the_document_says(done: Path) -> None:
    predicate = json.loads((done / "clean" / "manifest.json").read_bytes())["predicate"]
    lines = (done / "clean" / "items.jsonl").read_bytes().splitlines()
    assert tree([leaf(line) for line in lines]).hex() == predicate["batch"]["items_root"]
    log = done / "portfolio.audit" / "batches" / predicate["batch"]["id"] / "log.jsonl"
    events = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    items = [event for event in events if event.get("item", {}).get("out_path")]
    items.sort(key=lambda event: str(event["item"]["out_path"]))
    roots = [leaf(bytes.fromhex(event["item"]["root"])) for event in items]
    assert tree(roots).hex() == predicate["private"]["root"]
    full = [event for event in items if len(event["facts"]) in (4, 8, 16, 32)]
    assert full
    for event in full:  # the others are padded with leaves that take the key
        facts = [leaf(canonical(fact).encode()) for fact in event["facts"]]
        assert tree(facts).hex() == event["item"]["root"]


@ran
def test_every_field_of_the_public_record_is_explained(done: Path) -> None:
    named = set(first_cells(text_of("docs/record.md")))
    head = json.loads((done / "clean" / "manifest.json").read_bytes())
    line = json.loads((done / "clean" / "items.jsonl").read_text("utf-8").splitlines()[0])
    for key in [*keys_of(head), *line]:
        assert key in named or key.rpartition(".")[0] in named, key
    files = {path.name for path in (done / "clean").iterdir()} - {"data"}
    assert files <= named


@ran
def test_every_field_and_event_of_the_private_log_is_explained(done: Path) -> None:
    named = set(first_cells(text_of("docs/record.md"))) | set(
        re.findall(r"`(\w+)`", text_of("docs/record.md"))
    )
    log = next(done.glob("portfolio.audit/batches/*/log.jsonl"))
    for line in log.read_text("utf-8").splitlines():
        event = json.loads(line)
        assert event["event"] in named
        assert set(event.get("item", {})) <= named
        for fact in event.get("facts", []):
            assert {fact["fact"], *fact} - {"fact"} <= named


@ran
def test_every_file_of_the_audit_folder_is_explained(done: Path) -> None:
    text = text_of("docs/record.md")
    for path in (done / "portfolio.audit").rglob("*"):
        assert path.is_dir() or path.name in text, path.name


SCHEMAS = {
    "scrub.summary/1": ["./portfolio", "--json"],
    "scrub.check/1": ["check", "./portfolio", "--format", "json"],
    "scrub.inspect/1": ["inspect", "./portfolio/photos", "--json"],
    "scrub.verify/1": ["verify", "./clean", "--json"],
}


@ran
@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_field_of_a_json_document_is_explained(
    refresh: ModuleType, done: Path, schema: str
) -> None:
    section = sections(ROOT / "docs" / "json.md")[schema]
    shown = json.loads(re.findall(r"```json\n(.*?)```", section, flags=re.S)[0])
    environment = {**refresh.environment_of(done)}
    ended = subprocess.run(
        ["scrub", *SCHEMAS[schema]], cwd=done, env=environment, capture_output=True, check=False
    )
    given = json.loads(ended.stdout)
    assert given["schema"] == shown["schema"] == schema
    assert set(given) == set(shown)
    assert set(given) - {"schema"} <= set(re.findall(r"`(\w+)`", section))
    for name, value in given.items():
        assert type(value) is type(shown[name]), name


def test_exit_codes_are_those_of_the_program() -> None:
    listed = {
        int(n)
        for n in re.findall(
            r"^\| (\d+) \|", sections(ROOT / "docs" / "json.md")["Exit codes"], re.M
        )
    }
    said = {int(n) for n in re.findall(r"\b(\d+) [a-z]", app.__doc__ or "")}
    raised = {ScrubError.exit_code, *(kind.exit_code for kind in _kinds(ScrubError))}
    assert listed == said
    assert raised <= listed


def _kinds(root: type[ScrubError]) -> Iterator[type[ScrubError]]:
    for kind in root.__subclasses__():
        yield kind
        yield from _kinds(kind)


# policies, promises ------------------------------------------------------------------


def test_the_policy_that_the_document_shows_is_one(tmp_path: Path) -> None:
    text = text_of("docs/policy.md")
    shown = re.findall(r"```toml\n(.*?)```", text, flags=re.S)[0]
    file = tmp_path / "shown.toml"
    file.write_text(shown, encoding="utf-8")
    assert load_policy(str(file)).name == "client-work"
    assert set(tomllib.loads(shown)) - {"name", "base"} == set(KEYS)
    assert all(f"`{preset}`" in text for preset in PRESETS)


def test_the_policy_with_another_model_is_one(tmp_path: Path) -> None:
    shown = re.findall(r"```toml\n(.*?)```", text_of("docs/detection.md"), flags=re.S)[0]
    file = tmp_path / "shown.toml"
    file.write_text(shown, encoding="utf-8")
    assert load_policy(str(file)).text_models == ("encoder", "spacy:en_core_web_lg")


def test_the_changelog_knows_this_version() -> None:
    assert f"## {scrubber.__version__}" in text_of("CHANGELOG.md")
    assert f"`scrub {scrubber.__version__}`" in text_of("README.md")


def test_guarantees_are_numbered_and_limits_are_named() -> None:
    parts = sections(ROOT / "docs" / "threat-model.md")
    numbers = [int(n) for n in re.findall(r"^(\d+)\. \*\*", parts["Guaranteed"], flags=re.M)]
    assert numbers == list(range(1, len(numbers) + 1))
    for word in (
        "Style", "Voice", "PRNU", "Steganography", "Names that a model misses",
        "Room inside coded data", "Encrypted containers", "Decisions of a person",
    ):  # fmt: skip
        assert word in parts["Not promised"]


def test_what_is_said_to_be_held_is_held(refresh: ModuleType) -> None:
    from scrubber.containers import table

    part = sections(ROOT / "README.md")["What it handles"]
    held = part.partition("**Held for now**")[2]
    labels = {
        "camera raw": "cr2", "Photoshop": "psd", "AVI": "avi", "MPEG": "mpeg-ps", "PDF": "pdf",
        "Word": "docx", "Excel": "xlsx", "OpenDocument": "odf", "HTML": "html", "XML": "xml",
        "ZIP": "zip", "HEIC": "heic", "WebP": "webp", "GIF": "gif", "TIFF": "tiff", "SVG": "svg",
        "M4A": "m4a", "Ogg": "ogg", "Matroska": "mkv", "MP4": "mp4",
    }  # fmt: skip
    for word, name in labels.items():
        assert (word in held) is not refresh.cleans(table()[name]), word
