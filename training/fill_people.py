"""People: names of many countries and shapes, and the ways a text refers to one person."""

import random
import re
from dataclasses import dataclass

from training.fill_lists import words
from training.fill_pools import ENGLISH, EUROPE, ROMANISED, WORLD, first_names, last_names

WORDS_AS_FIRST = words(
    "Will Grace Hope Mark Rose Summer Faith Dawn Bill Joy Ivy Violet Daisy Lily Olive Hazel Ruby "
    "Amber Pearl Jade Iris Heather April May June August Autumn Art Drew Chase Hunter Mason Carter "
    "Chip Rich Frank Ernest Earnest Miles Rob Pat Sandy Rusty Cliff Dale Glen Forrest Reed Brook "
    "Skye River Jasper Clay Grant Chance Colt Buddy Guy Dean Duke Earl King Prince Christian Jack "
    "Jimmy Nick Harry Dick Bob Sue Carol Melody Harmony Destiny Trinity Charity Patience Prudence "
    "Constance Felicity Clement Crystal Ginger Misty Star Sage Basil Rosemary Angel Bishop Major"
)
WORDS_AS_LAST = words(
    "Baker Cook Brown Green White Black Gray Young Long Short Little Rich Strong Wise Sharp Swift "
    "Stone Wood Woods Field Fields Hill Rivers Brooks Lake Banks Marsh Moore Park Parks Street Lane "
    "Bridges Church Temple Hall House Chambers Waters Frost Snow Winter Summers Day Knight Bishop "
    "Pope King Prince Duke Noble Price Cash Penny Bond Case Cross Crane Drake Finch Fox Wolf Lamb "
    "Bull Hawk Crow Swan Partridge Fish Pike Bass Salmon Rose Flowers Berry Cherry Olive Bean Rice "
    "Best Good Goodman Love Joy Hope Power Powers Page Read Reader Singer Piper Hunt Hunter Fisher "
    "Mason Carpenter Sawyer Taylor Weaver Turner Walker Rider Driver Porter Butler Marshall Judge "
    "Law Laws Self Gay Early Late Major Sergeant Christmas Easter Friday Monday Moon Sun Star"
)
NICKS = words(
    "Bobby Mikey Jojo Ali Lexi Kat Kate Katie Liz Lizzie Beth Betty Bex Becca Sam Sammy Alex Lex "
    "Sasha Dima Vova Misha Kolya Pepe Paco Pancho Chucho Nacho Tono Lupe Mimi Gigi Fifi Coco Lulu "
    "Nina Nino Beppe Pino Gianni Hansi Seppi Uschi Moni Susi Kalle Jonte Nisse Jussi Kimmo Bartek "
    "Gosia Kasia Asia Zuzka Honza Pepa Jirka Tonda Tibi Pisti Vali Mo Moe Abdul Raj Sanju Vicky "
    "Manu Dev Chandu Jay JJ AJ TJ CJ DJ MJ BJ PJ Ted Teddy Ned Fred Freddie Archie Alfie Charlie "
    "Jules Max Maxi Gus Benny Danny Johnny Tommy Timmy Jimbo Steph Nat Tash Tasha Mags Peg Peggy "
    "Dot Dottie Trish Trudi Wally Walt Woody Zac Zeke Ozzy Robbo Gazza Shaz Dazza Jezza Kev Baz"
)
PARTICLES = {
    "nl": ("van", "van der", "van den", "de", "ter", "ten", "van 't"),
    "de": ("von", "von der", "zu", "von und zu", "vom"),
    "es": ("de", "de la", "del", "de los"),
    "pt": ("da", "dos", "do", "de", "das"),
    "it": ("di", "della", "de", "dal", "lo"),
    "fr": ("le", "de", "du", "de la", "des"),
    "en": ("van", "de", "von", "di", "bin", "al"),
}
CELTIC = ("O'", "Mc", "Mac", "Fitz", "D'", "De", "Van", "St. ")
ONSETS = words(
    "b br bl c ch cr d dr dw f fl fr g gl gr gw h j k kn kr l m n p ph pl pr qu r s sh sk sl sn st "
    "str t th tr v w wh x y z zh"
)
VOWELS = words("a e i o u y ae ai ea ee ei ia ie oa oo ou ow uu")
CODAS = words("b ck d ff g l ll m n nd ng nt p r rd rk rn rt s sk ss st t th tz v x z")
SURNAME_ENDS = words(
    "son sen sson son man mann berg stein feld burg bach wald hoff meier ström strøm lund gren "
    "qvist ley ton ham ford worth field well more wick ridge stone wood croft combe ov ova ski ska "
    "wicz czyk ak ek ik enko chuk yuk ian yan idze shvili poulos akis idis escu eanu ić vić ovic "
    "ez es ado eiro inho ini etti ello ucci one ardi oglu han zade ji wala kar swamy appa nen la"
)
SUFFIXES = ("Jr.", "Jr", "Sr.", "III", "II", "IV")
TRIPLE = re.compile(r"(.)\1\1+")
TITLES = words(
    "Mr Mr. Mrs Mrs. Ms Ms. Miss Dr Dr. Prof. Professor Sir Dame Rev. Father Sister Captain Capt. "
    "Lt. Sgt. Officer Judge Justice Senator Mayor Herr Frau Madame Monsieur Señor Señora Doctor "
    "Coach Detective Nurse Lady Lord Mx. Hon. Aunt Uncle"
)
FORMAL = ("Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms.", "Miss", "Dr", "Dr.", "Prof.", "Professor")


@dataclass(frozen=True, slots=True)
class Person:
    """The parts of one generated name; `order` is how its country puts them."""

    first: str
    last: str
    middle: str
    nick: str
    suffix: str
    family_first: bool = False

    @property
    def plain(self) -> str:
        if self.family_first:
            return f"{self.last} {self.first}"
        return f"{self.first} {self.last}"


def syllable(rng: random.Random) -> str:
    coda = rng.choice(CODAS) if rng.random() < 0.5 else ""
    return rng.choice(ONSETS) + rng.choice(VOWELS) + coda


def rare_surname(rng: random.Random) -> str:
    """A surname that no list holds but whose shape is a surname's."""
    stem = rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(CODAS)
    if rng.random() < 0.25:
        stem = syllable(rng) + stem
    return TRIPLE.sub(r"\1\1", stem + rng.choice(SURNAME_ENDS)).capitalize()


def strange_name(rng: random.Random) -> str:
    """One word as in invented worlds: Qu'thaar, Brindlewyx, Zhee-Noor."""
    first, second = syllable(rng), syllable(rng)
    joint = rng.choice(("", "", "", "'", "-", "a", "i"))
    second = second.capitalize() if joint == "-" else second
    return first.capitalize() + joint + second


def typo(rng: random.Random, name: str) -> str:
    """The name with one slip of the fingers."""
    if len(name) < 4:
        return name
    at = rng.randrange(1, len(name) - 1)
    kind = rng.random()
    if kind < 0.4:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if kind < 0.7:
        return name[:at] + name[at + 1 :]
    return name[:at] + name[at] + name[at:]


def _locale(rng: random.Random) -> str:
    roll = rng.random()
    if roll < 0.42:
        return rng.choice(ENGLISH)
    if roll < 0.70:
        return rng.choice(EUROPE)
    if roll < 0.93:
        return rng.choice(WORLD)
    return rng.choice(ROMANISED)


def _first(rng: random.Random, locale: str) -> str:
    roll = rng.random()
    if roll < 0.05:
        return rng.choice(WORDS_AS_FIRST)
    if roll < 0.08:
        return strange_name(rng)
    name = rng.choice(first_names(locale))
    if roll < 0.12:
        return f"{name}-{rng.choice(first_names(locale))}"
    return typo(rng, name) if roll < 0.135 else name


def _last(rng: random.Random, locale: str) -> str:
    roll = rng.random()
    if roll < 0.10:
        return rare_surname(rng)
    if roll < 0.15:
        return rng.choice(WORDS_AS_LAST)
    if roll < 0.17:
        return strange_name(rng)
    name = rng.choice(last_names(locale))
    if roll < 0.22:
        return f"{name}-{rng.choice(last_names(locale))}"
    if roll < 0.27:
        particles = PARTICLES.get(locale[:2])
        return f"{rng.choice(particles)} {name}" if particles else name
    if roll < 0.30:
        prefix = rng.choice(CELTIC)
        return prefix + name
    if roll < 0.32 and locale[:2] in ("es", "pt"):
        return f"{name} {rng.choice(last_names(locale))}"
    return typo(rng, name) if roll < 0.335 else name


def person(rng: random.Random) -> Person:
    """A new invented person."""
    locale = _locale(rng)
    first = _first(rng, locale)
    middle = ""
    if rng.random() < 0.2:
        middle = _first(rng, locale)
    suffix = rng.choice(SUFFIXES) if locale[:2] == "en" and rng.random() < 0.06 else ""
    nick = rng.choice(NICKS) if rng.random() < 0.6 else first[: rng.randint(3, 4)]
    reverse = locale in ("ja_JP", "zh_CN", "zh_TW", "hu_HU", "vi_VN") and rng.random() < 0.6
    return Person(first, _last(rng, locale), middle, nick, suffix, reverse)


def anyhow(rng: random.Random, who: Person) -> str:
    """A way to write the whole name; most often first and last name."""
    roll = rng.random()
    if roll < 0.70:
        text = who.plain
    elif roll < 0.78:
        text = f"{who.first} {who.middle[:1] or rng.choice('ABCDEFGHJKLMNPRSTW')}. {who.last}"
    elif roll < 0.84:
        text = f"{who.first} {who.middle} {who.last}" if who.middle else who.plain
    elif roll < 0.90:
        text = f"{who.first[0]}. {who.last}"
    elif roll < 0.93:
        text = f"{who.first[0]}.{rng.choice(('', ' '))}{(who.middle or 'Jo')[0]}. {who.last}"
    elif roll < 0.95:
        quote = rng.choice(("“{}”", '"{}"', "'{}'", "({})"))
        text = f"{who.first} {quote.format(who.nick)} {who.last}"
    elif roll < 0.97:
        return who.last.upper() + " " + who.first
    else:
        return who.first
    return f"{text} {who.suffix}" if who.suffix else text


def last_first(rng: random.Random, who: Person) -> str:
    """As in an index: Family, Given M."""
    middle = f" {who.middle[0]}." if who.middle else ""
    return f"{who.last}, {who.first}{middle}"


def cited(rng: random.Random, who: Person) -> str:
    """As in a bibliography: Family, G. M. or Family GM."""
    if rng.random() < 0.3:
        return f"{who.last} {who.first[0]}{who.middle[:1]}"
    middle = f" {who.middle[0]}." if who.middle else ""
    return f"{who.last}, {who.first[0]}.{middle}"


def initials(rng: random.Random, who: Person) -> str:
    """Two or three letters, as in J.K. or JKR."""
    letters = [who.first[0], *(who.middle[:1]), who.last.split()[-1][0].upper()]
    return rng.choice(("".join(letters), ".".join(letters) + "."))
