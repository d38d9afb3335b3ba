from __future__ import annotations

import io
import random
import sys
from functools import cache
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.cache import MemoryCache
from pratique.errors import LimitExceeded
from pratique.model.analyzer import Stretch
from pratique.model.inventory import Problem
from pratique.model.secret import Secret
from pratique.secrets.custom import Custom
from pratique.secrets.engine import Engine
from pratique.secrets.triggers import Slow
from secret_tokens import github, pem

TOKEN = github()


@cache
def engine() -> Engine:
    return Engine(Custom().ruleset, MemoryCache())


@cache
def slow() -> Engine:
    """The same without hyperscan."""
    made = Engine(Custom().ruleset, MemoryCache())
    made.__dict__["_triggers"] = Slow(made._expressions())
    return made


class Whole:
    def __init__(self, path: str, data: bytes) -> None:
        self.path, self.data, self.size = path, data, len(data)

    def read(self) -> bytes:
        return self.data

    def open(self) -> BinaryIO:
        return io.BytesIO(self.data)

    def other(self, _: str) -> bytes | None:
        return None


def found(text: str | bytes, path: str = "app/config.py", by: Engine | None = None) -> list[Secret]:
    data = text.encode() if isinstance(text, str) else text
    facts = list((by or engine()).analyze(Whole(path, data)))
    assert all(isinstance(fact, Secret) for fact in facts)
    return [fact for fact in facts if isinstance(fact, Secret)]


def test_a_secret_is_told_with_its_line_and_without_itself() -> None:
    (secret,) = found(f"import os\n\nTOKEN = '{TOKEN}'  # of the build\n")
    assert (secret.rule, secret.severity) == ("github-pat", "CRITICAL")
    assert (secret.line, secret.end_line) == (3, 3)
    assert secret.match == "TOKEN = '********'  # of the build"


def test_all_secrets_of_a_line_are_masked_in_each_of_them() -> None:
    other = github(2)
    secrets = found(f"a = '{TOKEN}'; b = '{other}'; c = '{TOKEN}'")
    assert len(secrets) == 3
    assert len({secret.mark for secret in secrets}) == 2
    for secret in secrets:
        assert TOKEN not in secret.match
        assert other not in secret.match


def test_a_key_of_many_lines_is_one_secret() -> None:
    (secret,) = found("first\n" + pem(), "app/server.key")
    assert (secret.rule, secret.line) == ("private-key", 2)
    assert secret.end_line > 10
    assert "********" in secret.match
    assert all(line not in secret.match for line in pem().split("\n")[1:-2])


def test_a_minified_line_is_cut_around_the_secret() -> None:
    (secret,) = found("x" * 300_000 + f";k='{TOKEN}';" + "y" * 300_000)
    assert len(secret.match) < 200
    assert "********" in secret.match


def test_utf_16_and_compiled_python_are_read() -> None:
    (secret,) = found(f"a\r\nTOKEN = '{TOKEN}'\r\n".encode("utf-16"))
    assert secret.line == 2
    (secret,) = found(b"\xa7\r\r\n\0\0\0\0" + b"\xda(" + TOKEN.encode() + b"\xa9", "app/x.pyc")
    assert secret.line == 0


def test_a_secret_between_two_pieces_of_a_large_file_is_found_once() -> None:
    piece = 8 << 20
    for at in (piece - 10, piece - 32_768, piece - 65_536, piece + 5):
        line = b"0123456789abcde\n"
        data = bytearray(line * (2 * piece // len(line)))
        text = f" {TOKEN} ".encode()
        data[at : at + len(text)] = text
        (secret,) = found(bytes(data))
        assert secret.line == bytes(data).count(b"\n", 0, at) + 1


def test_files_that_lie_side_by_side_are_told_apart() -> None:
    pieces, stretches, at = [], [], 0
    for number in range(40):
        text = f"# {number}\ntoken = '{github(number)}'".encode() if number % 3 else b"nothing"
        header = b"name".ljust(512, b"\0")
        stretches.append(Stretch(at + 512, at + 512 + len(text), f"app/{number}.py".encode()))
        pieces += [header, text, bytes(-len(text) % 512)]
        at += 512 + len(text) + -len(text) % 512
    secrets = list(engine().search(b"".join(pieces), stretches))
    expected = [(f"app/{number}.py", 2) for number in range(40) if number % 3]
    assert sorted((s.path, s.line) for s in secrets if isinstance(s, Secret)) == sorted(expected)


def test_two_halves_in_two_files_are_no_secret() -> None:
    half = len(TOKEN) // 2
    first, second = TOKEN[:half].encode().rjust(512, b" "), TOKEN[half:].encode()
    block = first + second
    stretches = [Stretch(0, 512, b"a"), Stretch(512, 512 + len(second), b"b")]
    assert list(engine().search(block, stretches)) == []


def test_hostile_texts_take_neither_long_nor_fail() -> None:
    noise = random.Random(3).randbytes(200_000)
    for data in (noise, b"\0" * 100_000, b"password=" * 100_000, b'"' * 500_000, b"-----BEGIN " * 50_000,
                 b"\xff\xfe" + noise, b"eyJ" * 100_000, b"sk_live_" * 50_000):  # fmt: skip
        list(engine()._of_file(Whole("app/x", data)))


def test_a_file_full_of_secrets_says_that_not_all_are_listed() -> None:
    text = "\n".join(f"t = '{github(seed)}'" for seed in range(400))
    secrets: list[object] = []
    with pytest.raises(LimitExceeded, match="the first 200 are reported"):
        secrets.extend(engine().analyze(Whole("app/list.txt", text.encode())))
    facts = list(engine().search(text.encode(), [Stretch(0, len(text), b"app/list.txt")]))
    assert sum(isinstance(fact, Secret) for fact in facts) == 200
    assert sum(isinstance(fact, Problem) for fact in facts) == 1


@pytest.mark.parametrize(
    "comment",
    [
        "pratique:ignore",
        "trivy:ignore:github-pat",
        "gitleaks:allow",
        "pratique:ignore:x,github-pat",
    ],
)
def test_a_comment_on_the_line_or_above_lets_a_secret_pass(comment: str) -> None:
    assert found(f"token = '{TOKEN}'  # {comment}") == []
    assert found(f"# {comment}\ntoken = '{TOKEN}'") == []
    assert len(found(f"# {comment}\n\ntoken = '{TOKEN}'")) == 1
    assert len(found(f"token = '{TOKEN}'  # pratique:ignore:jwt-token")) == 1


@pytest.mark.parametrize(
    "value",
    ["AKIA" + "IOSFODNN7EXAMPLE", "${GITHUB_TOKEN}", "<your-token>", "changeme", "xxxxxxxxxxxxxxxx",
     "{{ password }}", "%(password)s", "********"],
)  # fmt: skip
def test_placeholders_are_no_secrets(value: str) -> None:
    for name in ("password", "AWS_ACCESS_KEY_ID", "github_token", "SECRET_KEY"):
        assert found(f'{name} = "{value}"\n', "app/settings.ini") == []
        assert found(f"{name}={value}\n", ".env") == []


def test_what_packages_bring_along_as_tests_is_known_but_a_planted_token_is_found() -> None:
    place = "usr/lib/python3/dist-packages/"
    assert found(pem(), place + "twisted/test/server.pem") == []
    assert len(found(f"T = '{TOKEN}'", place + "mine/settings.py")) == 1
    assert len(found(pem(), "app/tests/server.pem")) == 1


def pieces() -> st.SearchStrategy[str]:
    near = st.sampled_from([
        TOKEN, TOKEN[:-1], github(5) + "x", pem(3), "password = ", "'", '"', "\n", "=", " ", ":",
        "aws_secret_access_key = ", "AKIA" + "Q3EGR7ZLMKYW5T2J", "wJ4lrXUtnFEMIaK7MDENGbPxRfiCYzT8kQpLsVhd",
        "postgres://app:Xk9vPq2LmT@db/x", "SK" + "0123456789abcdef" * 2, "\0", "é", "token: ", "-----BEGIN ",
    ])  # fmt: skip
    return st.lists(st.one_of(near, st.text(max_size=20)), max_size=25).map("".join)


@settings(max_examples=60)
@given(pieces(), st.sampled_from(["app/x.py", "app/.env", "app/config.yaml", "root/.pgpass"]))
def test_hyperscan_and_re_find_the_same(text: str, path: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    assert list(engine()._of_file(Whole(path, data))) == list(slow()._of_file(Whole(path, data)))


@settings(max_examples=40)
@given(st.binary(max_size=3000))
def test_any_bytes_are_read(data: bytes) -> None:
    for fact in engine()._of_file(Whole("app/x.conf", data)):
        assert isinstance(fact, Secret | Problem)


def test_without_hyperscan_re_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hyperscan", None)
    made = Engine(Custom().ruleset, MemoryCache())
    assert isinstance(made._triggers, Slow)
    (secret,) = found(f"TOKEN = '{TOKEN}'", by=made)
    assert secret.rule == "github-pat"


def test_compiled_rules_are_kept_and_a_foreign_or_damaged_copy_is_made_anew() -> None:
    pytest.importorskip("hyperscan")
    cache_ = MemoryCache()
    made = Engine(Custom().ruleset, cache_)
    assert isinstance(list(made.find(b"nothing", "x")), list)
    (key,) = (key for key in cache_._entries if key.startswith("hyperscan "))
    cache_._entries[key] = bytes(4) + b"of another processor"
    (secret,) = found(f"TOKEN = '{TOKEN}'", by=Engine(Custom().ruleset, cache_))
    assert secret.rule == "github-pat"
    assert len(cache_._entries[key]) > 1000
