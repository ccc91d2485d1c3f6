"""E-mail addresses (RFC 5322 dot-atom), also at private hosts and in disguise."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import re
from typing import Any

from detectors.rules import Family, Rule

# Hosts and forms that look like an address: a clone address, a retina picture, a version.
_NOT_MAIL = r"(?!git@(?:github|gitlab|bitbucket|ssh)\.)(?!\d+x@|[^@\s]+@\d+x\.)"
_LOCAL = r"[^\W_][\w.+'%-]{0,62}[\w+-]|[^\W_]|_[\w.+-]{1,63}"
_DOMAIN = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,24})"
_FILE_SUFFIX = r"(?!\.?(?:png|jpe?g|gif|svg|webp|css|js|ts|tsx|mjs|py|rb|html?)\b)"


def _plain_domain(value: str) -> bool:
    suffix = value.rpartition(".")[2].lower()
    return suffix not in {"png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "py", "html"}


# Said or disguised: `jane (at) example (dot) org`, "jane dot doe at example dot org".
_DOT = (
    r"(?:\s?[(\[{<]\s?(?:dot|d0t|punkt|point|punto|ponto|\.)\s?[)\]}>]\s?|\s(?:dot|punkt|punto|"
    r"ponto|point)\s|[_-]{1,2}dot[_-]{1,2}|\.)"
)
_LABEL = r"[^\W_](?:(?:[^\W_]|-){0,38}[^\W_])?"
_SPOKEN_LOCAL = r"[a-z0-9](?:(?:(?!_at_)[\w.+-]){0,30}\w)?(?:\s(?:dot|punkt|punto|ponto|point|underscore)\s\w{1,30}){0,2}"
_BRACKETED = ("(at", "[at", "{at", "<at", "( at", "[ at", "(a)", "[a]", "(@", "[@", "_at_", "-at-", "(arr")  # fmt: skip
_ENDS = re.compile(
    r"com|org|net|edu|gov|mil|int|info|biz|name|app|dev|online|site|club|email|cloud|mail|example|"
    r"invalid|test|local|lan|corp|internal|[a-z]{2}",
    re.IGNORECASE,
)


def _ends_like_a_domain(match: Any) -> bool:
    last = re.split(r"[\W_]+", match[0].strip())[-1]
    return bool(_ENDS.fullmatch(last))


FAMILY = Family(
    "email",
    (
        Rule(
            "email",
            "EMAIL_ADDRESS",
            rf"(?<![\w.+@/:-]|[:/]//)(?:mailto:)?{_NOT_MAIL}(?P<mail>(?:{_LOCAL})@{_DOMAIN})(?![\w@])",
            0.9,
            group="mail",
            check=_plain_domain,
            needs=("@",),
            reach=(90, 270),
            code=True,
        ),
        Rule(
            "email-after-sign",
            "EMAIL_ADDRESS",
            rf"(?<=[:/+.-]|%3A|%3a){_NOT_MAIL}(?:{_LOCAL})@{_DOMAIN}(?![\w@])",
            0.8,
            check=_plain_domain,
            needs=("@",),
            reach=(90, 270),
            code=True,
        ),
        Rule(
            "email-percent",
            "EMAIL_ADDRESS",
            rf"(?i)(?<![\w.+-])(?:{_LOCAL})(?:%40|&#0*64;|&#x0*40;|&commat;){_DOMAIN}(?!\w)",
            0.85,
            needs=("%40", "&#64;", "&#064;", "&#x40;", "&#x040;", "&#0064;", "&commat;"),
            reach=(90, 270),
            code=True,
        ),
        Rule(
            "email-quoted",
            "EMAIL_ADDRESS",
            rf'"[^"\n@]{{1,60}}"@{_DOMAIN}(?!\w)',
            0.8,
            needs=('"@',),
        ),
        Rule(
            "email-bare-host",
            "EMAIL_ADDRESS",
            r"(?<![\w.+@/:-])[^\W\d_][\w.+-]{1,40}@localhost(?![\w.])",
            0.6,
            needs=("@localhost",),
        ),
        Rule(
            "email-ip-host",
            "EMAIL_ADDRESS",
            r"(?<![\w.+@/:-])[^\W_][\w.+-]{0,60}@\[?(?:\d{1,3}\.){3}\d{1,3}\]?",
            0.7,
            needs=("@",),
            reach=(90, 270),
            code=True,
        ),
        Rule(
            "email-bracketed",
            "EMAIL_ADDRESS",
            rf"(?i)(?<![\w.]){_SPOKEN_LOCAL}(?:\s?[(\[{{<]\s?(?:at|a|@|arroba)\s?[)\]}}>]\s?|[_-]{{1,2}}at[_-]{{1,2}})"
            rf"{_LABEL}(?:{_DOT}{_LABEL}){{1,4}}(?![\w@(])",
            0.75,
            where=_ends_like_a_domain,
            needs=_BRACKETED,
            reach=(110, 200),
            code=True,
        ),
        Rule(
            "email-spoken",
            "EMAIL_ADDRESS",
            rf"(?i)(?<![\w.]){_SPOKEN_LOCAL}\s(?:at|arroba|arobase|chiocciola|klammeraffe|ät)\s"
            rf"(?!(?:the|a|an|my|our|your|this|that|least|last|first|all|home|work)\s){_LABEL}"
            rf"(?:{_DOT}{_LABEL}){{0,3}}\s(?:dot|punkt|punto|ponto|point)\s{_LABEL}(?:{_DOT}{_LABEL})?(?![\w@(])",
            0.75,
            where=_ends_like_a_domain,
            needs=("dot ", "punkt ", "punto ", "ponto ", "point "),
            reach=(200, 120),
            code=True,
        ),
        Rule(
            "email-dot-only",
            "EMAIL_ADDRESS",
            rf"(?i)(?<![\w.])[a-z0-9][\w.+-]{{0,40}}@{_LABEL}(?:{_DOT}{_LABEL}){{1,4}}(?![\w@(])",
            0.8,
            where=lambda match: " " in match[0] or "(" in match[0] or "[" in match[0],
            needs=("dot", "(.)", "[.]", "punkt", "punto", "point"),
            reach=(130, 90),
        ),
        Rule(
            "email-spaced-sign",
            "EMAIL_ADDRESS",
            r"(?i)(?<![\w.])[a-z0-9][\w.+-]{1,40}(?:\s@\s?|@\s)[a-z0-9-]{2,40}(?:\.[a-z0-9-]{2,40}){0,2}\s?\.\s?"
            r"(?:com|org|net|edu|gov|io|me|info|biz|uk|de|fr|es|it|nl|ca|au|ch|at|be|pl|se|in|br|eu)(?![\w@(.=]*\w)",
            0.7,
            needs=(" @", "@ "),
            reach=(50, 100),
        ),
        Rule(
            "email-letters",
            "EMAIL_ADDRESS",
            r"(?i)(?<!\w)(?:[\w.+-] ){2,40}@(?: [\w.-]){3,40}(?!\w)",
            0.8,
            needs=(" @ ",),
            reach=(90, 90),
        ),
    ),
)

POSITIVES = (
    ("write to jane.doe@example.com today", "EMAIL_ADDRESS", "jane.doe@example.com"),
    ("bob@intranet.local", "EMAIL_ADDRESS", "bob@intranet.local"),
    ("x@y.invalid", "EMAIL_ADDRESS", "x@y.invalid"),
    ("jane (at) example (dot) com", "EMAIL_ADDRESS", "jane (at) example (dot) com"),
    ("jane at example dot com", "EMAIL_ADDRESS", "jane at example dot com"),
    ("jane[at]example.org", "EMAIL_ADDRESS", "jane[at]example.org"),
    ("<mailto:jane@example.org>", "EMAIL_ADDRESS", "jane@example.org"),
    ("write to jane&#64;example.com", "EMAIL_ADDRESS", "jane&#64;example.com"),
    ("?to=jane%40example.org&x", "EMAIL_ADDRESS", "jane%40example.org"),
    (
        "mail jane dot doe at example dot co dot uk now",
        "EMAIL_ADDRESS",
        "jane dot doe at example dot co dot uk",
    ),
    ("j a n e @ e x a m p l e . o r g", "EMAIL_ADDRESS", "j a n e @ e x a m p l e . o r g"),
    ("jane @ example.com please", "EMAIL_ADDRESS", "jane @ example.com"),
    ("jane@example (dot) com", "EMAIL_ADDRESS", "jane@example (dot) com"),
    ("jane_at_example_dot_com", "EMAIL_ADDRESS", "jane_at_example_dot_com"),
    ("jane arroba example punto es", "EMAIL_ADDRESS", "jane arroba example punto es"),
    ("jana Klammeraffe example Punkt de", "EMAIL_ADDRESS", "jana Klammeraffe example Punkt de"),
    ("jörg@müller.example", "EMAIL_ADDRESS", "jörg@müller.example"),
    ("jane@xn--bcher-kva.example", "EMAIL_ADDRESS", "jane@xn--bcher-kva.example"),
    ("jane{at}mail[dot]example[dot]net", "EMAIL_ADDRESS", "jane{at}mail[dot]example[dot]net"),
    ("o'neil+tag@sub.example.co.uk.", "EMAIL_ADDRESS", "o'neil+tag@sub.example.co.uk"),
    (
        "12345+jane@users.noreply.example.com",
        "EMAIL_ADDRESS",
        "12345+jane@users.noreply.example.com",
    ),
)
NEGATIVES = (
    "git@github.com:example/project.git",
    "icon@2x.png",
    "sprite@3x.webp",
    "@app.route('/x')",
    "@media screen",
    "npm i @types/node",
    "pkg@1.2.3",
    "meet me at noon dot",
    "look at the example",
    "look at the dot com boom",
    "y = x @ w.T",
    "arrive at point B",
    "turn left at the red dot on it",
    "foo (at) bar",
    "a @ b",
    "Foo@1a2b3c",
    "user@",
)
