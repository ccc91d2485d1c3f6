"""The names that engines give to what they find, in the words of the corpora."""

from __future__ import annotations

_SAME = {
    "PERSON": ("PER", "GIVEN_NAME", "SURNAME"),
    "LOCATION": ("GPE", "LOC", "FAC", "CITY", "STATE", "COORDINATES"),
    "ADDRESS": (
        "STREET_ADDRESS", "POSTCODE", "ZIP_CODE", "ZIP", "BUILDING_NUMBER", "STREET_NAME",
        "SECONDARY_ADDRESS", "UK_POSTCODE",
    ),
    "ORGANIZATION": ("ORG",),
    "NRP": ("NORP",),
    "DATE_TIME": ("DATE", "TIME", "DATE_OF_BIRTH"),
    "USERNAME": ("SOCIAL_HANDLE", "HANDLE"),
    "PHONE_NUMBER": ("PHONE",),
    "EMAIL_ADDRESS": ("EMAIL",),
    "US_SSN": ("SSN", "NATIONAL_ID", "TAX_ID", "US_ITIN"),
    "CREDIT_CARD": ("CREDIT_CARD_NUMBER",),
    "US_DRIVER_LICENSE": ("DRIVER_LICENSE", "DRIVERS_LICENSE"),
    "DOMAIN_NAME": ("URL",),
    "IP_ADDRESS": ("IP",),
    "TITLE": ("JOB_TITLE",),
}  # fmt: skip
_NAME = {other: name for name, others in _SAME.items() for other in others}


def known_as(entity: str) -> str:
    """The corpora's name of an engine's entity; unknown ones keep their own."""
    return _NAME.get(entity, entity)
