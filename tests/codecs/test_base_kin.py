"""Images of other publishers that stand for official ones, by names and tags as these have them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.cli.base_kin import asked
from pratique.codecs.base_kin import KINDS, Kin, is_floating, kin
from pratique.codecs.base_tags import ORDER
from pratique.codecs.reference import parse
from pratique.credentials import Credentials
from pratique.errors import Unauthorized
from pratique.model.settings import Settings
from pratique.sources.registry import Registry


@pytest.mark.parametrize(
    ("name", "tag", "wanted"),
    [
        ("python", "3.13-slim", ["distroless/python3-debian13", "python"]),
        ("python", "3.13.2-alpine3.21", ["distroless/python3-debian13", "python"]),
        ("python", "3.12.4-slim-bookworm", ["python"]),
        ("python", "3", []),
        ("python", "latest", []),
        ("python", "3.13-windowsservercore", []),
        ("public.ecr.aws/docker/library/node", "22.3-bookworm",
         ["distroless/nodejs22-debian13", "node"]),
        ("node", "23", ["node"]),
        ("eclipse-temurin", "17.0.8_7-jre-jammy", ["distroless/java17-debian13", "eclipse-temurin"]),
        ("eclipse-temurin", "8u372-b07-jre", ["eclipse-temurin"]),
        ("openjdk", "17-jdk-slim", ["distroless/java17-debian13"]),
        ("debian", "trixie-slim", ["distroless/cc-debian13", "distroless/base-debian13",
                                   "distroless/static-debian13", "debian-base"]),
        ("debian", "12.4", []),
        ("example.com/python", "3.13", []),
        ("redhat/ubi9", "9.4", ["ubi9/ubi-micro", "ubi9/ubi-minimal"]),
        ("registry.access.redhat.com/ubi8/ubi", "latest", ["ubi8/ubi-micro", "ubi8/ubi-minimal"]),
        ("registry.access.redhat.com/ubi9/ubi-minimal", "9.4", []),
    ],
)  # fmt: skip
def test_what_stands_for_an_image(name: str, tag: str, wanted: list[str]) -> None:
    found = kin(name, tag)
    assert [one.repository.partition("/")[2] for one in found] == wanted
    assert [one.kind for one in found] == sorted((one.kind for one in found), key=ORDER.index)


UBI = ["latest", "9.3", "9.4", "9.6", "9.4-1194", "9.5-1731518200", "9.6-1752068608", "9.6-1752068608-source",
       "9.4-1194.1725849298", "sha256-ab.sig"]  # fmt: skip
DHI = ["3.13", "3.13-debian", "3.13-debian13", "3.13.9-debian13", "3.13.10-debian12",
       "3.13.10-debian13", "3.13.11-debian13-dev", "3.14.1-debian13", "3.13.10-alpine3.22"]  # fmt: skip


@pytest.mark.parametrize(
    ("repository", "own", "tags", "wanted"),
    [
        ("registry.access.redhat.com/ubi9/ubi-micro", "9.4", UBI, "9.6"),
        ("registry.access.redhat.com/ubi9/ubi-micro", "9.4-1194", UBI, "9.6-1752068608"),
        ("registry.access.redhat.com/ubi9/ubi-micro", "latest", UBI, "9.6-1752068608"),
        ("registry.access.redhat.com/ubi9/ubi-micro", "9.7", UBI, ""),
        ("registry.access.redhat.com/ubi9/ubi-micro", "weekly", UBI, ""),
        ("dhi.io/python", "3.13.2-slim", DHI, "3.13.10-debian13"),
        ("dhi.io/python", "3.13.2-slim-bookworm", DHI, "3.13.10-debian12"),
        ("dhi.io/python", "3.13.2-alpine", DHI, "3.13.10-alpine3.22"),
        ("dhi.io/python", "3.13-slim", DHI, "3.13-debian13"),
        ("dhi.io/python", "3.12.1", DHI, ""),
        ("dhi.io/eclipse-temurin", "17.0.8_7-jre",
         ["17-debian13", "17.0.20-debian13", "17.0.20.8-debian13", "21.0.1-debian13"],
         "17.0.20-debian13"),
    ],
)  # fmt: skip
def test_which_tag(repository: str, own: str, tags: list[str], wanted: str) -> None:
    assert Kin("hardened", repository).chosen(own, tags) == wanted


@given(st.sampled_from(["dhi.io/node", "registry.access.redhat.com/ubi9/ubi-micro"]),
       st.text("0123456789.-_abdenu", max_size=12),
       st.lists(st.text("0123456789.-_abdenu", max_size=12)))  # fmt: skip
def test_any_tags(repository: str, own: str, tags: list[str]) -> None:
    assert Kin("hardened", repository).chosen(own, tags) in {"", *tags}


def test_kinds_are_the_last_of_the_order() -> None:
    assert ORDER[-2:] == KINDS


def test_what_only_a_digest_tells() -> None:
    assert [one for one in ("nonroot", "trixie-debian13", "3.13-debian13", "9.4-11")
            if is_floating(one)] == ["nonroot", "trixie-debian13"]  # fmt: skip


def test_how_to_be_let_in_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: Registry) -> list[str]:
        raise Unauthorized("dhi.io/python: access refused (401)")

    monkeypatch.setattr(Registry, "tags", nobody)
    found, missed = asked(parse("python:3.12"), Settings())
    assert found == []
    assert missed == ["dhi.io/python: access refused (401); `docker login dhi.io`"]


def test_given_credentials_are_not_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Credentials | None] = []

    def spied(_: object, *args: object, credentials: Credentials | None) -> None:
        seen.append(credentials)
        raise Unauthorized("seen")

    monkeypatch.setattr("pratique.sources.registry.Endpoint", spied)
    given = Settings(username="me", password="correct horse", registry_token="t")
    found, missed = asked(parse("python:3.13"), given)
    assert (found, len(missed), seen) == ([], 2, [None, None])
