"""Slots: what may stand in a template's braces, which label it has, and how it is filled.

A slot is `{kind}`, `{kind.view}`, `{kind1.view}` or any of them with `|change`. Slots with the
same number speak of the same thing: `{person1}`, `{person1.first}` and `{email1}` are one person's.
"""

import random
import re
from collections.abc import Callable
from functools import partial

from training import (
    fill_addresses,
    fill_dates,
    fill_groups,
    fill_numbers,
    fill_online,
    fill_people,
    fill_places,
    fill_plain,
    fill_words,
)
from training.fill_people import Person

Draw = Callable[[random.Random], str]
OfPerson = Callable[[random.Random, Person], str]
SLOT = re.compile(r"\{([a-z]+)(\d*)((?:\.[a-z]+)*)(?:\|([a-z]+))?\}")

PERSONAL: dict[str, tuple[str, OfPerson]] = {
    "person": ("PERSON", fill_people.anyhow),
    "person.full": ("PERSON", lambda rng, who: who.plain),
    "person.first": ("PERSON", lambda rng, who: who.first),
    "person.last": ("PERSON", lambda rng, who: who.last),
    "person.plural": ("PERSON", lambda rng, who: who.last + "s"),
    "person.middle": ("PERSON", lambda rng, who: who.middle or who.first[0] + "."),
    "person.nick": ("PERSON", lambda rng, who: who.nick),
    "person.call": ("PERSON", lambda rng, who: rng.choice((who.first, who.first, who.nick))),
    "person.index": ("PERSON", fill_people.last_first),
    "person.cited": ("PERSON", fill_people.cited),
    "person.initial": ("PERSON", lambda rng, who: f"{who.first[0]}. {who.last}"),
    "person.letters": ("PERSON", fill_people.initials),
    "email": ("EMAIL", lambda rng, who: fill_online.email(rng, who)),
    "email.spelled": ("EMAIL", lambda rng, who: fill_online.spelled_email(rng, who)),
    "login": ("USERNAME", lambda rng, who: fill_online.login(rng, who)),
    "handle": ("USERNAME", lambda rng, who: fill_online.handle(rng, who)),
}
PLAIN: dict[str, tuple[str, Draw]] = {
    "email.any": ("EMAIL", fill_online.email),
    "tag": ("USERNAME", fill_online.tag),
    "place": ("LOCATION", fill_places.anywhere),
    "city": ("LOCATION", fill_places.city),
    "town": ("LOCATION", fill_places.town),
    "country": ("LOCATION", fill_places.country),
    "region": ("LOCATION", fill_places.region),
    "spot": ("LOCATION", fill_places.spot),
    "pair": ("LOCATION", fill_places.pair),
    "state": ("LOCATION", lambda rng: rng.choice(fill_addresses.STATES)),
    "address": ("ADDRESS", fill_addresses.one_line),
    "address.lines": ("ADDRESS", fill_addresses.many_lines),
    "address.part": ("ADDRESS", fill_addresses.partial),
    "street": ("ADDRESS", fill_addresses.street),
    "postcode": ("ADDRESS", fill_addresses.postcode),
    "crossing": ("ADDRESS", fill_addresses.crossing),
    "box": ("ADDRESS", lambda rng: ", ".join(fill_addresses.box(rng))),
    "org": ("ORGANIZATION", fill_groups.organization),
    "company": ("ORGANIZATION", fill_groups.company),
    "school": ("ORGANIZATION", fill_groups.school),
    "hospital": ("ORGANIZATION", fill_groups.hospital),
    "team": ("ORGANIZATION", fill_groups.team),
    "agency": ("ORGANIZATION", fill_groups.public_body),
    "local": ("ORGANIZATION", fill_groups.local_body),
    "date": ("DATE", fill_dates.date),
    "date.iso": ("DATE", fill_dates.iso),
    "date.stamp": ("DATE", fill_dates.stamp),
    "date.long": ("DATE", fill_dates.long),
    "date.numeric": ("DATE", fill_dates.numeric),
    "date.day": ("DATE", fill_dates.day_month),
    "date.words": ("DATE", fill_dates.in_words),
    "dob": ("DATE", fill_dates.birth),
    "year": ("DATE", fill_dates.year),
    "monthyear": ("DATE", fill_dates.month_year),
    "age": ("AGE", fill_dates.age),
    "age.bare": ("AGE", fill_dates.bare_age),
    "age.figure": ("AGE", lambda rng: str(fill_dates.ordinary_age(rng))),
    "age.aged": ("AGE", lambda rng: "aged " + fill_dates.bare_age(rng)),
    "age.young": ("AGE", fill_dates.young),
    "age.adj": ("AGE", fill_dates.adjective_age),
    "age.decade": ("AGE", fill_dates.decade_age),
    "age.short": ("AGE", fill_dates.short_age),
    "phone": ("PHONE", fill_numbers.phone),
    "phone.spoken": ("PHONE", fill_numbers.spoken_phone),
    "nation": ("NRP", fill_groups.nation),
    "belief": ("NRP", fill_groups.belief),
    "people": ("NRP", fill_groups.people),
    "brand": ("", fill_plain.brand),
    "software": ("", fill_plain.software),
    "title": ("", fill_plain.title),
    "heading": ("", fill_plain.heading),
    "event": ("", fill_plain.event),
    "month": ("", fill_plain.month),
    "weekday": ("", fill_plain.weekday),
    "relation": ("", fill_plain.relation),
    "job": ("", fill_plain.job),
    "ill": ("", fill_plain.ill),
    "drug": ("", fill_plain.drug),
    "thing": ("", fill_plain.thing),
    "emoji": ("", fill_plain.emoji),
    "slang": ("", fill_plain.slang),
    "honorific": ("", lambda rng: rng.choice(fill_people.TITLES)),
    "formal": ("", lambda rng: rng.choice(fill_people.FORMAL)),
    "money": ("", fill_numbers.money),
    "quantity": ("", fill_numbers.quantity),
    "version": ("", fill_numbers.version),
    "clock": ("", fill_numbers.clock),
    "timecode": ("", fill_numbers.timecode),
    "num": ("", fill_numbers.number),
    "int": ("", lambda rng: str(rng.choice((rng.randint(10, 99), rng.randint(100, 9999))))),
    "small": ("", lambda rng: str(rng.randint(2, 30))),
    "digit": ("", lambda rng: str(rng.randint(0, 9))),
    "ordinal": ("", fill_numbers.ordinal),
    "hex": ("", fill_numbers.hexes),
    "code": ("", fill_numbers.measure_pin),
    "link": ("", fill_online.link),
    "ip": ("", fill_online.address),
    "noun": ("", fill_words.noun),
    "adj": ("", fill_words.adjective),
    "did": ("", fill_words.action),
    "adv": ("", fill_words.adverb),
    "where": ("", fill_words.place),
    "when": ("", fill_words.when),
    "start": ("", fill_words.start),
    "view": ("", fill_words.view),
    "doer": ("", fill_words.doer),
    "sentence": ("", fill_words.sentence),
    "paragraph": ("", fill_words.paragraph),
    "words.title": ("", fill_words.title_case),
}
for _kind in fill_numbers.IDS:
    PLAIN[f"id.{_kind}"] = ("ID", partial(fill_numbers.identity, kind=_kind))
for _country in fill_addresses.COUNTRIES:
    PLAIN[f"address.{_country}"] = ("ADDRESS", partial(fill_addresses.one_line, country=_country))
for _country in fill_numbers.PHONES:
    PLAIN[f"phone.{_country}"] = ("PHONE", partial(fill_numbers.phone, country=_country))

CHANGES: dict[str, Callable[[random.Random, str], str]] = {
    "lower": lambda rng, text: text.lower(),
    "upper": lambda rng, text: text.upper(),
    "title": lambda rng, text: text.title(),
    "cap": lambda rng, text: text[:1].upper() + text[1:],
    "any": lambda rng, text: text.lower() if rng.random() < 0.5 else text,
    "glued": lambda rng, text: re.sub(r"\W", "", text),
    "dashed": lambda rng, text: re.sub(r"\W+", "-", text),
    "snake": lambda rng, text: re.sub(r"\W+", "_", text),
}


def label_of(key: str) -> str | None:
    """The label of a slot ("" for none), or None where there is no such slot."""
    row = PERSONAL.get(key) or PLAIN.get(key)
    return row[0] if row else None


class Cast:
    """The people and things of one text."""

    __slots__ = ("_people", "_rng", "_said")

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._people: dict[str, Person] = {}
        self._said: dict[tuple[str, str], str] = {}

    def value(self, key: str, number: str) -> str:
        """The value of a slot; the same again for the same key and number."""
        if not number:
            return self._fresh(key, "")
        said = self._said.get((key, number))
        if said is None:
            said = self._said[key, number] = self._fresh(key, number)
        return said

    def _fresh(self, key: str, number: str) -> str:
        personal = PERSONAL.get(key)
        if personal is None:
            return PLAIN[key][1](self._rng)
        return personal[1](self._rng, self._person(number))

    def _person(self, number: str) -> Person:
        if not number:
            return fill_people.person(self._rng)
        if number not in self._people:
            self._people[number] = fill_people.person(self._rng)
        return self._people[number]
