"""Seed phrases of wallets (BIP-39): 12 to 24 words of one list, the last one a checksum."""

# a table reads better with one row a line

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from detectors.rules import Hit, Rule

SURE = Rule("seed-phrase", "SEED_PHRASE", "", 0.95, code=True)
LIKELY = Rule("seed-words", "SEED_PHRASE", "", 0.6, code=True, weak=True)
_LENGTHS = (24, 21, 18, 15, 12)
_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]{3,8}(?![A-Za-z])")
_BETWEEN = re.compile(r"(?:[\s,;|\"'\-*•]|\\n|\d{1,2}[.):]?){1,12}")
_CUE = re.compile(r"(?i)seed|recovery|mnemonic|backup|wallet|secret|phrase|metamask|ledger|trezor")


@cache
def numbers() -> dict[str, int]:
    """Word → its number, 0 to 2047."""
    text = (resources.files("detectors") / "data" / "secrets" / "bip39_english.txt").read_text(
        "ascii"
    )
    return {word: number for number, word in enumerate(text.split())}


def checksum_holds(words: list[str]) -> bool:
    """BIP-39 "Generating the mnemonic": 4 % of the bits are the head of the entropy's SHA-256."""
    table = numbers()
    bits = "".join(f"{table[word]:011b}" for word in words)
    cut = len(bits) * 32 // 33
    entropy = int(bits[:cut], 2).to_bytes(cut // 8, "big")
    check = f"{hashlib.sha256(entropy).digest()[0]:08b}"
    return bits[cut:] == check[: len(bits) - cut]


NEEDS = ("seed", "mnemonic", "recovery", "wallet", "phrase", "backup")
_REACH = 700  # code points after a word like "seed"


def near(text: str, start: int, end: int) -> Iterator[Hit]:
    """Phrases soon after `text[start:end]`."""
    piece = text[start : end + _REACH]
    if len(_WORD.findall(piece, end - start, end - start + 160)) >= 9:
        for hit in find(piece):
            yield Hit(hit.start + start, hit.end + start, hit.rule)


def find(text: str) -> Iterator[Hit]:
    """Runs of words of the list; strong with a right checksum, weak after a word like "seed"."""
    table = numbers()
    run: list[tuple[int, int, str]] = []
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if run and (
            match.start() - run[-1][1] > 14
            or not _BETWEEN.fullmatch(text, run[-1][1], match.start())
        ):
            yield from _phrases(text, run)
            run = []
        if word in table:
            run.append((match.start(), match.end(), word))
        else:
            yield from _phrases(text, run)
            run = []
    yield from _phrases(text, run)


def _phrases(text: str, run: list[tuple[int, int, str]]) -> Iterator[Hit]:
    at, sure = 0, False
    while len(run) - at >= 12:
        for length in _LENGTHS:
            words = [row[2] for row in run[at : at + length]]
            if len(words) == length and len(set(words)) > length // 2 and checksum_holds(words):
                yield Hit(run[at][0], run[at + length - 1][1], SURE)
                sure = True
                at += length
                break
        else:
            at += 1
    if not sure and len(run) >= 12 and len({row[2] for row in run}) >= 10:
        before = text[max(0, run[0][0] - 80) : run[0][0]]
        if _CUE.search(before) or len(run) in _LENGTHS:
            yield Hit(run[0][0], run[-1][1], LIKELY)
