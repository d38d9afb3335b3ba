"""Tags of base images as their publishers have them, and what is proposed in their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.base_tags import ORDER, candidates, parse

PYTHON = [
    "latest",
    "slim",
    "alpine",
    "3",
    "3.9",
    "3.9-slim",
    "3.9.1",
    "3.9.20",
    "3.9.23",
    "3.9.1-slim",
    "3.9.23-slim",
    "3.9.1-slim-bullseye",
    "3.9.23-slim-bullseye",
    "3.9.23-slim-bookworm",
    "3.9.23-slim-trixie",
    "3.9.23-bookworm",
    "3.9.23-alpine",
    "3.9.23-alpine3.21",
    "3.9.23-alpine3.22",
    "3.12.4",
    "3.12.11",
    "3.13.5",
    "3.13.5-slim",
    "3.14.0rc1",
    "3.14.0b2-slim",
    "3.12",
    "3.13",
    "3-slim",
    "3.12.11-slim-bullseye",
    "3.13.5-slim-bookworm",
    "3.9.23-windowsservercore-ltsc2022",
]
NODE = [
    "16",
    "18",
    "20",
    "16-alpine",
    "18-alpine",
    "16.20.2",
    "18.20.8",
    "20.19.4",
    "16.20.2-alpine",
    "16.20.2-alpine3.18",
    "lts",
    "lts-slim",
    "16-slim",
]
TEMURIN = [
    "17-jre",
    "21-jre",
    "17.0.8_7-jre",
    "17.0.15_6-jre",
    "17.0.15_6-jdk",
    "21.0.7_6-jre",
    "17.0.15_6-jre-alpine",
    "17.0.8_7-jdk",
]
DEBIAN = [
    "12",
    "12-slim",
    "13",
    "12.1",
    "12.11",
    "bookworm",
    "bookworm-slim",
    "trixie",
    "trixie-slim",
    "sid",
    "bookworm-20230109",
    "bookworm-20250610",
    "12.11-slim",
]
UBI = [
    "8.6",
    "8.10",
    "8.10-1052",
    "8.10-1304.1749542372",
    "9.6",
    "9.6-1749542372",
    "latest",
    "8.6-751",
]
DISTROLESS = ["latest", "nonroot", "debug", "debug-nonroot", "latest-amd64", "nonroot-arm64"]


def kinds(tag: str, tags: list[str]) -> dict[str, str]:
    return {one.kind: one.tag for one in candidates(tag, tags)}


@pytest.mark.parametrize(
    ("tag", "tags", "expected"),
    [
        ("3.9.1", PYTHON, {"rebuilt": "3.9.1", "patch": "3.9.23", "minor": "3.13.5", "alpine": "3.9.23-alpine3.22",
                           "slim": "3.9.23-slim"}),
        ("3.9.1-slim-bullseye", PYTHON, {
            "rebuilt": "3.9.1-slim-bullseye", "patch": "3.9.23-slim-bullseye", "minor": "3.12.11-slim-bullseye",
            "suite": "3.9.23-slim-trixie", "alpine": "3.9.23-alpine3.22"}),
        ("3.9", PYTHON, {"rebuilt": "3.9", "minor": "3.13", "slim": "3.9-slim"}),
        ("16-alpine", NODE, {"rebuilt": "16-alpine", "major": "18-alpine"}),
        ("16", NODE, {"rebuilt": "16", "slim": "16-slim", "alpine": "16-alpine", "major": "18"}),
        ("17.0.8_7-jre", TEMURIN, {"rebuilt": "17.0.8_7-jre", "patch": "17.0.15_6-jre",
                                   "alpine": "17.0.15_6-jre-alpine", "major": "21.0.7_6-jre"}),
        ("12", DEBIAN, {"rebuilt": "12", "slim": "12-slim", "major": "13"}),
        ("bookworm-slim", DEBIAN, {"rebuilt": "bookworm-slim", "suite": "trixie-slim"}),
        ("bookworm-20230109", DEBIAN, {"rebuilt": "bookworm-20230109", "patch": "bookworm-20250610"}),
        ("8.10-1052", UBI, {"rebuilt": "8.10-1052", "major": "9.6-1749542372"}),
        ("nonroot", DISTROLESS, {"rebuilt": "nonroot"}),
    ],
)  # fmt: skip
def test_what_is_proposed(tag: str, tags: list[str], expected: dict[str, str]) -> None:
    assert kinds(tag, tags) == expected


def test_unfinished_ones_are_none() -> None:
    assert all(
        parse(tag) is None for tag in ("3.14.0rc1", "3.13-rc", "edge", "nightly", "sid", "latest")
    )


_tags = st.lists(st.sampled_from(PYTHON + NODE + DEBIAN + UBI + TEMURIN), max_size=30)


@given(st.sampled_from(PYTHON + NODE + DEBIAN + UBI), _tags)
def test_order_and_direction(tag: str, tags: list[str]) -> None:
    found = candidates(tag, tags)
    assert [one.kind for one in found] == sorted((one.kind for one in found), key=ORDER.index)
    assert len({one.tag for one in found}) == len(found)
    own = parse(tag)
    for one in found[1:]:
        assert one.tag in tags
        assert one.tag not in ("latest", "slim", "alpine", "lts", "sid")
        other = parse(one.tag)
        assert own
        assert other
        assert other.version >= own.version or len(other.version) != len(own.version)


@given(st.text(max_size=40))
def test_any_text_is_read_or_none(text: str) -> None:
    parse(text)
