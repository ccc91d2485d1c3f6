"""Dates, dates of birth and ages."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

from detectors.rules import Family, Rule

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|(?-i:May|MAY)|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|januar|februar|märz|mai|juni|juli|"
    r"oktober|dezember|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|"
    r"décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|noviembre|diciembre)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_NUMERIC = rf"(?:(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.]{_DAY}|{_DAY}[-/.]{_DAY}[-/.](?:19|20)\d\d|{_DAY}/{_DAY}/\d\d)"
_WORDS = (
    rf"(?:{_DAY}(?:st|nd|rd|th)?\.?(?:\sof)?[ -]{MONTH}\.?,?[ -](?:(?:19|20)\d\d|'?\d\d)"
    rf"|{MONTH}\.?[ -]{_DAY}(?:st|nd|rd|th)?,?[ -](?:19|20)\d\d)"
)
DATE = rf"(?i:(?<![\w./-])(?:{_NUMERIC}|{_WORDS})(?![\w/-]|\.\d))"
_BIRTH = (
    "born", "birth", "birthday", "birthdate", "dob", "d.o.b", "date of birth", "geboren", "geb",
    "naissance", "né", "née", "nacido", "nacimiento", "nato", "nata", "bday", "b-day", "turned",
)  # fmt: skip
_DAYS = rf"(?i:(?<![\w./-])(?:{_DAY}(?:st|nd|rd|th)?(?:\sof)?\s{MONTH}|{MONTH}\s{_DAY}(?:st|nd|rd|th)?)(?![\w/-]))"
_NUMBER_WORD = r"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|eighteen|nineteen|sixteen|seventeen)"
_YEARS = r"(?:years?|yrs?)"

FAMILY = Family(
    "birth",
    (
        Rule("birth-date", "DATE_OF_BIRTH", DATE, 0.1, 0.9, _BIRTH),
        Rule("birth-day", "DATE_OF_BIRTH", _DAYS, 0.1, 0.7, _BIRTH),
        Rule("date", "DATE", DATE, 0.6),
        Rule("date-month-year", "DATE", rf"(?i:(?<![\w-]){MONTH},?\s(?:19|20)\d\d(?!\w))", 0.5),
        Rule("date-day", "DATE", _DAYS, 0.45),
        Rule("date-us-week", "DATE", r"(?<![\w-])(?:19|20)\d\d-W[0-5]\d(?:-[1-7])?(?!\w)", 0.5),
        Rule(
            "birth-year",
            "DATE_OF_BIRTH",
            r"(?i)(?<!\w)born\s(?:in|c\.|circa)\s(?P<year>(?:19|20)\d\d)(?!\w)",
            0.8,
            group="year",
            needs=("born",),
        ),
        Rule(
            "age-years",
            "AGE",
            rf"(?i)(?<![\w.])(?:1[01]\d|[1-9]?\d|{_NUMBER_WORD})[ -]?(?:{_YEARS}|months?)?[ -](?:{_YEARS}[ -])?old(?!\w)",
            0.8,
            needs=("old",),
        ),
        Rule("age-short", "AGE", r"(?i)(?<![\w.])(?:1[01]\d|[1-9]\d)\s?(?:y/?o|yo)(?!\w)", 0.8),
        Rule(
            "age-cued",
            "AGE",
            rf"(?i)(?<!\w)(?:aged?|age:|age is|turned|turning)\s(?P<age>1[01]\d|[1-9]?\d|{_NUMBER_WORD})(?![\w%.:/])",
            0.8,
            group="age",
            needs=("age", "turn"),
        ),
        Rule(
            "age-i-am",
            "AGE",
            rf"(?i)(?<!\w)(?:i'?m|i am|she'?s|he'?s|(?:she|he) is)\s(?P<age>1[01]\d|[1-9]\d|{_NUMBER_WORD})(?=\s*(?:$|[.,;!)]|and\b|now\b|today\b|years?\b|from\b))",
            0.7,
            group="age",
        ),
        Rule("age-sex", "AGE", r"(?<![\w.])\(?(?:[1-9]\d[MFmf]|[MF][1-9]\d)\)?(?!\w)", 0.2, 0.6, ("age", "year", "patient", "i", "my")),
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
)
