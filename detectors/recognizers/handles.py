"""Handles and account names."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

from detectors.recognizers.checksums import orcid
from detectors.rules import Family, Rule

_STOP = (
    r"(?!(?:media|import|charset|font-face|keyframes|supports|layer|page|param|returns?|throws|type|"
    r"types|see|since|deprecated|override|author|version|app|property|staticmethod|classmethod|"
    r"everyone|here|channel|pytest|test|dataclass|cache|example|babel|angular|latest|all|"
    # JSDoc, TSDoc, Javadoc, PHPDoc, Doxygen
    r"abstract|access|alias|api|async|augments|borrows|brief|callback|category|class|code|const|"
    r"constant|constructor|copydoc|copyright|default|defgroup|desc|description|details|endcode|"
    r"endverbatim|enum|event|exception|extends|external|file|fileoverview|final|fires|func|function|"
    r"generator|global|ignore|implements|ingroup|inheritdoc|inheritDoc|inner|instance|interface|"
    r"internal|invariant|kind|lends|licen[cs]e|link|linkcode|listens|member|memberof|method|mixes|"
    r"mixin|module|name|namespace|note|overview|package|packageDocumentation|par|post|pre|preserve|"
    r"private|property-read|property-write|protected|public|readonly|ref|remarks|requires|retval|"
    r"return|satisfies|section|serial|static|subpackage|subsection|summary|template|this|throw|todo|"
    r"tparam|tutorial|typedef|typeParam|uses?|usedby|var|variation|verbatim|virtual|warning|yields?|"
    # PHPUnit, JUnit
    r"after|afterClass|before|beforeClass|covers|coversNothing|coversDefaultClass|dataProvider|"
    r"depends|doesNotPerformAssertions|expectedException|group|large|medium|small|testdox|testWith|"
    r"ticket|After|AfterAll|AfterEach|Before|BeforeAll|BeforeEach|Disabled|ParameterizedTest|Test|"
    # annotations and directives
    r"Autowired|Bean|Builder|Column|Component|Configuration|Controller|Data|Deprecated|Directive|"
    r"Entity|Getter|Id|Inject|Injectable|Input|NgModule|NonNull|NotNull|Nullable|Output|Override|"
    r"Pipe|Repository|RestController|SafeVarargs|Service|Setter|SuppressWarnings|Table|Transactional|"
    r"abstractmethod|apply|available|at-root|autoreleasepool|cached_property|catch|click|container|"
    r"content|contextmanager|debug|dynamic|each|else|end|error|escaping|extend|finally|fixture|for|"
    r"forward|functools|if|implementation|include|main|mock|objc|optional|overload|parametrize|patch|"
    r"protocol|required|selector|skip|slow|suppress|synchronized|synthesize|tailwind|try|unittest|"
    r"viewport|warn|wraps|vitest|jest|nestjs|mui|storybook|testing-library|eslint|typescript-eslint|"
    r"ts-ignore|ts-expect-error|ts-nocheck|jsx|flow|noflow|format|prettier|license-header"
    r")(?![\w-]))"
)

_SERVICES = (
    "instagram|insta|ig|snapchat|snap|tiktok|tik tok|telegram|discord|skype|kik|twitter|twitch|steam|psn|xbox(?: live)?|"
    "gamertag|minecraft|roblox|fortnite|venmo|paypal|wechat|weixin|line id|signal|whatsapp|reddit|tumblr|pinterest|github|"
    "gitlab|mastodon|bluesky|bsky|threads|onlyfans|soundcloud|spotify|vk|qq|viber|facebook|fb|linkedin|youtube|medium"
)
_SERVICE_NEEDS = tuple(sorted(set(_SERVICES.replace("(?: live)?", "").split("|"))))
_GENERIC = frozenset({"none", "null", "true", "false", "str", "user", "username", "string", "name", "required", "admin", "root", "node.js", "e.g", "i.e"})  # fmt: skip

FAMILY = Family(
    "handles",
    (
        Rule("handle", "SOCIAL_HANDLE", rf"(?<![\w.@/+-])@{_STOP}[A-Za-z0-9_](?:[\w.-]{{0,37}}\w)?(?![\w@/(]|[.-]\w)", 0.7, needs=("@",)),
        Rule("fediverse", "SOCIAL_HANDLE", r"(?<![\w.@/+-])@[\w.-]{2,30}@(?:[\w-]+\.)+[a-z]{2,24}(?!\w)", 0.9, needs=("@",)),
        Rule("discord-tag", "SOCIAL_HANDLE", r"(?<![\w#/&])[\w.]{2,32}#\d{4}(?!\w)", 0.6, needs=("#",), where=lambda m: not m[0].split("#")[0].isdigit()),
        Rule("reddit-user", "SOCIAL_HANDLE", r"(?<![\w/.])/?u/[A-Za-z0-9_-]{3,20}(?![\w/])", 0.7, needs=("u/",)),
        Rule("todo-name", "USERNAME", r"\b(?:TODO|FIXME|XXX|HACK|NOTE)\((?P<who>[a-z][\w.-]{1,30})\)", 0.6, group="who", needs=("(",), code=True),
        Rule("labelled", "USERNAME", r"(?i)(?<!\w)(?:user ?name|login|screen ?name|handle|user id|nick(?:name)?|gamertag|skype|discord|telegram|snapchat|insta(?:gram)?|twitter|ign|psn|kik)(?:\s(?:is|id|handle|name))?\s?[:=]\s?[\"']?(?P<who>[A-Za-z0-9_](?=[\w.@-]*[\w])[\w.@-]{2,39})", 0.75, group="who", where=lambda m: m["who"].lower() not in {"none", "null", "true", "false", "str", "user", "username", "string", "name", "required", "admin", "root"}),
        Rule("username-is", "USERNAME", r"(?i)(?<!\w)(?:my|the|her|his|their)\s(?:user ?name|login|gamertag|handle|nick(?:name)?|insta(?:gram)?|snapchat|discord|telegram|skype)\s(?:is|was)\s[\"'@]?(?P<who>[A-Za-z0-9_][\w.-]{2,39})", 0.75, group="who"),
        Rule("matrix", "SOCIAL_HANDLE", r"(?<![\w.@/+-])@[a-z0-9._=/-]{2,60}:(?:[\w-]+\.)+[a-z]{2,24}(?!\w)", 0.9, needs=("@",), reach=(2, 130)),
        Rule("bluesky", "SOCIAL_HANDLE", r"(?i)(?<![\w.-])@?[a-z0-9-]{2,40}\.bsky\.social(?!\w)", 0.9, needs=(".bsky.",), reach=(50, 10)),
        Rule("cashtag", "SOCIAL_HANDLE", r"(?<![\w$])\$[A-Za-z][A-Za-z0-9_-]{2,20}(?!\w)", 0.1, 0.75, ("cash app", "cashapp", "cashtag", "cash tag", "venmo"), needs=("$",), reach=(2, 24)),
        Rule("named-on", "USERNAME", rf"(?i)(?<!\w)(?:{_SERVICES})\b[\s:,-]{{1,3}}(?:(?:is|me|us|as|at|under|by|handle|name|username|account|id|tag|user)[\s:]{{1,2}}){{0,3}}[\"'@]?(?P<who>(?=[\w-]*(?:[\d_]|\.\w))[A-Za-z0-9_][\w.-]{{2,38}}\w)(?!\w|://|\.(?:com|org|net))", 0.65, group="who", where=lambda m: m["who"].lower() not in _GENERIC and not m["who"].replace(".", "").isdigit(), needs=_SERVICE_NEEDS, reach=(2, 110)),
        Rule("known-as", "USERNAME", r"(?i)(?<!\w)(?:goes by|go by|known online as|posts as|posting as|plays as|playing as|streams as|tweets as|account name is|user id is|screen name is|add me:?|dm me:?|follow me:?|friend me:?|message me:?|hit me up:?|find me:?)\s(?:on\s\w+\s(?:as|at)?\s?|at\s|as\s|on\s\w+:\s)?[\"'@]?(?P<who>(?=[\w.-]*[\d_])[A-Za-z0-9_][\w.-]{2,38})(?!\w|@)", 0.65, group="who", needs=("goes by", "go by", " as ", "name is", "id is", " me"), reach=(24, 110)),
        Rule("user-option", "USERNAME", r"(?<![\w-])(?:--?user(?:name)?|--login|--owner|-u)[= ](?P<who>(?!root\b|admin\b|user\b|nobody\b|postgres\b|www-data\b)[a-z_][\w.-]{2,31})(?![\w@:(/.])", 0.5, group="who", needs=("--user", "-user", "--login", "--owner", " -u"), reach=(2, 50), weak=True),
        Rule("ssh-user", "USERNAME", r"(?<![\w-])(?:ssh|scp|sftp|rsync)\s(?:-[\w-]+\s(?:\S{1,60}\s)?){0,3}(?P<who>(?!root@|git@|admin@)[a-z_][\w.-]{1,31}@[\w.-]{2,60})", 0.8, group="who", needs=("ssh ", "scp ", "sftp ", "rsync "), reach=(2, 200), code=True),
        Rule("orcid", "ACCOUNT_ID", r"(?<![\w-])\d{4}-\d{4}-\d{4}-\d{3}[\dX](?![\w-])", 0.9, check=orcid, needs=("0000-000", "0009-000"), reach=(22, 22), code=True),
        Rule("shell-prompt", "USERNAME", r"^(?:\([\w.-]+\)\s)?(?P<who>[a-z_][\w-]{1,31}@[\w.-]{2,60}):[~/][^\n$#]{0,200}[$#]\s", 0.85, group="who", needs=("@",), reach=(60, 300), code=True),
        Rule("signed-id", "USERNAME", r"<@!?(?P<who>[UWB]?[A-Z0-9]{8,20})>", 0.8, group="who", needs=("<@",)),
    ),
)  # fmt: skip

POSITIVES = (
    ("thanks @jane_doe for it", "SOCIAL_HANDLE", "@jane_doe"),
    ("thanks @test-jane and @group_lead", "SOCIAL_HANDLE", "@test-jane"),
    ("@jane@social.example.org", "SOCIAL_HANDLE", "@jane@social.example.org"),
    ("add JaneD#1234", "SOCIAL_HANDLE", "JaneD#1234"),
    ("ask u/jane-doe", "SOCIAL_HANDLE", "u/jane-doe"),
    ("TODO(jdoe): mend", "USERNAME", "jdoe"),
    ("username: jdoe_87", "USERNAME", "jdoe_87"),
    ("my gamertag is jdoe87", "USERNAME", "jdoe87"),
    ("follow me on instagram: jane_d.87", "USERNAME", "jane_d.87"),
    ("@jane:matrix.example.org", "SOCIAL_HANDLE", "@jane:matrix.example.org"),
    ("I am jane.bsky.social", "SOCIAL_HANDLE", "jane.bsky.social"),
    ("my cashtag is $janedoe87", "SOCIAL_HANDLE", "$janedoe87"),
    ("snap: jane_doe87", "USERNAME", "jane_doe87"),
    ("goes by night_owl_87 online", "USERNAME", "night_owl_87"),
    ("ssh -p 22 jdoe@nas.example.org", "USERNAME", "jdoe@nas.example.org"),
    ("ORCID 0000-0002-1825-0097", "ACCOUNT_ID", "0000-0002-1825-0097"),
    ("jdoe@mbp-jdoe:~$ ls", "USERNAME", "jdoe@mbp-jdoe"),
)
NEGATIVES = (
    "    @click.group()",
    "eslint-disable-next-line @typescript-eslint/no-explicit-any",
    "@media screen",
    "     * @dataProvider logLevelMappings",
    "@package  org\\bovigo\\vfs",
    "@param x",
    "npm i @types/node",
    "@property",
    "jane@example.com",
    "issue #1234",
    "it costs $price",
    "0000-0002-1825-0098",
    "PR#",
    "login: none",
    "TODO: mend",
    "a @ b",
)
