"""Names of people by titles, by what introduces them, by lists, and by transcripts.

A small language model misses names in chat, in capitals and in signatures; these rules do not.
"""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import gzip
import re
from functools import cache
from importlib.resources import files
from typing import Any

from detectors.rules import Family, Rule
from detectors.words import chat_words, rare_words

_CAP = r"\p{Lu}[\p{L}\p{M}]*(?:['-]\p{Lu}?[\p{L}\p{M}]+)*"
_INITIAL = r"\p{Lu}\."
_PARTICLE = r"(?:van|von|de|der|den|del|della|di|da|dos|du|la|le|el|al|bin|ibn|bint|ten|ter|af|av|zu|Mc|Mac|O'|St\.)"
_MORE = rf"(?:[ ](?:{_INITIAL}|{_PARTICLE}(?:[ ]{_PARTICLE})?[ ]{_CAP}|{_CAP}))"
_NAME = rf"(?:{_CAP}|{_INITIAL}){_MORE}{{0,3}}"
_ANYCASE = r"[\p{L}\p{M}]{2,}(?:['-][\p{L}\p{M}]+)*"
_TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Doctor|Sir|Madam|Lady|Lord|Dame|Rev|Reverend|Fr|Father|Sister|"
    r"Brother|Capt|Captain|Lt|Lieutenant|Sgt|Sergeant|Col|Colonel|Gen|General|Major|Judge|Justice|Sen|"
    r"Senator|Rep|Gov|Governor|President|Pastor|Rabbi|Imam|Sheikh|Hon|Herr|Frau|Monsieur|Madame|Mme|Mlle|"
    r"Señor|Señora|Señorita|Sr|Sra|Srta|Doña|Dña|Dra|Signor|Signora|Sig|Dott|Dottor|Dottoressa|Avv|Mevr|Mevrouw|Meneer|Dhr|Herrn|Fräulein|Mademoiselle|Maître|Senhor|Senhora|Paní|Pani|MUDr|JUDr|Ing|Cpl|Cpt|Cmdr|Adm|Insp|Constable|Councillor|Cllr|Bishop|Rabbi|Deacon|Revd|Uncle|Aunt|Auntie|Nurse|Officer|Detective|Coach|Principal)"
)
_WORDS_TOO = frozenset(
    ["General", "Gen", "Major", "Principal", "Coach", "Officer", "Detective", "Judge", "Justice", "President", "Governor", "Brother", "Sister", "Father", "Doctor", "Professor", "Nurse", "Captain", "Private", "Lord", "Lady", "Rep", "Hon", "Sr", "Ing", "Sig", "Col", "Adm", "Bishop", "Deacon", "Constable"]
)  # fmt: skip
_NOT_NAMES = frozenset(
    ["i", "the", "a", "an", "this", "that", "these", "those", "it", "we", "you", "he", "she", "they", "my", "your", "his", "her", "our", "their", "and", "or", "but", "if", "when", "then", "so", "as", "at", "by", "for", "from", "in", "into", "of", "on", "to", "with", "not", "no", "yes", "ok", "okay", "please", "thanks", "thank", "hello", "hi", "hey", "dear", "who", "what", "where", "why", "how", "there", "here", "all", "any", "some", "none", "one", "two", "new", "old", "good", "great", "best", "kind", "regards", "sorry", "sure", "happy", "glad", "afraid", "going", "not", "just", "here", "back", "done", "ready", "trying", "looking", "using", "working", "writing", "getting", "having", "being", "very", "really", "still", "also", "now", "tired", "sick", "late", "free", "fine", "well", "unable", "able", "interested", "sad", "hungry", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "today", "tomorrow", "yesterday", "english", "french", "german", "spanish", "italian", "american", "british", "european", "chinese", "indian", "japanese", "note", "warning", "error", "info", "summary", "question", "answer", "example", "usage", "returns", "args", "raises", "todo", "fixme", "step", "section", "chapter", "figure", "table", "part", "page", "version", "date", "time", "from", "subject", "cc", "bcc", "re", "fwd", "http", "https", "see", "name", "user", "username", "email", "none", "null", "true", "false", "unknown", "anonymous", "team", "everyone", "all", "folks", "guys", "sir", "madam", "customer", "support", "service", "company", "inc", "ltd", "llc", "group", "department", "nan", "una", "vida", "tad", "university", "college", "school", "street", "road", "avenue", "city", "state", "county", "country"]
)  # fmt: skip


@cache
def listed(name: str) -> frozenset[str]:
    """Lower-case names of one of the lists beside this package."""
    text = files("detectors").joinpath("data", f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(text.casefold().split())


def is_given(word: str) -> bool:
    return word.casefold() in listed("given_names")


def is_listed(word: str) -> bool:
    """A given or family name that is no everyday word."""
    low = word.casefold()
    return low in listed("given_names") or low in listed("family_names")


def _no_function_word(value: str) -> bool:
    tokens = value.replace(".", " ").casefold().split()
    return bool(tokens) and tokens[0] not in _NOT_NAMES


def _titled(match: Any) -> bool:
    """A title that is also an everyday word ("General Information") wants a name behind it."""
    first = match["who"].split()[0].rstrip(".")
    if match["title"] in _WORDS_TOO and not (
        len(first) == 1 or _unknown(first) or is_listed(first)
    ):
        return False
    return _no_function_word(match["who"])


def _capital_given(word: str) -> bool:
    return word[0].isupper() and is_given(word)


def _capital_word(word: str) -> bool:
    return word[0].isupper() and word.casefold() in listed("given_names_that_are_words")


def _capital_family(word: str) -> bool:
    return word[0].isupper() and word.casefold() in listed("family_names")


def _capital_unknown(word: str) -> bool:
    return word[0].isupper() and len(word) > 2 and _unknown(word)


_MONTHS = frozenset(["april", "may", "june", "august", "augustus", "january"])
_DAY_AFTER = re.compile(r"[ ,]{1,2}(?:\d|the )")
_BEFORE_MONTH = re.compile(
    r"(?:\d(?:st|nd|rd|th)?(?: of)?|\b(?:in|on|of|since|until|till|by|last|next|this|late|early|mid|every"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day),?)[ ]$",
    re.IGNORECASE,
)


def _given_first(match: Any) -> bool:
    """A first name, and not the month of a date."""
    first = match["first"]
    if first.casefold() not in _MONTHS:
        return is_given(first)
    head, tail = (
        match.string[max(0, match.start() - 14) : match.start()],
        match.string[match.end("first") :][:6],
    )
    return is_given(first) and not (_BEFORE_MONTH.search(head) or _DAY_AFTER.match(tail))


def _name_after_initials(match: Any) -> bool:
    last = match["last"]
    return is_listed(last) or not (last.casefold() in english() or last.casefold() in _NOT_NAMES)


_RATHER_WORDS = frozenset(
    ["alpha", "asia", "august", "autumn", "brain", "junior", "king", "long", "major", "man", "manual", "may", "noble", "numbers", "prince", "princess", "queen", "rich", "royal", "son", "soon", "sun", "young"]
)  # fmt: skip


def _word_that_is_a_name(value: str) -> bool:
    low = value.casefold()
    return low in listed("given_names_that_are_words") and low not in _RATHER_WORDS


def _word_first(match: Any) -> bool:
    """An everyday word that is also a name counts only before a family name."""
    low = match["first"].casefold()
    return low in listed("given_names_that_are_words") and is_listed(match["last"])


def _family_last(match: Any) -> bool:
    low = match["first"].casefold()
    return match["last"].casefold() in listed("family_names") and low not in _NOT_NAMES


def _speaker(match: Any) -> bool:
    tokens = match["who"].replace(".", " ").split()
    if any(token.casefold() in _NOT_NAMES for token in tokens):
        return False
    return any(is_listed(token) for token in tokens) or bool(match.captures("stamp"))


@cache
def english() -> frozenset[str]:
    """Lower-case English words that are not used as names, and words of media and software."""
    folder = files("detectors").joinpath("data")
    packed = gzip.decompress(folder.joinpath("words.txt.gz").read_bytes()).decode()
    media = folder.joinpath("words_media.txt").read_text(encoding="utf-8")
    return frozenset(packed.split()) | frozenset(media.split()) | _NOT_NAMES


def _unknown(word: str) -> bool:
    """In no list of words, also not as a plural, a past or an adverb of one."""
    low = word.casefold().removesuffix("'s")
    stems = (low, low.removesuffix("s"), low.removesuffix("es"), low.removesuffix("ed"))
    more = (low.removesuffix("ing"), low.removesuffix("ly"), low.removesuffix("er"))
    return not any(stem in english() for stem in (*stems, *more))


def is_dictionary_word(word: str) -> bool:
    """In a list of words, also of rare ones, or a plural, a past or an adverb of one."""
    return not _unknown(word) or word.casefold() in rare_words()


def _lower_pair(match: Any) -> bool:
    return is_given(match["first"]) and _unknown(match["last"])


def _unknown_name(value: str) -> bool:
    """In no list of words but the rare ones."""
    parts = [part for part in value.replace(".", " ").split() if len(part) > 1]
    return all(map(_unknown, parts)) and not (parts and parts[0].casefold() in chat_words())


def _signs(value: str) -> bool:
    """A name behind a dash, and no point of a list."""
    if not _no_function_word(value):
        return False
    return any(map(is_listed, value.replace(".", " ").split())) or _unknown_name(value)


def _lower_given(value: str) -> bool:
    return is_given(value) and _unknown(value)


FAMILY = Family(
    "people",
    (
        Rule("title-name", "PERSON", rf"\b(?P<title>{_TITLE})\b\.?[ ]+(?P<who>{_NAME})", 0.9, where=_titled),
        Rule("title-lower", "PERSON", r"(?<![\w@])(?:mr|mrs|ms|dr|prof)\.?[ ](?P<who>\p{Ll}{3,}(?:[ ]\p{Ll}{3,})?)(?!\w)", 0.6, where=lambda m: _unknown(m["who"].split()[0])),
        Rule("name-suffix", "PERSON", rf"\b(?P<who>{_NAME}),?[ ](?:Jr|Sr|II|III|IV|PhD|Ph\.D|MD|M\.D|Esq|MBE|OBE|CPA|DDS|RN)\b\.?", 0.7, group="who", check=_no_function_word),
        Rule("introduced", "PERSON", rf"(?i:\b(?:my (?:full |last |first |middle |maiden |real )?name(?:'s|s| is)|(?:his|her|their|whose) (?:full |last |first )?name(?:'s| is| was)|name is|names? (?:my|his|her) \w+|called|named|known as|i go by|ich heiße|je m'appelle|me llamo|mi chiamo|mein name ist))[ ]+[\"']?(?P<who>{_NAME})", 0.85, group="who", check=_no_function_word),
        Rule("introduced-lower", "PERSON", rf"(?i)\bmy (?:full |first |last |real )?name(?:'s|s| is)[ ]+(?P<who>{_ANYCASE}(?:[ ](?!and\b|but\b|i\b|from\b|so\b|is\b|im\b|here\b|what\b){_ANYCASE})?)", 0.75, group="who", check=_no_function_word),
        Rule("i-am", "PERSON", rf"(?:\b[Ii]['’]?m|\b[Ii] am|\b[Tt]his is|\b[Ii]t['’]s|\b[Mm]eet|\b[Cc]all me)[ ](?P<who>{_CAP}{_MORE}{{0,2}})(?=[ ]*(?:[,.!?;)\n]|$|from\b|and\b|with\b|at\b|here\b|calling\b|speaking\b))", 0.7, group="who", where=lambda m: _no_function_word(m["who"]) and (" " in m["who"] or is_listed(m["who"]))),
        Rule("greeting", "PERSON", rf"^[>\t ]{{0,24}}(?i:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hola|hallo|liebe[r]?|cher|chère|bonjour|ciao)[ ,]+(?P<who>{_CAP}{_MORE}{{0,2}})(?=\s*(?:[,!.:;\n-]|$))", 0.8, group="who", check=_no_function_word),
        Rule("sign-off", "PERSON", rf"(?i:\b(?:(?:best|kind|warm|many|with|warmest|kindest)?[ ]?(?:regards|wishes)|sincerely|yours(?: truly| faithfully| sincerely)?|cheers|thanks(?: again)?|thank you|love|best|respectfully|cordially|gruß|grüße|cordialement|saludos)),?[ ]*(?:\r?\n[ \t]*){{1,2}}(?P<who>{_NAME})[ \t]*(?=\r?\n|$|[,|])", 0.85, group="who", check=_no_function_word),
        Rule("signed-dash", "PERSON", rf"(?:^|\n)[ ]*(?:--?|~|/)[ ]?(?P<who>{_CAP}{_MORE}{{1,2}})[ ]*$", 0.6, group="who", check=_signs),
        Rule("header-name", "PERSON", rf"^[>\t ]{{0,24}}(?i:from|to|cc|bcc|reply-to|sender|attn|attention|contact|patient|client|employee|customer|name|full name|first name|last name|surname|applicant|signed|by|interviewer|interviewee|host|guest|speaker|witness)[ ]?:[ \t]*[\"']?(?P<who>{_NAME})(?=[\"']?\s*(?:[<,;(\n|]|$))", 0.75, group="who", check=_no_function_word),
        Rule("mail-display", "PERSON", rf"[\"']?\b(?P<who>{_CAP}{_MORE}{{1,3}})[\"']?[ ]<[^<>\s@]{{1,80}}@[^<>\s@]{{1,80}}>", 0.9, group="who", needs=("@",), reach=(260, 90), code=True),
        Rule("speaker", "PERSON", r"^(?P<stamp>[\[(]?\d{1,2}[:./]\d{2}[^\n\]]{0,20}[\])]?[ ]*(?:-[ ])?)?(?P<who>\p{Lu}[\p{L}.'-]*(?:[ ]\p{Lu}[\p{L}.'-]*){0,3})[ ]?(?:\([^)\n]{1,20}\))?:(?=\s)", 0.75, group="who", where=_speaker),
        Rule("given-name", "PERSON", rf"(?<![\w@#./-])(?P<first>\p{{Lu}}[\p{{L}}\p{{M}}]+)(?:-{_CAP})?{_MORE}{{0,3}}(?![\w@])", 0.6, overlapped=True, where=_given_first, word=_capital_given),
        Rule("word-name", "PERSON", r"(?<![\w@#./-])(?P<first>\p{Lu}[\p{L}]+)[ ](?:\p{Lu}\.[ ])?(?P<last>\p{Lu}[\p{L}'-]+)(?![\w@])", 0.6, overlapped=True, where=_word_first, word=_capital_word),
        Rule("word-name-told", "PERSON", r"(?:\b(?:told|asked|tell|ask|met|meet|with|and|from|to|by|for|thanks|thank you|love|hi|hey|hello|miss|saw|see|call|called|emailed|texted|messaged|invited|cc|@|than|like|about|whether|that|because|if|when|says|said|dear|sorry|please|congrats|nice one|my (?:son|daughter|wife|husband|brother|sister|friend|boss|partner|cousin|nephew|niece|colleague|flatmate|roommate))|,)[ ](?P<who>\p{Lu}\p{Ll}{2,})(?=['’]s\b|[.,;:!?)\n]|$|[ ]\p{Ll}|[ ]I\b)", 0.5, group="who", overlapped=True, check=_word_that_is_a_name, weak=True, word=_capital_word),
        Rule("word-name-first", "PERSON", r"(?:^|[.!?…][ ]+|\n)(?P<who>\p{Lu}\p{Ll}{2,})(?=[ ](?:is|was|has|had|got|and I|and me|if you|you)\b|['’]s[ ](?:wife|husband|mother|father|mom|mum|dad|son|daughter|brother|sister|friend|house|birthday|email|phone|number)|[,!?][ ])", 0.45, group="who", overlapped=True, check=_word_that_is_a_name, weak=True, word=_capital_word, vote=True),
        Rule("word-name-doer", "PERSON", r"(?:^|[.!?…\"”:,][ ]+|\n|(?<=\p{Ll}[ ]))(?P<who>\p{Lu}\p{Ll}{2,})(?=[ ](?:says|said|told|asked|went|came|called|calls|wrote|wants|wanted|lives|lived|sent|gave|thinks|thought|loves|likes|knows|knew|laughed|smiled|replied|answered|met|brought|took|left|bought)\b)", 0.5, group="who", overlapped=True, check=_word_that_is_a_name, weak=True, word=_capital_word),
        Rule("word-name-owner", "PERSON", r"(?<=\p{Ll}[ ])(?<!\b(?:the|an?|of|in|this|last|next|each|every|our|my|your|his|her|their|its|no)[ ])(?P<who>\p{Lu}\p{Ll}{2,})(?=['’]s[ ]\p{Ll})", 0.5, group="who", overlapped=True, check=_word_that_is_a_name, weak=True, word=_capital_word),
        Rule("family-name", "PERSON", r"(?<![\w@#./-])(?P<first>\p{Lu}[\p{Ll}\p{M}'-]+|\p{Lu}\.)[ ](?:\p{Lu}\.[ ])?(?P<last>\p{Lu}[\p{L}'-]+)(?![\w@])", 0.5, overlapped=True, where=_family_last, word=_capital_family),
        Rule("family-alone", "PERSON", r"(?<![\w@#./-])(?<!\b(?:New|San|Santa|Saint|St|Los|Las|Fort|Port|Mount|North|South|East|West) )\p{Lu}[\p{L}]{3,}(?:-\p{Lu}\p{L}+)?(?![\w@])", 0.45, check=lambda v: v.split("-")[0].casefold() in listed("family_names"), weak=True, vote=True, word=_capital_family),
        Rule("initials-name", "PERSON", r"(?<![\w.])(?:\p{Lu}\.[ ]?){1,3}(?P<last>\p{Lu}\p{Ll}{2,})(?!\w)", 0.55, overlapped=True, where=_name_after_initials),
        Rule("lower-name", "PERSON", r"(?<![\w@#./-])(?P<first>\p{Ll}{3,})(?:[ ]\p{Ll})?[ ](?P<last>\p{Ll}{3,})(?![\w@])", 0.55, overlapped=True, where=_lower_pair, weak=True, vote=True, word=is_given),
        Rule("lower-given", "PERSON", r"(?<![\w@#./_-])\p{Ll}{3,}(?![\w@./(=_-])", 0.42, check=_lower_given, weak=True, vote=True, word=_lower_given),
        Rule("unknown-doer", "PERSON", r"(?<![\w@#./-])(?P<who>\p{Lu}\p{Ll}{2,}(?:[ ]\p{Lu}\p{Ll}{2,})?)(?=[ ](?:is|was|has|had|lives|lived|said|says|told|asked|went|began|works|worked|loves|thinks|wants|just|can|will|would|and I|did|got|made|came)\b|['’]s[ ](?:wife|husband|mother|father|mom|mum|dad|son|daughter|brother|sister|friend|house|birthday|email|phone|number))", 0.5, group="who", overlapped=True, check=_unknown_name, weak=True, vote=True, word=_capital_unknown),
        Rule("unknown-met", "PERSON", r"(?i:\b(?:calls? me|call|thanks|thank you|hi|hey|hello|with|tell|told|ask|asked|met|meet|miss|love|birthday|congrats|congratulations to|why is|is|to|from|for|by|and|directed by|written by|produced by|my (?:kid|son|daughter|wife|husband|brother|sister|friend|boss|mom|dad|partner)))[: ,]{1,6}(?P<who>\p{Lu}\p{Ll}{2,}(?:[ ](?:\p{Lu}\.?[ ])?\p{Lu}\p{Ll}{2,})?)(?![\w@./(-])", 0.45, group="who", check=_unknown_name, weak=True, vote=True, word=_capital_unknown),
        Rule("author-tag", "PERSON", rf"(?i:(?:@authors?|\bauthors?|\bmaintainers?|\bmaintained by|\bwritten by|\bcreated by|\bmodified by|\bcontributed by|\bsigned-off-by|\bco-authored-by|\breviewed-by|\btested-by|\breported-by|__author__|\\author))[ \t]*(?:[:={{][ \t]*|[ ])(?:by[ ])?[\"'{{]?(?P<who>{_CAP}{_MORE}{{1,3}})", 0.85, group="who", check=_no_function_word, code=True, needs=("author", "maintain", "written by", "created by", "modified by", "contributed by", "signed-off", "reviewed-by", "tested-by", "reported-by"), reach=(12, 200)),
        Rule("copyright", "PERSON", rf"(?i:(?:copyright|©|\(c\)))[ ]*(?:(?i:\(c\)|©|copyright)[ ]*)?(?:\d{{4}}(?:[ ]?[-,][ ]?\d{{2,4}})*,?[ ]+)?(?:(?i:by)[ ]+)?(?P<who>{_CAP}{_MORE}{{1,3}})", 0.7, group="who", where=lambda m: is_listed(m["who"].split()[0]) or is_listed(m["who"].split()[-1]), code=True, needs=("copyright", "©", "(c)"), reach=(16, 200)),
    ),
)  # fmt: skip

POSITIVES = (
    ("everyone calls me Quillon", "PERSON", "Quillon"),
    ("with jennifer quist again", "PERSON", "jennifer quist"),
    ("General Zoltan Quist came", "PERSON", "General Zoltan Quist"),
    ("I told Grace about it", "PERSON", "Grace"),
    ("Rose said so", "PERSON", "Rose"),
    ("we met April there", "PERSON", "April"),
    ("ask Mr Doe about it", "PERSON", "Mr Doe"),
    ("Dr. Jane Doe came", "PERSON", "Dr. Jane Doe"),
    ("Best regards,\nZoltana Quist", "PERSON", "Zoltana Quist"),
    ("my name is Zoltana Quist.", "PERSON", "Zoltana Quist"),
    ("my name is zoltana quist", "PERSON", "zoltana quist"),
    ("I'm Jennifer, nice to meet", "PERSON", "Jennifer"),
    ("Dear Zoltana,", "PERSON", "Zoltana"),
    ("JENNIFER DOE: I think so", "PERSON", "JENNIFER DOE"),
    ("Patient: Zoltana Quist", "PERSON", "Zoltana Quist"),
    ("we met Jennifer van der Berg there", "PERSON", "Jennifer van der Berg"),
    ("# Author: Zoltana Quist", "PERSON", "Zoltana Quist"),
    (" * @author Zoltana Quist", "PERSON", "Zoltana Quist"),
    ("Copyright (c) 2020 Jennifer Quist", "PERSON", "Jennifer Quist"),
    ("Zoltana Quist <zq@example.com>", "PERSON", "Zoltana Quist"),
)
NEGATIVES = (
    "General Information",
    "the Principal Component and a Major Release",
    "Thanks Everybody, with Windows and Linux",
    "we will mark and grant the hope",
    "I'm Happy to help",
    "my name is not known",
    "Dear Sir",
    "Warning: it breaks",
    "on April 21, 2014 and on 23 April",
    "Wind 2 km/h N. Barometer 1015",
    "- Multi-part File Uploads\n- Connection Timeouts",
    "America/New York",
    "NOTE: it breaks",
    "Best regards,\nThe team",
    "will mark the bill",
    "The Grace period",
    "Author: unknown",
    "the author of it",
    "Copyright (c) 2020 The Example Authors",
    "Python Software Foundation",
    "This is It.",
    "May is warm",
    "Summary: all is well",
)
