"""Ranges of npm, held against npm's own library where Node is here."""

from __future__ import annotations

import json
import os
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.codecs.npm_range import allows


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("^1.2.3", "1.9.0", "2.0.0"), ("^0.2.3", "0.2.9", "0.3.0"), ("^0.0.3", "0.0.3", "0.0.4"),
        ("~1.2.3", "1.2.9", "1.3.0"), ("~1", "1.9.9", "2.0.0"), ("1.2.x", "1.2.7", "1.3.0"),
        ("*", "9.9.9", "1.0.0-rc.1"), (">=1.2.0 <2", "1.5.0", "2.0.0"), ("0.0.8", "0.0.8", "0.0.9"),
        ("1.0.0 - 2.1", "2.1.9", "2.2.0"), ("<1 || ^3", "3.4.0", "2.0.0"), (">1.2", "1.3.0", "1.2.9"),
    ],
)  # fmt: skip
def test_ranges(written: str, inside: str, outside: str) -> None:
    assert allows(written, inside)
    assert not allows(written, outside)


def test_what_is_no_range_allows_nothing() -> None:
    for written in ("git+https://x/y", "workspace:*", "latest", "npm:other@1", "^"):
        assert not allows(written, "1.0.0")


_number = st.sampled_from("0123")
_version = st.one_of(
    st.builds(".".join, st.lists(_number, min_size=1, max_size=3)),
    st.builds("{}.x".format, _number), st.builds("{}.{}.x".format, _number, _number),
)  # fmt: skip
_one = st.builds(
    lambda sign, v: sign + v, st.sampled_from(["", "^", "~", ">=", "<", ">", "<="]), _version
)
_ranges = st.lists(st.builds(" ".join, st.lists(_one, min_size=1, max_size=2)), min_size=1,
                   max_size=2).map(" || ".join)  # fmt: skip
_SCRIPT = """
const semver = require(process.argv[1]);
const asked = JSON.parse(require("fs").readFileSync(0));
console.log(JSON.stringify(asked.map(([v, r]) => semver.satisfies(v, r))));
"""


def _semver() -> str:
    for place in (
        "/usr/lib/node_modules/npm",
        "/usr/share/nodejs/npm",
        "/usr/local/lib/node_modules/npm",
    ):
        if os.path.isdir(f"{place}/node_modules/semver"):
            return f"{place}/node_modules/semver"
    pytest.skip("npm's own semver is not here")


@settings(max_examples=5, deadline=None)
@given(
    st.lists(st.tuples(st.tuples(*[st.integers(0, 3)] * 3), _ranges), min_size=200, max_size=400)
)
def test_as_npm_does(cases: list[tuple[tuple[int, int, int], str]]) -> None:
    asked = [(".".join(map(str, version)), written) for version, written in cases]
    done = subprocess.run(["node", "-e", _SCRIPT, _semver()], input=json.dumps(asked), text=True,
                          check=True, capture_output=True)  # fmt: skip
    for (version, written), expected in zip(asked, json.loads(done.stdout), strict=True):
        assert allows(written, version) is expected, (written, version)
