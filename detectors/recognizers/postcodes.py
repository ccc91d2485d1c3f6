"""Postcodes that stand alone: by their shape, by a word near them, or by their city."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import re
from typing import Any

from detectors.recognizers.address_parts import (
    AU_STATE,
    CA_POST,
    EIRCODE,
    UK_POST,
    US_STATE,
    US_STATE_NAME,
    W,
)
from detectors.rules import Family, Rule

_POST = (
    "zip", "zipcode", "zip code", "zips", "postcode", "post code", "postcodes", "postal", "postal code",
    "plz", "postleitzahl", "cap", "code postal", "código postal", "codigo postal", "c.p", "cp", "cep",
    "address", "lives", "live", "shipping", "mailing", "postnummer", "postnr", "postinumero", "psč",
    "kod pocztowy", "pincode", "pin code", "pin", "eircode", "irányítószám", "cod poștal", "posta kodu",
    "adresse", "anschrift", "adres", "indirizzo", "dirección", "endereço", "adress", "osoite", "wohnt",
)  # fmt: skip
_CITIES = (
    "Berlin|Hamburg|München|Köln|Frankfurt|Stuttgart|Düsseldorf|Leipzig|Dortmund|Essen|Bremen|Dresden|Hannover|"
    "Nürnberg|Bonn|Wien|Graz|Linz|Salzburg|Innsbruck|Zürich|Genève|Basel|Bern|Lausanne|Luzern|Paris|Lyon|Marseille|"
    "Toulouse|Nice|Nantes|Strasbourg|Montpellier|Bordeaux|Lille|Rennes|Bruxelles|Brussel|Antwerpen|Gent|Liège|"
    "Amsterdam|Rotterdam|Den Haag|Utrecht|Eindhoven|Groningen|Madrid|Barcelona|Valencia|Sevilla|Zaragoza|Málaga|Bilbao|"
    "Lisboa|Porto|Braga|Coimbra|Roma|Milano|Napoli|Torino|Palermo|Genova|Bologna|Firenze|Bari|Venezia|Verona|Warszawa|"
    "Kraków|Łódź|Wrocław|Poznań|Gdańsk|Praha|Brno|Ostrava|Plzeň|Bratislava|Budapest|Stockholm|Göteborg|Malmö|Uppsala|"
    "Oslo|Bergen|Trondheim|København|Aarhus|Odense|Aalborg|Helsinki|Espoo|Tampere|Turku|Athens|Dublin|Cork|"
    "Ciudad de México|Guadalajara|Monterrey|Buenos Aires|Córdoba|Rosario|São Paulo|Rio de Janeiro|Auckland|Wellington|"
    "Christchurch|Cape Town|Johannesburg|Durban|Pretoria|Mumbai|Delhi|New Delhi|Bengaluru|Chennai|Kolkata|Hyderabad|Pune"
)

_OF_THINGS = re.compile(
    r"\b(?:sku|part|model|item|article|product|order|batch|lot|catalogue|catalog|firmware|colou?r|stock|promo|voucher|"
    r"discount|coupon|error|bestell|artikel)s?(?:[ -](?:no|nr|number|code|id)s?)?\b[^\n]{0,24}$",
    re.IGNORECASE,
)


def _of_a_place(match: Any) -> bool:
    """No code of a product or an order: words for things stand close before those."""
    value = match[0]
    if " " not in value and len(value) < 6:
        return False
    return not _OF_THINGS.search(match.string[max(0, match.start() - 40) : match.start()])


FAMILY = Family(
    "postcodes",
    (
        Rule("uk-postcode", "POSTCODE", rf"(?<![\w-]){UK_POST}(?![\w-])", 0.55, 0.9, _POST, where=_of_a_place, needs=("0",), reach=(10, 10)),
        Rule("uk-postcode-lower", "POSTCODE", r"(?i)(?<![\w-])[a-pr-uwyz][a-hk-y]?\d[a-z\d]?\s\d[abd-hjlnp-uw-z]{2}(?![\w-])", 0.2, 0.85, _POST, needs=("0",), reach=(10, 10)),
        Rule("uk-outcode", "POSTCODE", r"(?<![\w-])[A-PR-UWYZ][A-HK-Y]?\d{1,2}[A-Z]?(?![\w-])", 0.1, 0.6, ("postcode", "postcodes", "post code"), needs=("0",), reach=(5, 6), weak=True),
        Rule("ca-postcode", "POSTCODE", rf"(?<![\w-]){CA_POST}(?![\w-])", 0.6, 0.9, _POST, where=_of_a_place, needs=("0",), reach=(10, 10)),
        Rule("ca-postcode-lower", "POSTCODE", r"(?i)(?<![\w-])[abceghj-nprstvxy]\d[abceghj-nprstv-z]\s?\d[abceghj-nprstv-z]\d(?![\w-])", 0.1, 0.8, _POST, needs=("0",), reach=(10, 10)),
        Rule("ie-eircode", "POSTCODE", rf"(?<![\w-]){EIRCODE}(?![\w-])", 0.2, 0.85, (*_POST, "ireland", "co.", "dublin"), needs=("0",), reach=(10, 10)),
        Rule("nl-postcode", "POSTCODE", r"(?<![\w.,-])[1-9]\d{3}\s?(?!S[ADS]|AM|PM|AD|BC|MB|GB|KB|TB|MS|HZ|KM)[A-Z]{2}(?![\w-])", 0.2, 0.7, (*_POST, "straat", "nederland"), needs=("0",), reach=(8, 8)),
        Rule("nl-postcode-city", "POSTCODE", rf"(?<![\w.,-])(?P<zip>[1-9]\d{{3}}\s?(?!S[ADS]|AM|PM|AD|BC|MB|GB|KB|TB|MS)[A-Z]{{2}})\s{{1,2}}{W}[a-z]+", 0.6, group="zip", needs=("0",), reach=(8, 60)),
        Rule("us-state-zip", "POSTCODE", rf"\b(?:{US_STATE}|{US_STATE_NAME}),?\s(?P<zip>\d{{5}}(?:-\d{{4}})?)(?![\w-])", 0.8, group="zip", needs=("0",), reach=(26, 14)),
        Rule("au-state-post", "POSTCODE", rf"\b{AU_STATE},?\s(?P<zip>\d{{4}})(?![\w-]|\.\d)", 0.75, group="zip", needs=("0",), reach=(10, 10)),
        Rule("zip-plus4", "POSTCODE", r"(?<![\w.,$-])\d{5}-\d{4}(?![\w-])", 0.5, 0.9, _POST, needs=("0",), reach=(12, 12)),
        Rule("city-zip", "POSTCODE", rf"(?<![\w.,$€£#-])(?:[A-Z]{{1,3}}-)?(?P<zip>\d{{4,5}}|\d{{3}} \d{{2}}|\d{{2}}-\d{{3}}|\d{{4}}-\d{{3}}|\d{{5}}-\d{{3}}|\d{{6}})(?:,?\s)(?:{_CITIES})(?!\w)", 0.75, group="zip", needs=("0",), reach=(14, 50)),
        Rule("zip-city", "POSTCODE", rf"\b(?:{_CITIES}),?\s(?:[-–]\s)?(?P<zip>\d{{4,6}}|\d{{3}} \d{{2,3}}|\d{{5}}-\d{{3}})(?![\w%-]|[.,]\d)", 0.65, group="zip", where=lambda m: not m["zip"].startswith(("19", "20")) or len(m["zip"]) > 4, needs=("0",), reach=(40, 14)),
        Rule("singapore", "POSTCODE", r"\b(?:Singapore|S)\s?\(?(?P<zip>\d{6})\)?(?!\w)", 0.75, group="zip", needs=("singapore", "s(")),
        Rule("jp-postcode", "POSTCODE", r"〒\s?\d{3}-?\d{4}(?!\d)", 0.9, needs=("〒",)),
        Rule("ar-postcode", "POSTCODE", r"(?<![\w-])[A-HJ-NP-Z]\d{4}[A-Z]{3}(?![\w-])", 0.3, 0.8, _POST, needs=("0",), reach=(10, 10)),
        Rule("pl-postcode", "POSTCODE", rf"(?<![\w.,-])(?P<zip>\d{{2}}-\d{{3}})\s{W}(?!\w)", 0.5, 0.85, _POST, group="zip", needs=("0",), reach=(8, 40)),
        Rule("pt-postcode", "POSTCODE", rf"(?<![\w.,-])(?P<zip>\d{{4}}-\d{{3}})\s{W}(?!\w)", 0.5, 0.85, _POST, group="zip", needs=("0",), reach=(8, 40)),
        Rule("spaced-postcode", "POSTCODE", rf"(?<![\w.,-])(?P<zip>[1-9]\d{{2}} \d{{2}})\s{W}(?!\w)", 0.3, 0.85, _POST, group="zip", needs=("0",), reach=(8, 40)),
        Rule("zip", "POSTCODE", r"(?<![\w.,$€£#-])(?:\d{4,6}|\d{3} \d{2,3}|\d{2}-\d{3}|\d{4}-\d{3}|\d{5}-\d{3})(?![\w%-]|[.,]\d)", 0.1, 0.7, _POST, where=lambda m: not (len(m[0]) == 4 and m[0][:2] in ("19", "20")), needs=("0",), reach=(12, 12)),
    ),
)  # fmt: skip

POSITIVES = (
    ("postcode SW1A 1AA", "POSTCODE", "SW1A 1AA"),
    ("zip code 62701", "POSTCODE", "62701"),
    ("Toronto M5V 2T6", "POSTCODE", "M5V 2T6"),
    ("PLZ 10115", "POSTCODE", "10115"),
    ("in 10115 Berlin", "POSTCODE", "10115"),
    ("Springfield, Illinois 62701", "POSTCODE", "62701"),
    ("Carlton VIC 3053", "POSTCODE", "3053"),
    ("1015 CJ Amsterdam", "POSTCODE", "1015 CJ"),
    ("00-590 Warszawa", "POSTCODE", "00-590"),
    ("1100-148 Lisboa", "POSTCODE", "1100-148"),
    ("CEP 01310-100", "POSTCODE", "01310-100"),
    ("my postcode is sw1a 1aa", "POSTCODE", "sw1a 1aa"),
    ("Eircode D02 X285", "POSTCODE", "D02 X285"),
    ("Singapore 560123", "POSTCODE", "560123"),
    ("PSČ 110 00", "POSTCODE", "110 00"),
    ("Mumbai 400001", "POSTCODE", "400001"),
)  # fmt: skip
NEGATIVES = (
    "the value 62701",
    "Order codes: AB12 3CD for the lamp",
    "part number K1A 0B1",
    "1234 items",
    "in 2021 it grew",
    "1024 MB",
    "10-100 items",
    "error 40012",
    "Paris 2024",
    "1999 AD",
    "12-345 rows",
)
