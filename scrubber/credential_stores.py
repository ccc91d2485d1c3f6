"""Names of files and folders that hold keys, passwords, or what a machine remembers of its user.

They are held whole and never opened. No option keeps one: what should go out is renamed or
taken out by hand. Names lie, so `containers` also holds what its first bytes show to be a
key or a key store; `.pem`, `.key` and `.asc` are decided there alone (a certificate, a Keynote
document). Names count without case and in NFC; a folder's name counts wherever it stands.
"""

# ruff: noqa: E501  # tables

from __future__ import annotations

import re
import unicodedata
from fnmatch import translate
from functools import cache

_KEYS = (
    "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", "*.p8", "*.p12", "*.pfx",
    "*.pkcs12", "*.pkcs8", "*.jks", "*.jceks", "*.bks", "*.keystore", "*.truststore", "*.kdb", "*.kdbx",
    "*.psafe3", "*.agilekeychain", "*.opvault", "*.1pif", "*.ppk", "*.gpg", "*.pgp", "secring.*",
    "pubring.kbx", "trustdb.gpg", "*.ovpn", "wg[0-9]*.conf", "*.agekey", "*.age", "wallet.dat",
    "utc--*", "*.mobileprovision", "*.keytab", "krb5cc_*", "krb5.keytab", "*.otpkey", "known_hosts*",
    "authorized_keys*", "ssh_host_*_key", "*.wallet", "keyfile.json", "privkey*",
)  # fmt: skip
_SETTINGS = (
    ".env", ".env.*", "*.env", ".envrc", ".netrc", "_netrc", ".netrc.gpg", ".pgpass", "pgpass.conf",
    ".my.cnf", ".mylogin.cnf", ".npmrc", ".yarnrc", ".yarnrc.yml", ".pypirc", ".condarc", "pip.conf",
    "nuget.config", ".dockercfg", ".dockerconfigjson", "kubeconfig*", "*.kubeconfig", ".boto",
    ".s3cfg", ".passwd-s3fs", "rclone.conf", ".git-credentials", ".terraformrc", "terraform.rc",
    ".vault-token", ".vault_pass*", "vault_pass*.txt", ".htpasswd", "*.htpasswd", ".htdigest", "shadow",
    "shadow-", "gshadow", "passwd", "passwd-", "ntds.dit", "auth.json", "gradle.properties",
    "kaggle.json", "secrets.yml", "secrets.yaml", "secrets.json", "secrets.toml", "secrets.env",
    "*.secrets", "*.secret", "master.key", "credentials.yml.enc", "credentials", "credentials.json",
    "credentials.toml", "credentials.db", "credentials.csv", "*service-account*.json",
    "*service_account*.json", "*serviceaccount*.json", "client_secret*.json", "google-services.json",
    "googleservice-info.plist", "*firebase-adminsdk*.json", "application_default_credentials.json",
    "accesskeys.csv", "*_accesskeys.csv", "rootkey.csv", ".esmtprc", ".msmtprc", ".muttrc", ".fetchmailrc",
    ".mbsyncrc", ".offlineimaprc", ".pgpkey", ".cifs", ".smbcredentials",
    "filezilla.xml", "sitemanager.xml", "recentservers.xml", "winscp.ini", "*.rdp", "*.remmina", ".databrickscfg",
    ".snowsql", "sftp-config.json", "sftp.json", ".ftpconfig", "wpa_supplicant*.conf",
    "*.nmconnection", "unattend.xml", "autounattend.xml", "local.settings.json", "appsettings.secrets.json",
    "publishsettings", "*.publishsettings", "*.pubxml.user", "hub_token", ".sentryclirc", ".dockerhub", ".gem_credentials",
)  # fmt: skip
_REMEMBERED = (
    ".*_history", "*.tfstate", "*.tfstate.*", "*.tfvars", "*.tfvars.json", "*.tfplan", ".lesshst",
    ".viminfo", "*.viminfo", "fish_history", "consolehost_history.txt", ".rhistory", ".irb-history",
    "*.hist", ".wget-hsts", ".python_history*", ".zhistory", ".histfile", ".recently-used*", ".xsession-errors*",
    ".iceauthority", ".xauthority", ".scapy_history", ".mongorc.js", ".dbshell",
)  # fmt: skip
_PROGRAMS = (
    "cookies", "cookies-journal", "cookies.txt", "cookies.json", "cookies.sqlite*", "cookies.binarycookies", "login data", "login data-journal", "login data for account*",
    "logins.json", "logins-backup.json", "signons.sqlite", "key3.db", "key4.db", "cert9.db", "places.sqlite*",
    "formhistory.sqlite*", "web data", "web data-journal", "history", "history-journal", "history.db", "local state", "*.keychain*",
    "*.har", "*.pcap", "*.pcapng", "*.dmp", "*.mdmp", "core", "core.[0-9]*", "vmcore", "*.hprof", "*.heapsnapshot",
    "*.evtx", "*.evt", "*.etl", "*.pst", "*.ost", "ntuser.dat*", "usrclass.dat*", "hiberfil.sys", "pagefile.sys", "swapfile.sys",
    "key.txt.gpg", "chat.db*", "sms.db*", "manifest.db", "*.specstory", ".aider*", ".claude.json",
    ".copilot*", ".cursorrules.local", "*.reg", "sslkeylog*", "*.keylog",
)  # fmt: skip
_FOLDERS = frozenset(
    (
        ".aws", ".kube", ".ssh", ".gnupg", ".azure", ".docker", ".gcloud", ".oci", ".aliyun", ".bluemix",
        "private-keys-v1.d", ".gem", ".m2", ".nuget", ".huggingface", ".kaggle", ".streamlit", ".terraform",
        ".terraform.d", ".vault", ".password-store", ".ipython", ".jupyter", ".claude", ".codex", ".cursor", ".continue",
        ".aider", ".copilot", ".gemini", ".specstory", ".windsurf", ".codeium", ".cody", ".opencode", ".goose", ".roo",
        ".mozilla", ".thunderbird", ".electrum", ".bitcoin", ".ethereum", ".gitsecret", ".pki",
        ".keyrings", "keyrings", ".subversion", ".heroku",
        ".vnc", ".putty", ".anydesk", ".purple", ".signal", "_gsdata_",
    )
)  # fmt: skip
_FOLDER_GLOBS = (".aider*", "*.specstory", "*.keychain-db", "*.agilekeychain", "*.opvault")
_PATHS = (  # names that say something only below a certain folder
    ".cargo/credentials*", ".cargo/config.toml", ".gem/credentials", "keystore/*--*", ".cache/huggingface/token",
    "huggingface/token", "gh/hosts.yml", "glab-cli/config.yml", "op/config", "composer/auth.json",
    ".config/gcloud/*", ".config/op/*", ".config/gh/*", "etc/ssl/private/*", "etc/sudoers*", "system32/config/*", "keychains/*", ".yarn/.yarnrc*",
)  # fmt: skip
_TEMPLATES = (".example", ".sample", ".template", ".dist", ".tmpl", ".defaults", ".schema")

_WHY = (
    (_KEYS, "Files of this name hold keys."),
    (_SETTINGS, "Files of this name hold passwords or tokens."),
    (_REMEMBERED, "Files of this name repeat what was typed, passwords too."),
    (_PROGRAMS, "Files of this name are a program's memory of its user."),
)


def judge_file(name: str) -> str | None:
    """Why a file of this name is held, or None. Templates of settings are not."""
    low = _folded(name)
    if low.endswith(_TEMPLATES) or any(f"{end}." in low for end in (".env.example", ".env.sample")):
        return None
    return next((why for globs, why in _WHY if _union(globs).match(low)), None)


def judge_folder(name: str) -> str | None:
    """Why a folder of this name is held whole, or None."""
    low = _folded(name)
    if low in _FOLDERS or _union(_FOLDER_GLOBS).match(low):
        return "A folder of this name holds keys, passwords or sessions."
    return None


def judge_path(path: str) -> str | None:
    """Why the file at `path` (with "/") is held: its name, its folders, or both together."""
    *folders, name = path.split("/")
    for folder in folders:
        if (why := judge_folder(folder)) is not None:
            return why
    low = _folded(path)
    if _union(_PATHS, anchored=False).match(low) is not None:
        return "Files of this name hold passwords or tokens."
    return judge_file(name)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


@cache
def _union(globs: tuple[str, ...], anchored: bool = True) -> re.Pattern[str]:
    """One expression for all of them: it is asked for every file."""
    ahead = "" if anchored else "(?:.*/)?"
    return re.compile("|".join(ahead + translate(glob) for glob in globs), re.DOTALL)
