from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.suppression import suppressions
from pratique.ignore.inline import Judged, judge
from pratique.model.misconfiguration import Misconfiguration

TODAY = "2026-11-24"
KNOWN = frozenset(
    {"DF-0001", "DF-0003", "DS-0002", "DS-0001", "DL3006", "K8S-0017", "KSV-0017", "K8S-0012"}
)
DOCKERFILE = """\
# syntax=docker/dockerfile:1
{head}
FROM debian:latest
{above}
RUN apt-get update && \\
    # a remark
    apt-get install -y x
USER root
"""


def failure(id: str, start: int = 0, end: int = 0, *aliases: str) -> Misconfiguration:
    return Misconfiguration(id, aliases, "dockerfile", "f", "t", "w", "HIGH", "m", "r",
                            start=start, end=end or start)  # fmt: skip


def judged(text: str, *failures: Misconfiguration, kind: str = "dockerfile") -> Judged:
    return judge(failures, text, kind, "f", lambda: KNOWN, TODAY)


def excused(text: str, one: Misconfiguration, kind: str = "dockerfile") -> str:
    """Return why a failure does not count; empty where it does."""
    found = judged(text, one, kind=kind)
    return found.suppressed[0].reason if found.suppressed else ""


def test_a_comment_above_an_instruction_is_about_all_of_it() -> None:
    text = DOCKERFILE.format(head="", above="# pratique:ignore DF-0003 reason: it is a lab")
    assert excused(text, failure("DF-0003", 5, 7)) == "ignored: it is a lab"
    assert excused(text, failure("DF-0003", 7)) == "ignored: it is a lab"
    assert not excused(text, failure("DF-0003", 3))
    assert not excused(text, failure("DF-0003", 8))
    assert not excused(text, failure("DF-0003"))
    assert not excused(text, failure("DF-0001", 5))


def test_a_comment_inside_of_an_instruction_is_about_it() -> None:
    text = DOCKERFILE.format(head="", above="").replace("# a remark", "# pratique:ignore DF-0003")
    assert excused(text, failure("DF-0003", 5, 7)) == "ignored by f:6"
    assert excused(text, failure("DF-0003", 7)) == "ignored by f:6"
    assert not excused(text, failure("DF-0003", 8))


def test_at_the_head_of_a_file_it_is_about_what_is_absent_too() -> None:
    text = DOCKERFILE.format(
        head="# pratique:ignore DF-0001, DF-0003 reason: a base image", above=""
    )
    for start in (0, 3, 8):
        assert excused(text, failure("DF-0001", start)) == "ignored: a base image"


@pytest.mark.parametrize("id", ["DF-0001", "DS-0002", "AVD-DS-0002", "DS002", "CIS-4.1"])
def test_any_id_of_the_check_will_do(id: str) -> None:
    text = DOCKERFILE.format(head=f"# pratique:ignore {id}", above="")
    assert excused(text, failure("DF-0001", 0, 0, "DS-0002", "CIS-4.1"))


def test_trivys_comments() -> None:
    text = DOCKERFILE.format(
        head="", above="#trivy:ignore:DS-0001:exp:2026-12-01 trivy:ignore:AVD-DS-0002"
    )
    assert excused(text, failure("DF-0003", 5, 7, "DS-0001")) == "ignored by f:4 (until 2026-12-01)"
    assert excused(text, failure("DF-0001", 7, 7, "DS-0002"))
    every = DOCKERFILE.format(head="", above="# trivy:ignore:*")
    assert excused(every, failure("DF-0009", 5))
    assert not excused(every, failure("DF-0009", 3))
    head = DOCKERFILE.format(head="#trivy:ignore:DS-0002", above="")
    assert excused(head, failure("DF-0001", 0, 0, "DS-0002"))
    assert excused(head, failure("DF-0001", 3, 3, "DS-0002"))
    assert not excused(head, failure("DF-0001", 8, 8, "DS-0002"))


def test_hadolints_comments() -> None:
    text = DOCKERFILE.format(head="# hadolint ignore=DL3006,DL3007", above="")
    assert excused(text, failure("DF-0003", 3, 3, "DL3006"))
    assert not excused(text, failure("DF-0003", 8, 8, "DL3006"))
    whole = DOCKERFILE.format(head="", above="# hadolint global ignore=DL3002")
    assert excused(whole, failure("DF-0001", 8, 8, "DL3002"))
    assert excused(whole, failure("DF-0001", 0, 0, "DL3002"))


def test_what_cannot_be_followed_is_said() -> None:
    text = dedent("""\
        FROM x
        # pratique:ignore DF-0001 until: 2026-01-31
        # pratique:ignore DF-9999 reason: none
        # pratique:ignore DF-0003 until: soon
        # pratique:ignore
        # pratique:ignore *
        # trivy:ignore:DS-0001[image=x]
        # trivy:ignore:DS-0099
        # pratique:ignore github-pat
        # hadolint ignore=DL9999
        USER root
        """)
    found = judged(text, failure("DF-0001", 11), failure("DF-0003", 11), failure("DS-0001", 11))
    assert len(found.failures) == 3
    assert [(problem.where, problem.what) for problem in found.problems] == [
        ("f:2", "`pratique ignore` of DF-0001 is over since 2026-01-31"),
        ("f:3", "`pratique ignore` of DF-9999: no check is called DF-9999"),
        ("f:4", "`pratique ignore` of DF-0003 is not followed: 'soon' is no date (until: YYYY-MM-DD)"),
        ("f:5", "`pratique ignore` of nothing is not followed: it names no check"),
        ("f:6", "`pratique ignore` of * is not followed: `*` is not enough: name the checks"),
        ("f:7", "`trivy ignore` of DS-0001 is not followed: [image=x] cannot be followed here"),
        ("f:8", "`trivy ignore` of DS-0099: no check is called DS-0099"),
    ]  # fmt: skip


MANIFEST = """\
apiVersion: v1
kind: Pod
metadata:
  name: a
{annotations}
spec:
  {of_spec}
  containers:
    {of_first}
    - name: one
      securityContext:
        privileged: true  {on_line}
    - name: two
      securityContext:
        privileged: true
---
{of_second}
apiVersion: v1
kind: Pod
metadata: {{name: b}}
spec:
  containers:
  - name: three
    securityContext: {{privileged: true}}
"""
WHERE = dict.fromkeys(("annotations", "of_spec", "of_first", "on_line", "of_second"), "#")


@pytest.mark.parametrize(
    ("place", "lines"),
    [
        ("on_line", {12}),
        ("of_first", {12, 10}),
        ("of_spec", {10, 12, 15}),
        ("of_second", {19, 24}),
        ("annotations", {1, 10, 12, 15}),
    ],
)
def test_in_yaml_a_comment_is_about_what_is_below_it(place: str, lines: set[int]) -> None:
    comment = "# pratique:ignore K8S-0017 reason: lab"
    if place == "annotations":
        comment = "  annotations:\n    pratique/ignore: 'K8S-0017 reason: lab'"
    text = MANIFEST.format(**{**WHERE, place: comment})
    if place == "annotations":  # which takes a line more
        lines = {line + (line > 4) for line in lines}
    found = {
        line for line in range(1, text.count("\n") + 1)
        if excused(text, failure("K8S-0017", line), "kubernetes")
    }  # fmt: skip
    assert lines <= found
    assert not {1, 10, 12, 15, 19, 24} - lines & found if place != "annotations" else True
    assert not excused(text, failure("K8S-0012", min(lines)), "kubernetes")


def test_a_container_that_is_judged_as_a_whole_is_excused_inside() -> None:
    text = MANIFEST.format(**{**WHERE, "on_line": "# pratique:ignore KSV-0017"})
    assert excused(text, failure("K8S-0017", 10, 12, "KSV-0017"), "kubernetes")


def test_a_comment_without_ids_may_be_about_secrets() -> None:
    text = "FROM x\n# pratique:ignore\nENV A=b\nUSER root\n"
    assert not judged(text, failure("DF-0001", 4)).problems
    assert judged(text, failure("DF-0001", 3)).problems


@pytest.mark.parametrize("kind", ["dockerfile", "kubernetes"])
def test_large_files_are_walked_once(kind: str) -> None:
    text = "a: b\n" + "# pratique:ignore DF-0001\n  x: y\n" * 1000 + "  z: y\n" * 400_000
    found = judged(text, *(failure("DF-0003", line) for line in range(1, 400, 9)), kind=kind)
    assert len(found.failures) == 45


def test_many_comments_are_bounded() -> None:
    text = "FROM x\n" + "# pratique:ignore DF-0001\n" * 1500 + "USER root\n"
    found = judged(text, failure("DF-0001", 1502))
    assert found.suppressed
    assert [p.what for p in found.problems] == [
        "only the first 1000 comments that ignore are followed"
    ]


@given(st.text(alphabet="#/ pratique:ignotvyhadl=*DF-01,\n\\<E", max_size=300), st.integers(0, 9))
def test_any_text_can_be_judged(text: str, line: int) -> None:
    assert isinstance(suppressions(text), list)
    for kind in ("dockerfile", "kubernetes"):
        assert judged(f"# pratique:ignore DF-0001\n{text}", failure("DF-0001", line), kind=kind)
