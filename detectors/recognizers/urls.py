"""Links: everywhere those that identify, in prose any."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

from detectors.rules import Family, Rule

_REST = r"[^\s<>\"'`{}|\\^\]\[)]*[^\s<>\"'`{}|\\^\]\[).,;:!?]"
_PROFILE_HOST = (
    r"(?:twitter\.com|x\.com|instagram\.com|facebook\.com|fb\.me|t\.me|"
    r"linkedin\.com/in|linkedin\.com/pub|tiktok\.com|medium\.com|reddit\.com/u(?:ser)?|"
    r"youtube\.com/(?:c|user|channel)|twitch\.tv|keybase\.io|soundcloud\.com|flickr\.com/photos|"
    r"paypal\.me|venmo\.com|threads\.net|bsky\.app/profile|stackoverflow\.com/users|steamcommunity\.com/(?:id|profiles)|xing\.com/profile|vk\.com|pinterest\.[a-z.]{2,6}|quora\.com/profile|strava\.com/athletes|last\.fm/user|open\.spotify\.com/user|letterboxd\.com|codepen\.io|npmjs\.com/~|pypi\.org/user|hub\.docker\.com/u|launchpad\.net/~|about\.me|linktr\.ee|ko-fi\.com|buymeacoffee\.com|onlyfans\.com|cash\.app|signal\.me|line\.me|weibo\.com|space\.bilibili\.com|snapchat\.com/add|discord\.com/users|api\.whatsapp\.com/send\?phone=|researchgate\.net/profile|orcid\.org|scholar\.google\.[a-z.]{2,6}/citations\?user=|goodreads\.com/user/show|garmin\.com/modern/profile|myspace\.com|deviantart\.com|wa\.me|discord\.gg|calendly\.com|behance\.net|dribbble\.com|patreon\.com)"
)
_CODE_HOST = r"(?:github\.com|gitlab\.com|bitbucket\.org|kaggle\.com|huggingface\.co)"
_PRIVATE_HOST = r"[\w.-]+\.(?:local|lan|internal|corp|intra|intranet|home|private)"

FAMILY = Family(
    "urls",
    (
        Rule("url-userinfo", "PRIVATE_URL", rf"(?i)\b[a-z][a-z0-9+.-]{{1,12}}://[^\s/@:<>\"']{{1,64}}@{_REST}", 0.8, needs=("@",), code=True),
        Rule("url-profile", "SOCIAL_HANDLE", rf"(?i)(?:https?://)?(?:www\.|m\.)?(?<![\w.-]){_PROFILE_HOST}/@?[\w.-]{{2,}}(?:/{_REST})?", 0.8, needs=(".com/", ".me/", ".tv/", ".io/", ".net/", ".gg/", ".app/", ".org/", ".co/", ".fm/", ".ee/"), reach=(40, 300)),
        Rule("url-code-profile", "SOCIAL_HANDLE", rf"(?i)(?:https?://)?(?:www\.)?(?<![\w.-]){_CODE_HOST}/(?!(?:features|about|login|topics|explore|sponsors|orgs|datasets|models|docs|spaces|pricing|apps|marketplace|settings)\b)@?[\w-]{{2,39}}(?![\w/-])", 0.7, needs=(".com/", ".org/", ".co/"), reach=(40, 80)),
        Rule("url-personal-site", "SOCIAL_HANDLE", rf"(?i)(?<![\w.@-])(?:https?://)?(?!www\.)[a-z0-9-]{{2,40}}\.(?:tumblr\.com|blogspot\.com|wordpress\.com|substack\.com|livejournal\.com|carrd\.co)(?:/{_REST})?", 0.7, needs=(".tumblr.com", ".blogspot.com", ".wordpress.com", ".substack.com", ".livejournal.com", ".carrd.co"), reach=(60, 300)),
        Rule("url-shared", "PRIVATE_URL", rf"(?i)\bhttps?://(?:docs\.google\.com|drive\.google\.com|(?:\w+\.)?dropbox\.com|1drv\.ms|(?:[\w-]+\.)?sharepoint\.com|(?:[\w-]+\.)?zoom\.us|meet\.google\.com|teams\.microsoft\.com|(?:[\w-]+\.)?slack\.com|icloud\.com|we\.tl|photos\.app\.goo\.gl|calendly\.com|doodle\.com)/{_REST}", 0.8, needs=("://",), reach=(8, 400)),
        Rule("url-mastodon", "SOCIAL_HANDLE", rf"(?i)https?://[\w.-]+/@[\w.-]+(?:/{_REST})?", 0.8, needs=("/@",)),
        Rule("url-private-host", "PRIVATE_URL", rf"(?i)\b[a-z][a-z0-9+.-]{{1,12}}://{_PRIVATE_HOST}(?::\d+)?(?:/{_REST})?(?!\w)", 0.8, needs=("://",), code=True),
        Rule("private-host", "PRIVATE_URL", rf"(?i)(?<![\w.@/-]){_PRIVATE_HOST}(?![\w.(-])", 0.2, 0.6, ("host", "server", "ssh", "ping", "hostname"), weak=True),
        Rule("machine-name", "PRIVATE_URL", r"(?<![\w-])(?:DESKTOP|LAPTOP)-[A-Z0-9]{7,8}(?![\w-])", 0.8, needs=("desktop-", "laptop-"), code=True),
        Rule("url-token", "PRIVATE_URL", rf"(?i)\bhttps?://[^\s<>\"'?]+\?[^\s<>\"']*(?:token|key|sig|signature|session|sid|email|user|uid|auth|code)=[^\s<>\"'&]{{6,}}{_REST}?", 0.75, needs=("?",)),
        Rule("url", "URL", rf"(?i)\b(?:https?|ftp|sftp|ssh|ws|wss)://(?:[\w-]+\.)*[\w-]+(?::\d+)?(?:[/?#](?:{_REST})?)?", 0.6, needs=("://",)),
        Rule("url-www", "URL", rf"(?i)(?<![\w./])www\.[\w-]+\.[a-z]{{2,}}(?:/{_REST})?", 0.6, needs=("www.",)),
        Rule("url-bare", "URL", r"(?<![\w.@/-])(?:[a-z0-9][a-z0-9-]{0,62}\.)+(?:com|org|net|edu|gov|io|co\.uk|info|biz|me|co)(?:/[\w./?=&%#~+-]*[\w/])?(?![\w@.-])", 0.5, needs=(".com", ".org", ".net", ".edu", ".gov", ".io", ".co", ".info", ".biz", ".me")),
    ),
)  # fmt: skip

POSITIVES = (
    ("see https://example.org/a?b=1.", "URL", "https://example.org/a?b=1"),
    ("my github.com/janedoe is", "SOCIAL_HANDLE", "github.com/janedoe"),
    ("https://github.com/janedoe/thing", "URL", "https://github.com/janedoe/thing"),
    ("see jane-doe.tumblr.com/blog", "SOCIAL_HANDLE", "jane-doe.tumblr.com/blog"),
    ("bsky.app/profile/jane.example.org", "SOCIAL_HANDLE", "bsky.app/profile/jane.example.org"),
    (
        "https://docs.google.com/document/d/1AbC/edit",
        "PRIVATE_URL",
        "https://docs.google.com/document/d/1AbC/edit",
    ),
    ("https://www.tiktok.com/@jane.doe", "SOCIAL_HANDLE", "https://www.tiktok.com/@jane.doe"),
    ("t.me/jane_doe87", "SOCIAL_HANDLE", "t.me/jane_doe87"),
    ("linkedin.com/in/jane-doe-87", "SOCIAL_HANDLE", "linkedin.com/in/jane-doe-87"),
    ("http://wiki.corp/page", "PRIVATE_URL", "http://wiki.corp/page"),
    ("on DESKTOP-AB12CD3", "PRIVATE_URL", "DESKTOP-AB12CD3"),
    ("www.example.com", "URL", "www.example.com"),
    ("ssh server nas.home", "PRIVATE_URL", "nas.home"),
)
NEGATIVES = (
    "self.re",
    "foo.py",
    "os.path.join",
    "e.g. this",
    "http is a protocol",
    "threading.local",
    "and/or",
    "v1.2.3",
    "README.md",
)
