"""SARIF: what the schema of the standard accepts, with places and without values."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from runs import LETTER, PLAIN, Runs, photo

from reports.rows import Seen, rows_of
from reports.sarif import BASE, FINGERPRINT, Sarif, message, uri_of
from scrubber.entities import CATALOGUE
from scrubber.errors import HOLD_CODES
from scrubber.explanations import section
from scrubber.model import Action, Finding

SCHEMA = Path(__file__).parent / "data" / "sarif" / "sarif-2.1.0-rtm.5.json"


def judged(text: str) -> dict[str, Any]:
    """The one run of a log, after the schema of the standard has accepted it."""
    log = json.loads(text)
    judge = jsonschema.Draft4Validator(
        json.loads(SCHEMA.read_text("utf-8")),
        format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER,
    )
    judge.validate(log)
    (run,) = log["runs"]
    return dict(run)


def made(seen: list[Seen], most: int = 25_000, code: int = 1) -> dict[str, Any]:
    lines: list[str] = []
    writer = Sarif(lines.append, "0.1.0", section, most)
    for one in seen:
        writer.file(one)
    writer.close(code)
    return judged("\n".join(lines))


def text_finding(line: int, entity: str = "PERSON") -> Finding:
    return Finding(entity, f"line {line}", Action.EDIT, "text", 12, line=line, column=4)


PHOTO = Seen(
    "photos/a.jpg",
    changes=True,
    findings=(
        Finding("GPS_POSITION", "APP1/Exif/GPS/GPSLatitude", Action.DROP, "structure", 24),
        Finding("GPS_POSITION", "APP1/Exif/GPS/GPSLongitude", Action.DROP, "structure", 24),
    ),
)
HELD = Seen("b.docx", "unknown-container", "This is a Word document.", "", "Convert it.")
KEPT = Seen("c.txt", kept=("CREATOR",))


def results(run: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["level"], one["ruleId"], artifact_of(one)["uri"]) for one in run["results"]]


def artifact_of(result: dict[str, Any]) -> dict[str, str]:
    return dict(result["locations"][0]["physicalLocation"]["artifactLocation"])


def test_held_is_an_error_removed_a_warning_and_kept_a_note() -> None:
    run = made([PHOTO, KEPT, HELD])
    assert results(run) == [
        ("error", "held/unknown-container", "b.docx"),
        ("warning", "location/GPS_POSITION", "photos/a.jpg"),
        ("warning", "location/GPS_POSITION", "photos/a.jpg"),
        ("note", "credit/CREATOR", "c.txt"),
    ]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == [
        one["ruleId"] for one in run["results"]
    ]
    assert run["invocations"][0]["exitCode"] == 1
    assert run["tool"]["driver"]["version"] == "0.1.0"


def test_a_container_has_a_logical_place_and_a_text_a_line() -> None:
    run = made([PHOTO, Seen("d.txt", changes=True, findings=(text_finding(3),))])
    first, _, last = [one["locations"][0] for one in run["results"]]
    assert first["logicalLocations"] == [{"fullyQualifiedName": "APP1/Exif/GPS/GPSLatitude"}]
    assert "region" not in first["physicalLocation"]
    assert last["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 4}
    assert "snippet" not in json.dumps(run)


def test_every_entity_and_every_hold_code_is_a_rule_with_help() -> None:
    findings = tuple(Finding(name, "x", Action.DROP, "d", 1) for name in CATALOGUE)
    held = [Seen("f", code, "It is so.", "", "Do this.") for code in HOLD_CODES]
    rules = made([Seen("e", changes=True, findings=findings), *held])["tool"]["driver"]["rules"]
    assert len(rules) == len(CATALOGUE) + len(HOLD_CODES)
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert len(rule["help"]["text"]) > len(rule["shortDescription"]["text"]) > 10
        assert len(rule["shortDescription"]["text"]) <= 1024  # what a scanner shows


def fingerprints(seen: Seen) -> list[str]:
    return [one["partialFingerprints"][FINGERPRINT] for one in made([seen])["results"]]


def test_fingerprints_are_over_rule_path_and_ordinal_alone() -> None:
    prints = fingerprints(PHOTO)
    assert len(set(prints)) == 2
    moved = tuple(replace(one, where="IFD1", length=9, value="ff" * 32) for one in PHOTO.findings)
    assert fingerprints(replace(PHOTO, findings=moved)) == prints
    assert not set(fingerprints(replace(PHOTO, path="photos/b.jpg"))) & set(prints)


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/ü.jpg", "a%20b/%C3%BC.jpg"),
        ("a:b?#[%].jpg", "a%3Ab%3F%23%5B%25%5D.jpg"),
        ("line\nfeed", "line%0Afeed"),
        ("raw\udcff", "raw%FF"),
        ("‮gpj.exe", "%E2%80%AEgpj.exe"),
    ],
)
def test_paths_are_percent_encoded(path: str, uri: str) -> None:
    assert uri_of(path) == uri
    run = made([replace(PHOTO, path=path)])
    assert artifact_of(run["results"][0]) == {"uri": uri, "uriBaseId": BASE}


def test_a_message_holds_no_link_and_no_placeholder() -> None:
    assert message("{0} [a](b)") == "{{0}} [a] (b)"
    run = made([Seen("x", "damaged", "[click](https://example.com) {0}", "", "")])
    assert "](" not in run["results"][0]["message"]["text"]


def test_a_run_is_bounded_and_says_so_and_errors_go_first() -> None:
    many = Seen("d.txt", changes=True, findings=tuple(text_finding(n) for n in range(1, 9)))
    run = made([KEPT, many, HELD, KEPT], most=5)
    levels = [level for level, _, _ in results(run)]
    assert levels == ["error", *["warning"] * 4]
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notice["message"]["text"].startswith("6 more results are left out")
    assert "toolExecutionNotifications" not in made([many])["invocations"][0]


def test_nothing_found_is_a_log_too() -> None:
    run = made([], code=0)
    assert run["results"] == []
    assert run["invocations"][0] == {
        "executionSuccessful": True,
        "exitCode": 0,
        "exitCodeDescription": "nothing to remove",
    }


def test_a_change_without_a_finding_is_told() -> None:
    (row,) = rows_of(Seen("a.png", changes=True))
    assert row.rule == "rewrite/canonical-form"
    made([Seen("a.png", changes=True)])


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    made = Runs(tmp_path)
    made.write("photos/a b.jpg", photo())
    made.write("letter.txt", PLAIN + LETTER)
    made.write("plain.txt", PLAIN)
    made.write("cut.jpg", photo()[:90])
    return made


@pytest.mark.slow
@pytest.mark.parametrize("command", ["check", "inspect"])
def test_the_commands_speak_it(runs: Runs, command: str) -> None:
    done = runs.scrub(command, "in", "--format", "sarif")
    run = judged(done.stdout)
    assert run["invocations"][0]["exitCode"] == done.returncode
    found = results(run)
    assert ("error", "held/damaged", "in/cut.jpg") in found
    assert ("warning", "location/GPS_POSITION", "in/photos/a%20b.jpg") in found
    places = [one["locations"][0]["physicalLocation"] for one in run["results"]]
    lines = {place["artifactLocation"]["uri"]: place.get("region") for place in places}
    assert lines["in/letter.txt"]["startLine"] == 2
    assert lines["in/photos/a%20b.jpg"] is None
    for value in ("Quillfeather", "SN839201", "555", "jane.roe", str(runs.base)):
        assert value not in done.stdout


@pytest.mark.slow
def test_two_runs_are_the_same_bytes(runs: Runs) -> None:
    one, other = (runs.scrub("check", "in", "--format", "sarif").stdout for _ in range(2))
    assert one == other
