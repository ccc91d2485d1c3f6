"""Dates, dates of birth and ages in the ways that people write them."""

import random

from training.fill_lists import words
from training.fill_numbers import spoken

MONTHS = words(
    "January February March April May June July August September October November December"
)
FOREIGN = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}  # fmt: skip
_FOREIGN = {language: months.split() for language, months in FOREIGN.items()}
DAYS = words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
UNITS = ("years old",) * 4 + ("years of age", "yrs old", "y/o", "yo", "y.o.", "yr old", "years")
ORDINALS = words(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first "
    "twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh "
    "twenty-eighth twenty-ninth thirtieth"
)


def _suffixed(day: int) -> str:
    if 10 < day < 20:
        return f"{day}th"
    return f"{day}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th') }"


def a_year(rng: random.Random) -> int:
    roll = rng.random()
    if roll < 0.75:
        return rng.randint(1985, 2028)
    return rng.randint(1890, 1984) if roll < 0.96 else rng.randint(1500, 1889)


def year(rng: random.Random) -> str:
    """A year alone."""
    return str(a_year(rng))


def month_year(rng: random.Random) -> str:
    """A month of a year."""
    month, when = rng.choice(MONTHS), a_year(rng)
    comma = ", " if rng.random() < 0.1 else " "
    return rng.choice((f"{month}{comma}{when}", f"{month[:3]} {when}", f"{month} of {when}"))


def iso(rng: random.Random, since: int = 0) -> str:
    """ISO 8601: 2024-05-03."""
    when = rng.randint(since, since + 60) if since else a_year(rng)
    return f"{when}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def stamp(rng: random.Random) -> str:
    """ISO 8601 with its time: 2024-05-03T08:15:00Z."""
    hour, minute, second = rng.randrange(24), rng.randrange(60), rng.randrange(60)
    zone = rng.choice(("Z", "Z", "+00:00", "+02:00", ".123Z"))
    return f"{iso(rng, 1980)}T{hour:02}:{minute:02}:{second:02}{zone}"


def numeric(rng: random.Random) -> str:
    """With slashes, dots or dashes, day or month first."""
    one, two, when = rng.randint(1, 28), rng.randint(1, 12), a_year(rng)
    if rng.random() < 0.5:
        one, two = two, one
    mark = rng.choice("///.-")
    short = f"{when % 100:02}" if rng.random() < 0.35 else str(when)
    if rng.random() < 0.5:
        return f"{one:02}{mark}{two:02}{mark}{short}"
    return f"{one}{mark}{two}{mark}{short}"


def long(rng: random.Random) -> str:
    """With the month's name and the year."""
    day, at, when = rng.randint(1, 28), rng.randrange(12), a_year(rng)
    month = MONTHS[at] if rng.random() < 0.7 else MONTHS[at][:3]
    roll = rng.random()
    if roll < 0.06:
        language = rng.choice(tuple(FOREIGN))
        joint = {"de": ". ", "es": " de ", "pt": " de "}.get(language, " ")
        last = " de " if language in ("es", "pt") else " "
        return f"{day}{joint}{_FOREIGN[language][at]}{last}{when}"
    return rng.choice(
        (
            f"{day} {month} {when}",
            f"{month} {day}, {when}",
            f"{month} {day}, {when}",
            f"{month} {_suffixed(day)}, {when}",
            f"{_suffixed(day)} {month} {when}",
            f"the {_suffixed(day)} of {month}, {when}",
            f"{rng.choice(DAYS)}, {day} {month} {when}",
            f"{rng.choice(DAYS)}, {month} {day}, {when}",
            f"{rng.choice(DAYS)[:3]} {day} {month} {when}",
            f"{day:02}-{month[:3].upper()}-{when}",
            f"{day}-{month[:3]}-{when % 100:02}",
        )
    ).removeprefix("the ")


def day_month(rng: random.Random) -> str:
    """A day without its year."""
    day, at = rng.randint(1, 28), rng.randrange(12)
    month = MONTHS[at] if rng.random() < 0.7 else MONTHS[at][:3]
    return rng.choice(
        (
            f"{day} {month}",
            f"{month} {day}",
            f"{month} {_suffixed(day)}",
            f"{_suffixed(day)} {month}",
            f"{_suffixed(day)} of {month}",
            f"{rng.choice(DAYS)}, {month} {day}",
            f"{rng.choice(DAYS)} {day} {month}",
            f"{day}.{at + 1}.",
            f"{at + 1}/{day}",
        )
    )


def in_words(rng: random.Random) -> str:
    """A date as it is spoken, without a figure."""
    month, day = rng.choice(MONTHS), rng.choice(ORDINALS)
    when = a_year(rng)
    century, rest = divmod(when, 100)
    tail = "hundred" if rest == 0 else spoken(rest) if rest > 9 else f"oh {spoken(rest)}"
    years = (
        f"two thousand {spoken(rest)}" if century == 20 and rest else f"{spoken(century)} {tail}"
    )
    if rng.random() < 0.5:
        return f"{day} of {month} {years}"
    return f"{month} {day} {years}"


def date(rng: random.Random) -> str:
    """Any date that names a day."""
    roll = rng.random()
    if roll < 0.38:
        return long(rng)
    if roll < 0.6:
        return numeric(rng)
    if roll < 0.75:
        return iso(rng)
    return day_month(rng) if roll < 0.97 else in_words(rng)


def birth(rng: random.Random) -> str:
    """A day of birth with its year."""
    roll = rng.random()
    if roll < 0.4:
        return iso(rng, 1930) if roll < 0.12 else numeric(rng)
    return long(rng) if roll < 0.92 else in_words(rng)


def ordinary_age(rng: random.Random) -> int:
    return rng.choice((rng.randint(1, 17), rng.randint(18, 60), rng.randint(18, 99)))


def age(rng: random.Random) -> str:
    """An age with its unit, as in "She is 34 years old"."""
    years = ordinary_age(rng)
    said = spoken(years) if rng.random() < 0.25 else str(years)
    if years < 3 and rng.random() < 0.5:
        return f"{rng.randint(2, 30)} {rng.choice(('months old', 'weeks old', 'months'))}"
    if years == 1:
        return f"{said} year old"
    return f"{said} {rng.choice(UNITS)}"


def bare_age(rng: random.Random) -> str:
    """The number alone, where the words around it say that it is an age."""
    years = ordinary_age(rng)
    return spoken(years) if rng.random() < 0.2 else str(years)


def young(rng: random.Random) -> str:
    """An age of a child."""
    years = rng.randint(1, 17)
    return spoken(years) if rng.random() < 0.4 else str(years)


def adjective_age(rng: random.Random) -> str:
    """As in "a 34-year-old nurse"."""
    years = max(2, ordinary_age(rng))
    said = spoken(years) if rng.random() < 0.2 else str(years)
    return rng.choice(("{}-year-old", "{}-year-old", "{} year old", "{}-yr-old", "{}yo")).format(
        said
    )


def decade_age(rng: random.Random) -> str:
    """As in "in her early 50s"."""
    tens = rng.randint(2, 9) * 10
    decades = words("twenties thirties forties fifties sixties seventies eighties nineties")
    part = rng.choice(("", "", "early ", "mid-", "late "))
    return rng.choice((f"{part}{tens}s", f"{part}{tens}'s", part + decades[tens // 10 - 2]))


def short_age(rng: random.Random) -> str:
    """As in a chat: 24f, 31 M, 7yo."""
    years = max(2, ordinary_age(rng))
    return rng.choice(
        (f"{years}{rng.choice('MFmf')}", f"{years}yo", f"{years} y/o", f"{years}yrs", f"{years}y")
    )
