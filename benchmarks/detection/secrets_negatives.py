"""What only looks like a secret, by category: random from a seed."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import random
import string
from collections.abc import Callable

from benchmarks.detection.secrets_kinds import ALNUM, B64, HEX, draw


def _uuid(r: random.Random) -> str:
    return "-".join(draw(r, HEX, n) for n in (8, 4, 4, 4, 12))


def _lock(r: random.Random) -> str:
    return r.choice(
        (
            f'      "resolved": "https://registry.example/a/-/a-1.2.{r.randrange(9)}.tgz",\n      "integrity": "sha512-{draw(r, B64, 86)}=="\n',
            f'  resolved "https://registry.yarnpkg.com/b/-/b-2.0.0.tgz#{draw(r, HEX, 40)}"\n  integrity sha512-{draw(r, B64, 86)}==\n',
            f'    {{file = "c-1.0-py3-none-any.whl", hash = "sha256:{draw(r, HEX, 64)}"}},\n',
            f"golang.org/x/net v0.1.{r.randrange(9)} h1:{draw(r, B64, 43)}=\n",
            f"requests==2.31.0 \\\n    --hash=sha256:{draw(r, HEX, 64)}\n",
            f'name = "serde"\nversion = "1.0.{r.randrange(99)}"\nchecksum = "{draw(r, HEX, 64)}"\n',
            f'  revision = "{draw(r, HEX, 40)}"\n  narHash = "sha256-{draw(r, B64, 43)}=";\n',
            f"  /lodash@4.17.21:\n    resolution: {{integrity: sha512-{draw(r, B64, 86)}==}}\n",
            f"COCOAPODS: 1.12\nSPEC CHECKSUMS:\n  AFNetworking: {draw(r, HEX, 40)}\n",
        )
    )


def _digest(r: random.Random) -> str:
    return r.choice(
        (
            f"{draw(r, HEX, 64)}  archive-{r.randrange(9)}.tar.gz\n",
            f"MD5 (disk.img) = {draw(r, HEX, 32)}\n",
            f"image: app@sha256:{draw(r, HEX, 64)}\n",
            f'etag: "{draw(r, HEX, 32)}"\n',
            f"checksum: {draw(r, HEX, 40)}\n",
            f'<script src="a.js" integrity="sha384-{draw(r, B64, 64)}" crossorigin>\n',
            f"fingerprint SHA256:{draw(r, B64, 43)}\n",
        )
    )


def _sha(r: random.Random) -> str:
    full = draw(r, HEX, 40)
    return r.choice(
        (f"commit {full}\n", f"rev: {full}\n", f"Merge {full[:7]} into main\n", f"uses: actions/checkout@{full}\n",
         f"git checkout {full}\n", f"index {full[:10]}..{full[10:20]} 100644\n", f"    ref = \"{full}\"\n",
         f"Fixes a crash introduced in {full[:12]} (\"mm: tidy\")\n")
    )  # fmt: skip


def _uuids(r: random.Random) -> str:
    return r.choice(
        (
            f"id: {_uuid(r)}\n",
            f'"request_id": "{_uuid(r)}"',
            f"session {_uuid(r)} closed\n",
            f"GET /orders/{_uuid(r)}\n",
            f'<item guid="{_uuid(r)}"/>\n',
        )
    )


_HOLDERS = (
    "<your-key>",
    "YOUR_API_KEY",
    "xxxxxxxxxxxx",
    "${SECRET}",
    "{{ vault_secret }}",
    "changeme",
    "********",
    "example-token",
    "$(cat /run/secrets/x)",
    "%ENV_TOKEN%",
    "TODO",
    "<redacted>",
    "...",
    "None",
    "null",
    "INSERT_TOKEN_HERE",
    "replace-me",
    "op://vault/item/field",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x",
)


def _placeholder(r: random.Random) -> str:
    key = r.choice(
        ("API_KEY", "db_password", "auth_token", "client_secret", "SMTP_PASS", "private_key")
    )
    sign = r.choice(("=", ": ", " = "))
    value = r.choice(_HOLDERS)
    return f"{key}{sign}{value}\n" if r.random() < 0.5 else f'{key}{sign}"{value}"\n'


def _lookup(r: random.Random) -> str:
    return r.choice(
        ("password = os.environ['DB_PASSWORD']\n", "const token = process.env.API_TOKEN;\n", "api_key = config.get('api_key')\n",
         "secret := viper.GetString(\"jwt.secret\")\n", "$password = getenv('DB_PASS');\n", "String token = props.getProperty(\"auth.token\");\n",
         "password: ${{ secrets.DEPLOY_PASSWORD }}\n", "token = request.headers.get('Authorization')\n", "key = ENV.fetch('SECRET_KEY_BASE')\n",
         "password = getpass.getpass('Password: ')\n", "let token = std::env::var(\"TOKEN\")?;\n", "apiKey: this.settings.apiKey,\n",
         "secret_key_base: <%= ENV[\"SECRET_KEY_BASE\"] %>\n", "passwd=$(pass show mail)\n", "auth_token = generate_token(user, 32)\n",
         "password = var.db_password\n", "valueFrom:\n  secretKeyRef:\n    name: app-secrets\n    key: db-password\n")
    )  # fmt: skip


def _interface(r: random.Random) -> str:
    return r.choice(
        ("\"passwordLabel\": \"Password\"\n", "password: \"Enter your password\"\n", "\"forgot_password\": \"Forgot your password?\"\n",
         "token_error = \"Invalid token, please sign in again\"\n", "<label for=\"pwd\">New password</label>\n", "msgid \"Password\"\nmsgstr \"Hasło\"\n",
         "\"api_key_hint\": \"Paste the key from your account page\"\n", "placeholder=\"Password\"\n", "errors.password = 'must be at least 8 characters';\n",
         "title: 'Reset password'\n", "\"secret\": \"Secret\"\n", "passwordStrength: 'weak'\n", "help_text=\"The token to use\"\n")
    )  # fmt: skip


def _types(r: random.Random) -> str:
    return r.choice(
        ("password: str\n", "token: Optional[str] = None\n", "  password: string;\n", "api_key: SecretStr\n", "password VARCHAR(255) NOT NULL,\n",
         "def login(user: str, password: str) -> Token:\n", "private String accessToken;\n", "secret: { type: 'string', required: true },\n",
         "func (c *Client) SetToken(token string) {\n", "password = models.CharField(max_length=128)\n", "pub token: Option<String>,\n", "type: password\n", "token_type: bearer\n")
    )  # fmt: skip


def _counts(r: random.Random) -> str:
    n = r.randrange(2, 9000)
    return r.choice(
        (f"max_tokens: {n}\n", f"tokens_used={n} prompt_tokens={n * 3}\n", f"token_limit = {n}\n", f"password_min_length = {n % 20}\n",
         f"cache_key = 'user:{n}'\n", f"primary_key={n}\n", f"passed: {n}, failed: 0\n", f"pin: {n % 40}\n", f"keyCode: {n % 200},\n", f"session_timeout: {n}\n", f"num_keys={n}\n")
    )  # fmt: skip


def _image(r: random.Random) -> str:
    data = draw(r, B64, r.randrange(200, 900))
    return r.choice(
        (
            f'<img src="data:image/png;base64,iVBORw0KGgo{data}">\n',
            f"background: url(data:image/gif;base64,R0lGOD{data}==);\n",
            f'"image/png": "iVBORw0KGgo{data}"\n',
            f"src: url(data:font/woff2;base64,d09GMg{data})\n",
        )
    )


def _cert(r: random.Random) -> str:
    lines = "\n".join(draw(r, B64, 64) for _ in range(6))
    return r.choice(
        (f"-----BEGIN CERTIFICATE-----\nMIID{lines}\n-----END CERTIFICATE-----\n", f"-----BEGIN PUBLIC KEY-----\nMIIB{lines}\n-----END PUBLIC KEY-----\n",
         f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA{draw(r, B64, 43)}\n", f"ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB{draw(r, B64, 340)}\n",
         f"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{lines}\n-----END PGP PUBLIC KEY BLOCK-----\n", f"certificate-authority-data: LS0tLS1CRUdJTi{draw(r, B64, 300)}\n", f"PublicKey = {draw(r, B64, 43)}=\n")
    )  # fmt: skip


def _prose(r: random.Random) -> str:
    return r.choice(
        ("I forgot my password again, can you reset it?", "The password is wrong, try once more.", "Her secret garden was full of roses.", "He passed the token to the next player.",
         "My zip code is 62701 and I like it.", "The key to success is patience.", "Please change your password regularly.", "the code is in review", "the password is required for login",
         "We use tokens to count words.", "pin the note to the board", "They pass the salt around the table.", "access code quality matters", "the wifi is down again",
         "Error code: 404 on every page", "login is broken since Monday", "what's the password?", "your order 48213 has shipped", "is the pass valid until 2026?")
    )  # fmt: skip


def _version(r: random.Random) -> str:
    a, b, c = (r.randrange(30) for _ in range(3))
    return r.choice(
        (
            f"key-manager=={a}.{b}.{c}\n",
            f"secrets-lib: ^{a}.{b}.{c}\n",
            f"token-parser@{a}.{b}.{c}-beta.2\n",
            f"auth>={a}.{b}\n",
            f"passlib[bcrypt]~={a}.{b}.{c}\n",
        )
    )


def _names(r: random.Random) -> str:
    return r.choice(
        ("tokens = tokenizer.tokenize(text)\n", "self.password_hasher = PasswordHasher()\n", "class TokenBucket(RateLimiter):\n", "from app.auth import login_required\n", "key = lambda item: item.score\n",
         "for key, value in mapping.items():\n", "keyboard.press('enter')\n", "secret_santa = pair_up(people)\n", "assert pass_count == expected\n", "AUTH_BACKENDS = ['django.contrib.auth.backends.ModelBackend']\n",
         "sort_key=attrgetter('created_at')\n", "def test_password_reset_sends_mail(client):\n", "private_key_path = '/etc/ssl/app/server.key'\n", "password_file: /run/secrets/db_password\n", "tokenUrl: https://auth.example.com/token\n", "author = \"Jo Example\"\n")
    )  # fmt: skip


def _urls(r: random.Random) -> str:
    return r.choice(
        (f"https://example.com/watch?v={draw(r, ALNUM, 11)}&t=42\n", "https://example.com/search?q=token+ring&page=3\n", f"https://cdn.example.com/app.{draw(r, HEX, 8)}.js\n", "http://localhost:8080/health\n",
         "git@github.com:acme/widget.git\n", "ssh://git@example.com:2222/x.git\n", "https://user@example.com/path\n", "postgres://localhost:5432/app\n", "mailto:jo@example.com?subject=hi\n", f"https://example.com/p/{r.randrange(10**6)}#section-2\n", "redis://cache:6379/0\n", "https://example.com/a?code=en-GB&key=name\n")
    )  # fmt: skip


def _numbers(r: random.Random) -> str:
    n = draw(r, string.digits, 10)
    return r.choice(
        (
            f"timestamp: 1{n[:9]}\n",
            f"0x{draw(r, HEX, 8)}\n",
            f"lat=52.{n[:6]}, lon=21.{n[4:]}\n",
            f"order #{n[:6]} total 39.90\n",
            f"color: #{draw(r, HEX, 6)};\n",
            f"isbn 978{n}\n",
            f"pid={n[:5]} rss={n[5:]}\n",
            f"#define MAGIC 0x{draw(r, HEX, 16)}ULL\n",
        )
    )


def _publishable(r: random.Random) -> str:
    return r.choice(
        (
            "pk_" + f"test_{draw(r, ALNUM, 24)}\n",
            f"ga('create', 'UA-{draw(r, string.digits, 8)}-1');\n",
            f"G-{draw(r, string.ascii_uppercase + string.digits, 10)}\n",
            f"GTM-{draw(r, string.ascii_uppercase + string.digits, 7)}\n",
            f"bucket: assets-{draw(r, HEX, 8)}\n",
        )
    )


def _minified(r: random.Random) -> str:
    a = draw(r, string.ascii_lowercase, 1)
    return f"!function({a}){{var t={a}.token||{a}.key;for(var n in t)t.hasOwnProperty(n)&&(e[n]=t[n]);return {a}.auth=function(){{return this.pwd}},{a}}}(window);\n"


def _traceback(r: random.Random) -> str:
    return f'  File "/srv/app/auth/token.py", line {r.randrange(400)}, in get_token\n    raise AuthError("token expired")\nKeyError: \'password\'\n'


def _config(r: random.Random) -> str:
    return r.choice(
        ("auth: basic\n", "auth_method = \"oauth2\"\n", "secret_name: db-credentials\n", "keyspace = \"metrics\"\n", "[auth]\nenabled = true\n", "PASSWORD_HASHERS = [\n  'django.contrib.auth.hashers.Argon2PasswordHasher',\n]\n", "key_size: 4096\n",
         "cookie_secure = True\n", "session_cookie_name: sid\n", "jwt:\n  algorithm: RS256\n  expires: 3600\n", "pam_password md5\n", "ssl_key: /etc/ssl/private/site.key\n", "credential.helper = store\n", "token-endpoint-auth-method: client_secret_post\n", "PermitRootLogin no\nPasswordAuthentication no\n")
    )  # fmt: skip


def _dna(r: random.Random) -> str:
    return r.choice(
        (
            f">seq1\n{draw(r, 'ACGT', 120)}\n",
            f"{draw(r, '01', 64)}\n",
            " ".join(draw(r, string.ascii_lowercase, r.randrange(3, 9)) for _ in range(14)) + "\n",
            "the quick brown fox jumps over lazy dogs while small birds sing loud songs\n",
        )
    )


NEGATIVES: dict[str, Callable[[random.Random], str]] = {
    "lock": _lock, "digest": _digest, "git-sha": _sha, "uuid": _uuids, "placeholder": _placeholder, "lookup": _lookup,
    "interface": _interface, "types": _types, "counts": _counts, "base64-image": _image, "public-key": _cert, "prose": _prose,
    "version": _version, "names": _names, "url": _urls, "number": _numbers, "publishable": _publishable, "minified": _minified,
    "traceback": _traceback, "config": _config, "letters": _dna,
}  # fmt: skip
