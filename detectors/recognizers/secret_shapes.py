"""Credentials by what stands around them: key files, links, headers, command lines, settings."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import base64
import binascii
from typing import Any

from detectors.recognizers import secret_checks as checks
from detectors.rules import Rule

STRONG, WEAK = 0.95, 0.6


def _literals(needs: str) -> tuple[str, ...]:
    """Lower-case literals between blanks; "~" stands for a blank of their own."""
    return tuple(need.replace("~", " ") for need in needs.split())


def _near(
    name: str, entity: str, needs: str, reach: tuple[int, int], pattern: str, **more: Any
) -> Rule:
    return Rule(
        name, entity, pattern, STRONG, needs=_literals(needs), reach=reach, code=True, **more
    )


def _at(name: str, entity: str, needs: str, pattern: str, **more: Any) -> Rule:
    return Rule(name, entity, pattern, STRONG, needs=_literals(needs), code=True, **more)


def _docker_auth(value: str) -> bool:
    """Base64 of `user:password` (the `auth` of a Docker configuration)."""
    try:
        shown = base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (ValueError, binascii.Error):
        return False
    return b":" in shown and shown.isascii() and not shown.startswith(b":")


def _basic(value: str) -> bool:
    return _docker_auth(value) or (len(value) >= 12 and checks.random_enough(value))


def _cookie(match: Any) -> bool:
    """A cookie that opens something has a long value with digits in it."""
    if not checks.not_placeholder(match["value"]):
        return False
    values = (pair.partition("=")[2].strip() for pair in match["value"].split(";"))
    return any(len(one) >= 8 and checks.digits_and_letters(one) for one in values)


_URL_SCHEME = r"(?i)(?<![A-Za-z0-9+.-])[a-z][a-z0-9+.-]{1,24}(?::[a-z0-9]{2,12})?"
_PEM_KIND = r"(?:(?:RSA|DSA|EC|OPENSSH|ENCRYPTED|PGP|ANY|SSH2 ENCRYPTED|TSS2|AGE ENCRYPTED FILE)[ ]?)*(?:PRIVATE[ ]KEY)?(?:[ ]BLOCK)?"
_SECRET_PARAM = (
    r"sig|x-amz-signature|x-amz-security-token|x-amz-credential|x-goog-signature|x-oss-signature|signature|token|access[_-]?token|"
    r"refresh[_-]?token|id[_-]?token|auth[_-]?token|session[_-]?token|reset[_-]?token|csrf[_-]?token|oauth_token|oauth_token_secret|oauth_verifier|auth|apikey|api[_-]key|appid|"
    r"app_key|key|secret|client_secret|app_secret|password|passwd|pass|pwd|pw|code|session|session[_-]?id|sid|jwt|ticket|"
    r"hm|otp|magic|invite|signed|policy|hash|user_token|api_token|private_token|job_token|x-api-key|subscription-key|code_verifier|assertion|wstoken|sas|st"
)

RULES = (
    _at("pem", "PRIVATE_KEY", "-----begin", rf"-----BEGIN[ ](?=[A-Z0-9 ]*PRIVATE[ ]KEY){_PEM_KIND}-----(?:(?!-----END)[\s\S]){{0,16000}}?-----END[ ]{_PEM_KIND}-----", where=checks.has_key_body),
    _at("pem-cut", "PRIVATE_KEY", "-----begin", rf"-----BEGIN[ ](?=[A-Z0-9 ]*PRIVATE[ ]KEY){_PEM_KIND}-----(?:\s|\\{{1,2}}[rn]|[>|#*/+,\"']|//)*(?:[A-Za-z-]{{2,20}}:[^\n]{{0,200}}\n|[A-Za-z0-9+/=]{{16,}}|\s|\\{{1,2}}[rn]|[\"'+\\,>|]){{1,600}}", where=checks.has_key_body),
    _at("pem-lost-head", "PRIVATE_KEY", "miie miic miij mhcc mc4c mhqc b3blbnnzac1rzxktdjeaaaaa", r"(?<![A-Za-z0-9+/=])(?:MII[CEJ][A-Za-z0-9+/]{2}(?:IBAAKC|IBAAK|ADAN|QIBAD|wIBAD)|MHcCAQEE|MC4CAQAw|MHQCAQEE|b3BlbnNzaC1rZXktdjEAAAAA)(?:[A-Za-z0-9+/=]|\s|\\[rn]){40,6000}"),
    _at("pem-base64", "PRIVATE_KEY", "ls0tls1crudjti", r"LS0tLS1CRUdJTi(?:BSU0EgUFJJ|BQUklWQVRF|BPUEVOU1NI|BFQyBQUklW|BFTkNSWVBU|BEU0EgUFJJ|BQR1AgUFJJ)[A-Za-z0-9+/=]{20,12000}"),
    _at("ssh2-key", "PRIVATE_KEY", "----~begin~ssh2", r"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----[\s\S]{20,8000}?(?:---- END SSH2 ENCRYPTED PRIVATE KEY ----|\Z)"),
    _at("ppk", "PRIVATE_KEY", "putty-user-key-file", r"PuTTY-User-Key-File-\d[\s\S]{0,8000}?(?:Private-MAC:[ ]?[0-9a-f]+|\Z)"),
    _near("jwk", "PRIVATE_KEY", '"kty" \\"kty\\" kty', (3000, 3000), r"[\"'](?:d|p|q|dp|dq|qi|k)\\{0,3}[\"']\s*:\s*\\{0,3}[\"'](?P<value>[A-Za-z0-9_-]{20,})\\{0,3}[\"']", group="value"),
    _at("wireguard", "PRIVATE_KEY", "privatekey presharedkey private-key private_key", r"(?i:privatekey|presharedkey|private[-_]key)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?P<value>[A-Za-z0-9+/]{42,43}=)", group="value"),
    _at("ssh-comment", "USERNAME", "ssh-rsa ssh-ed25519 ssh-dss ecdsa-sha2-nistp", r"(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-nistp\d+)[ ]AAAA[A-Za-z0-9+/=]{40,}[ ](?P<who>[^\s@\"']+@[\w.-]+)", group="who"),
    Rule("url-password", "CONNECTION_STRING", rf"{_URL_SCHEME}://[^\s/:@\"'<>`]{{0,80}}:(?P<value>[^\s\"'<>`]{{1,200}}?)@[^\s\"'<>`,;)\\]{{1,300}}", STRONG, where=lambda m: checks.url_password(m["value"]), needs=("://",), reach=(40, 620), code=True),
    Rule("url-token", "AUTH_TOKEN", rf"{_URL_SCHEME}://(?P<value>[A-Za-z0-9_.~%-]{{16,255}})(?::x-oauth-basic|:)?@[A-Za-z0-9]", STRONG, group="value", check=checks.generated, needs=("://",), reach=(40, 300), code=True),
    _near("ado-connection", "CONNECTION_STRING", "password= pwd= accountkey= sharedaccesskey= sharedaccesssignature= password", (400, 300), r"(?i)(?<![\w])(?:server|data source|host|hostname|accountname|endpoint|defaultendpointsprotocol|driver|provider|user(?: id)?|uid|dbname|database|initial catalog|blobendpoint)\s?=[^\n\"']{2,300}?(?:password|pwd|accountkey|sharedaccesskey|sharedaccesssignature)\s?=\s?(?P<value>[^;\s\"'\\]{4,200})[^\n\"'\\ ]{0,160}", where=lambda m: checks.not_placeholder(m["value"].strip("),"))
        and "(" not in m["value"]),
    _near("auth-header", "AUTH_TOKEN", "authorization x-api-key x-auth-token private-token api-key x-access-token x-amz-security-token x-goog-api-key x-vault-token x-auth-key apikey x-session-token x-csrf-token x-xsrf-token x-shopify-access-token x-functions-key ocp-apim-subscription-key job-token deploy-token", (0, 2200), r"(?i)(?:(?:proxy-)?authorization|[xo][a-z-]{0,24}-(?:key|token)|(?:private|job|deploy)-token|api-?key)\\{0,3}[\"']?\s{0,3}(?:[:=,]|=>)\s{0,3}\\{0,3}(?:[fb]?[\"'`])?(?:(?:basic|bearer|token|apikey|negotiate|digest|bot|aws4-hmac-sha256|sso-key|key|splunk|genie_?key|pve\w+|ghost|hawk)[ =:]+)?(?P<value>[^\s\"'<>`,\\{}$()\[\]]{8,2000})", group="value", check=checks.header_value),
    _at("bearer", "AUTH_TOKEN", "bearer", r"(?<![A-Za-z])(?i:bearer)(?:\s|%20|\\u0020|=)+(?P<value>[A-Za-z0-9+/=._~%|-]{16,2000})", group="value", check=checks.header_value),
    _at("basic", "AUTH_TOKEN", "basic", r"(?<![A-Za-z])(?i:basic)\s(?P<value>[A-Za-z0-9+/]{8,400}={0,2})(?![A-Za-z0-9+/])", group="value", check=_docker_auth),
    _at("webhook", "WEBHOOK_URL", "https://hooks. https://discord https://ptb.discord https://canary.discord https://maker.ifttt https://chat.googleapis https://api.telegram https://hook. https://open.feishu https://open.larksuite https://oapi.dingtalk https://qyapi.weixin https://connect.pabbly https://webhook.site https://events.pagerduty https://hook https://outlook.office https://outlook.webhook", r"https://(?:hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_+-]{16,}|(?:ptb\.|canary\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d{10,}/[\w-]{20,}|outlook\.(?:webhook\.)?office(?:365)?\.com/[\w@/.-]{30,}|hooks\.zapier\.com/hooks/(?:catch|standard)/[\w/]{8,}|hooks?\.[a-z0-9.-]{0,40}make\.com/[a-z0-9]{20,}|hook\.[a-z0-9.-]{0,30}integromat\.com/[a-z0-9]{20,}|maker\.ifttt\.com/(?:trigger/\w+/(?:json/)?with/key|use)/[\w-]{10,}|chat\.googleapis\.com/v1/spaces/[^\s\"'<>\\]{20,}|api\.telegram\.org/(?:file/)?bot[\w:-]{30,}|open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/[\w-]{20,}|oapi\.dingtalk\.com/robot/send\?access_token=\w{20,}|qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=[\w-]{20,}|webhook\.site/[0-9a-f-]{36}|connect\.pabbly\.com/workflow/sendwebhookdata/\w{10,})"),
    _near("webhook-host", "WEBHOOK_URL", ".webhook.office.com .logic.azure.com .powerplatform.com .webhook.azurewebsites /webhooks/ /hooks/ /incomingwebhook/", (200, 500), r"https://(?:[\w.-]+\.webhook\.office\.com/[\w@/.-]{30,}|[\w.-]+\.(?:logic\.azure|api\.powerplatform)\.com(?::443)?/[^\s\"'<>\\]{20,}|[\w.-]+/(?:api/)?(?:webhooks|hooks)/(?:[\w-]+/){0,3}[A-Za-z0-9_-]{24,}[^\s\"'<>\\]{0,200})"),
    _near("query-token", "AUTH_TOKEN", "sig= signature= token= tokn= credential= auth= key= appid= secret= pass= passwd= password= pwd= pw= code= session= sessionid= session_id= sid= jwt= ticket= hm= otp= magic= invite= signed= policy= hash= verifier= assertion= sas= st= sig%3d signature%3d token%3d key%3d secret%3d code%3d", (40, 2010), rf"(?i)(?:[?&#]|&amp;|\\u0026|%26|%3f)(?:{_SECRET_PARAM})(?:=|%3d)(?P<value>[^\s&\"'<>#\\`{{}}$)]{{6,2000}})", group="value", check=checks.query_value),
    _at("otpauth", "OTP_SECRET", "otpauth", r"(?i)otpauth(?:-migration)?://[^\s\"'<>\\`]+"),
    _near("otp-seed", "OTP_SECRET", "otp 2fa mfa authenticator two-factor", (4, 110), r"(?i)(?:t?otp|2fa|mfa|authenticator|two-factor)[\w -]{0,24}(?:secret|seed|key|code|token|setup)?[\"']?\s{0,3}(?:[:=]|=>|is)\s{0,3}[\"'`]?(?P<value>(?-i:[A-Z2-7]{16,64}|(?:[A-Z2-7]{4}[ -]){3,15}[A-Z2-7]{4}))(?![A-Za-z0-9])", group="value"),
    _at("cookie", "AUTH_TOKEN", "cookie set-cookie", r"(?i)cookie2?\\{0,3}[\"']?\s{0,2}(?:[:=,]|=>)\s{0,3}\\{0,3}[\"']?(?P<value>[\w.%!#$&*+^`|~-]{1,60}=[^\n\"'\\]{6,4000})", group="value", where=_cookie),
    _at("curl-cookie", "AUTH_TOKEN", "-b~ --cookie", r"(?:-b|--cookie)[ =][\"'](?P<value>[\w.-]{1,60}=[^\n\"']{8,4000})[\"']", group="value", where=_cookie),
    _near("session-cookie", "AUTH_TOKEN", "sessionid session_id jsessionid phpsessid connect.sid csrftoken _session sid= sid: asp.net_sessionid sessiontoken __host- __secure- xsrf-token li_at sessid", (40, 460), r"(?i)(?<![a-z])(?:(?:[a-z]{0,6}sess(?:ion)?_?id|connect\.sid|csrftoken|xsrf-token|[\w-]{0,30}_session|__(?:host|secure)-[\w.-]{1,40}|li_at|sid|session[_-]?token)[\"']?\s{0,2}[=:]\s{0,2}[\"']?)(?P<value>[A-Za-z0-9%._~+/=:-]{16,400})", group="value", check=checks.header_value, weak=True),
    _at("cli-password", "PASSWORD", "--pass --token --secret --api --access --auth --client-secret --db-pass --root-pass --admin-pass --passphrase --key --http-pass --pw --registry-token --private-token --bearer --credentials --user-pass --user-password --docker-password --requirepass", r"(?<![\w-])--(?:[a-z]+-)?(?:password|passwd|passphrase|pass|pw|token|secret|requirepass|api-?key|access-?(?:key|token)|auth-?token|client-?secret|secret-?(?:access-)?key|private-token|registry-token|auth-?key|bearer|key|credentials)(?:-value)?(?:=|\s+|\"\s?,\s?\"|'\s?,\s?')\\{0,3}[\"']?(?P<value>(?:[^\s\"'<>|;&\\]|&(?!&)){4,400})", group="value", check=checks.cli_value),
    _at("cli-quoted", "PASSWORD", "--pass --token --secret --api-key", r"(?<![\w-])--(?:[a-z]+-)?(?:password|passwd|passphrase|pass|token|secret|api-?key)(?:=|\s+)(?P<q>[\"'])(?P<value>[^\"'\n]{4,200})(?P=q)", group="value", check=checks.not_placeholder),
    _at("sshpass", "PASSWORD", "sshpass", r"sshpass\s+-p\s*[\"']?(?P<value>(?:[^\s\"'<>|;&]|&(?!&)){3,200})", group="value", check=checks.cli_value),
    _at("mysql", "PASSWORD", "mysql mariadb", r"(?:mysql|mariadb)[\w-]{0,12}\b[^\n|;]{0,120}?\s-p(?P<q>[\"']?)(?P<value>(?:[^\s\"'<>|;&]|&(?!&)){3,200})(?P=q)", group="value", check=checks.cli_value),
    _at("cli-user", "PASSWORD", "curl~ wget~ http~ https~ httpie~ xh~ smbclient~ ldapsearch~ svn~ lftp~ rpcclient~", r"(?<![\w/.])(?:curl|wget|https?|httpie|xh|smbclient|lftp|svn|rpcclient|ldapsearch)\b[^\n]{0,300}?\s(?:-u|--user|--proxy-user|-U|-a|--auth|--proxy-auth)[ =]?\\{0,3}[\"']?[^\s:%\"'/]{1,60}[:%](?P<value>[^\s\"'\\]{3,160})", group="value", check=checks.not_placeholder),
    _at("http-pass", "PASSWORD", "--http-password --ftp-password --proxy-password", r"--(?:http|ftp|proxy)-password(?:=|\s+)[\"']?(?P<value>[^\s\"']{3,120})", group="value", check=checks.not_placeholder),
    _at("cli-tools", "PASSWORD", "docker~ podman~ helm~ oc~ redis-cli~ mongo mongosh~ ldapsearch~ ldapadd~ ldapmodify~ smbclient~ sqlcmd~ bcp~ 7z~ 7za~ rar~ unrar~ zip~ unzip~ openssl~ keytool~ cqlsh~ influx~ az~ winrm~ evil-winrm~ plink~ pscp~ xfreerdp~ rdesktop~ snmpwalk~ snmpget~ ipmitool~ mosquitto_", r"(?<![\w./-])(?:docker|podman|helm|oc|redis-cli|mongo(?:sh|dump|restore|export|import)?|ldap(?:search|add|modify)|smbclient|sqlcmd|bcp|7za?|(?:un)?(?:rar|zip)|openssl|keytool|cqlsh|influx|az|plink|pscp|(?:evil-)?winrm|xfreerdp|rdesktop|snmp(?:walk|get)|ipmitool|mosquitto_(?:pub|sub))\b[^\n|;]{0,160}?[\s\"'](?:-p|-a|-w|-P|-pw|-c|-storepass|-keypass|-passin\spass:|-passout\spass:|-pass\spass:|-k\s|/p:)[ =]?\\{0,3}[\"']?(?P<value>(?:[^\s\"'|;&\\]|&(?!&)){5,200})", group="value", check=checks.call_value),
    _near("openssl-pass", "PASSWORD", "pass: passin passout", (2, 130), r"(?<![\w])(?:-pass(?:in|out)?\s)?pass:(?P<value>[^\s\"':]{4,120})", group="value", check=checks.call_value),
    _near("chpasswd", "PASSWORD", "chpasswd passwd smbpasswd sudo~ <<<", (130, 130), r"echo\s+(?:-[ne]+\s+)?[\"']?(?:[\w.-]{1,40}:)?(?P<value>[^\s\"'|]{4,120})[\"']?\s*\|\s*(?:sudo\s)?(?:-S\s)?(?:chpasswd|passwd|smbpasswd|sudo\s)|<<<\s?[\"']?(?P<other>[^\s\"']{4,120})", where=lambda m: m["value"] is not None and checks.cli_value(m["value"]), group="value"),
    _at("login-stdin", "PASSWORD", "echo~ printf~", r"(?:echo|printf)\s+(?:-n\s+)?(?P<q>[\"']?)(?P<value>[^\s\"'|<>$]{6,400})(?P=q)\s*\|\s*(?:docker|podman|helm|gh|glab|npm|crane|skopeo|cosign|base64|vault|op|kubectl|openssl|gpg|heroku)\b", group="value", check=checks.call_value),
    _at("identified-by", "PASSWORD", "identified", r"(?i)IDENTIFIED\s+(?:WITH\s+\S+\s+)?(?:BY|AS)\s+(?:PASSWORD\s+)?\\?[\"'`](?P<value>[^\"'`\n\\]{3,120})", group="value", check=checks.not_placeholder),
    _at("identified-bare", "PASSWORD", "identified", r"(?i)IDENTIFIED\s+BY\s+(?:VALUES\s+)?(?P<value>[^\"'`\n\\;\s]{3,120})", group="value", check=checks.call_value),
    _near("sql-password", "PASSWORD", "password", (16, 160), r"(?i)\b(?:WITH\s+(?:LOGIN\s+|ENCRYPTED\s+|SUPERUSER\s+|CREATEDB\s+){0,3}|ENCRYPTED\s+|ALTER\s+ROLE\s+\S+\s+|SET\s+|LOGIN\s+|\w+\s+)PASSWORD(?:\s?=\s?|\s+(?:FOR\s+\S+\s?=\s?)?|\s?\(\s?)(?:PASSWORD\()?N?'(?P<value>[^'\n]{3,120})'", group="value", check=checks.not_placeholder),
    _at("netrc", "PASSWORD", "machine~ default~login", r"(?i)(?<![\w])(?:machine\s+\S+|default)(?:\s+|\\n\s*)(?:login\s+\S+(?:\s+|\\n\s*))?password\s+(?P<value>[^\s\"\\]{3,200})", group="value", check=checks.not_placeholder),
    _near("netrc-login", "PASSWORD", "login", (2, 320), r"(?i)(?<![\w])login\s+\S{1,80}(?:\s+|\\n\s*)(?:account\s+\S+\s+)?password\s+(?P<value>[^\s\"\\]{3,200})", group="value", check=checks.not_placeholder),
    _near("pgpass", "PASSWORD", ":5432: :*: :3306: :5433: :6432: :1433:", (140, 330), r"(?<![\w./:-])[\w*][\w.*-]{0,120}:(?:\d{2,5}|\*):[\w*-]{1,60}:[\w*@.-]{1,60}:(?P<value>[^\s:\"'\\]{4,200})", group="value", check=checks.not_placeholder),
    _near("npmrc", "AUTH_TOKEN", "_auth _password npmauthtoken npmauthident", (2, 460), r"(?i)(?<![A-Za-z0-9])(?:_(?:authToken|auth|password)|npmAuth(?:Token|Ident))[\"']?\s*[=:]\s*[\"']?(?P<value>[^\s\"'$\\]{8,400})", group="value", check=checks.not_placeholder),
    _near("docker-auth", "AUTH_TOKEN", 'auth":', (6, 430), r"\"(?:auth|identitytoken|registrytoken)\\{0,3}\"\s*:\s*\\{0,3}\"(?P<value>[A-Za-z0-9+/=._-]{8,4000})\\{0,3}\"", group="value", check=_basic),
    _near("composer-auth", "AUTH_TOKEN", "github-oauth gitlab-token http-basic bitbucket-oauth gitlab-oauth", (4, 330), r"\"[\w.-]+\.[a-z]{2,}\"\s*:\s*\"(?P<value>[A-Za-z0-9_-]{20,})\"", group="value"),
    _at("kubeconfig", "AUTH_TOKEN", "client-key-data client-certificate-data clientkeydata", r"(?:client-key-data|client-certificate-data|clientKeyData)\\{0,3}[\"']?\s*:\s*\\{0,3}[\"']?(?P<value>[A-Za-z0-9+/=]{40,})", group="value"),
    _at("password-hash", "PASSWORD_HASH", "$2 $1$ $5$ $6$ $y$ $apr1$ $argon2 $scrypt $7$ $p$ $h$ $pbkdf2 $s$ $sha1$ $gy$ $bcrypt $8$ $9$ $md5$", r"(?<![\w$])\$(?:2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}|(?:1|5|6|7|8|9|y|gy|apr1|argon2(?:id|i|d)|scrypt|bcrypt-sha256|P|H|S|sha1|md5|pbkdf2[\w-]*)\$[./A-Za-z0-9$=,+:-]{20,400})"),
    _at("password-hash-old", "PASSWORD_HASH", "{ssha {sha {crypt} {md5} {pbkdf2 pbkdf2_sha pbkdf2: scrypt: sha1$ sha256$ argon2$ bcrypt_sha256$ bcrypt$$2 scram-sha-256$ scram-sha-1$", r"(?:\{S?SHA(?:\d{3})?\}|\{CRYPT\}|\{S?MD5\}|\{PBKDF2[\w-]*\})[A-Za-z0-9+/=$.]{13,}|(?<![\w])(?:pbkdf2(?:_sha\d+\$|:sha\d+(?::\d+)?\$)|scrypt:\d+:\d+:\d+\$|sha(?:1|256)\$[A-Za-z0-9]{4,}\$|argon2\$argon2|bcrypt_sha256\$|bcrypt\$\$2|(?i:SCRAM-SHA-(?:256|1))\$)[^\s\"']{20,}"),
    _near("shadow", "PASSWORD_HASH", ":$", (64, 200), r"(?m)^[a-z_][\w.-]{0,40}:(?P<value>\$[^:\s]{10,300}):", group="value"),
    _near("htpasswd", "PASSWORD", "htpasswd", (2, 200), r"htpasswd\s(?:-\w+\s+)*-[a-zA-Z]*b[a-zA-Z]*\s+(?:-\w+\s+)*(?:[^\s-]\S*\s+){1,2}(?P<value>[^\s\"']{4,100})", group="value"),
    _near("aws-secret", "API_KEY", "aws secretaccesskey secret_access_key secret-access-key", (4, 200), r"(?i)(?:aws|secret[_-]?access[_-]?key)[\w .:\"'\[\]-]{0,80}?(?:=|:|=>|,|\s|>)\s*\\{0,3}[\"']?(?P<value>(?-i:[A-Za-z0-9/+]{40}))(?![A-Za-z0-9/+=])", group="value", check=lambda v: checks.random_enough(v) and checks.mixed_case(v)),
    _near("aws-session", "AUTH_TOKEN", "session_token sessiontoken security-token session-token", (4, 2200), r"(?i)(?:session|security)[_-]?token\\{0,3}[\"']?\s{0,3}[=:]\s{0,3}\\{0,3}[\"']?(?P<value>[A-Za-z0-9/+=%]{100,2000})", group="value"),
    _near("net-use", "PASSWORD", "/user: net~user /pass:", (4, 200), r"(?i)(?:/user:\S{1,60}[ ]|/pass:|net\s+user\s+\S{1,40}\s+)(?P<value>[^\s\"'/*][^\s\"']{4,120})", group="value", check=checks.call_value, weak=True),
    _near("auth-pair", "PASSWORD", "auth=( auth(( auth((' auth(' login( basicauth basic_auth basicauth( credentials credential connect(' connect(\" signin( sign_in( authenticate( ", (8, 260), r"(?i)(?:auth|log_?in|credentials?|connect|sign_?in|authenticate|auth_?basic|basic_?auth\w*|http_basic_auth|authenticator)[\w.]{0,20}\"?\s?(?:=|\(|:|=>|,)\s?[\[({]{0,2}\s?(?:[\w.]{1,40}\s?=\s?)?[\"'][^\"'\n]{1,60}[\"']\s?,\s?(?:[\w.]{1,40}\s?=\s?)?[\"'](?P<value>[^\"'\n]{4,120})[\"']", group="value", check=checks.call_value, weak=True),
    _near("set-password", "PASSWORD", "securestring secretstr( password( sendkeys( send_keys( fill(", (24, 220), r"(?i)(?:SecureString(?:\s+-String)?\s+|SecretStr\(|send_?keys\(|(?:fill|type)\(\s?[\"'][^\"'\n]{0,40}pass[^\"'\n]{0,30}[\"']\s?,\s?)\s?[\"'](?P<value>[^\"'\n]{4,200})[\"']", group="value", check=checks.call_value, weak=True),
    _near("yaml-args", "PASSWORD", "password token secret passwd", (8, 240), r"(?im)^\s*-\s*[\"']?--?[\w-]*(?:password|passwd|token|secret)[\"']?\s*\n\s*-\s*[\"']?(?P<value>[^\s\"']{4,200})", group="value", check=checks.cli_value),
    _near("wifi-qr", "PASSWORD", "wifi:", (0, 260), r"(?i)WIFI:(?:[A-Z]:[^;\n]{0,80};){0,4}?P:(?P<value>(?:\\.|[^;\n\\]){4,120});", group="value"),
    _near("unattend", "PASSWORD", "<value>", (240, 200), r"(?i)<(?:\w{0,30}Password|AutoLogon)>\s*<Value>(?P<value>[^<\n]{4,200})</Value>", group="value", check=checks.not_placeholder),
    _near("private-hex", "PRIVATE_KEY", "private_key privatekey private-key privkey signing_key secret_key wallet mnemonic deployer", (4, 120), r"(?i)(?:priv(?:ate)?[_-]?key|signing[_-]?key|wallet[_-]?key|deployer[\w-]{0,12})\\{0,3}[\"']?\s{0,3}(?:=>|[:=(,])\s{0,3}\\{0,3}[\"']?(?P<value>(?:0x)?[0-9a-f]{64})(?![0-9a-f])", group="value"),
    _near("cisco", "PASSWORD_HASH", "secret password key-string", (2, 120), r"(?i)(?<![\w])(?:secret|password|key-string)\s(?:0|5|7|8|9)\s(?P<value>[^\s\"']{4,120})", group="value"),
    _near("sentry-dsn", "AUTH_TOKEN", "sentry.io .ingest.", (80, 60), r"https://(?P<value>[0-9a-f]{32}(?::[0-9a-f]{32})?)@[\w.-]*(?:sentry\.io|ingest\.[\w.]+)", group="value"),
    _near("appinsights", "API_KEY", "instrumentationkey=", (0, 60), r"(?i)InstrumentationKey=(?P<value>[0-9a-f-]{36})", group="value"),
    _near("encryption-header", "API_KEY", "ansible_vault", (1, 20000), r"\$ANSIBLE_VAULT;[\d.]+;AES256[^\n]*\n(?:\s*[0-9a-f]{60,}\s*\n?)+"),
)  # fmt: skip
