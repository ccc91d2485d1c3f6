"""Mail addresses, user names and links of invented people."""

import random
import unicodedata

from training.fill_lists import words
from training.fill_people import NICKS, Person, person, syllable

PROVIDERS = words(
    "example.com example.org example.net gmail.com yahoo.com outlook.com hotmail.com icloud.com "
    "gmx.de web.de proton.me orange.fr libero.it wp.pl seznam.cz mail.ru bigpond.com btinternet.com"
)
SUFFIXES = words("com org net de co.uk fr it nl io edu gov.uk ac.uk com.au co.in pl se ch at eu")
HANDLE_WORDS = words(
    "dark blue red wolf fox cat dog moon star sun night sky ninja pixel gamer dragon tiger bear "
    "rider hunter shadow storm fire ice ghost panda coffee tea pizza taco cloud code hack byte "
    "lucky crazy happy sad lazy super ultra mega tiny big real official just not the its im xx "
    "music photo travel bake run yoga chess plant book art"
)
SPELLED = (
    (" at ", " dot "),
    (" [at] ", " [dot] "),
    ("(at)", "."),
    (" AT ", " DOT "),
    ("[at]", "."),
)
TOPICS = words("photos shop blog news docs wiki forum store api cdn status maps play watch")


def plain(text: str) -> str:
    """Lower-case letters and digits of a name, accents taken off."""
    bare = unicodedata.normalize(
        "NFKD", text.replace("ß", "ss").replace("ø", "o").replace("ł", "l")
    )
    return "".join(c for c in bare.lower() if c.isascii() and c.isalnum()) or "nn"


def domain(rng: random.Random) -> str:
    """A host name of an invented house."""
    name = syllable(rng) + syllable(rng)
    if rng.random() < 0.4:
        name = rng.choice(HANDLE_WORDS) + rng.choice(("", "-")) + rng.choice(HANDLE_WORDS)
    return f"{name}.{rng.choice(SUFFIXES)}"


def box(rng: random.Random, who: Person) -> str:
    first, last = plain(who.first), plain(who.last)
    year = rng.randint(60, 2009) % 100
    forms = (
        f"{first}.{last}", f"{first}.{last}", f"{first[0]}{last}", f"{first[0]}.{last}",
        f"{first}", f"{last}", f"{first}_{last}", f"{first}{last}{year:02}", f"{last}.{first}",
        f"{plain(who.nick)}{year:02}", f"{first}-{last}", f"{last}{first[0]}", f"{first}+news",
    )  # fmt: skip
    return rng.choice(forms)


def email(rng: random.Random, who: Person | None = None) -> str:
    """A mail address, of the person where one is given."""
    name = box(rng, who or person(rng))
    if who is None and rng.random() < 0.15:
        name = rng.choice(("info", "office", "hello", "contact", "sales", "admin", "kontakt"))
    host = rng.choice(PROVIDERS) if rng.random() < 0.6 else domain(rng)
    text = f"{name}@{host}"
    roll = rng.random()
    if roll < 0.03:
        return text.upper()
    return f"{name.capitalize()}@{host}" if roll < 0.06 else text


def spelled_email(rng: random.Random, who: Person | None = None) -> str:
    """A mail address hidden from robots or said aloud."""
    name, host = email(rng, who).split("@")
    at, dot = rng.choice(SPELLED)
    return name.replace(".", dot) + at + host.replace(".", dot)


def login(rng: random.Random, who: Person | None = None) -> str:
    """An account name without a mark before it."""
    who = who or person(rng)
    first, last, nick = plain(who.first), plain(who.last), plain(who.nick)
    word, other = rng.choice(HANDLE_WORDS), rng.choice(HANDLE_WORDS)
    number = rng.choice((str(rng.randint(1, 99)), str(rng.randint(1970, 2012)), "007", "42", "xx"))
    forms = (
        f"{first[0]}{last}", f"{first}{last}", f"{first}_{last}", f"{first}.{last}", f"{nick}{number}",
        f"{word}_{nick}", f"{nick}_{word}{number}", f"{word}{other}{number}", f"{word}-{other}",
        f"{nick.capitalize()}{word.capitalize()}", f"xX_{word}{other}_Xx", f"{first}{number}",
        f"{last}{number}", f"the_real_{nick}", f"{word.capitalize()}{other.capitalize()}{number}",
        f"{first[0]}{last[:6]}", f"{syllable(rng)}{syllable(rng)}{number}", f"{nick}{last[0]}",
        f"{first[:2]}{last[:3]}{number[-2:]}", f"_{nick}_", f"{nick}.{word}", f"{last}_{first[0]}",
    )  # fmt: skip
    return rng.choice(forms)


def handle(rng: random.Random, who: Person | None = None) -> str:
    """An account name with its mark: @x, u/x."""
    name = login(rng, who).replace("-", "_").replace(".", "_")
    roll = rng.random()
    if roll < 0.85:
        return f"@{name}"
    return f"u/{name}" if roll < 0.95 else f"/u/{name}"


def tag(rng: random.Random) -> str:
    """A gamer tag with its discriminator: PixelFox#4821."""
    name = rng.choice(HANDLE_WORDS).capitalize() + rng.choice((*HANDLE_WORDS, *NICKS)).capitalize()
    return f"{name}#{rng.randrange(10000):04}"


def link(rng: random.Random) -> str:
    """An address on the web that names no one."""
    path = "/".join(rng.choice(TOPICS) for _ in range(rng.randint(0, 2)))
    tail = rng.choice(("", "", f"?id={rng.randint(1, 999)}", ".html", "/"))
    return f"{rng.choice(('https://', 'https://', 'http://', 'www.'))}{domain(rng)}/{path}{tail}"


def address(rng: random.Random) -> str:
    """An IPv4 address of the ranges kept for documents or private nets."""
    net = rng.choice(("192.0.2.{}", "198.51.100.{}", "203.0.113.{}", "10.0.{}.7", "192.168.1.{}"))
    return net.format(rng.randrange(256))
