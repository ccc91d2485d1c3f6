"""Invented values: the same for one person, of the same grammar, from reserved ranges."""

from __future__ import annotations

import csv
import ipaddress
import json
import re
from pathlib import Path

import pytest
from stdnum import iban, luhn

from detectors.known import KnownValues
from detectors.placeholders import find_placeholders
from detectors.surrogates import ENTITIES, Surrogates
from scrubber.api import Options, clean
from scrubber.entities import CATALOGUE
from scrubber.policy import load_policy
from tests.runs import Runs

KEY = b"k" * 32
MADE = Surrogates(KEY)


def test_only_entities_of_the_catalogue() -> None:
    assert set(CATALOGUE) >= ENTITIES


def test_one_person_is_one_surrogate_in_every_grammar() -> None:
    one = MADE.of("PERSON", "Zoltana Quist")
    assert one is not None
    given, family = one.split()
    assert {given, family}.isdisjoint({"Zoltana", "Quist"})
    for value, expected in [
        ("Quist, Zoltana", f"{family}, {given}"),
        ("QUIST Zoltana", f"{family.upper()} {given}"),
        ("zoltana quist", one.lower()),
        ("Dr. Zoltana Quist's", f"Dr. {one}'s"),
        ("Zoltana van Quist", None),  # another name
    ]:
        made = MADE.of("PERSON", value)
        assert made == expected if expected else made != one
    for value, expected in [
        ("Quist", family),
        ("Zoltana", given),
        ("Z. Quist", f"{given[0]}. {family}"),
    ]:
        assert MADE.of("PERSON", value, "Zoltana Quist") == expected


def test_key_and_value_decide() -> None:
    values = [
        ("PERSON", "Zoltana Quist"),
        ("EMAIL_ADDRESS", "zoltana@quist.test"),
        ("USERNAME", "zq"),
    ]
    for entity, value in values:
        assert MADE.of(entity, value) == Surrogates(KEY).of(entity, value)
        assert MADE.of(entity, value) != Surrogates(b"x" * 32).of(entity, value)
    assert MADE.of("USERNAME", "zq") != MADE.of("USERNAME", "qz")


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("(212) 555-0147", r"\(\d{3}\) 555-01\d\d"),
        ("12125550147", r"1\d{3}55501\d\d"),
        ("555-0147", r"555-01\d\d"),
        ("+44 7911 123456", r"\+44 7700 900\d{3}"),
        ("020 7183 8750", r"0\d\d \d{4} \d{4}"),
        ("+49 30 1234567", r"\+1 \d{3}-555-01\d\d"),
        ("4930123456789", r"1\d{3}55501\d\d"),
    ],
)
def test_phones_keep_their_form_and_reach_nobody(value: str, shape: str) -> None:
    assert re.fullmatch(shape, MADE.of("PHONE_NUMBER", value) or "")


def test_the_rest_comes_from_reserved_ranges_with_right_check_digits() -> None:
    assert re.fullmatch(
        r"[a-z]+\.[a-z]+\d\d@example\.(com|net|org)", MADE.of("EMAIL_ADDRESS", "q@x.de") or ""
    )
    four = ipaddress.ip_address(MADE.of("IP_ADDRESS", "10.1.2.3") or "")
    nets = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
    assert any(four in ipaddress.ip_network(net) for net in nets)
    six = ipaddress.ip_address(MADE.of("IP_ADDRESS", "fe80::1") or "")
    assert six in ipaddress.ip_network("2001:db8::/32")
    assert (MADE.of("MAC_ADDRESS", "aa:bb:cc:dd:ee:ff") or "").startswith("00:00:5e:00:53:")
    for card in ("4111 1111 1111 1111", "378282246310005", "5500-0000-0000-0004"):
        made = MADE.of("CREDIT_CARD", card) or ""
        assert luhn.is_valid(re.sub(r"\D", "", made))
        assert re.sub(r"\d", "0", made) == re.sub(r"\d", "0", card)
    for account in ("GB82 WEST 1234 5698 7654 32", "DE89370400440532013000"):
        made = MADE.of("IBAN_CODE", account) or ""
        assert iban.is_valid(made, check_country=False)
        assert made[:2] == account[:2]
        assert len(made) == len(account)
        assert "0000" in made


@pytest.mark.parametrize(
    ("entity", "value"),
    [
        ("ADDRESS", "1 Quist St"),
        ("DATE_OF_BIRTH", "1990-01-02"),
        ("PASSWORD", "x"),
        ("IP_ADDRESS", "10.1.2.3/8"),
    ],
)
def test_what_has_no_surrogate_keeps_its_placeholder(entity: str, value: str) -> None:
    assert MADE.of(entity, value) is None


def test_no_surrogate_is_a_known_value() -> None:
    taken = [MADE.of("PERSON", "Zoltana Quist"), MADE.of("PHONE_NUMBER", "(212) 555-0147")]
    entities = ["PERSON", "PHONE_NUMBER"]
    known = KnownValues(
        (text or "", entity, "a/b.txt") for text, entity in zip(taken, entities, strict=True)
    )
    other = Surrogates(KEY, known)
    assert other.of("PERSON", "Zoltana Quist") not in (None, taken[0])
    assert other.of("PHONE_NUMBER", "(212) 555-0147") not in (None, taken[1])


LETTER = (
    "My name is Zoltana Quist. Then\nZoltana\nQuist spoke. "
    "Mr. Quist lives at 12 Example Street, Springfield.\n"
)
TABLE = (
    "full name,email,phone,ip,password\n"
    '"Quist, Zoltana",zoltana@quist.example,(212) 555-0147,10.20.30.40,hunter22x\n'
    "Marlowe Tan,marlowe.tan@quist.example,+44 7911 123456,10.20.30.41,swordfish9\n"
)
DATA = json.dumps({"author": "Zoltana Quist", "phone": "+1 212 555 0147", "n": 3})


def run(base: Path, jobs: int = 1, recipient: str = "", replace: str = "surrogates") -> Runs:
    runs = Runs(base)
    for name, text in (("a/letter.txt", LETTER), ("b/people.csv", TABLE), ("c/d.json", DATA)):
        runs.write(name, text)
    policy = load_policy("standard", {"text": {"replace": replace}})
    clean(
        Options((runs.inside,), runs.out, policy, audit_dir=base / "audit", recipient=recipient,
                jobs=jobs, isolate=jobs > 1),
        lambda *_: None,
    )  # fmt: skip
    return runs


def texts(runs: Runs) -> dict[str, str]:
    return {path.suffix: path.read_text() for path in sorted((runs.out / "data").rglob("*.*"))}


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    patch = pytest.MonkeyPatch()
    patch.setenv("SCRUB_DATA_HOME", str(tmp_path_factory.mktemp("home")))
    try:
        return run(tmp_path_factory.mktemp("one") / "base")
    finally:
        patch.undo()


@pytest.mark.slow
def test_a_batch_with_surrogates(batch: Runs) -> None:
    made = texts(batch)
    whole = "\n".join(made.values())
    for original in (
        "Zoltana",
        "Quist",
        "Marlowe",
        "quist.example",
        "0147",
        "10.20.30",
        "hunter",
        "7911",
    ):
        assert original.casefold() not in whole.casefold()
    rows = list(csv.DictReader(made[".csv"].splitlines()))
    family, given = rows[0]["full name"].split(", ")
    assert f"{given} {family}" in made[".txt"]
    assert f"Mr. {family}" in made[".txt"]
    assert made[".txt"].count("\n") == LETTER.count("\n")
    assert json.loads(made[".json"])["author"] == f"{given} {family}"
    assert json.loads(made[".json"])["n"] == 3
    assert re.fullmatch(r"\(\d{3}\) 555-01\d\d", rows[0]["phone"])
    assert list(find_placeholders(rows[0]["password"]))  # no surrogate: still a placeholder
    head = json.loads((batch.out / "manifest.json").read_text())
    assert head["predicate"]["process"]["surrogates"] == sorted(ENTITIES)


@pytest.mark.slow
def test_verify_holds_and_deep_only_counts(batch: Runs) -> None:
    assert batch.scrub("verify", batch.out).returncode == 0
    deep = batch.scrub("verify", "--deep", batch.out)
    assert deep.returncode == 1
    assert re.search(r"PERSON \(\d+, surrogates or left behind\)", deep.stdout)


@pytest.mark.slow
def test_workers_and_recipients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRUB_DATA_HOME", str(tmp_path / "home"))
    one = texts(run(tmp_path / "one", jobs=1))
    assert texts(run(tmp_path / "two", jobs=2)) == one
    other = texts(run(tmp_path / "buyer", recipient="buyer"))
    assert other[".json"] != one[".json"]
    assert (
        "surrogates"
        not in (run(tmp_path / "tags", replace="tags").out / "manifest.json").read_text()
    )
