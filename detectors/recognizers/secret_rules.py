"""Shapes of credentials: providers' prefixes, files, headers, links, assignments and prose."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

from typing import Any

from detectors.recognizers import secret_checks as checks
from detectors.rules import Family, Rule

STRONG, WEAK = 0.95, 0.6
_B = r"(?<![A-Za-z0-9_-])"
_E = r"(?![A-Za-z0-9_-])"


def _token(name: str, body: str, *needs: str, entity: str = "API_KEY") -> Rule:
    pattern = rf"{_B}(?:{body}){_E}"
    return Rule(name, entity, pattern, STRONG, check=checks.random_enough, needs=needs, code=True)


_PREFIXES = (
    _token("aws-access-key", r"(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA|ANPA|ANVA)[A-Z0-9]{16}", "akia", "asia", "abia", "acca", "agpa", "aida", "aroa", "anpa", "anva"),
    _token("github", r"gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,255}", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", entity="AUTH_TOKEN"),
    _token("gitlab", r"gl(?:pat|dt|ptt|rt|agent|soat|ft|cbt|imt|oas|ffct)-[A-Za-z0-9_.-]{20,300}|GR1348941[A-Za-z0-9_-]{20}", "gl", "gr1348941", entity="AUTH_TOKEN"),
    _token("slack", r"xox[abeoprs]-[A-Za-z0-9-]{10,250}|xoxe\.xox[bp]-\d-[A-Za-z0-9]{100,}|xapp-\d-[A-Z0-9]+-\d+-[a-z0-9]+", "xox", "xapp-", entity="AUTH_TOKEN"),
    _token("stripe", r"(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{10,247}|whsec_[A-Za-z0-9+/=]{24,}", "sk_", "rk_", "whsec_"),
    _token("openai", r"sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,}|sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}|sk-[A-Za-z0-9]{40,64}|sk-or-v1-[a-f0-9]{64}", "sk-"),
    _token("anthropic", r"sk-ant-[a-z0-9]{2,8}-[A-Za-z0-9_-]{20,}", "sk-ant-"),
    _token("google-api", r"AIza[A-Za-z0-9_-]{35}", "aiza"),
    _token("google-oauth", r"ya29\.[A-Za-z0-9_-]{20,}|1//0[A-Za-z0-9_-]{35,}|GOCSPX-[A-Za-z0-9_-]{28}|4/0A[A-Za-z0-9_-]{30,}", "ya29.", "1//0", "gocspx-", "4/0a", entity="AUTH_TOKEN"),
    _token("huggingface", r"hf_[A-Za-z0-9]{30,40}|api_org_[A-Za-z0-9]{34}", "hf_", "api_org_", entity="AUTH_TOKEN"),
    _token("npm", r"npm_[A-Za-z0-9]{36}", "npm_", entity="AUTH_TOKEN"),
    _token("pypi", r"pypi-[A-Za-z0-9_-]{50,}", "pypi-", entity="AUTH_TOKEN"),
    _token("twilio", r"(?:SK|AC)[0-9a-f]{32}", "sk", "ac"),
    _token("sendgrid", r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}", "sg."),
    _token("mailgun", r"key-[0-9a-f]{32}|[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}", "key-", "-"),
    _token("mailchimp", r"[0-9a-f]{32}-us\d{1,2}", "-us"),
    _token("brevo", r"xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}|xsmtpsib-[a-f0-9]{64}-[A-Za-z0-9]{16}", "sib-"),
    _token("discord-bot", r"[MNO][A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{27,40}", ".", entity="AUTH_TOKEN"),
    _token("telegram-bot", r"\d{8,10}:AA[A-Za-z0-9_-]{33}", ":aa", entity="AUTH_TOKEN"),
    _token("digitalocean", r"do[opr]_v1_[a-f0-9]{64}", "_v1_", entity="AUTH_TOKEN"),
    _token("shopify", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}", "shp"),
    _token("square", r"sq0[a-z]{3}-[A-Za-z0-9_-]{22,43}|EAAA[A-Za-z0-9_-]{60}", "sq0", "eaaa", entity="AUTH_TOKEN"),
    _token("facebook", r"EAA[MC][A-Za-z0-9]{60,}|EAACEdEose0cBA[A-Za-z0-9]+", "eaa", entity="AUTH_TOKEN"),
    _token("databricks", r"dapi[a-f0-9]{32}(?:-\d)?", "dapi"),
    _token("dropbox", r"sl\.(?:u\.)?[A-Za-z0-9_-]{100,}", "sl.", entity="AUTH_TOKEN"),
    _token("linear", r"lin_(?:api|oauth)_[A-Za-z0-9]{32,64}", "lin_"),
    _token("notion", r"secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{40,50}", "secret_", "ntn_"),
    _token("airtable", r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}", "pat"),
    _token("asana", r"\d/\d{16}:[a-f0-9]{32}", ":", entity="AUTH_TOKEN"),
    _token("atlassian", r"ATATT3[A-Za-z0-9_=-]{100,}|ATCTT3[A-Za-z0-9_=-]{100,}|ATBB[A-Za-z0-9]{32}", "atatt3", "atctt3", "atbb", entity="AUTH_TOKEN"),
    _token("figma", r"fig[dour]_[A-Za-z0-9_-]{40,}", "fig", entity="AUTH_TOKEN"),
    _token("grafana", r"glc_[A-Za-z0-9+/]{32,}={0,2}|glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|eyJrIjoi[A-Za-z0-9+/]{40,}={0,2}", "glc_", "glsa_", "eyjrijoi"),
    _token("hashicorp", r"hv[sbr]\.[A-Za-z0-9_-]{24,}|[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,}", "hv", "atlasv1", entity="AUTH_TOKEN"),
    _token("heroku", r"HRKU-[A-Za-z0-9_-]{36,}", "hrku-"),
    _token("newrelic", r"NR(?:AK|AL|II|IQ|RA|BR|JS)-[A-Za-z0-9]{19,32}", "nr"),
    _token("okta", r"00[A-Za-z0-9_-]{40}", "00", entity="AUTH_TOKEN"),
    _token("planetscale", r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,64}", "pscale_"),
    _token("postman", r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}", "pmak-"),
    _token("pulumi", r"pul-[a-f0-9]{40}", "pul-"),
    _token("doppler", r"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[\w-]+\.)?[A-Za-z0-9]{40,44}", "dp."),
    _token("sentry", r"sntry[su]_[A-Za-z0-9+/=_-]{40,}", "sntry"),
    _token("supabase", r"sbp_[a-f0-9]{40}|sb_secret_[A-Za-z0-9_-]{20,}", "sbp_", "sb_secret_"),
    _token("vercel", r"vc[pkiar]_[A-Za-z0-9]{24,}", "vc"),
    _token("replicate", r"r8_[A-Za-z0-9]{37,40}", "r8_"),
    _token("groq", r"gsk_[A-Za-z0-9]{48,56}", "gsk_"),
    _token("perplexity", r"pplx-[A-Za-z0-9]{40,60}", "pplx-"),
    _token("xai", r"xai-[A-Za-z0-9]{60,90}", "xai-"),
    _token("tavily", r"tvly-(?:dev-|prod-)?[A-Za-z0-9-]{30,}", "tvly-"),
    _token("langsmith", r"ls(?:v2_pt|v2_sk|__)_?[a-f0-9]{32}(?:_[a-f0-9]{10})?", "lsv2_", "ls__"),
    _token("wandb-local", r"local-[a-f0-9]{40}", "local-"),
    _token("docker", r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{27,}", "dckr_", entity="AUTH_TOKEN"),
    _token("rubygems", r"rubygems_[a-f0-9]{48}", "rubygems_"),
    _token("crates", r"cio[A-Za-z0-9]{32}", "cio"),
    _token("nuget", r"oy2[a-z0-9]{43}", "oy2"),
    _token("fly", r"fm[12][ar]?_[A-Za-z0-9+/=_-]{60,}|FlyV1", "fm1", "fm2", "flyv1", entity="AUTH_TOKEN"),
    _token("cloudflare", r"v1\.0-[a-f0-9]{24}-[a-f0-9]{146}|cf(?:ut|at|k)_[A-Za-z0-9]{40,}", "v1.0-", "cf"),
    _token("easypost", r"EZ[AT]K[a-f0-9]{54}", "ezak", "eztk"),
    _token("flutterwave", r"FLWSECK(?:_TEST)?-[a-h0-9A-H]{12,34}-X", "flwseck"),
    _token("razorpay", r"rzp_(?:live|test)_[A-Za-z0-9]{14}", "rzp_"),
    _token("onepassword", r"ops_eyJ[A-Za-z0-9+/=_-]{200,}|A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}", "ops_", "a3-"),
    _token("age-key", r"AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{50,60}", "age-secret-key-1", entity="PRIVATE_KEY"),
    _token("contentful-prefect", r"CFPAT-[A-Za-z0-9_-]{43}|pn[ub]_[A-Za-z0-9]{36}", "cfpat-", "pnu_", "pnb_"),
    _token("azure-client-secret", r"[A-Za-z0-9_~.]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}", "q~"),
    _token("azure-key", r"[A-Za-z0-9+/]{86}==", "=="),
    _token("jwt", r"ey[A-Za-z0-9_-]{8,}\.ey[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{0,700}", "ey", entity="AUTH_TOKEN"),
)  # fmt: skip

_PEM_KIND = (
    r"(?:(?:RSA|DSA|EC|OPENSSH|ENCRYPTED|PGP|ANY|SSH2 ENCRYPTED)[ ])*PRIVATE[ ]KEY(?:[ ]BLOCK)?"
)
_KEYWORD = (
    r"(?:(?:pass|pw|psk|pin)(?![\w-])|[\w.-]{0,40}?(?:passw(?:or)?d|passwd|passphrase|pwd|passcode|secret|token|api[_-]?key|apikey|access[_-]?key|"
    r"auth[_-]?key|private[_-]?key|client[_-]?secret|encryption[_-]?key|signing[_-]?key|account[_-]?key|"
    r"master[_-]?key|credentials?|bearer|ssh_pass|_pass|_pw|salt|cookie[_-]?secret|pin[_-]?code|auth)[\w-]{0,20})"
)
_QUOTE = r"(?:\\{0,3}[\"'`])"


def _assignment(match: Any) -> bool:
    return checks.assigned_value(match["key"], match["value"], quoted=bool(match["quote"]))


_STRUCTURES = (
    Rule("pem", "PRIVATE_KEY", rf"-----BEGIN[ ]{_PEM_KIND}-----(?:(?!-----END)[\s\S]){{0,12000}}?(?:-----END[ ]{_PEM_KIND}-----)", STRONG, needs=("-----begin",), code=True, where=checks.has_key_body),
    Rule("pem-cut", "PRIVATE_KEY", rf"-----BEGIN[ ]{_PEM_KIND}-----(?:\s|\\[rn])*(?:[A-Za-z-]+:[^\n]*\n|[A-Za-z0-9+/=]{{16,}}|\s|\\[rn])*", STRONG, needs=("-----begin",), code=True, where=checks.has_key_body),
    Rule("ppk", "PRIVATE_KEY", r"PuTTY-User-Key-File-\d[\s\S]{0,8000}?Private-MAC:[ ]?[0-9a-f]+", STRONG, needs=("putty-user-key-file",), code=True),
    Rule("jwk", "PRIVATE_KEY", r"\"(?:d|p|q|dp|dq|qi|k)\"\s*:\s*\"(?P<value>[A-Za-z0-9_-]{20,})\"", STRONG, group="value", needs=('"kty"',), code=True),
    Rule("ssh-comment", "USERNAME", r"\b(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-nistp\d+)[ ]AAAA[A-Za-z0-9+/=]{40,}[ ](?P<who>[^\s@]+@[\w.-]+)", 0.85, group="who", needs=("ssh-", "ecdsa-"), code=True),
    Rule("url-password", "CONNECTION_STRING", r"(?i)\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@\"'<>]{0,80}:(?P<value>[^\s/@\"'<>]{1,120})@[^\s\"'<>`,;)]+", STRONG, where=lambda m: checks.not_placeholder(m["value"]), needs=("://",), code=True),
    Rule("ado-connection", "CONNECTION_STRING", r"(?i)\b(?:server|data source|host|accountname|endpoint|defaultendpointsprotocol)=[^\n\"']{3,200}?(?:password|pwd|accountkey|sharedaccesskey)=(?P<value>[^;\s\"']{4,120})", STRONG, where=lambda m: checks.not_placeholder(m["value"]), needs=("password=", "pwd=", "accountkey=", "sharedaccesskey="), code=True),
    Rule("auth-header", "AUTH_TOKEN", r"(?i)(?:authorization|x-api-key|x-auth-token|proxy-authorization|private-token|api-key)[\"']?\s*[:=,]\s*[\"']?(?:(?:basic|bearer|token|apikey|negotiate|digest)\s+)?(?P<value>[A-Za-z0-9+/=._~-]{8,1200})", STRONG, group="value", check=checks.header_value, needs=("authorization", "x-api-key", "x-auth-token", "private-token", "api-key"), code=True),
    Rule("bearer", "AUTH_TOKEN", r"\b(?i:bearer)\s+(?P<value>[A-Za-z0-9+/=._~-]{20,1200})", STRONG, group="value", check=checks.header_value, needs=("bearer",), code=True),
    Rule("webhook", "WEBHOOK_URL", r"https://(?:hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,}|(?:ptb\.|canary\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d{10,}/[\w-]{20,}|[\w-]+\.webhook\.office\.com/[\w@/-]{30,}|prod-[\w.-]+\.logic\.azure\.com[^\s\"'<>]{20,}|hooks\.zapier\.com/hooks/catch/[\w/]{8,}|maker\.ifttt\.com/trigger/\w+/with/key/[\w-]+|chat\.googleapis\.com/v1/spaces/[^\s\"'<>]{20,}|api\.telegram\.org/bot[\w:-]{30,})", STRONG, needs=("https://",), code=True),
    Rule("query-token", "AUTH_TOKEN", r"(?i)[?&](?:sig|x-amz-signature|x-amz-security-token|x-goog-signature|token|access_token|refresh_token|id_token|auth|apikey|api_key|key|secret|client_secret|password|passwd|code|session|sessionid|jwt|t|hm)=(?P<value>[^\s&\"'<>#]{6,800})", STRONG, group="value", check=checks.header_value, needs=("=",), code=True),
    Rule("otpauth", "OTP_SECRET", r"(?i)otpauth(?:-migration)?://[^\s\"'<>]+", STRONG, needs=("otpauth",), code=True),
    Rule("cookie", "AUTH_TOKEN", r"(?i)\b(?:set-cookie|cookie)\s*:\s*(?P<value>[^\n\"']{8,2000})", STRONG, group="value", needs=("cookie",), where=lambda m: "=" in m["value"] and checks.digits_and_letters(m["value"]), code=True),
    Rule("session-cookie", "AUTH_TOKEN", r"(?i)\b(?:sessionid|session_id|jsessionid|phpsessid|connect\.sid|csrftoken|_session|sid)[\"']?\s*[=:]\s*[\"']?(?P<value>[A-Za-z0-9%._~+/=-]{16,400})", WEAK, group="value", check=checks.random_enough, needs=("sess", "sid", "csrf"), code=True),
    Rule("cli-password", "PASSWORD", r"(?<!\w)(?:--(?:password|passwd|pass|token|secret|api-key|access-token|auth-token)(?:=|\s+)|sshpass\s+-p\s*|mysql(?:dump|admin)?\b[^\n|;]{0,80}?\s-p)[\"']?(?P<value>(?:[^\s\"'<>|;&]|&(?!&)){4,200})", STRONG, group="value", check=checks.cli_value, needs=("--", "sshpass", "mysql"), code=True),
    Rule("cli-user", "PASSWORD", r"\b(?:curl|wget|http|httpie)\b[^\n]{0,200}?\s(?:-u|--user|--proxy-user|-U)[ =]?[\"']?[^\s:\"']{1,60}:(?P<value>[^\s\"']{3,120})", STRONG, group="value", check=checks.not_placeholder, needs=("curl", "wget", "http"), code=True),
    Rule("identified-by", "PASSWORD", r"(?i)\bIDENTIFIED\s+(?:WITH\s+\w+\s+)?BY\s+(?:PASSWORD\s+)?[\"'](?P<value>[^\"'\n]{1,120})[\"']|\bWITH\s+(?:LOGIN\s+)?PASSWORD\s+'(?P<value>[^'\n]{1,120})'", STRONG, group="value", check=checks.not_placeholder, needs=("identified", "password"), code=True),
    Rule("define", "PASSWORD", r"(?i)define\(\s*[\"'][\w]*(?:PASS|SECRET|KEY|SALT|TOKEN)\w*[\"']\s*,\s*[\"'](?P<value>[^\"'\n]{4,200})[\"']", STRONG, group="value", check=checks.not_placeholder, needs=("define(",), code=True),
    Rule("xml-password", "PASSWORD", r"(?i)<(?P<tag>[\w:.-]*(?:password|passwd|secret|passphrase|token|apikey)[\w.-]*)>(?P<value>[^<>\n]{3,200})</(?P=tag)>", STRONG, group="value", check=checks.not_placeholder, needs=("</",), code=True),
    Rule("xml-attribute", "PASSWORD", r"(?i)\b(?:key|name)=[\"'][\w.:-]*(?:password|secret|token|apikey)[\w.-]*[\"']\s+value=[\"'](?P<value>[^\"'\n]{4,200})[\"']", STRONG, group="value", check=checks.not_placeholder, needs=("value=",), code=True),
    Rule("netrc", "PASSWORD", r"(?i)\bmachine\s+\S+\s+(?:login\s+\S+\s+)?password\s+(?P<value>\S{3,200})", STRONG, group="value", check=checks.not_placeholder, needs=("machine",), code=True),
    Rule("pgpass", "PASSWORD", r"^[\w.*-]+:(?:\d{2,5}|\*):[\w*-]+:[\w*@.-]+:(?P<value>[^\s:]{4,200})$", STRONG, group="value", check=checks.not_placeholder, code=True),
    Rule("npmrc", "AUTH_TOKEN", r"(?i)(?:^|:)_(?:authToken|auth|password)\s*=\s*[\"']?(?P<value>[^\s\"'$]{8,400})", STRONG, group="value", check=checks.not_placeholder, needs=("_auth", "_password"), code=True),
    Rule("docker-auth", "AUTH_TOKEN", r"\"auth\"\s*:\s*\"(?P<value>[A-Za-z0-9+/=]{8,400})\"", STRONG, group="value", needs=('"auth"',), check=checks.random_enough, code=True),
    Rule("kubeconfig", "AUTH_TOKEN", r"\b(?:client-key-data|client-certificate-data)\s*:\s*(?P<value>[A-Za-z0-9+/=]{40,})", STRONG, group="value", needs=("client-",), code=True),
    Rule("password-hash", "PASSWORD_HASH", r"(?<![\w$])\$(?:2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}|(?:1|5|6|y|apr1|argon2(?:id|i|d)|scrypt|7|P|H|pbkdf2[\w-]*)\$[./A-Za-z0-9$=,+-]{20,400})|\{S?SHA(?:256|512)?\}[A-Za-z0-9+/=]{20,}|\bpbkdf2(?:_sha256|:sha\d+:\d+)\$[^\s\"']{20,}|(?<![A-Za-z0-9])\*[0-9A-F]{40}(?![A-Za-z0-9])", STRONG, needs=("$", "sha}", "{sha", "{ssha", "*"), code=True),
    Rule("aws-secret", "API_KEY", r"(?i)aws[\w .:-]{0,60}(?:secret|key)[\w .-]{0,20}[\"']?\s*(?:=|:|=>|,|\s)\s*[\"']?(?P<value>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])", STRONG, group="value", needs=("aws",), check=checks.random_enough, code=True),
    Rule("assignment", "PASSWORD", rf"(?i)(?<![\w]){_QUOTE}?(?P<key>{_KEYWORD}){_QUOTE}?\]?\s{{0,3}}(?:=>|:=|[:=])\s{{0,3}}(?P<quote>[bru]?{_QUOTE})?(?P<value>(?(quote)[^\"'`\n\\]{{4,400}}|[^\s\"'`,;<>(){{}}\[\]]{{6,400}}))", WEAK, group="value", where=_assignment, needs=("pass", "pwd", "secret", "token", "key", "cred", "bearer", "_pw", "salt", "pin", "auth"), code=True, weak=True),
    Rule("auth-pair", "PASSWORD", r"(?i)\b(?:auth|login|credentials?)\s?[=(:]\s?[(\[]?\s?[\"'][^\"'\n]{1,60}[\"']\s?,\s?[\"'](?P<value>[^\"'\n]{4,120})[\"']", WEAK, group="value", check=checks.cli_value, needs=("auth", "login", "credential"), code=True, weak=True),
    Rule("set-password", "PASSWORD", r"(?i)\b(?:set_?|check_?|with_?)?(?:password|passphrase|secret|token|api_?key)\(\s?[\"'](?P<value>[^\"'\n]{5,200})[\"']\s?\)", WEAK, group="value", check=checks.call_value, needs=("password(", "passphrase(", "secret(", "token(", "key("), code=True, weak=True),
    Rule("cli-tools", "PASSWORD", r"\b(?:docker\s+login|redis-cli|mongo(?:sh|dump|restore)?|ldapsearch|smbclient|sqlcmd|sqlplus|7z|zip|unzip|openssl)\b[^\n|;]{0,120}?\s-(?:p|a|w|P)[ =]?[\"']?(?P<value>(?:[^\s\"'|;&]|&(?!&)){5,200})", STRONG, group="value", check=checks.call_value, needs=("docker", "redis", "mongo", "ldap", "smbclient", "sql", "zip", "7z", "openssl"), code=True),
    Rule("net-use", "PASSWORD", r"(?i)/user:\S{1,60}[ ](?P<value>[^\s\"'/]{5,120})", WEAK, group="value", check=checks.call_value, needs=("/user:",), code=True, weak=True),
    Rule("seed-cued", "SEED_PHRASE", r"(?i)(?:seed|recovery|backup|mnemonic|secret)[ ](?:phrase|words?|is|seed)[^\n\p{Ll}]{0,3}(?:is|are|:|=)?[\s:=\"']{0,4}(?P<value>(?-i:\p{Ll}{3,8})(?:[ ,\n]{1,3}(?-i:\p{Ll}{3,8})){11,23})(?!\p{Ll})", STRONG, group="value", needs=("seed", "recovery", "mnemonic", "backup", "secret"), code=True),
    Rule("seed-line", "SEED_PHRASE", r"^[\"'\s]*(?P<value>[a-z]{3,8}(?:[ ][a-z]{3,8}){11}(?:(?:[ ][a-z]{3,8}){3}){0,4})[\"'\s]*$", WEAK, group="value", check=checks.seed_words, weak=True),
)  # fmt: skip

_CHAT = (
    Rule("password-said", "PASSWORD", r"(?i)\b(?:pass ?word|passwd|pwd|pw|passcode|passphrase|pin(?: code)?|wi-?fi(?: key| code)?|login|creds?|door code|gate code|alarm code)(?:[ ](?:for|to|of|on)[ ][^\n.:!?]{1,40}?)?[ ]?(?:is|was|are|ist|:|=|->|to|will be|should be)[ :]{0,2}(?:still |now |just |actually |set to )?[\"'`“]?(?P<value>[^\s\"'`”“,]{4,64})", WEAK, group="value", check=checks.said_password, weak=True),
    Rule("user-pass", "PASSWORD", r"(?i)\b(?:user(?:name)?|login|log in|sign in|account)\b[^\n]{1,60}?\b(?:pass(?:word)?|pw|pwd)\b[ :=/]{1,3}[\"'`]?(?P<value>[^\s\"'`,]{4,64})", WEAK, group="value", check=checks.said_password, weak=True),
    Rule("password-changed", "PASSWORD", r"(?i)\bpass(?:word|code|phrase)\b[^\n.!?]{0,40}?\b(?:reset|changed|set|updated|switched)[ ]to[: ]{1,2}[\"'`]?(?P<value>[^\s\"'`,]{4,64})", WEAK, group="value", check=checks.said_password, needs=("pass",), weak=True),
    Rule("login-pair", "PASSWORD", r"(?i)\b(?:log ?in|sign ?in|creds?|credentials|account)\b[^\n/|]{0,30}?[ :][\w.@+-]{2,40}[ ]?[/|][ ]?(?P<value>[^\s\"'`,/|]{5,64})", WEAK, group="value", check=checks.said_password, needs=("/", "|"), weak=True),
    Rule("code-said", "PASSWORD", r"(?i)\b(?:(?:verification|security|login|access|confirmation|one[- ]time|otp|2fa|auth(?:entication)?|pin|door|gate|entry|unlock)[ ](?:code|pin|number|password)|otp|g-)(?:[ ](?:for|to)[ ][^\n.:]{1,30}?)?[ ]?(?:is|:|=|was)?[ ]{0,2}(?P<value>\d{3}[ -]?\d{3}|\d{4,8})(?!\d)", WEAK, group="value", weak=True),
    Rule("code-is-yours", "PASSWORD", r"(?i)(?<![\d.,])(?P<value>\d{3}[ -]?\d{3}|\d{4,8})[ ]is your[^\n.]{0,40}\bcode\b", WEAK, group="value", weak=True),
)  # fmt: skip

FAMILY = Family("secrets", (*_PREFIXES, *_STRUCTURES, *_CHAT))


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
