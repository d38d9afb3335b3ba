from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.compose.images import tag_of
from pratique.codecs.compose.interpolation import interpolated, variables_of, with_defaults
from pratique.codecs.compose.merging import merged
from pratique.codecs.compose.mounts import Mount, mount_of
from pratique.codecs.compose.ports import Port, ports_of
from pratique.codecs.located import documents
from pratique.codecs.located_values import Map, Value


def read(text: str) -> Map:
    value = next(documents(text, "x.yaml"))
    assert isinstance(value, Map)
    return value


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("plain", "plain"),
        ("${A}-$A-${B}-$B", "1-1-${B}-$B"),
        ("${B:-x}${E:-x}${E-x}${A:-x}", "xx1"),
        ("${A:+yes}${E:+yes}${E+yes}${B+yes}", "yesyes"),
        ("${B:?needed}${A:?needed}", "${B:?needed}1"),
        ("${B:-${C:-deep}}/${B:-a$A}", "deep/a1"),
        ("$$A $${A}", "$A ${A}"),
        ("${A", "${A"),
        ("${B:-x", "${B:-x"),
        ("100$ ${} ${-}", "100$ ${} ${-}"),
    ],
)
def test_variables_get_their_values_or_defaults(text: str, result: str) -> None:
    assert interpolated(text, {"A": "1", "E": ""}) == result


@given(st.text("${}:-?+AB", max_size=80))
def test_no_variable_is_too_odd(text: str) -> None:
    assert isinstance(interpolated(text, {"A": "1"}), str)


def test_deep_nesting_ends() -> None:
    assert interpolated("${A:-" * 5000)
    assert interpolated("${A:-" * 200 + "}" * 200)


def test_what_aliases_share_is_copied_once() -> None:
    text = "a0: &a0 ['${X:-1}']\n"
    text += "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 14))
    value = with_defaults(read(text))
    assert isinstance(value, Map)
    assert value["a0"] == ["1"]
    assert value["a1"][0] is value["a1"][1]
    assert value.spans["a1"].start == 2


def test_an_env_file_is_read() -> None:
    text = "# c\nA=1\nexport B='x y' # z\nC=\"q\"\nD=plain # z\nE=\nnonsense\nF=a#b"
    assert variables_of(text) == {"A": "1", "B": "x y", "C": "q", "D": "plain", "E": "", "F": "a#b"}


@pytest.mark.parametrize(
    ("written", "ports"),
    [
        ("8080", [Port(8080, 0)]),
        (8080, [Port(8080, 0)]),
        ("80:8080", [Port(8080, 80)]),
        ("127.0.0.1:80:8080/udp", [Port(8080, 80, "127.0.0.1", "udp")]),
        ("127.0.0.1::8080", [Port(8080, 0, "127.0.0.1")]),
        ("[::1]:80:8080", [Port(8080, 80, "[::1]")]),
        ("9000-9001:8000-8001", [Port(8000, 9000), Port(8001, 9001)]),
        ("${IP}:80:80", [Port(80, 80, "${IP}")]),
        ("a:b", []),
        ("99999999:1", [Port(1, 0)]),
        (True, []),
        (None, []),
    ],
)
def test_ports_are_read(written: Value, ports: list[Port]) -> None:
    assert ports_of(written) == ports


def test_ports_are_read_in_the_long_syntax() -> None:
    value = read("target: 80\npublished: '8080-8081'\nhost_ip: 127.0.0.1\nprotocol: udp\n")
    assert ports_of(value) == [Port(80, 8080, "127.0.0.1", "udp")]
    assert ports_of(value)[0].is_local
    assert Port(1, 2).is_everywhere


@given(st.text("0123456789:-/[].udp", max_size=30))
def test_no_port_is_too_odd(text: str) -> None:
    assert len(ports_of(text)) <= 20


@pytest.mark.parametrize(
    ("written", "mount"),
    [
        ("/a/:/b:ro,z", Mount("/a", "/b", True, True, ("ro", "z"))),
        ("./a/../c:/b", Mount("c", "/b", True, False)),
        ("~/.ssh:/x", Mount("~/.ssh", "/x", True, False)),
        ("data:/b", Mount("data", "/b", False, False)),
        ("/b", Mount("", "/b", False, False)),
        ("C:\\data:/b:ro", Mount("C:\\data", "/b", True, True, ("ro",))),
        ("//etc:/b", Mount("/etc", "/b", True, False)),
        (7, None),
    ],
)
def test_mounts_are_read(written: Value, mount: Mount | None) -> None:
    assert mount_of(written) == mount


def test_a_mount_is_read_in_the_long_syntax() -> None:
    value = read(
        "type: bind\nsource: /a\ntarget: /b\nread_only: true\nbind: {propagation: shared}\n"
    )
    assert mount_of(value) == Mount("/a", "/b", True, True, ("shared",))


def test_services_are_merged_as_compose_does() -> None:
    below = read("command: [a]\nports: [1]\nenvironment: [A=1, B=2]\ndeploy: {x: {y: 1}}\nk: 1\n")
    above = read("command: [b]\nports: [2]\nenvironment: {B: 3}\ndeploy: {x: {z: 2}}\n")
    assert merged(below, above) == {
        "command": ["b"], "ports": [1, 2], "environment": {"A": "1", "B": 3},
        "deploy": {"x": {"y": 1, "z": 2}}, "k": 1,
    }  # fmt: skip
    assert below["ports"] == [1]


def test_tags() -> None:
    assert [tag_of(one) for one in ("a", "a:1", "h:5000/a", "h:5000/a:2@sha256:0")] == [
        "",
        "1",
        "",
        "2",
    ]
