"""Pieces of addresses: separators, cities, postcodes and what follows a street."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

W = r"[A-ZÀ-ÞŁŚŻŹĆŘŠŽČĎŤŇĽĐŐŰİŞĞĂȘȚĀĒĪŌŪ][\w'’.-]*"
_PARTICLE = r"(?:de|del|de la|la|le|les|du|des|do|da|dos|upon|on|the|of|am|an der|im|bei|in|sur|aan den|aan de|nad|pod|y|sous|di|in der)"
CITY = rf"{W}(?:[ -](?:{_PARTICLE}[ -])?{W}){{0,3}}"
# A comma, a line end (also as written in JSON), or both; lists and quotes may indent the line.
SEP = r"(?:[ \t]{0,3},?[ \t]{0,3}(?:<br ?/?>)?(?:\r?\n|\\n)[ \t>|*]{0,12}|[ \t]{0,2},[ \t]{0,3}|[ \t]{1,3}[-–|•][ \t]{1,3}|[ \t]{1,3})"
_STRONG_SEP = (
    r"(?:[ \t]{0,3},?[ \t]{0,3}(?:<br ?/?>)?(?:\r?\n|\\n)[ \t>|*]{0,12}|[ \t]{0,2},[ \t]{0,3})"
)

_TITLE_TYPES = [
    "Street",
    "St",
    "Avenue",
    "Ave",
    "Av",
    "Road",
    "Rd",
    "Boulevard",
    "Blvd",
    "Lane",
    "Ln",
    "Drive",
    "Dr",
    "Court",
    "Ct",
    "Place",
    "Pl",
    "Square",
    "Sq",
    "Terrace",
    "Ter",
    "Tce",
    "Way",
    "Circle",
    "Cir",
    "Crescent",
    "Cres",
    "Close",
    "Cl",
    "Highway",
    "Hwy",
    "Parkway",
    "Pkwy",
    "Trail",
    "Trl",
    "Alley",
    "Row",
    "Gardens",
    "Gdns",
    "Grove",
    "Gr",
    "Hill",
    "Hills",
    "Mews",
    "Walk",
    "Plaza",
    "Loop",
    "Turnpike",
    "Tpke",
    "Freeway",
    "Fwy",
    "Route",
    "Rte",
    "Green",
    "Parade",
    "Pde",
    "Quay",
    "Vale",
    "View",
    "Ridge",
    "Glen",
    "Bridge",
    "Path",
    "Mount",
    "Heights",
    "Hts",
    "Junction",
    "Jct",
    "Crossing",
    "Point",
    "Pt",
    "Field",
    "Fields",
    "Park",
    "Station",
    "Esplanade",
    "Expressway",
    "Causeway",
    "Wharf",
    "Yard",
    "Rise",
    "Lodge",
    "Bend",
    "Landing",
    "Manor",
    "Meadows",
    "Meadow",
    "Orchard",
    "Pass",
    "Pike",
    "Run",
    "Shore",
    "Spring",
    "Springs",
    "Track",
    "Village",
    "Cove",
    "Creek",
    "Harbor",
    "Harbour",
    "Knoll",
    "Marg",
    "Nagar",
    "Chowk",
    "Colony",
    "Layout",
    "Extension",
    "Jalan",
    "Lorong",
    "Avenida",
]
TYPES = (
    "(?:"
    + "|".join(
        sorted({*_TITLE_TYPES, *(t.upper() for t in _TITLE_TYPES)}, key=lambda t: (-len(t), t))
    )
    + ")"
)
UNIT = r"(?:(?:Apartment|Apt|APT|Suite|SUITE|Ste|STE|Unit|UNIT|Flat|FLAT|Floor|Fl|Room|Rm|Bldg|Building|Lot|Level|Shop|Office|Penthouse|PH)\.?\s?#?\s?[A-Z]?[\d-]{0,5}[A-Z]?(?<=[\dA-Z])|#\s?\w{1,6}|(?:\d{1,3}(?:st|nd|rd|th)\s)?(?:Floor|Fl|floor))(?!\w)"

US_STATE = r"(?:A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]|PR)"
US_STATE_NAME = (
    r"(?:Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|"
    r"Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|"
    r"Missouri|Montana|Nebraska|Nevada|New (?:Hampshire|Jersey|Mexico|York)|North (?:Carolina|Dakota)|Ohio|Oklahoma|"
    r"Oregon|Pennsylvania|Rhode Island|South (?:Carolina|Dakota)|Tennessee|Texas|Utah|Vermont|Virginia|Washington|"
    r"West Virginia|Wisconsin|Wyoming)"
)
AU_STATE = r"(?:NSW|VIC|Vic|QLD|Qld|SA|WA|TAS|Tas|ACT|NT)"
CA_PROVINCE = r"(?:AB|BC|MB|NB|NL|NS|NT|NU|ON|PE|QC|SK|YT|Alberta|British Columbia|Manitoba|Nova Scotia|Ontario|Quebec|Québec|Saskatchewan)"
UK_POST = r"(?:[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]?\d[ABD-HJLNP-UW-Z]{2}|GIR\s?0AA)"
CA_POST = r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]\s?\d[ABCEGHJ-NPRSTV-Z]\d"
EIRCODE = r"(?:[ACDEFHKNPRTVWXY]\d{2}|D6W)\s?[\dACDEFHKNPRTVWXY]{4}"
ZIP = r"\d{5}(?:-\d{4})?"
US_LINE = rf"(?:{US_STATE}|{US_STATE_NAME})[ ,.]{{1,2}}{ZIP}"
AU_LINE = rf"{AU_STATE}[ ,]{{1,2}}\d{{4}}"
CA_LINE = rf"(?:{CA_PROVINCE}[ ,]{{1,2}})?{CA_POST}"
_COUNTRIES = (
    r"(?:USA|U\.S\.A\.|United States(?: of America)?|US|UK|U\.K\.|United Kingdom|Great Britain|England|Scotland|Wales|"
    r"Northern Ireland|Ireland|Canada|Australia|New Zealand|Germany|Deutschland|Austria|Österreich|Switzerland|Schweiz|"
    r"Suisse|France|Belgium|Belgique|België|Netherlands|The Netherlands|Nederland|Spain|España|Portugal|Italy|Italia|Poland|"
    r"Polska|Czech Republic|Česká republika|Sweden|Sverige|Norway|Norge|Denmark|Danmark|Finland|Suomi|Brazil|Brasil|"
    r"Mexico|México|Argentina|Japan|Singapore|South Africa|India|China|Hong Kong)"
)
COUNTRY = rf"(?:{_STRONG_SEP}{_COUNTRIES}(?!\w))?"
_LOCALITY = rf"(?:{SEP}(?:{UNIT})){{0,2}}(?:{SEP}(?!{US_STATE}[ ,]){CITY}){{0,3}}?"
EN_TAIL = (
    rf"(?:{_LOCALITY}{SEP}(?:{US_LINE}|{AU_LINE}|{CA_LINE}|{UK_POST}|{EIRCODE}|(?:Singapore|S)\s?\(?\d{{6}}\)?|"
    rf"{ZIP}|\d{{4}}(?=\s*(?:$|[,.;)\n]))|\d{{6}}(?!\d)|{US_STATE}(?=\s*(?:$|[,.;)\n]|\\n)))(?![\w-]){COUNTRY}"
    rf"|(?:{SEP}(?:{UNIT})){{1,2}}(?:{_STRONG_SEP}{CITY}(?={_STRONG_SEP}|\s*$))?"
    rf"|{_STRONG_SEP}{CITY}{_STRONG_SEP}{_COUNTRIES}(?!\w))?"
)
# Five digits and a city (or four, or 3 + 2, or with letters), as in most of Europe.
EURO_POST = (
    r"(?:(?:D|A|CH|F|B|I|E|L|DK|FIN?|N|S|SE|NL|PL|CZ|SK|RO|HU|H)-)?"
    r"(?:\d{5}|\d{4}\s?[A-Z]{2}|\d{4}-\d{3}|\d{3}\s\d{2}|\d{2}-\d{3}|\d{4})(?![\d-])"
)
FIVE_CITY = rf"(?:{SEP}{EURO_POST}(?:\s{CITY}(?:\sCedex(?:\s\d{{1,2}})?)?|(?=\s*(?:$|[,.;)\n])))(?:\s\d{{1,2}}(?!\d))?{COUNTRY})"
