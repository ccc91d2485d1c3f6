"""Handles and account names."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

from detectors.rules import Family, Rule

_STOP = (
    r"(?!(?:media|import|charset|font-face|keyframes|supports|layer|page|param|returns?|throws|type|"
    r"types|see|since|deprecated|override|author|version|app|property|staticmethod|classmethod|"
    r"everyone|here|channel|pytest|test|dataclass|cache|example|babel|angular|latest|all)\b)"
)

FAMILY = Family(
    "handles",
    (
        Rule("handle", "SOCIAL_HANDLE", rf"(?<![\w.@/+-])@{_STOP}[A-Za-z0-9_](?:[\w.-]{{0,37}}\w)?(?![\w@/(]|[.-]\w)", 0.7, needs=("@",)),
        Rule("fediverse", "SOCIAL_HANDLE", r"(?<![\w.@/+-])@[\w.-]{2,30}@(?:[\w-]+\.)+[a-z]{2,24}(?!\w)", 0.9, needs=("@",)),
        Rule("discord-tag", "SOCIAL_HANDLE", r"(?<![\w#/&])[\w.]{2,32}#\d{4}(?!\w)", 0.6, needs=("#",), where=lambda m: not m[0].split("#")[0].isdigit()),
        Rule("reddit-user", "SOCIAL_HANDLE", r"(?<![\w/.])/?u/[A-Za-z0-9_-]{3,20}(?![\w/])", 0.7, needs=("u/",)),
        Rule("todo-name", "USERNAME", r"\b(?:TODO|FIXME|XXX|HACK|NOTE)\((?P<who>[a-z][\w.-]{1,30})\)", 0.6, group="who", needs=("(",), code=True),
        Rule("labelled", "USERNAME", r"(?i)(?<!\w)(?:user ?name|login|screen ?name|handle|user id|nick(?:name)?|gamertag|skype|discord|telegram|snapchat|insta(?:gram)?|twitter|ign|psn|kik)(?:\s(?:is|id|handle|name))?\s?[:=]\s?[\"']?(?P<who>[A-Za-z0-9_](?=[\w.@-]*[\w])[\w.@-]{2,39})", 0.75, group="who", where=lambda m: m["who"].lower() not in {"none", "null", "true", "false", "str", "user", "username", "string", "name", "required", "admin", "root"}),
        Rule("username-is", "USERNAME", r"(?i)(?<!\w)(?:my|the|her|his|their)\s(?:user ?name|login|gamertag|handle|nick(?:name)?|insta(?:gram)?|snapchat|discord|telegram|skype)\s(?:is|was)\s[\"'@]?(?P<who>[A-Za-z0-9_][\w.-]{2,39})", 0.75, group="who"),
        Rule("shell-prompt", "USERNAME", r"^(?:\([\w.-]+\)\s)?(?P<who>[a-z_][\w-]{1,31}@[\w.-]{2,60}):[~/][^\n$#]{0,200}[$#]\s", 0.85, group="who", code=True),
        Rule("signed-id", "USERNAME", r"<@!?(?P<who>[UWB]?[A-Z0-9]{8,20})>", 0.8, group="who", needs=("<@",)),
    ),
)  # fmt: skip

POSITIVES = (
    ("thanks @jane_doe for it", "SOCIAL_HANDLE", "@jane_doe"),
    ("@jane@social.example.org", "SOCIAL_HANDLE", "@jane@social.example.org"),
    ("add JaneD#1234", "SOCIAL_HANDLE", "JaneD#1234"),
    ("ask u/jane-doe", "SOCIAL_HANDLE", "u/jane-doe"),
    ("TODO(jdoe): mend", "USERNAME", "jdoe"),
    ("username: jdoe_87", "USERNAME", "jdoe_87"),
    ("my gamertag is jdoe87", "USERNAME", "jdoe87"),
    ("jdoe@mbp-jdoe:~$ ls", "USERNAME", "jdoe@mbp-jdoe"),
)
NEGATIVES = (
    "    @click.group()",
    "eslint-disable-next-line @typescript-eslint/no-explicit-any",
    "@media screen",
    "@param x",
    "npm i @types/node",
    "@property",
    "jane@example.com",
    "issue #1234",
    "PR#",
    "login: none",
    "TODO: mend",
    "a @ b",
)
