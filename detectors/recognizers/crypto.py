"""Wallet addresses: Bitcoin, Ethereum and a few others."""

from __future__ import annotations

from detectors.recognizers.checksums import base58check, bech32
from detectors.rules import Family, Rule

_WALLET = ("wallet", "eth", "ethereum", "address", "send", "donate", "btc", "solana", "sol", "xmr")


def _mixed(value: str) -> bool:
    return any(c.isdigit() for c in value) and value.lower() != value != value.upper()


_RIPPLE = str.maketrans(
    "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz",
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
)

FAMILY = Family(
    "crypto",
    (
        Rule(
            "bitcoin",
            "CRYPTO",
            r"(?<![A-Za-z0-9])[13][1-9A-HJ-NP-Za-km-z]{25,34}(?![A-Za-z0-9])",
            0.95,
            check=base58check,
            code=True,
        ),
        Rule(
            "bech32",
            "CRYPTO",
            r"(?<![A-Za-z0-9])(?:bc1|tb1|ltc1)[02-9ac-hj-np-z]{25,71}(?![A-Za-z0-9])",
            0.95,
            check=bech32,
            needs=("bc1", "tb1", "ltc1"),
            code=True,
        ),
        Rule(
            "base58-kin",
            "CRYPTO",
            r"(?<![A-Za-z0-9])[LMDXTtA9][1-9A-HJ-NP-Za-km-z]{32,34}(?![A-Za-z0-9])",
            0.9,
            check=base58check,
        ),
        Rule(
            "ripple",
            "CRYPTO",
            r"(?<![A-Za-z0-9])r[1-9A-HJ-NP-Za-km-z]{24,34}(?![A-Za-z0-9])",
            0.9,
            check=lambda value: base58check(value.translate(_RIPPLE)),
        ),
        Rule(
            "bech32-kin",
            "CRYPTO",
            r"(?<![A-Za-z0-9])(?:addr1|stake1|cosmos1|osmo1|terra1|inj1|sei1|kava1|celestia1|lnbc|zs1)[02-9ac-hj-np-z]{30,110}(?![A-Za-z0-9])",
            0.85,
            needs=(
                "addr1",
                "stake1",
                "cosmos1",
                "osmo1",
                "terra1",
                "inj1",
                "sei1",
                "kava1",
                "celestia1",
                "lnbc",
                "zs1",
            ),
        ),
        Rule(
            "extended-key",
            "CRYPTO",
            r"(?<![A-Za-z0-9])[xyzt]pub[1-9A-HJ-NP-Za-km-z]{100,112}(?![A-Za-z0-9])",
            0.9,
            needs=("pub",),
            code=True,
        ),
        Rule(
            "monero",
            "CRYPTO",
            r"(?<![A-Za-z0-9])[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}(?![A-Za-z0-9])",
            0.9,
            code=True,
        ),
        Rule(
            "ens",
            "CRYPTO",
            r"(?i)(?<![\w.@-])[a-z0-9][a-z0-9-]{2,40}\.eth(?![\w.-])",
            0.6,
            needs=(".eth",),
            reach=(44, 4),
        ),
        Rule(
            "ethereum",
            "CRYPTO",
            r"(?<![A-Za-z0-9])0x[0-9a-fA-F]{40}(?![A-Za-z0-9])",
            0.8,
            needs=("0x",),
            code=True,
        ),
        Rule(
            "base58-wallet",
            "CRYPTO",
            r"(?<![A-Za-z0-9/+_-])[1-9A-HJ-NP-Za-km-z]{43,44}(?![A-Za-z0-9/+=_-])",
            0.2,
            0.7,
            _WALLET,
            check=_mixed,
        ),
    ),
)

POSITIVES = (
    ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "CRYPTO", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
    (
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "CRYPTO",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    ),
    ("rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", "CRYPTO", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh"),
    ("pay jane-doe.eth", "CRYPTO", "jane-doe.eth"),
    ("0x" + "ab12" * 10, "CRYPTO", "0x" + "ab12" * 10),
)
NEGATIVES = (
    "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTi",
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
    "0xdeadbeef",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
)
