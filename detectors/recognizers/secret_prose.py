"""Passwords and codes that people tell each other, in words. Not looked for in source code."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

from detectors.recognizers import secret_checks as checks
from detectors.rules import Rule

WEAK = 0.6
_WHAT = (
    r"pass ?words?|passwd|pwd|pws?|pass|passcode|pass ?phrase|psk|pin(?: ?(?:code|number))?|combo|combination|creds?|credentials|"
    r"wi-?fi(?: key| code| pass)?|(?:door|gate|alarm|entry|access|lock|garage|safe|unlock|recovery|backup|invite|locker|building|front door|keypad|voicemail|router|admin|guest)[ -]?(?:code|pin|key|pw|password|combo)"
)
_LINK = r"(?:is(?: now| still| just| set to)?|was|are|will be|should be|=|:|->|=>|→|–|—|(?<= )-(?= )|(?<= )(?:to|ist|es|est|è|jest)(?= )|remains|stays|became|:\s?=)"
_OF = r"(?:[ ](?:for|to|of|on|at|in|there|here|you(?:'ll)? need|I (?:use|set|gave you)|we (?:use|set)|again)(?:[ ][^\n.:!?=]{0,44}?)?)?"
_TEL = r"(?:still |now |just |actually |set to |this: |currently |literally |probably |simply |always |going to be )?"

RULES = (
    Rule("password-said", "PASSWORD", rf"(?i)\b(?:{_WHAT})(?:[ ]?\([^()\n]{{1,40}}\))?{_OF}[ ]?[*_`]{{0,2}}{_LINK}[*_`]{{0,2}}[ ]{{0,2}}{_TEL}[\"'`“‘*]{{0,2}}(?P<value>[^\s\"'`”“,]{{4,64}})", WEAK, group="value", check=checks.said_password, weak=True,
         needs=("pass", "pwd", "pw", "pin", "combo", "cred", "wifi", "wi-fi", "code", "psk"), reach=(24, 180)),
    Rule("key-said", "API_KEY", rf"(?i)\b(?:(?:api|license|licence|product|access|secret|ssh|recovery|encryption|account|admin|our|my|your|the)[ ](?:key|token|secret|login)|token|secret|login)\b(?:[ ]\([^()\n]{{1,40}}\))?{_OF}[ ]?(?:is|:|=|was|->)[ ]{{1,2}}{_TEL}[\"'`“‘*]{{0,2}}(?P<value>[^\s\"'`”“,(){{}}\[\]]{{6,200}})", WEAK, group="value", check=checks.said_key, weak=True, needs=("key", "token", "secret", "login"), reach=(16, 320)),
    Rule("password-phrase", "PASSWORD", r"(?i)\b(?:pass ?phrase|pass ?word|wi-?fi (?:password|key|pw)|pw)\b[^\n.:=]{0,30}?(?:is|:|=)\s{0,2}[\"“'`](?P<value>[^\"”'`\n]{6,80})[\"”'`]", WEAK, group="value", check=checks.said_phrase, weak=True, needs=("pass", "pw", "wifi"), reach=(8, 180)),
    Rule("password-bare-phrase", "PASSWORD", r"(?i)\bpass ?phrase\b[^\n.:=]{0,30}?(?:is|:|=)\s{0,2}(?P<value>(?-i:[a-z]{3,12}(?:[ -][a-z]{3,12}){3,7}))(?![a-z ])", WEAK, group="value", check=checks.said_phrase, weak=True, needs=("pass",), reach=(2, 180)),
    Rule("user-pass", "PASSWORD", r"(?i)\b(?:user(?:name)?|login|log in|sign in|account|name|email)\b[^\n]{1,70}?\b(?:pass(?:word|code|phrase)?|pw|pwd)\b[ :=/]{1,3}[\"'`*]{0,2}(?P<value>[^\s\"'`,]{4,64})", WEAK, group="value", check=checks.said_password, weak=True, needs=("pass", "pw"), reach=(90, 90)),
    Rule("password-changed", "PASSWORD", r"(?i)\b(?:pass ?(?:word|code|phrase)|pw|pwd|pin)\b[^\n.!?]{0,50}?\b(?:reset|changed|set|updated|switched|rotated|back)[ ](?:it[ ])?(?:to|as)[: ]{1,2}[\"'`*]{0,2}(?P<value>[^\s\"'`,]{4,64})", WEAK, group="value", check=checks.said_password, needs=("pass", "pw", "pin"), reach=(2, 150), weak=True),
    Rule("changed-password", "PASSWORD", r"(?i)\b(?:reset|changed?|set|updated?|switched|rotated?|use|used|using|try|tried|enter|type|typed|put in)\b[^\n.!?]{0,30}?\b(?:pass ?(?:word|code|phrase)|pw|pwd|pin|code)\b[^\n.!?:]{0,16}?(?:\bto\b|\bas\b|:|=|\bof\b|)[ ]{1,2}[\"'`*]{0,2}(?P<value>[^\s\"'`,]{4,64})", WEAK, group="value", check=checks.said_password_strict, needs=("pass", "pw", "pin", "code"), reach=(60, 110), weak=True),
    Rule("as-password", "PASSWORD", r"(?i)(?<![^\s\"'`“(*])[\"'`“*]{0,2}(?P<value>[^\s\"'`”“,()]{5,64})[\"'`”*]{0,2}(?:[ ](?:is|was|as|for|should be|will be)[ ]|[ ]?[-–—,][ ](?:that's|thats|that is|which is|it's)[ ])(?:the|my|your|our|his|her|their|a|an)?[ ]?(?:new |temp(?:orary)? |old |admin |root |wifi |guest |vpn |router |current |default |main |first |master |email |shared |staging |prod |db |database ){0,3}(?:password|passcode|pw|pwd|passphrase|pin)\b", WEAK, group="value", check=checks.said_password, needs=("password", "passcode", "pw", "passphrase", "pin"), reach=(150, 10), weak=True),
    Rule("login-pair", "PASSWORD", r"(?i)\b(?:log ?in|sign ?in|creds?|credentials|account|ssh|vpn|admin|access|user|ftp|portal)\b(?!-)[^\n/|]{0,40}?[ :][\w.@+-]{2,40}[ ]?[/|:][ ]?(?P<value>[^\s\"'`,/|]{5,64})", WEAK, group="value", check=checks.said_password_strict, needs=("login", "log in", "sign in", "signin", "cred", "account", "ssh", "vpn", "admin", "access", "ftp", "portal"), reach=(4, 180), weak=True),
    Rule("code-said", "PASSWORD", r"(?i)\b(?:(?:verification|security|login|access|confirmation|one[- ]time|otp|2fa|mfa|auth(?:entication|enticator)?|pin|door|gate|entry|unlock|sms|texted|passcode|backup|reset|whatsapp|google|sign-?in|lock|alarm|safe|garage|building|bank|activation|voicemail|sim|card)[ ](?:code|pin|number|password|passcode)|otp|g-|(?:my|your|the|this|new|her|his)[ ](?:code|pin)|(?<!zip )(?<!postal )(?<!error )(?<!status )(?<!exit )(?<!area )(?<!country )(?<!source )(?<!return )(?<!response )(?<!http )(?<!product )(?<!promo )(?<!post )(?<!dial )(?<!dialling )(?<!dialing )code|pin|passcode)(?:[ ](?:for|to|on|from|they sent|you got|I got)[ ][^\n.:]{1,30}?)?[ ]?(?:is|:|=|was|->|came as|says)?[ ]{0,2}(?:now |still |again )?[\"'`*#]{0,2}(?P<value>\d{3}[ -]\d{3}|\d{4,8})(?!\d|[.,]\d|[ ]?(?:%|px|lines|files|errors|times|days|years|hours|people|users))", WEAK, group="value", check=checks.said_code, weak=True,
         needs=("code", "pin", "otp", "g-", "security number", "password", "passcode"), reach=(24, 90)),
    Rule("code-is-yours", "PASSWORD", r"(?i)(?<![\d.,])(?P<value>\d{3}[ -]?\d{3}|\d{4,8})[ ](?:is|as|=)[ ](?:your|the|my|our)[^\n.]{0,40}\b(?:code|pin|otp|passcode)\b", WEAK, group="value", weak=True, needs=("code", "pin", "otp"), reach=(70, 4)),
    Rule("recovery-codes", "PASSWORD", r"(?i)\b(?:recovery|backup|scratch)[ ]codes?\b[^\n]{0,40}[:\n]\s*(?P<value>(?:[a-z0-9]{4,8}[- ]?[a-z0-9]{4,8}[\s,;]{1,4}){2,20}[a-z0-9]{4,8}[- ]?[a-z0-9]{4,8})", WEAK, group="value", check=checks.digits_and_letters_or_digits, weak=True, needs=("recovery", "backup", "scratch"), reach=(2, 400)),
    Rule("combination", "PASSWORD", r"(?i)\b(?:combo|combination|lock|safe)\b[^\n.:]{0,24}?(?:is|:|=|are)[ ]{1,2}(?P<value>\d{1,2}(?:[ -]\d{1,2}){2,3})(?![\d-])", WEAK, group="value", weak=True, needs=("combo", "combination", "lock", "safe"), reach=(2, 70)),
)  # fmt: skip
