"""Who may sign: `allowed_signers` files as ssh-keygen(1) describes them.

One signer a line: names, options, public key. A line that cannot be read counts for nothing,
as with ssh-keygen, and is named when nobody is found. Keys of certificate authorities are not
followed.
"""

from __future__ import annotations

import calendar
import re
import time
from dataclasses import dataclass, field

from reports.signature import NAMESPACE
from reports.ssh_key import Malformed, PublicKey
from scrubber.errors import UsageError

LIMIT = 4 << 20
_OPTION = re.compile(
    r'(cert-authority)|(namespaces|valid-after|valid-before)="((?:[^"\\]|\\.)*)"', re.IGNORECASE
)
_WIDEST = 1024  # bytes of one pattern
_KEY = re.compile(r"(?:ssh|sk-ssh|ecdsa|sk-ecdsa)-[^ \t]+[ \t]+AAAA")
_FORMATS = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


@dataclass(frozen=True, slots=True)
class Signer:
    """One line: the key counts for the names, namespaces and times given. Times are Unix times."""

    line: int
    names: str
    key: PublicKey
    namespaces: str | None = None
    after: int = 0
    before: int = 0
    authority: bool = False

    def obstacle(self, namespace: str, at: float) -> str:
        """Why this line does not count at the time `at`, "" if it does."""
        if self.authority:
            return "it trusts an authority's certificates, which ssh-keygen -Y verify can check"
        if self.namespaces is not None and not matches(namespace, self.namespaces):
            return f"the key may not sign in the namespace {namespace}"
        if self.after and at < self.after:
            return f"the key counts only from {_day(self.after)} on"
        if self.before and at > self.before:
            return f"the key counted only until {_day(self.before)}"
        return ""


@dataclass(frozen=True, slots=True)
class Signers:
    """The lines of a file, and those that could not be read, by number."""

    name: str
    lines: tuple[Signer, ...]
    faults: tuple[tuple[int, str], ...] = field(default=())

    def who(
        self, key: PublicKey, identity: str, at: float, namespace: str = NAMESPACE
    ) -> tuple[str, str]:
        """Names that vouch for `key` at the time `at`, or "" and the reason why nobody does.

        With an `identity` only the lines count that name it.
        """
        reason = ""
        named = [one for one in self.lines if not identity or matches(identity, one.names)]
        for one in named:
            if one.key != key and not one.authority:
                continue
            obstacle = one.obstacle(namespace, at)
            if not obstacle:
                return identity or one.names, ""
            if not reason or not one.authority:
                reason = f"line {one.line} of {self.name}: {obstacle}"
        if reason:
            return "", reason
        if named or not identity:
            other = f" for {identity}" if identity else ""
            reason = f"{self.name} lists other keys{other}" if named else f"{self.name} lists none"
        else:
            reason = f"{self.name} does not name {identity}"
        if self.faults:
            number, fault = self.faults[0]
            reason += f" (line {number} could not be read: {fault})"
        return "", reason


def read_signers(data: bytes, name: str) -> Signers:
    """Reads a file called `name`. Raises UsageError if it is no such file at all."""
    lines: list[Signer] = []
    faults: list[tuple[int, str]] = []
    try:
        rows = data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        rows = ["\0"]
    if len(data) > LIMIT or any("\0" in row for row in rows):
        raise UsageError(
            f"{name} is not a file of allowed signers.",
            "It is a text with one line for each signer: name, then public key.",
            "`scrub key show` prints such a line.",
        )
    for number, row in enumerate(rows, 1):
        text = row.strip(" \t\r")
        if not text or text.startswith("#"):
            continue
        try:
            lines.append(_signer(text, number))
        except Malformed as error:
            faults.append((number, str(error)))
    if faults and not lines:
        number, fault = faults[0]
        raise UsageError(
            f"No line of {name} can be read as a signer.",
            f"Line {number}: {fault}.",
            "A line is a name, then a public key; `scrub key show` prints one.",
        )
    return Signers(name, tuple(lines), tuple(faults))


def _signer(text: str, number: int) -> Signer:
    names, rest = _names(text)
    found, rest = ({}, rest) if _KEY.match(rest) else _options(rest)
    after, before = (_time(found.get(name), name) for name in ("valid-after", "valid-before"))
    if after and before and before <= after:
        raise Malformed("valid-before is earlier than valid-after")
    return Signer(
        number,
        names,
        PublicKey.parse_line(rest.replace("\t", " ")),
        found.get("namespaces"),
        after,
        before,
        "cert-authority" in found,
    )


def _names(text: str) -> tuple[str, str]:
    """The names and the rest of the line; names in double quotes may hold spaces."""
    if text.startswith('"'):
        names, quote, rest = text[1:].partition('"')
        if not quote:
            raise Malformed("a quote is not closed")
        return names, rest.lstrip(" \t")
    match = re.match(r"([^ \t]+)[ \t]+(.+)", text)
    if match is None:
        raise Malformed("it holds a name and no key")
    return match[1], match[2]


def _options(text: str) -> tuple[dict[str, str], str]:
    """The options at the start of `text`, and what follows them."""
    found: dict[str, str] = {}
    at = 0
    while match := _OPTION.match(text, at):
        name = (match[1] or match[2]).lower()
        if name in found:
            raise Malformed(f"{name} stands there twice")
        found[name] = (match[3] or "").replace('\\"', '"')
        at = match.end()
        if text[at : at + 1] in (" ", "\t"):
            return found, text[at:].lstrip(" \t")
        if text[at : at + 1] != ",":
            raise Malformed("no key follows its options")
        at += 1
    raise Malformed("its options are not those that ssh-keygen knows, or its key is none")


def _time(text: str | None, option: str) -> int:
    """YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS; local time unless Z follows. 0 if absent."""
    if text is None:
        return 0
    digits = re.sub(r"(?:Z|UTC)$", "", text, flags=re.IGNORECASE)
    try:
        if not re.fullmatch(r"[0-9]+", digits):
            raise ValueError
        parsed = time.strptime(digits, _FORMATS[len(digits)])
        moment = calendar.timegm(parsed) if digits != text else int(time.mktime(parsed))
    except (KeyError, ValueError, OverflowError):
        moment = 0
    if moment <= 0:
        raise Malformed(f"{option} is not a time such as 20271124Z")
    return moment


def _day(moment: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(moment))


def matches(word: str, patterns: str) -> bool:
    """Whether `word` fits a pattern list: commas between, `*` and `?`, `!` before an exception."""
    found = False
    for pattern in patterns.split(","):
        if len(pattern) > _WIDEST:
            return False
        negated = pattern.startswith("!")
        if _glob(word, pattern[negated:]):
            if negated:
                return False
            found = True
    return found


def _glob(word: str, pattern: str) -> bool:
    """Only `*` and `?` act. No pattern makes it slow."""
    at = p = 0
    star, kept = -1, 0
    while at < len(word):
        if p < len(pattern) and pattern[p] == "*":
            star, kept = p, at
            p += 1
        elif p < len(pattern) and pattern[p] in ("?", word[at]):
            at, p = at + 1, p + 1
        elif star >= 0:
            kept += 1
            at, p = kept, star + 1
        else:
            return False
    return not pattern[p:].strip("*")
