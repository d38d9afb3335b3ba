from __future__ import annotations

import pytest

from pratique.codecs.platforms import Platform, host, parse, rank
from pratique.errors import UsageError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("linux/amd64", "linux/amd64"),
        ("Linux/X86_64", "linux/amd64"),
        ("linux/aarch64", "linux/arm64"),
        ("arm64", "linux/arm64"),
        ("linux/arm/v6", "linux/arm/v6"),
        ("linux/armv6l", "linux/arm/v6"),
        ("windows/amd64", "windows/amd64"),
    ],
)
def test_platforms_are_written_in_more_ways_than_one(text: str, expected: object) -> None:
    assert str(parse(text)) == expected


@pytest.mark.parametrize("text", ["", "linux", "linux/", "/", "a/b/c/d", "toaster"])
def test_nonsense_is_no_platform(text: str) -> None:
    with pytest.raises(UsageError):
        parse(text)


@pytest.mark.parametrize(
    ("wanted", "offered", "expected"),
    [
        ("linux/arm64", Platform("linux", "arm64", "v8"), 0),
        ("linux/arm64/v8", Platform("linux", "arm64"), 0),
        ("linux/arm", Platform("linux", "arm", "v7"), 0),
        ("linux/arm/v7", Platform("linux", "arm", "v5"), 3),
        ("linux/arm/v6", Platform("linux", "arm", "v7"), None),
        ("linux/amd64", Platform("linux", "amd64", "v3"), 4),
        ("linux/amd64/v2", Platform("linux", "amd64", "v3"), None),
        ("linux/amd64", Platform("windows", "amd64"), None),
        ("linux/amd64", Platform(), None),
    ],
)
def test_how_well_one_platform_serves_for_another(
    wanted: str, offered: Platform, expected: object
) -> None:
    assert rank(parse(wanted), offered) == expected


def test_this_machine_runs_linux_images() -> None:
    assert host().os == "linux"
    assert host().architecture
