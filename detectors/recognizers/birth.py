"""Dates, dates of birth and ages."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

from typing import Any

from detectors.recognizers.calendar_words import (
    DATE,
    DAY_MONTH,
    MONTH_YEAR,
    MONTHS,
    NUMBER_WORD,
    SPELT,
    SPELT_DE,
    SPELT_FR_ES,
    YEAR,
)
from detectors.rules import Family, Rule

_BIRTH = (
    "born", "birth", "birthday", "birthdate", "dob", "d.o.b", "date of birth", "bday", "b-day", "turned", "turns",
    "geboren", "geb", "geburtsdatum", "geburtstag", "geburt", "naissance", "né", "née", "nés", "anniversaire",
    "nacido", "nacida", "nacimiento", "nació", "naci", "nací", "cumpleaños", "nato", "nata", "nascita", "nacque", "compleanno",
    "nascido", "nascida", "nascimento", "nasceu", "aniversário", "geboortedatum", "geboorte", "verjaardag",
    "urodzony", "urodzona", "urodzenia", "ur", "född", "födelsedatum", "født", "fødselsdato", "fødselsdag", "syntynyt",
    "syntymäaika", "narozen", "narozena", "narození", "született", "születési", "născut", "născută", "nașterii",
    "doğum", "doğumlu", "родился", "родилась", "рождения",
)  # fmt: skip
_EN_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")  # fmt: skip
_FR_ES_MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre", "de enero", "de febrero", "de marzo", "de abril", "de mayo", "de junio", "de julio", "de agosto", "de septiembre", "de octubre", "de noviembre", "de diciembre")  # fmt: skip
_AGE = r"(?:1[01]\d|[1-9]?\d)"
_AGES = rf"(?:{_AGE}|{NUMBER_WORD})"
_UNITS = r"(?:years?|yrs?|months?|mos?|weeks?|wks?|days?)"
_NOT_BEFORE_AGE = frozenset({*MONTHS, "may", "section", "chapter", "page", "figure", "table", "line", "version", "volume", "verse", "number", "article", "no", "vol", "nos", "pages", "lines", "chapters"})  # fmt: skip
_NEAR = (36, 48)


def _after_a_name(match: Any) -> bool:
    return match["word"].lower() not in _NOT_BEFORE_AGE


FAMILY = Family(
    "birth",
    (
        Rule("birth-date", "DATE_OF_BIRTH", DATE, 0.1, 0.9, _BIRTH, needs=("0",), reach=_NEAR),
        Rule("date", "DATE", DATE, 0.6, needs=("0",), reach=_NEAR),
        Rule("birth-day", "DATE_OF_BIRTH", DAY_MONTH, 0.1, 0.7, _BIRTH, needs=("0",), reach=_NEAR),
        Rule("date-day", "DATE", DAY_MONTH, 0.45, needs=("0",), reach=_NEAR),
        Rule("birth-month", "DATE_OF_BIRTH", MONTH_YEAR, 0.1, 0.7, _BIRTH, needs=("0",), reach=_NEAR),
        Rule("date-month-year", "DATE", MONTH_YEAR, 0.5, needs=("0",), reach=_NEAR),
        Rule("birth-spelt", "DATE_OF_BIRTH", SPELT, 0.1, 0.85, _BIRTH, needs=_EN_MONTHS, reach=(50, 50)),
        Rule("date-spelt", "DATE", SPELT, 0.6, needs=_EN_MONTHS, reach=(50, 50)),
        Rule("birth-spelt-de", "DATE_OF_BIRTH", SPELT_DE, 0.1, 0.85, _BIRTH, needs=("sten ", "ten "), reach=(24, 60)),
        Rule("date-spelt-de", "DATE", SPELT_DE, 0.6, needs=("sten ", "ten "), reach=(24, 60)),
        Rule("birth-spelt-fr", "DATE_OF_BIRTH", SPELT_FR_ES, 0.1, 0.85, _BIRTH, needs=_FR_ES_MONTHS, reach=(50, 70)),
        Rule("date-spelt-fr", "DATE", SPELT_FR_ES, 0.5, needs=_FR_ES_MONTHS, reach=(50, 70)),
        Rule("date-year", "DATE", r"(?i)(?<!\w)(?:in|since|until|till|during|before|after|by|around|circa|early|late|year|from|through|seit|im jahre?|anno|en|depuis|desde|nel|dal|sinds|sedan|od|roku|v roce|w)\s(?P<year>(?:1[89]\d\d|20[0-4]\d))(?![\w%-]|[.,]\d|:\d|\s(?:items?|people|times|words|rows|bytes|lines|cases|users|files|words))", 0.45, group="year", needs=("0",), reach=(14, 24)),
        Rule("birth-compact", "DATE_OF_BIRTH", rf"(?<![\w.-])(?:{YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])[ ]?(?:0[1-9]|1[0-2])[ ]?{YEAR})(?![\w-])", 0.1, 0.75, ("dob", "birth", "born", "d.o.b", "geboren", "birthday", "geburtsdatum", "naissance", "nacimiento"), needs=("0",), reach=(12, 12)),
        Rule("born-star", "DATE_OF_BIRTH", rf"(?<![\w*])\*\s?(?P<date>(?:0?[1-9]|[12]\d|3[01])\.\s?(?:0?[1-9]|1[0-2]\.?|[A-Z]\p{{Ll}}+)\.?\s?{YEAR})(?!\w)", 0.7, group="date", needs=("*",)),
        Rule("date-us-week", "DATE", r"(?<![\w-])(?:19|20)\d\d-W[0-5]\d(?:-[1-7])?(?!\w)", 0.5, needs=("-w",)),
        Rule("birth-year", "DATE_OF_BIRTH", rf"(?i)(?<!\w)(?:born\s(?:in|c\.|circa|around|back in)|(?:birth|born)\s?year\s?(?:is|was|:)?|year of birth\s?(?:is|was|:)?|geboren\s(?:im\sjahr|in)?|jahrgang|née?\sen|nacid[oa]\sen|nat[oa]\snel|nascid[oa]\sem|born\s(?:on\s)?(?:the\s)?)\s?(?P<year>{YEAR})(?!\w)", 0.8, group="year", needs=("born", "birth", "geboren", "jahrgang", "né", "nacid", "nat", "nascid"), reach=(24, 24)),
        Rule("age-years", "AGE", rf"(?i)(?<![\w.])(?:{_AGES}(?:\sand\sa\shalf|\s1/2|½)?[ -]?(?:{_UNITS})?[ -](?:{_UNITS}[ -])?olds?|{_AGES}[ -](?:{_UNITS}[ ])of[ ]age)(?!\w)", 0.8, needs=(" old", "-old", "of age"), reach=(44, 6)),
        Rule("age-short", "AGE", r"(?i)(?<![\w.])(?:1[01]\d|[1-9]\d?)\s?(?:y\.?/?o\.?|yo|yrs?\.?\sold|y\.o\.)(?!\w)", 0.8, needs=("o", "old"), reach=(10, 4)),
        Rule("age-cued", "AGE", rf"(?i)(?<!\w)(?:aged|ages?|age:|age is|age was|age of|turned|turning|turns?|will be turning|alter:?|im alter von|edad:?|età:?|idade:?|leeftijd:?|wiek:?|ålder:?|alder:?|ikä:?|âge:?)\s(?:about\s|around\s|just\s|only\s)?(?P<age>{_AGES})(?![\w%.:/-]\d|\w)(?!\s?(?:%|percent|am|pm|degrees|million|thousand))", 0.8, group="age", needs=("age", "turn", "alter", "edad", "età", "idade", "leeftijd", "wiek", "lder", "ikä", "âge"), reach=(10, 50)),
        Rule("age-more", "AGE", rf"(?i)(?<!\w)(?:aged|ages)\s{_AGE}(?:,\s{_AGE}){{0,5}},?\s(?:and|&|to|or)\s(?P<age>{_AGE})(?!\w)", 0.75, group="age", needs=("aged", "ages"), reach=(2, 60)),
        Rule("age-i-am", "AGE", rf"(?i)(?<!\w)(?:i'?m|i am|she'?s|he'?s|(?:she|he|who|daughter|son|wife|husband|mother|father|mom|mum|dad|brother|sister|kid) (?:is|was|just turned)|they are)\s(?:only\s|just\s|now\s|almost\s|nearly\s|about\s)?(?P<age>1[01]\d|[1-9]\d|{NUMBER_WORD})(?=\s*(?:$|[.,;!)]|and\b|now\b|today\b|years?\b|from\b|but\b|when\b))(?!\s?years?\s(?!old|of\sage|young))", 0.7, group="age", needs=("'m ", "im ", " am ", "'s ", "es ", " is ", " was ", " are ", "turned "), reach=(14, 40)),
        Rule("age-birthday", "AGE", r"(?i)(?<!\w)(?P<age>(?:1[01]\d|[1-9]?\d)(?:st|nd|rd|th))\s(?:birthday|b-?day)", 0.8, group="age", needs=("birthday", "bday", "b-day"), reach=(10, 4)),
        Rule("age-apposed", "AGE", r"(?<![\w.])(?P<word>\p{Lu}\p{Ll}+),\s(?P<age>1[89]|[2-9]\d)(?=,\s(?!\d))", 0.5, group="age", where=_after_a_name, needs=("0",), reach=(30, 10)),
        Rule("age-in-brackets", "AGE", r"(?<!\w)\p{Lu}\p{Ll}+\s\p{Lu}\p{Ll}+\s\((?P<age>1[89]|[2-9]\d)\)", 0.5, group="age", needs=("0",), reach=(60, 6)),
        Rule("age-sex", "AGE", r"(?<![\w.])\(?(?:[1-9]\d[MFmf]|[MF][1-9]\d)\)?(?!\w)", 0.2, 0.6, ("age", "year", "patient", "i", "my", "asl", "bf", "gf", "wife", "husband"), needs=("0",), reach=(6, 6)),
        Rule("age-other", "AGE", rf"(?i)(?<![\w.])(?:{_AGE}[ -]?(?:Jahre\salt|Jahren?\s(?=alt)|-?jährige[rnms]?|jährig|jaar\soud|-?jarige|år\sgammel|år\sgammal|-?årige?|-?åring(?:en)?|-?vuotias|vuotta\svanha|éves|yaşında|letý|letá|letniego|letnia|letni|лет(?!\sназад)|años\sde\sedad|anni\sdi\setà|ans\spassés)|(?:âgée?\sde|agée?\sde)\s{_AGE}\sans|(?:tengo|tiene|tenía|con)\s{_AGE}\saños|de\s{_AGE}\saños(?!\s(?:de\s)?(?:experiencia|prisión|cárcel))|(?:ho|ha|di)\s{_AGE}\sanni|(?:tenho|tem|de)\s{_AGE}\sanos|(?:j'ai|il\sa|elle\sa|a)\s{_AGE}\sans|(?:ma|mam)\s{_AGE}\slat|je\smi\s{_AGE}\slet|{_AGE}\sJahren?(?=,|\.|\salt))(?!\w)", 0.75, needs=("jahr", "jähr", "jaar", "jarig", "år", "vuot", "éves", "yaş", "let", "лет", "años", "anni", "ans", "anos", "lat"), reach=(24, 24)),
    ),
)  # fmt: skip

POSITIVES = (
    ("born 5 May 1987 in", "DATE_OF_BIRTH", "5 May 1987"),
    ("DOB: 05/05/1987", "DATE_OF_BIRTH", "05/05/1987"),
    ("Date of birth 1987-05-05", "DATE_OF_BIRTH", "1987-05-05"),
    ("my birthday is May 5th", "DATE_OF_BIRTH", "May 5th"),
    ("she was born in 1987", "DATE_OF_BIRTH", "1987"),
    ("on 12 March 2021 we", "DATE", "12 March 2021"),
    ("34 years old", "AGE", "34 years old"),
    ("a 34-year-old man", "AGE", "34-year-old"),
    ("aged 34", "AGE", "34"),
    ("I'm 34 and tired", "AGE", "34"),
    ("born on the fifth of May eighty-seven", "DATE_OF_BIRTH", "fifth of May eighty-seven"),
    ("born May fifth, nineteen eighty seven", "DATE_OF_BIRTH", "May fifth, nineteen eighty seven"),
    ("geboren am 5. Mai 1987", "DATE_OF_BIRTH", "5. Mai 1987"),
    ("geb. 05.05.87", "DATE_OF_BIRTH", "05.05.87"),
    (
        "am fünften Mai neunzehnhundertsiebenundachtzig geboren",
        "DATE_OF_BIRTH",
        "fünften Mai neunzehnhundertsiebenundachtzig",
    ),
    ("née le 1er janvier 1990", "DATE_OF_BIRTH", "1er janvier 1990"),
    (
        "née le cinq mai mille neuf cent quatre-vingt-sept",
        "DATE_OF_BIRTH",
        "cinq mai mille neuf cent quatre-vingt-sept",
    ),
    ("nacido el 5 de mayo de 1987", "DATE_OF_BIRTH", "5 de mayo de 1987"),
    ("nata il 12 dicembre 1990", "DATE_OF_BIRTH", "12 dicembre 1990"),
    ("urodzona 3 lutego 1991", "DATE_OF_BIRTH", "3 lutego 1991"),
    ("* 5. Mai 1987 in", "DATE_OF_BIRTH", "5. Mai 1987"),
    ("DOB 19870505", "DATE_OF_BIRTH", "19870505"),
    ("on 2021-03-12T10:00:00Z", "DATE", "2021-03-12T10:00:00Z"),
    ("am 12.03.2021 war", "DATE", "12.03.2021"),
    ("was founded in 1977 by", "DATE", "1977"),
    ("I'll turn 23 soon", "AGE", "23"),
    ("in March 2021", "DATE", "March 2021"),
    ("a five-year-old girl", "AGE", "five-year-old"),
    ("her 8-month-old", "AGE", "8-month-old"),
    ("at the age of 34 she", "AGE", "34"),
    ("on his 40th birthday", "AGE", "40th"),
    ("Jane Doe, 34, of Springfield", "AGE", "34"),
    ("34 y/o male", "AGE", "34 y/o"),
    ("eine 34-jährige Frau", "AGE", "34-jährige"),
    ("Ich bin 34 Jahre alt", "AGE", "34 Jahre alt"),
    ("âgée de 34 ans", "AGE", "âgée de 34 ans"),
    ("tengo 34 años", "AGE", "tengo 34 años"),
    ("thirty-four years of age", "AGE", "thirty-four years of age"),
    ("he just turned forty", "AGE", "forty"),
    ("kids aged 5 and 7", "AGE", "7"),
)
NEGATIVES = (
    "version 1.2.19",
    "10/12 of it",
    "an old year",
    "stage 4",
    "page 34",
    "version 3.11.4-5",
    "age limit",
    "I'm 100% sure",
    "born ready",
    "the 5 may be",
    "34 years of experience",
    "the second half of it",
    "pages 12, 34, and 56",
    "Section 3, 45, and more",
    "1.2.3.4",
    "turned 90 degrees",
)
