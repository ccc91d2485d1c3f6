"""IP addresses, MAC addresses and UUIDs (RFC 4291, RFC 5735, IEEE 802, RFC 9562)."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import ipaddress
from typing import Any

from detectors.rules import Family, Rule

_WELL_KNOWN = frozenset({"8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "1.2.3.4"})
_VERSION = (
    r"(?<!(?<![a-zA-Z])(?i:version|ver|release|v|rev|section|§|==|>=|<=|~=|\boid)[ :=\"']{0,3})"
)


def _telling(value: str) -> bool:
    """An address that can lead to somebody: not loopback, mask or multicast."""
    try:
        address = ipaddress.ip_address(value.split("/")[0].split("%")[0])
    except ValueError:
        return False
    if str(address) in _WELL_KNOWN or address.is_loopback or address.is_unspecified:
        return False
    if address.is_multicast or (address.version == 4 and address.is_reserved):
        return False
    if address.is_private and str(address).endswith(".0"):
        return False
    return not any(address.version == net.version and address in net for net in _NOBODY)


# Special-purpose blocks that lead to nobody (RFC 6890): this network, link-local, protocol
# assignments, benchmarks, shared space's own address, masks. Documentation blocks count: a
# text that uses one means somebody's address.
_NOBODY = tuple(
    ipaddress.ip_network(net)
    for net in (
        "0.0.0.0/8",
        "169.254.0.0/16",
        "192.0.0.0/24",
        "198.18.0.0/15",
        "100.64.0.0/32",
        "255.0.0.0/8",
    )
)


def _big_enough(match: Any) -> bool:
    """Four one-digit numbers are a version more often than a host."""
    return len(match[0]) > 7 or "/" in match[0]


def _long_ipv6(value: str) -> bool:
    return value.count(":") >= 3 and _telling(value)


def _lead(match: Any) -> bool:
    return len(set(match[0].replace(":", "").replace("-", "").lower())) > 2


FAMILY = Family(
    "network",
    (
        Rule(
            "ipv4",
            "IP_ADDRESS",
            _VERSION
            + r"(?<![\w.-])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w-]|\.\d)",
            0.8,
            check=_telling,
            where=_big_enough,
            needs=("0",),
            reach=(17, 17),
            code=True,
        ),
        Rule(
            "ipv6",
            "IP_ADDRESS",
            r"(?<![\w:.])(?:[0-9a-fA-F]{1,4}:{1,2}){2,7}(?:[0-9a-fA-F]{1,4})(?:%\w+)?(?![\w:])",
            0.8,
            check=_long_ipv6,
            code=True,
        ),
        Rule(
            "mac",
            "MAC_ADDRESS",
            r"(?<![\w:-])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![\w:-])",
            0.85,
            needs=("0",),
            reach=(17, 17),
            where=_lead,
            code=True,
        ),
        Rule(
            "mac-dotted",
            "MAC_ADDRESS",
            r"(?<![\w.])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?![\w.])",
            0.3,
            0.85,
            ("mac", "ethernet", "hwaddr", "interface"),
            needs=("0",),
            reach=(17, 17),
            where=_lead,
        ),
        Rule(
            "uuid",
            "UUID",
            r"(?<![\w-])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![\w-])",
            0.8,
            needs=("-",),
            reach=(38, 38),
            where=lambda match: len(set(match[0])) > 4,
        ),
    ),
)

POSITIVES = (
    ("from 81.2.69.142 at noon", "IP_ADDRESS", "81.2.69.142"),
    ("the router is 192.0.2.17.", "IP_ADDRESS", "192.0.2.17"),
    ("2001:db8:85a3::8a2e:370:7334", "IP_ADDRESS", "2001:db8:85a3::8a2e:370:7334"),
    ("host 10.20.30.40:8080", "IP_ADDRESS", "10.20.30.40"),
    ("2a00:1450:4009:81f::200e", "IP_ADDRESS", "2a00:1450:4009:81f::200e"),
    ("00:1B:44:11:3A:B7", "MAC_ADDRESS", "00:1B:44:11:3A:B7"),
    ("123e4567-e89b-12d3-a456-426614174000", "UUID", "123e4567-e89b-12d3-a456-426614174000"),
)
NEGATIVES = (
    "127.0.0.1",
    "0.0.0.0",
    "255.255.255.0",
    "version 10.15.7.20",
    "1.2.3.4",
    "a[::2]",
    "std::string",
    "12:34:56",
    "ff:ff:ff:ff:ff:ff",
    "00000000-0000-0000-0000-000000000000",
)
