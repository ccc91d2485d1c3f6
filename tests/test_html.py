"""report.html: whole, quiet, and saying what the log says."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import shutil
import subprocess
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import HOSTILE, Node, held, hostile, many, page_of, tree, whole
from runs import LETTER, PLAIN, SCRUB, Runs, photo
from test_private import PLANTED, fill, forms

from reports.html import REPORT, About, markup, words
from reports.html.checklist import CLAUSES
from reports.html.gather import HELD_ROWS, ROWS
from reports.summary import verdict
from scrubber.claims import KEYS
from scrubber.entities import CATALOGUE, Kind
from scrubber.errors import HOLD_CODES
from scrubber.model import ItemRecord, Outcome

SAFE_ATTRIBUTES = {
    "aria-hidden", "aria-label", "aria-labelledby", "charset", "class", "colspan", "content",
    "cx", "cy", "dir", "height", "href", "http-equiv", "id", "lang", "name", "patterntransform",
    "patternunits", "r", "role", "rx", "scope", "tabindex", "width", "x", "y",
}  # fmt: skip
TEXT = st.text(st.characters(codec=None), max_size=40)  # lone surrogates too


def pages() -> dict[str, list[ItemRecord]]:
    return {
        "none": [],
        "held": [held(n, f"bad/{n}.jpg") for n in range(3)],
        "many": list(many(300)),
        "hostile": hostile(),
    }


def hard(node: Node) -> list[str]:
    """What only the row of a table can hold: its cells as text."""
    return [cell.text for cell in node.children if isinstance(cell, Node)]


def rows(root: Node, section: str) -> list[list[str]]:
    part = root.by_id(f"s-{section}")
    return [hard(row) for body in part.all("tbody") for row in body.all("tr")]


# what the page is -------------------------------------------------------------------


@pytest.mark.parametrize("name", pages())
def test_it_is_well_formed_and_does_nothing(name: str) -> None:
    text = page_of(pages()[name])
    root = tree(text)
    assert text.startswith("<!doctype html>\n")
    used = {node.tag for node in root.all()}
    assert not used & {
        "script",
        "iframe",
        "object",
        "embed",
        "img",
        "link",
        "form",
        "base",
        "input",
    }
    for node in root.all():
        assert node.attributes.keys() <= SAFE_ATTRIBUTES, node
        assert node.attributes.get("href", "#").startswith("#"), node
    assert "http:" not in text
    assert "https:" not in text
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)


def test_the_policy_names_the_one_style_sheet_by_its_digest() -> None:
    root = tree(page_of([]))
    (style,) = root.all("style")
    digest = base64.b64encode(sha256(style.text.encode()).digest()).decode()
    policy = next(
        node.attributes["content"]
        for node in root.all("meta")
        if node.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.split("; ")[:2] == ["default-src 'none'", f"style-src 'sha256-{digest}'"]
    assert "unsafe" not in policy
    assert "</" not in style.text


@pytest.mark.parametrize("name", pages())
def test_it_can_be_read_aloud(name: str) -> None:
    root = tree(page_of(pages()[name]))
    ids = [node.attributes["id"] for node in root.all() if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    for node in root.all():
        for key in node.attributes.get("aria-labelledby", "").split():
            assert key in ids
        if node.attributes.get("href", "#")[1:]:
            assert node.attributes["href"][1:] in ids
    (html,) = root.all("html")
    assert html.attributes["lang"] == "en"
    assert len(list(root.all("h1"))) == len(list(root.all("main"))) == 1
    for table in root.all("table"):
        assert len(list(table.all("caption"))) == 1
        assert all("scope" in head.attributes for head in table.all("th"))
    for svg in root.all("svg"):
        if svg.attributes.get("aria-hidden") != "true":
            assert svg.attributes["role"] == "img"
            assert next(svg.all("desc")).text
    levels = [int(node.tag[1]) for node in root.all("h1", "h2", "h3")]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_order_is_that_of_a_reader() -> None:
    root = tree(page_of(many(50)))
    keys = [node.attributes["id"] for node in root.all("section") if "id" in node.attributes]
    assert keys == [
        f"s-{key}" for key in ("held", "kept", "removed", "files", "unseen", "verify", "checklist")
    ]
    assert "Do not upload" in next(root.all("header")).text


def test_the_same_batch_gives_the_same_bytes() -> None:
    assert page_of(many(500)) == page_of(many(500))


# names ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_are_shown_and_do_nothing(name: str) -> None:
    text = page_of([held(0, name)], about=About("b-1", "standard", out=name, inputs=(name,)))
    root = tree(text)
    assert [node.text for node in root.all("h1")] == ["NOT YET1 file needs you"]
    text.encode("utf-8")
    shown = root.by_id("s-files").text
    assert all(char.isprintable() or char == "\n" for char in root.text)
    if name.isprintable() and len(name) < 300:
        assert name in shown
    assert len(shown) < 1200


@given(TEXT)
@settings(max_examples=200)
def test_any_text_comes_out_as_text(line: str) -> None:
    for made in (markup.text(line), markup.words_of(line), markup.name(line), markup.advice(line)):
        root = tree(made)
        assert {node.tag for node in root.all()} <= {"bdi", "wbr", "span", "code"}
        assert root.text.isprintable()
        made.encode("utf-8")
    if line.isprintable():
        assert tree(markup.name(line)).text == line


def test_what_cannot_be_seen_is_made_visible() -> None:
    shown = tree(markup.name("a\u202eb\nc\udce9\x1b\u00a0")).text
    assert shown == r"a\xe2\x80\xaeb\nc\xe9\x1b\xc2\xa0"


def test_a_long_name_keeps_its_ends() -> None:
    shown = tree(markup.name("first-" + "x" * 9_988 + ".jpeg")).text
    assert shown.startswith("first-")
    assert shown.endswith(".jpeg")
    assert "… 9,719 more characters …" in shown


def test_next_steps_show_their_commands() -> None:
    made = markup.advice("See `scrub formats`, or use --exclude. <b>`</b>")
    assert [node.text for node in tree(made).all("code")] == ["scrub formats", "--exclude"]
    assert "<b>" in tree(made).text


# numbers ----------------------------------------------------------------------------


def numbers(text: str) -> int:
    return int(text.replace(",", ""))


def test_counts_are_those_of_the_records() -> None:
    records = list(many(1000))
    made = whole(records)
    root = tree(page_of(records))
    tiles = {
        node.text.lstrip("0123456789,"): numbers(next(node.all("b")).text)
        for node in root.all("li")
        if any(child.tag == "b" for child in node.all())
    }
    outcomes = made.tally.outcomes
    assert {words.OUTCOMES[Outcome(key)].lower(): n for key, n in outcomes.items()} == tiles
    found: dict[str, list[int]] = {}
    for record in records:
        if record.outcome in (Outcome.CLEANED, Outcome.UNCHANGED):
            names = [finding.entity for finding in record.findings]
            for name in names:
                found.setdefault(name, [0, 0])[0] += 1
            for name in set(names):
                found[name][1] += 1
    table = {
        row[0].split()[-1]: [numbers(row[2]), numbers(row[3])]
        for row in rows(root, "removed")
        if len(row) == 4
    }
    assert table == found
    total = sum(times for times, _ in found.values())
    assert f"{total:,} things were removed" in root.by_id("s-removed").text
    assert len(rows(root, "files")) == 1000
    codes = made.tally.codes
    for code in HOLD_CODES:
        if codes.get(code):
            assert f"{words.held_words(code)} {codes[code]} file" in root.by_id("s-held").text


def test_a_chart_says_its_numbers_as_text() -> None:
    root = tree(page_of(many(400)))
    charts = [node for node in root.all("svg") if "role" in node.attributes]
    assert len(charts) == 4
    for chart in charts:
        told = next(chart.all("desc")).text
        for number in [node.text for node in chart.all("text") if node.attributes.get("class")]:
            assert f": {number}" in told
        for bar in chart.all("rect"):
            width = bar.attributes.get("width", "")
            assert not width.endswith("%") or 0 <= float(width[:-1]) <= 100


def test_a_large_batch_lists_its_first_files_and_says_so() -> None:
    root = tree(page_of(many(5000)))
    assert len(rows(root, "files")) == ROWS
    assert "the first 2,000 of 5,000 files" in root.by_id("s-files").text
    assert "findings.csv" in root.by_id("s-files").text


def test_a_reason_with_many_files_says_how_many_more() -> None:
    root = tree(page_of(held(n, f"bad/{n}.jpg") for n in range(HELD_ROWS + 34)))
    assert len(rows(root, "held")) == HELD_ROWS
    assert "and 34 more" in root.by_id("s-held").text


def test_every_held_file_has_a_reason_and_a_next_step() -> None:
    records = [held(n, f"{code}.bin", code) for n, code in enumerate(HOLD_CODES)]
    section = tree(page_of(records)).by_id("s-held")
    for block in section.all("section"):
        assert "Next step:" in block.text
        assert "So." in block.text
    assert len(list(section.all("section"))) == len(HOLD_CODES)
    other = [held(0, "a", fix="Do this."), held(1, "b", fix="Do that.")]
    page = tree(page_of([*other, held(2, "c", fix="Do that.")]))
    said = page.by_id("s-held").text
    assert said.index("Next step (2 files): Do that.") < said.index("Bad: b. So.")
    assert said.index("Bad: c. So.") < said.index("Next step (1 file): Do this.")
    assert said.index("Next step (1 file): Do this.") < said.index("Bad: a. So.")


def test_words_exist_for_every_code() -> None:
    assert words.HELD.keys() == HOLD_CODES.keys()
    assert words.KINDS.keys() == set(Kind)
    assert words.OUTCOMES.keys() == set(Outcome)
    for name in CATALOGUE:
        assert re.fullmatch(r"[A-Z][A-Za-z, -]+", words.entity_words(name))


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (9_949, "9.9 kB"),
     (9_951, "10 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"), (10**18, "1,000 PB")],
)  # fmt: skip
def test_sizes(size: int, shown: str) -> None:
    assert words.size_of(size) == shown


# the verdict and what follows ----------------------------------------------------------


@pytest.mark.parametrize("name", pages())
def test_the_verdict_is_that_of_the_summary(name: str) -> None:
    from reports.html.sections import summary_of

    made = whole(pages()[name])
    told = verdict(summary_of(made))[1]
    root = tree(page_of(pages()[name]))
    assert next(root.all("h1")).text.replace(" ", "") == told.replace(": ", "").replace(" ", "")
    assert told in next(root.all("title")).text


def test_safe_only_when_all_was_looked_at_or_accepted() -> None:
    records = [record for record in many(40) if record.outcome is Outcome.CLEANED]
    looked = [replace(record, not_checked=()) for record in records]
    assert next(tree(page_of(looked)).all("h1")).text == "SAFE TO UPLOAD"
    assert next(tree(page_of(records)).all("h1")).text.startswith("METADATA CLEAN")
    accepted = About("b-1", "mine", accepted=("FACE",), weaker=("FACE: accepted without looking",))
    root = tree(page_of(records, about=accepted))
    assert next(root.all("h1")).text == "SAFE TO UPLOAD"
    assert "Your policy accepts that nobody looked for faces." in root.text
    assert "Accepted in your policy." in root.by_id("s-unseen").text
    assert "Weaker than the preset: FACE" in root.by_id("s-kept").text


def test_what_the_policy_keeps_is_said() -> None:
    root = tree(page_of(many(100), predicate={"process": {"kept": ["DATE", "URL"]}}))
    table = {row[0].split()[-1]: row[2] for row in rows(root, "kept")}
    assert table == {"DATE": "not counted", "URL": "10 files"}


def test_the_checklist_has_nine_clauses_and_takes_what_was_said() -> None:
    assert len(CLAUSES) == 9
    bare = tree(page_of([])).by_id("s-checklist")
    assert len(list(bare.all("h3"))) == 9
    assert "not legal advice" in bare.text
    assert "In your scrub.toml" not in bare.text
    said = {
        "terms": {"exclusive": False, "until": "2027-11-24", "likeness": "with-consent"},
        "rights": {
            "cawg.ai_training": "constrained",
            "constraint_info": {"cawg.ai_training": "research <only>"},
        },
    }
    root = tree(page_of([], predicate=said)).by_id("s-checklist")
    for words_ in (
        "exclusive: no",
        "until: 2027-11-24",
        "likeness: with consent",
        "training of models: constrained",
        "constraints: research <only> (training of models)",
    ):
        assert words_ in root.text
    assert len([node for node in root.all("p") if "In your scrub.toml" in node.text]) == 4


def test_the_checklist_knows_every_entry_of_the_public_sections() -> None:
    named = {key for clause in CLAUSES for key in clause.said}
    public = {f"{name}.{key}" for name in ("rights", "terms") for key in KEYS[name]}
    assert named == public


# real runs ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """A run over a folder with every planted value, odd names, and something held."""
    runs = Runs(tmp_path_factory.mktemp("report"))
    fill(runs)
    runs.write("odd <b>&\n\u202e.jpg", photo())
    runs.write(b"caf\xe9.jpg", photo(shade=4))
    runs.write("letters/one.txt", LETTER + PLAIN)
    told = runs.report()
    assert Path(str(told["report"])) == report_of(runs)
    return runs


def report_of(runs: Runs) -> Path:
    (path,) = runs.audit.glob(f"batches/*/{REPORT}")
    return path


def test_a_run_writes_the_page(done: Runs) -> None:
    path = report_of(done)
    assert path.stat().st_mode & 0o777 == 0o600
    root = tree(path.read_text("utf-8"))
    assert r"odd <b>&\n\xe2\x80\xae.jpg" in root.by_id("s-files").text
    assert r"caf\xe9.jpg" in root.by_id("s-files").text


def test_no_value_stands_in_it(done: Runs) -> None:
    data = b"".join(path.read_bytes() for path in done.audit.glob(f"batches/*/{REPORT}"))
    for value in PLANTED.values():
        for form in forms(value.encode()):
            assert form not in data
    assert b"Jane Roe" not in data


@pytest.mark.slow
def test_the_log_gives_the_same_page(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.write("a.jpg", photo())
    runs.write(b"\xff<.jpg", photo(shade=3))
    runs.write("b.txt", LETTER)
    runs.write("broken.jpg", b"\xff\xd8\xff\xe0")
    told = runs.scrub()
    path = report_of(runs)
    assert f"Report:        {path}" in told.stdout
    before = path.read_bytes()
    path.unlink()
    for place in (runs.out, runs.inside, runs.audit, runs.inside / "a.jpg"):
        again = runs.scrub("report", place)
        assert (again.returncode, again.stdout.strip()) == (0, str(path)), again.stderr
        assert path.read_bytes() == before
        assert path.stat().st_mode & 0o777 == 0o600
    events = [json.loads(line) for line in (path.parent / "log.jsonl").read_bytes().splitlines()]
    close = events[-1]["counts"]
    root = tree(before.decode())
    for code, number in close["codes"].items():
        assert f"{words.held_words(code)} {number} file" in root.by_id("s-held").text
    as_csv = runs.scrub("report", runs.out, "--format", "csv").stdout
    table = list(csv.DictReader(io.StringIO(as_csv)))
    assert [row["outcome"] for row in table] == [
        event["item"]["outcome"] for event in events if event["event"] == "item"
    ]
    lines = runs.scrub("report", runs.out, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["outcome"] for line in lines] == [row["outcome"] for row in table]


def test_a_changed_log_gives_no_page(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.write("a.jpg", photo())
    assert runs.scrub().returncode == 0
    log = report_of(runs).parent / "log.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines).replace(b"a.jpg", b"b.jpg", 1))
    assert runs.scrub("report", runs.out).returncode == 5
    log.write_bytes(b"".join(lines[:-1]))
    assert runs.scrub("report", runs.out).returncode == 5


def test_what_it_says_when_there_is_nothing_to_report(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.write("a.jpg", photo())
    nothing = runs.scrub("report", runs.inside)
    assert nothing.returncode == 4
    assert "--audit-dir" in nothing.stderr
    assert runs.scrub("report", runs.base / "nowhere").returncode == 2
    assert runs.scrub().returncode == 0
    other = runs.scrub("report", runs.out, "--batch", "b-other")
    assert (other.returncode, other.stdout) == (2, "")
    assert "b-other" in other.stderr


@pytest.mark.slow
def test_values_are_revealed_on_a_terminal_alone(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    photo_ = runs.write("a.jpg", photo("Zebulon Quackenbush"))
    note = runs.write("b.txt", "Zebulon Quackenbush was here.\n" + LETTER)
    assert runs.scrub().returncode == 0
    refused = runs.scrub("report", "--reveal", photo_)
    assert refused.returncode == 2
    assert "not a terminal" in refused.stderr
    assert "Quackenbush" not in refused.stdout + refused.stderr
    shown = runs.scrub("report", "--reveal", photo_, "--force")
    assert shown.returncode == 0
    assert "Zebulon Quackenbush" in shown.stdout
    assert "cleaned as a.jpg" in shown.stdout
    note.write_text(note.read_text("utf-8") + "More.\n", "utf-8")
    changed = runs.scrub("report", "--reveal", note, "--force")
    assert "has changed since" in changed.stdout
    assert "jane.roe@example.com" in changed.stdout
    stranger = runs.base / "stranger.txt"
    stranger.write_text("nobody\n", "utf-8")
    asked = runs.scrub("report", "--reveal", stranger, "--force", "--audit-dir", runs.audit)
    assert asked.returncode == 2
    for path in runs.audit.rglob("*"):
        assert not path.is_file() or b"Quackenbush" not in path.read_bytes()


def test_the_picture_of_the_page_is_small() -> None:
    picture = Path(__file__).parent.parent / "docs" / "report.png"
    assert 10_000 < picture.stat().st_size < 150_000


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_the_commands_of_the_page_check_this_batch(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "a folder's ünïcode")
    runs.write("a.jpg", photo())
    assert runs.scrub().returncode == 0
    page = tree(report_of(runs).read_text("utf-8"))
    blocks = [
        "\n".join(part for part in code.children if isinstance(part, str))
        for pre in page.by_id("s-verify").all("pre")
        for code in pre.all("code")
    ]
    assert len(blocks) == 4
    env = {**runs.env, "PATH": f"{Path(SCRUB).parent}:{runs.env['PATH']}"}

    def failed() -> list[int]:
        codes = [
            subprocess.run(["bash", "-ec", block], cwd="/", env=env, capture_output=True).returncode
            for block in blocks
        ]
        return [number for number, code in enumerate(codes) if code]

    assert failed() == []
    runs.write("a.jpg", photo(shade=9))
    assert failed() == [2]
    (runs.out / "data" / "a.jpg").write_bytes(b"other")
    assert failed() == [0, 1, 2]
