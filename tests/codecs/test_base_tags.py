"""Tags of base images as their publishers have them, and what is proposed in their place."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.base_tags import ORDER, candidates, parse
from pratique.codecs.dockerfile.images import over

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
TODAY = "2026-11-26"
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


@pytest.mark.parametrize(
    ("repository", "tag", "tags", "expected"),
    [
        ("ubuntu", "22.04", "22.10 23.10 24.04 24.10 26.10", {"major": "24.04"}),
        ("ubuntu", "jammy", "mantic noble plucky", {"suite": "noble"}),
        ("node", "16", "17 18 20 22 24 25 26", {"major": "22"}),
        ("node", "16-bullseye", "16-bookworm 18-bullseye 20-bookworm 22-bookworm",
         {"suite": "16-bookworm", "major": "22-bookworm"}),
        ("python", "3.9.1-slim-buster",
         "3.9.23-slim-buster 3.9.23-slim-bookworm 3.10.1-slim-buster 3.14.0-slim-trixie",
         {"patch": "3.9.23-slim-buster", "minor": "3.14.0-slim-trixie",
          "suite": "3.9.23-slim-bookworm"}),
        ("python", "3.9.20", "3.9.1-slim 3.9.2-alpine", {}),
        ("amazonlinux", "2023.5.20240708.1", "2 2023 2.0.20240610.1 2023.9.20251105.0",
         {"minor": "2023.9.20251105.0"}),
        ("openjdk", "8u342-jre-slim", "8u352-jre-slim 8u352-jdk-slim", {"patch": "8u352-jre-slim"}),
        ("eclipse-temurin", "8u372-b07-jre", "8u372-b08-jre 8u402-b06-jre 8u412-b01-jdk",
         {"patch": "8u402-b06-jre"}),
        ("chainguard/x", "1.2.3-r0", "1.2.3-r1 1.2.4-r0 1.2.4-r12", {"patch": "1.2.4-r12"}),
        ("bitnami/redis", "7.2.4-debian-11-r10", "7.2.4-debian-11-r9 7.2.5-debian-12-r0",
         {"suite": "7.2.5-debian-12-r0"}),
        ("postgres", "15.2", "15.14 16.3 16.9", {"patch": "15.14", "major": "16.9"}),
        ("x/y", "amd64-3.9.1", "arm64-3.9.30 amd64-3.9.23", {"patch": "amd64-3.9.23"}),
    ],
)  # fmt: skip
def test_schemes_of_publishers_on_a_day(
    repository: str, tag: str, tags: str, expected: dict[str, str]
) -> None:
    found = candidates(tag, tags.split(), repository, lambda t: over(f"{repository}:{t}", TODAY))
    assert {one.kind: one.tag for one in found[1:]} == expected


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


@given(st.sampled_from(PYTHON + NODE + DEBIAN + UBI + TEMURIN), _tags, st.randoms())
def test_the_registrys_order_does_not_matter(tag: str, tags: list[str], chance: Random) -> None:
    mixed = chance.sample(tags, len(tags))
    assert [one.kind for one in candidates(tag, mixed)] == [o.kind for o in candidates(tag, tags)]


_version = st.tuples(*[st.integers(0, 40)] * 3)
_ENDINGS = ["", "-slim", "-r1", "-alpine3.20"]


@given(_version, st.lists(_version, max_size=12), st.sampled_from(_ENDINGS))
def test_a_patch_is_the_newest_of_its_series_and_no_step_goes_back(
    own: tuple[int, ...], others: list[tuple[int, ...]], ending: str
) -> None:
    def newest(some: list[tuple[int, ...]]) -> str | None:
        return ".".join(map(str, max(some))) + ending if some else None

    found = kinds(newest([own]) or "", [newest([one]) or "" for one in others])
    assert found.get("patch") == newest([o for o in others if o[:2] == own[:2] and o > own])
    assert found.get("minor") == newest([o for o in others if o[0] == own[0] and o[:2] > own[:2]])
    majors = [one for one in others if one[0] > own[0]]
    assert found.get("major") == newest([one for one in majors if one[0] == min(majors)[0]])


@given(_tags, st.sampled_from(PYTHON + NODE + DEBIAN + UBI + TEMURIN))
def test_after_a_patch_there_is_none_left(tags: list[str], tag: str) -> None:
    patch = kinds(tag, tags).get("patch")
    if patch:
        assert "patch" not in kinds(patch, tags)


@pytest.mark.parametrize("tag", [
    "1.2.\u0664", "1.2.4\n", "1.2.4-slim\nRUN x", "1.2.4 AS x", "1.2.4\x1b[2J", "1.2.4" + "0" * 200,
])  # fmt: skip
def test_what_is_no_tag_is_not_proposed(tag: str) -> None:
    assert [one.tag for one in candidates("1.2.3", [tag, "1.2.5"])] == ["1.2.3", "1.2.5"]
    for own in ("1.2.3", "1.2.3-bookworm"):
        assert tag not in {one.tag for one in candidates(own, [tag])}


@given(st.text(max_size=40))
def test_any_text_is_read_or_none(text: str) -> None:
    parse(text)
