"""Check digits. Each function takes the value as written and says whether it adds up."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence


def digits(value: str) -> list[int]:
    return [int(char) for char in value if char in "0123456789"]


def _weighted(numbers: Sequence[int], weights: Sequence[int]) -> int:
    return sum(n * w for n, w in zip(numbers, weights, strict=False))


def varied(value: str) -> bool:
    """More than two different digits: not a run of zeros or a filler."""
    return len(set(digits(value))) > 2


def luhn(value: str) -> bool:
    """ISO/IEC 7812-1 annex B."""
    total = 0
    for index, digit in enumerate(reversed(digits(value))):
        doubled = digit * 2 if index % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0 and len(set(digits(value))) > 1


_VERHOEFF_D = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_VERHOEFF_P = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def verhoeff(value: str) -> bool:
    """Dihedral group check, used by Aadhaar."""
    check = 0
    for index, digit in enumerate(reversed(digits(value))):
        check = int(_VERHOEFF_D[check][int(_VERHOEFF_P[index % 8][digit])])
    return check == 0 and varied(value)


def iso7064_97(value: str) -> bool:
    """ISO 13616 (IBAN): moved to front, letters as numbers, remainder 1 modulo 97."""
    compact = re.sub(r"[\s-]", "", value).upper()
    moved = compact[4:] + compact[:4]
    if not moved.isalnum():
        return False
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def nhs(value: str) -> bool:
    number = digits(value)
    check = 11 - _weighted(number, range(10, 1, -1)) % 11
    return len(number) == 10 and check % 11 == number[9] and check != 10 and varied(value)


def steuer_id(value: str) -> bool:
    """ISO 7064 MOD 11,10 over eleven digits of which one occurs twice or three times."""
    number = digits(value)
    if len(number) != 11 or number[0] == 0 or len(set(number[:10])) not in (8, 9):
        return False
    product = 10
    for digit in number[:10]:
        product = ((digit + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == number[10]


def nir(value: str) -> bool:
    """French social security number: 97 minus the remainder; Corsica counts as 19 and 18."""
    compact = re.sub(r"\s", "", value).upper().replace("2A", "19").replace("2B", "18")
    return compact.isdigit() and 97 - int(compact[:13]) % 97 == int(compact[13:15])


def dni(value: str) -> bool:
    """Spanish DNI and NIE: control letter modulo 23."""
    compact = re.sub(r"[\s.-]", "", value).upper()
    number = compact[:-1].translate(str.maketrans("XYZ", "012"))
    return number.isdigit() and "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == compact[-1]


_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)  # fmt: skip


def codice_fiscale(value: str) -> bool:
    """Italian tax code: letter from odd and even positions modulo 26."""
    code = value.upper()
    total = 0
    for index, char in enumerate(code[:15]):
        rank = int(char) if char.isdigit() else ord(char) - 65
        total += rank if index % 2 else _ODD[rank]
    return chr(65 + total % 26) == code[15]


def tfn(value: str) -> bool:
    return _weighted(digits(value), (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0 and varied(value)


def medicare_au(value: str) -> bool:
    number = digits(value)
    return _weighted(number, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == number[8] and varied(value)


def cpf(value: str) -> bool:
    """Brazilian CPF: two check digits modulo 11."""
    number = digits(value)
    if len(number) != 11 or len(set(number)) == 1:
        return False
    return all(
        _weighted(number[:n], range(n + 1, 1, -1)) * 10 % 11 % 10 == number[n] for n in (9, 10)
    )


def bsn(value: str) -> bool:
    """Dutch citizen number: the eleven test with -1 for the last digit."""
    number = digits(value)
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return len(number) == 9 and _weighted(number, weights) % 11 == 0 and varied(value)


def pesel(value: str) -> bool:
    number = digits(value)
    month = number[2] * 10 + number[3]
    weighted = _weighted(number, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1))
    return weighted % 10 == 0 and 1 <= month % 20 <= 12 and varied(value)


def personnummer(value: str) -> bool:
    """Swedish number: Luhn over the last ten digits, with a real month and day."""
    number = digits(value)[-10:]
    month, day = number[2] * 10 + number[3], number[4] * 10 + number[5]
    ten = "".join(map(str, number))
    return len(number) == 10 and 1 <= month <= 12 and 1 <= day % 60 <= 31 and luhn(ten)


def orcid(value: str) -> bool:
    """ISO 7064 MOD 11-2, as ORCID and ISNI use it."""
    total = 0
    compact = value.replace("-", "").upper()
    for char in compact[:-1]:
        total = (total + int(char)) * 2
    rest = (12 - total % 11) % 11
    return compact[-1] == ("X" if rest == 10 else str(rest)) and varied(value)


_VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin(value: str) -> bool:
    """Check digit in the ninth place of a vehicle's number (49 CFR 565.15)."""
    numbers = [int(_VIN_VALUES.get(char, char)) for char in value]
    rest = _weighted(numbers, _VIN_WEIGHTS) % 11
    return value[8] == ("X" if rest == 10 else str(rest)) and varied(value)


_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58check(value: str) -> bool:
    """Address of Bitcoin and its kin: the last four bytes are the double SHA-256 of the others."""
    number = 0
    for char in value:
        number = number * 58 + _BASE58.index(char)
    try:
        raw = number.to_bytes(25, "big")
    except OverflowError:
        return False
    return hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]


_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def bech32(value: str) -> bool:
    """BIP-173 and BIP-350 addresses."""
    prefix, _, data = value.lower().rpartition("1")
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = 1
    for item in expanded + [_BECH32.find(c) for c in data]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ item
        for bit, generator in enumerate(_GENERATOR):
            check ^= generator if top >> bit & 1 else 0
    return check in (1, 0x2BC830A3)
