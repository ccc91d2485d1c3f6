"""Personal numbers of many states, with their own check digits (python-stdnum has the rules).

Where a check digit alone would let one plain number in ten through, a word of the country's
own language must stand near.
"""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module

import regex

from detectors.recognizers import checksums as sums
from detectors.rules import AFTER, BEFORE, Family, Hit, Rule

_ISLAND = regex.compile(r"\d(?:[ ./A-Z()-]{0,3}\d){4,}")
_BEFORE, _AFTER = 20, 20
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Number:
    """One state's number: its shape, how many digits, and who checks it (a stdnum module)."""

    rule: Rule
    least: int
    most: int
    module: str


def _row(
    name: str,
    module: str,
    pattern: str,
    digits: tuple[int, int],
    score: float,
    lifted: float = 0.95,
    words: str = "",
    entity: str = "NATIONAL_ID",
) -> Number:
    whole = rf"(?<![\w.-])(?:{pattern})(?![\w-]|[./]\d)"
    rule = Rule(name, entity, whole, score, lifted, tuple(words.split("|")) if words else ())
    return Number(rule, *digits, module)


NUMBERS = (
    _row("ar-cuil", "ar.cuit", r"\d{2}-\d{8}-\d|\d{11}", (11, 11), 0.1, 0.95, "cuil|cuit"),
    _row("ar-cuil-dashed", "ar.cuit", r"(?:2[0347])-\d{8}-\d", (11, 11), 0.85),
    _row("ar-dni", "ar.dni", r"\d{1,2}\.\d{3}\.\d{3}|\d{7,8}", (7, 8), 0.1, 0.85, "dni|documento nacional|d.n.i"),
    _row("at-svnr", "at.vnr", r"\d{4} ?\d{6}", (10, 10), 0.1, 0.95, "svnr|sozialversicherungsnummer|versicherungsnummer|sv-nummer|e-card"),
    _row("ba-jmbg", "si.emso", r"\d{13}", (13, 13), 0.1, 0.95, "jmbg|emšo|emso|matični broj|matični|embg"),
    _row("be-nn", "be.nn", r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}", (11, 11), 0.95),
    _row("be-nn-bare", "be.nn", r"\d{11}|\d{6} ?\d{3} ?\d{2}", (11, 11), 0.1, 0.95, "rijksregisternummer|rijksregister|numéro national|registre national|insz|niss|nn"),
    _row("bg-egn", "bg.egn", r"\d{10}", (10, 10), 0.1, 0.95, "egn|егн"),
    _row("ch-ahv", "ch.ssn", r"756\.\d{4}\.\d{4}\.\d{2}", (13, 13), 0.95),
    _row("ch-ahv-bare", "ch.ssn", r"756 ?\d{4} ?\d{4} ?\d{2}", (13, 13), 0.5, 0.95, "ahv|avs|sozialversicherung|navs13"),
    _row("cl-rut", "cl.rut", r"\d{1,2}\.\d{3}\.\d{3}-[\dkK]", (7, 9), 0.9),
    _row("cl-rut-bare", "cl.rut", r"\d{7,8}-?[\dkK]", (7, 9), 0.1, 0.9, "rut|run|rol único"),
    _row("cn-ric", "cn.ric", r"[1-9]\d{16}[\dX]", (17, 18), 0.85, 0.95, "身份证|id card"),
    _row("co-nit", "co.nit", r"\d{1,3}(?:\.\d{3}){2}-\d|\d{8,10}-\d", (8, 11), 0.1, 0.9, "nit|cédula|cedula|c.c"),
    _row("co-cedula", "", r"\d{1,3}(?:\.\d{3}){2,3}|\d{7,10}", (7, 10), 0.1, 0.8, "cédula|cedula|cédula de ciudadanía|c.c"),
    _row("cr-cedula", "cr.cpf", r"\d-\d{4}-\d{4}", (9, 9), 0.3, 0.9, "cédula|cedula"),
    _row("cu-ni", "cu.ni", r"\d{11}", (11, 11), 0.1, 0.9, "carné de identidad|carnet de identidad"),
    _row("cz-rc", "cz.rc", r"\d{6}/\d{3,4}", (9, 10), 0.8, 0.95, "rodné číslo|rodne cislo|rč|r.č"),
    _row("cz-rc-bare", "cz.rc", r"\d{9,10}", (9, 10), 0.1, 0.95, "rodné číslo|rodne cislo|rodné|rč"),
    _row("de-svnr", "", r"\d{2} ?\d{6} ?[A-Z] ?\d{3}", (11, 11), 0.5, 0.95, "rentenversicherung|sozialversicherungsnummer|versicherungsnummer|rvnr|svnr"),
    _row("de-kvnr", "", r"[A-Z]\d{9}", (9, 9), 0.1, 0.95, "krankenversicherung|versichertennummer|kvnr|krankenkasse|gesundheitskarte", "MEDICAL_ID"),
    _row("de-tax-number", "de.stnr", r"\d{2,3}/\d{3}/\d{4,5}|\d{10,13}", (10, 13), 0.1, 0.9, "steuernummer|st.-nr|stnr|finanzamt|steuer-nr"),
    _row("dk-cpr", "dk.cpr", r"\d{6}-\d{4}", (10, 10), 0.3, 0.95, "cpr|cpr-nr|cpr-nummer|personnummer"),
    _row("dk-cpr-bare", "dk.cpr", r"\d{10}", (10, 10), 0.1, 0.95, "cpr|cpr-nr|cpr-nummer"),
    _row("do-cedula", "do.cedula", r"\d{3}-\d{7}-\d", (11, 11), 0.85),
    _row("ec-ci", "ec.ci", r"\d{9}-?\d", (10, 10), 0.1, 0.9, "cédula|cedula|c.i"),
    _row("ee-ik", "ee.ik", r"[1-8]\d{10}", (11, 11), 0.1, 0.95, "isikukood|personal code"),
    _row("fi-hetu", "fi.hetu", r"\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]", (9, 10), 0.85, 0.95, "henkilötunnus|hetu"),
    _row("fr-fiscal", "fr.nif", r"[0-3]\d ?\d{2} ?\d{3} ?\d{3} ?\d{3}", (13, 13), 0.1, 0.95, "numéro fiscal|fiscal|spi|impôts"),
    _row("gb-utr", "gb.utr", r"\d{5} ?\d{5}", (10, 10), 0.1, 0.95, "utr|unique taxpayer"),
    _row("gr-amka", "gr.amka", r"\d{11}", (11, 11), 0.1, 0.95, "amka|αμκα"),
    _row("gr-afm", "gr.vat", r"\d{9}", (9, 9), 0.1, 0.9, "afm|αφμ"),
    _row("hk-hkid", "*hkid", r"[A-Z]{1,2}\d{6} ?\([0-9A]\)", (6, 7), 0.9),
    _row("hk-hkid-bare", "*hkid", r"[A-Z]{1,2}\d{6}[0-9A]", (6, 7), 0.1, 0.9, "hkid|hong kong id|identity card"),
    _row("hr-oib", "hr.oib", r"\d{11}", (11, 11), 0.1, 0.95, "oib"),
    _row("hu-taj", "", r"\d{3} ?\d{3} ?\d{3}", (9, 9), 0.1, 0.9, "taj|taj-szám", "MEDICAL_ID"),
    _row("hu-personal", "", r"[1-8] ?\d{6} ?\d{4}", (11, 11), 0.1, 0.9, "személyi szám|személyi azonosító|személyi"),
    _row("id-nik", "id.nik", r"\d{16}|\d{4} ?\d{4} ?\d{4} ?\d{4}", (16, 16), 0.1, 0.95, "nik|ktp|nomor induk"),
    _row("id-npwp", "id.npwp", r"\d{2}\.\d{3}\.\d{3}\.\d-\d{3}\.\d{3}", (15, 15), 0.9),
    _row("ie-pps", "ie.pps", r"\d{7}[A-W][A-IW]?", (7, 7), 0.35, 0.95, "pps|ppsn|pps number|personal public service"),
    _row("il-id", "il.idnr", r"\d{8}-?\d", (9, 9), 0.1, 0.9, "teudat zehut|t.z|ת.ז|תעודת זהות|israeli id"),
    _row("in-epic", "in_.epic", r"[A-Z]{3}\d{7}", (7, 7), 0.35, 0.95, "voter|epic|elector"),
    _row("in-gstin", "in_.gstin", r"\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]", (7, 9), 0.9),
    _row("in-vid", "in_.vid", r"[2-9]\d{3} ?\d{4} ?\d{4} ?\d{4}", (16, 16), 0.1, 0.9, "vid|virtual id|aadhaar"),
    _row("is-kennitala", "is_.kennitala", r"\d{6}-\d{4}", (10, 10), 0.6, 0.95, "kennitala|kt"),
    _row("jp-my-number", "*mynumber", r"\d{4} ?\d{4} ?\d{4}", (12, 12), 0.1, 0.95, "my number|mynumber|マイナンバー|個人番号"),
    _row("ke-pin", "ke.pin", r"[AP]\d{9}[A-Z]", (9, 9), 0.5, 0.95, "kra|pin"),
    _row("kr-rrn", "kr.rrn", r"\d{6}-[1-8]\d{6}", (13, 13), 0.9),
    _row("kr-rrn-unchecked", "", r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-[1-8]\d{6}", (13, 13), 0.6, 0.9, "rrn|resident registration|주민등록번호|주민번호"),
    _row("lt-asmens", "lt.asmens", r"[3-6]\d{10}", (11, 11), 0.1, 0.95, "asmens kodas|a.k"),
    _row("lv-pk", "lv.pvn", r"\d{6}-\d{5}", (11, 11), 0.55, 0.95, "personas kods|p.k"),
    _row("md-idnp", "md.idno", r"\d{13}", (13, 13), 0.1, 0.95, "idnp|idno"),
    _row("mu-nid", "mu.nid", r"[A-Z]\d{12}[0-9A-Z]", (12, 13), 0.85),
    _row("mx-curp", "mx.curp", r"[A-Z]{4}\d{6}[A-Z]{6}[0-9A-Z]\d", (7, 8), 0.95),
    _row("mx-rfc", "mx.rfc", r"[A-ZÑ&]{4}-?\d{6}-?[A-Z0-9]{3}", (6, 9), 0.8, 0.95, "rfc"),
    _row("my-nric", "my.nric", r"\d{6}-\d{2}-\d{4}", (12, 12), 0.8, 0.95, "nric|mykad|ic no"),
    _row("ng-nin", "", r"\d{11}", (11, 11), 0.1, 0.9, "nin|bvn|national identification number"),
    _row("no-fnr", "no.fodselsnummer", r"\d{6} ?\d{5}", (11, 11), 0.1, 0.95, "fødselsnummer|fodselsnummer|fnr|personnummer|d-nummer"),
    _row("nz-ird", "nz.ird", r"\d{2,3}-\d{3}-\d{3}|\d{8,9}", (8, 9), 0.1, 0.95, "ird|ird number|inland revenue"),
    _row("nz-nhi", "", r"[A-HJ-NP-Z]{3}\d{4}", (4, 5), 0.1, 0.9, "nhi", "MEDICAL_ID"),
    _row("pe-dni", "", r"\d{8}", (8, 8), 0.1, 0.85, "dni"),
    _row("ph-umid", "", r"\d{4}-\d{7}-\d", (12, 12), 0.7, 0.9, "umid|crn|sss|gsis"),
    _row("ph-philsys", "", r"\d{4}-\d{4}-\d{4}(?:-\d{4})?", (12, 16), 0.1, 0.9, "philsys|philid|psn|pcn"),
    _row("pk-cnic", "pk.cnic", r"\d{5}-\d{7}-\d", (13, 13), 0.9),
    _row("pt-cc", "pt.cc", r"\d{8} ?\d ?[A-Z]{2}\d", (10, 10), 0.6, 0.95, "cartão de cidadão|cartão do cidadão|cc|cidadão"),
    _row("pt-nif", "pt.nif", r"[1-3]\d{2} ?\d{3} ?\d{3}", (9, 9), 0.1, 0.95, "nif|contribuinte|nº fiscal"),
    _row("py-ruc", "py.ruc", r"\d{5,8}-\d", (6, 9), 0.1, 0.9, "ruc"),
    _row("ro-cnp", "ro.cnp", r"[1-9]\d{12}", (13, 13), 0.35, 0.95, "cnp|cod numeric personal"),
    _row("ru-inn", "ru.inn", r"\d{12}", (12, 12), 0.1, 0.95, "инн|inn"),
    _row("ru-snils", "*snils", r"\d{3}-\d{3}-\d{3}[ -]\d{2}", (11, 11), 0.95),
    _row("ru-passport", "", r"\d{2} ?\d{2} ?\d{6}", (10, 10), 0.1, 0.85, "паспорт|серия|passport", "PASSPORT"),
    _row("sg-nric", "*nric", r"[STFGM]\d{7}[A-Z]", (7, 7), 0.9),
    _row("sk-rc", "sk.rc", r"\d{6}/\d{3,4}", (9, 10), 0.8),
    _row("sm-coe", "sm.coe", r"\d{5}", (5, 5), 0.1, 0.8, "codice operatore"),
    _row("th-pin", "th.pin", r"\d[ -]\d{4}[ -]\d{5}[ -]\d{2}[ -]\d", (13, 13), 0.95),
    _row("th-pin-bare", "th.pin", r"\d{13}", (13, 13), 0.1, 0.95, "เลขประจำตัวประชาชน|thai id|national id"),
    _row("tr-tckimlik", "tr.tckimlik", r"[1-9]\d{10}", (11, 11), 0.1, 0.95, "t.c|tc kimlik|kimlik no|tckn|kimlik|tc"),
    _row("tw-id", "*taiwan", r"[A-Z][1289]\d{8}", (9, 9), 0.6, 0.95, "身分證|taiwan id|id number"),
    _row("ua-rnokpp", "ua.rntrc", r"\d{10}", (10, 10), 0.1, 0.95, "рнокпп|іпн|ипн|ідентифікаційний"),
    _row("us-itin", "us.itin", r"9\d{2}-\d{2}-\d{4}", (9, 9), 0.85),
    _row("us-ptin", "us.ptin", r"P\d{8}", (8, 8), 0.1, 0.9, "ptin"),
    _row("us-ein", "us.ein", r"\d{2}-\d{7}", (9, 9), 0.3, 0.85, "ein|employer identification|fein|tax id"),
    _row("us-mbi", "", r"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}", (5, 8), 0.6, 0.95, "medicare|mbi|beneficiary", "MEDICAL_ID"),
    _row("us-npi", "*npi", r"[12]\d{9}", (10, 10), 0.1, 0.9, "npi|national provider", "MEDICAL_ID"),
    _row("us-dea", "*dea", r"[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}", (7, 8), 0.5, 0.95, "dea", "MEDICAL_ID"),
    _row("us-routing", "us.rtn", r"\d{9}", (9, 9), 0.1, 0.9, "routing|aba|rtn|routing number|transit", "BANK_ACCOUNT"),
    _row("uy-ci", "", r"\d\.\d{3}\.\d{3}-\d", (8, 8), 0.7, 0.95, "cédula|c.i"),
    _row("ve-rif", "ve.rif", r"[VEJPG]-?\d{8}-?\d", (9, 9), 0.6, 0.95, "rif"),
    _row("vn-cccd", "", r"0\d{11}", (12, 12), 0.1, 0.9, "cccd|cmnd|căn cước|chứng minh"),
    _row("za-id", "za.idnr", r"\d{13}|\d{6} ?\d{4} ?\d{3}", (13, 13), 0.35, 0.95, "id number|identity number|south african id|sa id|id no|rsa id"),
    _row("ca-phn", "ca.bc_phn", r"9\d{3} ?\d{3} ?\d{3}", (10, 10), 0.1, 0.95, "phn|personal health", "MEDICAL_ID"),
    _row("ca-health-on", "", r"\d{4}[- ]?\d{3}[- ]?\d{3}(?:[- ]?[A-Z]{2})?", (10, 10), 0.1, 0.9, "ohip|health card|health number", "MEDICAL_ID"),
    _row("ca-ramq", "", r"[A-Z]{4} ?\d{4} ?\d{4}", (8, 8), 0.3, 0.95, "ramq|assurance maladie", "MEDICAL_ID"),
    _row("imei", "imei", r"\d{15}|\d{2}[- ]\d{6}[- ]\d{6}[- ]\d|\d{6}[- ]\d{2}[- ]\d{6}[- ]\d", (15, 15), 0.3, 0.95, "imei|device|handset|phone id|serial", "ACCOUNT_ID"),
    _row("imsi", "imsi", r"\d{14,15}", (14, 15), 0.1, 0.9, "imsi|subscriber", "ACCOUNT_ID"),
    _row("iccid", "luhn", r"89\d{17,18}", (19, 20), 0.1, 0.95, "iccid|sim", "ACCOUNT_ID"),
    _row("au-medicare-irn", "", r"[2-6]\d{3} \d{5} \d ?[-/] ?\d", (11, 11), 0.6, 0.95, "medicare", "MEDICAL_ID"),
    _row("au-bsb", "", r"\d{3}-\d{3}", (6, 6), 0.1, 0.85, "bsb", "BANK_ACCOUNT"),
    _row("es-ccc", "es.ccc", r"\d{4}[ -]?\d{4}[ -]?\d{2}[ -]?\d{10}", (20, 20), 0.1, 0.95, "ccc|cuenta", "BANK_ACCOUNT"),
    _row("nz-bank", "nz.bankaccount", r"\d{2}-\d{4}-\d{7}-\d{2,3}", (15, 16), 0.85, 0.95, "bank|account", "BANK_ACCOUNT"),
    _row("no-bank", "no.kontonr", r"\d{4}[. ]\d{2}[. ]\d{5}", (11, 11), 0.6, 0.95, "konto|kontonummer", "BANK_ACCOUNT"),
    _row("cz-bank", "cz.bankaccount", r"(?:\d{1,6}-)?\d{2,10}/\d{4}", (6, 20), 0.3, 0.9, "účet|účtu|číslo účtu|bank", "BANK_ACCOUNT"),
)  # fmt: skip


def _hkid(value: str) -> bool:
    compact = regex.sub(r"[ ()]", "", value)
    head, check = compact[:-1].rjust(8), compact[-1]
    ranks = [36 if c == " " else int(c, 36) for c in head]
    total = sum(rank * weight for rank, weight in zip(ranks, range(9, 1, -1), strict=True))
    return (total + (10 if check == "A" else int(check))) % 11 == 0


def _nric(value: str) -> bool:
    total = sum(d * w for d, w in zip(sums.digits(value), (2, 7, 6, 5, 4, 3, 2), strict=True))
    total += {"T": 4, "G": 4, "M": 3}.get(value[0], 0)
    letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "M": "KLJNPQRTUWX"}.get(
        value[0], "XWUTRQPNMLK"
    )
    return letters[total % 11 if value[0] != "M" else 10 - total % 11] == value[-1]


def _taiwan(value: str) -> bool:
    first = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(value[0]) + 10
    numbers = [first // 10, first % 10, *sums.digits(value)]
    return (
        sum(n * w for n, w in zip(numbers, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True)) % 10
        == 0
    )


def _my_number(value: str) -> bool:
    number = sums.digits(value)
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(n * w for n, w in zip(number, weights, strict=False)) % 11
    return number[11] == (0 if rest <= 1 else 11 - rest) and sums.varied(value)


def _snils(value: str) -> bool:
    number = sums.digits(value)
    total = sum(n * w for n, w in zip(number[:9], range(9, 0, -1), strict=True)) % 101 % 100
    return total == number[9] * 10 + number[10]


def _npi(value: str) -> bool:
    return sums.luhn("80840" + value)


def _dea(value: str) -> bool:
    n = sums.digits(value[2:])
    return (n[0] + n[2] + n[4] + 2 * (n[1] + n[3] + n[5])) % 10 == n[6]


_OWN = {
    "hkid": _hkid, "nric": _nric, "taiwan": _taiwan, "mynumber": _my_number, "snils": _snils,
    "npi": _npi, "dea": _dea,
}  # fmt: skip


@cache
def _validator(module: str) -> object:
    return import_module(f"stdnum.{module}")


@lru_cache(maxsize=8192)
def is_valid(module: str, value: str) -> bool:
    """Whether `value` holds by the rules of stdnum's `module`, or of ours where it begins with *."""
    if not module:
        return len(set(sums.digits(value))) > 2
    if module.startswith("*"):
        return _OWN[module[1:]](value)
    if module == "luhn":
        return sums.luhn(value)
    try:
        holds = _validator(module).is_valid(value)  # type: ignore[attr-defined]  # all have it
    except (KeyError, IndexError, ValueError):  # a region or date that its tables do not know
        return False
    return bool(holds) and len(set(sums.digits(value))) > 1


_Pair = tuple[Number, regex.Pattern[str]]


@cache
def _strong() -> tuple[_Pair, ...]:
    return tuple((row, regex.compile(row.rule.pattern)) for row in NUMBERS if row.rule.score >= 0.3)


@cache
def _any_strong() -> regex.Pattern[str]:
    return regex.compile("|".join(row.rule.pattern for row, _ in _strong()))


@cache
def _by_word() -> dict[str, tuple[_Pair, ...]]:
    rows: dict[str, list[_Pair]] = {}
    for row in NUMBERS:
        if row.rule.score < 0.3:
            for word in row.rule.context:
                rows.setdefault(word, []).append((row, regex.compile(row.rule.pattern)))
    return {word: tuple(pairs) for word, pairs in rows.items()}


@cache
def _by_first_word() -> dict[str, tuple[str, ...]]:
    phrases: dict[str, list[str]] = {}
    for phrase in _by_word():
        phrases.setdefault(_WORD.findall(phrase)[0], []).append(phrase)
    return {first: tuple(every) for first, every in phrases.items()}


def _rows(text: str, low: int, high: int) -> list[_Pair]:
    """Rows that may hold there: the strong ones and those whose words stand near."""
    rows: list[_Pair] = []
    if _any_strong().search(text, max(0, low - _BEFORE), high + _AFTER):
        rows += _strong()
    around = text[max(0, low - BEFORE) : high + AFTER].lower()
    firsts = _by_first_word()
    for word in dict.fromkeys(_WORD.findall(around)):
        for phrase in firsts.get(word, ()):
            if phrase in around:
                rows += _by_word()[phrase]
    return rows


def find(text: str) -> Iterator[Hit]:
    """Numbers of the table's shapes that pass their check."""
    seen: set[tuple[int, int, str]] = set()
    for island in _ISLAND.finditer(text):
        count = sum(char.isdigit() for char in island.group())
        low, high = max(0, island.start() - _BEFORE), min(len(text), island.end() + _AFTER)
        for row, pattern in _rows(text, island.start(), island.end()):
            if row.least > count + 3:
                continue
            for match in pattern.finditer(text, low, high):
                key = (match.start(), match.end(), row.rule.name)
                if key not in seen and is_valid(row.module, match.group()):
                    seen.add(key)
                    yield Hit(match.start(), match.end(), row.rule)


FAMILY = Family("national_numbers", (), (find,), tuple(row.rule for row in NUMBERS))

POSITIVES = (
    ("CUIL 20-12345678-6", "NATIONAL_ID", "20-12345678-6"),
    ("85.07.30-033.28", "NATIONAL_ID", "85.07.30-033.28"),
    ("756.9217.0769.85", "NATIONAL_ID", "756.9217.0769.85"),
    ("RUT 12.531.909-2", "NATIONAL_ID", "12.531.909-2"),
    ("rodné číslo 710319/2745", "NATIONAL_ID", "710319/2745"),
    ("CPR 211062-5629", "NATIONAL_ID", "211062-5629"),
    ("131052-308T", "NATIONAL_ID", "131052-308T"),
    ("OIB 33392005961", "NATIONAL_ID", "33392005961"),
    ("PPS number 6433435F", "NATIONAL_ID", "6433435F"),
    ("BOXW310820HNERXN09", "NATIONAL_ID", "BOXW310820HNERXN09"),
    ("S1234567D", "NATIONAL_ID", "S1234567D"),
    ("fødselsnummer 15108695088", "NATIONAL_ID", "15108695088"),
    ("CNP 1630615123457", "NATIONAL_ID", "1630615123457"),
    ("T.C. kimlik no 17291716060", "NATIONAL_ID", "17291716060"),
    ("ID number 7503305044089", "NATIONAL_ID", "7503305044089"),
    ("A123456(3)", "NATIONAL_ID", "A123456(3)"),
    ("A123456789", "NATIONAL_ID", "A123456789"),
    ("112-233-445 95", "NATIONAL_ID", "112-233-445 95"),
    ("routing number 111000025", "BANK_ACCOUNT", "111000025"),
    ("IMEI 490154203237518", "ACCOUNT_ID", "490154203237518"),
    ("NPI 1234567893", "MEDICAL_ID", "1234567893"),
    ("Medicare 1EG4-TE5-MK73", "MEDICAL_ID", "1EG4-TE5-MK73"),
    ("11010519491231002X", "NATIONAL_ID", "11010519491231002X"),
)  # fmt: skip
NEGATIVES = (
    "order 33392005961",
    "756.9217.0769.84",
    "12.531.909-3",
    "S1234567A",
    "131052-308U",
    "build 15108695088",
    "A123456(4)",
    "1234567890123",
    "version 20240115-1234",
    "2024-01-15 10:00:00",
)
