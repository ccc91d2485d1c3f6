"""A set of made-up secrets in many contexts, and of what only looks like one; with its score.

    python -m benchmarks.detection.secrets_set --seed 7

Rules were tuned on seed 1 alone. A secret counts as found when at least nine tenths of its
characters are covered.
"""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import argparse
import base64
import json
import random
import string
import sysconfig
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.detection import secrets_kinds as kinds
from benchmarks.detection.secrets_kinds import ALNUM, B64, HEX, URL, draw, opaque, password
from benchmarks.detection.secrets_negatives import NEGATIVES

COVERED = 0.9


@dataclass(frozen=True, slots=True)
class Case:
    """One text with one secret, or with none (`secret` is "")."""

    text: str
    secret: str
    group: str  # class of the secret, or category of the look-alike
    kind: str
    context: str


Context = Callable[[str, str], str]

_CONTEXTS: dict[str, Context] = {
    "env": lambda k, v: f"# local overrides\n{k.upper()}={v}\nPORT=8081\n",
    "env-export": lambda k, v: f"export {k.upper()}='{v}'\n",
    "python": lambda k, v: f"import httpx\n\n{k} = \"{v}\"\nclient = httpx.Client(timeout=4)\n",
    "python-dict": lambda k, v: f"OPTIONS = {{\n    'region': 'north',\n    '{k}': '{v}',\n}}\n",
    "javascript": lambda k, v: f"const conf = {{\n  retries: 3,\n  {_camel(k)}: '{v}',\n}};\n",
    "typescript": lambda k, v: f"export const {_camel(k)}: string = `{v}`;\n",
    "yaml": lambda k, v: f"service:\n  replicas: 2\n  {k}: {v}\n",
    "yaml-quoted": lambda k, v: f"- task: deploy\n  with:\n    {k.replace('_', '-')}: \"{v}\"\n",
    "json": lambda k, v: json.dumps({"name": "reporter", k: v, "debug": False}, indent=2),
    "json-line": lambda k, v: json.dumps({"level": "info", "ctx": {_camel(k): v}}),
    "toml": lambda k, v: f"[remote]\nurl = \"https://api.example.com\"\n{k} = \"{v}\"\n",
    "ini": lambda k, v: f"[main]\nhost = db1\n{k} = {v}\n",
    "properties": lambda k, v: f"app.pool=8\napp.{k.replace('_', '.')}={v}\n",
    "xml": lambda k, v: f"<settings>\n  <{_camel(k)}>{_xml(v)}</{_camel(k)}>\n</settings>\n",
    "notebook": lambda k, v: json.dumps({"cells": [{"cell_type": "code", "source": ["import os\n", f"{k} = \"{v}\"\n", "run()"]}]}),
    "shell": lambda k, v: f"#!/bin/sh\nset -e\n{k.upper()}=\"{v}\" ./deploy.sh --fast\n",
    "log": lambda k, v: f"2024-02-11 08:14:02 DEBUG loader: {k}={v} attempt=2\n",
    "markdown": lambda k, v: f"## Setup\n\nPut this into your settings:\n\n- **{k}**: `{v}`\n",
    "go": lambda k, v: f"cfg := Config{{\n\tRegion: \"eu\",\n\t{_camel(k).capitalize()}: \"{v}\",\n}}\n",
    "java": lambda k, v: f"private static final String {k.upper()} = \"{v}\";\n",
    "csharp": lambda k, v: f"builder.Configuration[\"{k}\"] = \"{v}\";\n",
    "php": lambda k, v: f"<?php\nreturn [\n  '{k}' => '{v}',\n];\n",
    "ruby": lambda k, v: f"config.{k} = '{v}'\n",
    "dockerfile": lambda k, v: f"FROM alpine:3\nENV {k.upper()}={v}\n",
    "terraform": lambda k, v: f"resource \"x\" \"y\" {{\n  {k} = \"{v}\"\n}}\n",
    "kubernetes": lambda k, v: f"env:\n  - name: {k.upper()}\n    value: \"{v}\"\n",
    "powershell": lambda k, v: f"$env:{k.upper()} = \"{v}\"\n",
    "default": lambda k, v: f"value = os.environ.get(\"{k.upper()}\", \"{v}\")\n",
}  # fmt: skip
_BARE: dict[str, Context] = {
    "bare": lambda _, v: v,
    "chat": lambda _, v: f"hey can you check why this one fails? {v} it worked yesterday",
    "chat-paste": lambda _, v: f"here you go:\n{v}\n(rotate it later pls)",
    "comment": lambda _, v: f"x = load()  # tmp {v}\n",
    "quoted": lambda _, v: f"client = Client(\"{v}\")\n",
    "csv": lambda _, v: f"id,owner,value\n17,ops,{v}\n",
    "log-bare": lambda _, v: f"[worker-3] calling upstream with {v} -> 401\n",
    "notebook-bare": lambda _, v: json.dumps({"source": ["login(\n", f"    '{v}'\n", ")\n"]}),
}  # fmt: skip
_PASSWORD_KEYS = ("db_password", "smtp_pass", "admin_passwd", "password", "root_pwd", "wifi_psk", "keystore_password", "redis_password", "user_password", "passphrase")  # fmt: skip
_KEY_KEYS = ("api_key", "auth_token", "client_secret", "access_token", "secret_key", "encryption_key", "jwt_secret", "webhook_secret", "signing_key", "app_secret", "refresh_token", "billing_api_token")  # fmt: skip


def _camel(key: str) -> str:
    head, *rest = key.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _xml(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;")


def _shaped(rng: random.Random) -> Iterator[Case]:
    for name, make in kinds.shaped().items():
        for context in rng.sample([*_CONTEXTS, *_BARE], 5):
            value = make(rng)
            shape = _CONTEXTS.get(context) or _BARE[context]
            yield Case(shape("service_value", value), value, "shaped", name, context)


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _structured(rng: random.Random) -> Iterator[Case]:
    r = rng
    pw, key = lambda: _tame(password(r)), lambda: draw(r, ALNUM, 32)
    rows: dict[str, Callable[[], tuple[str, str]]] = {
        "postgres-url": lambda: _in("DATABASE_URL=postgresql://svc:{}@pg.example.com:5432/core\n", pw()),
        "mongo-url": lambda: _in("uri: mongodb+srv://reader:{}@cluster0.example.net/app?w=1\n", pw()),
        "redis-url": lambda: _in("const r = new Redis('redis://:{}@cache.example.com:6379/0');\n", pw()),
        "amqp-url": lambda: _in("broker = \"amqps://bunny:{}@mq.example.com//\"\n", pw()),
        "git-url": lambda: _in("git clone https://jo:{}@git.example.com/x/y.git\n", key()),
        "git-token-url": lambda: _in("origin\thttps://{}@git.example.com/x/y.git (fetch)\n", key()),
        "jdbc": lambda: _in("jdbc:postgresql://db.example.com/app?user=jo&password={}\n", pw()),
        "ado": lambda: _in("\"Server=sql.example.com;Database=crm;User Id=svc;Password={};\"\n", pw()),
        "libpq": lambda: _in("conn = connect(\"host=db1 user=app password={} dbname=x\")\n", pw()),
        "azure-storage": lambda: _in("AccountName=stor1;AccountKey={}==;EndpointSuffix=core.windows.net\n", draw(r, B64, 86)),
        "service-bus": lambda: _in("Endpoint=sb://q.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={}=\n", draw(r, B64, 43)),
        "basic-header": lambda: _in("Authorization: Basic {}\n", _b64("svc:" + pw())),
        "bearer-header": lambda: _in("-H 'Authorization: Bearer {}' \\\n", draw(r, URL, 50)),
        "api-header": lambda: _in("headers = {{'X-Api-Key': '{}'}}\n".replace("{{", "{").replace("}}", "}"), draw(r, HEX, 32)),
        "header-set": lambda: _in("req.Header.Set(\"Authorization\", \"Token {}\")\n", draw(r, HEX, 40)),
        "query-token": lambda: _in("GET https://api.example.com/v2/items?page=2&access_token={} 200\n", draw(r, ALNUM, 40)),
        "presigned": lambda: _in("https://bkt.s3.amazonaws.com/a.zip?X-Amz-Expires=900&X-Amz-Signature={}\n", draw(r, HEX, 64)),
        "sas": lambda: _in("https://acct.blob.core.windows.net/c/f?sv=2022-11-02&se=2024-05-01&sr=b&sp=r&sig={}%3D\n", draw(r, ALNUM, 42)),
        "otpauth": lambda: _in("otpauth://totp/Acme:jo?secret={}&issuer=Acme\n", draw(r, kinds.B32, 32)),
        "curl-user": lambda: _in("curl -s -u admin:{} https://ci.example.com/api/json\n", pw()),
        "mysql-p": lambda: _in("mysqldump -h db -u backup -p{} shop > shop.sql\n", pw()),
        "sshpass": lambda: _in("sshpass -p '{}' scp a.tgz jo@host.example.com:/srv\n", pw()),
        "cli-flag": lambda: _in("./tool sync --password={} --dry-run\n", pw()),
        "cli-flag-space": lambda: _in("tool login --token {} --region eu\n", draw(r, URL, 36)),
        "docker-login": lambda: _in("docker login registry.example.com -u ci -p {}\n", pw()),
        "redis-cli": lambda: _in("redis-cli -h cache.example.com -a {} ping\n", pw()),
        "identified-by": lambda: _in("CREATE USER 'svc'@'%' IDENTIFIED BY '{}';\n", pw()),
        "pg-role": lambda: _in("ALTER ROLE svc WITH LOGIN PASSWORD '{}';\n", pw()),
        "define": lambda: _in("define( 'DB_PASSWORD', '{}' );\n", pw()),
        "xml-password": lambda: _in("<server><id>nexus</id><username>ci</username><password>{}</password></server>\n", pw()),
        "xml-add": lambda: _in("<add key=\"SmtpPassword\" value=\"{}\" />\n", pw()),
        "plist": lambda: _in("<key>api_token</key>\n<string>{}</string>\n", key()),
        "netrc": lambda: _in("machine git.example.com\n  login jo\n  password {}\n", pw()),
        "netrc-line": lambda: _in("machine api.example.com login jo password {}\n", pw()),
        "pgpass": lambda: _in("db.example.com:5432:core:svc:{}\n", pw()),
        "npmrc": lambda: _in("//registry.example.com/:_authToken={}\n", key()),
        "docker-config": lambda: _in("{\"auths\": {\"reg.example.com\": {\"auth\": \"@@\"}}}\n".replace("@@", "{}", 1), _b64("ci:" + pw()), braces=True),
        "bcrypt": lambda: _in("jo:{}\n", "$2" + "y$10$" + draw(r, "./" + ALNUM, 53)),
        "sha512-crypt": lambda: _in("root:{}:19000:0:99999:7:::\n", "$" + "6$" + draw(r, ALNUM, 16) + "$" + draw(r, "./" + ALNUM, 86)),
        "apr1": lambda: _in("jo:{}\n", "$ap" + "r1$" + draw(r, ALNUM, 8) + "$" + draw(r, "./" + ALNUM, 22)),
        "argon2": lambda: _in("hash: {}\n", "$argon" + "2id$v=19$m=65536,t=3,p=4$" + draw(r, B64, 22) + "$" + draw(r, B64, 43)),
        "django-hash": lambda: _in("'password': '{}'\n", "pbkdf2" + "_sha256$390000$" + draw(r, ALNUM, 22) + "$" + draw(r, B64, 43) + "="),
        "pem": lambda: _in("{}\n", kinds.pem(r)),
        "pem-encrypted": lambda: _in("{}\n", kinds.pem(r, "ENCRYPTED ")),
        "pem-openssh": lambda: _in("cat > key <<E\n{}\nE\n", kinds.pem(r, "OPENSSH ")),
        "pem-one-line": lambda: _in("\"private_key\": \"{}\\n\",\n", kinds.pem(r, "").replace("\n", "\\n")),
        "pem-cut": lambda: _in("{}\n", kinds.pem(r).rpartition("\n")[0]),
        "ppk": lambda: _in("{}\n", f"PuTTY-User-Key" f"-File-3: ssh-ed25519\nEncryption: none\nComment: jo\nPublic-Lines: 2\n{kinds.body(r, 2)}\nPrivate-Lines: 1\n{draw(r, B64, 48)}\nPrivate-MAC: {draw(r, HEX, 64)}"),
        "jwk": lambda: _in("{\"kty\":\"EC\",\"crv\":\"P-256\",\"d\":\"@@\",\"use\":\"sig\"}\n".replace("@@", "{}", 1), draw(r, URL, 43), braces=True),
        "kubeconfig": lambda: _in("    client-key-data: {}\n", draw(r, B64, 400)),
        "cookie": lambda: _in("Cookie: theme=dark; sessionid={}\n", draw(r, URL, 40)),
        "set-cookie": lambda: _in("Set-Cookie: connect.sid={}; HttpOnly\n", "s%3A" + draw(r, URL, 50)),
        "slack-hook": lambda: _in("{}\n", "https://hooks.sl" + f"ack.com/services/T{draw(r, kinds.UPPER, 8)}/B{draw(r, kinds.UPPER, 8)}/{draw(r, ALNUM, 24)}"),
        "discord-hook": lambda: _in("hook: {}\n", "https://disc" + f"ord.com/api/webhooks/{draw(r, string.digits, 18)}/{draw(r, URL, 68)}"),
        "teams-hook": lambda: _in("{}\n", "https://acme.webhook.off" + f"ice.com/webhookb2/{_uuid(r)}@{_uuid(r)}/IncomingWebhook/{draw(r, HEX, 32)}/{_uuid(r)}"),
        "logic-app": lambda: _in("{}\n", "https://prod-12.westeurope.logic.az" + f"ure.com:443/workflows/{draw(r, HEX, 32)}/triggers/manual/paths/invoke?api-version=2016-10-01&sig={draw(r, URL, 43)}"),
        "wireguard": lambda: _in("[Interface]\nPrivateKey = {}\n", draw(r, B64, 43) + "="),
        "seed-phrase": lambda: _in("{}\n", kinds.seed_phrase(r)),
        "seed-cued": lambda: _in("my wallet seed: {}\n", kinds.seed_phrase(r)),
        "seed-listed": lambda: _listed(kinds.seed_phrase(r)),
        "aws-secret": lambda: _in("aws_secret_access_key = {}\n", draw(r, B64, 40)),
        "aws-session": lambda: _in("aws_session_token={}\n", draw(r, B64, 300)),
        "ansible": lambda: _in("host1 ansible_user=jo ansible_ssh_pass={}\n", pw()),
        "k8s-secret": lambda: _in("kind: Secret\ndata:\n  db-password: {}\n", _b64(pw() + "extra")),
        "wifi-qr": lambda: _in("WIFI:T:WPA;S:Home;P:{};;\n", pw()),
        "htpasswd-cli": lambda: _in("htpasswd -b -c .ht jo {}\n", pw()),
        "echo-pipe": lambda: _in("echo '{}' | docker login --username ci --password-stdin\n", draw(r, URL, 36)),
        "gpg-batch": lambda: _in("gpg --batch --passphrase {} -d x.gpg\n", pw()),
        "openssl-pass": lambda: _in("openssl enc -aes-256-cbc -pass pass:{} -in a\n", pw()),
        "sentry": lambda: _in("dsn='https://{}@o11.ingest.sentry.io/42'\n", draw(r, HEX, 32)),
        "basic-pair": lambda: _in("requests.get(url, auth=('svc', '{}'))\n", pw()),
        "eth-key": lambda: _in("PRIVATE_KEY={}\n", "0x" + draw(r, HEX, 64)),
    }  # fmt: skip
    for name, make in rows.items():
        for _ in range(4):
            text, secret = make()
            yield Case(text, secret, "structured", name, name)


def _in(text: str, secret: str, braces: bool = False) -> tuple[str, str]:
    return text.replace("{}", secret, 1), secret


def _listed(phrase: str) -> tuple[str, str]:
    text = "\n".join(f"{n}. {word}" for n, word in enumerate(phrase.split(), 1))
    return f"recovery phrase\n{text}\n", text[3:]


def _tame(value: str) -> str:
    """Without what a URL or a shell would need escaped."""
    return "".join("-" if char in "@#?%/&^*$!:;'\"" else char for char in value)


def _uuid(rng: random.Random) -> str:
    return "-".join(draw(rng, HEX, n) for n in (8, 4, 4, 4, 12))


def _shapeless(rng: random.Random) -> Iterator[Case]:
    for key in (*_PASSWORD_KEYS, *_KEY_KEYS):
        make = password if key in _PASSWORD_KEYS else opaque
        for context in rng.sample(sorted(_CONTEXTS), 12):
            value = make(rng)
            if context in ("yaml", "ini", "properties", "shell", "dockerfile", "log", "env"):
                value = _tame(value)
            shown = _xml(value) if context == "xml" else value
            yield Case(_CONTEXTS[context](key, value), shown, "shapeless", key, context)


_PROSE = (
    "the wifi pw is {} if you need it", "Password for the guest account: {}", "btw i changed the admin password to {}",
    "you can log in with jo / {} for now", "hey, vpn password = {} (dont share)", "ok so the router password is still {}",
    "pw: {}", "my netflix password is {} lol", "use {} as the password when it asks",
    "The password to the archive is \"{}\".", "username is ops and the password is {}", "temp password: {} please change on first login",
    "I set the passphrase to {} on both laptops", "the pass for the zip is {}", "login: support password: {}",
    "can you try password {} again?", "sent you the creds, user admin, pass {}", "it's {} - that's the root password",
)  # fmt: skip
_CODES = (
    "your verification code is {}", "{} is your Acme login code", "the door code is {} and then #", "my pin is {}, dont tell",
    "Use code {} to sign in. It expires in 10 minutes.", "gate code: {}", "2FA code is {}", "alarm code is {} by the way",
)  # fmt: skip


def _prose(rng: random.Random) -> Iterator[Case]:
    for number, line in enumerate(_PROSE):
        for _ in range(5):
            value = password(rng).strip("!?.,:;*")
            yield Case(line.replace("{}", value), value, "prose", f"said-{number}", "chat")
    for number, line in enumerate(_CODES):
        for _ in range(4):
            value = draw(rng, string.digits, 1 if number < 0 else rng.choice((4, 6, 6)))
            if value.startswith(("19", "20")) or value.endswith("00"):
                value = "83" + value[2:-1] + "7"
            yield Case(line.replace("{}", value), value, "prose", f"code-{number}", "chat")


def positives(seed: int) -> list[Case]:
    """Texts with one secret each, of four classes."""
    rng = random.Random(f"secrets {seed}")
    return [*_shaped(rng), *_structured(rng), *_shapeless(rng), *_prose(rng)]


def negatives(seed: int) -> list[Case]:
    """Texts without a secret, by category."""
    rng = random.Random(f"look-alikes {seed}")
    return [
        Case(make(rng), "", category, category, "")
        for category, make in NEGATIVES.items()
        for _ in range(60)
    ]


Find = Callable[[str], Sequence[tuple[int, int]]]


def is_found(case: Case, spans: Sequence[tuple[int, int]]) -> bool:
    """Are nine tenths of the secret's characters covered?"""
    start = case.text.find(case.secret)
    assert start >= 0, case
    wanted = set(range(start, start + len(case.secret)))
    covered = {place for low, high in spans for place in range(low, high)} & wanted
    return len(covered) >= COVERED * len(wanted)


def score(find: Find, seed: int) -> dict[str, object]:
    """Recall a class, false rate a category, what was missed."""
    hits: Counter[str] = Counter()
    total: Counter[str] = Counter()
    missed: dict[str, list[Case]] = defaultdict(list)
    for case in positives(seed):
        total[case.group] += 1
        if is_found(case, find(case.text)):
            hits[case.group] += 1
        else:
            missed[case.group].append(case)
    wrong: Counter[str] = Counter()
    count: Counter[str] = Counter()
    false: list[Case] = []
    for case in negatives(seed):
        count[case.group] += 1
        if find(case.text):
            wrong[case.group] += 1
            false.append(case)
    return {
        "recall": {name: hits[name] / total[name] for name in total},
        "total": dict(total),
        "false": {name: wrong[name] / count[name] for name in count},
        "false rate": sum(wrong.values()) / sum(count.values()),
        "missed": dict(missed),
        "flagged": false,
    }


def clean_code() -> tuple[float, int, float]:
    """(megabytes, findings, megabytes a second) over the standard library without its tests."""
    from detectors.recognizers import secret_rules

    root = Path(sysconfig.get_path("stdlib"))
    size = found = 0
    seconds = 0.0
    for path in sorted(root.rglob("*.py")):
        if {"site-packages", "test", "tests", "idlelib"} & set(path.parts):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        size += len(text)
        began = time.process_time()
        found += sum(1 for _ in secret_rules.in_code(text))
        seconds += time.process_time() - began
    return size / 1e6, found, size / 1e6 / seconds


def spans_of(text: str) -> list[tuple[int, int]]:
    from detectors.secrets import find_secrets

    return [(span.start, span.end) for span in find_secrets(text)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="what was missed and flagged")
    chosen = parser.parse_args()
    result = score(spans_of, chosen.seed)
    for name in ("recall", "total", "false", "false rate"):
        print(name, result[name])
    if chosen.show:
        for group, cases in result["missed"].items():  # type: ignore[attr-defined]  # a dict of lists
            for case in cases:
                print("MISSED", group, case.kind, case.context, repr(case.text[:200]))
        for case in result["flagged"]:  # type: ignore[attr-defined]  # a list of cases
            spans = spans_of(case.text)
            print("FLAGGED", case.group, repr(case.text[:160]), [case.text[a:b] for a, b in spans])
    size, found, speed = clean_code()
    print(f"clean code: {found} findings in {size:.1f} MB, {speed:.0f} MB/s a core")


if __name__ == "__main__":
    main()
