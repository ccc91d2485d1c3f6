"""Values given to a name that says password, secret, token or key, in whatever language.

The name is found first; the forms in which languages, settings, markup and logs give it a value
are then tried right behind it. What counts as a credential is judged by name and value.
"""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import re
from collections.abc import Iterator

from detectors.recognizers import secret_checks as checks
from detectors.rules import Hit, Rule

NEEDS = (
    "pass", "pwd", "secret", "token", "key", "cred", "bearer", "_pw", "-pw", "salt", "pin", "psk",
    "auth", "cookie", "sess", "jwt", "otp", "hmac", "community", "contraseña",
    "passwort", "kennwort", "senha", "clave", "hasło", "пароль", "mot de passe", "parola",
)  # fmt: skip

_TAIL = r"[\w.\-]{0,30}+"
_CLOSE = r"(?:\\{0,7}[\"'`])?(?:\s?[\])]){0,2}\*{0,2}"
_TYPE = r"(?:\s?:\s?[A-Za-z_&'][\w.<>\[\]?|&' ]{0,30}?(?=\s?=))?"
_SIGN = r"(?:=>|:=|\?=|\+=|={1,3}|!=|:(?!:)|->|→|<-)\*{0,2}"
_BLOCK = r"(?:[|>][+-]?[ \t]*(?:\n|\\n)[ \t]*|\(\s{0,20}|\\\n\s*)?"
_CALL = (
    r"(?:(?:new\s)?[A-Za-z_&][\w.:]{0,40}!?\(\s{0,2}"
    r"(?:\\{0,3}[\"'][\w.-]{1,60}\\{0,3}[\"']\s?,\s?)?)?"
)
_QUOTED = (
    r"[brufNRLB@$]{0,3}(?P<quote>\\{0,7}(?:\"\"\"|'''|[\"'`]))"
    r"(?P<value>(?:(?!(?P=quote))(?:\\.|[^\\\n\r])){3,800})(?P=quote)"
)
_BARE = r"(?P<value>[^\s\"'`<>|]{3,600})"
_FORMS = (
    ("quoted", rf"{_TAIL}{_CLOSE}{_TYPE}[ \t]{{0,16}}{_SIGN}\s{{0,4}}{_BLOCK}{_CALL}{_QUOTED}"),
    ("bare", rf"{_TAIL}{_CLOSE}[ \t]{{0,16}}{_SIGN}[ \t]{{0,8}}{_BLOCK}{_BARE}"),
    ("call", rf"{_TAIL}\(\s?{_QUOTED}\s?\)"),
    ("pair", rf"{_TAIL}\\{{0,7}}[\"'`]\s?,\s?{_QUOTED}"),
    ("element", rf"{_TAIL}(?:\s[^<>\n]{{0,80}})?>\s{{0,20}}(?:<!\[CDATA\[)?(?P<value>[^<>\n]{{3,400}}?)\s{{0,20}}(?:\]\]>)?\s{{0,20}}</"),
    ("element", rf"{_TAIL}</key>\s{{0,20}}<(?:string|data)>(?P<value>[^<>\n]{{3,400}})</"),
    ("attribute", rf"{_TAIL}\\{{0,7}}[\"'](?:\s[\w:-]{{1,20}}=[\"'][^\"'\n]{{0,60}}[\"']){{0,2}}\s{{1,3}}(?:value|val|content|default|text)={_QUOTED}"),
    ("value", rf"{_TAIL}(?:\\{{0,7}}[\"'])?,?\s{{0,40}}(?:\\[nrt]|\\{{0,7}}[\"'\s,]){{0,12}}(?:value|Value|VALUE|val|secretString)\\{{0,7}}[\"']?\s?[:=]\s?(?:{_QUOTED}|(?P<bare>[^\s\"'`<>|,]{{3,600}}))"),
    ("cell", rf"{_TAIL}{_CLOSE}\s{{0,20}}\|\s{{0,4}}[`*]{{0,2}}(?P<value>[^\s|`*]{{4,200}})[`*]{{0,2}}\s{{0,20}}(?:\||$)"),
    ("line", rf"{_TAIL}[ \t]{{1,16}}(?:{_QUOTED}|(?P<bare>[^\s\"'`<>|;,=:]{{4,400}}))"),
)  # fmt: skip
_COMPILED = tuple((name, re.compile(form, re.MULTILINE)) for name, form in _FORMS)
_QUICK = re.compile(rf"{_TAIL}[\\\"'`\])*]{{0,9}}(?:[ \t]{{0,16}}[:=?+!<>→(,|-]|\s|\\n)")
_HEAD = re.compile(r"[\w.$-]{0,40}$")
_LINE = re.compile(
    r"(?i)^\s*(?:ENV|ARG|setx|set|export|requirepass|masterauth|password|passwd|passphrase|user\s\S+"
    r"|secret|token|snmp-server\scommunity|enable\s(?:secret|password)|username\s\S+.*)\b|"
    r"^\s*(?:vars?|config set)\s"
)
_TRAILING = ",;)]}.:"
_ESCAPE = re.compile(r"\\[nrt\"']|&(?:quot|apos|#39|amp|lt);|\\u00")

_PASSWORD = re.compile(
    r"(?i)passw|passphrase|passcode|pass_?key$|pwd|(?:^|[^a-z])pass(?:$|[^a-z])|psk|[_-]pw$|^pw$|"
    r"(?:db|user|my|root|admin|sql|smtp|ftp|ssh|become|sudo|redis|mail|http|require|auth|login|"
    r"key|trust|store|conn)_?pass$|(?:^|[^a-z])pin(?:[_-]?code)?$|contraseña|passwort|kennwort|"
    r"senha|^clave|hasło|пароль|mot.de.passe|parola|community"
)
_CAMEL_PASS = re.compile(r"[a-z]Pass(?![a-z])|[a-z]Pin$")
_TOKEN = re.compile(r"(?i)token|bearer|cookie|sess(?:ion)?(?:_?id|_?key)|[_-]jwt$|^jwt$|auth")
_SECRET = re.compile(
    r"(?i)secret|token|api[_. -]?key|(?:access|auth|private|encrypt(?:ion)?|sign(?:ing)?|account|"
    r"master|shared(?:access)?|license|licence|app(?:lication)?|service|admin|client|server|deploy|"
    r"storage|crypto?|cipher|aes|hmac|jwt|data|subscription|function|host|webhook|session|"
    r"consumer|primary|secondary|write|root|project|user|backup|integration|ssh|gpg|webhook_sign"
    r"ing)[_. -]?key|cred(?:ential|s$|$)|bearer|[_-]salt$|^salt$|cookie[_-]?(?:secret|val)|"
    r"(?:^|[_.-])auth$|auth(?:orization|[_-]?(?:hash|string|code))|sess(?:ion)?_?id$|jwt|"
    r"[_-]otp$|totp|hmac|key_?base|_salt\b"
)
_ANY_KEY = re.compile(r"(?i)[a-z0-9][_. -]key$|[a-z0-9]Key$|[A-Z]KEY$|^key$")
_GETTER = re.compile(r"(?i)^(?:\.?)(?:get|has|is|read|load|find|check|need|require|parse|fetch)")

SET = Rule("assignment", "PASSWORD", "", 0.6, code=True, weak=True)
RULES = (
    SET,
    Rule("assignment", "AUTH_TOKEN", "", 0.6, code=True, weak=True),
    Rule("assignment", "API_KEY", "", 0.6, code=True, weak=True),
)


def find(text: str, start: int, end: int) -> Iterator[Hit]:
    """Values that the name around `text[start:end]` is given."""
    if _QUICK.match(text, end) is None:
        return
    head = _HEAD.search(text[max(0, start - 40) : start])
    for form, pattern in _COMPILED:
        match = pattern.match(text, end)
        if match is None:
            continue
        groups = match.groupdict()
        which = "value" if groups.get("value") is not None else "bare"
        first, last = match.span(which)
        quoted = groups.get("quote") is not None
        if not quoted:
            last = _bare_end(text, first, last)
        if last - first < 3:
            continue
        key = (head[0] if head else "") + _name(text, start, end)
        if form == "line" and not _is_setting(text, start, quoted):
            continue
        kind = judge(key, text[first:last], form, quoted)
        if kind is not None:
            yield Hit(first, last, SET, kind)
            return
        if form in ("quoted", "bare", "element"):
            return


_WORD = re.compile(r"[\w.\-]{0,30}")


def _name(text: str, start: int, end: int) -> str:
    match = _WORD.match(text, end)
    return text[start:end] + (match[0].rstrip(".-") if match else "")


def _bare_end(text: str, first: int, last: int) -> int:
    cut = _ESCAPE.search(text, first, last)
    if cut is not None:
        last = cut.start()
    while last > first and text[last - 1] in _TRAILING:
        if text[last - 1] in ")]}" and text[last - 1] in ")]}" and _opens(text[first:last]):
            break
        last -= 1
    return last


def _opens(value: str) -> bool:
    return all(value.count(a) == value.count(b) for a, b in ("()", "[]", "{}"))


def _is_setting(text: str, start: int, quoted: bool) -> bool:
    """Is it a line of settings, where blanks alone part name and value?"""
    begin = text.rfind("\n", max(0, start - 200), start) + 1 or max(0, start - 200)
    return _LINE.match(text[begin : start + 24]) is not None or (
        quoted and text[begin:start].lstrip().startswith(("#define", "define", "-define"))
    )


def judge(key: str, value: str, form: str, quoted: bool) -> str | None:
    """The entity of `value` under the name `key`, or None when it is no credential."""
    key = key.lstrip(".-$")
    if checks.names_no_secret(key) or not checks.may_be_secret(value):
        return None
    if form == "line" and not quoted and not checks.call_value(value):
        return None
    if form == "call" and _GETTER.match(key.rpartition(".")[2]):
        return None
    if _PASSWORD.search(key) or _CAMEL_PASS.search(key):
        return "PASSWORD" if checks.password_value(key, value, form, quoted) else None
    if _SECRET.search(key):
        if not checks.secret_value(key, value, quoted):
            return None
        return "AUTH_TOKEN" if _TOKEN.search(key) else "API_KEY"
    if _ANY_KEY.search(key) and len(value) >= 16 and checks.generated(value):
        return "API_KEY"
    return None
