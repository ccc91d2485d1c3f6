"""A column is judged as a column: planted cases and their counter-cases."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from detectors.columns import Columns, is_measure
from detectors.spans import Span
from scrubber.api import Options, clean
from scrubber.containers import table
from scrubber.formats.labels import private_entity
from scrubber.looked import looked
from scrubber.model import Context
from scrubber.nesting import Parsed, parse
from scrubber.policy import load_policy
from scrubber.source import MemorySource
from tests.runs import Runs

KEY = 0, "1"
GUESTS = ["Zoltana Quist", "Marlowe Tan", "Ada Vex", "Bo Lirra", "Ines Okavu", "Tam Ferro",
          "Una Mox", "Pia Drell", "Kit Varn"]  # fmt: skip


class Scripted:
    """Finds what it is told, so that the column alone decides about the rest."""

    def __init__(self, found: dict[str, tuple[str, float, bool]]) -> None:
        self.found = found

    def detect(self, texts: Iterable[str], contexts: Iterable[Context]) -> list[list[Span]]:
        return [
            [Span(0, len(text), *row[:2], "test", row[2])] if row else []
            for text, row in ((text, self.found.get(text)) for text in texts)
        ]


def as_csv(header: str, values: list[str]) -> Parsed:
    out = io.StringIO()
    csv.writer(out).writerows([["n", header], *([str(i), v] for i, v in enumerate(values))])
    return parse(MemorySource(out.getvalue().encode()), table()["csv"])


def as_jsonl(key: str, values: list[str]) -> Parsed:
    rows = (json.dumps({"n": i, key: v}) for i, v in enumerate(values))
    return parse(MemorySource("\n".join(rows).encode()), table()["jsonl"])


def hits_in(parsed: Parsed, found: dict[str, tuple[str, float, bool]]) -> dict[str, str]:
    """What counts in the end: value → entity."""
    return {
        row[4].text[hit.start : hit.end]: hit.entity
        for row, hits, _ in looked(parsed, Scripted(found))
        for hit in hits
    }


PEOPLE = dict.fromkeys(GUESTS[:8], ("PERSON", 0.9, False))


@pytest.mark.parametrize("form", [as_csv, as_jsonl])
def test_a_column_of_names_is_masked_whole(form) -> None:  # type: ignore[no-untyped-def]  # two functions
    found = hits_in(form("who", [*GUESTS, "n/a"]), PEOPLE)
    assert found == dict.fromkeys(GUESTS, "PERSON")


@pytest.mark.parametrize(
    ("header", "values", "found"),
    [
        ("brand", GUESTS, PEOPLE),  # a header for things
        ("who", GUESTS, dict.fromkeys(GUESTS[:6], ("PERSON", 0.9, False))),  # too few
        ("who", GUESTS, dict.fromkeys(GUESTS[:8], ("PERSON", 0.3, True))),  # only guesses
        ("who", GUESTS, dict.fromkeys(GUESTS[:8], ("ORGANIZATION", 0.9, False))),  # no such column
        ("who", [*GUESTS[:2]] * 20, PEOPLE),  # two values, however often
    ],
)
def test_a_column_that_may_be_another_is_judged_cell_by_cell(
    header: str, values: list[str], found: dict[str, tuple[str, float, bool]]
) -> None:
    assert set(hits_in(as_csv(header, values), found)) == set(found) & set(values)


def test_part_of_a_cell_is_no_cell() -> None:
    columns = Columns()
    for number in range(20):
        columns.see(
            KEY, "note", f"Ada Vex called {number}", [Span(0, 7, "PERSON", 0.9, "test")], False
        )
    assert columns.private() == {}


PHONE = ("PHONE_NUMBER", 0.7, False)
CARD = ("CREDIT_CARD", 0.7, False)
PRICES = [f"{n}.50" for n in range(60)]


def test_one_price_is_no_phone_number() -> None:
    assert hits_in(as_csv("Preis (EUR)", [*PRICES, "943 476 5919"]), {"943 476 5919": PHONE}) == {}


@pytest.mark.parametrize(
    ("header", "value", "hit", "others"),
    [
        ("note", "943 476 5919", PHONE, PRICES),  # the header does not say so
        ("phone total", "943 476 5919", PHONE, PRICES),  # it says otherwise
        ("price", "943 476 5919", PHONE, PRICES[:5]),  # not few of many
        ("price", "943 476 5919", PHONE, ["a b"] * 60),  # no numbers
        ("price", "020 7946 0123", PHONE, PRICES),  # no quantity has a leading zero
        ("price", "943 476 5919", ("PHONE_NUMBER", 0.9, False), PRICES),  # too sure
        ("price", "4111111111111111", CARD, PRICES),  # check digits
        ("price", "ada@example.com", ("EMAIL_ADDRESS", 0.7, True), PRICES),
    ],
)
def test_what_is_no_accident_counts(
    header: str, value: str, hit: tuple[str, float, bool], others: list[str]
) -> None:
    assert value in hits_in(as_csv(header, [*others, value]), {value: hit})


def test_what_was_masked_counts_as_what_it_was() -> None:
    from detectors.placeholders import placeholder

    marks = [placeholder(b"k" * 32, "PERSON", name) for name in GUESTS[:8]]
    assert hits_in(as_csv("who", [*marks, GUESTS[8]]), {}) == {GUESTS[8]: "PERSON"}


def test_counters_are_bounded() -> None:
    columns = Columns()
    for number in range(5_000):
        columns.see((0, str(number % 3_000)), "who", str(number), [], True)
    assert len(columns._columns) == 2_000
    for number in range(9_000):
        columns.see((0, "1"), "who", str(number), [], True)
    assert len(columns._columns[0, "1"].seen) == 4_096


@pytest.mark.parametrize(
    ("header", "says"),
    [("price", True), ("Preis (EUR)", True), ("order.items.price", True), ("quantité", True),
     ("liczba", True), ("y", True), ("tax id", False), ("name", False), ("phone", False),
     ("number", False), ("value", False), ("price.phone", False)],
)  # fmt: skip
def test_headers_that_name_quantities(header: str, says: bool) -> None:
    assert is_measure(header) is says


@pytest.mark.parametrize(
    ("headers", "entity"),
    [
        (["e-mail", "E-Mail-Adresse", "adresse e-mail", "correo electrónico", "indirizzo email",
          "e-mailadres", "adres e-mail", "endereço de e-mail"], "EMAIL_ADDRESS"),
        (["phone", "Telefonnummer", "téléphone", "teléfono", "numero di telefono",
          "telefoonnummer", "numer telefonu", "telemóvel"], "PHONE_NUMBER"),
        (["surname", "Nachname", "nom de famille", "apellidos", "cognome", "achternaam", "nazwisko",
          "nome completo"], "PERSON"),
        (["date of birth", "Geburtsdatum", "date de naissance", "fecha de nacimiento",
          "data di nascita", "geboortedatum", "data urodzenia", "data de nascimento"],
         "DATE_OF_BIRTH"),
        (["street", "Straße", "adresse postale", "dirección", "indirizzo", "straatnaam", "ulica",
          "morada"], "ADDRESS"),
        (["postcode", "PLZ", "code postal", "código postal", "codice postale", "postcode",
          "kod pocztowy", "código postal"], "POSTCODE"),
        (["password", "Kennwort", "mot de passe", "contraseña", "parola chiave", "wachtwoord",
          "hasło", "palavra-passe"], "PASSWORD"),
        (["national id", "Steuernummer", "numéro de sécurité sociale", "DNI", "codice fiscale",
          "burgerservicenummer", "PESEL", "NIF"], "NATIONAL_ID"),
    ],
)  # fmt: skip
def test_common_fields_in_eight_languages(headers: list[str], entity: str) -> None:
    assert [private_entity(header) for header in headers] == [entity] * 8


@pytest.mark.slow
def test_whole_runs_agree_and_settle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One and two workers write the same; cleaned again, nothing changes."""
    monkeypatch.setenv("SCRUB_DATA_HOME", str(tmp_path / "home"))
    guests = [*GUESTS, "Jane Miller", "Peter Jones", "Susan Clarke", "zzq ixx"]
    rows = [f"{guest},{number}.50" for number, guest in enumerate(guests)]
    rows += [f"Peter Jones,{number}" for number in range(60)]
    table_text = "\n".join(["who,price", *rows, "Susan Clarke,943 476 5919"]) + "\n"

    def out(name: str, text: str, jobs: int) -> str:
        runs = Runs(tmp_path / name)
        runs.write("a.csv", text)
        clean(
            Options((runs.inside,), runs.out, load_policy("standard"), tmp_path / name / "audit",
                    jobs=jobs, isolate=jobs > 1),
            lambda *_: None,
        )  # fmt: skip
        (made,) = (runs.out / "data").rglob("*.csv")
        return made.read_text()

    one = out("one", table_text, 1)
    assert "zzq" not in one
    assert "943 476 5919" in one
    assert out("two", table_text, 2) == one
    assert out("again", one, 1) == one
