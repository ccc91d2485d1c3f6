"""Tables of the walk: what is junk, what is a secret, what follows a photo.

`judge_file` and `judge_folder` look at names only. A verdict is
(outcome, code, why); None means an item or a folder to enter.
"""

from __future__ import annotations

import re
from fnmatch import translate
from functools import cache

from scrubber import credential_stores
from scrubber.model import Outcome

Verdict = tuple[Outcome, str, str]

_OS_FILES = frozenset(
    (
        ".ds_store", "icon\r", ".localized", ".apdisk", ".volumeicon.icns", "thumbs.db",
        "thumbs.db:encryptable", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", ".directory",
        ".nomedia", ".picasa.ini", "picasa.ini", ".bridgesort", ".bridgelabelsandratings",
        ".com.apple.timemachine.donotpresent", ".metadata_never_index", ".hidden",
    )
)  # fmt: skip
_OS_GLOBS = (
    "._*", ".dropbox*", ".sync*", ".stfolder*", ".nfs*", ".fuse_hidden*", ".trash-*",
    "zbthumbnail.info", ".smbdelete*", ".~tmp~*",
)  # fmt: skip
_OS_FOLDERS = frozenset(
    (
        ".appledouble", ".spotlight-v100", ".trashes", ".trash", ".fseventsd", ".temporaryitems",
        ".documentrevisions-v100", "$recycle.bin", "system volume information", "@eadir",
        "#recycle", "#snapshot", ".thumbnails", ".@__thumb", "lost+found", "__macosx",
        ".pkinstallsandboxmanager", ".mobilebackups", "recycler", ".picasaoriginals", ".stversions",
    )
)  # fmt: skip
_EDITOR_FOLDERS = frozenset(
    (
        ".idea", ".vscode", "__pycache__", ".ipynb_checkpoints", "node_modules", ".venv", ".tox",
        ".mypy_cache", ".pytest_cache", ".ruff_cache", ".vs", ".cache", "venv", ".nox", ".direnv",
        ".eggs",
    )
)  # fmt: skip
_EDITOR_GLOBS = (
    "~$*", ".~lock.*#", "*~", "*.swp", "*.swo", ".*.sw?", "#*#", ".#*", "*.bak", "*.tmp", "*.temp",
    "*.part", "*.crdownload", "*.download", "*.lrcat", "*.lrcat-*", "*.lrcat.lock", "*.pyc",
    "*.orig", "*.rej", "~*.tmp", ".ds_store?", "*.partial", "nohup.out", "*.swn",
)  # fmt: skip
_LOCK_FILES = frozenset(
    (
        "cargo.lock", "poetry.lock", "yarn.lock", "gemfile.lock", "composer.lock", "uv.lock",
        "pipfile.lock", "flake.lock", "pdm.lock", "pubspec.lock", "podfile.lock", "mix.lock",
        "bun.lock", "deno.lock", "conda-lock.lock", "devenv.lock", ".terraform.lock.hcl",
    )
)  # fmt: skip
_VCS = frozenset((".git", ".hg", ".svn", ".bzr", "_darcs", "cvs", ".fossil", ".jj", ".pijul"))
_VCS_FILES = frozenset(
    (".gitattributes", ".gitmodules", ".hgtags", ".hgsub", ".mailmap", ".gitkeep")
)
_LEFTOVER_GLOBS = ("*_original", "*_exiftool_tmp", "*.cleaned.*", "*.exif_original")
_LINKS = frozenset((".lnk", ".url", ".webloc", ".desktop", ".website", ".pif"))
_AUDIO_JUNK = frozenset(
    (".cue", ".m3u", ".m3u8", ".pls", ".sfv", ".nfo", ".reapeaks", ".asd", ".pkf", ".sfk", ".sfl")
)
_BUNDLES = frozenset(
    (
        ".photoslibrary", ".photolibrary", ".migratedphotolibrary", ".aplibrary", ".app", ".pages",
        ".key", ".numbers", ".rtfd", ".logicx", ".band", ".fcpbundle", ".imovielibrary",
        ".lrlibrary", ".framework",
        ".bundle", ".sparsebundle", ".textbundle", ".tvlibrary", ".musiclibrary",
        ".theater", ".pkg", ".cocatalog", ".oo3", ".xcarchive",
    )
)  # fmt: skip
AUDIT_MARKER = ".scrub-audit"
_OWN = frozenset(
    ("scrub.toml", ".scrub.toml", ".scrubignore", "releases.toml", "scrub-decisions.jsonl")
)

_ARTICLE = {
    "os-junk": "a record of the operating system or a file service",
    "editor-junk": "a lock, backup or working file of a program",
    "vcs": "version history: it keeps what was deleted",
    "link-file": "a link to another place, which names paths or hosts",
    "audio-junk": "a list or log beside recordings",
}


def _drop(code: str) -> Verdict:
    return (Outcome.DROPPED, code, f"This is {_ARTICLE[code]}.")


def _held(why: str | None) -> Verdict | None:
    return None if why is None else (Outcome.HELD, "credential-store", why)


def judge_path(path: str) -> Verdict | None:
    """The verdict for a file by its folders and name together, where they hold credentials."""
    return _held(credential_stores.judge_path(path))


def suffix(name: str) -> str:
    """Lower-case suffix with its dot, "" when there is none."""
    stem, dot, last = name.rpartition(".")
    return f".{last.lower()}" if dot and stem else ""


def judge_folder(name: str) -> Verdict | None:
    """The verdict for a folder by its name: nothing in it is walked, or None."""
    low = name.lower()
    if low in _VCS:
        return _drop("vcs")
    if low in _OS_FOLDERS or low.startswith((".trash-", ".dropbox", ".sync", ".stfolder")):
        return _drop("os-junk")
    if low in _EDITOR_FOLDERS or suffix(low) == ".lrdata":
        return _drop("editor-junk")
    if (held := _held(credential_stores.judge_folder(name))) is not None:
        return held
    if suffix(low) in _BUNDLES:
        why = "This folder is one document of a program: export from the app first."
        return (Outcome.HELD, "unsupported", why)
    return None


def is_history(name: str) -> bool:
    """Folders that are never entered, even when the user names one."""
    return name.lower() in _VCS or suffix(name) in _BUNDLES


def judge_file(name: str, beside_audio: bool = False) -> Verdict | None:
    """The verdict for a file by its name, or None for an item."""
    low = name.lower()
    if low in _OWN or low == AUDIT_MARKER:
        return (Outcome.DROPPED, "own-file", "This file belongs to scrub.")
    if low.startswith(".") and low.endswith(".icloud"):
        return (Outcome.HELD, "unreadable", "The file is in the cloud and not downloaded.")
    if _any(low, _LEFTOVER_GLOBS):
        return (Outcome.HELD, "policy", "This is the uncleaned original another tool left.")
    if low in _OS_FILES or _any(low, _OS_GLOBS):
        return _drop("os-junk")
    if low in _VCS or low in _VCS_FILES:
        return _drop("vcs")
    if low.startswith("~$"):
        why = "This is an editor's lock: the file is open now, and the lock names its author."
        return (Outcome.DROPPED, "editor-junk", why)
    if _any(low, _EDITOR_GLOBS) or (low.endswith(".lock") and low not in _LOCK_FILES):
        return _drop("editor-junk")
    if (held := _held(credential_stores.judge_file(name))) is not None:
        return held
    if suffix(low) in _LINKS:
        return _drop("link-file")
    if suffix(low) in _AUDIO_JUNK or (beside_audio and suffix(low) == ".log"):
        return _drop("audio-junk")
    return None


def _any(name: str, globs: tuple[str, ...]) -> bool:
    return _union(globs).match(name) is not None


@cache
def _union(globs: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for all of them: it is asked for every file."""
    return re.compile("|".join(map(translate, globs)))


def exclusion(pattern: str) -> re.Pattern[str]:
    """A gitignore-like glob as an expression over a path below the root.

    Without a slash it fits any component, with one it is anchored to the root. `**` crosses
    folders, `*` and `?` do not. What lies below a match is matched too.
    """
    body = pattern.rstrip("/")
    anchored = "/" in body
    body = body.removeprefix("./").lstrip("/")
    out, at = "", 0
    while at < len(body):
        if body.startswith("**/", at):
            out, at = out + "(?:[^/]+/)*", at + 3
        elif body.startswith("**", at):
            out, at = out + ".*", at + 2
        elif body[at] == "*":
            out, at = out + "[^/]*", at + 1
        elif body[at] == "?":
            out, at = out + "[^/]", at + 1
        elif body[at] == "[" and (end := body.find("]", at + 2)) > 0:
            inner = body[at + 1 : end].replace("\\", "\\\\")
            out += "[" + ("^" + inner[1:] if inner[0] in "!^" else inner) + "]"
            at = end + 1
        else:
            out, at = out + re.escape(body[at]), at + 1
    below = "/.*" if pattern.endswith("/") else "(?:/.*)?"
    return re.compile(("" if anchored else "(?:.*/)?") + out + below, re.DOTALL)
