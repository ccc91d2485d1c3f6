"""The creator's words: strict in the file, no default permission, nothing private in public."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from detectors.known import KnownValues
from reports.manifest import parse_head
from reports.papers import contract_fact
from reports.verify import verify_bag
from scrubber.canonical import canonical
from scrubber.claims import DATA_MINING, ENTRIES, KEYS, SECTIONS, check_public, rows
from scrubber.claims_file import Claims
from scrubber.config import load_config
from scrubber.disclosure import check_before, check_known
from scrubber.errors import UsageError
from tests.batches import make_batch
from tests.runs import LETTER, PLAIN, Runs, photo

WHOLE = """
publish_anyway = []

[declared]
title = "Harbour light"
creator = "Grey Heron"
country = ["NO", "PT"]
captured = "2024-05/2025-01"
language = "en"
synthetic = "none"

[rights]
cawg.ai_training = "allowed"
cawg.ai_inference = "notAllowed"
plus = "DMI-PROHIBITED-SEECONSTRAINT"
other_constraints = "Research only, see https://example.com/licence"

[rights.cawg.ai_generative_training]
use = "constrained"
constraint_info = "Only models that are not sold"

[terms]
exclusive = false
until = 2027-11-24
deletion = "at-end"
likeness = "prohibited"
sublicense = "prohibited"
reidentification = "prohibited"
reports = "quarterly"
contract = "contract.pdf"
"""


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    runs = Runs(tmp_path)
    runs.write("a.jpg", photo())
    return runs


def claims(tmp_path: Path, text: str) -> Claims:
    file = tmp_path / "scrub.toml"
    file.write_text(text, encoding="utf-8")
    return load_config(file).claims


def predicate(out: Path) -> dict[str, object]:
    found = parse_head((out / "manifest.json").read_bytes()).statement["predicate"]
    assert isinstance(found, dict)
    return found


def test_what_the_file_says_is_published_and_verified(runs: Runs) -> None:
    (runs.base / "scrub.toml").write_text(WHOLE)
    (runs.base / "contract.pdf").write_bytes(b"%PDF between Grey Heron and Example Models")
    done = runs.scrub()
    assert done.returncode == 0, done.stderr
    public = predicate(runs.out)
    assert public["declared"] == {
        "title": "Harbour light", "creator": "Grey Heron", "country": ["NO", "PT"],
        "captured": "2024-05/2025-01", "language": ["en"], "synthetic": "none",
    }  # fmt: skip
    rights = json.loads((runs.out / "rights.json").read_text("utf-8"))
    entries = rights["cawg.training-mining"]["entries"]
    assert entries["cawg.ai_training"] == {"use": "allowed"}
    assert entries["cawg.ai_generative_training"]["use"] == "constrained"
    assert "not sold" in entries["cawg.ai_generative_training"]["constraint_info"]
    assert "cawg.data_mining" not in entries  # nothing said, nothing permitted
    assert rights["plus:DataMining"].endswith("/vocab/DMI-PROHIBITED-SEECONSTRAINT")
    terms = public["terms"]
    assert isinstance(terms, dict)
    assert terms["until"] == "2027-11-24"
    assert "contract" not in terms
    assert runs.verified()
    card = (runs.out / "README.md").read_text("utf-8")
    border = card.index("## What the creator says")
    assert card.index("## Dataset Creation") < border < card.index("quarterly")
    for shown in ("Grey Heron", "notAllowed", "not sold", "yes" if terms["exclusive"] else "no"):
        assert shown in card[border:]


def test_only_a_salted_commitment_of_the_contract_is_public(runs: Runs) -> None:
    data = b"%PDF between Grey Heron and Example Models"
    (runs.base / "scrub.toml").write_text('[terms]\ncontract = "contract.pdf"\n')
    (runs.base / "contract.pdf").write_bytes(data)
    assert runs.scrub().returncode == 0
    digest = hashlib.sha256(data).hexdigest()
    everything = b"".join(p.read_bytes() for p in runs.out.rglob("*") if p.is_file())
    assert digest.encode() not in everything
    terms = predicate(runs.out)["terms"]
    assert isinstance(terms, dict)
    (log,) = runs.audit.glob("batches/*/log.jsonl")
    event = next(
        row for row in map(json.loads, log.read_text().splitlines()) if row["event"] == "contract"
    )
    # Who is shown the fact needs no code of ours: SHA-256 of a zero byte and the fact.
    opened = hashlib.sha256(b"\0" + event["fact"].encode()).hexdigest()
    assert opened == terms["contract_commit"]
    assert json.loads(event["fact"])["sha256"] == digest
    kept = runs.audit / event["file"]
    assert kept.read_bytes() == data
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "contract.pdf" not in log.read_text()


def test_two_batches_commit_to_one_contract_without_saying_so() -> None:
    one, other = contract_fact(b"k" * 32, "ab" * 32), contract_fact(b"l" * 32, "ab" * 32)
    assert one[1] != other[1]


def test_without_sections_nothing_is_said(runs: Runs) -> None:
    assert runs.scrub().returncode == 0
    assert not predicate(runs.out).keys() & set(SECTIONS)
    assert not (runs.out / "rights.json").exists()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('[rights]\ncawg.ai_trainin = "allowed"', "cawg.ai_training"),
        ('[rights]\n"cawg.ai_training" = "Allowed"', "notAllowed"),
        ('[rights]\n"cawg.ai_training" = "constrained"', "nothing says how"),
        ('[rights]\ncawg.ai_training = { use = "allowed", constraint_info = "x" }', "exactly if"),
        ('[rights]\ncawg.ai_training = { use = "constrained" }', "constraint_info"),
        ('[rights]\ncawg = "allowed"', "table"),
        ('[rights]\nplus = "DMI-PROHIBITED-AIMLTRAINING"\ncawg.ai_training = "allowed"', "plus"),
        ('[rights]\nplus = "DMI-ALLOWED"\ncawg.data_mining = "notAllowed"', "not allowed"),
        ('[rights]\nplus = "DMI-PROHIBITED-SEECONSTRAINT"', "other_constraints"),
        ('[rights]\nplus = "DMI-FORBIDDEN"', "DMI-PROHIBITED"),
        ("[rights]", "empty"),
        ('rights = "none"', "table"),
        ('[declared]\ntitel = "x"', "title"),
        ("[declared]\ntitle = 3", "text"),
        ('[declared]\ntitle = "  "', "empty"),
        ('[declared]\ntitle = "a\\nb"', "one line"),
        ('[declared]\ntitle = "a\\u202Eb"', "invisible"),
        (f'[declared]\ntitle = "{"x" * 201}"', "200"),
        ('[declared]\ncountry = "Norway"', "ISO 3166"),
        ('[declared]\ncountry = ["NO", "NO"]', "twice"),
        ("[declared]\ncountry = []", "1 to 20"),
        ('[declared]\ncaptured = "2024-05-02"', "month"),
        ('[declared]\ncaptured = "2025/2024"', "begin before"),
        ('[declared]\nlanguage = "English"', "tag"),
        ('[declared]\nsynthetic = "maybe"', "some"),
        ('[terms]\nexclusive = "false"', "true or false"),
        ('[terms]\nuntil = "soon"', "date"),
        ('[terms]\nuntil = "2027-02-30"', "date"),
        ("[terms]\nuntil = 2027-11-24T10:00:00Z", "date"),
        ('[terms]\nreports = "daily"', "quarterly"),
        ('[terms]\ncontract_commit = "00"', "only a run"),
        ('[terms]\ncontract = "gone.pdf"', "gone.pdf"),
        ("[terms]\ncontract = 7", "path"),
        ('publish_anyway = ["declared.maker"]', "Did you mean 'declared."),
        ('publish_anyway = "declared.creator"', "list"),
    ],
)
def test_a_mistake_in_the_file_is_an_error_with_a_hint(
    tmp_path: Path, text: str, hint: str
) -> None:
    with pytest.raises(UsageError) as caught:
        _ = claims(tmp_path, text)
    assert hint in str(caught.value)


def test_both_spellings_of_an_entry_are_one(tmp_path: Path) -> None:
    dotted = claims(tmp_path, '[rights]\ncawg.ai_training = "allowed"')
    quoted = claims(tmp_path, '[rights]\n"cawg.ai_training" = "allowed"')
    assert dotted == quoted
    with pytest.raises(UsageError, match="twice"):
        claims(
            tmp_path,
            '[rights]\n"cawg.ai_training" = "allowed"\ncawg.ai_training = "notAllowed"',
        )


# what must not become public ---------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "key", "value", "entity"),
    [
        ("declared", "creator", "jane.roe@example.com", "EMAIL_ADDRESS"),
        ("declared", "title", "Call +1 212 555 0147", "PHONE_NUMBER"),
        ("declared", "title", "Portraits of Jane Roe", "PERSON"),
        ("rights", "constraint_info", {"cawg.ai_training": "Ask jane.roe@example.com"}, "EMAIL"),
    ],
)
def test_what_looks_private_is_refused_and_not_repeated(
    section: str, key: str, value: object, entity: str
) -> None:
    with pytest.raises(UsageError) as caught:
        check_before(Claims({section: {key: value}}), [], "small")
    assert entity in str(caught.value)
    assert "publish_anyway" in str(caught.value)
    assert "roe" not in str(caught.value).lower().replace("declared", "")
    assert "0147" not in str(caught.value)


def test_an_alias_passes_and_the_people_list_does_not() -> None:
    said = Claims({"declared": {"creator": "Grey Heron"}})
    check_before(said, [], "small")
    with pytest.raises(UsageError, match=r"people\.toml"):
        check_before(said, [("Grey Heron", "PERSON")], "small")
    check_before(
        Claims(said.sections, anyway=("declared.creator",)), [("Grey Heron", "X")], "small"
    )


@pytest.mark.slow
def test_the_real_name_that_the_batch_removes_is_refused_unless_on_purpose(runs: Runs) -> None:
    """The trap: the creator's name stands in every photo, is removed, and is declared."""
    config = runs.base / "scrub.toml"
    config.write_text('[declared]\ncreator = "marlowe  QUILLFEATHER"\n')
    done = runs.scrub()
    assert done.returncode == 2
    assert "[declared] creator" in done.stderr
    assert 'publish_anyway = ["declared.creator"]' in done.stderr
    assert "quillfeather" not in done.stderr.lower()
    assert not runs.out.exists()
    dry = runs.scrub(runs.inside)
    assert dry.returncode == 2
    config.write_text(
        'publish_anyway = ["declared.creator"]\n[declared]\ncreator = "marlowe  QUILLFEATHER"\n'
    )
    done = runs.scrub()
    assert done.returncode == 0, done.stderr
    assert "QUILLFEATHER" in (runs.out / "manifest.json").read_text()
    assert runs.leftovers() == []


@pytest.mark.slow
def test_a_value_that_only_the_batch_teaches_is_refused_before_anything_is_published(
    runs: Runs,
) -> None:
    runs.write("Zyx Qwortle wedding/b.txt", PLAIN + LETTER)
    (runs.base / "scrub.toml").write_text('[declared]\ncreator = "by zyx-qwortle"\n')
    done = runs.scrub()
    assert done.returncode == 2
    assert "removed from the files of this batch" in done.stderr
    assert not runs.out.exists()
    said = Claims({"declared": {"title": "Quillfeather's"}})
    with pytest.raises(UsageError):
        check_known(said, KnownValues([("Quillfeather", "PERSON", "")]))


def test_a_contract_inside_the_input_is_refused(runs: Runs) -> None:
    runs.write("contract.pdf", b"%PDF")
    (runs.base / "scrub.toml").write_text('[terms]\ncontract = "in/contract.pdf"\n')
    done = runs.scrub()
    assert done.returncode == 2
    assert "inside the input" in done.stderr


# what others hand over ----------------------------------------------------------------

GOOD: dict[str, object] = {
    "declared": {"title": "Harbour"},
    "rights": {"cawg.ai_training": "notAllowed"},
    "terms": {"until": "2027-11-24"},
}


@pytest.mark.parametrize(
    "claims",
    [
        {"declared": {"note": "x"}},
        {"declared": "x"},
        {"declared": {}},
        {"declared": {"language": "en"}},  # the public form is a list
        {"rights": {"cawg.ai_training": "yes"}},
        {"rights": {"cawg.ai_training": "constrained"}},
        {"rights": {"constraint_info": {"cawg.other": "x"}}},
        {"terms": {"until": "tomorrow"}},
        {"terms": {"contract_commit": "zz"}},
        {"terms": {"contract": "file.pdf"}},
        {"terms": {"exclusive": 1}},
    ],
)
def test_malformed_sections_are_refused_by_verify(
    tmp_path: Path, claims: dict[str, object]
) -> None:
    with pytest.raises(ValueError):
        check_public(claims)
    from reports.rights import exports_of

    exports = {} if "rights" in claims else exports_of(claims)
    make_batch(tmp_path / "bag", claims=claims, exports=exports)
    report = verify_bag(tmp_path / "bag")
    assert "malformed" in {problem.code for problem in report.problems}


@pytest.mark.parametrize("data", [None, b"{}\n", b'{"plus:DataMining":"x"}\n'])
def test_rights_json_says_what_the_head_says(tmp_path: Path, data: bytes | None) -> None:
    from reports.rights import exports_of

    make_batch(tmp_path / "good", claims=GOOD, exports=exports_of(GOOD))
    assert verify_bag(tmp_path / "good").ok
    make_batch(tmp_path / "bag", claims=GOOD, exports={"rights.json": data} if data else {})
    report = verify_bag(tmp_path / "bag")
    assert [(p.path, p.code) for p in report.problems] == [("rights.json", "rights")]


def test_rights_json_without_rights_is_refused(tmp_path: Path) -> None:
    make_batch(tmp_path / "bag", exports={"rights.json": b"{}\n"})
    assert not verify_bag(tmp_path / "bag").ok


def test_every_key_is_documented_and_shown() -> None:
    page = (Path(__file__).parent.parent / "docs" / "rights.md").read_text("utf-8")
    names = {key for table in KEYS.values() for key in table} | {*ENTRIES, *DATA_MINING, "contract"}
    assert {name for name in names if f"`{name}`" not in page} == set()
    shown = list(rows({"terms": {"exclusive": False, "until": "2027-01-01"}}))
    assert shown == [("terms", "exclusive", "no"), ("terms", "until", "2027-01-01")]


def test_sections_are_canonical_json() -> None:
    assert canonical(GOOD)
