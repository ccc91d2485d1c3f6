"""Other forms of names: which count everywhere, and which only near."""

from __future__ import annotations

import pytest

from detectors.known import KnownValues, gate
from detectors.name_forms import forms_of_address, forms_of_name
from scrubber.model import Seed
from scrubber.seeds import from_name, with_forms


def wide(name: str) -> set[str]:
    return {form.text for form in forms_of_name(name) if not form.near}


def near(name: str) -> set[str]:
    return {form.text for form in forms_of_name(name) if form.near}


def test_the_family_name_first_counts_everywhere() -> None:
    assert wide("Zoltana Quist") == {"Quist Zoltana", "Quist, Zoltana"}
    assert wide("Zoltana M. Quist") >= {"M Quist, Zoltana"}
    assert "Zoltana Quist" in wide("Zoltana Maria Quist")


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("Jürgen Größler", "Juergen Groessler"),
        ("Jürgen Größler", "Jurgen Grossler"),
        ("Søren Ås", "Soeren Aas"),
        ("Иван Петров", "Ivan Petrov"),
        ("Ελένη Παππά", "Eleni Pappa"),
    ],
)
def test_other_scripts_and_accents(name: str, latin: str) -> None:
    assert latin in wide(name)


def test_parts_initials_and_logins_count_near() -> None:
    assert near("Zoltana van der Quist") >= {
        "Zoltana", "Quist", "Z. Quist", "Zoltana Q.", "zquist", "zoltanaq", "quistz",
    }  # fmt: skip
    assert "van" not in near("Zoltana van der Quist")


@pytest.mark.parametrize("name", ["Zoltana", "", "Dr. Quist", "J. R.", "a bb ccc dd ee ff gg"])
def test_what_is_no_full_name_has_no_forms(name: str) -> None:
    assert not list(forms_of_name(name))


def test_what_an_address_says() -> None:
    assert [(f.text, f.entity) for f in forms_of_address("zoltana.quist+x@example.com")] == [
        ("zoltana quist", "PERSON")
    ]
    assert [(f.text, f.entity) for f in forms_of_address("quillfeather@example.com")] == [
        ("quillfeather", "USERNAME")
    ]
    for plain in ("info@example.com", "press.office@example.com", "ann@example.com"):
        assert not list(forms_of_address(plain))


def test_near_forms_hold_in_their_folder_alone() -> None:
    seeds = list(from_name("trip/Zoltana Quist/notes.txt"))
    kept, _ = gate((seed.text, seed.entity, seed.scope) for seed in seeds)
    known = KnownValues(kept)
    assert known.find("we saw Zoltana there", "trip/Zoltana Quist/notes.txt")
    assert known.find("by Z. Quist", "trip/Zoltana Quist/b.txt")
    assert not known.find("we saw Zoltana there", "other.txt")
    assert known.find("Quist, Zoltana", "other.txt")


def test_without_a_place_no_part_is_taught() -> None:
    seed = Seed("PERSON", "Zoltana Quist", "", "people")
    assert {s.text for s in with_forms(seed, "")} == {"Quist Zoltana", "Quist, Zoltana"}
