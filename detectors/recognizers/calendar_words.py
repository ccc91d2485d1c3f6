"""Months, days and years as they are written in the larger European languages."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

from collections.abc import Iterable

_MONTHS = (
    "january february march april june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec "
    "jänner januar februar märz maerz mai juni juli oktober dezember feber "
    "janvier février fevrier mars avril juin juillet août aout septembre octobre novembre décembre janv févr avr juil déc "
    "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre "
    "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre "
    "janeiro fevereiro março maio junho julho setembro outubro novembro dezembro "
    "januari februari maart mei augustus "
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia "
    "ledna února března dubna května června července srpna září října listopadu prosince "
    "maj augusti marts desember "
    "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta "
    "ianuarie februarie martie aprilie iunie iulie septembrie octombrie noiembrie decembrie "
    "január február március április május június július augusztus szeptember október "
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık "
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
)
MONTHS = _MONTHS.split()


def either(words: Iterable[str]) -> str:
    """A pattern of all `words`, longest first, in which common beginnings stand once."""
    branches: dict[str, set[str]] = {}
    for word in words:
        branches.setdefault(word[:1], set()).add(word[1:])
    ends = branches.pop("", None) is not None
    parts = [first + either(rest) for first, rest in sorted(branches.items())]
    whole = parts[0] if len(parts) == 1 and not ends else "(?:" + "|".join(parts) + ")"
    return "" if not parts else whole + ("?" if ends else "")


MONTH = f"(?:{either(MONTHS)}|(?-i:May|MAY))"

DAY = r"(?:0?[1-9]|[12]\d|3[01])"
YEAR = r"(?:1[89]\d\d|20\d\d)"
_ORDINAL = r"(?:st|nd|rd|th|er|re|º|ª|°|\.|e|:a|:e)?"
TIME = r"(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?:Z|\s?[+-]\d\d:?\d\d)?)?"
NUMERIC = (
    rf"(?:{YEAR}([-/.])(?:0?[1-9]|1[0-2])\1{DAY}|{DAY}\s?([-/.])\s?{DAY}\s?\2\s?{YEAR}|{DAY}/{DAY}/\d\d(?!\d)"
    r"|(?:0[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])\.\d\d(?=\s*(?:$|[^\w\s.-]|[a-z(]|\.(?:\s|$)))"
    rf"|{YEAR}年\d{{1,2}}月\d{{1,2}}日)"
)
IN_WORDS = (
    rf"(?:{DAY}{_ORDINAL}(?:\s(?:of|de|di|d'|do))?[ -]{MONTH}\.?,?(?:\s(?:de|del|do))?[ -]?\s?(?:{YEAR}|'\d\d|\d\d(?![\w:%]|[.,]\d))"
    rf"|{MONTH}\.?[ -]{DAY}(?:st|nd|rd|th)?,?[ -]{YEAR})"
)
DATE = rf"(?i:(?<![\w./-])(?:{NUMERIC}|{IN_WORDS}){TIME}(?![\w/-]|\.\d))"
DAY_MONTH = rf"(?i:(?<![\w./-])(?:{DAY}{_ORDINAL}(?:\s(?:of|de|di))?\s{MONTH}|{MONTH}\s{DAY}(?:st|nd|rd|th)?)(?![\w/-]|:\d|\.\d))"
MONTH_YEAR = rf"(?i:(?<![\w-]){MONTH}\.?,?(?:\s(?:of|de|del|do))?\s{YEAR}(?!\w))"

_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_ONES = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_TEENS = r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
NUMBER_WORD = rf"(?:{_TENS}(?:[ -]{_ONES})?|{_TEENS}|{_ONES})"
_YEAR_WORDS = (
    rf"(?:(?:nineteen|eighteen|twenty)[ -](?:hundred(?:[ -](?:and[ -])?{NUMBER_WORD})?|(?:oh|o)[ -]{_ONES}|{_TENS}(?:[ -]{_ONES})?|{_TEENS})"
    rf"|two[ -]thousand(?:[ -](?:and[ -])?{NUMBER_WORD})?|{_TENS}[ -]{_ONES}|{YEAR}|'?\d\d)"
)
_DAY_WORDS = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|"
    r"sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|"
    r"thirtieth|thirty[ -]first)"
)
_EN_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
)
SPELT = (
    rf"(?i:(?<!\w)(?:{_DAY_WORDS}(?:\s(?:day\s)?of)?\s{_EN_MONTH}(?:,?\s(?:in\s)?{_YEAR_WORDS})?"
    rf"|{_EN_MONTH}\s(?:the\s)?{_DAY_WORDS}(?:,?\s{_YEAR_WORDS})?|{DAY}(?:st|nd|rd|th)?\s(?:of\s)?{_EN_MONTH},?\s{_YEAR_WORDS})(?!\w))"
)
_DE_MONTH = (
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)"
)
SPELT_DE = rf"(?i:(?<!\w)[\p{{Ll}}\p{{Lu}}]{{2,16}}(?:sten|ten)\s{_DE_MONTH}(?:\s(?:neunzehnhundert|achtzehnhundert|zweitausend)\p{{L}}*|\s{YEAR})?(?!\w))"
_FR_DAY = r"(?:premier|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix(?:-(?:sept|huit|neuf))?|onze|douze|treize|quatorze|quinze|seize|vingt(?:(?:-|\set\s|-et-)(?:un|deux|trois|quatre|cinq|six|sept|huit|neuf))?|trente(?:(?:\set\s|-et-)un)?)"
_ES_DAY = r"(?:primero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieci\w+|veint\w+|treinta(?:\sy\suno)?)"
SPELT_FR_ES = (
    rf"(?i:(?<!\w)(?:{_FR_DAY}\s(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)(?:\s(?:mille|deux[ -]mille|mil)(?:[ -]\p{{L}}+){{0,6}}|\s{YEAR})?"
    rf"|{_ES_DAY}\sde\s(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)(?:\sdel?\s(?:(?:dos\s)?mil(?:\s\p{{L}}+){{0,5}}|{YEAR}))?)(?!\w))"
)
