"""Titles before a person's name and letters after it: they belong to what is masked."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import regex

from detectors.spans import Span

_ENGLISH = (
    "Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Doctor|Sir|Madam|Ma'am|Lady|Lord|Dame|Rev|Reverend|Revd|Fr|Father|Sister|Sr|"
    "Brother|Br|Pastor|Rabbi|Imam|Bishop|Archbishop|Cardinal|Deacon|Capt|Captain|Cpt|Cmdr|Commander|Lt|Lieutenant|Sgt|"
    "Sergeant|Cpl|Corporal|Pvt|Private|Col|Colonel|Gen|General|Maj|Major|Adm|Admiral|Judge|Justice|Magistrate|Sen|Senator|"
    "Rep|Representative|Congressman|Congresswoman|Gov|Governor|Pres|President|Minister|Ambassador|Hon|Honorable|Honourable|"
    "Chancellor|Councillor|Cllr|Officer|Detective|Det|Inspector|Insp|Sheriff|Constable|PC|Nurse|Coach|Principal|Dean|"
    "Esq|Attorney|Atty|Uncle|Aunt|Auntie|Grandma|Grandpa|Prince|Princess|Duke|Duchess|Count|Countess|Baron|Baroness|King|Queen|Pope|St"
)
_OTHER = (
    "Herr|Herrn|Hr|Frau|Fr|Fräulein|Dipl|Ing|Mag|Univ|Dres|Hrn|"
    "Monsieur|Mme|Mlle|Madame|Mademoiselle|Messieurs|Mmes|Me|Maître|Docteur|Pr|M|MM|Mgr|"
    "Señor|Señora|Señorita|Sra|Srta|Don|Doña|D|Dña|Dra|Lic|Licda|Arq|Prof[aª]|Ingeniero|"
    "Senhor|Senhora|Dom|Dona|Exmo|Exma|Eng[ºª]?|"
    "Signor|Signore|Signora|Signorina|Sig|Sig\\.ra|Sig\\.na|Dott|Dottor|Dottore|Dottoressa|Dott\\.ssa|Avv|Avvocato|Geom|Rag|Suor|Padre|"
    "Dhr|Mevr|Mevrouw|Meneer|Mw|Drs|Ir|Mr\\.dr|"
    "Pan|Pani|Panu|Panią|Paní|Pán|Slečna|Ing|Mgr|MUDr|JUDr|RNDr|PhDr|Bc|Fru|Fröken|Frøken|Herra|Rouva|Neiti|"
    "Bay|Bayan|Sayın|Domnul|Doamna|Dl|Dna|Kyrios|Kyria|Shri|Smt|Sri|Haji|Datuk|Tan|Ustad|Sheikh|Sayyid|Mullah|Señores"
)
_WORDS = {word for word in f"{_ENGLISH}|{_OTHER}".split("|") if len(word) > 1}
_SHORT = r"(?:M\.|D\.)"  # one letter counts only with its stop
_DEGREES = r"(?:(?:med|phil|jur|rer|nat|iur|theol|oec|pol|ing|habil|h\.c|hc|vet|dent|mont|Ing|Inf|Kfm|Psych|publ|troph)\.?[ -]?)"
TITLE = (
    r"(?:"
    + "|".join(sorted(_WORDS, key=lambda word: (-len(word), word)))
    + rf")\b\.?(?:[ -]?{_DEGREES}){{0,3}}"
)
_BEFORE = regex.compile(
    rf"(?r)(?<![\w.@/-])(?:(?i:the[ ]))?(?:(?:{TITLE}|{_SHORT})[ \t]*(?:(?:and|&|und|et|y|e|og|och)[ ])?){{1,4}}$"
)
_LOWER_BEFORE = regex.compile(
    r"(?r)(?<![\w.@/-])(?:mr|mrs|ms|miss|dr|doctor|prof|professor|nurse|auntie|aunt|uncle|herr|frau|mme|sra|sr|sig|rev|sgt|hon)\.?[ ]$"
)
_AFTER = regex.compile(
    r"(?:,?[ ](?:Jr|Sr|II|III|IV|Ph\.?D|M\.?D|M\.?A|M\.?Sc|B\.?A|B\.?Sc|M\.?B\.?A|LL\.?M|LL\.?B|D\.?D\.?S|R\.?N|J\.?D|Esq|M\.?B\.?E|O\.?B\.?E|C\.?B\.?E|CPA|MP|QC|KC|FRS|MdB|MdL|FRCS|MRCP)(?!\w)\.?){1,3}"
)
_LOOK = 60


def with_titles(spans: Iterable[Span], text: str) -> list[Span]:
    """`spans`, those of a PERSON grown over the titles before them and the letters after.

    "Dr. med. Jane Doe, PhD" is one span where only "Jane Doe" was found. Code points of `text`.
    """
    return [_grown(span, text) if span.entity == "PERSON" else span for span in spans]


def _grown(span: Span, text: str) -> Span:
    low = max(0, span.start - _LOOK)
    head = text[low : span.start]
    before = None
    if head[-1:] in (" ", "\t", "."):
        before = _BEFORE.search(head) or _LOWER_BEFORE.search(head)
    start = low + before.start() if before else span.start
    if before and text[start : start + 4].lower() == "the ":
        start += 4
    after = _AFTER.match(text, span.end, span.end + 40)
    end = after.end() if after else span.end
    return replace(span, start=start, end=end) if (start, end) != (span.start, span.end) else span
