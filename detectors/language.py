"""Which language is this text in? By its script, and by the function words of each language."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import re
import unicodedata
from collections import Counter

MIN_LETTERS = 40  # below, there is no telling
MIN_WORDS = 8
MIN_SHARE = 0.14  # of all words must be function words of the winner
LEAD = 1.6  # times as many as the runner-up

_SCRIPTS = {
    "CYRILLIC": "ru", "GREEK": "el", "HEBREW": "he", "ARABIC": "ar", "DEVANAGARI": "hi",
    "BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te", "GUJARATI": "gu", "GURMUKHI": "pa",
    "KANNADA": "kn", "MALAYALAM": "ml", "THAI": "th", "GEORGIAN": "ka", "ARMENIAN": "hy",
    "HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh", "ETHIOPIC": "am",
    "KHMER": "km", "LAO": "lo", "MYANMAR": "my", "SINHALA": "si",
}  # fmt: skip

_WORDS = {
    "en": "the of and to in a is that it for was on are as with he be at by this had not but from or have an they which you were her she all would there their we him been has when who will more no if out so said what up its about into than them can only other new some could time these two may then do first any my now such like our over me even most also after before must through where your well down should because each those people how too little very make own see work long get here between both being under never same another know while i don't just",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei ich du wir ihr mir mich kein keine wenn dann schon",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son aux d l s ou mais comme on nous vous elle je tu leur été être cette ses fait même sans tout bien ont avait était peut deux",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin sobre este ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está mi porque qué yo hay nos donde",
    "it": "di e il la che in a per un è del non una della con si da sono le i al dei nel gli ha più alla come anche ma lo mi questo delle se o ed ci suo sua era io dal nella cui tutto molto essere hanno stato quando ho",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou quando muito nos já eu também só pelo pela até isso ela entre depois sem mesmo aos seus quem nas me esse eles você essa num são foi está tem",
    "nl": "de het een van en in is dat op te zijn met voor niet die aan er om ook als dan maar bij of uit nog naar heeft hij ze wordt door over ik je we was had deze worden meer geen al kan veel hun mijn wel wat dit zo",
    "sv": "och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan när hon där eller ska över mot man efter hade också år vid nu under sin alla mycket",
    "da": "og i at det er en til af på som for med de den ikke der et han har var jeg vi men om sig kan fra så skal hun ved nu efter også eller blev over hvor være mig",
    "no": "og i det er på en til av som for med å at ikke den har de et han var jeg vi men om seg kan fra så skal hun ved nå etter også eller ble over hvor være meg",
    "fi": "ja on ei että se oli hän mutta ovat kun niin joka olen mitä kuin tai jos vain minä sen sitä ole mukaan myös nyt sitten siitä tämä kanssa vielä",
    "pl": "w i na z do się nie jest to że o jak za od po co dla tak jego przez ale są przy tym już tylko był czy lub ich może ten ze jej było mnie być który które go a ja",
    "cs": "a v se na je že to s z do o i k ve pro jsem by za jako ale po tak od byl podle když co jsou nebo jeho které už může jen který bude si",
    "tr": "ve bir bu da de için ile çok olarak daha ne gibi kadar olan sonra var o ama ben en her mi ya değil diye ki şey bana",
    "ro": "de și în a la cu pe nu o că din un este pentru mai sa se care ce au fost sunt dar prin sau ca al ei lui după",
    "hu": "a az és hogy nem is egy ez meg volt de ha csak van már mint el még azt ki kell vagy minden sem lesz mert",
    "id": "yang dan di dengan untuk ini itu dari dalam tidak akan pada ke juga adalah saya ada bisa oleh kita mereka karena atau sudah",
    "vi": "và của là có không được cho các trong một người những với để khi đã này tôi như từ anh đó ra",
}  # fmt: skip
_TABLE = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_NOT_PROSE = re.compile(
    r"https?://\S+|\S+@\S+|`[^`\n]*`|\[[A-Z_]+-[a-z2-7]{10}\]|[@#]\w+|<[^>\n]{1,80}>|\S*[_/\\=(){}]\S*"
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SAMPLE = 20_000


def language_of(text: str) -> str | None:
    """ISO 639-1 code of the language of `text`, or None when it is too short to tell.

    Looks at the first 20,000 code points. Names, code, links and placeholders do not
    count. A foreign script decides from eight letters on, if most letters are of it.
    """
    plain = _NOT_PROSE.sub(" ", text[:_SAMPLE].replace("\u2019", "'"))
    script = _script(plain)
    if script is not None:
        return script
    words = _WORD.findall(plain)
    if not plain.isupper():
        words = [word if word.islower() else "_" + word for word in words]  # "Los Angeles"
    words = [word.casefold() for word in words]
    if len(words) < MIN_WORDS or sum(map(len, words)) < MIN_LETTERS:
        return None
    return _by_words(words)


def _by_words(words: list[str]) -> str | None:
    seen = Counter(words)
    hits = {code: sum(seen[word] for word in table & seen.keys()) for code, table in _TABLE.items()}
    ranked = sorted(hits, key=lambda code: (-hits[code], code))
    best, second = hits[ranked[0]], hits[ranked[1]]
    different = len(_TABLE[ranked[0]] & seen.keys())
    if ranked[0] != "en" and different < 4:
        return None
    if best < 3 or best < MIN_SHARE * len(words):
        return None
    if best < LEAD * second and ranked[0] != "en":
        # Close kin (Danish and Norwegian) are told apart poorly, but are surely not English.
        return ranked[0] if hits["en"] * 3 < best else None
    return ranked[0]


def _script(text: str) -> str | None:
    letters = [char for char in text[:4000] if char.isalpha()]
    foreign = [char for char in letters if char > "\u036f"]
    if len(foreign) < 8 or len(foreign) * 2 < len(letters):
        return None
    scripts = Counter(unicodedata.name(char, "").split(" ")[0].split("-")[0] for char in foreign)
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > 0.1 * len(foreign):
        return "ja"
    code = _SCRIPTS.get(scripts.most_common(1)[0][0])
    if code == "ru" and re.search("[їєґіЇЄҐІ]", text):
        return "uk"
    return code
