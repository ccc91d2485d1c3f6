"""What the rules for secrets must see, and what they must let pass."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations


def _sample(*parts: str) -> str:
    """Made at run time, so that no scanner takes the examples for real keys."""
    return "".join(parts)


_BODY = "q7Zt2Lr9Xk4Wm8Vb3Nc6Hd1Jf5Gs0Py7Uo2Ti"
_PASS = "hV7q" + "Lw2z"
_PEM = _sample(
    "-----BEGIN RSA PRIV", "ATE KEY-----\n", _BODY * 2, "\n-----END RSA PRIV", "ATE KEY-----"
)

POSITIVES = (
    (f"auth=('jane', '{_PASS}')", "PASSWORD", _PASS),
    (f"docker login -u jane -p {_PASS} example.com", "PASSWORD", _PASS),
    (f"pass: {_PASS}9k", "PASSWORD", _PASS + "9k"),
    (f"your password has been reset to {_PASS}", "PASSWORD", _PASS),
    (f"login with jane / {_PASS} please", "PASSWORD", _PASS),
    (f'set_password("{_PASS}")', "PASSWORD", _PASS),
    (_sample("x AK", "IA", "Q3EG2UVZ7WTRX5LN y"), "API_KEY", _sample("AK", "IA", "Q3EG2UVZ7WTRX5LN")),
    (_sample("gh", "p_", _BODY[:36]), "AUTH_TOKEN", _sample("gh", "p_", _BODY[:36])),
    (_sample("sk", "-ant-api03-", _BODY), "API_KEY", _sample("sk", "-ant-api03-", _BODY)),
    (_sample("xo", "xb-1234567890-", _BODY[:24]), "AUTH_TOKEN", _sample("xo", "xb-1234567890-", _BODY[:24])),
    (_sample("hf", "_", _BODY[:34]), "AUTH_TOKEN", _sample("hf", "_", _BODY[:34])),
    (f"db = postgres://app:{_PASS}@db.example.com/x", "CONNECTION_STRING", f"postgres://app:{_PASS}@db.example.com/x"),
    (f"Authorization: Bearer {_BODY}", "AUTH_TOKEN", _BODY),
    (f'password = "{_PASS}"', "PASSWORD", _PASS),
    (f'\\"db_password\\": \\"{_PASS}\\"', "PASSWORD", _PASS),
    (f"DB_PASSWORD={_PASS}", "PASSWORD", _PASS),
    (f"machine example.com login jane password {_PASS}", "PASSWORD", _PASS),
    (f"db.example.com:5432:app:jane:{_PASS}", "PASSWORD", _PASS),
    (f"mysql -u root -p{_PASS} app", "PASSWORD", _PASS),
    (f"curl -u jane:{_PASS} https://example.com", "PASSWORD", _PASS),
    (_PEM, "PRIVATE_KEY", _PEM),
    (_PEM.replace("\n", "\\n"), "PRIVATE_KEY", _PEM.replace("\n", "\\n")),
    (_PEM[:90], "PRIVATE_KEY", _PEM[:90]),
    (f"the wifi password is {_PASS}!", "PASSWORD", _PASS),
    ("your verification code is 493028", "PASSWORD", "493028"),
    ("$2b$12$" + (_BODY * 2)[:53], "PASSWORD_HASH", "$2b$12$" + (_BODY * 2)[:53]),
    ("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP", "OTP_SECRET", "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"),
)  # fmt: skip
NEGATIVES = (
    "the login page is at home / office",
    "auth = (user, password)",
    "get_token(name)",
    "password was set to expire",
    "pin: int",
    "pass  # nothing",
    'password = "<your-password>"',
    "password = os.environ['DB_PASSWORD']",
    "API_KEY=${API_KEY}",
    "token = get_token(request)",
    "password: string",
    "the password is wrong",
    "password is required",
    "secret_key = settings.SECRET_KEY",
    "postgres://user:password@localhost/db",
    "https://example.com/a?page=2&sort=name",
    '"integrity": "sha512-' + _BODY * 2 + '=="',
    "rev: 3f786850e387550fdab836ed7e6dc881de23001b",
    "-----BEGIN CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----",
    "Authorization: Bearer <token>",
    "tokens = tokenizer.tokenize(text)",
    "password=None",
    "the author of the secret garden",
    "zip code is 62701",
    "key: value_of_key",
    "AKIA",
    "the quick brown fox jumps over the lazy dog and runs off again",
)
