"""Code of many languages, made by small grammars; it runs nowhere but reads as code does."""

import random
from collections.abc import Callable

from training.negatives_words import TYPES, comment, literal, name, number, verb

Maker = Callable[[random.Random], str]


def expression(rng: random.Random, style: str) -> str:
    roll = rng.random()
    if roll < 0.25:
        return name(rng, style)
    if roll < 0.4:
        return number(rng)
    if roll < 0.55:
        return f'"{literal(rng)}"'
    if roll < 0.7:
        return f"{name(rng, style)}.{name(rng, style)}"
    if roll < 0.85:
        return f"{verb(rng, style)}({name(rng, style)})"
    return f"{name(rng, style)} {rng.choice('+-*/')} {number(rng)}"


def test(rng: random.Random, style: str) -> str:
    sign = rng.choice(("==", "!=", "<", ">", "<=", ">="))
    return f"{name(rng, style)} {sign} {expression(rng, style)}"


def _lines(rng: random.Random, line: Maker, indent: str) -> str:
    return "\n".join(indent + line(rng) for _ in range(rng.randint(1, 5)))


def python(rng: random.Random) -> str:
    def line(rng: random.Random) -> str:
        return rng.choice(
            (
                f"{name(rng)} = {expression(rng, 'snake')}",
                f"self.{name(rng)} = {expression(rng, 'snake')}",
                f"return {expression(rng, 'snake')}",
                f"{name(rng)}.{verb(rng)}({expression(rng, 'snake')})",
                f"# {comment(rng)}",
                f'raise ValueError(f"{literal(rng)}: {{{name(rng)}!r}}")',
                f"for {name(rng)} in range({number(rng)}): pass",
                f"logger.info({literal(rng)!r}, {name(rng)})",
                f"if {test(rng, 'snake')}: return",
                f"assert {test(rng, 'snake')}",
            )
        )

    heads = (
        f"import {name(rng)}\nfrom {name(rng)}.{name(rng)} import {name(rng, 'pascal')}\n\n",
        f"class {name(rng, 'pascal')}({name(rng, 'pascal')}):\n    ",
        "",
        "",
    )
    return (
        f"{rng.choice(heads)}def {verb(rng)}({name(rng)}: str, {name(rng)}={number(rng)}) -> None:\n"
        f'    """{comment(rng)}."""\n{_lines(rng, line, "    ")}'
    )


def javascript(rng: random.Random) -> str:
    def line(rng: random.Random) -> str:
        return rng.choice(
            (
                f"const {name(rng, 'camel')} = {expression(rng, 'camel')};",
                f"let {name(rng, 'camel')} = await {verb(rng, 'camel')}({name(rng, 'camel')});",
                f"if ({test(rng, 'camel')}) return null;",
                f"console.log(`{literal(rng)} ${{{name(rng, 'camel')}}}`);",
                f"// {comment(rng)}",
                f"{name(rng, 'camel')}.map(({name(rng, 'camel')}) => {expression(rng, 'camel')});",
                f"document.querySelector('#{name(rng, 'kebab')}').addEventListener('click', {verb(rng, 'camel')});",
                f"module.exports = {{ {name(rng, 'camel')}, {name(rng, 'pascal')} }};",
                f"import {{ {name(rng, 'pascal')} }} from './{name(rng, 'kebab')}';",
            )
        )

    return f"function {verb(rng, 'camel')}({name(rng, 'camel')}) {{\n{_lines(rng, line, '  ')}\n}}"


def typescript(rng: random.Random) -> str:
    fields = "\n".join(
        f"  {name(rng, 'camel')}{rng.choice(('', '?'))}: "
        f"{rng.choice(('string', 'number', 'boolean', 'Date', 'unknown', name(rng, 'pascal') + '[]'))};"
        for _ in range(rng.randint(2, 6))
    )
    kind = name(rng, "pascal")
    return (
        f"export interface {kind} {{\n{fields}\n}}\n\nexport const {verb(rng, 'camel')} = "
        f"async ({name(rng, 'camel')}: {kind}): Promise<{name(rng, 'pascal')}> => {{\n"
        f"  return {expression(rng, 'camel')} as {name(rng, 'pascal')};\n}};"
    )


def go(rng: random.Random) -> str:
    def line(rng: random.Random) -> str:
        return rng.choice(
            (
                f"{name(rng, 'camel')} := {expression(rng, 'camel')}",
                f'if err != nil {{\n\t\treturn fmt.Errorf("{literal(rng)}: %w", err)\n\t}}',
                f"defer {name(rng, 'camel')}.Close()",
                f"// {comment(rng)}",
                f"for i := 0; i < {number(rng)}; i++ {{ {verb(rng, 'camel')}(i) }}",
                f"{name(rng, 'camel')}, err := {name(rng)}.{verb(rng, 'pascal')}(ctx, {name(rng, 'camel')})",
            )
        )

    return (
        f"package {name(rng).split('_')[0]}\n\nfunc (s *{name(rng, 'pascal')}) {verb(rng, 'pascal')}"
        f"(ctx context.Context, {name(rng, 'camel')} string) error {{\n{_lines(rng, line, chr(9))}\n"
        "\treturn nil\n}"
    )


def rust(rng: random.Random) -> str:
    def line(rng: random.Random) -> str:
        return rng.choice(
            (
                f"let mut {name(rng)} = {expression(rng, 'snake')};",
                f"let {name(rng)}: Vec<{name(rng, 'pascal')}> = Vec::with_capacity({number(rng)});",
                f"// {comment(rng)}",
                f'println!("{literal(rng)} {{}}", {name(rng)});',
                f"{name(rng)}.{verb(rng)}()?;",
                f"match {name(rng)} {{ Some({name(rng)}) => {expression(rng, 'snake')}, None => {number(rng)} }};",
            )
        )

    return (
        f"use crate::{name(rng)}::{name(rng, 'pascal')};\n\n/// {comment(rng)}.\n"
        f"pub fn {verb(rng)}({name(rng)}: &str) -> Result<{name(rng, 'pascal')}, Error> {{\n"
        f"{_lines(rng, line, '    ')}\n    Ok({name(rng)})\n}}"
    )


def c(rng: random.Random) -> str:
    def line(rng: random.Random) -> str:
        return rng.choice(
            (
                f"{rng.choice(TYPES)} {name(rng)} = {number(rng)};",
                f"if (!{name(rng)}) goto fail;",
                f"/* {comment(rng)} */",
                f'printf("{literal(rng)}\\n", {name(rng)});',
                f"memcpy({name(rng)}, {name(rng)}->{name(rng)}, sizeof *{name(rng)});",
                f"for (int i = 0; i < {name(rng, 'upper')}; i++) {verb(rng)}({name(rng)}[i]);",
                f"return {expression(rng, 'snake')};",
            )
        )

    return (
        f"#include <{rng.choice(('stdio', 'stdlib', 'string', 'stdint'))}.h>\n#define "
        f"{name(rng, 'upper')} {number(rng)}\n\nstatic int {verb(rng)}(struct {name(rng)} *{name(rng)})"
        f"\n{{\n{_lines(rng, line, '    ')}\n}}"
    )


def cplusplus(rng: random.Random) -> str:
    kind = name(rng, "pascal")
    return (
        f"namespace {name(rng)} {{\ntemplate <typename T>\nclass {kind} : public {name(rng, 'pascal')} {{\n"
        f" public:\n  explicit {kind}(std::string {name(rng)}) : {name(rng)}_(std::move({name(rng)})) {{}}\n"
        f'  void {verb(rng, "pascal")}() const override {{ std::cout << "{literal(rng)}" << std::endl; }}\n'
        f" private:\n  std::vector<{name(rng, 'pascal')}> {name(rng)}_;  // {comment(rng)}\n}};\n}}"
    )


def java(rng: random.Random) -> str:
    field = name(rng, "camel")
    return (
        f"package com.example.{name(rng).split('_')[0]};\n\npublic class {name(rng, 'pascal')} extends "
        f"{name(rng, 'pascal')} {{\n    private final {name(rng, 'pascal')} {field};\n\n    @Override\n"
        f"    public String {verb(rng, 'camel')}(int {name(rng, 'camel')}) throws IOException {{\n"
        f"        // {comment(rng)}\n        if ({test(rng, 'camel')}) {{\n"
        f'            throw new IllegalArgumentException("{literal(rng)}");\n        }}\n'
        f"        return {field}.{verb(rng, 'camel')}({number(rng)});\n    }}\n}}"
    )


def csharp(rng: random.Random) -> str:
    return (
        f"using System.{name(rng, 'pascal')};\n\nnamespace {name(rng, 'pascal')}.{name(rng, 'pascal')}\n{{\n"
        f"    /// <summary>{comment(rng)}</summary>\n    public sealed class {name(rng, 'pascal')}\n    {{\n"
        f'        public string {name(rng, "pascal")} {{ get; set; }} = "{literal(rng)}";\n'
        f"        public async Task<int> {verb(rng, 'pascal')}Async({name(rng, 'pascal')} {name(rng, 'camel')}) "
        f"=> await _{name(rng, 'camel')}.{verb(rng, 'pascal')}({number(rng)});\n    }}\n}}"
    )


def ruby(rng: random.Random) -> str:
    return (
        f"class {name(rng, 'pascal')} < {name(rng, 'pascal')}\n  attr_reader :{name(rng)}, :{name(rng)}\n\n"
        f"  def {verb(rng)}({name(rng)})\n    # {comment(rng)}\n    return if {name(rng)}.nil?\n"
        f"    @{name(rng)} = {expression(rng, 'snake')}\n  end\nend"
    )


def php(rng: random.Random) -> str:
    return (
        f"<?php\nfunction {verb(rng, 'camel')}(string ${name(rng, 'camel')}): array {{\n"
        f"    // {comment(rng)}\n    ${name(rng, 'camel')} = {number(rng)};\n"
        f"    return ['{name(rng)}' => ${name(rng, 'camel')}, '{name(rng)}' => '{literal(rng)}'];\n}}"
    )


def sql(rng: random.Random) -> str:
    table, column = name(rng), name(rng)
    return rng.choice(
        (
            f"SELECT {column}, COUNT(*) AS total\nFROM {table} t\nJOIN {name(rng)} o ON o.{table}_id = t.id\n"
            f"WHERE t.{name(rng)} > {number(rng)}\nGROUP BY {column}\nORDER BY total DESC LIMIT {number(rng)};",
            f"CREATE TABLE {table} (\n  id BIGSERIAL PRIMARY KEY,\n  {column} VARCHAR({number(rng)}) NOT NULL,\n"
            f"  first_name TEXT,\n  last_name TEXT,\n  {name(rng)} TIMESTAMP DEFAULT now()\n);",
            f"UPDATE {table} SET {column} = {column} + 1 WHERE id = {number(rng)};",
            f"ALTER TABLE {table} ADD COLUMN {column} INTEGER DEFAULT 0; -- {comment(rng)}",
            f"INSERT INTO {table} ({column}, {name(rng)}) VALUES ({number(rng)}, '{name(rng)}');",
        )
    )


def html(rng: random.Random) -> str:
    return (
        f'<div class="{name(rng, "kebab")} {name(rng, "kebab")}" id="{name(rng, "kebab")}">\n'
        f'  <h2>{comment(rng)}</h2>\n  <label for="email">Email address</label>\n'
        f'  <input type="{rng.choice(("text", "email", "tel"))}" name="{name(rng)}" placeholder="{literal(rng)}">\n'
        f'  <a href="/{name(rng, "kebab")}">{rng.choice(("Home", "About", "Contact", "Sign in"))}</a>\n</div>'
    )


def css(rng: random.Random) -> str:
    rules = "\n".join(
        f"  {rule};"
        for rule in rng.sample(
            (
                f"margin: {rng.randint(0, 40)}px auto", f"color: #{rng.getrandbits(24):06x}",
                "display: flex", f"font: {rng.randint(10, 30)}px/1.5 Georgia, serif",
                "font-family: Helvetica, Arial, sans-serif", f"width: calc(100% - {rng.randint(1, 9)}rem)",
                f"transition: opacity .{rng.randint(1, 9)}s ease-in-out", "background: palegreen",
                "font-family: Verdana, Tahoma, 'Courier New'", f"z-index: {rng.randint(1, 9999)}",
            ),
            4,
        )
    )  # fmt: skip
    return (
        f".{name(rng, 'kebab')} > #{name(rng, 'kebab')}:hover {{\n{rules}\n}} /* {comment(rng)} */"
    )


def shell(rng: random.Random) -> str:
    variable = name(rng, "upper")
    return (
        f'#!/usr/bin/env bash\nset -euo pipefail\n{variable}="${{1:-{literal(rng)}}}"\n# {comment(rng)}\n'
        f'for f in "${variable}"/*.{rng.choice(("txt", "jpg", "log"))}; do\n'
        f"  grep -c '{name(rng)}' \"$f\" | sort -n | tail -{rng.randint(1, 20)} >> {name(rng)}.log\ndone\n"
        f'docker run --rm -v "$PWD":/{name(rng)} {name(rng, "kebab")}:{number(rng)} --{name(rng, "kebab")}'
    )


def latex(rng: random.Random) -> str:
    return (
        f"\\section{{{comment(rng)}}}\n\\label{{sec:{name(rng, 'kebab')}}}\nLet $x_{{i}} \\in \\mathbb{{R}}^n$ and "
        f"$\\alpha = {rng.random():.2f}$. See Table~\\ref{{tab:{name(rng, 'kebab')}}}.\n\\begin{{equation}}\n"
        f"  \\sum_{{i=1}}^{{{rng.randint(2, 99)}}} \\frac{{\\beta_i}}{{{rng.randint(2, 99)}}} \\leq \\epsilon\n"
        "\\end{equation}"
    )


CODE: dict[str, Maker] = {
    "python": python, "javascript": javascript, "typescript": typescript, "go": go, "rust": rust,
    "c": c, "c++": cplusplus, "java": java, "c#": csharp, "ruby": ruby, "php": php, "sql": sql,
    "html": html, "css": css, "shell": shell, "latex": latex,
}  # fmt: skip
