"""Numbers that point at a person or a thing of theirs, and the plain numbers that do not."""

import random

from training.fill_addresses import digits
from training.fill_lists import words

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
# 9 a digit, A a capital letter, a a small letter, X a capital letter or digit, h a hex digit;
# after ~ two letters stand as they are.
PHONES = {
    "us": "(999) 555-0199|999-555-0199|999.555.0199|+1 999 555 0199|+1-999-555-0199|1-999-555-0199|"
    "999 555 0199|9995550199|+19995550199|555-0199|(999)555-0199|999/555-0199|(299) 299-9999|"
    "399-499-9999|599.699.9999|+1 799 899-9999|(899) 799-9999|6995999999|999-9999|+1 (499) 399-9999",
    "uk": "07700 900999|+44 7700 900999|020 7946 0999|+44 20 7946 0999|0113 496 0999|07700900999|"
    "+44 (0)161 496 0999|01632 960999|0044 7700 900999",
    "de": "030 99999999|+49 30 9999999|0171 9999999|+49 (0)89 9999-999|0221/999999|+49-151-99999999|"
    "0049 40 999999|09281 99999",
    "fr": "06 99 99 99 99|01 99 99 99 99|+33 6 99 99 99 99|0699999999|+33 (0)1 99 99 99 99|"
    "06.99.99.99.99",
    "world": "+34 699 999 999|+39 06 9999 9999|+39 339 9999999|+351 919 999 999|+31 6 99999999|"
    "+32 499 99 99 99|+41 79 999 99 99|+43 664 9999999|+48 699 999 999|+420 699 999 999|"
    "+46 70 999 99 99|+47 999 99 999|+45 99 99 99 99|+358 40 999 9999|+353 87 999 9999|"
    "+61 4 9999 9999|0499 999 999|(02) 9999 9999|+64 21 999 9999|+91 99999 99999|099999 99999|"
    "+91-9999999999|+55 (11) 99999-9999|+55 11 9 9999-9999|+52 55 9999 9999|+54 9 11 9999-9999|"
    "+81 90-9999-9999|03-9999-9999|+82 10-9999-9999|+65 9999 9999|+27 82 999 9999|+254 722 999999|"
    "+234 803 999 9999|+63 917 999 9999|+90 532 999 99 99|+7 999 999-99-99|+86 139 9999 9999|"
    "+852 9999 9999|+972 52-999-9999|+971 50 999 9999|+20 10 9999 9999|+380 67 999 99 99|"
    "+40 721 999 999|+36 30 999 9999|+30 694 999 9999|0900 9999999|087 999 9999",
}
IDS = {
    "ssn": "999-99-9999|999 99 9999|9999",
    "passport": "A9999999|999999999|AA9999999|C99XXX999|X99999999|AA999999",
    "licence": "A9999999|A999-9999-9999|999999999|AAAAA999999AA9AA|99999999|A99-99-9999|A9999-99999-99999",
    "national": "AA 99 99 99 A|AA999999A|99999999-A|99999999A|X9999999A|999999-9999|999999/9999|"
    "999999-999A|99.99.99-999.99|999.999.999-99|9999 9999 9999|AAAAA9999A|AAAAAA99A99A999A|"
    "999.9999.9999.99|99999999999|9 99 99 99 999 999 99|A99999999|999 999 999|AAAA999999HAAAAA99",
    "account": "99999999|9999999999|99-99-99 99999999|999999-999999|9999-9999|XXX-99999999|9999999",
    "card": "4999 9999 9999 9999|5199999999999999|4999-9999-9999-9999|3799 999999 99999|6011 9999 9999 9999",
    "iban": "DE99 9999 9999 9999 9999 99|GB99AAAA99999999999999|FR9999999999999999999999999|"
    "NL99AAAA9999999999|ES99 9999 9999 9999 9999 9999|IT99A9999999999999999999999|~AT99 9999 9999 9999 9999|"
    "PL99 9999 9999 9999 9999 9999 9999|CH99 9999 9999 9999 9999 9",
    "order": "999-9999999-9999999|ORD-99999|#99999|AA-9999999|A9999999999|9999999999|#A99999|WEB999999|SO-9999-99999",
    "invoice": "INV-99999|2099-9999|RE-999999|F209999999|INV99999|99999/99|R-99999",
    "policy": "AAA-9999999|POL-99999999|AA999999999|99-AAA-9999-9|H99999999|9999.999.999",
    "patient": "MRN 99999999|99999999|P-999999|H999999|MRN-9999999|999 999 9999|E99999999|AA-99999-A",
    "plate": "9AAA999|AA99 AAA|AA-999-AA|A-AA 9999|AAA 999|AAA-9999|99-AAA-9|AA 999AA|A AA 9999|9-AAA-999",
    "imei": "99999999999999 9|999999999999999|35-999999-999999-9|35 999999 999999 9",
    "vin": "9AAXX99X9XX999999|AAXXX99A9XX999999|1AXXX9999XX999999",
    "employee": "E99999|EMP-9999|999999|AA9999|P9999999|A-9999",
    "student": "S9999999|99999999|209999999|u9999999|99-99999|A99999999",
    "customer": "C-999999|99999999|CUST99999|K-99999|KD-999 999|cus_XXXXXXXXXXXXXX|#999999",
    "case": "AA-2099-99999|2:99-cv-99999|99 C 9999/99|CR-99-9999|HC-2099-999999|9 O 999/99",
    "tax": "99-9999999|GB 999 9999 99|DE999999999|99 999 999 999|AAA999999XX9|999/999/99999",
    "member": "99999999|M-99999|AA 99999|9999 999 999|AAA99999|LX999999",
    "booking": "XXXXXX|AAA9A9|A9AA9A|9AAAA9|99999999|BK-999999",
    "tracking": "1Z999AA99999999999|AA999999999GB|99999999999999999999|JD999999999999999999|9999 9999 9999",
    "mac": "hh:hh:hh:hh:hh:hh|hh-hh-hh-hh-hh-hh",
    "serial": "AXXXXXXXXXXX|AA9999999|SN99999999|XXXX-XXXX-XXXX|C99XXXXXXXXX",
    "uuid": "hhhhhhhh-hhhh-4hhh-9hhh-hhhhhhhhhhhh",
}  # fmt: skip
_DRAW = {
    "9": "0123456789",
    "A": LETTERS,
    "a": "abcdefghijklmnopqrstuvwxyz",
    "X": LETTERS + "0123456789",
    "h": "0123456789abcdef",
}
_SHAPES = {kind: shapes.split("|") for kind, shapes in {**PHONES, **IDS}.items()}
LITERAL = ("ORD", "INV", "MRN", "POL", "EMP", "CUST", "WEB", "SN", "BK", "HC", "CR", "Blk", "cus_")
UNITS = words(
    "kg g mg ml cm mm km m ft in lbs oz mph km/h °C °F GB MB kB ms s min hours days weeks minutes "
    "pages rows people tickets kWh V A Hz dB % percent px fps rpm steps"
)
ONES = words("zero one two three four five six seven eight nine")
TEENS = words("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
TENS = words("twenty thirty forty fifty sixty seventy eighty ninety")


def shape(rng: random.Random, form: str) -> str:
    """The form with its digits and letters drawn; see the key at PHONES."""
    kept, form = (form[1:3], form[3:]) if form[0] == "~" else ("", form)
    return kept + "".join([rng.choice(_DRAW[c]) if c in _DRAW else c for c in form])


def identity(rng: random.Random, kind: str = "") -> str:
    """A number of the kind (a key of IDS)."""
    return shape(rng, rng.choice(_SHAPES[kind or rng.choice(tuple(IDS))]))


def spoken(number: int) -> str:
    """A number under 100 in words."""
    if number < 10:
        return ONES[number]
    if number < 20:
        return TEENS[number - 10]
    ten, one = divmod(number, 10)
    return TENS[ten - 2] + (f"-{ONES[one]}" if one else "")


def phone(rng: random.Random, country: str = "") -> str:
    """A telephone number as written."""
    kind = country or rng.choice(("us", "us", "us", "uk", "uk", "de", "fr", "world", "world"))
    text = shape(rng, rng.choice(_SHAPES[kind]))
    roll = rng.random()
    if roll < 0.06 and kind == "us":
        extension = rng.choice((" x{}", " ext. {}", " ext {}", "x{}", ", ext. {}"))
        return text + extension.format(rng.randint(10, 9999))
    if roll < 0.08:
        return " ".join(text.replace(" ", ""))
    return text


def spoken_phone(rng: random.Random) -> str:
    """As said aloud: oh seven seven double oh, or five five five one two…"""
    words = [rng.choice(ONES) for _ in range(rng.choice((7, 10, 10, 11)))]
    for at in range(len(words) - 1, 0, -1):
        if words[at] == words[at - 1] and rng.random() < 0.6:
            words[at - 1 : at + 1] = [f"double {words[at]}"]
    text = " ".join(words)
    if rng.random() < 0.5:
        text = text.replace("zero", "oh")
    return text.replace("three ", "three, ", 1) if rng.random() < 0.2 else text


def money(rng: random.Random) -> str:
    """A price or sum; never private by itself."""
    amount = rng.choice((rng.randint(1, 99), rng.randint(100, 9999), rng.randint(1, 900) * 1000))
    text = f"{amount:,}" if rng.random() < 0.7 else str(amount)
    if rng.random() < 0.4:
        text += f".{rng.choice(('00', '50', '99', '95', f'{rng.randrange(100):02}'))}"
    form = rng.choice(("${}", "${}", "£{}", "€{}", "{} €", "{} EUR", "USD {}", "{} dollars", "{}k"))
    return form.format(text)


def quantity(rng: random.Random) -> str:
    """A measure with its unit."""
    unit = rng.choice(UNITS)
    number = rng.choice(
        (str(rng.randint(1, 20)), str(rng.randint(21, 5000)), f"{rng.random():.2f}")
    )
    return f"{number}{'' if unit in ('%', 'px', '°C') or rng.random() < 0.2 else ' '}{unit}"


def version(rng: random.Random) -> str:
    """A version of software."""
    parts = [str(rng.randint(0, 30)) for _ in range(rng.choice((2, 3, 3, 3, 4)))]
    tail = rng.choice(("", "", "", "-rc1", "-beta.2", "b3", ".dev0", "+build7", "-alpine"))
    return rng.choice(("v", "", "", "version ")) + ".".join(parts) + tail


def clock(rng: random.Random) -> str:
    """A time of day."""
    hour, minute = rng.randrange(24), rng.choice((0, 5, 10, 15, 30, 45, rng.randrange(60)))
    half = "am" if hour < 12 else "pm"
    twelve = hour % 12 or 12
    return rng.choice(
        (
            f"{hour:02}:{minute:02}",
            f"{hour}:{minute:02}",
            f"{twelve}:{minute:02} {half}",
            f"{twelve}{half}",
            f"{twelve}:{minute:02}{half.upper()}",
            f"{twelve}.{minute:02}",
            f"{twelve} o'clock",
            f"half past {spoken(twelve)}",
        )
    )


def timecode(rng: random.Random) -> str:
    """A position in a recording."""
    minute, second = rng.randrange(60), rng.randrange(60)
    return rng.choice((f"{minute:02}:{second:02}", f"0{rng.randrange(3)}:{minute:02}:{second:02}"))


def number(rng: random.Random) -> str:
    """A plain number, as a figure or a word."""
    roll = rng.random()
    if roll < 0.3:
        return spoken(rng.randint(2, 99))
    if roll < 0.8:
        return str(rng.randint(2, 400))
    return f"{rng.randint(1000, 99999):,}" if roll < 0.9 else f"{rng.uniform(0, 100):.1f}"


def hexes(rng: random.Random) -> str:
    """A digest as a program prints it."""
    return f"{rng.getrandbits(256):064x}"[: rng.choice((7, 8, 32, 40, 64))]


def ordinal(rng: random.Random) -> str:
    """First, 22nd, third…"""
    if rng.random() < 0.5:
        return rng.choice(words("first second third fourth fifth sixth seventh tenth twelfth"))
    value = rng.randint(1, 99)
    ending = "th" if 10 < value < 20 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


def measure_pin(rng: random.Random) -> str:
    """A short code of digits that is no person's: a part or model number."""
    return rng.choice(
        (digits(rng, 4), shape(rng, "AA-999"), shape(rng, "A99"), shape(rng, "9999A"))
    )
