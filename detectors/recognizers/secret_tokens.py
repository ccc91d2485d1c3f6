"""Keys that their own first letters give away: one row a provider, facts of the public docs."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import zlib
from collections.abc import Callable

from detectors.recognizers import secret_checks as checks
from detectors.rules import Rule

STRONG, WEAK = 0.95, 0.6
_BEGIN = r"(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2})|(?<=\\u00[0-9A-Fa-f]{2}))"
_END = r"(?![A-Za-z0-9_-])"
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def base62_crc(body: str) -> str:
    """Six base-62 digits of CRC-32, as the tokens of GitHub and npm end."""
    number, digits = zlib.crc32(body.encode("ascii", "replace")), ""
    while number:
        number, rest = divmod(number, 62)
        digits = _BASE62[rest] + digits
    return digits.rjust(6, "0")


def _sum_holds(value: str) -> bool:
    body = value.partition("_")[2]
    return base62_crc(body[:-6]) == body[-6:]


def _sum_fails(value: str) -> bool:
    return not _sum_holds(value) and checks.random_enough(value)


_WORDS_TOO = frozenset(["mollie", "gocardless", "lob", "ngrok", "modal", "ionic", "openai"])


def _check_of(name: str) -> Callable[[str], bool]:
    """Names of tests and functions begin like some keys: those must hold a digit."""
    return _with_digit if name in _WORDS_TOO else checks.random_enough


def _with_digit(value: str) -> bool:
    return checks.random_enough(value) and any(c.isdigit() for c in value)


def _rows(entity: str, table: str) -> tuple[Rule, ...]:
    """`name | literals that begin it | pattern`, one a line."""
    rules = []
    for line in table.strip().splitlines():
        name, needs, body = (part.strip() for part in line.split(" | ", 2))
        rules.append(
            Rule(name, entity, f"{_BEGIN}(?:{body}){_END}", STRONG, check=_check_of(name),
                 needs=tuple(needs.lower().split()), code=True)
        )  # fmt: skip
    return tuple(rules)


_KEYS = r"""
aws-access-key | AKIA ASIA ABIA ACCA AGPA AIDA AROA ANPA ANVA | A(?:KIA|SIA|BIA|CCA|GPA|IDA|ROA|NPA|NVA)[A-Z0-9]{16}
aws-bedrock | ABSK bedrock-api-key- | ABSK[A-Za-z0-9+/]{60,}={0,2}|bedrock-api-key-[A-Za-z0-9+/=_-]{20,}
stripe | sk_ rk_ whsec_ | (?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{10,247}|whsec_[A-Za-z0-9+/=]{24,}
openai | sk- | sk-(?:proj|svcacct|admin|None|service)-[A-Za-z0-9_-]{20,}|sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}|sk-[A-Za-z0-9]{30,64}
anthropic | sk- | sk-(?:or-v1|ant-[a-z0-9]{2,10}|lf|kimi|cp|sp)-[A-Za-z0-9_-]{16,}
google-api | AIza | AIza[A-Za-z0-9_-]{33,39}
sendgrid | SG. | SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}
mailgun | key- | key-[0-9a-f]{32}
mailersend | mlsn. | mlsn\.[a-f0-9]{64}
brevo | xkeysib- xsmtpsib- | x(?:key|smtp)sib-[a-f0-9]{64}-[A-Za-z0-9]{16}
resend | re_ | re_[A-Za-z0-9]{6,12}_[A-Za-z0-9]{18,30}
shopify | shpat_ shpca_ shppa_ shpss_ shpua_ | shp(?:at|ca|pa|ss|ua)_[a-fA-F0-9]{32,40}
square | sq0 EAAA | sq0[a-z]{3}-[A-Za-z0-9_-]{22,43}|EAAA[A-Za-z0-9_-]{60}
braintree | access_token$ | access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}
adyen | AQE | AQE[A-Za-z0-9+/=]{4,10}hm[A-Za-z0-9+/=-]{60,}
databricks | dapi | dapi[a-f0-9]{32}(?:-\d)?
linear | lin_api_ lin_oauth_ lin_wh_ | lin_(?:api|oauth|wh)_[A-Za-z0-9]{32,64}
notion | secret_ ntn_ | secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{40,50}
newrelic | NRAK- NRAL- NRII- NRIQ- NRRA- NRBR- NRJS- NRSP- | NR(?:AK|AL|II|IQ|RA|BR|JS|SP)-[A-Za-z0-9]{19,40}
postman | PMAK- PMAT- | PMAK-[a-f0-9]{24}-[a-f0-9]{34}|PMAT-[A-Z0-9]{20,40}
pulumi | pul- | pul-[a-f0-9]{40}
doppler | dp. | dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[\w-]+\.)?[A-Za-z0-9]{40,44}
supabase | sbp_ sb_secret_ | sbp_(?:v\d_)?[a-f0-9]{40}|sb_secret_[A-Za-z0-9_-]{20,}
groq | gsk_ | gsk_[A-Za-z0-9]{40,56}
perplexity | pplx- | pplx-[A-Za-z0-9]{40,60}
xai | xai- | xai-[A-Za-z0-9]{60,90}
tavily | tvly- | tvly-(?:dev-|prod-)?[A-Za-z0-9-]{30,}
langsmith | lsv2_ ls__ | ls(?:v2_(?:pt|sk)_|__)[a-f0-9]{32}(?:_[a-f0-9]{10})?
langfuse | sk-lf- | sk-lf-[0-9a-f-]{36}
wandb | local- wandb_v1_ | local-[a-f0-9]{40}|wandb_v1_[A-Za-z0-9_]{20,}
fireworks | fw_ | fw_[A-Za-z0-9]{20,40}
nvidia | nvapi- | nvapi-[A-Za-z0-9_-]{50,80}
cerebras | csk- | csk-[a-z0-9]{40,60}
elevenlabs | sk_ | sk_[a-f0-9]{48}
pinecone | pcsk_ | pcsk_[A-Za-z0-9_]{40,90}
voyage | pa- | pa-[A-Za-z0-9_-]{40,50}
jina | jina_ | jina_[A-Za-z0-9_-]{50,70}
runpod | rpa_ | rpa_[A-Z0-9]{40,60}
e2b | e2b_ | e2b_[a-f0-9]{40}
firecrawl | fc- | fc-[a-f0-9]{32}
helicone | sk-helicone- pk-helicone- | [sp]k-helicone-[A-Za-z0-9-]{20,}
llamaindex | llx- | llx-[A-Za-z0-9]{40,60}
rubygems | rubygems_ | rubygems_[a-f0-9]{48}
crates | cio | cio[A-Za-z0-9]{32}
nuget | oy2 | oy2[a-z0-9]{43}
clojars | CLOJARS_ | CLOJARS_[a-f0-9]{60}
jfrog | AKCp | AKCp[A-Za-z0-9]{60,80}
cloudflare | v1.0- cfut_ cfat_ cfk_ | v1\.0-[a-f0-9]{24}-[a-f0-9]{146}|cf(?:ut|at|k)_[A-Za-z0-9]{40,}
easypost | EZAK EZTK | EZ[AT]K[A-Za-z0-9]{54}
flutterwave | FLWSECK | FLWSECK(?:_TEST|_LIVE)?-[a-h0-9A-H]{12,34}-X
razorpay | rzp_ | rzp_(?:live|test)_[A-Za-z0-9]{14,24}
paystack | sk_live_ sk_test_ | sk_(?:live|test)_[a-f0-9]{40}
mollie | live_ test_ | (?:live|test)_[A-Za-z0-9]{30,32}
gocardless | live_ sandbox_ | (?:live|sandbox)_[A-Za-z0-9_-]{40}
lob | live_ test_ shippo_ | (?:live|test)_[a-f0-9]{35}|shippo_(?:live|test)_[a-f0-9]{40}
onepassword | ops_eyJ A3- | ops_eyJ[A-Za-z0-9+/=_-]{60,}|A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}
contentful | CFPAT- pnu_ pnb_ | CFPAT-[A-Za-z0-9_-]{43}|pn[ub]_[A-Za-z0-9]{36}
dynatrace | dt0 | dt0[a-z]\d{2}\.[A-Z0-9]{8,24}\.[A-Z0-9]{32,64}
datadog-app | ddapp_ ddp_ | dd(?:app|p)_[A-Za-z0-9]{30,40}
honeycomb | hcaik_ hcaic_ hcxik_ | hc[abx]i[kc]_[a-z0-9]{20,60}
posthog | phx_ phs_ | ph[xs]_[A-Za-z0-9]{30,60}
launchdarkly | api- sdk- mob- | (?:api|sdk|mob)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}
statsig | secret- | secret-[A-Za-z0-9]{40,50}
mapbox | sk. tk. | [st]k\.eyJ[A-Za-z0-9_-]{20,200}\.[A-Za-z0-9_-]{20,30}
typeform | tfp_ | tfp_[A-Za-z0-9_.-]{40,64}
klaviyo | pk_ | pk_[a-f0-9]{34}
clerk | sk_live_ sk_test_ | sk_(?:live|test)_[A-Za-z0-9]{40,60}
readme | rdme_ | rdme_[a-z0-9]{60,80}
cockroach | CCDB1_ | CCDB1_[A-Za-z0-9]{22}_[A-Za-z0-9]{40}
artifactory | cmVmd eyJ2ZXIiOi | cmVmd[A-Za-z0-9]{59}
apify | apify_api_ samsara_api_ | (?:apify|samsara)_api_[A-Za-z0-9]{30,40}
infracost | ico- | ico-[A-Za-z0-9]{32}
duffel | duffel_ | duffel_(?:live|test)_[A-Za-z0-9_=-]{43}
frameio | fio-u- | fio-u-[A-Za-z0-9_=-]{64}
rootly | rootly_ | rootly_[a-f0-9]{64}
unkey | unkey_ opk_ | unkey_[A-Za-z0-9]{20,40}|opk_[A-Za-z0-9]{30,60}
polar | polar_ | polar_(?:oat|pat|at|rt|cs)_[A-Za-z0-9_]{30,60}
plaid | access-sandbox- access-production- access-development- | access-(?:sandbox|production|development)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}
woocommerce | ck_ cs_ | c[ks]_[a-f0-9]{40}
ionic | ion_ mka_ | ion_[A-Za-z0-9]{42}|mka_[A-Za-z0-9_-]{30,60}
onfido | api_live. api_live_ | api_live(?:_us|_ca|_eu)?\.[A-Za-z0-9_-]{11}\.[A-Za-z0-9_-]{32}
checkout | sk_ | sk_(?:sbox_)?[a-z0-9]{26}[a-z0-9*#$=]
alibaba | LTAI | LTAI[A-Za-z0-9]{12,26}
tencent | AKID | AKID[A-Za-z0-9]{32}
yandex | AQVN AQV | AQVN[A-Za-z0-9_-]{35,38}
scaleway | SCW | SCW[A-Z0-9]{17}
"""

_TOKENS = r"""
github-fine | github_pat_ | github_pat_[A-Za-z0-9_]{50,255}
gitlab | glpat- gldt- glptt- glrt- glagent- glsoat- glft- glcbt- glimt- gloas- glffct- glrtr- | gl(?:pat|dt|ptt|rtr?|agent|soat|ft|cbt|imt|oas|ffct)-[A-Za-z0-9_.=-]{16,300}
gitlab-runner | GR1348941 | GR1348941[A-Za-z0-9_-]{20}
slack | xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs- xoxc- xoxd- xoxe.xox xapp- | xox[abceoprsd]-[A-Za-z0-9%-]{10,400}|xoxe\.xox[bp]-\d-[A-Za-z0-9]{60,}|xapp-\d-[A-Z0-9]+-\d+-[a-z0-9]+
google-oauth | ya29. 1//0 GOCSPX- 4/0A | ya29\.[A-Za-z0-9_-]{20,}(?:\.[A-Za-z0-9_-]+)*|1//0[A-Za-z0-9_-]{35,}|GOCSPX-[A-Za-z0-9_-]{24,32}|4/0A[A-Za-z0-9_-]{30,}
huggingface | hf_ api_org_ | hf_[A-Za-z0-9]{30,40}|api_org_[A-Za-z0-9]{34}
pypi | pypi- | pypi-[A-Za-z0-9_-]{50,}
digitalocean | dop_v1_ doo_v1_ dor_v1_ | do[opr]_v1_[a-f0-9]{64}
facebook | EAA | EAA[A-Za-z0-9]{60,}
instagram | IGQ IGAA | IG(?:Q|AA)[A-Za-z0-9_-]{60,}
dropbox | sl. | sl\.(?:u\.)?[A-Za-z0-9_-]{60,}
atlassian | ATATT3 ATCTT3 ATBB ATSTT3 ATOA ATCT | AT(?:ATT3|CTT3|STT3)[A-Za-z0-9_=-]{50,}|ATBB[A-Za-z0-9]{28,32}
bitbucket | BBDC- | BBDC-[A-Za-z0-9+/@_-]{40,50}
figma | figd_ figo_ figu_ figr_ | fig[dour]_[A-Za-z0-9_-]{36,}
grafana | glc_ glsa_ eyJrIjoi | glc_[A-Za-z0-9+/]{32,}={0,2}|glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|eyJrIjoi[A-Za-z0-9+/]{40,}={0,2}
hashicorp | hvs. hvb. hvr. | hv[sbr]\.[A-Za-z0-9_-]{20,}
heroku | HRKU- | HRKU-[A-Za-z0-9_-]{30,}
planetscale | pscale_ | pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,64}
sentry | sntrys_ sntryu_ sntrya_ | sntry[sua]_[A-Za-z0-9+/=_-]{40,}
vercel | vcp_ vck_ vci_ vca_ vcr_ | vc[pkiar]_[A-Za-z0-9]{24,}
netlify | nfp_ nfc_ nfo_ nfu_ | nf[pcou]_[A-Za-z0-9]{36,}
replicate | r8_ | r8_[A-Za-z0-9]{37,40}
docker | dckr_ | dckr_(?:pat|oat)_[A-Za-z0-9_-]{24,}
docker-swarm | SWMTKN- SWMKEY- | SWMTKN-1-[a-z0-9]{50}-[a-z0-9]{25}|SWMKEY-1-[A-Za-z0-9+/]{43}
fly | fm1_ fm2_ fm1a_ fm1r_ fm2a_ FlyV1 fo1_ | fm[12][ar]?_[A-Za-z0-9+/=_-]{60,}|fo1_[A-Za-z0-9_-]{43}
circleci | CCIPAT_ CCIPRJ_ CCI | CCIP(?:AT|RJ)_[A-Za-z0-9]{22}_[a-f0-9]{40}
buildkite | bkua_ bkaj_ bkct_ | bk(?:ua|aj|ct)_[a-z0-9]{40}
bitrise | bitpat- | bitpat-[A-Za-z0-9_-]{60,90}
tailscale | tskey- | tskey-(?:api|auth|client|scim|webhook)-[A-Za-z0-9]{8,}-[A-Za-z0-9]{20,}
ngrok | ak_ cr_ | (?:ak|cr)_[A-Za-z0-9]{27}
hubspot | pat-na pat-eu | pat-(?:na|eu)\d-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}
clickup | pk_ | pk_\d{6,9}_[A-Z0-9]{32}
sonar | squ_ sqp_ sqa_ | sq[upa]_[a-f0-9]{40}
snyk | snyk_ | snyk_(?:uat|sat)\.[a-z0-9]{8}\.[A-Za-z0-9_.-]{40,}
sourcegraph | sgp_ slk_ sgd_ sgs_ | sgp_(?:[a-fA-F0-9]{16}_|local_)?[a-fA-F0-9]{40}|s(?:lk|gd|gs)_[a-f0-9]{64}
openshift | sha256~ | sha256~[A-Za-z0-9_-]{43}
twitter-bearer | AAAAAAAAAAAAAAAAAAAA | A{20,24}[A-Za-z0-9%]{60,120}
linkedin-wpp | WPL_AP1. AQV AQX | WPL_AP1\.[A-Za-z0-9]{16}\.[A-Za-z0-9+/=]{8,}|AQ[VX][A-Za-z0-9_-]{100,500}
microsoft-refresh | 0.AAA 0.AVA 0.AQA 0.ARA 0.ASA 0.ATA 0.AUA 1.A M.R3_ | [01]\.A[A-Za-z0-9_-]{60,1500}(?:\.[A-Za-z0-9_-]+)*|M\.R3_[A-Za-z0-9*!._$-]{60,}
lichess | lip_ | lip_[A-Za-z0-9]{16,30}
yandex-oauth | y0_ | y[0-3]_[A-Za-z0-9_-]{50,70}
vk | vk1.a. | vk1\.a\.[A-Za-z0-9_-]{80,250}
pat | pat_ | pat_[A-Za-z0-9]{40,70}
retool | retool_ | retool_[a-z0-9]{26,40}
deno | ddo_ ddp_ | dd[po]_[A-Za-z0-9]{36}
modal | ak- as- | a[ks]-[A-Za-z0-9]{22}
"""

_GITHUB = rf"{_BEGIN}gh[pousr]_[A-Za-z0-9]{{30,255}}{_END}"
_NPM = rf"{_BEGIN}npm_[A-Za-z0-9]{{36}}{_END}"
_GH = ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")
_SUMMED = tuple(
    Rule(f"{name}{'' if holds else '-unchecked'}", "AUTH_TOKEN", pattern, STRONG if holds else WEAK,
         check=_sum_holds if holds else _sum_fails, needs=needs, code=True, weak=not holds)
    for name, pattern, needs in (("github", _GITHUB, _GH), ("npm", _NPM, ("npm_",)))
    for holds in (True, False)
)  # fmt: skip

RULES = (
    *_rows("API_KEY", _KEYS),
    *_rows("AUTH_TOKEN", _TOKENS),
    *_SUMMED,
    Rule("hashicorp-atlas", "AUTH_TOKEN", rf"{_BEGIN}[A-Za-z0-9]{{14}}\.atlasv1\.[A-Za-z0-9_-]{{60,}}{_END}", STRONG, check=checks.random_enough, needs=("atlasv1",), reach=(16, 120), code=True),
    Rule("age-key", "PRIVATE_KEY", r"AGE-(?:SECRET-KEY|PLUGIN-[A-Z0-9-]{1,20})-1[02-9AC-HJ-NP-Z]{40,120}", STRONG, needs=("age-secret-key-1", "age-plugin-"), code=True),
    Rule("nostr-key", "PRIVATE_KEY", rf"{_BEGIN}nsec1[02-9ac-hj-np-z]{{58}}{_END}", STRONG, needs=("nsec1",), code=True),
    Rule("minisign-key", "PRIVATE_KEY", r"RWRT[A-Za-z0-9+/=]{60,250}|RW(?:Q|R)A{8,}[A-Za-z0-9+/=]{90,}", STRONG, needs=("rwrt",), code=True),
)  # fmt: skip
