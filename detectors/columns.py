"""A column of a table judged as a whole: what most of its cells are, all are.

Two verdicts, each from what the header says and from counts over all cells. A column in
which nearly every different value is a name, an address or a number of one kind is private
as a whole, also where a detector misses one. A column of measures, by its header and by its
cells, holds no phone number because one price has the shape of one. Counters are bounded:
so many columns, so many different values of each.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol, TypeVar

from detectors.context import words
from detectors.labels import meaning
from detectors.spans import SECRETS

MOST_COLUMNS = 2_000
MOST_VALUES = 4_096  # different values of one column that count
LEAST_VALUES = 8
SHARE = 0.8  # of the different values, without a header that says so
LEAST_TOLD, SHARE_TOLD = 3, 0.5  # with one
NUMERIC = 0.95
ACCIDENTS = 0.05  # of a column of measures may look like something else
_LONGEST = 200  # code points of a cell that is one value
SURE = 0.85  # an accident is no surer than this

WHOLE = SECRETS | {
    "PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "ADDRESS", "USERNAME", "SOCIAL_HANDLE",
    "NATIONAL_ID", "MEDICAL_ID", "PASSPORT", "DRIVER_LICENSE", "LICENSE_PLATE", "IBAN_CODE",
    "BANK_ACCOUNT", "CREDIT_CARD", "CRYPTO", "IP_ADDRESS", "MAC_ADDRESS", "DATE_OF_BIRTH",
}  # fmt: skip
"""Entities that a column can be made of."""
_SHAPES = frozenset(
    {"PHONE_NUMBER", "ACCOUNT_ID", "BANK_ACCOUNT", "PASSPORT", "DRIVER_LICENSE", "POSTCODE",
     "LICENSE_PLATE", "COORDINATES", "DATE", "AGE"}
)  # fmt: skip
"""Found by their shape: an accident can look so. Numbers with check digits are not here."""
_MEASURE_WORDS = """
price prices amount amounts total subtotal sum count counts quantity qty size width height depth
length weight mass area volume distance duration seconds minutes hours score rating rank ratio
percent percentage rate x y z px pixel pixels left top right bottom views likes
downloads bytes kb mb cost costs revenue sales profit balance budget discount tax vat population
temperature speed min max mean median avg average std variance offset frame frames index
preis preise betrag summe anzahl menge grosse breite hohe lange gewicht flache dauer kosten
umsatz gewinn anteil prozent einwohner
prix montant somme nombre quantite taille largeur hauteur longueur poids surface duree cout
couts taux pourcentage
precio precios importe cantidad suma tamano ancho alto altura largo peso superficie duracion
coste costo porcentaje
prezzo prezzi importo somma quantita dimensione larghezza altezza lunghezza durata costo
percentuale
prijs prijzen bedrag som aantal hoeveelheid grootte breedte hoogte lengte gewicht oppervlakte duur
kosten
cena ceny kwota suma liczba ilosc rozmiar szerokosc wysokosc dlugosc waga powierzchnia koszt
procent
preco precos montante soma quantidade tamanho largura comprimento peso duracao custo percentagem
"""
_MEASURES = frozenset(_MEASURE_WORDS.split())
_THING_WORDS = """
product products item items article company organisation organization employer brand model title
category type kind class genre city town country state region place location team club song track
album film movie book chapter species genus breed street color colour material language currency
status department project task event label tag topic subject word term sentence
produkt artikel firma unternehmen marke titel kategorie typ stadt ort land region verein sprache
produit entreprise societe marque titre categorie ville pays langue
producto empresa marca titulo categoria ciudad pais idioma
prodotto azienda marca titolo categoria citta paese lingua
product bedrijf merk titel categorie stad plaats land taal
produkt firma marka tytul kategoria miasto kraj jezyk
produto empresa marca titulo categoria cidade pais idioma
"""
_THINGS = frozenset(_THING_WORDS.split())
_CODE_WORDS = """
sku code codes model part parts article item items product products ean upc asin gtin batch lot
colour color version firmware artikelnummer artikel modell produkt bestellnummer ref
"""
_CODES = frozenset(_CODE_WORDS.split())
_MISSING = frozenset(
    [
        "n/a",
        "na",
        "none",
        "null",
        "nan",
        "nil",
        "unknown",
        "yes",
        "no",
        "true",
        "false",
        "-",
        "test",
    ]
)


class Hit(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def entity(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def weak(self) -> bool: ...


AnyHit = TypeVar("AnyHit", bound=Hit)


@lru_cache(maxsize=1024)
def is_measure(label: str) -> bool:
    """Does a header or the last key of a path name a quantity, and nothing private?"""
    told = _words(label)
    if not told or meaning(label) is not None:
        return False
    return told[0] in _MEASURES or told[-1] in _MEASURES


@lru_cache(maxsize=1024)
def names_codes(label: str) -> bool:
    """Does a header or the last key of a path speak of codes of things?"""
    told = _words(label)
    return bool(told) and meaning(label) is None and not _CODES.isdisjoint((told[0], told[-1]))


def is_accident(hit: Hit, text: str) -> bool:
    """May `hit` be a quantity that only has the shape of something? Not with a leading zero or
    plus, which no quantity has, and not when its check digits are right."""
    value = text.strip()
    code = value[:1] == "+" or (value[:1] == "0" and value[1:2].isdigit())
    shaped = hit.entity in _SHAPES or hit.weak
    return shaped and hit.score < SURE and not code and hit.entity not in SECRETS


def is_missing(text: str) -> bool:
    """A cell that says that there is no value."""
    return text.strip().casefold() in _MISSING or not any(map(str.isalnum, text))


@dataclass(slots=True)
class _Column:
    label: str
    cells: int = 0
    numbers: int = 0  # in which nothing but accidents was found
    accidents: int = 0
    seen: set[bytes] = field(default_factory=set)
    whole: Counter[str] = field(default_factory=Counter)  # different values that are one entity
    strong: Counter[str] = field(default_factory=Counter)


class Columns:
    """Counts what stands in the columns of one file, cell by cell, in any order."""

    def __init__(self) -> None:
        self._columns: dict[tuple[int, str], _Column] = {}

    def see(
        self, key: tuple[int, str], label: str, text: str, hits: Iterable[AnyHit], number: bool
    ) -> list[AnyHit]:
        """Counts one cell. Gives back the hits that may be accidents: they wait for `settled`."""
        column = self._column(key, label)
        if column is None or is_missing(text):
            return []
        found = list(hits)
        waiting = [hit for hit in found if number and is_measure(label) and is_accident(hit, text)]
        column.cells += 1
        column.accidents += bool(waiting)
        column.numbers += number and len(waiting) == len(found)
        self._count(column, text, found)
        return waiting

    def see_masked(self, key: tuple[int, str], label: str, text: str, entity: str) -> None:
        """Counts a cell that was masked before, as what it was."""
        column = self._column(key, label)
        if column is not None:
            column.cells += 1
            if self._is_new(column, text):
                column.whole[entity] += 1
                column.strong[entity] += 1

    def _column(self, key: tuple[int, str], label: str) -> _Column | None:
        column = self._columns.get(key)
        if column is None and len(self._columns) < MOST_COLUMNS:
            column = self._columns[key] = _Column(label)
        return column

    def _count(self, column: _Column, text: str, hits: Sequence[Hit]) -> None:
        if not self._is_new(column, text):
            return
        for entity in sorted({hit.entity for hit in hits}):
            same = [hit for hit in hits if hit.entity == entity]
            if _covered(text, same):
                column.whole[entity] += 1
                column.strong[entity] += not all(hit.weak for hit in same)

    def _is_new(self, column: _Column, text: str) -> bool:
        digest = hashlib.blake2b(text.strip().encode("utf-8", "replace"), digest_size=8).digest()
        if digest in column.seen or len(column.seen) >= MOST_VALUES:
            return False
        column.seen.add(digest)
        return True

    def are_accidents(self, key: tuple[int, str]) -> bool:
        """Whether the hits that wait in this column are none."""
        column = self._columns[key]
        numeric = column.numbers >= NUMERIC * column.cells
        return numeric and column.accidents <= ACCIDENTS * column.cells

    def private(self) -> dict[tuple[int, str], str]:
        """Columns that are private as a whole, and what their cells are."""
        judged = {key: _entity_of(column) for key, column in self._columns.items()}
        return {key: entity for key, entity in judged.items() if entity}


def _entity_of(column: _Column) -> str:
    if not column.whole:
        return ""
    entity, often = max(column.whole.items(), key=lambda row: (row[1], row[0]))
    told = meaning(column.label) if column.label else None
    agrees = told is not None and told.entity == entity
    least, share = (LEAST_TOLD, SHARE_TOLD) if agrees else (LEAST_VALUES, SHARE)
    thing = entity == "PERSON" and not _THINGS.isdisjoint(_words(column.label))
    most = often >= least and often >= share * len(column.seen)
    sure = 2 * column.strong[entity] >= often
    return entity if entity in WHOLE and most and sure and not thing else ""


def _covered(text: str, hits: Sequence[Hit]) -> bool:
    """Do `hits` hold all letters and digits of the cell?"""
    return len(text) <= _LONGEST and not any(
        char.isalnum() and not any(hit.start <= at < hit.end for hit in hits)
        for at, char in enumerate(text)
    )


def _words(label: str) -> tuple[str, ...]:
    """The words of a header, without accents; of a path only the last key counts."""
    last = label.rpartition(".")[2] if " " not in label else label
    folded = unicodedata.normalize("NFKD", last.replace("ß", "ss").replace("ł", "l"))
    return words("".join(char for char in folded if not unicodedata.combining(char)))
