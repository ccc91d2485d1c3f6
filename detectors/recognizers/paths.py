"""The user's name in a home path."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

from typing import Any

from detectors.rules import Family, Rule

_SHARED = frozenset(
    {
        "user", "username", "runner", "shared", "public", "default", "ubuntu", "all users", "me",
        "you", "name", "foo", "bar", "user1", "your_name", "yourname", "your-name", "vagrant",
        "circleci", "guest", "docker", "app", "node", "ec2-user", "admin", "administrator", "...",
        "vscode", "jovyan", "travis", "build", "dev", "test", "example", "files", "src", "home", "lib",
    }
)  # fmt: skip


def _personal(match: Any) -> bool:
    return match["who"].lower() not in _SHARED


FAMILY = Family(
    "paths",
    (
        Rule(
            "home-path",
            "USERNAME",
            r"(?i)(?:(?<![\w.])/(?:home|Users|export/home|var/home|mnt/[a-z]/Users|media)|file:///(?:home|Users)|\b[a-z](?::|%3A)(?:[/\\]{1,4}|%5C|%2F)(?:Users|Documents and Settings))"
            r"(?:[/\\]{1,4}|%2F|%5C)(?P<who>[^\W_][\w.-]{0,40}(?: [A-Z][\w.-]{1,30})?(?=[/\\\"'`:%]|$)|[^\W_][\w.-]{0,40}\w)",
            0.85,
            group="who",
            where=_personal,
            needs=("home", "users", "documents and settings", "media"),
            reach=(24, 90),
            code=True,
        ),
        Rule(
            "home-encoded",
            "USERNAME",
            r"(?i)(?:%2F|(?<=[=-]))(?:home|Users)(?:%2F|-)(?P<who>[a-z][\w.]{1,40})(?=%2F|-)",
            0.7,
            group="who",
            where=_personal,
            needs=("home", "users"),
        ),
        Rule(
            "onedrive",
            "FILE_PATH",
            r"[/\\]OneDrive - (?P<who>[^/\\\n\"']{2,60})(?=[/\\])",
            0.8,
            group="who",
            needs=("onedrive - ",),
            code=True,
        ),
        Rule(
            "tilde-user",
            "USERNAME",
            r"(?<![\w/.~])~(?P<who>[a-z][a-z0-9_-]{2,30})/",
            0.5,
            group="who",
            where=_personal,
            needs=("~",),
        ),
    ),
)

POSITIVES = (
    ("/home/jdoe/work", "USERNAME", "jdoe"),
    ('open("/Users/jane.doe/a.txt")', "USERNAME", "jane.doe"),
    ("C:\\Users\\Jane Doe\\Desktop", "USERNAME", "Jane Doe"),
    ("C:\\\\Users\\\\jdoe\\\\x", "USERNAME", "jdoe"),
    ("file:///home/jdoe/x", "USERNAME", "jdoe"),
    ("C:\\Users\\x\\OneDrive - Acme Ltd\\b", "FILE_PATH", "Acme Ltd"),
)
NEGATIVES = (
    "/home/user/x",
    "/Users/Shared/x",
    "C:\\Users\\Public\\x",
    "/home/runner/work",
    "/usr/local/lib",
    "at home/work",
    "/home",
)
