"""The data card: what hubs read of it, its border, and what a title cannot do to it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from batches import BATCH, CONTENT, make_batch, make_records
from hypothesis import given
from hypothesis import strategies as st

from reports.card import data_card
from reports.hub import Kinds, license_url, size_category
from reports.manifest import Published, item_line

JUDGES = Path(__file__).parent.parent / ".judges" / "bin" / "python"
HEADINGS = [  # of the hub's template, in its order
    "## Dataset Details", "### Dataset Description", "## Uses", "### Direct Use",
    "### Out-of-Scope Use", "## Dataset Structure", "## Dataset Creation",
    "### Curation Rationale", "### Source Data", "#### Data Collection and Processing",
    "#### Who are the source data producers?", "### Annotations",
    "#### Personal and Sensitive Information", "## Bias, Risks, and Limitations",
    "### Recommendations", "## What the creator says", "## How to verify",
]  # fmt: skip


def published() -> Published:
    found = Published()
    for record in make_records():
        found.add(record, item_line(record))
    return found


def kinds(*paths: str) -> Kinds:
    found = Kinds()
    for path in paths or CONTENT:
        found.add(path)
    return found


def card(declared: dict[str, object] | None = None, *paths: str, **more: object) -> str:
    claims = {**({"declared": declared} if declared else {}), **more}
    return data_card(BATCH, published(), claims, kinds(*paths)).decode("utf-8")


def front(text: str) -> dict[str, Any]:
    match = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    assert match is not None
    found = yaml.safe_load(match[1])
    assert isinstance(found, dict)
    return found


def body(text: str) -> str:
    return text.split("\n---\n", 1)[1]


def test_the_headings_are_those_of_the_template() -> None:
    text = card()
    assert [line for line in text.splitlines() if line.startswith("##")] == HEADINGS
    assert text.count("\n# ") == 1


def test_nothing_is_said_that_was_not_declared() -> None:
    found = front(card())
    assert set(found) == {"tags", "size_categories", "configs"}
    assert "Nothing." in card().split("## What the creator says")[1]


def test_what_is_declared_is_there_as_the_hub_wants_it() -> None:
    found = front(
        card(
            {
                "title": "Harbour light",
                "license": "CC-BY-4.0",
                "language": ["no", "pt-BR", "en"],
                "tasks": ["image-classification"],
            }
        )
    )
    assert found["pretty_name"] == "Harbour light"
    assert found["license"] == "cc-by-4.0"
    assert found["language"] == ["no", "pt", "en"]  # "no" is Norwegian, not False
    assert found["task_categories"] == ["image-classification"]
    assert found["tags"] == ["prescrub", "image", "text"]
    assert found["size_categories"] == ["n<1K"]


def test_a_licence_that_the_hub_does_not_know_is_other() -> None:
    link = "https://example.com/licence"
    found = front(card({"license": link}))
    assert (found["license"], found["license_link"]) == ("other", link)
    assert re.fullmatch(r"[a-z0-9-]+", found["license_name"])
    assert front(card({"license": "LicenseRef-Mine"}))["license_name"] == "licenseref-mine"
    assert license_url("CC-BY-4.0") == "https://spdx.org/licenses/CC-BY-4.0"
    assert license_url(link) == link


def test_a_loader_is_led_to_the_payload_of_the_most_common_kind() -> None:
    (config,) = front(card())["configs"]
    assert config["data_files"] == [{"split": "train", "path": ["data/**/*.jpg"]}]
    (config,) = front(card(None, "a/b.WAV", "c.wav", "d.csv", "e"))["configs"]
    assert config["data_files"][0]["path"] == ["data/**/*.WAV", "data/**/*.wav"]
    (config,) = front(card(None, "strange.docx"))["configs"]
    assert config["data_files"][0]["path"] == ["data/**"]


def test_the_other_kinds_are_named_with_their_loaders() -> None:
    text = card(None, "a.jpg", "b.jpg", "c.csv", "d.json", "e.mp3")
    calls = re.findall(r'^load_dataset\("(\w+)", data_files=(\[.*\])\)$', text, re.M)
    assert [loader for loader, _ in calls] == ["imagefolder", "audiofolder", "csv", "json"]
    assert "load_dataset(" not in card(None, "a.jpg")


@pytest.mark.parametrize(
    ("items", "name"),
    [(0, "n<1K"), (999, "n<1K"), (1000, "1K<n<10K"), (99_999, "10K<n<100K"), (10**8, "100M<n<1B")],
)
def test_sizes_are_the_classes_of_the_hub(items: int, name: str) -> None:
    assert size_category(items) == name


HOSTILE = [
    "---\nlicense: mit\n---", "x\n# Cleaned: everything", "a: b: [c, {d", "<script>x()</script>",
    "[a](javascript:x) ![i](https://example.com/i.png)", "`rm` | a | b", "&lt;b&gt; &amp;",
    "!!python/object/apply:os.system ['id']", "*alias &anchor %TAG", "\u202e\u0085\u2028\0\x1b[2J",
    "\ud800 lone", "'\"\\ \\x41", "😀 ünï", "null", "yes", "1e3", "> quote", "- item", "2024-01-01",
]  # fmt: skip


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_stays_a_title(title: str) -> None:
    text = card({"title": title, "creator": title}, rights={"other_constraints": title})
    found = front(text)
    shown = "".join(char if char.isprintable() else " " for char in title).strip()
    assert found["pretty_name"] == shown
    assert "license" not in found
    lines = [line for line in text.split("\n") if line.startswith("#")]
    assert lines[1:] == [*HEADINGS[:-1], "### Declared", "### Rights", HEADINGS[-1]]
    assert "<script" not in text.replace("\\<", "")
    assert "](javascript" not in body(text)


@given(st.text(max_size=40))
def test_no_text_breaks_the_front_matter(title: str) -> None:
    found = front(card({"title": title}))
    assert isinstance(found.get("pretty_name", ""), str)
    assert set(found) - {"pretty_name"} == {"tags", "size_categories", "configs"}


def test_words_of_the_creator_stand_in_quotes_in_one_section() -> None:
    text = card({"title": "Harbour light"}, rights={"cawg.ai_training": "notAllowed"},
                terms={"exclusive": False})  # fmt: skip
    head, _, rest = body(text).partition("## What the creator says")
    said, _, _ = rest.partition("## How to verify")
    assert "Harbour" not in head
    assert "notAllowed" not in head
    quotes = [line for line in said.splitlines() if line.startswith("> ")]
    assert [quote.split(":")[0] for quote in quotes] == [
        "> - title", "> - cawg.ai\\_training", "> - exclusive"
    ]  # fmt: skip


def test_the_card_does_not_tell_what_was_found() -> None:
    text = card()
    for word in ("CAMERA_SERIAL", "Jane", "orig", "held"):
        assert word not in text.replace("\\", "")
    assert "FACE in 3 files" in text


def test_an_empty_batch_has_a_card(tmp_path: Path) -> None:
    make_batch(tmp_path / "clean", content={})
    text = (tmp_path / "clean" / "README.md").read_text("utf-8")
    assert "0 files, 0 bytes" in text
    assert front(text)["size_categories"] == ["n<1K"]


@pytest.mark.slow
@pytest.mark.skipif(not JUDGES.is_file(), reason="tests/judges/croissant.sh has not run")
@pytest.mark.parametrize("title", ["Harbour light", *HOSTILE[:4]])
def test_the_library_of_the_hub_reads_the_card(tmp_path: Path, title: str) -> None:
    declared = {"title": title, "license": "CC-BY-4.0", "language": ["no"]}
    (tmp_path / "README.md").write_text(card(declared), "utf-8")
    program = (
        "import json, sys; from huggingface_hub import DatasetCard;"
        "card = DatasetCard.load(sys.argv[1]);"
        "print(json.dumps(card.data.to_dict()))"
    )
    done = subprocess.run(
        [JUDGES, "-c", program, tmp_path / "README.md"], capture_output=True, text=True, check=True,
        env={"HF_HUB_OFFLINE": "1"},
    )  # fmt: skip
    assert yaml.safe_load(done.stdout) == front(card(declared))
