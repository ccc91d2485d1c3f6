"""What a column header, key or tag says about its value."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from detectors.context import words
from detectors.spans import Span


class Meaning(NamedTuple):
    """Values under such a label that pass `fits` are `entity` as a whole."""

    entity: str
    fits: Callable[[str], bool]


def _name(value: str) -> bool:
    letters = sum(char.isalpha() for char in value)
    no_word = value.casefold() in {"none", "null", "unknown", "true", "false", "n/a", "na", "test"}
    return letters >= 2 and len(value.split()) <= 6 and len(value) <= 60 and not no_word


def _digits(least: int) -> Callable[[str], bool]:
    return lambda value: sum(c.isdigit() for c in value) >= least and len(value) <= 40


def _short(value: str) -> bool:
    return 2 <= len(value) <= 80 and any(char.isalnum() for char in value)


def _year_or_date(value: str) -> bool:
    return bool(re.search(r"\d", value)) and 4 <= len(value) <= 30


def _random(value: str) -> bool:
    """One long word of letters and digits: what stands under `token` may also be a word."""
    return bool(re.fullmatch(r"(?=.*[A-Za-z])(?=.*\d)[^\s]{16,1024}", value))


_NAMES = (
    "first name|firstname|last name|lastname|surname|full name|fullname|given name|family name|"
    "maiden name|middle name|person|author|speaker|contact name|patient name|customer name|"
    "client name|employee name|display name|real name|sender name|recipient name|nom|prenom|"
    "vorname|nachname|apellido|nombre|cognome"
)
_TABLE = (
    (_NAMES, "PERSON", _name),
    ("email|e mail|mail", "EMAIL_ADDRESS", lambda v: "@" in v and _short(v)),
    ("phone|telephone|tel|mobile|cell|fax|phonenumber|whatsapp|telefon|telefono", "PHONE_NUMBER", _digits(6)),
    ("dob|birth|birthdate|birthday|born|geburtsdatum|date of birth", "DATE_OF_BIRTH", _year_or_date),
    ("ssn|sin|nino|nhs|pesel|bsn|cpf|dni|aadhaar|tin|itin|national id|tax id|social security|nie|nif|cuil|cuit|svnr|jmbg|emso|egn|ahv|rut|cpr|hetu|henkilotunnus|steuer id|utr|amka|afm|hkid|oib|nik|npwp|pps|ppsn|teudat zehut|kennitala|my number|rrn|asmens kodas|idnp|curp|nric|mykad|nin|fodselsnummer|fnr|personnummer|ird|umid|cnic|cnp|snils|tckn|tc kimlik|cccd|rodne cislo|codice fiscale|id number|identity number|id card", "NATIONAL_ID", _digits(4)),
    ("passport", "PASSPORT", _digits(4)),
    ("driver license|drivers license|driving licence|licence number|license number", "DRIVER_LICENSE", _digits(4)),
    ("vin|vehicle identification", "LICENSE_PLATE", _digits(4)),
    ("plate|license plate|licence plate|number plate", "LICENSE_PLATE", _short),
    ("imei|imsi|iccid|serial number|device id|customer id|customer number|employee id|member id|student id|policy number|booking reference", "ACCOUNT_ID", _digits(3)),
    ("iban", "IBAN_CODE", _digits(8)),
    ("card number|credit card|cardnumber|creditcard|ccnum|cc number", "CREDIT_CARD", _digits(8)),
    ("account number|account no|accountnumber|bank account|routing number|sort code|bsb", "BANK_ACCOUNT", _digits(4)),
    ("address|street|addr|address1|address2|adresse|direccion|street address|strasse|straße|anschrift|indirizzo|endereco|endereço|adres|adress|osoite", "ADDRESS", lambda v: _short(v) and "@" not in v),
    ("zip|zipcode|postcode|postal|postalcode|plz|code postal|codigo postal|código postal|cep|postnummer|psc|pincode|postleitzahl", "POSTCODE", lambda v: 3 <= len(v) <= 12),
    ("city$|city name|town$|hometown|birthplace", "LOCATION", _short),
    ("username|user name|login|screen name|nickname|nick|handle|userid|gamertag|benutzername|nutzername|identifiant|usuario|nome utente|gebruikersnaam", "USERNAME", _short),
    ("password|passwd|pwd|passphrase", "PASSWORD", lambda v: 2 <= len(v) <= 1024),
    ("api key|apikey|secret key|access token|auth token", "API_KEY", lambda v: len(v) >= 8),
    ("token|secret|bearer|credential|private key|access key|signing key|encryption key|session id|sessionid|cookie|authorization", "AUTH_TOKEN", _random),
    ("ip|ip address|ipaddress|remote addr", "IP_ADDRESS", lambda v: bool(re.search(r"\d+\.\d+\.\d+|:.*:", v))),
    ("lat|latitude|lon|lng|longitude", "COORDINATES", lambda v: bool(re.fullmatch(r"[-+]?\d{1,3}\.\d{2,}", v.strip()))),
    ("mrn|medical record|patient id|npi|mbi|medicare|health card|versichertennummer|kvnr|nhi", "MEDICAL_ID", _digits(3)),
    ("age", "AGE", lambda v: v.strip().isdigit() and len(v.strip()) <= 3),
)  # fmt: skip


@lru_cache(maxsize=1024)
def meaning(label: str) -> Meaning | None:
    """What the last part of a label means, or None. `name` alone means a person."""
    last = re.split(r"[/\[\]]|\.(?=[^.]+$)", label.rstrip("]0123456789[ "))[-1] or label
    text = " ".join(words(last))
    if text in {"name", "names"}:
        return Meaning("PERSON", _two_words)
    for phrases, entity, fits in _TABLE:
        if any(re.search(rf"(?:^| ){phrase}(?:$| )", text) for phrase in phrases.split("|")):
            return Meaning(entity, fits)
    return None


def _two_words(value: str) -> bool:
    """`name` may name a thing: its value counts when it has the look of a person's name."""
    shape = re.fullmatch(r"[^\W\d_]+(?:[ ,.'-]+[^\W\d_]+){1,4}\.?", value.strip())
    return _name(value) and bool(shape) and value.strip() != value.strip().lower()


def by_label(text: str, label: str) -> list[Span]:
    """The whole of `text` as the entity that `label` names, or nothing."""
    found = meaning(label) if label else None
    value = text.strip()
    if found is None or not value or not found.fits(value):
        return []
    start = text.index(value)
    return [Span(start, start + len(value), found.entity, 0.8, "label")]
