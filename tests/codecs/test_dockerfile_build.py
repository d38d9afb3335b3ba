"""Stages, scopes, shell commands, images and .dockerignore."""

from __future__ import annotations

import pytest

from pratique.codecs.dockerfile.build import Build, build
from pratique.codecs.dockerfile.expansion import expand
from pratique.codecs.dockerfile.ignore import read
from pratique.codecs.dockerfile.images import ended, user_of
from pratique.codecs.dockerfile.instructions import parse
from pratique.codecs.dockerfile.shell import commands
from pratique.codecs.edits import applied
from pratique.model.check import Edit


def built(text: str) -> Build:
    return build(parse(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$a ${a} ${b}", "1 1 ${b}"),
        ("${b:-x} ${b-x} ${a:-x} ${empty:-x} ${empty-x}", "x x 1 x "),
        ("${a:+x} ${b:+x} ${empty+x}", "x  x"),
        ("${b:-${a}}", "1"),
        ("\\$a $$ ${a#x} ${", "\\$a $$ ${a#x} ${"),
        ("${a:?must}", "1"),
    ],
)
def test_expansion(text: str, expected: str) -> None:
    assert expand(text, {"a": "1", "empty": ""}) == expected


def test_arguments_before_from_are_seen_by_from_and_where_declared_again() -> None:
    made = built(
        "ARG V=13\nARG U=app\nFROM debian:${V} AS a\nUSER $U\nARG U\nUSER $U\nFROM a\nRUN x"
    )
    assert made.stages[0].base == "debian:13"
    first, last = made.stages[0].all("USER")
    assert made.stages[0].expanded(first, "$U") == "$U"
    assert made.stages[0].expanded(last, "$U") == "app"
    assert (made.final.user, made.final.root) == ("app", "debian:13")


def test_what_a_stage_inherits() -> None:
    made = built(
        'FROM debian:13 AS A\nENV D=/srv\nWORKDIR $D\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\n'
        "FROM scratch AS b\nFROM a\nWORKDIR app\nRUN x"
    )
    assert made.final.workdir == "/srv/app"
    assert made.final.runs[0].pipefail
    assert [stage.index for stage in made.shipped] == [2, 0]
    assert made.stages[1].workdir == "/"


def test_images_that_are_needed() -> None:
    made = built(
        "FROM a:1 AS x\nFROM x\nCOPY --from=x a b\nCOPY --from=0 a b\nCOPY --from=c:1 a b\n"
        "RUN --mount=type=bind,from=d:1,target=/d x"
    )
    assert [(use.image, use.is_base) for use in made.images] == [
        ("a:1", True), ("c:1", False), ("d:1", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a 'b; sudo c' # sudo d", ["a"]),
        ("a && b || c; d | e & f", ["a", "b", "c", "d", "e", "f"]),
        ("if ! a; then b; elif c; then d; else e; fi", ["a", "b", "c", "d", "e"]),
        ("for i in x y; do a $i; done; while b; do c; done", ["a", "b", "c"]),
        ("case $x in a|b) c ;; *) d;; esac; e", ["c", "d", "e"]),
        ("f() { a; }; function g { b; }", ["a", "b"]),
        ("(a; b) && { c; }", ["a", "b", "c"]),
        ('x=$(a "$(b)") c', ["b", "a", "c"]),
        ("a `b` \"$(c)\" '$(d)'", ["b", "c", "a"]),
        ("bash -euo pipefail -c 'a; b'", ["bash", "a", "b"]),
        ("sudo -u x env A=b nice -n 5 a", ["a"]),
        ("timeout 5 a; xargs -n 1 b; exec c", ["a", "b", "c"]),
        ("command -v a", ["command"]),
        ("cat <<E | a\nsudo b\nE\nc", ["cat", "a", "c"]),
        ("sh <<E\nb\nE", ["sh", "b"]),
        ("find / -name x -exec a {} \\;", ["find", "a"]),
        ("a <(b) >(c)", ["b", "c", "a"]),
        ("a > /b 2>&1 < c", ["a"]),
        ('eval "a b"', ["eval", "a"]),
        ("/usr/bin/a x", ["a"]),
        ("A=(x y) b", ["b"]),
        ("a \\\n b", ["a"]),
    ],
)
def test_commands_of_a_shell(script: str, expected: list[str]) -> None:
    found = commands(script)
    assert sorted(c.name for c in found if c.name != ":") == sorted(expected)
    for one in found:
        if one.exact and not one.words[0].quoted and one.name != ":":
            word = one.words[0]
            assert script[word.start : word.end] == word.text


def test_lines_of_commands() -> None:
    made = built(
        "FROM a\nRUN x \\\n && y \\\n   z\nRUN <<E\nset -e\nq\nE\nRUN bash -c 'i \\\n && j'"
    )
    assert [(s.command.name, s.start, s.end) for s in made.steps] == [
        ("x", 2, 2), ("y", 3, 4), ("set", 6, 6), ("q", 7, 7), ("bash", 9, 10), ("i", 9, 9), ("j", 10, 10),
    ]  # fmt: skip


def test_scripts_of_other_interpreters_are_not_read_as_shell() -> None:
    made = built(
        "FROM a\nRUN <<E\n#!/usr/bin/env python3\nsudo\nE\nRUN python3 <<E\nsudo\nE\nRUN bash <<E\nx\nE"
    )
    assert [step.command.name for step in made.steps] == ["python3", "bash", "x"]
    windows = built(
        'FROM mcr.microsoft.com/windows/servercore:x\nRUN sudo\nSHELL ["bash", "-c"]\nRUN y'
    )
    assert [step.command.name for step in windows.steps] == ["y"]


@pytest.mark.parametrize(
    ("rules", "path", "excluded"),
    [
        (".git", ".git/config", True),
        (".git", "sub/.git/config", False),
        ("**/.env", "a/b/.env", True),
        ("**/.env", ".env", True),
        ("*.log", "a.log", True),
        ("*.log", "a/b.log", False),
        ("*\n!src", "src/a", False),
        ("*\n!src", "lib/a", True),
        ("/a/", "a/b", True),
        ("# a\na", "a", True),
        ("a?[0-9]", "ab1", True),
        ("**", "x", True),
        ("../x\n[", "x", False),
        ("a/**/c", "a/b/b/c", True),
    ],
)
def test_dockerignore(rules: str, path: str, excluded: bool) -> None:
    assert read(".dockerignore", rules).excludes(path) is excluded


@pytest.mark.parametrize(
    ("image", "user"),
    [
        ("debian:13", "root"),
        ("docker.io/library/python:3.13", "root"),
        ("scratch", "root"),
        ("gcr.io/distroless/static-debian12:nonroot", "65532"),
        ("gcr.io/distroless/static-debian12", "root"),
        ("gcr.io/distroless/java17:debug-nonroot", "65532"),
        ("cgr.dev/chainguard/python:latest", "65532"),
        ("cgr.dev/chainguard/wolfi-base", "root"),
        ("bitnami/postgresql:17", "1001"),
        ("nginxinc/nginx-unprivileged:1.29-alpine", "101"),
        ("registry.access.redhat.com/ubi9/nodejs-20:1", "1001"),
        ("registry.access.redhat.com/ubi9/ubi-minimal", "root"),
        ("example/app", None),
        ("$BASE", None),
        ("UPPER CASE", None),
    ],
)
def test_who_images_run_as(image: str, user: str | None) -> None:
    assert user_of(image) == user


@pytest.mark.parametrize(
    ("image", "over"),
    [
        ("debian:10", ["debian 10"]),
        ("debian:buster-slim", ["Debian 10 (buster)"]),
        ("python:3.8-bullseye", ["Debian 11 (bullseye)", "python 3.8"]),
        ("node:16-alpine3.14", ["Alpine 3.14", "node 16"]),
        ("golang:1.19", ["go 1.19"]),
        ("mcr.microsoft.com/dotnet/sdk:6.0", ["dotnet 6.0"]),
        ("openjdk:8", ["the image openjdk (its publisher gave it up)"]),
        ("centos:7", ["centos 7"]),
        ("quay.io/centos/centos:stream9", []),
        ("quay.io/centos/centos:stream8", ["centos Stream 8"]),
        ("python:3.13-slim-trixie", []),
        ("debian", []),
        ("debian:sid", []),
        ("example/python:3.6", []),
        ("alpine:3", []),
        ("python:3-slim", []),
    ],
)
def test_images_past_their_end(image: str, over: list[str]) -> None:
    assert [one.what for one in ended(image, "2026-11-26")] == over


def test_edits() -> None:
    text = "a\nb\nc\n"
    assert applied(text, [Edit(2, 2, "x\ny")]) == "a\nx\ny\nc\n"
    assert applied(text, [Edit(1, 2, "")]) == "c\n"
    assert applied(text, [Edit(2, 1, "x")]) == "a\nx\nb\nc\n"
    assert applied(text, [Edit(1, 1, "x"), Edit(1, 1, "y"), Edit(3, 3, "z")]) == "x\nb\nz\n"


def test_the_platform_is_known_to_from_and_where_it_is_asked_for() -> None:
    made = built(
        "FROM a:1 AS bin-linux\nUSER 7\nFROM bin-${TARGETOS}\nARG TARGETARCH\nRUN x $TARGETARCH"
    )
    assert (made.final.parent, made.final.user) == (made.stages[0], "7")
    assert made.final.expanded(made.final.instructions[1], "$TARGETARCH") == "amd64"
