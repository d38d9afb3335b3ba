from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.reference import is_digest, parse
from pratique.errors import UsageError

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest"),
    [
        ("debian", "docker.io", "library/debian", "latest", ""),
        ("debian:12", "docker.io", "library/debian", "12", ""),
        ("docker.io/debian", "docker.io", "library/debian", "latest", ""),
        ("index.docker.io/bitnami/redis:7", "docker.io", "bitnami/redis", "7", ""),
        ("localhost/app", "localhost", "app", "latest", ""),
        ("localhost:5000/a/b:v1", "localhost:5000", "a/b", "v1", ""),
        ("[::1]:5000/a", "[::1]:5000", "a", "latest", ""),
        ("ghcr.io/a/b__c.d-e", "ghcr.io", "a/b__c.d-e", "latest", ""),
        ("HOST/a", "HOST", "a", "latest", ""),
        (f"debian@{DIGEST}", "docker.io", "library/debian", "", DIGEST),
        (f"quay.io/a/b:1.0@{DIGEST}", "quay.io", "a/b", "1.0", DIGEST),
    ],
)
def test_references_are_read_as_docker_reads_them(
    text: str, registry: str, repository: str, tag: str, digest: str
) -> None:
    found = parse(text)
    assert (found.registry, found.repository) == (registry, repository)
    assert (found.tag, found.digest) == (tag, digest)


@pytest.mark.parametrize(
    "text",
    ["", " ", "Debian", "debian:", "debian:12:13", "a//b", "/a", "a/", "-a", "a@sha256:12", "@",
     f"a@sha256:{'A' * 64}", "a" * 64, "x/" * 200 + "a", "a:" + "t" * 129, "a b", "a\n", "ä",
     "https://ghcr.io/a", "a:-b", "host.io:port/a", "a" * 700, "../a", "ghcr.io/../a"],
)  # fmt: skip
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse(text)


def test_usual_mistakes_come_with_advice() -> None:
    for text, advice in (("Debian", "lower case"), ("https://ghcr.io/a", "Leave out")):
        with pytest.raises(UsageError) as caught:
            parse(text)
        assert advice in caught.value.hint


def test_a_reference_is_shown_in_the_short_way() -> None:
    assert str(parse("docker.io/library/debian")) == "debian:latest"
    assert parse("bitnami/redis").name == "bitnami/redis"
    assert parse("quay.io/library/x").name == "quay.io/library/x"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [(DIGEST, True), ("sha512:" + "0" * 128, True), ("sha256:" + "a" * 63, False),
     ("sha256:../../etc/passwd", False), ("blake3:" + "0" * 64, True), ("", False)],
)  # fmt: skip
def test_a_digest_has_the_length_of_its_algorithm(text: str, *, is_one: bool) -> None:
    assert is_digest(text) is is_one


@given(st.text(max_size=80))
def test_any_text_is_a_reference_or_a_usage_error(text: str) -> None:
    try:
        found = parse(text)
    except UsageError:
        return
    assert parse(str(found)) == found
