"""Habits: a user that the base has, a .dockerignore, and what is advised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique import habits
from pratique.codecs.edits import applied
from pratique.model.inventory import Inventory, Package
from pratique.rebuilding import read

NODE = 'FROM node:20-slim AS build\nRUN x\n\nFROM node:20-slim\n# runs\nCOPY . /app\nCMD ["node"]\n'


def test_a_user_that_the_base_has_runs_it() -> None:
    edit = habits.user(read(NODE, "Dockerfile"))
    assert edit
    assert applied(NODE, [edit]) == NODE.replace("CMD", "USER node\nCMD")
    assert habits.user(read(applied(NODE, [edit]), "Dockerfile")) is None


@pytest.mark.parametrize("text", [
    NODE.replace("node:20", "debian:12"), NODE.replace("# runs", "EXPOSE 80/tcp"),
    NODE.replace("# runs", "USER app"), NODE.replace('CMD ["node"]\n', ""),
])  # fmt: skip
def test_what_is_not_certain_is_not_written(text: str) -> None:
    assert habits.user(read(text, "Dockerfile")) is None


def test_a_dockerignore_where_all_is_copied() -> None:
    made = read(NODE, "Dockerfile")
    assert ".git\n.env\n" in habits.ignored(made, there=False)
    assert habits.ignored(made, there=True) == ""
    narrow = NODE.replace("COPY . /app", "COPY package.json /app/")
    assert habits.ignored(read(narrow, "Dockerfile"), there=False) == ""
    named = NODE.replace("COPY . /app", "COPY .git/HEAD . /app/")
    assert ".git\n" not in habits.ignored(read(named, "Dockerfile"), there=False)


def test_what_is_advised() -> None:
    gcc = Package("var/lib/dpkg/status", "dpkg", "deb", "gcc", "12", introduced=3)
    base = Package("var/lib/dpkg/status", "dpkg", "deb", "make", "4", introduced=0)
    text = 'FROM debian:12\nRUN apt-get install -y gcc\nCMD ["x"]\n'
    told = list(habits.advice(read(text, "Dockerfile"), Inventory((gcc, base)), 1))
    assert told == [
        "it runs as root: make a user for it, and name it by USER",
        "build tools stay in the image (gcc): build in an earlier stage, COPY --from it",
    ]
    assert not list(habits.advice(read("FROM debian:12\nUSER app\n", "Dockerfile"), Inventory(), 1))


@given(st.lists(st.sampled_from(["RUN a", "# c", "COPY . /x", "ENV A=b", "EXPOSE 8080", 'CMD ["n"]']),
                max_size=8))  # fmt: skip
def test_the_rest_stays(lines: list[str]) -> None:
    text = "\n".join(["FROM node:20", *lines, ""])
    edit = habits.user(read(text, "Dockerfile"))
    after = applied(text, [edit]) if edit else text
    assert [line for line in after.splitlines() if line != "USER node"] == text.splitlines()
