"""Pools of name parts and place names, read from Faker's provider tables.

Faker's own drawing is slow (a locale lookup a value); the tables themselves are plain tuples.
Only names in Latin script are taken, in the tables' order, so that a seed gives the same values
as long as the Faker version is the same.
"""

import importlib
import unicodedata
from collections.abc import Iterable
from functools import cache
from types import ModuleType

from training.fill_lists import words

ENGLISH = ("en_US", "en_GB", "en", "en_IE", "en_NZ", "en_US", "en_GB")
ROMANISED = ("ja_JP", "zh_CN", "zh_TW")
EUROPE = words(
    "cs_CZ da_DK de_AT de_CH de_DE de_LI de_LU es_ES et_EE fi_FI fr_BE fr_CH fr_FR ga_IE hr_HR "
    "hu_HU is_IS it_IT lt_LT lv_LV nl_BE nl_NL no_NO pl_PL pt_PT ro_RO sk_SK sl_SI sv_SE"
)
WORLD = words(
    "az_AZ en_IN en_KE en_NG en_PK en_TH es_AR es_CL es_CO es_MX fr_CA fr_DZ ha_NG id_ID ig_NG "
    "pt_BR sw tr_TR tw_GH uz_UZ vi_VN yo_NG zu_ZA"
)
KNOWN_CITIES = words(
    "London Paris Berlin Madrid Rome Vienna Zurich Geneva Brussels Amsterdam Rotterdam Hamburg "
    "Munich Cologne Frankfurt Leipzig Dresden Lyon Marseille Nice Bordeaux Toulouse Barcelona "
    "Seville Valencia Lisbon Porto Milan Naples Turin Florence Venice Palermo Athens Istanbul "
    "Ankara Warsaw Krakow Gdansk Prague Brno Budapest Bucharest Sofia Belgrade Zagreb Ljubljana "
    "Sarajevo Skopje Tirana Kyiv Lviv Odesa Minsk Moscow Kazan Riga Vilnius Tallinn Helsinki "
    "Stockholm Gothenburg Oslo Bergen Copenhagen Aarhus Reykjavik Dublin Cork Galway Belfast "
    "Glasgow Edinburgh Aberdeen Cardiff Swansea Manchester Liverpool Leeds Sheffield Bristol Bath "
    "Oxford Cambridge Norwich Exeter Brighton York Durham Leicester Nottingham Derby Coventry "
    "Boston Chicago Houston Dallas Austin Denver Seattle Portland Phoenix Tucson Atlanta Miami "
    "Orlando Tampa Detroit Cleveland Columbus Cincinnati Pittsburgh Philadelphia Baltimore "
    "Nashville Memphis Omaha Tulsa Fresno Oakland Sacramento Albuquerque Toronto Montreal "
    "Vancouver Calgary Edmonton Ottawa Winnipeg Halifax Sydney Melbourne Brisbane Perth Adelaide "
    "Hobart Darwin Auckland Wellington Christchurch Dunedin Tokyo Osaka Kyoto Sapporo Seoul Busan "
    "Beijing Shanghai Shenzhen Taipei Manila Cebu Jakarta Bandung Bangkok Hanoi Delhi Mumbai Pune "
    "Chennai Kolkata Bangalore Hyderabad Jaipur Karachi Lahore Dhaka Colombo Kathmandu Kabul "
    "Tehran Baghdad Damascus Beirut Amman Jerusalem Haifa Cairo Alexandria Tunis Algiers Rabat "
    "Casablanca Dakar Accra Lagos Abuja Nairobi Mombasa Kampala Kigali Lusaka Harare Pretoria "
    "Johannesburg Durban Lima Bogota Medellin Quito Caracas Santiago Valparaiso Montevideo Rosario "
    "Cordoba Recife Salvador Brasilia Curitiba Havana Kingston Panama Tijuana Monterrey"
)
FIRST_TABLES = (
    "first_names",
    "first_names_male",
    "first_names_female",
    "first_names_unisex",
    "first_romanized_names",
)
CITY_TABLES = ("cities", "real_city_names", "communes", "places", "metro_manila_lgus")
LAST_TABLES = (
    "last_names",
    "last_names_male",
    "last_names_female",
    "last_names_nonbinary",
    "last_romanized_names",
    "last_names_without_suffix",
    "male_last_names",
    "unisex_last_names",
)


@cache
def is_latin(text: str) -> bool:
    """Whether every letter of the text is of the Latin script."""
    return all(not c.isalpha() or unicodedata.name(c, "").startswith("LATIN") for c in text)


def _provider(kind: str, locale: str) -> ModuleType:
    return importlib.import_module(f"faker.providers.{kind}.{locale}")


def _table(kind: str, locale: str, names: Iterable[str]) -> tuple[str, ...]:
    provider = _provider(kind, locale).Provider
    found: dict[str, None] = {}
    for name in names:
        rows = provider.__dict__.get(name)
        for value in rows if isinstance(rows, tuple | list | dict) else ():
            text = value if isinstance(value, str) else value[0]
            if len(text) > 1 and is_latin(text):
                found[text.title() if text.isupper() else text.strip()] = None
    return tuple(found)


@cache
def first_names(locale: str) -> tuple[str, ...]:
    """The given names of one Faker locale, at least one."""
    return _table("person", locale, FIRST_TABLES)


@cache
def last_names(locale: str) -> tuple[str, ...]:
    """The surnames of one Faker locale, at least one."""
    return _table("person", locale, LAST_TABLES)


@cache
def cities(locale: str) -> tuple[str, ...]:
    """The town names of one Faker address locale; the known cities where it has none."""
    names = _table("address", locale, CITY_TABLES)
    return tuple(name for name in names if name[0].isalpha()) or tuple(KNOWN_CITIES)


@cache
def streets(locale: str) -> tuple[str, ...]:
    """The street names of one Faker address locale; empty where it only has name parts."""
    return _table("address", locale, ("street_names", "streets"))


@cache
def jobs() -> tuple[str, ...]:
    """Names of occupations, as Faker lists them in English."""
    return tuple(_provider("job", "en_US").Provider.jobs)
