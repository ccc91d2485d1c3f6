"""Ordinary words for sentences that name no one."""

import random
import re

from training.fill_lists import phrases, words

NOUNS = words(
    "house garden river table window road letter kitchen door street field hill storm engine boat "
    "bridge market train station forest cat dog horse bird tree stone wall roof floor lamp chair book "
    "page song story game team meeting project plan budget report system server screen button menu "
    "file folder error test result number price bill ticket bus car wheel driver shop coat shoe cup "
    "plate soup bread cheese apple fish salt sugar farm barn fence gate path beach wave island "
    "harbour ship sail rope tool hammer nail paint brush photo camera frame light shadow colour "
    "sound voice noise music piano drum crowd child teacher doctor nurse farmer baker painter soldier "
    "sailor judge clerk student neighbour visitor guest stranger friend winter summer morning evening "
    "night week month year hour moment problem question answer idea reason rule law right chance "
    "well road hill cloud snow"
)
# Ordinary words that are also names: they are drawn less often than the others.
NAME_WORDS = words(
    "will hope grace faith joy mark bill rose dawn art frank rich miles pat cliff dale glen reed "
    "brook clay grant chase drew hunter mason page may june sandy amber pearl ruby jade iris"
)
NOUNS = NOUNS * 5 + NAME_WORDS
ADJECTIVES = words(
    "old new small large quiet loud bright dark cold warm wet dry heavy light slow quick early late "
    "long short wide narrow deep shallow clean dirty rough smooth sharp blunt simple strange common "
    "rare cheap expensive empty full broken careful patient tired hungry angry happy calm nervous "
    "young tall thin thick round flat soft hard sweet bitter fresh stale green white black brown grey "
    "blue red yellow wooden golden rusty frank earnest rich noble swift sunny foggy silent gentle"
)
VERBS = words(
    "walked waited watched listened laughed cried ran stopped started finished climbed moved slept "
    "dreamed learned worked cooked baked cleaned counted sang played agreed refused promised hoped "
    "tried failed won arrived left stayed complained apologised smiled nodded whispered shouted"
)
ACTIONS = phrases(
    "opened the {n}|closed the {n}|broke the {n}|carried the {n} home|dropped a {n}|found a {a} {n}|"
    "lost the {n}|bought a new {n}|sold the {a} {n}|built a {n}|painted the {n} {a}|repaired the {n}|"
    "turned the {n} around|pushed the {n} away|pulled at the {n}|measured the {n} twice|checked every "
    "{n}|wrote a long letter|read the {n} to the end|forgot the {n}|asked about the {n}|paid for the {n}|"
    "borrowed a {n}|returned the {n}|looked at the {n}|talked about the {n}|waited for the {n}|sat down "
    "by the {n}|put the {n} on the {n}|took the {n} and left|liked the {a} {n} best|told a {a} story|"
    "had a {a} dream|made some {a} soup|needed a {n}|wanted the {n} back|could not see the {n}"
)
STATES = phrases(
    "broke|fell over|was gone|stood empty|looked {a}|was still {a}|seemed {a} and {a}|got {a}|went dark|"
    "did not work|lay on the {n}|came loose|was {a} enough|smelled {a}|had no {n}|turned {a}|arrived late|"
    "will be {a} by then|is too {a}|has been {a} for years|can be {a}|must not be {a}|was made of {n}"
)
HUMANS = phrases(
    "kid|teacher|doctor|nurse|farmer|baker|painter|soldier|sailor|judge|clerk|student|neighbour|"
    "visitor|guest|stranger|friend|driver|singer|tourist|customer|writer|plumber|cleaner|waiter"
)
ADVERBS = words(
    "slowly quickly quietly often never always sometimes already finally suddenly carefully badly "
    "early late again together alone outside upstairs nearby usually rarely gently almost hardly"
)
PLACES = phrases(
    "in the garden|by the river|on the roof|at the station|in the old market|near the bridge|behind "
    "the barn|under the table|across the road|in the kitchen|on the beach|at the top of the stairs|"
    "in the waiting room|outside the shop|at home|at school|at work|in the library|on the train|along "
    "the harbour|in the back yard|at the bus stop|on the second floor|in the north|down the lane"
)
TIMES = phrases(
    "yesterday|today|tomorrow|last week|last year|in the morning|at night|after lunch|before dinner|"
    "two days ago|three weeks later|on Monday|every Friday|in spring|last summer|for hours|at noon|"
    "at the weekend|in the end|this time|next month|until midnight|a while ago|during the war|in May|"
    "since Christmas|by then|all day|once a week|these days|in the autumn|late in March|soon"
)
STARTS = phrases(
    "However,|Of course,|In general,|For example,|In fact,|Then|Later|After that|Still,|Perhaps|"
    "Meanwhile,|Unfortunately,|Luckily,|Besides,|As usual,|To be fair,|First,|Finally,|Instead,|"
    "By contrast,|On the whole,|At first|Once more|Even so,|Sometimes|Nobody knew why, but|So"
)
VIEWS = phrases(
    "it was worth it|nothing had changed|the answer was wrong|there was no other way|it would rain|"
    "the work was almost done|prices would rise|everyone was tired|the plan made sense|it cost too "
    "much|the door was locked|somebody had been there|the numbers did not add up|the best part was "
    "still to come|we needed more time|it could have been worse|that was the whole point"
)
ARTICLE = re.compile(r"\b([Aa]) ([aeio]|hour)")
PRONOUNS = words("he she they we I you")
DOERS = phrases(
    "the {h}|an old {h}|a {a} {h}|every {h}|the other {h}|nobody|somebody|everyone|my {h}|his {h}|"
    "her {h}|our {h}|the {a} {h}|one of the {h}s|most people|he|she|they|we|I|he|she|they|we|I|you"
)


def noun(rng: random.Random) -> str:
    return rng.choice(NOUNS)


def adjective(rng: random.Random) -> str:
    return rng.choice(ADJECTIVES)


def verb(rng: random.Random) -> str:
    return rng.choice(VERBS)


def adverb(rng: random.Random) -> str:
    return rng.choice(ADVERBS)


def place(rng: random.Random) -> str:
    """Where, without a name."""
    return rng.choice(PLACES)


def when(rng: random.Random) -> str:
    """When, without a date."""
    return rng.choice(TIMES)


def start(rng: random.Random) -> str:
    return rng.choice(STARTS)


def view(rng: random.Random) -> str:
    return rng.choice(VIEWS)


def pronoun(rng: random.Random) -> str:
    return rng.choice(PRONOUNS)


def _words(rng: random.Random, form: str) -> str:
    """The form with its nouns, adjectives and people drawn."""
    for mark, choices in (("{n}", NOUNS), ("{a}", ADJECTIVES), ("{h}", HUMANS)):
        while mark in form:
            form = form.replace(mark, rng.choice(choices), 1)
    return ARTICLE.sub(r"\1n \2", form)


def doer(rng: random.Random) -> str:
    """Who does something: a noun phrase that names no one."""
    return _words(rng, rng.choice(DOERS))


def action(rng: random.Random) -> str:
    """What they did, in the past."""
    return rng.choice(VERBS) if rng.random() < 0.25 else _words(rng, rng.choice(ACTIONS))


def _upper_first(text: str) -> str:
    return text[0].upper() + text[1:]


FORMS: tuple[tuple[str, ...], ...] = (
    ("D", "A", "P"),
    ("D", "A", "T"),
    ("D", "A"),
    ("T", "D", "A"),
    ("D", "A", "and", "A"),
    ("D", "said that", "V"),
    ("S", "D", "A", "T"),
    ("the {n}", "Z"),
    ("the {a} {n}", "Z", "P"),
    ("the {n} was {a} and the {n} {a}",),
    ("there was a {a} {n}", "P,", "and", "V"),
    ("D", "A,", "because", "V"),
    ("when the {n}", "Z,", "D", "A"),
    ("S", "the {n}", "Z"),
    ("it is {a} to have a {n}", "P"),
    ("the {n}s are {a}", "T"),
    ("no {n} is as {a} as this {n}",),
)


def sentence(rng: random.Random) -> str:
    """A plain sentence; now and then it says little, as sentences made by rule do."""
    if rng.random() < 0.06:
        return _upper_first(_words(rng, rng.choice(("why was the {n} so {a}?", "is the {n} {a}?"))))
    made = []
    for part in rng.choice(FORMS):
        kind, comma = part.rstrip(","), "," if part.endswith(",") else ""
        draw = DRAWS.get(kind)
        made.append((draw(rng) if draw else _words(rng, kind)) + comma)
    return _upper_first(" ".join(made)) + rng.choice((".", ".", ".", ".", ".", "!", "..."))


def paragraph(rng: random.Random) -> str:
    return " ".join([sentence(rng) for _ in range(rng.randint(2, 5))])


def title_case(rng: random.Random) -> str:
    """A heading of ordinary words, Each With A Capital."""
    words = (f"{adjective(rng)} {noun(rng)}", f"{noun(rng)} and {noun(rng)}", f"the {noun(rng)}")
    return rng.choice(
        (*words, f"{noun(rng)} {place(rng)}", f"{adjective(rng)} {noun(rng)}s")
    ).title()


DRAWS = {
    "D": doer, "A": action, "P": place, "T": when, "V": view, "S": start,
    "Z": lambda rng: _words(rng, rng.choice(STATES)),
}  # fmt: skip
