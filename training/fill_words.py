"""Ordinary words for sentences that name no one."""

import random

NOUNS = (
    "house garden river table window road letter kitchen door street field hill storm engine boat "
    "bridge market train station forest cat dog horse bird tree stone wall roof floor lamp chair book "
    "page song story game team meeting project plan budget report system server screen button menu "
    "file folder error test result number price bill ticket bus car wheel driver shop coat shoe cup "
    "plate soup bread cheese apple fish salt sugar farm barn fence gate path beach wave island "
    "harbour ship sail rope tool hammer nail paint brush photo camera frame light shadow colour "
    "sound voice noise music piano drum crowd child teacher doctor nurse farmer baker painter soldier "
    "sailor judge clerk student neighbour visitor guest stranger friend winter summer morning evening "
    "night week month year hour moment problem question answer idea reason rule law right chance "
    "will hope grace faith joy mark bill rose dawn art frank rich miles pat cliff dale glen reed "
    "brook clay grant chase drew hunter mason page may june sandy amber pearl ruby jade iris"
).split()
ADJECTIVES = (
    "old new small large quiet loud bright dark cold warm wet dry heavy light slow quick early late "
    "long short wide narrow deep shallow clean dirty rough smooth sharp blunt simple strange common "
    "rare cheap expensive empty full broken careful patient tired hungry angry happy calm nervous "
    "young tall thin thick round flat soft hard sweet bitter fresh stale green white black brown grey "
    "blue red yellow wooden golden rusty frank earnest rich noble swift sunny foggy silent gentle"
).split()
VERBS = (
    "walked waited watched listened laughed cried ran stopped started finished opened closed broke "
    "fell rose climbed carried dropped found lost bought sold built painted cooked baked cleaned "
    "washed repaired moved turned pushed pulled lifted counted measured checked wrote read drew sang "
    "played slept dreamed remembered forgot learned taught asked answered called shouted whispered "
    "agreed refused promised hoped tried failed won paid saved spent borrowed returned arrived left"
).split()
ADVERBS = (
    "slowly quickly quietly often never always sometimes already finally suddenly carefully badly "
    "early late again together alone outside upstairs nearby usually rarely gently almost hardly"
).split()
PLACES = (
    "in the garden|by the river|on the roof|at the station|in the old market|near the bridge|behind "
    "the barn|under the table|across the road|in the kitchen|on the beach|at the top of the stairs|"
    "in the waiting room|outside the shop|at home|at school|at work|in the library|on the train|along "
    "the harbour|in the back yard|at the bus stop|on the second floor|in the north|down the lane"
).split("|")
TIMES = (
    "yesterday|today|tomorrow|last week|last year|in the morning|at night|after lunch|before dinner|"
    "two days ago|three weeks later|on Monday|every Friday|in spring|last summer|for hours|at noon|"
    "at the weekend|in the end|this time|next month|until midnight|a while ago|during the war|in May|"
    "since Christmas|by then|all day|once a week|these days|in the autumn|late in March|soon"
).split("|")
STARTS = (
    "However,|Of course,|In general,|For example,|In fact,|Then|Later|After that|Still,|Perhaps|"
    "Meanwhile,|Unfortunately,|Luckily,|Besides,|As usual,|To be fair,|First,|Finally,|Instead,|"
    "By contrast,|On the whole,|At first|Once more|Even so,|Sometimes|Nobody knew why, but|So"
).split("|")
VIEWS = (
    "it was worth it|nothing had changed|the answer was wrong|there was no other way|it would rain|"
    "the work was almost done|prices would rise|everyone was tired|the plan made sense|it cost too "
    "much|the door was locked|somebody had been there|the numbers did not add up|the best part was "
    "still to come|we needed more time|it could have been worse|that was the whole point"
).split("|")
PRONOUNS = "he she they we I you".split()
DOERS = (
    "the {n}|an old {n}|a {a} {n}|every {n}|the other {n}|nobody|somebody|everyone|my {n}|his {n}|"
    "her {n}|our {n}|the {a} {n}|one of the {n}s|most people|he|she|they|we|I"
).split("|")


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


def doer(rng: random.Random) -> str:
    """Who or what does something: a noun phrase that names no one."""
    return rng.choice(DOERS).replace("{n}", rng.choice(NOUNS)).replace("{a}", rng.choice(ADJECTIVES))


def _upper_first(text: str) -> str:
    return text[0].upper() + text[1:]


def sentence(rng: random.Random) -> str:
    """A plain sentence; now and then it says little, as sentences made by rule do."""
    roll = rng.random()
    who, did = doer(rng), rng.choice(VERBS)
    if roll < 0.2:
        text = f"{who} {did} {place(rng)}"
    elif roll < 0.35:
        text = f"{when(rng)} {who} {rng.choice(ADVERBS)} {did}"
    elif roll < 0.5:
        text = f"{who} said that {view(rng)}"
    elif roll < 0.62:
        text = f"{start(rng)} {who} {did} {when(rng)}"
    elif roll < 0.72:
        text = f"the {noun(rng)} was {adjective(rng)} and the {noun(rng)} {adjective(rng)}"
    elif roll < 0.8:
        text = f"there was a {adjective(rng)} {noun(rng)} {place(rng)}, and {view(rng)}"
    elif roll < 0.88:
        text = f"{pronoun(rng)} {did} {rng.choice(ADVERBS)}, because {view(rng)}"
    elif roll < 0.94:
        return _upper_first(f"why {rng.choice(('did', 'would'))}n't the {noun(rng)} be {adjective(rng)}?")
    else:
        text = f"if {view(rng)}, {who} would have {did} {place(rng)}"
    return _upper_first(text) + rng.choice((".", ".", ".", ".", "!", "..."))


def paragraph(rng: random.Random) -> str:
    return " ".join([sentence(rng) for _ in range(rng.randint(2, 5))])


def title_case(rng: random.Random) -> str:
    """A heading of ordinary words, Each With A Capital."""
    words = (f"{adjective(rng)} {noun(rng)}", f"{noun(rng)} and {noun(rng)}", f"the {noun(rng)}")
    return rng.choice((*words, f"{noun(rng)} {place(rng)}", f"{adjective(rng)} {noun(rng)}s")).title()
