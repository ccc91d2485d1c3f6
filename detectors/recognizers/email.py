"""E-mail addresses (RFC 5322 dot-atom), also at private hosts and in disguise."""

# a table reads better with one row a line

from __future__ import annotations

from detectors.rules import Family, Rule

# Hosts and forms that look like an address: a clone address, a retina picture, a version.
_NOT_MAIL = r"(?!git@(?:github|gitlab|bitbucket|ssh)\.)(?!\d+x@|[^@\s]+@\d+x\.)"
_LOCAL = r"[^\W_][\w.+'%-]{0,62}[\w+-]|[^\W_]|_[\w.+-]{1,63}"
_DOMAIN = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,24})"
_FILE_SUFFIX = r"(?!\.?(?:png|jpe?g|gif|svg|webp|css|js|ts|tsx|mjs|py|rb|html?)\b)"


def _plain_domain(value: str) -> bool:
    suffix = value.rpartition(".")[2].lower()
    return suffix not in {"png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "py", "html"}


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
            code=True,
        ),
        Rule(
            "email-after-sign",
            "EMAIL_ADDRESS",
            rf"(?<=[:/+.-]|%3A|%3a){_NOT_MAIL}(?:{_LOCAL})@{_DOMAIN}(?![\w@])",
            0.8,
            check=_plain_domain,
            needs=("@",),
            code=True,
        ),
        Rule(
            "email-percent",
            "EMAIL_ADDRESS",
            rf"(?i)(?<![\w.+-])(?:{_LOCAL})(?:%40|&#0*64;|&#x0*40;|&commat;){_DOMAIN}(?!\w)",
            0.85,
            needs=("%40", "64;", "40;", "&commat;"),
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
            code=True,
        ),
        Rule(
            "email-disguised",
            "EMAIL_ADDRESS",
            r"(?i)(?<![\w.])[a-z0-9][\w.+-]{1,40}\s?(?:[(\[{<]\s?at\s?[)\]}>]|\s_?at_?(?=\s[\w.-]{1,30}\s(?:[(\[{]?dot[)\]}]?)\s))\s?"
            r"[a-z0-9-]{1,40}(?:\s?(?:[(\[{<]\s?(?:dot|punkt|point|\.)\s?[)\]}>]|\sdot\s|\.)\s?[a-z0-9-]{2,24}){1,3}(?!\w)",
            0.75,
            needs=("at",),
            code=True,
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
    "a @ b",
    "Foo@1a2b3c",
    "user@",
)
