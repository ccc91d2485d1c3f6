"""Is a value a credential, or only something that stands where one would stand?"""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from typing import Any

_PLACEHOLDER = re.compile(
    r"(?i)<[^>]*>?|\$\{|\$\(|^\$[A-Za-z_]\w*$|^\$env:|\{\{|^\{[\w.:$ -]+\}?$|#\{|%\(|^%\w+%$|^@[\w.]+@$|\byour|your[-_]|example|x{4,}|\*{3,}|\.{3}|…|•|"
    r"os\.environ|process\.env|getenv|environ\[|^arn:|^op://|^vault:|^vault[_.(]|secretsmanager|keyvault|placeholder|changeme|change[-_ ]?(?:me|this|it)|"
    r"redacted|masked|dummy|foobar|\binsert|\breplace|replace[-_]|todo\b|fixme|sample|^none\b|^nil$|^null|^undefined|^true$|^false$|^n/a$|^tbd$|^empty$|^unset$|"
    r"^self\.|^this\.|settings\.|config[.\[]|^secrets[.\[]|params[.\[]|^args\.|^opts\.|^options\.|request\.|^req\.|^ctx\.|^env[.\[(]|^data\.|^var\.|^local\.|^module\.|^props\.|^state\.|not[-_ ]?set|\ue000|"
    r"_here\b|here$|goes[-_]here|^\[[A-Z_ -]+\]|^__\w+__$|^!\w+\b|^&\w+$|^\*\w+$|0{8,}|1234567(?:89)?0?$|^abcd?ef|^(?:secret|pass|token|key|api)[-_]?(?:key|word|value|name|token|id)?\d{0,1}$"
)
_COMMON_WORDS = """
    password passwd pass secret token string str bytes int bool text hidden required optional
    user username admin root test key value default type any object varchar char nullable number
    float boolean basic bearer digest none null undefined true false yes no on off prompt ask
    enabled disabled invalid missing incorrect wrong expired forgot reset login signin logout
    email name submit cancel change confirm current new old show hide strong weak medium
    function return async await const let var self this super class import from export public
    private static final void throw raise error warning info debug trace input output stdin
    field label title description placeholder pattern format minlength maxlength autocomplete
    checkbox hash salted bcrypt argon scrypt sha sha1 sha256 sha512 md5 hs256 rs256 es256 hmac
    aes base64 utf-8 utf8 literal symbol unknown example sample dummy changeit qwerty asdf plain
    plaintext cleartext encrypted random generate generated auto manual file environ environment
    vault keyring keychain the and for with from that this was are you has had but not all can
    set get put was been
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_IDENTIFIER = re.compile(
    r"[A-Za-z_$][\w$]*(?:(?:[.:/-]|->|::|\?\.)+[A-Za-z_$][\w$]*)*(?:[(\[{].*)?"
)
_NOT_KEYS = re.compile(
    r"(?i)integrity|checksum|digest|public|pub_?key|token_?type|token[_-]?(?:count|limit|length|size|ids?|index|name|class|kind|pos|at|start|end|usage|urls?|uris?|endpoint|path|file|budget)$|(?:^|[_. -])tokens$|(?<![a-z])max_|(?<![a-z])min_|"
    r"num_|n_tokens|_tokens|[_-]?(?:url|uri|path|file|filename|dir|name|field|column|label|title|placeholder|prompt|hint|help|text|message|msg|error|regex|regexp|pattern|policy|rule|length|len|size|count|type|format|encoding|algorithm|alg|version|id_name|expir\w*|ttl|age|timeout|header|prefix|suffix|strength|required|enabled|visible|changed|reset|manager|provider|service|store|ref|arn)$|"
    r"tokeniz|author(?!iz)|keyword|keyboard|keycode|keydown|keyup|keypress|keyframe|keyof|monkey|turkey|hockey|authentic|publickeytoken|_hash_|secretary|key[_-]?id$|pass_?through|bypass|"
    r"compass|passport|passeng|passage|passive|passing|passed|passes|encompass|surpass|trespass|primary_?key|foreign_?key|unique_?key|sort_?key|partition_?key|cache_?key|"
    r"row_?key|hash_?key|dict_?key|hot_?key|short_?key|lookup|spinn|pinning|opin|pinterest$|typin|shippin|mappin|csrf_?name|hotkey|authorized_keys|allowed|ssh_?pub|fingerprint|thumbprint|"
    r"opacity|_fds$|keyname|key_?name|keyspace|keypair_name|keystore$|truststore$|commit|revision|rev$|etag|cryptsalt_rounds|saltlen|saltrounds|tokenaddress|contract|isbn|sku|basalt|cobalt|session_?start|obsess|assess|possess"
)
_PASSWORDISH = re.compile(
    r"(?i)passw|passphrase|pwd|passcode|(?:^|[^a-z])pass$|psk|hasło|contraseña|passwort|kennwort|senha|пароль|(?:db|ssh|sudo|root)_?pass$"
)
_PLAIN = re.compile(
    r"[a-z]+(?:[_.:/-][a-z]+)*\d?|[A-Z]?[a-z]+(?:-[A-Z]?[a-z]+)+|[A-Z]+(?:_[A-Z0-9]+)*|v?\d+(?:\.\d+)+|[a-z]+(?:[A-Z][a-z]+)+\d?|[a-z]+\d?(?:_[a-z]+\d?)+|[A-Z]{2,}[a-z]+(?:[A-Z][a-z]+)+|"
    r"[\w./~@-]+\.(?:py|js|mjs|ts|tsx|json|ya?ml|pem|key|txt|crt|cer|p12|jks|toml|xml|html?|css|php|rb|go|java|md|env|conf|cfg|ini|log|sh|cs|svg|png)|[A-Za-z]:\\[^\n]*|(?:\.{0,2}/)[\w./@-]+|"
    r"[a-z][a-z0-9+.-]{1,12}://\S*|[A-Z][a-z]+(?:[A-Z][a-z]+)+"
)
_HASH = re.compile(
    r"(?i)sha\d+[-:]|sha256~?$|h1:|md5[-:]|[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}|data:|#[0-9a-f]{3,8}$|urn:|ssh-(?:rsa|ed25519)|ecdsa-|-----begin|mii[a-z0-9+/]{60,}|\d{4}-\d\d-\d\d"
)
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]{1,16}[uUlL]*|[\d._e+-]+")
_UI_WORDS = """
    your the a an enter please must should choose confirm forgot new old current is are to for
    of and or in on with at least from this that has have required invalid incorrect wrong
    password passwords passphrase token secret key not no if be by can cannot will does do did
"""
_UI = frozenset(_UI_WORDS.split())
_FILLER = re.compile(
    r"(?i)x{6,}|\*{3}|\.{3}|0{12,}|\.\.\.|abcdefghij|example|placeholder|your[-_]|(?:fake|dummy|redacted)"
)


def entropy(value: str) -> float:
    """Shannon entropy in bits a character."""
    total = len(value)
    return -sum(n / total * math.log2(n / total) for n in Counter(value).values()) if total else 0.0


def digits_and_letters(value: str) -> bool:
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def not_placeholder(value: str) -> bool:
    low = value.strip().lower()
    return bool(low) and low not in _COMMON and not _PLACEHOLDER.search(value)


def random_enough(value: str) -> bool:
    """A generated token: no filler, not one character again and again."""
    return not _FILLER.search(value) and entropy(value) >= 2.8


def header_value(value: str) -> bool:
    dotted = re.fullmatch(r"[A-Za-z_]\w{0,23}(?:\.[A-Za-z_]\w{0,23})+", value)
    return (
        not dotted
        and not_placeholder(value)
        and entropy(value) >= 2.3
        and digits_and_letters(value)
    )


def cli_value(value: str) -> bool:
    return not_placeholder(value) and not value.startswith(("-", "$")) and not _plain(value)


def has_key_body(match: Any) -> bool:
    """Key material after the header: documentation that only names the header is none."""
    return bool(re.search(r"[A-Za-z0-9+/]{16}", match[0].split("-----", 2)[-1]))


def names_no_secret(key: str) -> bool:
    """Names of counts, labels, files, digests and public things, whatever words they hold."""
    return _NOT_KEYS.search(key) is not None


def may_be_secret(value: str) -> bool:
    value = value.strip()
    if value.endswith((":", "?")) and value[:-1].isalpha():
        return False
    return not_placeholder(value) and len(set(value)) >= 4 and not _HASH.match(value)


def password_value(key: str, value: str, form: str, quoted: bool) -> bool:
    """What stands under a name that says password: words of a person count, code does not."""
    value = value.strip()
    if not quoted and form != "element":
        if _IDENTIFIER.fullmatch(value):
            env = key.isupper() and value.isalnum() and len(value) >= 6 and not _plain(value)
            return _mixed(value) or _scrambled(value) or env or _leet(value) or _uneven(value)
        if _plain(value) or (value[0] in "([{&*!%" and not digits_and_letters(value)):
            return False
        return any(c.isdigit() for c in value) or _symbol_inside(value)
    if " " in value:
        return _phrase(value)
    if value.isalpha():
        sure = _PASSWORDISH.search(key) is not None
        return _scrambled(value) or (
            sure and value.isascii() and value.islower() and len(value) >= 6
        )
    if _plain(value):
        return False
    if value.isdigit():
        return len(value) >= 4
    return entropy(value) >= 2.0 and "{" not in value[:1] and not re.search(r"%[sdrf]$", value)


def secret_value(key: str, value: str, quoted: bool) -> bool:
    """What stands under a name that says token, secret or key: it was generated."""
    value = value.strip()
    if (
        " " in value
        or len(value) < 6
        or (value.startswith(("http://", "https://", "/", "./", "@", "\\")) and not _no_path(value))
    ):
        return False
    if not quoted and (_IDENTIFIER.fullmatch(value) or len(value) < 8):
        return _mixed(value) or _scrambled(value)
    if _plain(value) or value.isdigit() or _NUMBER.fullmatch(value):
        return False
    if value.isalpha():
        return _scrambled(value)
    return entropy(value) >= 2.3 and (
        digits_and_letters(value) or (_symbol_inside(value) and len(value) >= 8 and quoted)
    )


def generated(value: str) -> bool:
    """Long and mixed, as only a generator writes."""
    if _plain(value) or not re.fullmatch(r"[A-Za-z0-9+/=_~.-]{16,}", value):
        return False
    if "." in value and _IDENTIFIER.fullmatch(value):
        return False
    return digits_and_letters(value) and entropy(value) >= 3.2 and _switches(value) >= 0.25


def call_value(value: str) -> bool:
    """A value given to a call or a tool: with digits, or scrambled letters."""
    return cli_value(value) and (
        digits_and_letters(value) or _scrambled(value) or _symbol_inside(value)
    )


def _switches(value: str) -> float:
    """How often the kind of character changes, as a share of the length."""
    kinds = [
        "d" if c.isdigit() else "u" if c.isupper() else "l" if c.islower() else "s" for c in value
    ]
    return sum(a != b for a, b in pairwise(kinds)) / len(value)


def _phrase(value: str) -> bool:
    """Words as a passphrase: none that an interface would say, or with digits inside."""
    tokens = value.split(" ")
    if any(token.lower().strip(".,:!?") in _UI for token in tokens) or len(tokens) > 8:
        return False
    if value[-1] in ".:?…":
        return False
    lower = all(token.isalpha() and token.islower() and len(token) > 2 for token in tokens)
    return (lower and len(tokens) >= 3) or (digits_and_letters(value) and len(tokens) < 4)


def _scrambled(value: str) -> bool:
    """Letters whose case changes as in a generated word, not as in CamelCase."""
    changes = sum(a.isupper() != b.isupper() for a, b in pairwise(value))
    camel = re.fullmatch(r"[a-z]*(?:[A-Z][a-z]{2,})+|[A-Z]+[a-z]+|\W*", value)
    known = camel or not value.isalnum() or len(value) < 8
    return not known and changes > 0.3 * len(value) and entropy(value) >= 2.75


def _symbol_inside(value: str) -> bool:
    return bool(
        re.search(
            r"[A-Za-z][!@#$%^&*~?+=][A-Za-z]|[A-Za-z0-9][!@#$%^&*~?]$|^[!@#$%^&*~?+=][A-Za-z]",
            value,
        )
    ) and not re.search(r"[A-Za-z]\.[A-Za-z_]+\(|\w\(|\)$", value)


def _mixed(value: str) -> bool:
    """Digits inside letters, as in a generated word: not `utf8`, not `x1`."""
    return (
        len(value) >= 8
        and len(re.findall(r"\d+", value)) >= 2
        and "(" not in value
        and "." not in value
        and not re.fullmatch(r"(?:[a-z]+\d{1,2}_?)+|[A-Za-z]+(?:_[A-Za-z0-9]+)+", value)
        and entropy(value) >= 2.8
    )


def _leet(value: str) -> bool:
    """A word with digits put in or after it, as people make passwords: `sunfl0wer`, `Berlin2019`."""
    return bool(
        re.fullmatch(
            r"[A-Za-z]{3,}\d{2,6}[A-Za-z]{0,3}|[A-Za-z]{2,}\d[A-Za-z]{2,}\d*|[A-Za-z]+(?:\d[A-Za-z]+)+\d*|[A-Za-z]+(?:-[A-Za-z]+)*-?\d{2,6}",
            value,
        )
        and len(value) >= 7
        and not re.fullmatch(
            r"(?i)(?:sha|md|utf|hs|rs|es|ps|aes|base|int|uint|float|iso|latin|cp|tls|http|ipv|oauth|pbkdf|win|arm|x86|vec|mat)_?-?\d+\w*|[fui]\d{1,3}",
            value,
        )
    )


def _uneven(value: str) -> bool:
    """Both cases and a digit, in no order that names have."""
    return (
        len(value) >= 10
        and value.isalnum()
        and digits_and_letters(value)
        and mixed_case(value)
        and not re.fullmatch(r"[a-z]*\d*(?:[A-Z]+[a-z]+\d{0,3}|[A-Z]{1,5}\d{1,4})+", value)
    )


def _plain(value: str) -> bool:
    """A lower-case name, a dotted path, a format string, a file name or a version."""
    if _no_path(value):
        return False
    return bool(_PLAIN.fullmatch(value) or re.search(r"%[sdrfx]\b|\{\w*\}", value))


def _no_path(value: str) -> bool:
    """Base64 that happens to begin with a slash: no folder is called like that."""
    parts = value.split("/")
    return (
        re.fullmatch(r"/[A-Za-z0-9+/]{19,}={0,2}", value) is not None
        and len(parts) <= 2 + len(value) // 24
        and max(map(len, parts)) >= 12
        and _switches(value) >= 0.4
        and entropy(value) >= 3.8
    )


def said_password(value: str) -> bool:
    """A word said as a password holds a digit or a symbol inside."""
    core = value.strip(".,!?;:)(\"'*`")
    if len(core) < 4 or not not_placeholder(core) or core.startswith(("http", "[", "/")):
        return False
    if re.match(r"[A-Za-z_][\w.]*[(\[]", core) or re.fullmatch(
        r"(?i)\d{1,2}[:.]\d\d(?:[ap]m)?|\d+(?:st|nd|rd|th|am|pm|min|mins|s|h|d|x|k|%|px|mb|gb|days?|chars?)",
        core,
    ):
        return False
    if core.isdigit():
        return True
    return digits_and_letters(core) or bool(
        re.search(r"[A-Za-z][^\w\s'.,/:()-]|[^\w\s'\"(.,/<:-][A-Za-z]", core)
    )


def said_password_strict(value: str) -> bool:
    """As said_password, where less around it says so: digits and letters, or a symbol inside."""
    core = value.strip(".,!?;:)(\"'*`")
    return (
        said_password(value)
        and not core.isdigit()
        and (digits_and_letters(core) or _symbol_inside(core))
        and not re.fullmatch(
            r"[vV]?\d+(?:[.-]\w+)+|\d+[a-z]{1,4}|\w+\.\w{2,4}|[A-Z]{1,5}-?\d{1,5}", core
        )
    )


def said_phrase(value: str) -> bool:
    return not_placeholder(value) and (
        _phrase(value)
        if " " in value
        else said_password(value) or "-" in value or (value.isalpha() and len(value) >= 5)
    )


def said_code(value: str) -> bool:
    """Four to eight digits, no year."""
    return not re.fullmatch(r"(?:19|20)\d\d|[1-5]0[0-9]|0000|1234", value)


def digits_and_letters_or_digits(value: str) -> bool:
    return any(c.isdigit() for c in value)


def query_value(value: str) -> bool:
    """A parameter that opens something: long or mixed, no word, no number alone."""
    return (
        not_placeholder(value)
        and entropy(value) >= 2.3
        and (digits_and_letters(value) or (len(value) >= 12 and _scrambled(value)))
        and not re.fullmatch(r"[a-z]+\d?|\d{1,12}|v?\d+(?:\.\d+)*|[a-z]{2}-[A-Z0-9]{2}", value)
    )


def url_password(value: str) -> bool:
    """What stands between `user:` and `@`: a port and a path are none."""
    return not_placeholder(value) and not re.match(r"\d{2,5}(?:/|$)|/", value) and value.lower() not in (
        "password", "pass", "pw", "passwd", "secret", "pwd", "userpass", "password1"
    )  # fmt: skip


def mixed_case(value: str) -> bool:
    return any(c.isupper() for c in value) and any(c.islower() for c in value)


def said_key(value: str) -> bool:
    """A key said in words: digits and letters mixed, eight or more."""
    core = value.strip(".,!?;:)(\"'*`")
    return (
        len(core) >= 8
        and not_placeholder(core)
        and digits_and_letters(core)
        and entropy(core) >= 2.5
        and not _plain(core)
        and not _HASH.match(core)
    )
