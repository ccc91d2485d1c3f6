"""Made-up credentials of many kinds, random from a seed: no value stands in this file."""

# ruff: noqa: E501, SIM905  # a table reads better with one row a line

from __future__ import annotations

import base64
import hashlib
import json
import random
import string
from collections.abc import Callable
from importlib import resources

Make = Callable[[random.Random], str]
ALNUM = string.ascii_letters + string.digits
URL = ALNUM + "-_"
HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase + string.digits
B32 = string.ascii_uppercase + "234567"
B64 = ALNUM + "+/"


def draw(rng: random.Random, letters: str, count: int) -> str:
    return "".join(rng.choice(letters) for _ in range(count))


def _pattern(parts: str) -> Make:
    """`gh|p_ A36`: text joined over "|", then letters of a set by count; `.`-parts are text."""
    sets = {"A": ALNUM, "U": URL, "H": HEX, "P": UPPER, "B": B64, "D": string.digits,
            "L": string.ascii_lowercase + string.digits, "T": B32}  # fmt: skip
    pieces = parts.split()

    def make(rng: random.Random) -> str:
        out = []
        for piece in pieces:
            if piece.startswith("'"):
                out.append(piece[1:].replace("|", ""))
            else:
                out.append(draw(rng, sets[piece[0]], int(piece[1:])))
        return "".join(out)

    return make


_SHAPED = """
aws-id: 'AK|IA T16
aws-temporary: 'AS|IA T16
github-classic: 'gh|p_ A36
github-app: 'gh|s_ A36
github-refresh: 'gh|r_ A76
github-fine: 'github|_pat_ A22 '_ A59
gitlab-personal: 'gl|pat- U20
gitlab-runner: 'gl|rt- U20
gitlab-deploy: 'gl|dt- U20
gitlab-trigger: 'gl|ptt- H40
slack-bot: 'xo|xb- D12 '- D13 '- A24
slack-user: 'xo|xp- D12 '- D12 '- D13 '- H32
slack-app: 'xa|pp-1- P11 '- D13 '- H64
stripe-live: 'sk|_live_ A24
stripe-restricted: 'rk|_live_ A99
stripe-hook: 'wh|sec_ A32
openai-project: 'sk|-proj- U48 'T3Bl|bkFJ U48
openai-old: 'sk|- A20 'T3Bl|bkFJ A20
anthropic: 'sk|-ant-api03- U93 'AA
openrouter: 'sk|-or-v1- H64
google-api: 'AI|za U35
google-oauth: 'ya|29. U120
google-secret: 'GOC|SPX- U28
google-refresh: '1/|/0 U42
huggingface: 'h|f_ A34
npm: 'np|m_ A36
pypi: 'py|pi-AgEIcHlwaS5vcmc U120
twilio: 'S|K H32
sendgrid: 'S|G. U22 '. U43
mailgun: 'ke|y- H32
mailchimp: H32 '-us12
brevo: 'xkey|sib- H64 '- A16
telegram: D9 ':A|A U33
digitalocean: 'do|p_v1_ H64
shopify: 'sh|pat_ H32
square: 'sq|0atp- U22
databricks: 'da|pi H32
linear: 'li|n_api_ A40
notion: 'nt|n_ A46
airtable: 'p|at A14 '. H64
newrelic: 'NR|AK- P27
postman: 'PM|AK- H24 '- H34
pulumi: 'pu|l- H40
doppler: 'd|p.pt. A43
supabase: 'sb|p_ H40
groq: 'gs|k_ A52
perplexity: 'pp|lx- A48
xai: 'xa|i- A80
tavily: 'tv|ly-dev- A32
langsmith: 'ls|v2_pt_ H32 '_ H10
replicate: 'r|8_ A37
nvidia: 'nv|api- U64
pinecone: 'pc|sk_ A6 '_ A63
elevenlabs: 'sk|_ H48
docker: 'dc|kr_pat_ U27
rubygems: 'ruby|gems_ H48
crates: 'ci|o A32
nuget: 'oy|2 L43
fly: 'fm|2_ B96
planetscale: 'pscale|_tkn_ U43
vault: 'hv|s. U95
terraform: A14 '.atlas|v1. U67
heroku: 'HR|KU-AA U58
figma: 'fi|gd_ U40
grafana-cloud: 'gl|c_ A60
grafana-service: 'gl|sa_ A32 '_ H8
atlassian: 'ATA|TT3 U180
bitbucket: 'AT|BB A32
asana: '2/ D16 '/ D16 ': H32
hubspot: 'pa|t-na1- H8 '- H4 '- H4 '- H4 '- H12
easypost: 'EZ|AK A54
flutterwave: 'FLW|SECK_TEST- H32 '-X
razorpay: 'rz|p_live_ A14
plaid: 'access|-sandbox- H8 '- H4 '- H4 '- H4 '- H12
onepassword: 'A3|- P6 '- P6 '- P5 '- P5 '- P5 '- P5
contentful: 'CF|PAT- U43
prefect: 'pn|u_ A36
dynatrace: 'dt|0c01. P24 '. P64
sentry-org: 'sn|trys_ A80
sentry-user: 'sn|tryu_ H64
sourcegraph: 'sg|p_ H40
sonar: 'sq|u_ H40
snyk-like-hex: 'sn|yk_uat. L8 '. U60
buildkite: 'bk|ua_ H40
circleci: 'CCI|PAT_ A22 '_ H40
tailscale: 'ts|key-auth- A12 '- A32
netlify: 'nf|p_ A36
typeform: 'tf|p_ U44
readme: 'rd|me_ L70
duffel: 'duf|fel_live_ U43
frameio: 'fi|o-u- U64
shippo: 'ship|po_live_ H40
infracost: 'ic|o- A32
clojars: 'CLO|JARS_ H60
openshift: 'sha|256~ U43
swarm: 'SWM|TKN-1- L50 '- L25
azure-client: A3 '8|Q~ A34
azure-storage: B86 '==
age: 'AGE-SEC|RET-KEY-1 P0
yandex: 'AQ|VN U36
alibaba: 'LT|AI A20
posthog: 'ph|x_ A43
honeycomb: 'hc|aik_ L58
facebook: 'EA|A A160
dropbox: 's|l.u. U130
linkedin-old: 'AQ|X U180
discord: 'M|T A24 '. U6 '. U38
cohere-like: 'co|_v1_ A0
okta: '00 U40
mapbox: 's|k.eyJ A80 '. U22
"""

_AGE = "023456789ACDEFGHJKLMNPQRSTUVWXYZ"


def _jwt(rng: random.Random) -> str:
    def part(row: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(row).encode()).decode().rstrip("=")

    head = part({"alg": "HS256", "typ": "JWT"})
    return f"{head}.{part({'sub': draw(rng, string.digits, 9), 'iat': 1700000000 + rng.randrange(10**7)})}.{draw(rng, URL, 43)}"


def shaped() -> dict[str, Make]:
    """Kinds that their own form gives away."""
    rows: dict[str, Make] = {}
    for line in _SHAPED.strip().splitlines():
        name, _, parts = line.partition(": ")
        if name not in ("cohere-like", "age"):
            rows[name] = _pattern(parts)
    rows["age"] = lambda rng: "AGE-SEC" + "RET-KEY-1" + draw(rng, _AGE, 58)
    rows["jwt"] = _jwt
    return rows


def body(rng: random.Random, lines: int, width: int = 64) -> str:
    return "\n".join(draw(rng, B64, width) for _ in range(lines))


def pem(rng: random.Random, kind: str = "RSA ") -> str:
    mark = kind + "PRIV" + "ATE KEY-----"
    return f"-----BEGIN {mark}\n{body(rng, rng.randrange(4, 24))}\n-----END {mark}"


def seed_phrase(rng: random.Random) -> str:
    """Twelve words with a right checksum (BIP-39)."""
    place = resources.files("detectors") / "data" / "secrets" / "bip39_english.txt"
    words = place.read_text("ascii").split()
    entropy = rng.randbytes(16)
    bits = (
        "".join(f"{byte:08b}" for byte in entropy)
        + f"{hashlib.sha256(entropy).digest()[0]:08b}"[:4]
    )
    return " ".join(words[int(bits[at : at + 11], 2)] for at in range(0, 132, 11))


_WORDS = "sunset harbor copper falcon maple thunder pickle velvet anchor bridge cactus dragon ember forest glacier hazel ivory jasmine kettle lantern".split()


def password(rng: random.Random) -> str:
    """As people and generators make them."""
    word, other = rng.sample(_WORDS, 2)
    return rng.choice(
        (
            lambda: word.capitalize() + str(rng.randrange(10, 9999)) + rng.choice("!#$?*"),
            lambda: word + rng.choice("!@#$%^&*") + other + str(rng.randrange(10, 99)),
            lambda: draw(rng, ALNUM + "!@#%^*_+", rng.randrange(10, 22)),
            lambda: draw(rng, string.ascii_letters, 3) + draw(rng, ALNUM, rng.randrange(8, 18)) + "7",
            lambda: word.replace("e", "3").replace("a", "4").replace("o", "0") + str(rng.randrange(100, 9999)),
            lambda: f"{word}-{other}-{rng.randrange(10, 99)}",
            lambda: draw(rng, HEX, 8) + "Zq9" + draw(rng, HEX, 4),
        )
    )()  # fmt: skip


def opaque(rng: random.Random) -> str:
    """A generated key without any mark of its own."""
    letters, low, high = rng.choice(
        ((HEX, 32, 64), (ALNUM, 20, 48), (URL, 24, 64), (B64, 28, 44), (UPPER, 20, 32))
    )
    return draw(rng, letters, rng.randrange(low, high)) + rng.choice(("", "a7", "9"))
