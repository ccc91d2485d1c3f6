"""Names as programs have them, for the generators of code and logs."""

import random

from training.fill_lists import phrases, words

STEMS = words(
    "user item node list map key value data buffer file path index count total size width height "
    "name title label text line row column table query result response request client server socket "
    "port host session token cache queue task job worker event handler callback error status code "
    "message payload header body config option flag mode state context scope layer tensor matrix "
    "vector weight bias batch step epoch loss image frame pixel color font window panel button form "
    "input output source target parent child root leaf edge graph tree stack heap page block chunk "
    "record field schema model view controller service manager factory builder parser lexer token "
    "visitor iterator stream reader writer lock mutex thread process signal timer clock date time "
    "price order invoice cart product stock account customer address city phone email person author "
    "mark bill rose grant chase will hope grace faith jack max min art dale reed page hunter mason"
)
VERBS = words(
    "get set load save read write open close start stop run parse format render update delete insert "
    "find search sort filter merge split join push pop send receive connect check validate build make "
    "create destroy init reset clear copy move compute apply resolve fetch handle emit dispatch wrap"
)
TYPES = words(
    "int float string bool char double long size_t uint32_t Buffer Node Result Error Config"
)
PACKAGES = words(
    "left-pad lodash-lite tiny-router fast-json mini-redux webcore httpkit numkit pandaframe requests-lite "
    "aiohelp yamlet tomlet pathly colorize argline tabular matplot-mini scikit-tiny openblas zlib "
    "libfoo libbar serde tokio rand anyhow clap regex hyper axum tracing chrono uuid bytes syn quote "
    "jinja markup werk click flasky django-mini celery redis-py psql pytest-mini black ruff mypy"
)
LEVELS = words("INFO DEBUG WARN WARNING ERROR TRACE NOTICE FATAL CRITICAL")
SENTENCES = phrases(
    "retry after timeout|fall back to the default|must not be empty|called once per frame|"
    "the caller owns the buffer|skip blank lines|this is a no-op on Windows|see the table below|"
    "keep in sync with the schema|avoid a second pass|returns None when not found|off by one here|"
    "handles Unicode and Latin-1|works on Linux and macOS|faster than a dict lookup|hot path|"
    "Mark the node as visited|Will be removed in 3.0|Hope for the best|Frank check of the input|"
    "Grant access to the admin role|Chase the pointer to the end|Bill the customer once a month|"
    "Rose tree of tokens|Page through the results|Order by price, then name|Max depth is eight|"
    "Harbour of open sockets|Python 3 only|Monday is day zero|From here onwards this is UTC|"
    "Jack of all trades, master of none|Drew the frame twice|Art assets live elsewhere|"
    "Major version bump|Dean of the pool|Dale chall score|Carol tone ring|Robin hood hashing|"
    "Round robin over the workers|Bob the byte order|Sandy bridge needs AVX|Ivy bridge and later|"
    "Jasper reports are rendered here|Ruby on the server|Julia sets|Crystal oscillator at 16 MHz|"
    "Gaussian blur|Bayesian prior|Fourier transform|Euler angles|Markov chain|Huffman table|"
    "Bloom filter|Dijkstra's shortest path|Levenshtein distance|Fibonacci heap|Boolean flag"
)


def name(rng: random.Random, style: str = "") -> str:
    """An identifier; style is snake, camel, pascal, kebab or upper."""
    words = [rng.choice(STEMS) for _ in range(rng.choice((1, 2, 2, 3)))]
    if style in ("camel", "pascal"):
        text = "".join(word.title() for word in words)
        return text if style == "pascal" else text[0].lower() + text[1:]
    if style == "upper":
        return "_".join(words).upper()
    return ("-" if style == "kebab" else "_").join(words)


def verb(rng: random.Random, style: str = "snake") -> str:
    """A function's name."""
    action = rng.choice(VERBS)
    rest = name(rng, "pascal" if style in ("camel", "pascal") else "snake")
    if style == "pascal":
        return action.title() + rest
    return action + rest if style == "camel" else f"{action}_{rest}"


def number(rng: random.Random) -> str:
    return rng.choice(
        (
            str(rng.randint(0, 12)),
            str(rng.randint(13, 9999)),
            f"{rng.random():.3f}",
            hex(rng.getrandbits(16)),
        )
    )


def literal(rng: random.Random) -> str:
    """A string literal without its quotes."""
    return rng.choice(
        (
            name(rng),
            rng.choice(SENTENCES),
            name(rng, "kebab"),
            f"/{name(rng)}/{name(rng)}",
            "%s: %d",
            "utf-8",
        )
    )


def comment(rng: random.Random) -> str:
    text = rng.choice(SENTENCES)
    return rng.choice((text, text.capitalize(), f"{text} ({name(rng)})", f"NOTE: {text}"))


def version(rng: random.Random) -> str:
    return f"{rng.randint(0, 12)}.{rng.randint(0, 40)}.{rng.randint(0, 30)}"


def hexes(rng: random.Random, count: int) -> str:
    return f"{rng.getrandbits(4 * count):0{count}x}"


def package(rng: random.Random) -> str:
    return rng.choice(PACKAGES)
