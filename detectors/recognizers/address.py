"""Street addresses by the shapes of several countries, and postcodes."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

from detectors.rules import Family, Rule

_W = r"[A-ZÀ-Þ][\w'.-]*"
_EN = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Sq|"
    r"Terrace|Ter|Way|Circle|Cir|Crescent|Cres|Close|Highway|Hwy|Parkway|Pkwy|Trail|Trl|Alley|Row|"
    r"Gardens|Gdns|Grove|Hill|Mews|Walk|Plaza|Loop|Turnpike|Freeway|Route|Rte|Green|Parade|Quay|Vale|"
    r"View|Ridge|Glen|Bridge|Path|Mount|Heights|Junction|Crossing|Point|Fields?|Park|Station)"
)
_UNIT = r"(?:,?\s(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Fl|Room|#)\.?\s?#?[\w-]{1,6})?"
_CITY = rf"(?:,?\s{_W}(?:\s{_W}){{0,2}})"
_STATE_ZIP = r"(?:,?\s(?:[A-Z]{2}|[A-Z][a-z]+(?:\s[A-Z][a-z]+)?),?\s\d{5}(?:-\d{4})?)"
UK_POST = r"[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}"
_TAIL = rf"(?:,?\s(?:{_W}(?:\s{_W}){{0,2}},?\s)?(?:[A-Z]{{2}},?\s)?(?:\d{{5}}(?:-\d{{4}})?|{UK_POST})(?!\w))?"
_CA_POST = r"[ABCEGHJ-NPRSTVXY]\d[A-Z]\s?\d[A-Z]\d"
_NUM = r"(?<![\w.,$€£/-])\d{1,6}(?:[A-Za-z](?![\w])|[-/]\d{1,4}[A-Za-z]?)?"
_US_STATES = r"(?:A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]|PR)"
_POST = ("zip", "zipcode", "zip code", "postcode", "post code", "postal", "postal code", "plz", "cap", "code postal", "address", "lives", "live", "shipping", "mailing")  # fmt: skip

FAMILY = Family(
    "address",
    (
        Rule("street-en", "ADDRESS", rf"{_NUM},?\s(?!The\b|In\b|Of\b|And\b)(?:(?:[NSEW]|North|South|East|West|N[EW]|S[EW])\.?\s)?(?:{_W}\s|\d{{1,3}}(?:st|nd|rd|th)\s){{1,4}}{_EN}\b\.?(?:\s(?:[NSEW]|N[EW]|S[EW])\b)?{_UNIT}{_TAIL}", 0.85),
        Rule("street-en-lower", "ADDRESS", r"(?i)(?<![\w.,$€£/-])\d{1,5}\s(?!the\b|on\b|in\b|by\b|of\b|and\b|per\b|or\b)(?:[a-z][\w'.-]*\s|\d{1,3}(?:st|nd|rd|th)\s){1,3}(?:street|avenue|ave|road|boulevard|blvd|lane|terrace|crescent)\b", 0.6),
        Rule("street-numbered", "ADDRESS", r"(?<![\w.,$€£/-])\d{1,5}\s(?:[NSEW]\.?\s)?(?:\d{1,3}(?:st|nd|rd|th))\s(?:Street|St|Avenue|Ave|Road|Rd)\b\.?", 0.85),
        Rule("po-box", "ADDRESS", rf"(?i)\bP\.?\s?O\.?\sBox\s\d{{1,7}}{_TAIL}", 0.8, needs=("box",)),
        Rule("apo", "ADDRESS", r"\b(?:PSC|Unit|USNS|USS|USCGC|USNV)\s[\w ]{2,30},?\s(?:Box\s\d+\s?,?\s?)?(?:APO|FPO|DPO)\s?,?\s?(?:AA|AE|AP)\s\d{5}", 0.85, needs=("apo", "fpo", "dpo")),
        Rule("unit-first", "ADDRESS", rf"\b(?:Apt|Apartment|Suite|Flat|Unit)\.?\s#?\d[\w-]{{0,5}}(?:,?\s{_NUM}\s(?:{_W}\s){{1,3}}{_EN}\b)?", 0.6),
        Rule("street-de", "ADDRESS", rf"\b(?:[A-ZÄÖÜ][\wäöüß.-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|ufer|damm|ring|steig)|(?:{_W}\s){{1,2}}(?:Straße|Strasse|Str\.|Weg|Platz|Allee|Gasse))\s\d{{1,4}}\s?[a-z]?\b(?:,?\s(?:D-|A-|CH-)?\d{{4,5}}\s{_W})?", 0.9),
        Rule("street-fr", "ADDRESS", rf"(?i:(?<![\w.,/-])\d{{1,4}}(?:\s?(?:bis|ter))?,?\s(?:rue|avenue|boulevard|bd|place|chemin|allée|impasse|quai|cours|route|square|passage)\s(?:(?:de|du|des|la|le|les|l'|d')\s?){{0,3}})[A-ZÀ-Þ][\w'-]*(?:[\s-][A-ZÀ-Þ][\w'-]*){{0,3}}(?:,?\s\d{{5}}\s{_W})?", 0.9),
        Rule("street-es", "ADDRESS", rf"\b(?:Calle|C/|Avenida|Avda\.?|Paseo|Plaza|Pza\.?|Camino|Carrera|Rúa|Carrer|Rua|Via|Viale|Piazza|Corso)\s(?:(?:de|del|la|las|los|el|da|do|dei|della)\s){{0,2}}{_W}(?:\s(?:(?:de|del|la|di)\s)?{_W}){{0,3}},?\s(?:n[º°o.]\s?)?\d{{1,4}}(?!\w)(?:,\s\d{{5}}\s{_W})?", 0.9),
        Rule("street-nl", "ADDRESS", rf"\b[A-Z][a-zë'-]*(?:straat|laan|plein|gracht|kade|weg|dijk|singel|hof|pad|gatan|vägen|vej|gade|gata|katu|veien)\s\d{{1,4}}\s?[a-zA-Z]?\b(?:,?\s\d{{4}}\s?[A-Z]{{2}}\s{_W})?", 0.9),
        Rule("street-pl", "ADDRESS", rf"\b(?:ul\.|al\.|pl\.|os\.)\s(?:{_W}\s?){{1,3}}\d{{1,4}}(?:[/-]\d+)?[a-z]?(?!\w)", 0.9),
        Rule("uk-postcode", "POSTCODE", rf"(?<![\w-]){UK_POST}(?![\w-])", 0.55, 0.9, _POST, where=lambda m: " " in m[0] or (m[0].isalnum() and len(m[0]) >= 6)),
        Rule("ca-postcode", "POSTCODE", rf"(?<![\w-]){_CA_POST}(?![\w-])", 0.6),
        Rule("nl-postcode", "POSTCODE", r"(?<![\w-])[1-9]\d{3} [A-Z]{2}(?![\w-])", 0.2, 0.7, (*_POST, "straat", "nederland")),
        Rule("us-state-zip", "POSTCODE", rf"\b{_US_STATES},?\s(?P<zip>\d{{5}}(?:-\d{{4}})?)(?![\w-])", 0.8, group="zip"),
        Rule("zip-plus4", "POSTCODE", r"(?<![\w.,$-])\d{5}-\d{4}(?![\w-])", 0.5, 0.9, _POST),
        Rule("zip", "POSTCODE", r"(?<![\w.,$€£#-])\d{4,6}(?![\w%-]|[.,]\d)", 0.1, 0.7, _POST),
    ),
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
    ("postcode SW1A 1AA", "POSTCODE", "SW1A 1AA"),
    ("zip code 62701", "POSTCODE", "62701"),
    ("Toronto M5V 2T6", "POSTCODE", "M5V 2T6"),
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
)
