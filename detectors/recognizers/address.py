"""Street addresses by the shapes of many countries."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import regex

from detectors.recognizers.address_blocks import BLOCK, find
from detectors.recognizers.address_parts import (
    CITY,
    EN_TAIL,
    FIVE_CITY,
    SEP,
    TYPES,
    UNIT,
    W,
)
from detectors.rules import Family, Rule

_NUM = r"(?<![\w.,$€£/-])\d{1,6}(?:[A-Za-z](?![\w])|[-/]\d{1,4}[A-Za-z]?|\s?½)?"
_HOUSE = r"\d{1,4}(?:\s?[a-zA-Z](?!\w))?(?:\s?[-/]\s?\d{1,4}[a-z]?)?(?![\w%€$:]|[.,]\d)"
_DIRECTION = r"(?:[NSEW]|North|South|East|West|N[EW]|S[EW])"
_NUMBERED = r"(?:\d{1,3}(?:st|nd|rd|th|ST|ND|RD|TH)|First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth)"
_NOT_DE = r"(?!Jahr|Jänner|Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|Kapitel|Abschnitt|Alter|Punkt|Teil|Schritt|Tag|Ende|Durchschnitt|Schnitt|Vergleich|Level|Raum|Spiel|Artikel|Anhang|Absatz|Quartal)"
# Lines of a city, a region and a country, the last with a number.
_ANY_TAIL = rf"(?:[ \t]{{0,3}},?(?:\s{{1,4}}|\n,\s)(?:{CITY}|[A-Z]{{2}}|\d{{2}})(?:[ \t]?\n?,\s?(?:[A-Z]{{2}}|\d{{2}}))?){{0,3}}?\s{{0,3}},?\s{{1,4}}(?:{CITY}|[A-Z]{{2}}|\d{{2}}|nan),?\s{{1,3}}\d{{4,6}}(?![\w-])"
_R = (110, 260)  # an address in full lies within this reach of its number


def _rule(name: str, pattern: str, score: float, **more: object) -> Rule:
    values: dict[str, object] = {"needs": ("0",), "reach": _R, **more}
    return Rule(name, "ADDRESS", pattern, score, **values)  # type: ignore[arg-type]  # fields of Rule


FAMILY = Family(
    "address",
    (
        _rule("street-en", rf"(?:{UNIT}{SEP})?{_NUM},?\s(?!(?:The|In|Of|And|At|On|By|To|For|From)\b)(?:{_DIRECTION}\.?\s)?(?:(?:{W}|{_NUMBERED})\s){{1,4}}{TYPES}\b\.?(?:\s{_DIRECTION}\b)?{EN_TAIL}", 0.85),
        _rule("street-en-lower", r"(?i)(?<![\w.,$€£/-])\d{1,5}\s(?!the\b|on\b|in\b|by\b|of\b|and\b|per\b|or\b|to\b|for\b|from\b|more\b|other\b|different\b)(?:[a-z][\w'.-]*\s|\d{1,3}(?:st|nd|rd|th)\s){1,3}(?:street|avenue|ave|road|rd|boulevard|blvd|lane|terrace|crescent)\b(?!\s(?:names?|signs?|lights?|food|art|works?|maps?|trips?|tests?)\b)", 0.6),
        _rule("street-en-lower-cued", r"(?i)(?<![\w.,$€£/-])\d{1,5}\s(?:[a-z][\w'.-]*\s){1,3}(?:drive|dr|court|ct|way|place|pl|st|ln|close|square|gardens|grove|hill|mews|parkway|pkwy|circle|cir)\b\.?", 0.2, lifted=0.65, context=("live", "lives", "living", "address", "house", "moved", "home", "deliver", "ship", "staying")),
        _rule("street-numbered", rf"{_NUM}\s(?:{_DIRECTION}\.?\s)?{_NUMBERED}\s(?:Street|St|Avenue|Ave|Road|Rd|STREET|ST|AVE)\b\.?{EN_TAIL}", 0.85),
        _rule("street-en-special", rf"{_NUM}\s(?:{_DIRECTION}\.?\s)?(?:(?:Old\s|Upper\s|Lower\s)?Broadway\b|Avenue\s(?:of\sthe\s{W}|[A-Z])\b|(?:County|State|Farm)\s(?:Road|Route|Rd|Hwy)\s\d{{1,4}}\b|(?:US\s)?(?:Highway|Hwy|Route|Rte)\s\d{{1,4}}\b|The\s(?:Avenue|Street|Green|Mall|Parade|Crescent|Mews|Terrace|Grove|Close|Drive|Strand|Square)\b|Rural\sRoute\s\d+){EN_TAIL}", 0.8),
        Rule("cross-streets", "ADDRESS", rf"\b(?:(?:{W}|{_NUMBERED})\s){{1,3}}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Drive)\.?\s(?:and|&|at|/)\s(?:(?:{W}|{_NUMBERED})\s){{1,3}}(?:Streets?|St|Avenues?|Ave|Road|Rd|Boulevard|Blvd|Lane|Drive)\b", 0.75, needs=("street", " st", "ave", "road", "rd", "boulevard", "blvd", "lane", "drive"), reach=(120, 120)),
        Rule("corner-of", "ADDRESS", rf"(?i:(?:\bthe\s)?\b(?:corner|intersection)\sof\s)(?:(?:{W}|{_NUMBERED})(?:\s(?:{W}|\d{{1,4}}\.?)){{0,3}}\s(?:and|&)\s(?:{W}|{_NUMBERED})(?:\s(?:{W}|\d{{1,4}}\.?(?!\w))){{0,3}})", 0.75, needs=("corner of", "intersection of"), reach=(8, 130)),
        _rule("po-box", rf"(?i:\b(?:P\.?\s?O\.?\s?Box|Post\sOffice\sBox|Postfach|Postbus|Boîte\spostale|B\.?P\.|Apartado(?:\sde\scorreos)?|Casella\spostale|C\.P\.|Caixa\spostal|Skr\.\spoczt\.|Locked\sBag|GPO\sBox|Private\sBag|RR\s?\d{{1,3}}\sBox|HC\s\d{{1,3}}\sBox)\s?(?:no\.?\s|nr\.?\s|#)?[A-Z]?\d[\d ]{{0,8}}\d?)(?!\w){EN_TAIL}{FIVE_CITY}?", 0.8, reach=(16, 220), needs=("box", "fach", "postbus", "postale", "b.p", "bp", "apartado", "c.p", "postal", "skr", "bag")),
        _rule("unit-block", rf"{_NUM}\s(?:[\w'’.-]{{2,24}}\s){{1,4}}?(?:\d{{1,4}}\w?\.?)?\s{{0,3}},?\s{{0,3}}(?:Suite|Apt\.?|Apartment|Unit|Ste\.?)\s#?\d{{1,5}}(?:{_ANY_TAIL})?", 0.85, needs=("suite", "apt", "apartment", "unit", "ste"), reach=(120, 200)),
        _rule("any-block", rf"{_NUM}\s(?:[\w'’.-]{{2,24}}\s){{1,4}}?(?:\d{{1,4}}\w?\.?)?{_ANY_TAIL}", 0.7, where=lambda match: "\n" in match[0] and bool(regex.search(r"\p{Lu}\p{L}+", match[0].split("\n")[0]))),
        _rule("apo", r"\b(?:PSC|CMR|Unit|USNS|USS|USCGC|USNV)\s[\w ]{2,30},?\s(?:Box\s\d+\s?,?\s?)?(?:APO|FPO|DPO)\s?,?\s?(?:AA|AE|AP)\s\d{5}(?:-\d{4})?", 0.85, needs=("apo", "fpo", "dpo")),
        _rule("unit-first", rf"\b(?:Apt|Apartment|Suite|Flat|Unit|Shop|Villa|Room|Bldg|Building|Blk|Block)\.?\s(?:No\.?\s)?#?\d[\w-]{{0,5}}(?:,?\s{_NUM}\s(?:{W}\s){{1,3}}{TYPES}\b)?", 0.6, where=lambda m: not m[0].startswith(("Unit", "Block", "Building", "Room"))),
        _rule("unit-slash", rf"(?i:\b(?:unit|lot|shop|flat)\s)?(?<![\w/.-])\d{{1,4}}[A-Z]?/\d{{1,4}}(?:-\d{{1,4}})?\s(?:{W}\s){{1,3}}{TYPES}\b{EN_TAIL}", 0.85),
        _rule("block-sg", rf"(?i:\b(?:blk|block)\s)\d{{1,4}}[A-Z]?,?\s(?:{W}\s){{1,5}}(?:\d{{1,3}}[ ,])?\s?(?:#\d{{1,2}}-\d{{1,4}})?(?:,?\s(?:Singapore|S)\s?\(?\d{{6}}\)?)?", 0.8, needs=("blk", "block")),
        _rule("plot-in", rf"(?i:\b(?:plot|house|flat|door|h|d|shop|survey|villa)\.?\s?(?:no|number|#)\.?\s?:?\s?)[A-Z]?[-/]?\d[\w/-]{{0,10}}(?:{SEP}(?:\d{{1,3}}(?:st|nd|rd|th)\s)?{W}(?:\s(?:\d{{1,3}}(?:st|nd|rd|th)\s)?(?:{W}|\d{{1,4}})){{0,4}}){{1,5}}(?:\s?[-–,]\s?|\s)?(?:(?:PIN|Pin|pin)(?:\s?code)?\s?[:-]?\s?)?(?:\d{{3}}\s?\d{{3}}(?!\d))?", 0.8, needs=(" no", " number", "#")),
        _rule("street-de", rf"\b(?:[A-ZÄÖÜ][\wäöüß.-]*(?:straße|strasse|str\.?|weg|platz|allee|gasse|ufer|damm|ring|steig|chaussee|promenade|stieg|graben|zeile)|(?:{W}(?:\s|-)){{1,3}}(?:Straße|Strasse|Str\.|Weg|Platz|Allee|Gasse|Ring|Damm|Ufer|Chaussee|Markt|Promenade))\s{_HOUSE}(?:{SEP}(?:Top|Stiege|Tür|Whg\.?|Wohnung)\s?\d{{1,4}})?{FIVE_CITY}?", 0.9, needs=("straße", "strasse", "str.", "str ", "weg", "platz", "allee", "gasse", "ufer", "damm", "ring", "steig", "chaussee", "promenade", "stieg", "graben", "zeile", "markt")),
        _rule("street-de-at", rf"\b(?:Am|An\s(?:der|den|dem)|Auf\s(?:der|dem|den)|Im|In\s(?:der|den|dem)|Zum|Zur|Unter\sden|Hinter\s(?:der|dem)|Bei\s(?:der|dem)|Vor\sdem|Beim)\s{_NOT_DE}(?:{W}\s){{1,2}}{_HOUSE}(?=\s*(?:$|[,;.)\n]|in\b)){FIVE_CITY}?", 0.5, needs=("am ", "an der ", "an den ", "an dem ", "auf d", "im ", "in der ", "in den ", "in dem ", "zum ", "zur ", "unter den ", "hinter d", "bei de", "vor dem ", "beim ")),
        _rule("street-fr", rf"(?i:(?<![\w.,/-])\d{{1,4}}(?:\s?(?:bis|ter|quater)(?!\w))?(?:\s?[A-D](?!\w))?,?\s(?:rue|avenue|av\.|boulevard|bd\.?|bld|blvd|place|pl\.|chemin|ch\.|allée|allee|allées|impasse|imp\.|quai|cours|route|rte|square|passage|sentier|villa|faubourg|fbg|promenade|esplanade|rond-point|ruelle|traverse|montée|hameau|résidence|lotissement|cité)\s(?:(?:de\sla|de\sl'|de|du|des|la|le|les|l'|d'|à|aux?|en)\s?){{0,3}})(?:{W}|\d{{1,2}}(?=\s{W}))(?:(?:\s|-)(?:(?:de|du|des|la|le|les|et|sur|en)\s|d'|l'){{0,2}}{W}){{0,4}}{FIVE_CITY}?", 0.9),
        _rule("street-fr-lower", r"(?<![\w.,/-])\d{1,4}(?:\s?(?:bis|ter))?,?\s(?:rue|avenue|boulevard|impasse|allée|quai|chemin)\s(?:(?:de la|de l'|du|des|de|d')\s?)?[a-zà-ÿ][\w'-]{2,}", 0.6),
        _rule("street-fr-be", rf"\b(?:Rue|Avenue|Boulevard|Chaussée|Place|Chemin|Quai|Route)\s(?:(?:de\sla|de\sl'|de|du|des|la|le|les|d')\s?){{0,2}}{W}(?:(?:\s|-)(?:(?:de|du|des|la)\s){{0,2}}{W}){{0,3}},?\s{_HOUSE}(?:\s(?:bte|boîte|bus)\s\w{{1,4}})?{FIVE_CITY}?", 0.85, needs=("rue", "avenue", "boulevard", "chauss", "place", "chemin", "quai", "route")),
        _rule("street-es", rf"\b(?:Calle|CALLE|C/|C\.|Cl\.|Avenida|AVENIDA|Avda\.?|Av\.?|Paseo|Pº|Plaza|Pza\.?|Plza\.?|Camino|Carretera|Ctra\.?|Ronda|Travesía|Glorieta|Callejón|Privada|Calzada|Boulevard|Blvd\.?|Prolongación|Carrer|Rambla|Passeig|Rúa|Urb\.|Urbanización|Jirón|Jr\.|Diagonal|Pasaje|Cerrada|Circuito)\s?(?:(?:de|del|la|las|los|el|d'|des|dels|do|da)\s?){{0,3}}(?:{W}|\d{{1,2}}(?=\sde\s))(?:\s(?:(?:de|del|la|las|los|y|i)\s){{0,2}}{W}){{0,4}},?\s(?:(?i:n[º°o.]{{1,2}}|núm\.?|num\.?|no\.?|#|número)\s?)?{_HOUSE}(?:,?\s(?i:(?:piso|depto|dpto|int|interior|local|puerta|esc|escalera|bajo|ático|entlo)\.?\s?[\w.º°-]{{0,5}}|\d{{1,2}}\s?[.]?[º°ª]\s?(?:izq|dcha|der|centro|[A-H])?\.?(?:\s?[A-H](?!\w))?)){{0,3}}(?:{SEP}(?:Col\.|Colonia|Barrio|Urb\.|Fracc\.)\s{CITY})?(?:{SEP}C\.?\s?P\.?\s?\d{{4,5}})?{FIVE_CITY}?", 0.9),
        _rule("street-co", r"\b(?:Calle|Cll?\.?|Carrera|Cra\.?|Kr\.?|Diagonal|Transversal|Avenida\sCarrera)\s\d{1,3}\s?[A-Z]?(?:\s(?:Sur|Norte|bis))?\s?(?:#|No\.?|N°)\s?\d{1,3}[A-Z]?\s?-\s?\d{1,3}", 0.9),
        _rule("street-pt", rf"\b(?:Rua|RUA|R\.|Avenida|Av\.?|Travessa|Tv\.|Largo|Praça|Pça\.?|Alameda|Al\.|Estrada|Rodovia|Beco|Calçada|Ladeira|Quinta|Urbanização)\s(?:(?:de|do|da|dos|das|d')\s?){{0,2}}(?:{W}|\d{{1,2}}(?=\sde\s))(?:\s(?:(?:de|do|da|dos|das|e)\s){{0,1}}{W}){{0,4}},?\s(?:(?i:n[º°o.]{{1,2}}|nº|lote|lt\.?)\s?)?{_HOUSE}(?:\s?[,-]?\s?(?i:(?:apto?|apartamento|bloco|bl|casa|sala|andar|conj|loja)\.?\s?[\w-]{{1,5}}|\d{{1,2}}\s?[.]?[º°ª]\s?(?:esq|dto|dt|drt|fte|andar)?\.?)){{0,3}}(?:{SEP}(?:\d{{4}}-\d{{3}}|\d{{5}}-\d{{3}}))?(?:{SEP}{CITY}(?:{SEP}(?:[A-Z]{{2}})?,?\s?\d{{5}}-\d{{3}}))?", 0.9),
        _rule("street-it", rf"\b(?:Via|VIA|V\.|Viale|V\.le|Piazza|P\.zza|P\.za|Piazzale|P\.le|Corso|C\.so|Vicolo|Largo|L\.go|Strada|Str\.|Salita|Contrada|Lungotevere|Lungarno|Località|Loc\.|Borgo|Calle|Campo|Fondamenta|Traversa)\s(?:(?:dei|degli|delle|della|dell'|del|di|da|dal|san|santa|il|la|le|lo|al|alla|alle)\s?){{0,2}}(?:{W}|[IVX]+|\d{{1,2}}(?=\s[A-Z]))(?:\s(?:(?:dei|degli|delle|della|del|di|da|e)\s){{0,1}}{W}){{0,4}},?\s(?:(?i:n\.?[°º]?|civ\.?|num\.?)\s?)?{_HOUSE}(?:{SEP}(?:int\.?|interno|scala|sc\.|piano)\s?\w{{1,4}}){{0,2}}{FIVE_CITY}?(?:\s\(?[A-Z]{{2}}\)?(?!\w))?", 0.9),
        _rule("street-nl", rf"\b(?:{W}\s){{0,2}}[A-ZÀ-Þ][a-zà-ÿ'.-]*(?:straat|laan|plein|gracht|kade|weg|dijk|singel|hof|pad|steeg|dreef|plantsoen|markt|baan|burg|lei)\s{_HOUSE}(?:\s?(?:hs|bis|I{{1,3}}|bus\s?\w{{1,4}})(?!\w))?{FIVE_CITY}?", 0.85, needs=("straat", "laan", "plein", "gracht", "kade", "weg", "dijk", "singel", "hof", "pad", "steeg", "dreef", "plantsoen", "markt", "baan", "burg", "lei")),
        _rule("street-nordic", rf"\b(?:{W}\s){{0,2}}[A-ZÅÄÖÆØ][\wåäöæøé.-]*(?:gatan|gata|gate|gaten|vägen|vegen|veien|vei|väg|vej|vejen|gade|gränd|torget|torg|stigen|stien|stræde|plads|plass|vænget|allé|allén|backen|katu|kuja|polku|tie|tori|rinne)\s{_HOUSE}(?:\s?(?:lgh|leil\.?|as\.?|st\.|\d{{1,2}}\.?\s?(?:tv|th|mf)\.?)\s?\w{{0,5}})?{FIVE_CITY}?", 0.85, needs=("gatan", "gata", "gate", "vägen", "vegen", "veien", "vei", "väg", "vej", "gade", "gränd", "torg", "stigen", "stien", "stræde", "plads", "plass", "vænget", "allé", "backen", "katu", "kuja", "polku", "tie ", "tori", "rinne")),
        _rule("street-pl", rf"(?i:(?<!\w)(?:ul\.|ulica|ulicy|al\.|aleja|aleje|pl\.|plac|os\.|osiedle|rondo))\s(?:\d\w*\s|(?:{W}\.?\s)){{1,4}}\d{{1,4}}\s?[a-zA-Z]?(?:\s?[/-]\s?\d+[a-z]?|\sm\.?\s?\d+|\slok\.?\s?\d+)?(?!\w){FIVE_CITY}?", 0.9, needs=("ul.", "ulic", "al.", "alej", "pl.", "plac", "os.", "osiedle", "rondo")),
        _rule("street-cz", rf"(?i:(?<!\w)(?:ulice|ul\.|nám\.|náměstí|námestie|tř\.|třída|nábřeží|nábř\.))\s(?:{W}\s){{1,3}}\d{{1,4}}(?:/\d{{1,4}}[a-z]?)?(?!\w){FIVE_CITY}?", 0.9, needs=("ulice", "ul.", "nám", "tř", "nábř")),
        _rule("street-hu", rf"\b(?:{W}\s){{1,3}}(?:utca|u\.|út|tér|körút|krt\.|köz|sétány|útja|fasor|rakpart)\s\d{{1,4}}(?:[/-]\w{{1,4}})?\.?", 0.85, needs=("utca", "u.", "út", "tér", "krt", "köz", "sétány", "fasor", "rakpart")),
        _rule("street-ro", rf"(?i:(?<!\w)(?:str\.|strada|bd\.|bulevardul|b-dul|șos\.|șoseaua|calea|aleea|piața|intrarea))\s(?:{W}\s?){{1,4}},?\s?(?i:nr)\.?\s?\d{{1,4}}\w?(?:,\s?(?:bl|sc|et|ap)\.?\s?\w{{1,4}}){{0,4}}", 0.9, needs=("str", "bd.", "bul", "b-dul", "șos", "șos", "calea", "aleea", "piața", "intrarea")),
        _rule("street-tr", rf"\b(?:{W}\s){{1,4}}(?:Cad(?:desi|\.)?|Sok(?:ak|ağı|\.)?|Sk\.|Bulvarı|Blv\.|Mah(?:allesi|\.)?)(?:,?\s(?:{W}\s){{1,3}}(?:Cad(?:desi|\.)?|Sok(?:ak|ağı|\.)?|Sk\.))?,?\s?(?:No\.?\s?:?\s?)\d{{1,4}}(?:/\w{{1,4}})?(?:\s(?:D|Daire|Kat|K)\.?\s?:?\s?\d{{1,3}}){{0,2}}", 0.9, needs=("cad", "sok", "sk.", "bulvar", "blv", "mah")),
        _rule("street-cyrillic", r"(?i:(?<!\w)(?:ул\.|улица|улице|вул\.|вулиця|пр\.|просп\.|проспект|пр-т|пер\.|переулок|пл\.|площадь|наб\.|бульвар|б-р|ш\.|шоссе))\s?(?:\p{Lu}[\p{L}.-]+\s?){1,4},?\s?(?:д\.|дом|буд\.)?\s?\d{1,4}(?:\s?[а-яА-Я](?!\w))?(?:/\d{1,3})?(?:,?\s(?:кв|к|корп|стр|оф)\.?\s?\d{1,4}){0,3}", 0.9, needs=("ул", "вул", "пр", "пер", "пл", "наб", "бульв", "б-р", "ш.", "шоссе")),
        _rule("street-greek", r"(?:\b(?:Οδός|οδός|Λεωφόρος|Λεωφ\.|Πλατεία|Odos|Leoforos)\s)(?:\p{Lu}[\p{L}.-]+\s){1,3}\d{1,4}", 0.9, needs=("οδός", "λεωφ", "πλατεία", "odos", "leoforos")),
        _rule("street-jp", rf"(?<![\w.-])\d{{1,4}}(?:-\d{{1,4}}){{1,3}},?\s(?:{W},?\s)?{W}(?:,?\s{W})?-(?:ku|shi|cho|chō|machi|gun|son|mura)(?:,?\s{W}){{0,2}}(?:,?\s\d{{3}}-\d{{4}})?", 0.85, needs=("-ku", "-shi", "-cho", "-chō", "-machi", "-gun", "-son", "-mura")),
        _rule("street-jp-kanji", r"(?:〒?\d{3}-\d{4}\s?)?(?:[一-龥]{2,3}[都道府県])?[一-龥ぁ-んァ-ヶー]{1,8}[市区町村郡][一-龥ぁ-んァ-ヶー]{0,12}\d{1,4}(?:(?:丁目|番地?|号|[-−])\d{0,4}){1,6}", 0.9, needs=("丁目", "番", "号", "区", "市")),
        _rule("street-cn", r"(?:[一-龥]{2,8}[省市区县])?[一-龥]{2,10}(?:路|街|大道|巷|弄)\s?\d{1,5}\s?[号弄](?:\d{1,4}[室栋楼单元]){0,3}", 0.9, needs=("路", "街", "道", "巷", "弄")),
        _rule("street-kr", rf"(?<![\w.-])\d{{1,4}}(?:-\d{{1,4}})?,?\s{W}(?:\s?\d{{1,3}}\s?(?:beon)?)?-(?:ro|gil|daero)(?:\s?\d{{1,3}}-gil)?(?:,?\s{W}-(?:gu|si|dong|do|gun))?(?:,?\s{W})?", 0.85, needs=("-ro", "-gil", "-daero")),
    ),
    (find,),
    (BLOCK,),
)  # fmt: skip

POSITIVES = (
    ("at 12 Main Street, Springfield, IL 62701 now", "ADDRESS", "12 Main Street, Springfield, IL 62701"),
    ("221B Baker Street", "ADDRESS", "221B Baker Street"),
    ("lives at 5 East 42nd St Apt 4B", "ADDRESS", "5 East 42nd St Apt 4B"),
    ("P.O. Box 1234", "ADDRESS", "P.O. Box 1234"),
    ("Musterstraße 12, 10115 Berlin", "ADDRESS", "Musterstraße 12, 10115 Berlin"),
    ("12 rue de la Paix", "ADDRESS", "12 rue de la Paix"),
    ("Calle de Alcalá 42", "ADDRESS", "Calle de Alcalá 42"),
    ("Dorpsstraat 7", "ADDRESS", "Dorpsstraat 7"),
    ("Send it to:\n12 Main St\nApt 4\nSpringfield, IL 62701\nUSA\n", "ADDRESS", "12 Main St\nApt 4\nSpringfield, IL 62701\nUSA"),
    ("Flat 3, 14 High Street, Sampleton, AB1 2CD", "ADDRESS", "Flat 3, 14 High Street, Sampleton, AB1 2CD"),
    ("Rose Cottage, 3 Church Lane\nSampleton\nKent\nAB1 2CD", "ADDRESS", "3 Church Lane\nSampleton\nKent\nAB1 2CD"),
    ("12 Smith St, Carlton VIC 3053", "ADDRESS", "12 Smith St, Carlton VIC 3053"),
    ("5/12 George Street, Sydney NSW 2000", "ADDRESS", "5/12 George Street, Sydney NSW 2000"),
    ("45 King St W, Toronto, ON M5V 2T6", "ADDRESS", "45 King St W, Toronto, ON M5V 2T6"),
    ("Am Markt 5, 99084 Erfurt", "ADDRESS", "Am Markt 5, 99084 Erfurt"),
    ("Bahnhofstrasse 12, CH-8001 Zürich", "ADDRESS", "Bahnhofstrasse 12, CH-8001 Zürich"),
    ("Mariahilfer Straße 7/3, 1060 Wien", "ADDRESS", "Mariahilfer Straße 7/3, 1060 Wien"),
    ("12 bis, avenue du Général Leclerc\n75014 Paris", "ADDRESS", "12 bis, avenue du Général Leclerc\n75014 Paris"),
    ("Rue de la Loi 16, 1000 Bruxelles", "ADDRESS", "Rue de la Loi 16, 1000 Bruxelles"),
    ("C/ Gran Vía, 28, 3º B, 28013 Madrid", "ADDRESS", "C/ Gran Vía, 28, 3º B, 28013 Madrid"),
    ("Rua Augusta, 1500 - apto 42", "ADDRESS", "Rua Augusta, 1500 - apto 42"),
    ("Via Garibaldi 12, 00153 Roma (RM)", "ADDRESS", "Via Garibaldi 12, 00153 Roma (RM)"),
    ("Keizersgracht 123, 1015 CJ Amsterdam", "ADDRESS", "Keizersgracht 123, 1015 CJ Amsterdam"),
    ("Storgatan 5, 111 22 Stockholm", "ADDRESS", "Storgatan 5, 111 22 Stockholm"),
    ("ul. Marszałkowska 10/12, 00-590 Warszawa", "ADDRESS", "ul. Marszałkowska 10/12, 00-590 Warszawa"),
    ("nám. Míru 5, 120 00 Praha", "ADDRESS", "nám. Míru 5, 120 00 Praha"),
    ("Mannerheimintie 5, 00100 Helsinki", "ADDRESS", "Mannerheimintie 5, 00100 Helsinki"),
    ("Calle Reforma No. 123, Col. Centro, 06000", "ADDRESS", "Calle Reforma No. 123, Col. Centro, 06000"),
    ("2-11-3 Meguro, Meguro-ku, Tokyo 153-0063", "ADDRESS", "2-11-3 Meguro, Meguro-ku, Tokyo 153-0063"),
    ("Blk 123 Ang Mo Kio Ave 3 #05-678 Singapore 560123", "ADDRESS", "Blk 123 Ang Mo Kio Ave 3 #05-678 Singapore 560123"),
    ("Flat No 302, Rose Residency, MG Road, Bengaluru 560001", "ADDRESS", "Flat No 302, Rose Residency, MG Road, Bengaluru 560001"),
    ("3 Rose 12\n Suite 501\n Sampleton\n\n Estonia 62488", "ADDRESS", "3 Rose 12\n Suite 501\n Sampleton\n\n Estonia 62488"),
    ("the corner of Main and 5th", "ADDRESS", "the corner of Main and 5th"),
    ("at Main Street and Fifth Avenue", "ADDRESS", "Main Street and Fifth Avenue"),
    ("Dlouhá 12/3\n110 00 Praha", "ADDRESS", "Dlouhá 12/3\n110 00 Praha"),
    ("ул. Ленина, д. 5, кв. 10", "ADDRESS", "ул. Ленина, д. 5, кв. 10"),
    ("1515 Broadway, New York, NY 10036", "ADDRESS", "1515 Broadway, New York, NY 10036"),
    ("Kossuth Lajos utca 5.", "ADDRESS", "Kossuth Lajos utca 5."),
)  # fmt: skip
NEGATIVES = (
    "12 monkeys drive",
    "on the road again",
    "Main Street is long",
    "5 Python Modules",
    "the value 62701",
    "rue the day",
    "chapter 12 The Road",
    "$500 Drive",
    "2021 Q4",
    "box 12",
    "Im Jahr 2020",
    "Am Montag 5 Uhr",
    "via port 80",
    "3 other roads",
    "Place 12 items",
)
