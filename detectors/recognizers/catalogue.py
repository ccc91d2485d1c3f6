"""All families, in the order in which they look."""

from __future__ import annotations

from detectors.recognizers import (
    address,
    birth,
    coordinates,
    crypto,
    documents,
    email,
    form_titles,
    handles,
    national_ids,
    national_numbers,
    network,
    paths,
    payment,
    people,
    phone,
    postcodes,
    secret_rules,
    urls,
)
from detectors.rules import Family

MODULES = (
    secret_rules,
    email,
    phone,
    payment,
    crypto,
    network,
    national_ids,
    national_numbers,
    documents,
    address,
    postcodes,
    birth,
    handles,
    coordinates,
    urls,
    paths,
    people,
    form_titles,
)

FAMILIES: tuple[Family, ...] = tuple(module.FAMILY for module in MODULES)
CODE_FAMILIES: tuple[Family, ...] = tuple(
    safe for family in FAMILIES if (safe := family.for_code()) is not None
)
