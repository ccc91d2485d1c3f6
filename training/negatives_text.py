"""Configuration, lock files, logs, traces, tables of numbers and READMEs, made by rule."""

import json
import random
from collections.abc import Callable

from training.negatives_words import (
    LEVELS,
    comment,
    hexes,
    literal,
    name,
    number,
    package,
    verb,
    version,
)

Maker = Callable[[random.Random], str]


def _times(rng: random.Random, low: int, high: int, line: Maker) -> str:
    return "\n".join([line(rng) for _ in range(rng.randint(low, high))])


def yaml(rng: random.Random) -> str:
    return (
        f"version: '{rng.randint(1, 3)}'\nservices:\n  {name(rng, 'kebab')}:\n    image: {package(rng)}:{version(rng)}\n"
        f'    ports:\n      - "{rng.randint(1000, 9999)}:{rng.randint(10, 9999)}"\n    environment:\n'
        f'      {name(rng, "upper")}: {literal(rng)}\n      {name(rng, "upper")}: "{number(rng)}"\n'
        f"    # {comment(rng)}\n    depends_on: [{name(rng, 'kebab')}, {package(rng)}]"
    )


def toml(rng: random.Random) -> str:
    rows = _times(
        rng, 2, 7, lambda r: f'{package(r)} = "{r.choice(("^", "~", ">=", ""))}{version(r)}"'
    )
    return f'[package]\nname = "{name(rng, "kebab")}"\nversion = "{version(rng)}"\n\n[dependencies]\n{rows}'


def lock_npm(rng: random.Random) -> str:
    def entry(rng: random.Random) -> str:
        who = package(rng)
        return (
            f'    "node_modules/{who}": {{\n      "version": "{version(rng)}",\n      "integrity": '
            f'"sha512-{hexes(rng, 60)}==",\n      "engines": {{ "node": ">={rng.randint(8, 22)}" }}\n    }},'
        )

    return _times(rng, 1, 4, entry)


def lock_cargo(rng: random.Random) -> str:
    def entry(rng: random.Random) -> str:
        return (
            f'[[package]]\nname = "{package(rng)}"\nversion = "{version(rng)}"\nchecksum = "{hexes(rng, 64)}"\n'
            f'dependencies = [\n "{package(rng)}",\n "{package(rng)}",\n]\n'
        )

    return _times(rng, 1, 3, entry)


def requirements(rng: random.Random) -> str:
    return _times(rng, 3, 14, lambda r: f"{package(r)}{r.choice(('==', '>=', '~='))}{version(r)}")


def hashes(rng: random.Random) -> str:
    return _times(
        rng,
        2,
        8,
        lambda r: (
            f"{hexes(r, r.choice((32, 40, 64)))}  {name(r)}.{r.choice(('jpg', 'txt', 'zip'))}"
        ),
    )


def dockerfile(rng: random.Random) -> str:
    return (
        f"FROM {package(rng)}:{version(rng)}-slim AS {name(rng).split('_')[0]}\nWORKDIR /{name(rng)}\n"
        f"COPY {name(rng)}.txt ./\nRUN apt-get update && apt-get install -y {package(rng)} {package(rng)} \\\n"
        f"    && rm -rf /var/lib/apt/lists/*\nENV {name(rng, 'upper')}={number(rng)}\nEXPOSE {rng.randint(80, 9999)}\n"
        f'CMD ["{name(rng, "kebab")}", "--{name(rng, "kebab")}"]'
    )


def makefile(rng: random.Random) -> str:
    target = name(rng, "kebab")
    return (
        f"{name(rng, 'upper')} ?= {literal(rng)}\n\n.PHONY: {target} clean\n{target}: {name(rng)}.o {name(rng)}.o\n"
        f"\t$(CC) $(CFLAGS) -o $@ $^  # {comment(rng)}\n\nclean:\n\trm -f *.o {target}"
    )


def stamp(rng: random.Random) -> str:
    """A time of day as in a log, without its date."""
    return f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}.{rng.randrange(1000):03}"


def log(rng: random.Random) -> str:
    def line(rng: random.Random) -> str:
        head = rng.choice(
            (f"{stamp(rng)} ", f"[{rng.random() * 1000:.6f}] ", f"{rng.getrandbits(31)} ", "")
        )
        level = rng.choice(LEVELS)
        said = rng.choice(
            (
                f"{verb(rng, 'camel')} took {rng.randint(1, 9000)}ms",
                f"{name(rng)}={number(rng)} {name(rng)}={literal(rng)!r}",
                f"{comment(rng)}",
                f"GET /{name(rng)}/{rng.randint(1, 9999)} {rng.choice((200, 301, 404, 500))} {rng.random():.3f}s",
                f"Worker {rng.randint(1, 64)} started (pid {rng.randint(100, 65000)})",
                f"Loaded {rng.randint(1, 5000)} rows from {name(rng)}.{name(rng)}",
                f"usb {rng.randint(1, 4)}-{rng.randint(1, 9)}: new high-speed USB device number {rng.randint(1, 99)}",
                f"checksum mismatch: expected {hexes(rng, 16)} got {hexes(rng, 16)}",
                f"Connection reset by peer, attempt {rng.randint(1, 5)}/5",
            )
        )
        return f"{head}{rng.choice((level, f'[{level}]', level.lower() + ':'))} {said}"

    return _times(rng, 2, 9, line)


def trace_python(rng: random.Random) -> str:
    frames = _times(
        rng, 1, 5,
        lambda r: f'  File "/usr/lib/{name(r)}/{name(r)}.py", line {r.randint(1, 2000)}, in {verb(r)}\n'
        f"    {name(r)} = {verb(r)}({name(r)})",
    )  # fmt: skip
    error = rng.choice(("ValueError", "KeyError", "TypeError", "OSError", "ImportError"))
    return f"Traceback (most recent call last):\n{frames}\n{error}: {literal(rng)}"


def trace_java(rng: random.Random) -> str:
    frames = _times(
        rng, 2, 7,
        lambda r: f"\tat com.example.{name(r).split('_')[0]}.{name(r, 'pascal')}.{verb(r, 'camel')}"
        f"({name(r, 'pascal')}.java:{r.randint(1, 900)})",
    )  # fmt: skip
    return f'Exception in thread "main" java.lang.{name(rng, "pascal")}Exception: {literal(rng)}\n{frames}'


def schema(rng: random.Random) -> str:
    fields = {
        name(rng, "camel"): {
            "type": rng.choice(("string", "integer", "boolean")),
            "description": comment(rng),
        }
        for _ in range(rng.randint(2, 5))
    }
    made = {
        "$id": name(rng, "kebab"),
        "type": "object",
        "properties": fields,
        "required": list(fields)[:1],
    }
    return json.dumps(made, indent=rng.choice((None, 2)))


def settings(rng: random.Random) -> str:
    made = {
        name(rng, "camel"): rng.choice(
            (rng.randint(0, 999), True, False, None, literal(rng), [1, 2, 3])
        )
        for _ in range(rng.randint(3, 8))
    }
    return json.dumps(made, indent=rng.choice((None, 2, 4)))


def numbers(rng: random.Random) -> str:
    width, mark = rng.randint(2, 7), rng.choice((",", "\t", ";", " "))
    head = mark.join(name(rng) for _ in range(width))
    form = rng.choice(("{:.2f}", "{:.5f}", "{:.0f}", "{:e}"))
    rows = _times(
        rng, 2, 8, lambda r: mark.join(form.format(r.uniform(-50, 5000)) for _ in range(width))
    )
    return f"{head}\n{rows}"


def readme(rng: random.Random) -> str:
    title = name(rng, "kebab")
    return (
        f"# {title}\n\n{comment(rng).capitalize()}.\n\n## {rng.choice(('Installation', 'Getting Started', 'Usage'))}\n\n"
        f"```sh\npip install {title}\n```\n\n## {rng.choice(('Options', 'How It Works', 'Known Limits', 'Roadmap'))}\n\n"
        f"- `--{name(rng, 'kebab')}`: {comment(rng)}\n- `--{name(rng, 'kebab')}`: default {number(rng)}\n\n"
        f"Requires {rng.choice(('Python', 'Node.js', 'Go', 'Rust', 'Java'))} {version(rng)} or later."
    )


def ini(rng: random.Random) -> str:
    rows = _times(
        rng, 2, 6, lambda r: f"{name(r)} = {r.choice((number(r), literal(r), 'true', 'no'))}"
    )
    return f"[{name(rng)}]\n; {comment(rng)}\n{rows}"


def diff(rng: random.Random) -> str:
    path = f"{name(rng)}/{name(rng)}.{rng.choice(('py', 'js', 'c', 'rs'))}"
    return (
        f"diff --git a/{path} b/{path}\nindex {hexes(rng, 7)}..{hexes(rng, 7)} 100644\n--- a/{path}\n+++ b/{path}\n"
        f"@@ -{rng.randint(1, 900)},{rng.randint(1, 9)} +{rng.randint(1, 900)},{rng.randint(1, 9)} @@ {verb(rng)}\n"
        f"-    {name(rng)} = {number(rng)}\n+    {name(rng)} = {number(rng)}  # {comment(rng)}\n     return {name(rng)}"
    )


def markup(rng: random.Random) -> str:
    tag = name(rng, "camel")
    rows = _times(
        rng,
        1,
        5,
        lambda r: f'  <{tag} id="{r.randint(1, 999)}" {name(r)}="{number(r)}">{literal(r)}</{tag}>',
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name(rng, "camel")}s>\n{rows}\n</{name(rng, "camel")}s>'


def changelog(rng: random.Random) -> str:
    rows = _times(
        rng, 2, 6,
        lambda r: f"- {r.choice(('Fix', 'Add', 'Remove', 'Deprecate', 'Speed up'))} `{verb(r)}` "
        f"{r.choice(('', 'on Windows', 'for empty input', f'(#{r.randint(1, 9999)})'))}".rstrip(),
    )  # fmt: skip
    return f"## {version(rng)}\n\n### {rng.choice(('Changed', 'Fixed', 'Added'))}\n\n{rows}"


def output(rng: random.Random) -> str:
    """What a test runner or compiler prints."""
    return rng.choice(
        (
            _times(rng, 2, 8, lambda r: f"tests/test_{name(r)}.py::test_{verb(r)} {r.choice(('PASSED', 'FAILED'))}"),
            _times(rng, 1, 4, lambda r: f"{name(r)}.c:{r.randint(1, 900)}:{r.randint(1, 80)}: warning: unused variable "
                   f"'{name(r)}' [-Wunused-variable]"),
            _times(rng, 2, 6, lambda r: f"-rw-r--r-- 1 root root {r.randint(1, 99999):>6} {name(r)}.{r.choice(('md', 'py'))}"),
            _times(rng, 2, 6, lambda r: f"error[E{r.randint(100, 999):04}]: {comment(r)}"),
            _times(rng, 2, 6, lambda r: f"ok {r.randint(1, 99)} - {comment(r)}"),
        )
    )  # fmt: skip


TEXTS: dict[str, Maker] = {
    "yaml": yaml, "toml": toml, "package-lock": lock_npm, "cargo-lock": lock_cargo,
    "requirements": requirements, "hashes": hashes, "dockerfile": dockerfile, "makefile": makefile,
    "log": log, "python-trace": trace_python, "java-trace": trace_java, "json-schema": schema,
    "json": settings, "numbers": numbers, "readme": readme, "ini": ini, "diff": diff, "xml": markup,
    "changelog": changelog, "output": output,
}  # fmt: skip
