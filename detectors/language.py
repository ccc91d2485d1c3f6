"""Which language is this text in? By its script, and by the function words of each language."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache

MIN_LETTERS = 40  # below, there is no telling
MIN_WORDS = 8
MIN_SHARE = 0.14  # of all words must be function words of the winner
LEAD = 1.6  # times as many as the English ones, before a text is called foreign

_SCRIPTS = {
    "CYRILLIC": "ru", "GREEK": "el", "HEBREW": "he", "ARABIC": "ar", "DEVANAGARI": "hi",
    "BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te", "GUJARATI": "gu", "GURMUKHI": "pa",
    "KANNADA": "kn", "MALAYALAM": "ml", "THAI": "th", "GEORGIAN": "ka", "ARMENIAN": "hy",
    "HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh", "ETHIOPIC": "am",
    "KHMER": "km", "LAO": "lo", "MYANMAR": "my", "SINHALA": "si",
}  # fmt: skip

_CYRILLIC = (  # letters that Russian lacks
    ("be", "[ўЎ]"),
    ("uk", "[їєґЇЄҐ]"),
    ("sr", "[ђћџљњјЂЋЏЉЊЈ]"),
    ("kk", "[әғқңөұүһӘҒҚҢӨҰҮҺ]"),
    ("bg", r"\b(?:съм|със|във|това|който|също|беше|много|ъ)\b"),
)

_WORDS = {
    "en": "the of and to in a is that it for was on are as with he be at by this had not but from or have an they which you were her she all would there their we him been has when who will more no if out so said what up its about into than them can only other new some could time these two may then do first any my now such like our over me even most also after before must through where your well down should because each those people how too little very make own see work long get here between both being under never same another know while i don't just",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei ich du wir ihr mir mich kein keine wenn dann schon",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son aux d l s ou mais comme on nous vous elle je tu leur été être cette ses fait même sans tout bien ont avait était peut deux",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin sobre este ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está mi porque qué yo hay nos donde",
    "it": "di e il la che in a per un è del non una della con si da sono le i al dei nel gli ha più alla come anche ma lo mi questo delle se o ed ci suo sua era io dal nella cui tutto molto essere hanno stato quando ho",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou quando muito nos já eu também só pelo pela até isso ela entre depois sem mesmo aos seus quem nas me esse eles você essa num são foi está tem",
    "nl": "de het een van en in is dat op te zijn met voor niet die aan er om ook als dan maar bij of uit nog naar heeft hij ze wordt door over ik je we was had deze worden meer geen al kan veel hun mijn wel wat dit zo",
    "sv": "och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan när hon där eller ska över mot man efter hade också år vid nu under sin alla mycket hade blev bara mig dig vad hur utan skulle några sedan varit bra finns dem",
    "da": "og i at det er en til af på som for med de den ikke der et han har var jeg vi men om sig kan fra så skal hun ved nu efter også eller blev over hvor være mig dig noget hvad op blevet meget været bare havde nogle vores kun ind ud mange fordi da hvordan måtte kunne selv får",
    "no": "og i det er på en til av som for med å at ikke den har de et han var jeg vi men om seg kan fra så skal hun ved nå etter også eller ble over hvor være meg deg noe hva opp blitt mye vært bare hadde noen våre kun inn ut mange fordi da hvordan måtte kunne selv får hos litt",
    "fi": "ja on ei että se oli hän mutta ovat kun niin joka olen mitä kuin tai jos vain minä sen sitä ole mukaan myös nyt sitten siitä tämä kanssa vielä olla oli oma jossa joten koska hyvin kaikki meidän heidän olisi jonka jotka jo ennen jälkeen ollut siellä",
    "pl": "w i na z do się nie jest to że o jak za od po co dla tak jego przez ale są przy tym już tylko był czy lub ich może ten ze jej było mnie być który które go a ja była byli także bardzo oraz wszystko gdy sobie więc kiedy nas pan nawet jeszcze",
    "cs": "v se na je že to s z do o k ve pro jsem by za jako ale po tak od byl podle když co jsou nebo jeho které už může jen který bude si jsme byla bylo také aby při ještě až však před ani není velmi protože tam tento tyto jeho která kde nás",
    "sk": "v sa na je že to s z do o k vo pre som by za ako ale po tak od bol podľa keď čo sú alebo jeho ktoré už môže len ktorý bude si sme bola bolo aj aby pri ešte však pred ani nie veľmi pretože tam tento ktorá kde nás boli mi ju sme počas",
    "sl": "in je v na se da za so z ki pa bi s po tudi kot ni ne od do ter pri o ali iz ko bil kar še ker lahko bo že k bila smo vse le tem biti ima med sem kjer ta kako zelo ampak smo mu ga jo svoje danes tega",
    "hr": "i je u na se da za su od s sa ne što to a iz o do kao po bi koji ali samo ili biti nije kako bio već koja te će ima sve sam može prema još gdje kad zbog bila koje smo tako nakon jer ga mu svoje bez vrlo pri danas ovo",
    "lt": "ir į yra kad su iš ne tai kaip buvo o už bet ar apie po nuo jo dėl tik jau jis savo per prie iki dar taip būti labai kuris kai aš mes jie ji šis mano buvome kurie bei arba tačiau pas turi mums kartu",
    "lv": "un ir ka no ar uz par tas kas bet to pie nav pēc viņš arī kā bija vai lai tika es mēs jau ja gan tikai šo līdz savu būs ļoti šis tad tomēr vēl viņa mūsu viņi kur esmu kad mani bijām bērniem",
    "et": "ja on ei et see oli ta kui ka aga oma mis ma nii siis või üks kes meie selle seda mida kuid veel ning pärast ole olid väga juba sest nende tema kõik enne ainult minu mulle olen koos oleme nad välja ennast",
    "tr": "ve bir bu da de için ile çok olarak daha ne gibi kadar olan sonra var o ama ben en her mi ya değil diye ki şey bana onun biz mı ise önce şimdi oldu hiç sadece bütün nasıl kendi çünkü dün bizim arkadaş birlikte",
    "ro": "de și în a la cu pe nu o că din un este pentru mai sa se care ce au fost sunt dar prin sau ca al ei lui după am era ale foarte despre când fi să are acest le fără toate doar noi cum nici ne-am la-am iar lor unde",
    "hu": "a az és hogy nem is egy ez meg volt de ha csak van már mint el még azt ki kell vagy minden sem lesz mert nagyon amikor akkor után között ezt majd fel voltak lehet pedig ami aki velünk úgy én mi itt nekem ott volna tegnap",
    "id": "yang dan di dengan untuk ini itu dari dalam tidak akan pada ke juga adalah saya ada bisa oleh kita mereka karena atau sudah telah lebih kami sangat hanya seperti tetapi dia anda banyak belum agar saat kemarin bersama ia setelah",
    "vi": "và của là có không được cho các trong một người những với để khi đã này tôi như từ anh đó ra chúng bạn cũng về rất nhưng đến nhiều làm thì sẽ còn tại vào nếu hơn bị hôm qua nhà",
    "ca": "de la i el que a en un per les els una amb no es al del és dels com més va seva són però també ha o si hi aquest molt aquesta quan tot ser fer ens havia meu està perquè fins sense entre jo vam nostre seu ja on era van",
    "tl": "ang ng sa na mga ay at si hindi ito para ko niya siya may kung nang mo pero lang ako ka din namin kami ni rin po iyon wala kanyang dahil isang niyang nila siyang naman kanila kahapon ating tayo kaming pa",
    "sw": "na ya wa kwa ni katika za la kuwa hii cha pia yake ambao kama huyo kutoka hiyo sana lakini wao watu yao hilo wake yetu yangu hata baada kila sisi mimi alikuwa ili au bila hivyo wote tu vya leo jana pamoja",
    "af": "die en van in is het nie vir dat met op n te ek hy sy was om ons maar ook wat as sal hulle jy kan aan baie haar hom deur by nog so moet word na my wees toe ten uit gaan daar gister oor want",
    "sq": "dhe në të e i me për një nga që është si por ka nuk u më se do kjo ky ishte shumë kur edhe ai ajo janë pas tek jo ata mund kam tij saj ne vetëm ku ose deri kishte bashkë dje",
}  # fmt: skip
_TABLE = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_SHARED = Counter(word for words in _TABLE.values() for word in words)
# Letters that few languages have: each counts for its languages like a word of them.
_LETTERS = {
    "ł": "pl", "ż": "pl", "ś": "pl", "ń": "pl", "ć": "pl hr", "ą": "pl lt", "ę": "pl lt", "ř": "cs", "ě": "cs",
    "ů": "cs", "ľ": "sk", "ŕ": "sk", "ĺ": "sk", "ô": "sk fr vi pt", "ő": "hu", "ű": "hu", "ğ": "tr", "ı": "tr",
    "ş": "tr", "ã": "pt vi", "õ": "pt et vi", "ñ": "es tl", "¿": "es", "¡": "es", "ß": "de", "ș": "ro", "ț": "ro",
    "ă": "ro vi", "ė": "lt", "ų": "lt", "į": "lt", "ķ": "lv", "ļ": "lv", "ņ": "lv", "ģ": "lv", "ā": "lv",
    "ē": "lv", "ī": "lv", "đ": "hr vi", "æ": "da no", "ø": "da no", "å": "sv da no", "ë": "sq nl", "ç": "fr pt ca tr sq",
    "ơ": "vi", "ư": "vi", "ạ": "vi", "ế": "vi", "ộ": "vi", "œ": "fr", "ê": "fr pt vi af", "ì": "it", "ò": "it ca", "ù": "it fr",
}  # fmt: skip
_LETTER = re.compile("[" + "".join(_LETTERS) + "]")
_NOT_PROSE = re.compile(
    r"https?://\S+|\S+@\S+|`[^`\n]*`|\[[A-Z_]+-[a-z2-7]{10}\]|[@#]\w+|<[^>\n]{1,80}>|\S*[_/\\=(){}]\S*"
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SAMPLE = 20_000


@cache
def foreign_words() -> frozenset[str]:
    """The function words of all languages but English."""
    return frozenset(w for code, words in _WORDS.items() if code != "en" for w in words.split())


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
    weights = {
        code: sum(seen[word] / _SHARED[word] for word in table & seen.keys())
        for code, table in _TABLE.items()
    }
    for letter, times in Counter(_LETTER.findall("".join(words))).items():
        for code in _LETTERS[letter].split():
            weights[code] += min(times, 6) * 0.5 / len(_LETTERS[letter].split())
    ranked = sorted(hits, key=lambda code: (-weights[code] - 0.5 * hits[code], code))
    first = ranked[0]
    different = len(_TABLE[first] & seen.keys())
    if first != "en" and different < 4:
        return None
    if hits[first] < 3 or hits[first] < MIN_SHARE * len(words):
        return None
    if first != "en" and hits[first] < LEAD * hits["en"]:
        return None  # too near to English to call it foreign
    return first


def _script(text: str) -> str | None:
    letters = [char for char in text[:4000] if char.isalpha()]
    foreign = [char for char in letters if char > "\u036f"]
    if len(foreign) < 8 or len(foreign) * 2 < len(letters):
        return None
    scripts = Counter(unicodedata.name(char, "").split(" ")[0].split("-")[0] for char in foreign)
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > 0.1 * len(foreign):
        return "ja"
    code = _SCRIPTS.get(scripts.most_common(1)[0][0])
    if code == "ru":
        return next((kin for kin, letters in _CYRILLIC if re.search(letters, text)), "ru")
    if code == "ar":
        if re.search("[ٹڈڑےھں]", text):
            return "ur"
        return "fa" if re.search("[پچژگ]", text) else "ar"
    return code
